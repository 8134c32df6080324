"""What cannot be is a fault, what seldom is a warning in the answer, and neither changes a result."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import pytest

from app.decisions.stored_rules.recompute import question_of
from app.rules.messages import DOUBTS
from app.rules.packs.schema import Value
from app.rules.plausibility import IMPOSSIBLE, IMPROBABLE, bound
from app.rules.request_faults import FaultyRequest
from app.rules.values.strict_json import Json
from tests.support.client import changed, complete, example, places
from tests.support.rules import NOW, rules

BOUNDS: Final = (IMPROBABLE.supplied_most, IMPROBABLE.supplied_least)
MEMBER: Final = "/household/members"
DAYS: Final = [
    where
    for where, value in places(complete())
    if where.startswith("/household/") and isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d(-\d\d)?", value)
]


def answer(changes: Json, body: Json | None = None) -> Json:
    return rules().assess(changed(example() if body is None else body, changes), "zh", NOW)


def warned(changes: Json, body: Json | None = None) -> set[tuple[str, str]]:
    return {(one["pointer"], one["code"]) for one in answer(changes, body).get("warnings", [])}


def refused(changes: Json, body: Json | None = None) -> set[tuple[str, str]]:
    with pytest.raises(FaultyRequest) as refusal:
        answer(changes, body)
    return {(fault.pointer, fault.code) for fault in refusal.value.faults}


@pytest.mark.parametrize("where", DAYS)
def test_no_day_of_a_household_lies_beyond_a_life(where: str) -> None:
    """Made from the household in which every field has a value."""
    long_ago = "1084-01" if where.endswith("receiving/0/since") else "1084-01-01"
    assert (where, "too_long_ago") in refused({where: long_ago}, complete())


def test_there_are_days_to_try() -> None:
    assert len(DAYS) >= 7


def test_facts_on_record_are_read_as_they_were_taken() -> None:
    body = changed(example(), {f"{MEMBER}/0/birth_date": "1084-01-01"})
    record: Json = {
        "jurisdiction": body["jurisdiction"],
        "date": body["date"],
        "known_at": "2026-11-20T00:00:00+08:00",
        "recorded_at": "2026-11-20T00:00:00+08:00",
        "facts": {"household": body["household"], "programmes": None, "options": None},
    }
    assert question_of(rules(), record).request.household.members[0].birth_date.year == 1084


def test_what_contradicts_itself_is_a_fault() -> None:
    where = f"{MEMBER}/0/absent_since"
    assert refused({where: "1980-01-01", f"{MEMBER}/0/absence": "prison"}) == {(where, "before_birth")}
    received = [{"programme": "dibao", "since": "2026-09"}]
    assert refused({"/household/receiving": received}) == {("/household/receiving/0/since", "after_date")}
    obligor = complete()["household"]["obligors"][0] | {"of": ["p1"], "relation": "父\u202e亲"}
    assert refused({"/household/obligors": [obligor]}) == {("/household/obligors/0/relation", "wrong_form")}


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"/0/birth_date": "1910-03-02"}, "/0/birth_date", "very_old"),
        ({"/2/birth_date": "1975-05-05"}, "/2/birth_date", "close_to_parent"),
        ({"/2/birth_date": "1999-05-05"}, "/2/birth_date", "close_to_parent"),
        ({"/1/birth_date": "2011-05-05"}, "/1/birth_date", "very_young_spouse"),
        ({"/2/employed": True}, "/2/employed", "unusual_at_age"),
        ({"/2/education": "undergraduate"}, "/2/education", "unusual_at_age"),
        ({"/2/absence": "military_service"}, "/2/absence", "unusual_at_age"),
        ({"/2/income": {"pension": "100.00"}}, "/2/income/pension", "unusual_at_age"),
        ({"/0/income": {"wage": "9600000.00"}}, "/0/income/wage", "unlikely_amount"),
    ],
)
def test_what_seldom_is_gets_a_warning(changes: Json, pointer: str, code: str) -> None:
    found = warned({MEMBER + where: value for where, value in changes.items()})
    assert (MEMBER + pointer, code) in found


def test_what_happened_long_ago_gets_a_warning() -> None:
    crisis = {"kind": "emergency", "severity": "grave", "occurred_on": "1950-01-01"}
    assert warned({"/household/crisis": crisis}) == {("/household/crisis/occurred_on", "long_ago")}
    received = [{"programme": "dibao", "person": "p3", "since": "2014-01"}]
    assert warned({"/household/receiving": received}) == {("/household/receiving/0/since", "before_birth")}


@pytest.mark.parametrize(
    ("figures", "pointers"),
    [
        ({"dibao.standard": "11040"}, {"/dibao.standard"}),
        ({"dibao.standard": {"urban": "950", "rural": "11040"}}, {"/dibao.standard/rural"}),
        ({"dibao.standard": {"urban": "3900", "rural": "700"}}, {"/dibao.standard/urban"}),
        ({"dibao.standard": {"urban": "79"}}, {"/dibao.standard/urban"}),
        ({"disability.care": {"1": "1320"}}, {"/disability.care/level_1"}),
        ({"dibao.standard": {"urban": "950", "rural": "700"}}, set()),
        ({"dibao.counts.scholarship": True}, set()),
    ],
)
def test_a_figure_that_may_be_a_years_gets_a_warning(figures: Any, pointers: set[str]) -> None:
    found = warned({"/options": {"parameters": figures}})
    far = {pointer for pointer, code in found if code == "unlikely_figure"}
    assert far == {f"/options/parameters{where}" for where in pointers}


def test_of_every_figure_that_may_be_supplied_it_can_be_told_what_is_improbable() -> None:
    """By the bounds, or by the domain beyond which it is refused: nothing, or all, may be what a place prints."""
    declared = {id_: one for id_, one in rules().library.parameters.items() if one.supply and one.unit != "bool"}
    most, least = ({id_ for id_ in declared if bound(bounds, id_) is not None} for bounds in BOUNDS)
    unbounded = {id_ for id_, one in declared.items() if id_ not in most and one.at_most is None and not one.one_of}
    bottomless = {id_ for id_, one in declared.items() if id_ not in least and one.at_least is None and not one.one_of}
    assert (unbounded, bottomless) == (set(), set())
    assert len(declared) > 40


def test_every_bound_is_of_a_figure_and_within_what_is_taken() -> None:
    declared = rules().library.parameters
    for bounds in BOUNDS:
        for name in bounds:
            meant = [id_ for id_ in declared if bound({name: bounds[name]}, id_) is not None]
            assert meant, name
            assert any(declared[id_].unit != "bool" for id_ in meant), name
            own = [id_ for id_ in meant if declared[id_].unit != "bool"]
            allowed = [id_ for id_ in own if bound(bounds, id_) == Fraction(bounds[name])]
            assert all(declared[id_].allows(Fraction(bounds[name])) for id_ in allowed), name


def printed(value: Value) -> Iterator[Fraction]:
    """The figures of a value, a month's of a year's."""
    bands = [one for band in (value.bands or {}).values() for one in (band if isinstance(band, tuple) else (band,))]
    for one in (value.value, value.low, value.high, *(value.table or {}).values(), *bands):
        if one is not None and not isinstance(one, bool):
            yield Fraction(one) / (12 if value.per == "year" else 1)


def test_no_figure_that_is_published_is_improbable() -> None:
    """What places print, in the unit of the parameter, lies within the bounds by which supplied figures are told."""
    most, least = BOUNDS
    library = rules().library
    for code, parameters in library.values.items():
        for id_, values in parameters.items():
            for one in (number for linked in values for number in printed(linked.value)):
                highest, lowest = bound(most, id_), bound(least, id_)
                assert highest is None or one <= highest, (code, id_)
                assert lowest is None or one >= lowest, (code, id_)


@pytest.mark.parametrize(
    ("parameter", "figure", "unlikely"),
    [
        ("edge.multiple", "15", True),
        ("edge.multiple", "1.05", True),
        ("edge.multiple", "2", False),
        ("rigid.ratio", "50", True),
        ("rigid.ratio", "0.6", False),
        ("dibao.property.financial_months", "2", True),
        ("dibao.property.financial_months", "36", False),
        ("dibao.property.vehicles", "20", True),
        ("disposable_income", {"urban": "42000"}, True),
        ("disposable_income", {"urban": "3500"}, False),
        ("unattended_child.standard", "180", True),
    ],
)
def test_a_figure_of_another_kind_gets_a_warning(parameter: str, figure: Any, *, unlikely: bool) -> None:
    found = warned({"/jurisdiction": "610900", "/options": {"parameters": {parameter: figure}}})
    where = f"/options/parameters/{parameter}" + ("/urban" if isinstance(figure, dict) else "")
    assert ((where, "unlikely_figure") in found) is unlikely


# No month's standard is above 1650 yuan anywhere; a year's, from 2640, is a slip.
@pytest.mark.parametrize(("figure", "unlikely"), [("79.99", True), ("80", False), ("2500", False), ("2500.01", True)])
def test_a_figure_outside_the_bounds_gets_a_warning_where_nothing_is_published(figure: str, *, unlikely: bool) -> None:
    found = warned({"/jurisdiction": "610900", "/options": {"parameters": {"dibao.standard": figure}}})
    assert (("/options/parameters/dibao.standard", "unlikely_figure") in found) is unlikely


@pytest.mark.parametrize(
    ("figure", "replaces"), [({"urban": "920"}, False), ({"urban": "920", "rural": "800"}, True), ("920", True)]
)
def test_a_figure_in_place_of_another_published_one_gets_a_warning(figure: Any, replaces: bool) -> None:
    found = warned({"/options": {"parameters": {"dibao.standard": figure}}})
    expected = {("/options/parameters/dibao.standard", "replaces_published")}
    assert found == (expected if replaces else set())


def test_an_answer_without_doubts_has_no_warnings_and_one_with_them_the_same_results() -> None:
    plain = answer({})
    assert "warnings" not in plain
    doubtful = answer({f"{MEMBER}/2/education": "preschool"})
    assert [one["message"] for one in doubtful["warnings"]] == [DOUBTS["unusual_at_age"]["zh"]]
    assert doubtful["results"] == plain["results"]


def test_bounds_are_years_of_a_life() -> None:
    assert refused({f"{MEMBER}/0/birth_date": f"{2026 - IMPOSSIBLE.years_ago - 1}-12-31"})
    assert answer({f"{MEMBER}/0/birth_date": f"{2026 - IMPOSSIBLE.years_ago}-12-31"})
