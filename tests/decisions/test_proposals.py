"""What is sent to decide is read whole: every fault of the assessment's part and of the decision's own at once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.decisions.intake import Proposal, read_body, read_proposal
from app.decisions.schemas import DecisionDetails, FollowingDetails, Withdrawal
from app.rules.packs.library import UnknownDivision
from app.rules.plausibility import Doubt
from app.rules.request_faults import Fault, FaultyRequest, TooManyMembers
from app.rules.values.strict_json import Json, parse_json
from tests.security.test_id_numbers import checked
from tests.support.rules import NOW, rules

HOUSEHOLD: Json = {
    "residence": "urban",
    "members": [
        {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02", "income": {"wage": "900.00"}},
        {"id": "p2", "relation": "child", "birth_date": "2015-05-05", "income": {}},
    ],
    "obligors": [{"id": "o1", "of": ["p1"], "relation": "parent", "birth_date": "1950-01-01"}],
}
REQUEST: Json = {"jurisdiction": "999900", "date": "2026-08-15", "household": HOUSEHOLD}
SUPPLIED: Json = {"parameters": {"dibao.standard": {"urban": "900.00"}}}


def read(**more: Any) -> Proposal:
    return read_proposal(REQUEST | more, DecisionDetails, rules(), NOW)[0]


def faults(raw: Any, model: type[DecisionDetails] = DecisionDetails) -> list[Fault]:
    with pytest.raises(FaultyRequest) as refused:
        read_proposal(raw, model, rules(), NOW)
    return refused.value.faults


def faults_with(**more: Any) -> list[Fault]:
    return faults(REQUEST | more)


def identity(person: str) -> Json:
    """Somebody of the household, by a number with the same day of birth; anybody else by that of the applicant."""
    people = {one["id"]: one["birth_date"] for part in ("members", "obligors") for one in HOUSEHOLD[part]}
    day = people.get(person, HOUSEHOLD["members"][0]["birth_date"]).replace("-", "")
    return {"person": person, "name": "张某", "id_number": checked(f"119999{day}018")}


def test_the_facts_are_kept_as_they_were_sent() -> None:
    sent = parse_json(json.dumps(REQUEST | {"case": "C-1"}).replace('"900.00"', "900.50").encode())
    found, details = read_proposal(sent, DecisionDetails, rules(), NOW)
    assert found.facts["household"]["members"][0]["income"] == {"wage": "900.50"}
    assert found.facts["household"]["obligors"] == HOUSEHOLD["obligors"]
    assert (found.facts["programmes"], found.facts["options"], details.case) == (None, None, "C-1")


@pytest.mark.parametrize(
    ("options", "stay"),
    [
        (None, None),
        ({}, None),
        ({"explain": "full"}, None),
        ({"explain": "none", "carry_forward": True}, {"carry_forward": True}),
    ],
)
def test_how_much_is_explained_is_no_fact(options: Json | None, stay: Json | None) -> None:
    assert read(options=options).facts["options"] == stay


def test_every_fault_of_both_parts_is_found_at_once() -> None:
    wrong: Json = {
        "date": "2090-01-01",
        "household": HOUSEHOLD | {"colour": 1},
        "options": SUPPLIED,
        "kind": "whim",
        "accepted_on": "soon",
    }
    found = faults_with(**wrong)
    assert {(fault.pointer, fault.code) for fault in found} == {
        ("/date", "too_far_ahead"),
        ("/household/colour", "unknown_field"),
        ("/kind", "not_allowed"),
        ("/accepted_on", "date_format"),
        ("/options/parameters", "document_needed"),
    }


def test_faults_of_sense_are_found_beside_those_of_the_assessment() -> None:
    found = faults_with(
        date="2090-01-01",
        options=SUPPLIED,
        provenance={"/household/nothing": {"source": "declared"}},
        identities=[identity("p9")],
    )
    assert set(found) == {
        Fault("/date", "too_far_ahead"),
        Fault("/options/parameters", "document_needed"),
        Fault("/provenance", "wrong_pointer"),
        Fault("/identities/0/person", "unknown_person"),
    }


def test_a_field_of_neither_part_is_a_fault() -> None:
    assert faults_with(reason="x") == [Fault("/reason", "unknown_field")]


def test_what_follows_needs_a_reason() -> None:
    assert faults(REQUEST, FollowingDetails) == [Fault("/reason", "required")]


@pytest.mark.parametrize("raw", [None, [], "x", 1])
def test_what_is_no_object_is_faulty(raw: Any) -> None:
    assert "" in [fault.pointer for fault in faults(raw)]


def test_a_place_nobody_answers_for_and_a_crowd_are_said_as_an_assessment_says_them() -> None:
    with pytest.raises(UnknownDivision):
        read(jurisdiction="810000")
    with pytest.raises(TooManyMembers):
        read(household=HOUSEHOLD | {"members": HOUSEHOLD["members"] * 16})


# provenance


@pytest.mark.parametrize(
    "pointer",
    [
        "/household/residence",
        "/household/members/0",
        "/household/members/0/income/wage",
        "/household/obligors/0/of/0",
        "/options/carry_forward",
    ],
)
def test_provenance_names_a_fact_of_the_request(pointer: str) -> None:
    read(provenance={pointer: {"source": "verified", "on": "2026-08-01"}}, options={"carry_forward": False})


@pytest.mark.parametrize(
    "pointer",
    [
        "",
        "/",
        "/household",
        "/options",
        "household/residence",
        "/date",
        "/jurisdiction/0",
        "/household/members/2",
        "/household/members/-1",
        "/household/members/٠",
        "/household/members/0/income/business",
        "/household/residence/0",
        "/household/members/0/income/wage/0",
        "/household/colour",
    ],
)
def test_provenance_of_what_is_not_there_is_a_fault(pointer: str) -> None:
    assert faults_with(provenance={pointer: {"source": "declared"}}) == [Fault("/provenance", "wrong_pointer")]


def test_provenance_of_an_unknown_kind_is_a_fault_of_form() -> None:
    (fault,) = faults_with(provenance={"/household/residence": {"source": "rumour"}})
    assert fault.code == "not_allowed"


# supplied figures


def evidence(id_: str, **more: Any) -> Json:
    return {f"/options/parameters/{id_}": {"source": "settled"} | more}


def test_a_supplied_figure_names_its_document() -> None:
    found = read(options=SUPPLIED, provenance=evidence("dibao.standard", evidence="示例〔2026〕1号"))
    assert found.facts["options"] == SUPPLIED


@pytest.mark.parametrize(
    "provenance",
    [
        None,
        {},
        evidence("dibao.standard"),
        {"/household/residence": {"source": "settled", "evidence": "x"}},
        {"/options/parameters/dibao.standard/urban": {"source": "settled", "evidence": "x"}},
    ],
)
def test_a_supplied_figure_without_a_document_is_a_fault(provenance: Json | None) -> None:
    assert faults_with(options=SUPPLIED, provenance=provenance) == [Fault("/options/parameters", "document_needed")]


def test_each_supplied_figure_needs_a_document_of_its_own() -> None:
    both: Json = {"parameters": SUPPLIED["parameters"] | {"edge.multiple": "1.60"}}
    assert faults_with(options=both, provenance=evidence("dibao.standard", evidence="x")) == [
        Fault("/options/parameters", "document_needed")
    ]


# identities


@pytest.mark.parametrize("person", ["p1", "p2", "o1"])
def test_a_member_or_an_obligor_has_an_identity(person: str) -> None:
    assert [one.person for one in read(identities=[identity(person)]).details.identities or ()] == [person]


def test_nobody_else_has_an_identity_and_nobody_two() -> None:
    found = faults_with(identities=[identity("p1"), identity("p9"), identity("p1"), identity("p9")])
    assert found == [
        Fault("/identities/1/person", "unknown_person"),
        Fault("/identities/1/id_number", "same_person"),
        Fault("/identities/2/person", "duplicate_id"),
        Fault("/identities/3/person", "unknown_person"),
        Fault("/identities/3/person", "duplicate_id"),
        Fault("/identities/3/id_number", "same_person"),
    ]


@pytest.mark.parametrize("number", ["1101051949123100", "11010519491231002Y", "1101051949123100２X", ""])
def test_an_id_number_has_eighteen_characters(number: str) -> None:
    (fault,) = faults_with(identities=[identity("p1") | {"id_number": number}])
    assert (fault.pointer, fault.code) == ("/identities/0/id_number", "wrong_form")


@pytest.mark.parametrize("field", ["case", "household_ref", "by"])
def test_a_reference_is_no_id_number(field: str) -> None:
    (fault,) = faults_with(**{field: "11999919840302018X"})
    assert fault.pointer == f"/{field}"


# other bodies


def test_a_body_of_one_shape_is_read_or_refused_with_every_fault() -> None:
    assert read_body({"reason": "家庭撤回申请"}, Withdrawal).reason == "家庭撤回申请"
    with pytest.raises(FaultyRequest) as refused:
        read_body({"by": "a b", "colour": 1}, Withdrawal)
    assert {fault.pointer for fault in refused.value.faults} == {"/reason", "/by", "/colour"}


@pytest.mark.parametrize(
    ("born", "fault"), [("1940-03-02", True), ("2004-03-02", True), ("1983-03-02", False), ("1984-03-02", False)]
)
def test_a_number_with_another_birth_is_a_fault_if_decades_apart_and_else_a_doubt(born: str, fault: bool) -> None:
    household = HOUSEHOLD | {"members": [HOUSEHOLD["members"][0] | {"birth_date": born}, *HOUSEHOLD["members"][1:]]}
    where = "/identities/0/id_number"
    if fault:
        assert Fault(where, "birth_differs") in faults_with(household=household, identities=[identity("p1")])
    else:
        found = read(household=household, identities=[identity("p1")])
        assert found.doubts == (() if born == "1984-03-02" else (Doubt(where, "birth_differs"),))


def test_what_a_fact_rests_on_was_found_out_by_now() -> None:
    source = {"source": "verified", "on": "2099-01-01"}
    found = faults_with(provenance={"/household/members/0/birth_date": source})
    assert {(one.pointer, one.code) for one in found} == {("/provenance", "in_the_future")}
