"""doudi audit: what an auditor takes away and checks, in words and as JSON, and how each command ends."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner, Result

from app.cli.main import app as command_line
from app.cli.terminal import console
from app.decisions.proofs.checkpoints import Signer
from app.rules.history import RulesHistory
from app.rules.values.strict_json import Json
from app.settings import Settings, log_key
from app.storage import Storage
from tests.conftest import FOLDER
from tests.support.callers import DECIDER, OFFICER
from tests.support.decisions.bundles import STRANGER
from tests.support.decisions.recorded import FAMILY
from tests.support.rules import rules

WORDS: Final = {"zh": ("无误", "有问题", "重新计算的认定: 3"), "en": ("sound", "not sound", "computed again: 3")}


@dataclass(frozen=True)
class Made:
    """A data folder with three decisions and a confirmation, and what an auditor takes away."""

    data: Path
    ids: list[str]
    key: str
    bundle: Path
    export: Path


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows in one line, no colours, the language the service falls back to, no settings of the machine's own."""
    monkeypatch.setattr(console, "width", 400)
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("LANG", "C")
    for name in ("DATABASE_URL", "DOUDI_DATA", "DOUDI_ORIGIN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def made() -> Iterator[Made]:
    folder = Path(tempfile.mkdtemp(dir=os.environ[FOLDER]))
    folder.chmod(0o711)
    data = folder / "data"
    ids = asyncio.run(_decide(data))
    key = base64.b64encode(Signer.load_or_create(log_key(data)).public_key).decode()
    bundle, export = folder / "bundle.json", folder / "export"
    bundle.write_text(run("audit", "bundle", ids[0], "--data", str(data)).stdout, encoding="utf-8")
    run("audit", "export", str(export), "--data", str(data))
    yield Made(data, ids, key, bundle, export)
    shutil.rmtree(folder)


def settings(data: Path) -> Settings:
    return Settings(data=data, database_url=None, fsync=False)


async def _decide(data: Path) -> list[str]:
    storage = await Storage.open(settings(data), RulesHistory(rules()))
    try:
        ids = []
        for number in range(3):
            written, _ = await storage.decisions.propose(OFFICER, FAMILY | {"case": f"C-{number}"}, f"key-{number}")
            ids.append(written.id)
        await storage.decisions.confirm(DECIDER, ids[0], {"by": "officer-7"}, "confirmed")
    finally:
        await storage.close()
    return [str(id_) for id_ in ids]


def run(*words: str) -> Result:
    return CliRunner().invoke(command_line, list(words))


def good(*words: str) -> str:
    """What a command that must succeed prints."""
    result = run(*words)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return result.stdout


def ended(code: int, *words: str) -> Result:
    """A command that must end with a code, without a traceback."""
    result = run(*words)
    assert result.exit_code == code, result.output
    assert isinstance(result.exception, SystemExit)
    return result


def verified(*words: str, code: int = 0) -> Json:
    result = run("audit", "verify", *words, "--json")
    assert result.exit_code == code, result.output
    found: Json = json.loads(result.stdout)
    return found


def codes(found: Json) -> set[str]:
    return {finding["code"] for finding in found["findings"]}


# key


def test_key_prints_the_public_key_of_the_log(made: Made) -> None:
    assert good("audit", "key", "--data", str(made.data)) == made.key + "\n"
    assert len(base64.b64decode(made.key)) == 32


@pytest.mark.parametrize("words", [("key",), ("check",), ("bundle", "0198f000-0000-7000-8000-000000000001")])
def test_a_folder_without_a_log_is_said_and_nothing_is_made_there(tmp_path: Path, words: tuple[str, ...]) -> None:
    result = ended(1, "audit", *words, "--data", str(tmp_path))
    assert "这里没有日志" in result.stderr
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_an_export_of_no_log_writes_nothing(tmp_path: Path) -> None:
    ended(1, "audit", "export", str(tmp_path / "export"), "--data", str(tmp_path / "data"))
    assert list(tmp_path.iterdir()) == []


# bundle and export


def test_a_bundle_has_all_about_one_decision(made: Made) -> None:
    bundle = json.loads(made.bundle.read_text(encoding="utf-8"))
    bodies = [json.loads(record["body"]) for record in bundle["records"]]
    assert [(body["kind"], body["decision"]) for body in bodies] == [
        ("decision", made.ids[0]),
        ("confirmation", made.ids[0]),
    ]
    assert [record["index"] for record in bundle["records"]] == [0, 3]


@pytest.mark.parametrize(
    "id_", ["0198f000-0000-7000-8000-000000000001", "b5e6e6b4-3d7f-4f7e-9b43-6a4c3f1a7a11", "nonsense"]
)
def test_no_bundle_is_made_of_a_decision_that_is_not_there(made: Made, id_: str) -> None:
    result = ended(1, "audit", "bundle", id_, "--data", str(made.data))
    assert "认定" in result.stderr
    assert result.stdout == ""


def test_an_export_has_every_record_and_says_how_many(made: Made, tmp_path: Path) -> None:
    said = good("audit", "export", str(tmp_path / "a" / "export"), "--data", str(made.data))
    assert said.startswith("4 条记录 → ")
    for name in ("checkpoints", "records", "rulesets", "packs"):
        file = f"{name}.jsonl"
        assert (tmp_path / "a" / "export" / file).read_bytes() == (made.export / file).read_bytes()
    assert len((made.export / "records.jsonl").read_bytes().splitlines()) == 4


# verify


@pytest.mark.parametrize("language", WORDS)
def test_a_sound_export_is_said_to_be(made: Made, language: str) -> None:
    sound, _, recomputed = WORDS[language]
    said = good("audit", "verify", str(made.export), "--key", made.key, "--lang", language).splitlines()
    assert recomputed in said[-2]
    assert said[-1] == sound
    assert len(said) == 2


def test_a_sound_bundle_as_json_has_no_findings(made: Made) -> None:
    found = verified(str(made.bundle), "--key", made.key)
    assert found == {"sound": True, "recomputed": 1, "findings": []}


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "公钥取自文件本身"), ("en", "the public key is the file's own")]
)
def test_without_a_key_that_is_noted(made: Made, language: str, words: str) -> None:
    said = good("audit", "verify", str(made.bundle), "--lang", language)
    assert said.startswith("key_not_pinned: ")
    assert words in said
    assert said.splitlines()[-1] == WORDS[language][0]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    result = CliRunner().invoke(command_line, ["audit", "verify", str(tmp_path / "pipe")])
    assert result.exit_code == 2


def test_nothing_is_computed_if_that_is_not_wanted(made: Made) -> None:
    for path in (made.bundle, made.export):
        assert verified(str(path), "--key", made.key, "--no-recompute") == {
            "sound": True,
            "recomputed": 0,
            "findings": [],
        }


@pytest.mark.parametrize("language", WORDS)
def test_another_key_ends_with_one(made: Made, language: str) -> None:
    other = base64.b64encode(STRANGER.public_key).decode()
    for path in (made.bundle, made.export):
        result = ended(1, "audit", "verify", str(path), "--key", other, "--lang", language)
        assert result.stdout.startswith("key: ")
        assert result.stdout.splitlines()[-1] == WORDS[language][1]


def test_a_tampered_bundle_ends_with_one_and_names_the_record(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"
    text = made.bundle.read_text(encoding="utf-8")
    assert text.count("600.00") >= 1
    path.write_text(text.replace("600.00", "100.00", 1), encoding="utf-8")
    found = verified(str(path), "--key", made.key, code=1)
    assert (found["sound"], codes(found)) == (False, {"inclusion", "recomputation"})
    assert {finding["index"] for finding in found["findings"]} == {0}
    assert all(finding["message"] for finding in found["findings"])


def test_a_tampered_export_ends_with_one(made: Made, tmp_path: Path) -> None:
    folder = shutil.copytree(made.export, tmp_path / "export")
    lines = (folder / "records.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "records.jsonl").write_bytes(b"".join(lines[:-1]))
    assert "missing_record" in codes(verified(str(folder), "--key", made.key, code=1))


def test_a_file_of_another_kind_ends_with_one(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"
    path.write_text("not a bundle", encoding="utf-8")
    assert codes(verified(str(path), "--key", made.key, code=1)) == {"format"}


def test_a_file_that_is_not_there_ends_with_two(tmp_path: Path) -> None:
    result = ended(2, "audit", "verify", str(tmp_path / "bundle.json"))
    assert str(tmp_path / "bundle.json") in result.stderr
    assert result.stdout == ""


def test_a_key_that_is_no_base64_ends_with_two(made: Made) -> None:
    result = ended(2, "audit", "verify", str(made.bundle), "--key", "*")
    assert "--key" in result.stderr
    assert result.stdout == ""


# check


@pytest.mark.parametrize("language", WORDS)
def test_a_sound_database_is_said_to_be(made: Made, language: str) -> None:
    sound, _, recomputed = WORDS[language]
    said = good("audit", "check", "--data", str(made.data), "--lang", language)
    assert recomputed in said
    assert said.splitlines()[-1] == sound


def test_check_as_json_computes_or_does_not(made: Made) -> None:
    for words, recomputed in (((), 3), (("--no-recompute",), 0)):
        found = json.loads(good("audit", "check", "--data", str(made.data), "--json", *words))
        assert found == {"sound": True, "recomputed": recomputed, "findings": []}


def test_a_database_signed_with_another_key_ends_with_one(made: Made) -> None:
    own = log_key(made.data)
    kept = own.rename(own.with_suffix(".kept"))
    Signer.load_or_create(own)
    try:
        result = ended(1, "audit", "check", "--data", str(made.data), "--json")
    finally:
        kept.replace(own)
    assert codes(json.loads(result.stdout)) >= {"key"}


def test_everything_works_while_a_service_holds_the_data_folder(made: Made, tmp_path: Path) -> None:
    async def while_open() -> list[Result]:
        storage = await Storage.open(settings(made.data), RulesHistory(rules()))
        try:
            commands = (
                ("key",),
                ("bundle", made.ids[1]),
                ("export", str(tmp_path / "export")),
                ("check", "--json"),
            )
            found = [await asyncio.to_thread(run, "audit", *words, "--data", str(made.data)) for words in commands]
            assert await storage.database.ready()  # the auditor did not take the server down
            return found
        finally:
            await storage.close()

    results = asyncio.run(while_open())
    assert [result.exit_code for result in results] == [0] * 4, [result.output for result in results]
    assert json.loads(results[3].stdout)["sound"]
    assert (tmp_path / "export" / "records.jsonl").read_bytes() == (made.export / "records.jsonl").read_bytes()
