"""Days, months and numbers of months as they may be written, and facts that are left out."""

import datetime as dt
from typing import Any, Final

import pytest
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from app.rules.facts.forms import read_day, read_money, read_month
from app.rules.facts.household import Assets, Crisis, Facts, Household, Member, Obligor, ParentClaim
from app.rules.values.strict_json import NotJson, parse_json

MEMBER: Final = {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02"}
OBLIGOR: Final = {"id": "o1", "of": ["p1"], "relation": "father", "birth_date": "1955-03-02"}
HOUSEHOLD: Final = {"residence": "urban", "members": [MEMBER]}
RECEIVING: Final = {"programme": "dibao"}
CRISIS: Final = {"kind": "emergency", "severity": "light"}
COMPONENT: Final = {"kind": "visual", "level": 1}


def _faults(model: type[Facts], value: dict[str, Any]) -> list[str]:
    """The kinds of the faults that are found."""
    try:
        model.model_validate(value)
    except ValidationError as error:
        return [fault["type"] for fault in error.errors()]
    return []


def test_a_day_is_year_month_and_day_and_nothing_else_that_iso_8601_has() -> None:
    assert read_day("2026-08-15") == dt.date(2026, 8, 15)
    for text in ("2026-W33-6", "20260815", "2026-227", "2026-8-015", "2026-08-15\n", "２０２６-08-15", "2026/08/15"):
        with pytest.raises(PydanticCustomError, match="written YYYY-MM-DD"):
            read_day(text)
    with pytest.raises(PydanticCustomError, match="no such day"):
        read_day("2026-02-30")
    with pytest.raises(PydanticCustomError, match="written YYYY-MM-DD"):
        read_day(20260815)


def test_a_month_is_kept_as_it_is_written() -> None:
    assert read_month("2026-07") == "2026-07"
    for value in ("2026-7", "2026-13", "202607", 202607):
        with pytest.raises(PydanticCustomError, match="written YYYY-MM"):
            read_month(value)


def test_an_amount_is_a_text_or_a_number_of_json() -> None:
    assert read_money("6.40") == read_money(parse_json(b"6.40")) == 640
    assert read_money(7) == 700
    others: tuple[object, ...] = (True, None, 6.4, [], {})
    for value in others:
        with pytest.raises(PydanticCustomError, match="a text or a number"):
            read_money(value)


@pytest.mark.parametrize("months", [1, 12, 18, 24])
def test_null_is_the_same_as_absent(months: int) -> None:
    member = MEMBER | {"income_months": months}
    assert Member.model_validate(member | {"employed": None}).employed is False
    assert Member.model_validate(member | {"employed": True}).employed is True
    assert Member.model_validate(member).income_months == months


def test_a_number_that_json_does_not_have_is_no_json() -> None:
    for text in (b"NaN", b"Infinity", b"-Infinity", b'{"a": NaN}'):
        with pytest.raises(NotJson):
            parse_json(text)


def test_figures_cover_one_to_twelve_eighteen_or_twenty_four_months() -> None:
    allowed = [months for months in range(-1, 30) if not _faults(Member, MEMBER | {"income_months": months})]
    assert allowed == [*range(1, 13), 18, 24]


@pytest.mark.parametrize(
    ("model", "others", "name", "item", "most"),
    [
        (Member, MEMBER, "child_of", "p2", 4),
        (Member, MEMBER, "disability", COMPONENT, 6),
        (Household, HOUSEHOLD, "members", MEMBER, 30),
        (Household, HOUSEHOLD, "obligors", OBLIGOR, 60),
        (Household, HOUSEHOLD, "receiving", RECEIVING, 200),
        (Obligor, OBLIGOR, "of", "p1", 30),
    ],
    ids=["parents", "components", "members", "obligors", "receiving", "owed to"],
)
def test_a_list_has_at_most_so_many(model: type[Facts], others: Any, name: str, item: Any, most: int) -> None:
    def faults(count: int) -> list[str]:
        items = [item] * count
        value = {"kind": "multiple", "level": 1, "components": items} if name == "disability" else items
        return _faults(model, others | {name: value})

    assert faults(most) == []
    assert faults(most + 1) == ["too_long"]


@pytest.mark.parametrize(
    ("model", "others", "name", "least", "most"),
    [
        (Member, MEMBER, "self_care_failed", 0, 6),
        (Assets, {}, "vehicles", 0, 1000),
        (Assets, {}, "dwellings", 0, 1000),
        (ParentClaim, {"state": "imprisoned"}, "term_months", 0, 1200),
        (Crisis, CRISIS, "persons", 1, 30),
    ],
)
def test_a_number_is_at_least_and_at_most(model: type[Facts], others: Any, name: str, least: int, most: int) -> None:
    def faults(number: int) -> list[str]:
        return _faults(model, others | {name: number})

    assert (faults(least), faults(most)) == ([], [])
    assert (faults(least - 1), faults(most + 1)) == (["greater_than_equal"], ["less_than_equal"])


def test_an_identifier_has_one_to_sixty_four_characters() -> None:
    assert _faults(Member, MEMBER | {"id": "a"}) == _faults(Member, MEMBER | {"id": "a" * 64}) == []
    assert _faults(Member, MEMBER | {"id": ""}) == ["string_too_short"]
    assert _faults(Member, MEMBER | {"id": "a" * 65}) == ["string_too_long"]


def test_a_key_left_out_of_the_assets_is_nothing() -> None:
    assets = Assets.model_validate({})
    assert (assets.financial, assets.vehicles, assets.dwellings, assets.company_interest) == (0, 0, 0, False)


def test_what_is_not_said_of_a_member_or_a_crisis_does_not_hold() -> None:
    member, crisis = Member.model_validate(MEMBER), Crisis.model_validate(CRISIS)
    flags = [member.dependent_adult, member.employed, member.serious_illness, member.special_hardship, crisis.urgent]
    assert flags == [False] * 5


def test_a_value_of_another_type_is_not_coerced() -> None:
    assert _faults(Member, MEMBER | {"employed": "true"}) == ["bool_type"]
    assert _faults(Assets, {"vehicles": "1"}) == ["int_type"]


def test_facts_that_have_been_read_do_not_change() -> None:
    member = Member.model_validate(MEMBER)
    with pytest.raises(ValidationError, match="frozen"):
        member.employed = True  # type: ignore[misc]
