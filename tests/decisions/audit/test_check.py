"""Sound bundles and exports pass; whatever is tampered with is named."""

from __future__ import annotations

import json
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from app.decisions.proofs.check import check_bundle, check_export
from app.decisions.proofs.findings import FINDINGS, MOST_FINDINGS, NOTES, Finding
from app.decisions.proofs.formats import AuditBundle
from tests.support.decisions.bundles import (
    COUNT,
    OTHER_SIZES,
    PACK,
    RULESET,
    SIGNER,
    STRANGER,
    Export,
    make_bundle,
    record,
)
from tests.support.decisions.tampering import BUNDLE, CHECKPOINT, EXPORT, PARTS

KEY = SIGNER.public_key


def text_of(bundle: Any) -> bytes:
    return json.dumps(bundle).encode()


def codes(findings: list[Finding]) -> set[str]:
    return {finding.code for finding in findings}


def test_a_sound_bundle_passes() -> None:
    assert check_bundle(text_of(make_bundle(tuple(range(COUNT)))), KEY) == []
    assert check_bundle(AuditBundle.model_validate(make_bundle()), KEY) == []


def test_without_a_key_that_is_said_and_nothing_is_wrong() -> None:
    (note,) = check_bundle(text_of(make_bundle()), None)
    assert note == Finding("key_not_pinned", subject=SIGNER.key_id)
    assert not note.is_fault


def test_another_key_than_expected_is_named() -> None:
    assert codes(check_bundle(text_of(make_bundle()), STRANGER.public_key)) == {"key"}
    assert codes(check_bundle(text_of(make_bundle()), b"short")) == {"key"}


@pytest.mark.parametrize("name", BUNDLE)
def test_a_tampered_bundle_is_found_out(name: str) -> None:
    bundle = make_bundle()
    BUNDLE[name][0](bundle)
    assert codes(check_bundle(text_of(bundle), KEY)) == BUNDLE[name][1]


@pytest.mark.parametrize("name", CHECKPOINT)
def test_a_tampered_checkpoint_is_found_out(name: str) -> None:
    bundle = make_bundle()
    CHECKPOINT[name][0](bundle["checkpoint"])
    found = codes(check_bundle(text_of(bundle), KEY))
    assert found
    assert found <= CHECKPOINT[name][1]


@pytest.mark.parametrize("name", PARTS)
def test_a_tampered_ruleset_or_pack_is_found_out(name: str) -> None:
    bundle = make_bundle()
    PARTS[name][0](bundle["rulesets"], bundle["packs"])
    found = codes(check_bundle(text_of(bundle), KEY))
    assert found == ({"format"} if "format" in PARTS[name][1] else PARTS[name][1])


def test_findings_say_where() -> None:
    bundle = make_bundle()
    bundle["records"][1]["index"] = 5
    bundle["rulesets"][0]["content"] += " "
    bundle["packs"][0]["body"] += " "
    assert check_bundle(text_of(bundle), KEY) == [
        Finding("pack", subject=PACK),
        Finding("ruleset", subject=RULESET),
        Finding("inclusion", index=5),
    ]
    bundle["records"][1]["path"][2] = "no hash"
    assert check_bundle(text_of(bundle), KEY) == [Finding("format", subject="/records/1/path/2")]


@pytest.mark.parametrize(
    "text", [b"", b"null", b"[]", b"\xff", b"[" * 100_000, b"{" * 100_000, b'{"format":1}', b"NaN"]
)
def test_what_is_no_bundle_is_said_to_be_none(text: bytes) -> None:
    assert codes(check_bundle(text, KEY)) == {"format"}


# exports


@pytest.fixture
def export() -> Export:
    return Export()


def test_a_sound_export_passes(export: Export, tmp_path: Path) -> None:
    assert check_export(export.write(tmp_path), KEY) == []
    assert check_export(tmp_path, None) == [Finding("key_not_pinned", subject=SIGNER.key_id)]


@pytest.mark.parametrize("count", OTHER_SIZES)
def test_a_sound_export_of_another_size_passes(count: int, tmp_path: Path) -> None:
    export = Export(bodies=[record(number) for number in range(count)])
    assert check_export(export.write(tmp_path), KEY) == []


@pytest.mark.parametrize("name", EXPORT)
def test_a_tampered_export_is_found_out(name: str, export: Export, tmp_path: Path) -> None:
    EXPORT[name][0](export)
    assert codes(check_export(export.write(tmp_path), KEY)) == EXPORT[name][1]


@pytest.mark.parametrize("name", CHECKPOINT)
def test_a_tampered_checkpoint_of_an_export_is_found_out(name: str, export: Export, tmp_path: Path) -> None:
    CHECKPOINT[name][0](export.checkpoints[2])
    found = codes(check_export(export.write(tmp_path), KEY))
    assert found
    assert found <= CHECKPOINT[name][1]


@pytest.mark.parametrize("name", PARTS)
def test_a_tampered_ruleset_or_pack_of_an_export_is_found_out(name: str, export: Export, tmp_path: Path) -> None:
    PARTS[name][0](export.rulesets, export.packs)
    assert codes(check_export(export.write(tmp_path), KEY)) == PARTS[name][1]


@pytest.mark.parametrize("name", ["records.jsonl", "checkpoints.jsonl", "rulesets.jsonl", "packs.jsonl"])
def test_a_missing_file_is_named(name: str, export: Export, tmp_path: Path) -> None:
    (export.write(tmp_path) / name).unlink()
    assert Finding("format", subject=name) in check_export(tmp_path, KEY)


def test_findings_of_an_export_say_where(export: Export, tmp_path: Path) -> None:
    export.records[5], export.records[6] = export.records[6], export.records[5]
    assert check_export(export.write(tmp_path), KEY) == [
        Finding("missing_record", index=5),
        Finding("record_order", index=5, subject="records.jsonl:7"),
        *[Finding("checkpoint_consistency", size=size) for size in (8, 8, 13)],
    ]


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[int] = []
    export = Export(bodies=[record(number) for number in range(2100)])
    check_export(export.write(tmp_path), KEY, told.append)
    assert told == [1000, 2000, 2100]


def test_findings_without_end_are_cut_off(export: Export, tmp_path: Path) -> None:
    export.records += ["x"] * (MOST_FINDINGS + 5)
    found = check_export(export.write(tmp_path), KEY)
    assert len(found) == MOST_FINDINGS + 1
    assert found[-1] == Finding("too_many")


def test_every_finding_has_words_that_say_where() -> None:
    assert set(FINDINGS) >= NOTES
    for code, texts in FINDINGS.items():
        names = {
            language: {name for _, name, _, _ in Formatter().parse(text) if name} for language, text in texts.items()
        }
        assert names["zh"] == names["en"]
        assert names["en"] <= {"index", "size", "subject"}
        finding = Finding(code, index=3, size=9, subject="x")
        assert "{" not in finding.message("zh") + finding.message("en")
