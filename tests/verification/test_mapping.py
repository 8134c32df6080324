"""Mappings: faults with their line, gaps that are said, and nothing changed on the way there and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules.messages import FAULTS
from app.rules.packs.strict_yaml import PackError
from app.rules.values.strict_json import parse_json
from app.verification.exchange.errors import Malformed, OtherQuery, PlatformRefused
from app.verification.exchange.http import json_bytes
from app.verification.exchange.mapping.mapping import PLATFORMS, load_mapping, shipped_platforms
from app.verification.exchange.mapping.rows import queries_of_rows, report_of_rows
from app.verification.exchange.mapping.translate import Translator
from app.verification.exchange.protocol import Query, Report
from app.verification.registers.sources import shipped
from tests.support.verification.exchange import NOW, mappings, person, queries, query, report, reports, wage

TRANSLATORS = {name: Translator(mapping) for name, mapping in mappings().items()}
IN_ROWS = {name: Translator(mapping.in_rows()) for name, mapping in mappings().items()}
BY_NAME = pytest.mark.parametrize("name", TRANSLATORS)
PLAIN = TRANSLATORS["simulator"]


def as_sent(raw: Any) -> Any:
    """What arrives when something is sent as JSON."""
    return parse_json(json_bytes(raw))


# there and back


@BY_NAME
@given(one=reports())
def test_a_report_comes_back_as_it_was(name: str, one: Report) -> None:
    translator, about = TRANSLATORS[name], next(p for p in query().persons if p.ref == one.person)
    again = translator.report_in(as_sent(translator.report_out(one, about)), query(), NOW)
    assert again.digest == one.digest


@BY_NAME
@given(one=reports())
def test_a_report_comes_back_from_rows(name: str, one: Report) -> None:
    translator, about = IN_ROWS[name], next(p for p in query().persons if p.ref == one.person)
    rows = translator.report_rows(one, about)
    assert all(type(cell) is str for row in rows for cell in row.values())
    assert translator.report_in(report_of_rows(translator, rows), query(), NOW).digest == one.digest


@given(one=queries())
def test_a_query_comes_back_as_it_was(one: Query) -> None:
    assert PLAIN.query_in(as_sent(PLAIN.query_out(one)), NOW) == one


@given(one=queries())
def test_a_query_comes_back_from_rows(one: Query) -> None:
    (raw,) = queries_of_rows(IN_ROWS["simulator"], IN_ROWS["simulator"].query_rows(one))
    assert IN_ROWS["simulator"].query_in(raw, NOW) == one


def test_a_platform_that_knows_no_references_is_told_none() -> None:
    raw = TRANSLATORS["province"].query_out(query())
    assert set(raw) == {"hdbh", "abax6002", "abax9999", "rylb", "hdxm", "fssj"}
    assert raw["abax6002"] == "120"
    assert set(raw["rylb"][0]) == {"axdf0002", "axdf0004"}


def test_amounts_in_fen_and_dates_without_hyphens() -> None:
    raw = json.loads(json_bytes(TRANSLATORS["province"].report_out(report(), person())))
    assert raw["mxlb"][0]["mxz"] == 960000
    assert (raw["mxlb"][0]["qsny"], raw["sjrq"], raw["azzx0014"]) == ("202508", "20250615", "20260815103000")


# hostile and malformed answers


def plain(**changes: Any) -> dict[str, Any]:
    raw = PLAIN.report_out(report(), person())
    return {name: value for name, value in {**raw, **changes}.items() if value != "left out"}


def with_item(**changes: Any) -> dict[str, Any]:
    raw = plain()
    item = {name: value for name, value in {**raw["items"][0], **changes}.items() if value != "left out"}
    return {**raw, "items": [item]}


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        (None, "", "wrong_type"),
        ([], "", "wrong_type"),
        ({}, "/status", "required"),
        (plain(status="left out"), "/status", "required"),
        (plain(status=None), "/status", "required"),
        (plain(status="perhaps"), "/status", "not_allowed"),
        (plain(status=1), "/status", "wrong_type"),
        (plain(status="answered", remark="x"), "", "unknown_field"),
        (plain(source="horoscope"), "/source", "not_allowed"),
        (plain(source="vehicles"), "", "not_allowed"),
        (plain(person="p9"), "/person", "unknown_person"),
        (plain(items="none"), "/items", "wrong_type"),
        (plain(items=[]), "", "required"),
        (plain(items=["x"]), "/items/0", "wrong_type"),
        (plain(report_id="a b"), "/id", "wrong_form"),
        (plain(report_id="x" * 501), "/id", "too_long"),
        (plain(as_of="2026-02-30"), "/as_of", "date_format"),
        (plain(as_of="2026-08-16"), "", "in_the_future"),
        (plain(as_of="20260815"), "/as_of", "date_format"),
        (plain(reported_at="2026-08-15T10:00:00"), "/reported_at", "instant_format"),
        (plain(reported_at="2026-08-15"), "/reported_at", "instant_format"),
        (with_item(value="9,600.00"), "/items/0/value", "money_format"),
        (with_item(value="9600.001"), "/items/0/value", "money_format"),
        (with_item(value="-1.00"), "/items/0/value", "money_format"),
        (with_item(value="1e3"), "/items/0/value", "money_format"),
        (with_item(value="９６００"), "/items/0/value", "money_format"),
        (with_item(value=" 9600"), "/items/0/value", "money_format"),
        (with_item(value=9600), "/items/0/value", "wrong_type"),
        (with_item(value=None), "/items/0/value", "required"),
        (with_item(fact="luck"), "/items/0/fact", "not_allowed"),
        (with_item(first_month="left out"), "/items/0/first", "wrong_type"),
        (with_item(first_month="2026-13"), "/items/0/first", "month_format"),
        (with_item(first_month="2026-08", last_month="2026-07"), "/items/0", "out_of_range"),
        (with_item(first_month="left out", last_month="left out"), "/items/0", "required"),
        (with_item(matched_on="name"), "/items/0", "not_allowed"),
        (with_item(matched_on="name,shoe_size"), "/items/0/matched_on", "not_allowed"),
        (with_item(matched_on="left out"), "/items/0/matched_on", "required"),
    ],
)
def test_an_answer_that_is_not_as_agreed_is_malformed_at_its_place(raw: Any, pointer: str, code: str) -> None:
    with pytest.raises(Malformed) as caught:
        PLAIN.report_in(raw, query(), NOW)
    assert (pointer, code) in [(fault.pointer, fault.code) for fault in caught.value.faults]
    assert {fault.code for fault in caught.value.faults} <= set(FAULTS)


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(Malformed) as caught:
        PLAIN.report_in({**with_item(value="x"), "status": "perhaps", "as_of": "never"}, query(), NOW)
    assert len(caught.value.faults) == 3


def test_a_register_that_was_not_asked_is_not_heard() -> None:
    with pytest.raises(Malformed, match="/source not_allowed"):
        PLAIN.report_in(plain(), query(sources=("vehicles",)), NOW)


def test_a_report_on_another_query_is_told_apart() -> None:
    with pytest.raises(OtherQuery):
        PLAIN.report_in(plain(query_id="q-2"), query(), NOW)


def test_a_reference_and_a_number_of_two_people_name_nobody(tmp_path: Path) -> None:
    translator = Translator(
        changed(tmp_path, "id_number: unmapped # the reference says who is meant", "id_number: idn")
    )
    raw = translator.report_out(report(), person(0))
    assert translator.report_in(raw, query(), NOW).person == "p1"
    with pytest.raises(Malformed, match="/person unknown_person"):
        translator.report_in({**raw, "idn": person(1).id_number}, query(), NOW)


@settings(max_examples=300)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=30),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(sorted(plain())), inner, max_size=9)
        ),
        max_leaves=12,
    )
)
def test_whatever_is_said_is_a_report_or_malformed(raw: Any) -> None:
    with pytest.raises((Malformed, OtherQuery)):
        PLAIN.report_in(raw, query(), NOW)


def test_a_malformed_answer_says_nothing_of_anybody() -> None:
    about = person()
    raw = {**with_item(value=about.id_number), "status": about.name, about.name: about.id_number, "person": about.name}
    with pytest.raises(Malformed) as caught:
        PLAIN.report_in(raw, query(), NOW)
    said = f"{caught.value!r} {caught.value}"
    assert about.name not in said
    assert about.id_number not in said


# files


def changed(folder: Path, old: str, new: str, platform: str = "simulator") -> Any:
    """A shipped mapping with something else in it."""
    text = (PLATFORMS / f"{platform}.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / f"{platform}.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    return load_mapping(folder / f"{platform}.yaml")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("money: yuan", "money: dollars", "money"),
        ("money: yuan", "", "money"),
        ("money: yuan", "money: yuan\n  colour: red", "colour"),
        ("    id: query_id\n", "", "id in query"),
        ("    id: query_id\n", "    id: reference\n", "reference stands for two things"),
        ("    name: name\n", "    name: reference\n", "reference stands for two things"),
        ("    tax: tax\n", "    taxes: tax\n", "taxes is not one of"),
        ("    tax: tax\n", "", "tax has no code; say unmapped"),
        ("    tax: tax\n", "    tax: banks\n", "banks stands for two things"),
        ('"no": "no"', '"no": "yes"', "written the same"),
        ("submit: /queries", "submit: https://elsewhere/", "submit"),
        ("platform: simulator", "platform: other", "called other.yaml"),
        ("platform: simulator", "platform: simulator\nplatform: simulator", "duplicate key"),
        ("platform: simulator", "platform: simulator\nextends: nothing", "no mapping nothing"),
        ("platform: simulator", "platform: [", "simulator.yaml:"),
    ],
)
def test_a_faulty_mapping_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(PackError, match=message) as caught:
        changed(tmp_path, old, new)
    assert caught.value.file == "simulator.yaml"
    assert caught.value.line >= 1


def test_a_fault_stands_on_its_line(tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        changed(tmp_path, "    tax: tax\n", "    tax: banks\n")
    text = (tmp_path / "simulator.yaml").read_text(encoding="utf-8").splitlines()
    assert "banks: banks" in text[caught.value.line - 1]


def test_a_mapping_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(PackError):
        load_mapping(tmp_path / "nowhere.yaml")


def test_every_shipped_mapping_loads_and_the_ministrys_codes_are_not_whole() -> None:
    assert shipped_platforms() == ["minzheng", "simulator"]
    assert load_mapping("simulator").gaps == []
    ministry = load_mapping("minzheng")
    assert {"query.id", "report.status", "item.value", "codes.status.error"} <= set(ministry.gaps)
    with pytest.raises(PackError, match="needed for an exchange"):
        Translator(ministry)


def test_the_ministrys_codes_are_those_that_were_found_and_no_others() -> None:
    content = load_mapping("minzheng").content
    mapped = {their for section in content.fields.model_dump().values() for their in section.values()} - {"unmapped"}
    assert mapped == {"axdf0002", "axdf0004", "abax6002", "abax9999", "azzx0014"}
    assert set(content.codes.business.values()) == {"110", "120", "131", "132", "500", "600", "650", "660"}
    others = {code for table in content.codes.model_dump().values() for code in table.values()} - {"unmapped"}
    assert others == set(content.codes.business.values())


def test_a_register_without_code_cannot_be_asked(tmp_path: Path) -> None:
    translator = Translator(changed(tmp_path, "    deaths: deaths\n", "    deaths: unmapped\n"))
    assert not translator.mapping.can_ask("deaths")
    for ask in (translator.query_out, translator.query_rows):
        with pytest.raises(PlatformRefused):
            ask(query())
    assert translator.query_out(query(sources=tuple(s for s in shipped().sources if s != "deaths")))


@pytest.mark.parametrize(
    ("unit", "numbers", "written"),
    [
        ("yuan", "text", '"9600.05"'),
        ("yuan", "number", "9600.05"),
        ("fen", "number", "960005"),
        ("wan", "number", "0.960005"),
    ],
)
def test_amounts_keep_every_fen_in_every_unit(tmp_path: Path, unit: str, numbers: str, written: str) -> None:
    mapping = changed(tmp_path, "money: yuan\n  numbers: text", f"money: {unit}\n  numbers: {numbers}")
    translator = Translator(mapping)
    one = report(items=(wage(960_005),))
    body = json_bytes(translator.report_out(one, person()))
    assert f'"value":{written}'.encode() in body
    assert translator.report_in(parse_json(body), query(), NOW).digest == one.digest
