"""Decisions computed again from what an auditor was given: their own bytes, or a finding, never a guess."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import orjson
import pytest

from app.core.canonical_json import canonical_plain, digest_of, digest_text
from app.decisions.proofs.findings import Finding, Report
from app.decisions.proofs.formats import AuditBundle, BundlePack, BundleRuleset
from app.decisions.proofs.recheck import Recheck
from app.decisions.proofs.verify import Checked, check_file, check_folder
from app.rules.values.strict_json import Json
from tests.support.decisions.bundles import SIGNER, STRANGER, checkpoint, leaves_of
from tests.support.decisions.recorded import AT, FAMILY, Recorded, bundle_of, recorded_decision, with_documents
from tests.support.rules import cases

LATE: Final = FAMILY | {"known_at": "2024-10-01T09:00:00+08:00"}
SHAOYANG: Final = FAMILY | {"jurisdiction": "430500", "date": "2020-08-15"}
FAULTS: Final = {"recomputation", "cannot_recompute"}


@pytest.fixture(scope="module")
def made() -> list[Recorded]:
    """Three decisions of two places, with two states of knowledge."""
    return [recorded_decision(request) for request in (FAMILY, LATE, SHAOYANG)]


def recheck_of(made: list[Recorded]) -> Recheck:
    packs = {pack.digest: pack.body for one in made for pack in one.packs}
    return Recheck(Report(), packs)


def codes(found: Checked | Recheck) -> list[tuple[str, int | None]]:
    findings = found.findings if isinstance(found, Checked) else found.report.findings
    return [(finding.code, finding.index) for finding in findings]


def body_of(record: Json) -> str:
    return canonical_plain(record).decode()


def test_sound_decisions_come_to_their_own_bytes(made: list[Recorded]) -> None:
    recheck = recheck_of(made)
    for index, one in enumerate(made):
        recheck.check(index, one.body)
    assert (codes(recheck), recheck.done) == ([], 3)


@pytest.mark.parametrize("case", cases()[1::6], ids=lambda case: case.get("name", ""))
def test_the_worked_out_cases_come_to_their_own_bytes(case: Json) -> None:
    one = recorded_decision(with_documents(case["request"]))
    recheck = recheck_of([one])
    recheck.check(0, one.body)
    assert (codes(recheck), recheck.done) == ([], 1)


def test_other_records_are_passed_over(made: list[Recorded]) -> None:
    recheck = recheck_of(made)
    for body in ("{", "[]", "null", '{"kind": "event"}', '{"kind": "confirmation"}'):
        recheck.check(0, body)
    assert (codes(recheck), recheck.done) == ([], 0)


def _results(record: Json) -> Json:
    dibao = next(r for r in record["results"]["results"] if r["programme"] == "dibao")
    found: Json = dibao
    return found


def _pay_more(record: Json) -> None:
    _results(record)["amount"]["figure"] = "9999.00"


def _refuse(record: Json) -> None:
    _results(record)["status"] = "ineligible"


def _forget_a_result(record: Json) -> None:
    record["results"]["results"].pop()


def _earn_more(record: Json) -> None:
    record["facts"]["household"]["members"][0]["income"]["wage"] = "601.00"


def _know_more(record: Json) -> None:
    record["known_at"] = LATE["known_at"]


def _name_nothing(record: Json) -> None:
    record["ruleset"] = "sha256:" + "0" * 64


def _other_engine(record: Json) -> None:
    record["engine"] = "2"


def _other_place(record: Json) -> None:
    record["jurisdiction"] = "810000"


def _no_facts(record: Json) -> None:
    del record["facts"]


def _faulty_facts(record: Json) -> None:
    record["facts"]["household"]["members"] = []


CHANGES: dict[str, tuple[Callable[[Json], None], str]] = {
    "another amount": (_pay_more, "recomputation"),
    "another status": (_refuse, "recomputation"),
    "a result left out": (_forget_a_result, "recomputation"),
    "other facts": (_earn_more, "recomputation"),
    "other knowledge, so other rules": (_know_more, "cannot_recompute"),
    "rules that are not there": (_name_nothing, "cannot_recompute"),
    "another engine": (_other_engine, "cannot_recompute"),
    "another place": (_other_place, "cannot_recompute"),
    "facts left out": (_no_facts, "cannot_recompute"),
    "facts nobody may have": (_faulty_facts, "cannot_recompute"),
}


@pytest.mark.parametrize(("change", "code"), CHANGES.values(), ids=CHANGES)
def test_a_changed_record_is_found_even_if_it_was_signed(
    made: list[Recorded], tmp_path: Path, change: Callable[[Json], None], code: str
) -> None:
    record = orjson.loads(made[0].body)
    change(record)
    bodies = [body_of(record), made[1].body, made[2].body]
    path = tmp_path / "bundle.json"
    path.write_text(bundle_of(*made, bodies=bodies).model_dump_json(), encoding="utf-8")
    checked = check_file(path, SIGNER.public_key)
    assert [found for found in codes(checked) if found[0] in FAULTS] == [(code, 0)]
    assert not checked.sound
    assert checked.recomputed == 3


def test_a_text_that_is_not_canonical_is_not_what_comes_out(made: list[Recorded]) -> None:
    recheck = recheck_of(made)
    recheck.check(0, json.dumps(json.loads(made[0].body), ensure_ascii=False))
    assert codes(recheck) == [("recomputation", 0)]


# changed packs


def repacked(one: Recorded, old: str, new: str) -> Recorded:
    """The same record with the text of its city's pack changed and everything that names the pack following."""
    *above, city = one.packs
    assert old in city.body
    body = city.body.replace(old, new)
    changed = BundlePack(digest=digest_text(digest_of(body.encode())), body=body)
    packs = [*above, changed]
    digests = [pack.digest for pack in packs]
    ruleset = BundleRuleset(hash=one.ruleset.hash, content=one.ruleset.content, packs=digests)
    return Recorded(one.record | {"packs": digests}, one.question, ruleset, packs)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value: 800, document", "value: 801, document"),
        ("urban", "nowhere"),
        ("division: ", "di vision: "),
    ],
    ids=["another figure", "a pack that cannot be linked", "a pack that cannot be read"],
)
def test_rules_from_a_changed_pack_are_not_the_rules_that_were_named(made: list[Recorded], old: str, new: str) -> None:
    one = repacked(made[0], old, new)
    recheck = recheck_of([one])
    recheck.check(7, one.body)
    assert codes(recheck) == [("cannot_recompute", 7)]
    assert recheck.report.findings[0].subject == one.record["id"]


def test_a_comment_in_a_pack_changes_no_rule(made: list[Recorded]) -> None:
    one = repacked(made[0], "# 示例市", "# 注释：示例市")
    recheck = recheck_of([one])
    recheck.check(0, one.body)
    assert codes(recheck) == []


def test_rules_whose_pack_is_missing_are_not_guessed(made: list[Recorded]) -> None:
    recheck = Recheck(Report(), {})
    recheck.check(0, made[0].body)
    assert codes(recheck) == [("cannot_recompute", 0)]


# files and folders


@pytest.fixture
def bundle(made: list[Recorded]) -> AuditBundle:
    return bundle_of(*made)


@pytest.fixture
def folder(made: list[Recorded], bundle: AuditBundle, tmp_path: Path) -> Path:
    """A sound export."""
    leaves = leaves_of([one.body for one in made])
    lines = {
        "checkpoints": [checkpoint(leaves[:size]) for size in (1, 3)],
        "records": [{"index": index, "body": one.body} for index, one in enumerate(made)],
        "rulesets": [part.model_dump() for part in bundle.rulesets],
        "packs": [part.model_dump() for part in bundle.packs],
    }
    for name, parts in lines.items():
        (tmp_path / f"{name}.jsonl").write_bytes(b"".join(orjson.dumps(part) + b"\n" for part in parts))
    return tmp_path


def written(bundle: AuditBundle, tmp_path: Path) -> Path:
    path = tmp_path / "bundle.json"
    path.write_text(bundle.model_dump_json(), encoding="utf-8")
    return path


def test_a_sound_bundle_is_proved_and_computed_again(bundle: AuditBundle, tmp_path: Path) -> None:
    checked = check_file(written(bundle, tmp_path), SIGNER.public_key)
    assert (checked.findings, checked.recomputed, checked.sound) == ([], 3, True)


def test_without_computing_again_only_the_proofs_are_checked(bundle: AuditBundle, folder: Path, tmp_path: Path) -> None:
    for checked in (
        check_file(written(bundle, tmp_path), SIGNER.public_key, recompute=False),
        check_folder(folder, SIGNER.public_key, recompute=False),
    ):
        assert (checked.findings, checked.recomputed) == ([], 0)


def test_without_a_key_that_is_noted_and_nothing_is_wrong(bundle: AuditBundle, tmp_path: Path) -> None:
    checked = check_file(written(bundle, tmp_path), None)
    assert [finding.code for finding in checked.findings] == ["key_not_pinned"]
    assert checked.sound


def test_another_key_is_a_fault(bundle: AuditBundle, folder: Path, tmp_path: Path) -> None:
    for checked in (
        check_file(written(bundle, tmp_path), STRANGER.public_key),
        check_folder(folder, STRANGER.public_key),
    ):
        assert {finding.code for finding in checked.findings} == {"key"}
        assert not checked.sound


def test_a_file_that_is_no_bundle_is_not_of_the_format(tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"
    path.write_text("{", encoding="utf-8")
    assert check_file(path, None) == Checked([Finding("format", subject="/")], 0)


def test_a_sound_export_is_proved_and_computed_again(folder: Path) -> None:
    checked = check_folder(folder, SIGNER.public_key)
    assert (checked.findings, checked.recomputed, checked.sound) == ([], 3, True)


def test_an_export_with_a_changed_record_is_found_by_proof_and_by_computing(folder: Path) -> None:
    path = folder / "records.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("600.00", "500.00", 1), encoding="utf-8")
    found = {finding.code for finding in check_folder(folder, SIGNER.public_key).findings}
    assert found == {"checkpoint_consistency", "recomputation"}


def test_an_export_without_its_packs_cannot_be_computed(folder: Path) -> None:
    (folder / "packs.jsonl").unlink()
    checked = check_folder(folder, SIGNER.public_key)
    assert {("format", None), ("cannot_recompute", 0), ("cannot_recompute", 2)} <= set(codes(checked))


def test_a_note_is_no_fault() -> None:
    assert Checked([Finding("key_not_pinned")], 0).sound
    assert not Checked([Finding("key_not_pinned"), Finding("inclusion", index=0)], 0).sound


def test_the_day_of_recording_is_not_part_of_what_is_computed() -> None:
    """Computed again, a decision is the same whenever it was put on record."""
    early, late = (recorded_decision(FAMILY, at) for at in (AT, AT + dt.timedelta(days=400)))
    assert early.record["results"] == late.record["results"]
