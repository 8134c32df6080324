"""The second verifier accepts what is sound, names what is not, and agrees with the first one."""

from __future__ import annotations

import ast
import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.decisions.proofs.check import check_bundle, check_export
from app.decisions.proofs.findings import FINDINGS, WITH_DATABASE_OR_RULES, Finding
from app.rules.values.strict_json import NotJson, parse_json
from tests.support.decisions.bundles import COUNT, OTHER_SIZES, SIGNER, STRANGER, Export, make_bundle, record
from tests.support.decisions.tampering import BUNDLE, CHECKPOINT, EXPORT, PARTS
from tools.verify_log import Malformed, check, main, parse

SCRIPT: Final = Path(__file__).parent.parent.parent / "tools" / "verify_log.py"
KEY: Final = SIGNER.public_key
KEY_TEXT: Final = base64.b64encode(KEY).decode()


def agreed(path: Path, key: bytes | None = KEY) -> set[str]:
    """What the second verifier finds; it must be what the first one does, one by one and in the same words."""
    theirs = check(path, key).findings.items
    ours = check_export(path, key) if path.is_dir() else check_bundle(path.read_bytes(), key)
    assert [code for code, _ in theirs] == [finding.code for finding in ours]
    for (code, sentence), finding in zip(theirs, ours, strict=True):
        assert sentence == finding.message("en") or code in ("format", "key_not_pinned"), code
        assert finding.subject is None or code != "format" or same_place(sentence, finding)
    return {code for code, _ in theirs}


def same_place(sentence: str, finding: Finding) -> bool:
    """One of the two may point deeper into what is malformed."""
    ours, theirs = finding.subject or "", sentence.removesuffix(" is missing or not of the format")
    return ours.startswith(theirs.rstrip("/")) or theirs.startswith(ours.rstrip("/"))


def written(bundle: Any, folder: Path) -> Path:
    path = folder / "bundle.json"
    path.write_text(json.dumps(bundle), encoding="utf-8")
    return path


def test_it_is_independent() -> None:
    imported = set()
    for node in ast.walk(ast.parse(SCRIPT.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}


def test_sound_ones_pass(tmp_path: Path) -> None:
    assert agreed(written(make_bundle(tuple(range(COUNT))), tmp_path)) == set()
    (tmp_path / "export").mkdir()
    folder = Export().write(tmp_path / "export")
    assert agreed(folder) == set()
    assert agreed(folder, None) == {"key_not_pinned"}
    assert agreed(folder, STRANGER.public_key) == {"key"}


@pytest.mark.parametrize("count", OTHER_SIZES)
def test_sound_exports_of_other_sizes_pass(count: int, tmp_path: Path) -> None:
    assert agreed(Export(bodies=[record(number) for number in range(count)]).write(tmp_path)) == set()


@pytest.mark.parametrize("name", BUNDLE)
def test_a_tampered_bundle_is_found_out(name: str, tmp_path: Path) -> None:
    bundle = make_bundle()
    BUNDLE[name][0](bundle)
    assert agreed(written(bundle, tmp_path)) == BUNDLE[name][1]


@pytest.mark.parametrize("name", CHECKPOINT)
def test_a_tampered_checkpoint_is_found_out(name: str, tmp_path: Path) -> None:
    bundle, export = make_bundle(), Export()
    CHECKPOINT[name][0](bundle["checkpoint"])
    CHECKPOINT[name][0](export.checkpoints[2])
    (tmp_path / "export").mkdir()
    for path in (written(bundle, tmp_path), export.write(tmp_path / "export")):
        assert agreed(path)
        agreed(path, None)


@pytest.mark.parametrize("name", PARTS)
def test_a_tampered_ruleset_or_pack_is_found_out(name: str, tmp_path: Path) -> None:
    bundle, export = make_bundle(), Export()
    PARTS[name][0](bundle["rulesets"], bundle["packs"])
    PARTS[name][0](export.rulesets, export.packs)
    (tmp_path / "export").mkdir()
    assert agreed(written(bundle, tmp_path))
    assert agreed(export.write(tmp_path / "export")) == PARTS[name][1]


@pytest.mark.parametrize("name", EXPORT)
def test_a_tampered_export_is_found_out(name: str, tmp_path: Path) -> None:
    export = Export()
    EXPORT[name][0](export)
    assert agreed(export.write(tmp_path)) == EXPORT[name][1]


@given(data=st.data())
def test_one_altered_byte_is_found_out_by_both(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever byte of a bundle's file becomes whatever other, both refuse it or both read the same bundle in it."""
    text = bytearray(json.dumps(make_bundle((4,)), ensure_ascii=False).encode())
    text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "altered.json"
    path.write_bytes(text)
    if not agreed(path):
        assert json.loads(text.decode()) == make_bundle((4,))


@pytest.mark.parametrize("name", ["records.jsonl", "checkpoints.jsonl", "rulesets.jsonl", "packs.jsonl"])
def test_a_missing_file_is_named(name: str, tmp_path: Path) -> None:
    (Export().write(tmp_path) / name).unlink()
    assert "format" in agreed(tmp_path)


HOSTILE: Final = [
    b"",
    b"null",
    b"\xff\xfe",
    b"\xef\xbb\xbf{}",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"1" * 10_000,
    b"NaN",
    b"-Infinity",
    b"1e999999",
    b'{"a":1,"a":1}',
    b'"\\ud800"',
    b'{"\\udfff":1}',
    b'"\x01"',
    b"[" * 201 + b"]" * 201,
    b"[" * 202 + b"]" * 202,
    b'{"a":' * 200 + b"[]" + b"}" * 200,
    b'{"a":' * 201 + b"{}" + b"}" * 201,
    b"-0",
    b"01",
    b" [] ",
    b"[]x",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12].hex())
def test_both_read_the_same_json(text: bytes) -> None:
    assert _refused_by_second(text) == _refused_by_first(text)


@given(st.text(st.sampled_from('[]{}",:0123456789.eE-+truefalsn \\u\n\x00é😀'), max_size=12))
def test_both_read_the_same_short_json(text: str) -> None:
    assert _refused_by_second(text.encode()) == _refused_by_first(text.encode())


def _refused_by_first(text: bytes) -> bool:
    try:
        parse_json(text)
    except NotJson:
        return True
    return False


def _refused_by_second(text: bytes) -> bool:
    try:
        parse(text, "/")
    except Malformed:
        return True
    return False


# the command


def test_the_command_prints_a_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(make_bundle(), tmp_path)
    assert main([str(path), "--key", KEY_TEXT]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        f"latest checkpoint: log.example/999900, 13 records, 2026-11-03T08:15:30Z, key {SIGNER.key_id}",
        "records: 4, rulesets: 1, packs: 1",
        "sound",
    ]


def test_the_command_says_that_no_key_was_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(written(make_bundle(), tmp_path))]) == 0
    assert "note key_not_pinned: " in capsys.readouterr().out


def test_the_command_ends_with_one_for_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = make_bundle()
    bundle["records"][0]["index"] = 1
    assert main([str(written(bundle, tmp_path)), "--key", KEY_TEXT]) == 1
    out = capsys.readouterr().out
    assert "FAULT inclusion: record 1 " in out
    assert out.endswith("NOT SOUND: 1 fault\n")


@pytest.mark.parametrize("arguments", [["nowhere"], ["nowhere", "--key", "short"], []])
def test_the_command_ends_with_two_if_it_cannot_check(arguments: list[str], tmp_path: Path) -> None:
    run = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(SCRIPT), *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert run.stderr
    assert "Traceback" not in run.stderr


def test_the_script_runs_by_itself(tmp_path: Path) -> None:
    path = written(make_bundle(), tmp_path)
    command = [sys.executable, "-I", str(SCRIPT), str(path), "--key", KEY_TEXT]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603 - our own script
    assert (run.returncode, run.stderr) == (0, "")


def test_its_codes_are_those_of_the_service() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert [code for code in FINDINGS if f'"{code}"' not in text] == [
        code for code in FINDINGS if code in WITH_DATABASE_OR_RULES
    ]
