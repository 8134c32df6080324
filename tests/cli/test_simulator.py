"""`doudi verification-simulator` refuses what it cannot be, with the reason and without starting."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import app

REFUSED = 1
UNREADABLE = 2


def run(*options: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["verification-simulator", "--people", "0", *options])
    return done.exit_code, " ".join(done.output.split())


@pytest.mark.parametrize(
    "option",
    [("--errors", "1.5"), ("--late", "-0.1"), ("--people", "-1"), ("--latency", "99999"), ("--as-of", "yesterday")],
)
def test_a_share_a_number_or_a_day_that_is_none(option: tuple[str, str]) -> None:
    code, said = run(*option)
    assert code == UNREADABLE
    assert option[0] in said


def test_a_key_that_others_may_read(tmp_path: Path) -> None:
    key = tmp_path / "shared.key"
    key.write_text("0" * 64)
    key.chmod(0o644)
    code, said = run("--callback-key", str(key))
    assert code == REFUSED
    assert "chmod 600" in said
    assert "0" * 64 not in said


def test_a_script_with_a_fault_is_refused_with_its_line(tmp_path: Path) -> None:
    script = tmp_path / "script.yaml"
    script.write_text("behaviour: {}\nmood: bad\n")
    code, said = run("--script", str(script))
    assert code == REFUSED
    assert "script.yaml:2:" in said


def test_a_mapping_that_is_not_whole() -> None:
    path = Path(__file__).parents[2] / "app" / "verification" / "exchange" / "mapping" / "platforms" / "minzheng.yaml"
    code, said = run("--platform", str(path))
    assert code == REFUSED
    assert "not mapped" in said


def test_an_address_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, _ = run("--port", str(taken.getsockname()[1]), "--callback-key", str(tmp_path / "shared.key"))
    assert code == REFUSED
    assert (tmp_path / "shared.key").stat().st_mode & 0o077 == 0
