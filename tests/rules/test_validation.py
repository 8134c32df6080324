"""Every fault of a request body, with its JSON Pointer and its code."""

import datetime as dt
from typing import Any, Final

import pytest

from app.rules.facts.household import MAX_MEMBERS
from app.rules.facts.request import china_day
from app.rules.request_faults import FaultyRequest, TooManyMembers, pointer
from app.rules.validation import is_too_far_ahead, read_request
from app.rules.values.strict_json import Json
from tests.rules.engine.open_people import clergy
from tests.support.rules import NOW, ask, rules


def test_the_last_day_that_may_be_asked_for_is_answered_and_the_next_is_not() -> None:
    request = clergy("2000-01-01")
    last = china_day(NOW).replace(year=NOW.year + 10)
    assert ask(request | {"date": last.isoformat()})["results"]
    with pytest.raises(FaultyRequest) as refusal:
        ask(request | {"date": (last + dt.timedelta(1)).isoformat()})
    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [("/date", "too_far_ahead")]


TODAY: Final = dt.date(2026, 8, 15)
SOMEBODY: Final = {"relation": "sibling", "birth_date": "1984-03-02"}
APPLICANT: Final = {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02"}
CHILD: Final = {"id": "p2", "relation": "child", "birth_date": "2012-03-02"}
OBLIGOR: Final = {"id": "o1", "of": ["p1"], "relation": "son", "birth_date": "1990-01-01"}
MEMBERS: Final = "/household/members"


def _read(
    *members: Json, date: str | None = None, options: Json | None = None, **household: Any
) -> set[tuple[str, str]]:
    """The faults of a request."""
    people = [APPLICANT, *members]
    raw: Json = {"jurisdiction": "999900", "household": {"residence": "urban", "members": people} | household}
    raw |= {"date": date, "options": options}
    try:
        read_request(raw, rules().library, TODAY)
    except FaultyRequest as faulty:
        return {(fault.pointer, fault.code) for fault in faulty.faults}
    return set()


def _claim(since: str) -> Json:
    parents = {"father": {"state": "deceased"}, "mother": {"state": "imprisoned", "since": since}}
    return CHILD | {"parents": parents}


def _disabled(kind: str, level: int, part: int) -> Json:
    return CHILD | {"disability": {"kind": kind, "level": level, "components": [{"kind": "visual", "level": part}]}}


@pytest.mark.parametrize(
    ("member", "faults"),
    [
        (CHILD, set()),
        (CHILD | {"relation": "spouse"}, set()),
        (CHILD | {"id": "p1"}, {(f"{MEMBERS}/1/id", "duplicate_id")}),
        (CHILD | {"relation": "applicant"}, {(f"{MEMBERS}/1/relation", "two_applicants")}),
        (CHILD | {"birth_date": "2026-08-15"}, set()),
        (CHILD | {"birth_date": "2026-08-16"}, {(f"{MEMBERS}/1/birth_date", "after_date")}),
        (CHILD | {"absent_since": "2026-08-15"}, set()),
        (CHILD | {"absent_since": "2026-08-16"}, {(f"{MEMBERS}/1/absent_since", "after_date")}),
        (CHILD | {"spouse_of": "p9"}, {(f"{MEMBERS}/1/spouse_of", "unknown_person")}),
        (CHILD | {"child_of": ["p1", "p9"]}, {(f"{MEMBERS}/1/child_of/1", "unknown_person")}),
        (_claim("2026-08-15"), set()),
        (_claim("2026-08-16"), {(f"{MEMBERS}/1/parents/mother/since", "after_date")}),
        (_disabled("multiple", 2, 2), set()),
        (_disabled("multiple", 2, 1), {(f"{MEMBERS}/1/disability/components/0/level", "component_more_severe")}),
        (_disabled("visual", 2, 2), {(f"{MEMBERS}/1/disability/components", "components_of_single_kind")}),
    ],
)
def test_a_plain_household_with_one_thing_wrong(member: Json, faults: set[tuple[str, str]]) -> None:
    assert _read(member) == faults


def test_nobody_being_the_applicant_and_two_spouses_are_faults() -> None:
    spouse = CHILD | {"relation": "spouse"}
    assert _read(spouse, spouse | {"id": "p3"}) == {(f"{MEMBERS}/2/relation", "two_spouses")}
    raw = {"jurisdiction": "999900", "household": {"residence": "urban", "members": [CHILD]}}
    with pytest.raises(FaultyRequest) as refusal:
        read_request(raw, rules().library, TODAY)
    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [(MEMBERS, "no_applicant")]


@pytest.mark.parametrize(
    ("facts", "faults"),
    [
        ({"obligors": [OBLIGOR]}, set()),
        ({"obligors": [OBLIGOR | {"id": "p1"}]}, {("/household/obligors/0/id", "duplicate_id")}),
        ({"obligors": [OBLIGOR | {"of": ["p1", "p9"]}]}, {("/household/obligors/0/of/1", "unknown_person")}),
        ({"obligors": [OBLIGOR | {"birth_date": "2026-08-16"}]}, {("/household/obligors/0/birth_date", "after_date")}),
        ({"receiving": [{"programme": "dibao", "person": "p1"}]}, set()),
        ({"receiving": [{"programme": "dibao"}, {"programme": "dibao", "person": "p9"}]},
         {("/household/receiving/1/person", "unknown_person")}),
        ({"crisis": {"kind": "emergency", "severity": "light", "occurred_on": "2026-08-15"}}, set()),
        ({"crisis": {"kind": "emergency", "severity": "light", "occurred_on": "2026-08-16"}},
         {("/household/crisis/occurred_on", "after_date")}),
    ],
)  # fmt: skip
def test_what_stands_beside_the_members_with_one_thing_wrong(facts: Json, faults: set[tuple[str, str]]) -> None:
    assert _read(**facts) == faults


def test_a_date_of_its_own_decides_instead_of_today() -> None:
    assert _read(date="2012-01-01") == {("/date", "before_any_law")}
    assert _read(CHILD, date="2026-08-20") == set()
    assert _read(CHILD | {"birth_date": "2026-08-20"}, date="2026-08-20") == set()
    assert _read(CHILD | {"birth_date": "2022-01-01"}, date="2020-01-01") == {(f"{MEMBERS}/1/birth_date", "after_date")}


def test_parentage_that_goes_round_is_a_fault_of_those_in_it_though_another_is_his_own_parent() -> None:
    own = SOMEBODY | {"id": "p2", "child_of": ["p2"]}
    one, other = SOMEBODY | {"id": "p3", "child_of": ["p4"]}, SOMEBODY | {"id": "p4", "child_of": ["p3"]}
    below = SOMEBODY | {"id": "p5", "child_of": ["p3"]}
    assert _read(own, one, other, below) == {
        (f"{MEMBERS}/1/child_of/0", "own_relative"),
        (f"{MEMBERS}/2/child_of", "own_ancestor"),
        (f"{MEMBERS}/3/child_of", "own_ancestor"),
    }


def test_marriages_stated_from_both_sides_agree() -> None:
    one, other = SOMEBODY | {"id": "p2", "spouse_of": "p3"}, SOMEBODY | {"id": "p3", "spouse_of": "p2"}
    assert _read(one, other) == set()
    third = SOMEBODY | {"id": "p4", "spouse_of": "p2"}
    assert _read(one, other, third) == {(f"{MEMBERS}/3/spouse_of", "two_marriages")}


def test_a_household_may_have_just_as_many_members_as_it_may() -> None:
    people = [SOMEBODY | {"id": f"p{number}"} for number in range(2, MAX_MEMBERS + 1)]
    assert _read(*people) == set()
    with pytest.raises(TooManyMembers):
        _read(*people, SOMEBODY | {"id": "p99"})


@pytest.mark.parametrize(
    ("id_", "value", "fault"),
    [
        ("dibao.standard", {"urban": "600.00"}, None),
        ("dibao.standard", {"urban": "0.00"}, ("/urban", "outside_domain")),
        ("dibao.standard", {"urban": "-1"}, ("/urban", "money_format")),
        ("dibao.standard", {"urban": True}, ("/urban", "wrong_type")),
        ("dibao.standard", {"urban": 600}, None),
        ("dibao.standard", "600.00", None),
        ("dibao.standard", {}, ("", "parameter_shape")),
        ("dibao.standard", {"town": "1"}, ("", "parameter_shape")),
        ("edge.multiple", "1.5", None),
        ("edge.multiple", "1.55555", ("", "number_format")),
        ("edge.multiple", {"urban": "1.5"}, ("", "parameter_shape")),
        ("edge.multiple", "1.0", None),
        ("edge.multiple", "0.9999", ("", "outside_domain")),
        ("disability.care", {"level_1": "100.00", "2": "80.00"}, None),
        ("dibao.standard", {"level_1": "100.00"}, ("", "parameter_shape")),
        ("dibao.counts_orphans", True, None),
        ("dibao.counts_orphans", "true", ("", "wrong_type")),
    ],
)
def test_a_supplied_figure_is_of_its_own_kind_and_within_its_domain(
    id_: str, value: Any, fault: tuple[str, str] | None
) -> None:
    where = f"/options/parameters/{id_}"
    expected = set() if fault is None else {(where + fault[0], fault[1])}
    assert _read(options={"parameters": {id_: value}}) == expected


def test_a_pointer_ends_where_a_name_could_be_anybodys_and_skips_the_mark_of_a_key() -> None:
    assert pointer(["household", "members", 0, "income"]) == "/household/members/0/income"
    assert pointer(["household", "Zhang San", "members"]) == "/household"
    assert pointer(["income_periods", "wage", "[key]"]) == "/income_periods/wage"
    assert pointer(["income_periods", "[key]", "wage"]) == "/income_periods/wage"


def test_the_first_fault_of_a_kind_does_not_hide_the_next() -> None:
    unknown: Json = {"nope": 1, "nope.two": 2, "dibao.standard": {"town": "1", "urban": "0.00"}}
    assert _read(options={"parameters": unknown}) == {
        ("/options/parameters/nope", "parameter_not_supplied_here"),
        ("/options/parameters/nope.two", "parameter_not_supplied_here"),
        ("/options/parameters/dibao.standard", "parameter_shape"),
        ("/options/parameters/dibao.standard/urban", "outside_domain"),
    }


@pytest.mark.parametrize(
    ("facts", "pointer_", "code"),
    [
        ({"spouse_of": "p9"}, "spouse_of", "unknown_person"),
        ({"child_of": ["p9"]}, "child_of/0", "unknown_person"),
        ({"absent_since": "2026-08-16"}, "absent_since", "after_date"),
        ({"birth_date": "2026-08-16"}, "birth_date", "after_date"),
        ({"parents": _claim("2026-08-16")["parents"]}, "parents/mother/since", "after_date"),
        ({"disability": _disabled("visual", 2, 2)["disability"]}, "disability/components", "components_of_single_kind"),
    ],
)
def test_somebody_alone_with_one_thing_wrong(facts: Json, pointer_: str, code: str) -> None:
    household = {"residence": "urban", "members": [APPLICANT | facts]}
    with pytest.raises(FaultyRequest) as refusal:
        read_request({"jurisdiction": "999900", "household": household}, rules().library, TODAY)
    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [(f"{MEMBERS}/0/{pointer_}", code)]


def test_a_link_of_somebody_without_an_id_or_to_what_is_no_id_is_a_fault_of_form_alone() -> None:
    nameless = {key: value for key, value in CHILD.items() if key != "id"} | {"child_of": ["p9"]}
    assert _read(nameless) == {(f"{MEMBERS}/1/id", "required")}
    assert _read(CHILD | {"child_of": [3]}) == {(f"{MEMBERS}/1/child_of/0", "wrong_type")}


def test_a_faulty_request_says_how_many_faults_it_has() -> None:
    assert str(FaultyRequest([])) == "0 faults"


def test_the_day_that_decides_may_lie_ten_years_ahead_to_the_day() -> None:
    last = TODAY.replace(year=TODAY.year + 10)
    assert _read(date=last.isoformat()) == set()
    assert _read(date=(last + dt.timedelta(1)).isoformat()) == {("/date", "too_far_ahead")}
    household = {"residence": "urban", "members": [APPLICANT]}
    raw = {"jurisdiction": "999900", "date": f"{last.year}-12-31", "household": household}
    assert read_request(raw, rules().library, TODAY, recorded=True), "what was recorded while whole years counted"


@pytest.mark.parametrize(
    ("today", "last"),
    [
        ("2026-01-01", "2036-01-01"),
        ("2026-12-31", "2036-12-31"),
        ("2028-02-29", "2038-02-28"),
        ("2026-02-28", "2036-02-28"),
    ],
)
def test_ten_years_are_as_long_on_every_day_of_a_year(today: str, last: str) -> None:
    start, end = dt.date.fromisoformat(today), dt.date.fromisoformat(last)
    assert not is_too_far_ahead(end, start)
    assert is_too_far_ahead(end + dt.timedelta(1), start)
