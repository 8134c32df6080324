"""Gaps with their leads, and figures that count only for a caller who accepts what is reported."""

import re
from fractions import Fraction
from typing import Any, Final

import pytest

from app.rules.packs.leads import LinkedLead
from app.rules.packs.schema import Value
from tests.support.rules import ask, by_key, rules

ALONE: Final[dict[str, Any]] = {
    "residence": "urban",
    "members": [{"id": "a", "relation": "applicant", "birth_date": "1980-01-01", "income": {}}],
    "assets": {},
    "spending": {},
    "obligors": [],
}
NANJING: Final[dict[str, Any]] = {"jurisdiction": "320100", "date": "2026-08-15", "household": ALONE}


def dibao(options: dict[str, Any] | None = None, **changed: Any) -> Any:
    return by_key(ask(NANJING | {"options": options or {}} | changed, "en"))["dibao", None]


def leads_of(result: Any, parameter: str) -> list[Any]:
    (detail,) = [one for one in result["gap_details"] if one["parameter"] == parameter]
    return list(detail["leads"])


def test_a_gap_names_its_leads_with_source_sentence_grade_and_day() -> None:
    found = {(one["key"], one["value"], one["grade"], one["as_of"]) for one in leads_of(dibao(), "dibao.standard")}
    assert found == {
        ("rural", "1152.00", "B", "2026-07-01"),
        ("urban", "1152.00", "B", "2026-07-01"),
        ("urban", "1115.00", "C", "2025-07-01"),
    }


def test_every_gap_has_its_title_whether_there_are_leads_or_not() -> None:
    result = dibao()
    assert [one["parameter"] for one in result["gap_details"]] == list(result["gaps"])
    assert all(one["title"] for one in result["gap_details"])


def test_a_reported_figure_decides_nothing_unless_it_is_accepted() -> None:
    assert dibao()["amount"]["value"] is None
    accepted = dibao({"accept_reported": True})
    assert (accepted["status"], accepted["amount"]["value"]) == ("eligible", "1152.00")
    assert "dibao.standard" not in accepted["gaps"]
    (note,) = [note for note in accepted["assumptions"] if note["id"] == "dibao.standard"]
    assert note["kind"] == "reported"
    assert "Nanjing" in note["message"]


def test_a_reported_figure_counts_from_its_first_day_and_its_publication() -> None:
    assert "dibao.standard" in dibao({"accept_reported": True}, date="2026-06-30")["gaps"]
    assert "dibao.standard" in dibao({"accept_reported": True}, known_at="2026-06-25")["gaps"]


def test_what_an_officer_types_in_goes_before_a_reported_figure() -> None:
    typed = dibao({"accept_reported": True, "parameters": {"dibao.standard": {"urban": "1200"}}})
    assert typed["amount"]["value"] == "1200.00"


def test_what_is_published_goes_before_a_reported_figure() -> None:
    disabled = ALONE["members"][0] | {"disability": {"kind": "visual", "level": 1}}
    request = {"jurisdiction": "442000", "date": "2020-06-15", "household": ALONE | {"members": [disabled]}}
    answers = [ask(request | {"options": {"accept_reported": accepted}}) for accepted in (False, True)]
    assert answers[0] == answers[1]


def test_a_place_with_leads_alone_has_the_hash_of_the_nation() -> None:
    one, other = (ask(NANJING | {"jurisdiction": code})["ruleset"] for code in ("220400", "610900"))
    assert one == other


def figures() -> list[Any]:
    library = rules().library
    return [
        pytest.param(lead, id=f"{code} {lead.parameter} {number}")
        for code in library.packs
        for leads in library.leads[code].values()
        for number, lead in enumerate(leads)
        if isinstance(lead.printed, Fraction)
    ]


@pytest.mark.parametrize("lead", figures())
def test_a_figure_stands_in_its_sentence(lead: LinkedLead) -> None:
    assert lead.quote is not None
    assert lead.printed in printed_in(lead.quote)


def with_quotes() -> list[Any]:
    """The values that count of every pack that gives the sentence of one."""
    library = rules().library
    return [
        pytest.param(value.value, id=f"{code} {value.parameter} {value.key} {value.number}")
        for code in library.packs
        for given in [[value for values in library.values[code].values() for value in values]]
        if any(value.value.quote for value in given)
        for value in given
    ]


@pytest.mark.parametrize("value", with_quotes())
def test_a_figure_that_counts_stands_in_its_sentence(value: Value) -> None:
    assert value.quote is not None
    figures = [value.value, *(value.bands or {}).values()]
    printed = printed_in(value.quote)
    assert [figure for figure in figures if type(figure) is Fraction and figure not in printed] == []


def printed_in(quote: str) -> set[Fraction]:
    """The numbers of a sentence: as they stand, as per cent, and for "N周岁及以下" the age below which it holds."""
    text = quote.replace(",", "")
    found = {Fraction(number) for number in re.findall(r"\d+(?:\.\d+)?", text)}
    found |= {Fraction(number) / 100 for number in re.findall(r"(\d+(?:\.\d+)?)%", text)}
    return found | {Fraction(age) + 1 for age in re.findall(r"(\d+)周岁及以下", text)}
