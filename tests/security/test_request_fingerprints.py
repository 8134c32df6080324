"""Fingerprints of requests: what is the same request stays it for ever, and a null that says nothing is no other."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Final

import pytest
from pydantic import BaseModel, ValidationError

from app.core.canonical_json import canonical_plain
from app.decisions.schemas import Confirmation, DecisionDetails, Event, FollowingDetails, Withdrawal
from app.publications.schemas import Approval, PublicationRequest, Rejection
from app.rules.facts.examples import FAMILY_OF_THREE
from app.rules.facts.request import AssessmentRequest
from app.rules.values.strict_json import Json
from app.security.request_fingerprints import RequestMarks, without_idle_nulls
from app.verification.schemas import VerificationDetails

MARKS: Final = RequestMarks(b"k" * 32)
MODELS: Final = (
    AssessmentRequest,
    *(DecisionDetails, FollowingDetails, Confirmation, Withdrawal, Event),
    *(PublicationRequest, Approval, Rejection, VerificationDetails),
)
KNOWN: Final = "cca787737bce7460eb9c99382b2bd53b8f2771e7978d625c72aa9e22c52f3d7a"
FULL: Final[Json] = {
    "jurisdiction": "999900",
    "household": {
        "residence": "urban",
        "members": [
            {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02", "income": {"wage": "1.00"}, "disability": {"kind": "multiple", "level": 1, "components": [{"kind": "visual", "level": 1}]}},
            {"id": "p2", "relation": "child", "birth_date": "2012-03-02", "parents": {"father": {"state": "alive"}, "mother": {"state": "deceased"}}, "outgoings": {}},
        ],
        "assets": {},
        "spending": {},
        "obligors": [{"id": "o1", "of": ["p1"], "relation": "son", "birth_date": "1990-01-01"}],
        "receiving": [{"programme": "dibao"}],
        "crisis": {"kind": "emergency", "severity": "light"},
    },
    "options": {},
}  # fmt: skip


def places(model: BaseModel, where: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every field of every model within a value that was read, with the place of its model."""
    for name, field in type(model).model_fields.items():
        yield where, field.alias or name
        value = getattr(model, name)
        for place, item in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(item, BaseModel):
                yield from places(item, (*where, field.alias or name, *([] if place is None else [place])))


def at(body: Any, where: tuple[str | int, ...]) -> Any:
    for part in where:
        body = body[part]
    return body


def test_every_null_of_a_household_is_left_out_just_if_it_is_read_as_its_absence() -> None:
    read = AssessmentRequest.model_validate(FULL)
    dropped: set[str] = set()
    kept: set[str] = set()
    for where, name in places(read):
        without, nulled = copy.deepcopy(FULL), copy.deepcopy(FULL)
        at(without, where).pop(name, None)
        at(nulled, where)[name] = None
        try:
            same = AssessmentRequest.model_validate(nulled) == AssessmentRequest.model_validate(without)
        except ValidationError:  # one of both is no request
            continue
        bare = without_idle_nulls(nulled, AssessmentRequest.model_validate(nulled))
        assert bare == (without if same else nulled), (where, name)
        (dropped if same else kept).add(name)
    assert {"programmes", "options", "employed", "child_of", "since", "urgent"} <= dropped
    assert {"wage", "financial", "medical", "taxes"} <= kept


@pytest.mark.parametrize("model", MODELS, ids=lambda one: str(one.__name__))
def test_every_field_that_may_be_left_out_of_a_body_with_a_key_may_be_null(model: type[BaseModel]) -> None:
    needed: dict[str, Any] = {name: "" for name, field in model.model_fields.items() if field.is_required()}
    read = model.model_construct(**needed)
    for name, field in model.model_fields.items():
        if field.default is None:
            sent = field.alias or name
            assert without_idle_nulls({sent: None}, read) == {}, sent


def test_a_body_without_such_nulls_keeps_the_fingerprint_it_always_had() -> None:
    """Computed when there was no other; a change here would make every old key `key_reused`."""
    read = AssessmentRequest.model_validate(FAMILY_OF_THREE)
    found = MARKS.of(["propose"], FAMILY_OF_THREE, read)
    assert found.kept == found.as_sent == MARKS.mark(canonical_plain(["propose", FAMILY_OF_THREE]))
    assert MARKS.of(["withdraw x"], {"reason": "r"}, Withdrawal(reason="r")).kept.hex() == KNOWN


def test_a_body_with_nulls_is_known_as_it_was_kept_and_as_it_is_kept() -> None:
    sent = FAMILY_OF_THREE | {"programmes": None}
    read = AssessmentRequest.model_validate(sent)
    found = MARKS.of(["propose"], sent, read)
    assert found.fits(MARKS.mark(canonical_plain(["propose", sent])))
    assert found.fits(MARKS.of(["propose"], FAMILY_OF_THREE, read).kept)
    assert not found.fits(MARKS.of(["propose"], FAMILY_OF_THREE | {"programmes": ["dibao"]}, read).kept)
