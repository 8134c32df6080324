"""Everything a caller can get wrong: which problem answers, that every fault is named at once, and that nothing is repeated."""

import asyncio
import json
import traceback
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest
from fastapi import FastAPI

from app.http.body import MAX_BYTES
from app.main import create_app
from app.rules.engine.evaluate import RuleFailure
from app.rules.service import Rules
from app.rules.values.strict_json import Json
from tests.support.client import (
    ASSESSMENTS,
    ID_NUMBER,
    NAME,
    Client,
    assert_problem,
    assert_silent,
    changed,
    complete,
    example,
    faults,
    marked,
    places,
)

MEMBER: Final = "/household/members/0"
COMPLETE: Final = dict(places(complete()))
OBJECTS: Final = [where for where, value in COMPLETE.items() if isinstance(value, dict)]
LISTS: Final = [where for where, value in COMPLETE.items() if isinstance(value, list)]
LEAVES: Final = [where for where, value in COMPLETE.items() if not isinstance(value, dict | list)]
FREE_TEXT: Final = {"/household/obligors/0/relation"}


def _refused(client: Client, changes: dict[str, Any], *, body: Json | None = None) -> set[tuple[str, str]]:
    """The faults of the marked household with some changes."""
    return faults(client.assess(changed(marked() if body is None else body, changes)))


def _written(pointer: str, literal: str) -> bytes:
    """The marked household with a JSON literal as it is at a pointer."""
    return json.dumps(changed(marked(), {pointer: "@"})).replace('"@"', literal).encode()


def test_the_marked_and_the_complete_household_have_no_faults(client: Client) -> None:
    client.assessed(marked())
    client.assessed(complete())


# not JSON


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b" \n", id="blank"),
        pytest.param(b"{", id="cut-off"),
        pytest.param(b"{}{}", id="two-values"),
        pytest.param(b"{'a': 1}", id="single-quotes"),
        pytest.param(b'{"a": 1,}', id="trailing-comma"),
        pytest.param(b'{"a": 01}', id="leading-zero"),
        pytest.param(b'{"a": +1}', id="plus-sign"),
        pytest.param(b'{"a": .5}', id="no-digit-before-the-point"),
        pytest.param(b"\xef\xbb\xbf{}", id="byte-order-mark"),
        pytest.param(b"\xff\xfe{\x00}\x00", id="utf-16"),
        pytest.param(NAME.encode("gb18030"), id="gb18030"),
        pytest.param(b'{"' + NAME.encode("gb18030") + b'": 1}', id="invalid-utf-8-in-a-key"),
        pytest.param(b'{"a": "\xc3"}', id="cut-off-utf-8"),
        pytest.param(b'{"a": "\xed\xa0\x80"}', id="surrogate-as-utf-8"),
        pytest.param(b'{"a": "\\ud800"}', id="lone-surrogate-in-a-value"),
        pytest.param(b'{"\\udc00": 1}', id="lone-surrogate-in-a-key"),
        pytest.param(b'{"a": "\x01"}', id="control-character"),
        pytest.param(b"[" * 100_000, id="100000-brackets"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, id="100000-brackets-closed"),
        pytest.param(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, id="100000-objects"),
        pytest.param(f'{{"{NAME}": "{ID_NUMBER}"'.encode(), id="cut-off-after-a-name"),
        pytest.param(f"{NAME}={ID_NUMBER}".encode(), id="form"),
        pytest.param(b'{"a": ' + b"1" * 5000 + b"}", id="5000-digits"),
    ],
)
def test_a_body_that_is_not_json_is_400(client: Client, body: bytes) -> None:
    assert_problem(client.post(body), 400, "not_json")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"date":', '"date": "2026-08-15", "date":'),
        ('"residence":', '"residence": "rural", "residence":'),
        ('"employed":', f'"{NAME}": 1, "{NAME}": 2, "employed":'),
        ('"wage":', '"wage": "1", "wage":'),
    ],
)
def test_a_key_given_twice_is_400(client: Client, before: str, after: str) -> None:
    text = json.dumps(marked(), ensure_ascii=False)
    assert before in text
    assert_problem(client.post(text.replace(before, after, 1).encode()), 400, "not_json")


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "nan", "1e", "0x10", "1_000", "00"])
def test_a_number_that_json_does_not_have_is_400(client: Client, literal: str) -> None:
    assert_problem(client.post(_written("/household/spending/medical", literal)), 400, "not_json")


# JSON of another shape


@pytest.mark.parametrize("body", [None, True, 1, 1.5, NAME, [], [ID_NUMBER], [{}]])
def test_json_that_is_not_an_object_is_a_fault_of_the_whole_body(client: Client, body: Any) -> None:
    assert faults(client.assess(body)) == {("", "wrong_type")}


def test_an_empty_object_misses_what_is_required(client: Client) -> None:
    assert faults(client.assess({})) == {("/jurisdiction", "required"), ("/household", "required")}


def test_an_empty_household_misses_what_is_required(client: Client) -> None:
    found = _refused(client, {"/household": {}})
    assert found == {("/household/residence", "required"), ("/household/members", "required")}


def test_an_empty_member_misses_what_is_required(client: Client) -> None:
    found = _refused(client, {"/household/members/-": {}})
    assert found == {(f"/household/members/3/{name}", "required") for name in ("id", "relation", "birth_date")}


def test_a_household_of_nobody_is_a_fault(client: Client) -> None:
    found = _refused(client, {"/household/members": []}, body=example())
    assert found == {("/household/members", "too_few")}


@pytest.mark.parametrize("where", OBJECTS)
def test_an_unknown_field_is_a_fault_at_every_level(client: Client, where: str) -> None:
    code = {
        "/options/parameters": "parameter_not_supplied_here",
        "/options/parameters/dibao.standard": "parameter_shape",
        f"{MEMBER}/income_periods": "not_allowed",
    }.get(where, "unknown_field")
    found = _refused(client, {f"{where}/not_a_field": 1}, body=complete())
    pointer = where if code == "parameter_shape" else f"{where}/not_a_field"
    assert found == {(pointer, code)}


@pytest.mark.parametrize("key", [NAME, ID_NUMBER, f"a/{NAME}", "~", "", "A", "a b", "x" * 5000])
@pytest.mark.parametrize("where", OBJECTS)
def test_an_unknown_field_that_could_be_personal_is_pointed_at_by_its_parent(
    client: Client, where: str, key: str
) -> None:
    body = complete()
    target: Any = body
    for part in where.split("/")[1:]:
        target = target[int(part)] if isinstance(target, list) else target[part]
    target[key] = key
    assert {pointer for pointer, _ in faults(client.assess(body))} == {where}


# values of the wrong type


def _wrong_values(where: str) -> Iterator[Any]:
    yield [NAME]
    yield {ID_NUMBER: NAME}
    yield 1.5 if isinstance(COMPLETE[where], bool) else True
    if where not in FREE_TEXT:
        yield NAME
    if isinstance(COMPLETE[where], bool):
        yield from ("true", 1, 0)
    elif isinstance(COMPLETE[where], int):
        yield from (str(COMPLETE[where]), 10**30)
    elif where not in FREE_TEXT:
        yield from ("", "!", f" {COMPLETE[where]}", f"{COMPLETE[where]}\n")


@pytest.mark.parametrize(
    ("where", "value"),
    [pytest.param(where, value, id=f"{where}-{value!r}") for where in LEAVES for value in _wrong_values(where)],
)
def test_a_value_of_the_wrong_type_is_a_fault_at_its_own_place(client: Client, where: str, value: Any) -> None:
    pointers = {pointer for pointer, _ in _refused(client, {where: value}, body=complete())}
    allowed = {where, where.rpartition("/")[0]} if where.startswith("/options/parameters") else {where}
    assert pointers & allowed


@pytest.mark.parametrize("value", [NAME, 7, True, [[]]])
@pytest.mark.parametrize("where", [w for w in OBJECTS if w and not w.startswith("/options/parameters/")])
def test_another_value_in_place_of_an_object_is_a_fault(client: Client, where: str, value: Any) -> None:
    found = _refused(client, {where: value}, body=complete())
    assert (where, "wrong_type") in found


@pytest.mark.parametrize("value", [NAME, 7, True, {}, {ID_NUMBER: NAME}])
@pytest.mark.parametrize("where", LISTS)
def test_another_value_in_place_of_a_list_is_a_fault(client: Client, where: str, value: Any) -> None:
    assert (where, "wrong_type") in _refused(client, {where: value}, body=complete())


ENUMS: Final = [
    "/programmes/0",
    "/options/explain",
    "/household/residence",
    *(f"{MEMBER}/{name}" for name in ("relation", "absence", "education", "placement", "disability/kind")),
    f"{MEMBER}/disability/components/0/kind",
    "/household/members/2/parents/father/state",
    "/household/members/2/parents/mother/state",
    *(f"/household/obligors/0/{name}" for name in ("receiving", "disability/kind", "status")),
    "/household/receiving/0/programme",
    *(f"/household/crisis/{name}" for name in ("kind", "severity", "cause")),
]


@pytest.mark.parametrize("value", [NAME, "", "URBAN", "Dibao", "dibao "])
@pytest.mark.parametrize("where", ENUMS)
def test_a_word_that_is_not_among_the_allowed_is_a_fault(client: Client, where: str, value: str) -> None:
    assert (where, "not_allowed") in _refused(client, {where: value}, body=complete())


def test_multiple_is_no_kind_of_a_component(client: Client) -> None:
    where = f"{MEMBER}/disability/components/0/kind"
    assert _refused(client, {where: "multiple"}, body=complete()) == {(where, "not_allowed")}


# money

MONEY: Final = [
    *(f"{MEMBER}/income/{kind}" for kind in ("wage", "old_age_allowance")),
    f"{MEMBER}/outgoings/taxes",
    "/household/assets/financial",
    "/household/spending/medical",
    "/household/obligors/0/monthly_income",
    "/household/receiving/0/amount",
]
NOT_MONEY: Final = [
    *("-1", "-0.01", "-0.0", "0.001", "1.000", "1e3", "1E2", "1e-2", "1.0e0", "1e400", "1000000000000", "9" * 4000),
    *(
        f'"{text}"'
        for text in ("-1", "-0", "+1", "1e3", "0.001", "1,000", "1_000", " 1", "1 ", "", ".", "1.", ".5", "01")
    ),
    *(
        f'"{text}"'
        for text in ("NaN", "Infinity", "１２", "٣", "¥1", "0x1", "1.0.0", "1\\n", "1\\u0000", NAME, ID_NUMBER)
    ),
]


@pytest.mark.parametrize("literal", NOT_MONEY, ids=lambda literal: literal[:12])
@pytest.mark.parametrize("where", MONEY)
def test_an_amount_that_is_not_plain_is_a_fault(client: Client, where: str, literal: str) -> None:
    text = json.dumps(changed(complete(), {where: "@"})).replace('"@"', literal)
    assert faults(client.post(text.encode())) == {(where, "money_format")}


@pytest.mark.parametrize("literal", ["true", "false", "[]", '["1"]', "{}", f'{{"{NAME}": 1}}'])
@pytest.mark.parametrize("where", MONEY)
def test_an_amount_that_is_no_text_and_no_number_is_a_fault(client: Client, where: str, literal: str) -> None:
    text = json.dumps(changed(complete(), {where: "@"})).replace('"@"', literal)
    assert faults(client.post(text.encode())) == {(where, "wrong_type")}


def test_minus_zero_as_a_whole_number_is_zero(client: Client) -> None:
    assert client.post(_written("/household/spending/medical", "-0")).status_code == 200


# places and days


@pytest.mark.parametrize("code", ["81", "00", "000000", "810101", "810101001", "999800", "99"])
def test_a_code_under_which_nothing_is_loaded_is_404(client: Client, code: str) -> None:
    assert_problem(client.assess(marked() | {"jurisdiction": code}), 404, "unknown_division")


@pytest.mark.parametrize(
    "code", ["", "9", "999", "99990", "9999000", "CN", "999900\n", "９９９９００", "99990a", "-99990", NAME, ID_NUMBER]
)
def test_a_code_of_another_form_is_a_fault(client: Client, code: str) -> None:
    assert _refused(client, {"/jurisdiction": code}) == {("/jurisdiction", "wrong_form")}


@pytest.mark.parametrize(
    "day",
    [
        "2026-13-01",
        "2026-00-10",
        "2026-02-30",
        "2026-8-1",
        "20260815",
        "2026-W33-6",
        "15/08/2026",
        "2026-08-15T00:00",
        "0000-01-01",
        "",
    ],
)
@pytest.mark.parametrize("where", ["/date", f"{MEMBER}/birth_date", "/household/crisis/occurred_on"])
def test_a_day_that_does_not_exist_is_a_fault(client: Client, where: str, day: str) -> None:
    assert _refused(client, {where: day}, body=complete()) == {(where, "date_format")}


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "2026-1", "202601", "2026-01-01", ""])
def test_a_month_that_does_not_exist_is_a_fault(client: Client, month: str) -> None:
    where = "/household/receiving/0/since"
    assert _refused(client, {where: month}, body=complete()) == {(where, "month_format")}


@pytest.mark.parametrize(
    "instant",
    [
        *("2026-08-15T10:00:00", "2026-08-15 10:00:00+08:00", "2026-08-15T25:00:00Z", "2026-08-15T10:00:00+24:00"),
        *("2026-8-15", "2026-13-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+23:59", "now", ""),
    ],
)
def test_an_instant_of_another_form_is_a_fault(client: Client, instant: str) -> None:
    assert _refused(client, {"/known_at": instant}) == {("/known_at", "instant_format")}


def test_a_day_before_any_law_is_a_fault(client: Client) -> None:
    assert ("/date", "before_any_law") in _refused(client, {"/date": "2000-01-01"})


def test_the_first_day_of_any_law_is_answered_and_the_day_before_is_not(client: Client) -> None:
    body = example()
    body["household"]["members"].pop()
    assert client.assess(body | {"date": "2014-05-01"}).status_code == 200
    assert faults(client.assess(body | {"date": "2014-04-30"})) == {("/date", "before_any_law")}


@pytest.mark.parametrize("day", ["2100-01-01", "9999-12-31"])
def test_a_day_too_far_ahead_is_a_fault(client: Client, day: str) -> None:
    assert _refused(client, {"/date": day}) == {("/date", "too_far_ahead")}


def test_an_instant_before_anything_was_known_is_a_fault(client: Client) -> None:
    assert _refused(client, {"/known_at": "2000-01-01"}) == {("/known_at", "nothing_known")}


@pytest.mark.parametrize(
    "where",
    [
        *(f"{MEMBER}/birth_date", f"{MEMBER}/absent_since", "/household/members/2/parents/father/since"),
        *(
            "/household/members/2/parents/mother/since",
            "/household/obligors/0/birth_date",
            "/household/crisis/occurred_on",
        ),
    ],
)
def test_a_day_after_the_day_that_decides_is_a_fault(client: Client, where: str) -> None:
    born_before = {f"{MEMBER}/absent_since": "2026-08-15"} if where == f"{MEMBER}/birth_date" else {}
    found = _refused(client, born_before | {where: "2026-08-16"}, body=complete())
    assert found - {(f"{MEMBER}/absent_since", "before_birth")} == {(where, "after_date")}
    client.assessed(changed(complete(), born_before | {where: "2026-08-15"}))


# people


def test_nobody_being_the_applicant_is_a_fault(client: Client) -> None:
    assert ("/household/members", "no_applicant") in _refused(client, {f"{MEMBER}/relation": "other"})


def test_two_applicants_are_a_fault(client: Client) -> None:
    where = "/household/members/1/relation"
    assert _refused(client, {where: "applicant"}) == {(where, "two_applicants")}


def test_two_spouses_are_a_fault(client: Client) -> None:
    where = "/household/members/2/relation"
    assert _refused(client, {where: "spouse"}) == {(where, "two_spouses")}


def test_two_members_of_one_id_are_a_fault_of_the_second(client: Client) -> None:
    where = "/household/members/1/id"
    assert _refused(client, {where: ID_NUMBER}) == {(where, "duplicate_id")}


def test_two_obligors_of_one_id_are_a_fault_of_the_second(client: Client) -> None:
    again = marked()["household"]["obligors"][0]
    assert _refused(client, {"/household/obligors/-": again}) == {("/household/obligors/1/id", "duplicate_id")}


def test_an_obligor_with_the_id_of_a_member_is_a_fault(client: Client) -> None:
    where = "/household/obligors/0/id"
    assert _refused(client, {where: ID_NUMBER}) == {(where, "duplicate_id")}


def test_being_ones_own_spouse_is_a_fault(client: Client) -> None:
    where = f"{MEMBER}/spouse_of"
    assert _refused(client, {where: ID_NUMBER}) == {(where, "own_relative")}


def test_being_married_to_two_people_is_a_fault(client: Client) -> None:
    found = _refused(client, {f"{MEMBER}/spouse_of": "p2", "/household/members/2/spouse_of": "p2"})
    assert found == {("/household/members/2/spouse_of", "two_marriages")}


def test_being_ones_own_parent_is_a_fault(client: Client) -> None:
    assert _refused(client, {f"{MEMBER}/child_of": [ID_NUMBER]}) == {(f"{MEMBER}/child_of/0", "own_relative")}


def test_parentage_that_goes_round_is_a_fault_of_everybody_in_it(client: Client) -> None:
    found = _refused(
        client,
        {
            f"{MEMBER}/child_of": ["p2"],
            "/household/members/1/child_of": ["p3"],
            "/household/members/2/child_of": [ID_NUMBER],
        },
    )
    assert found == {(f"/household/members/{place}/child_of", "own_ancestor") for place in range(3)}


def test_parentage_that_goes_round_through_a_relation_is_a_fault(client: Client) -> None:
    found = _refused(client, {f"{MEMBER}/child_of": ["p3"]})  # p3 is the child of the applicant
    assert {code for _, code in found} == {"own_ancestor"}


def test_parentage_that_goes_round_without_the_member_is_no_fault_of_his(client: Client) -> None:
    found = _refused(
        client,
        {
            f"{MEMBER}/child_of": ["p2"],
            "/household/members/1/child_of": ["p3"],
            "/household/members/2/child_of": ["p2"],
        },
    )
    assert found == {(f"/household/members/{place}/child_of", "own_ancestor") for place in (1, 2)}


@pytest.mark.parametrize(
    ("where", "pointer"),
    [
        ("/household/obligors/0/of", "/household/obligors/0/of/0"),
        (f"{MEMBER}/child_of", f"{MEMBER}/child_of/0"),
    ],
)
def test_a_person_nobody_knows_is_a_fault_in_a_list(client: Client, where: str, pointer: str) -> None:
    assert _refused(client, {where: ["p9"]}) == {(pointer, "unknown_person")}


@pytest.mark.parametrize("where", [f"{MEMBER}/spouse_of", "/household/receiving/0/person"])
def test_a_person_nobody_knows_is_a_fault(client: Client, where: str) -> None:
    assert _refused(client, {where: "p9"}, body=complete()) == {(where, "unknown_person")}


def test_an_obligor_of_nobody_is_a_fault(client: Client) -> None:
    assert _refused(client, {"/household/obligors/0/of": []}) == {("/household/obligors/0/of", "too_few")}


@pytest.mark.parametrize("id_", [NAME, "", "a b", "a/b", "a\n", "é", "%s"])
def test_an_id_of_another_form_is_a_fault(client: Client, id_: str) -> None:
    body = example()
    (fault,) = _refused(client, {f"{MEMBER}/id": id_}, body=body)
    assert fault in {(f"{MEMBER}/id", "wrong_form"), (f"{MEMBER}/id", "too_short")}


@pytest.mark.parametrize("length", [65, 1000, 900_000])
def test_an_id_that_is_too_long_is_a_fault(client: Client, length: int) -> None:
    assert _refused(client, {f"{MEMBER}/id": "a" * length}, body=example()) == {(f"{MEMBER}/id", "too_long")}


# numbers with bounds


@pytest.mark.parametrize("months", [0, 13, 17, 19, 25, -1, 10**20])
@pytest.mark.parametrize("where", [f"{MEMBER}/income_months", f"{MEMBER}/income_periods/wage"])
def test_months_that_figures_cannot_cover_are_a_fault(client: Client, where: str, months: int) -> None:
    assert _refused(client, {where: months}, body=complete()) == {(where, "months_not_allowed")}


@pytest.mark.parametrize("months", [1, 12, 18, 24])
def test_months_that_figures_can_cover_are_none(client: Client, months: int) -> None:
    client.assessed(changed(complete(), {f"{MEMBER}/income_months": months}))


@pytest.mark.parametrize(
    ("where", "values"),
    [
        (f"{MEMBER}/disability/level", (9, 0, 5, -1)),
        (f"{MEMBER}/disability/components/0/level", (9, 5)),
        ("/household/obligors/0/disability/level", (9, 0)),
        (f"{MEMBER}/self_care_failed", (-1, 7)),
        ("/household/members/2/parents/father/term_months", (-1, 1201)),
        ("/household/assets/vehicles", (-1, 1001)),
        ("/household/assets/dwellings", (-1, 1001)),
        ("/household/crisis/persons", (0, 31)),
    ],
)
def test_a_number_outside_its_bounds_is_a_fault(client: Client, where: str, values: tuple[int, ...]) -> None:
    for value in values:
        assert (where, "out_of_range") in _refused(client, {where: value}, body=complete())


def test_a_component_worse_than_the_card_is_a_fault(client: Client) -> None:
    where = f"{MEMBER}/disability/components/0/level"
    assert _refused(client, {where: 1}, body=complete()) == {(where, "component_more_severe")}


def test_components_of_a_disability_of_one_kind_are_a_fault(client: Client) -> None:
    found = _refused(client, {f"{MEMBER}/disability/kind": "mental"}, body=complete())
    assert found == {(f"{MEMBER}/disability/components", "components_of_single_kind")}


def test_a_claim_about_one_parent_only_is_a_fault(client: Client) -> None:
    where = "/household/members/2/parents"
    assert _refused(client, {where: {"father": {"state": "deceased"}}}) == {(f"{where}/mother", "required")}


def test_a_crisis_without_its_findings_is_a_fault(client: Client) -> None:
    found = _refused(client, {"/household/crisis": {}})
    assert found == {(f"/household/crisis/{name}", "required") for name in ("kind", "severity")}


# figures an officer supplies


@pytest.mark.parametrize("id_", ["nope", "nope.nope", "dibao", "review_months", "dibao.standard.urban"])
def test_a_figure_that_cannot_be_supplied_is_a_fault(client: Client, id_: str) -> None:
    found = _refused(client, {"/options": {"parameters": {id_: "1"}}})
    assert found == {(f"/options/parameters/{id_}", "parameter_not_supplied_here")}


@pytest.mark.parametrize("id_", [NAME, ID_NUMBER, "", "/", "__class__", "dibao.standard ", "DIBAO.STANDARD"])
def test_a_figure_whose_name_could_be_personal_is_a_fault_that_does_not_repeat_it(client: Client, id_: str) -> None:
    found = _refused(client, {"/options": {"parameters": {id_: "1"}}})
    assert found == {("/options/parameters", "parameter_not_supplied_here")}


@pytest.mark.parametrize(
    ("id_", "value", "pointer", "code"),
    [
        ("dibao.standard", "0", "", "outside_domain"),
        ("dibao.standard", {"urban": "0.00"}, "/urban", "outside_domain"),
        ("dibao.standard", "-1", "", "money_format"),
        ("dibao.standard", -1, "", "money_format"),
        ("dibao.standard", "600.001", "", "money_format"),
        ("dibao.standard", "1e3", "", "money_format"),
        ("dibao.standard", NAME, "", "money_format"),
        ("dibao.standard", True, "", "wrong_type"),
        ("dibao.standard", [], "", "wrong_type"),
        ("dibao.standard", ["600.00"], "", "wrong_type"),
        ("dibao.standard", {}, "", "parameter_shape"),
        ("dibao.standard", {"suburban": "600.00"}, "", "parameter_shape"),
        ("dibao.standard", {NAME: ID_NUMBER}, "", "parameter_shape"),
        ("dibao.standard", {"urban": {"urban": "600.00"}}, "/urban", "wrong_type"),
        ("dibao.standard", {"urban": None}, "/urban", "wrong_type"),
        ("edge.multiple", "0.9", "", "outside_domain"),
        ("edge.multiple", "1.00001", "", "number_format"),
        ("edge.multiple", "1e0", "", "number_format"),
        ("edge.multiple", {"urban": "1.5"}, "", "parameter_shape"),
        ("disability.care", {"0": "1.00"}, "", "parameter_shape"),
        ("disability.care", {"5": "1.00"}, "", "parameter_shape"),
        ("disability.living", {"urban": "1.00"}, "", "parameter_shape"),
        ("dibao.counts.scholarship", "true", "", "wrong_type"),
        ("dibao.counts.scholarship", 1, "", "wrong_type"),
    ],
)
def test_a_supplied_figure_of_another_form_or_outside_its_domain_is_a_fault(
    client: Client, id_: str, value: Any, pointer: str, code: str
) -> None:
    found = _refused(client, {"/options": {"parameters": {id_: value}}})
    assert found == {(f"/options/parameters/{id_}{pointer}", code)}


# all at once


def test_every_fault_is_named_at_once(client: Client) -> None:
    found = _refused(
        client,
        {
            "/jurisdiction": "99990",
            "/date": "2026-08-15",
            "/known_at": "yesterday",
            "/not_a_field": 1,
            "/programmes": ["dibao", NAME],
            "/options": {"explain": "all", "parameters": {"nope.nope": 1, "dibao.standard": "0"}},
            "/household/residence": "sea",
            f"{MEMBER}/birth_date": "2027-01-01",
            f"{MEMBER}/income": {"wage": "-1", NAME: "1"},
            f"{MEMBER}/income_months": 13,
            f"{MEMBER}/spouse_of": ID_NUMBER,
            "/household/members/1/relation": "applicant",
            "/household/members/1/id": "p3",
            "/household/members/1/disability": {
                "kind": "multiple",
                "level": 3,
                "components": [{"kind": "mental", "level": 1}],
            },
            "/household/members/2/child_of": ["p3"],
            "/household/members/2/employed": "true",
            "/household/spending/medical": "0.001",
            "/household/receiving": [{"programme": "dibao", "person": "p9", "since": "2026-13"}],
            "/household/crisis": {"kind": "emergency", "severity": "grave", "persons": 0},
        },
    )
    assert found == {
        ("/jurisdiction", "wrong_form"),
        ("/known_at", "instant_format"),
        ("/not_a_field", "unknown_field"),
        ("/programmes/1", "not_allowed"),
        ("/options/explain", "not_allowed"),
        ("/options/parameters/nope.nope", "parameter_not_supplied_here"),
        ("/options/parameters/dibao.standard", "outside_domain"),
        ("/household/residence", "not_allowed"),
        (f"{MEMBER}/birth_date", "after_date"),
        (f"{MEMBER}/income/wage", "money_format"),
        (f"{MEMBER}/income", "unknown_field"),
        (f"{MEMBER}/income_months", "months_not_allowed"),
        (f"{MEMBER}/spouse_of", "own_relative"),
        ("/household/members/1/relation", "two_applicants"),
        ("/household/members/2/id", "duplicate_id"),
        ("/household/members/1/disability/components/0/level", "component_more_severe"),
        ("/household/members/2/child_of/0", "own_relative"),
        ("/household/members/2/employed", "wrong_type"),
        ("/household/spending/medical", "money_format"),
        ("/household/receiving/0/person", "unknown_person"),
        ("/household/receiving/0/since", "month_format"),
        ("/household/crisis/persons", "out_of_range"),
    }


def test_messages_follow_the_language_and_pointers_and_codes_do_not(client: Client) -> None:
    body = marked() | {"date": "2026-13-01", "jurisdiction": NAME}
    zh, en = (
        assert_problem(client.assess(body, language=language), 422, "faulty_request") for language in ("zh", "en")
    )
    assert [(e["pointer"], e["code"]) for e in zh["errors"]] == [(e["pointer"], e["code"]) for e in en["errors"]]
    assert all(one["message"] != other["message"] for one, other in zip(zh["errors"], en["errors"], strict=True))
    assert zh["title"] != en["title"]


# size


def _of_members(count: int) -> Json:
    others = [{"id": f"m{i}", "relation": "other", "birth_date": "1980-01-01"} for i in range(count - 3)]
    body = marked()
    body["household"]["members"] += others
    return body


@pytest.mark.parametrize("count", [31, 40, 5000])
def test_too_many_members_are_413(client: Client, count: int) -> None:
    body = assert_problem(client.assess(_of_members(count)), 413, "too_many_members")
    assert [(e["pointer"], e["code"]) for e in body["errors"]] == [("/household/members", "too_many")]


def test_thirty_members_are_answered(client: Client) -> None:
    client.assessed(_of_members(30))


def test_members_that_are_no_members_are_counted_all_the_same(client: Client) -> None:
    body = changed(marked(), {"/household/members": [NAME] * 40})
    assert_problem(client.assess(body), 413, "too_many_members")


def _padded(size: int) -> bytes:
    text = json.dumps(marked()).encode()
    return text + b" " * (size - len(text))


def test_a_body_of_exactly_the_limit_is_answered(client: Client) -> None:
    assert client.post(_padded(MAX_BYTES)).status_code == 200


@pytest.mark.parametrize("size", [MAX_BYTES + 1, 10 * MAX_BYTES])
def test_a_body_over_the_limit_is_413(client: Client, size: int) -> None:
    assert_problem(client.post(_padded(size)), 413, "too_large")


def test_a_body_over_the_limit_without_a_length_is_413_and_not_read_to_the_end(client: Client) -> None:
    sent = 0

    def chunks() -> Iterator[bytes]:
        nonlocal sent
        body = _padded(10 * MAX_BYTES)
        for start in range(0, len(body), 65536):
            sent += 1
            yield body[start : start + 65536]

    assert_problem(client.post(chunks()), 413, "too_large")
    assert sent <= MAX_BYTES // 65536 + 2


def test_a_body_over_the_limit_that_claims_to_be_short_is_413(client: Client) -> None:
    assert_problem(client.post(_padded(2 * MAX_BYTES), headers={"content-length": "10"}), 413, "too_large")


def test_a_body_in_chunks_within_the_limit_is_answered_as_a_whole_one(client: Client) -> None:
    body = json.dumps(marked()).encode()
    assert client.post(body[i : i + 7] for i in range(0, len(body), 7)).content == client.post(body).content


# other methods and addresses


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_another_method_is_405_and_says_which_are_allowed(client: Client, method: str) -> None:
    response = client.request(method, ASSESSMENTS)
    assert_problem(response, 405, "method_not_allowed")
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v2/assessments", "/v1/assessment", f"/{NAME}", f"/v1/{ID_NUMBER}", "/v1/%00", "/../x"]
)
def test_an_address_of_nothing_is_404(client: Client, path: str) -> None:
    assert_problem(client.get(path), 404, "not_found")


# failures inside


class _Broken(Rules):
    """Fails as told."""

    failure: Exception = RuleFailure("dibao.income_test")

    def assess(self, raw: Any, language: Any, now: Any) -> Any:
        raise self.failure


@pytest.fixture(scope="module")
def broken(app: FastAPI) -> Iterator[tuple[_Broken, FastAPI, Client]]:
    rules = _Broken(app.state.generations.newest.rules.library)
    service = create_app(rules)
    client = Client(service)
    yield rules, service, client
    client.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_failure_inside_a_rule_is_500_and_names_the_rule(
    broken: tuple[_Broken, FastAPI, Client], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    rules, _, client = broken
    monkeypatch.setattr(rules, "failure", RuleFailure("dibao.income_test"))
    body = assert_problem(client.assess(marked(), language=language), 500, "rule_failure")
    assert body["rule"] == "dibao.income_test"


def test_what_nobody_foresaw_is_500_and_says_nothing_more(
    broken: tuple[_Broken, FastAPI, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    rules, _, client = broken
    monkeypatch.setattr(rules, "failure", KeyError(NAME, ID_NUMBER))
    body = assert_problem(client.assess(marked()), 500, "internal")
    assert body.keys() == {"type", "title", "status", "detail", "code"}


def test_what_nobody_foresaw_does_not_reach_the_servers_log(
    broken: tuple[_Broken, FastAPI, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    rules, service, _ = broken
    monkeypatch.setattr(rules, "failure", KeyError(NAME, ID_NUMBER))

    async def leaving() -> str:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(service), base_url="http://service") as http:
            try:
                assert_silent(await http.post(ASSESSMENTS, content=b"{}"))
            except Exception as error:
                return "".join(traceback.format_exception(error))
            return ""

    logged = asyncio.run(leaving())
    assert NAME not in logged
    assert ID_NUMBER not in logged
