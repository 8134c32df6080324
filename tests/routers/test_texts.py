"""No text of any body may hold characters that nobody can read: a table made from the models of every body."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from typing import Any, Final, get_args

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError

from app.rules.values.text import is_readable
from app.verification.exchange.protocol import Query, Report
from tests.publications.test_api import PUBLISHER, raised
from tests.support.client import assert_problem, example
from tests.support.decisions.identities import identity
from tests.support.service import DECISIONS, Service

HIDDEN: Final = [
    *("\x00", "\x01", "\x08", "\x1b", "\x7f", "\x85", "\x9f"),  # control characters
    *("\u200e", "\u200f", "\u061c", "\u202a", "\u202e", "\u2066", "\u2069"),  # the order of reading
    *("\u2028", "\u2029", "\ufdd0", "\uffff", "\U0001fffe", "\ud800", "\udfff"),  # no characters at all
]
KEPT: Final = ["𠮷", "㛃", "鿍", "葛\U000e0100", "\ue863", "\u200b", "ئا", "བོད", "é", "👨\u200d👩", "\U000323b0"]
READ_LATER: Final = {  # texts that no model takes apart, and what does
    ("PublicationRequest", "pack"): "the reader of YAML",
    ("PublicationRequest", "change"): "the reader of YAML",
    ("PublicationRequest", "documents"): "the reader of YAML",
    ("PublicationRequest", "values"): "the reader of YAML",
    ("Options", "parameters"): "read_supplied: names that are known, figures",
    ("ReplayParameters", "parameters"): "read_supplied",
    ("BulkReplay", "parameters"): "read_supplied",
    ("Corrected", "parameters"): "read_supplied",
    ("ResolutionSent", "value"): "the model of the household",
    ("DecisionRequest", "provenance"): "its keys: only pointers that lead somewhere are taken",
    ("FollowingRequest", "provenance"): "the same",
    ("VerificationRequest", "provenance"): "the same",
    ("Obligor", "relation"): "the door: facts on record are read again as they are",
    ("Item", "value"): "the fact's own choices",
    ("Period", "first"): "the form of a month",
    ("Period", "last"): "the form of a month",
}


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from _models_in(field.annotation)
    for part in get_args(annotation):
        yield from _models_in(part)


def _bodies(app: FastAPI) -> set[type[BaseModel]]:
    routes = [route for route in app.routes if isinstance(route, APIRoute) and route.body_field is not None]
    declared = [route.body_field.field_info.annotation for route in routes if route.body_field]
    return {model for annotation in [*declared, Query, Report] for model in _models_in(annotation)}


def test_no_text_of_any_body_takes_a_character_that_nobody_can_read(app: FastAPI) -> None:
    taken, fields = set(), 0
    for model in _bodies(app):
        for name, field in model.model_fields.items():
            adapter: TypeAdapter[Any] = TypeAdapter(field.rebuild_annotation())
            fields += 1
            if any(_takes(adapter, value) for sign in HIDDEN for value in _values(f"a{sign}b")):
                taken.add((model.__name__, name))
    assert taken == READ_LATER.keys()
    assert fields > 150


def _values(bad: str) -> tuple[Any, ...]:
    """A text where a field may have one: itself, in a list, as a value, as a key."""
    return bad, [bad], (bad,), {"a": bad}, {bad: "a"}, {bad: {"source": "declared"}}


def _takes(adapter: TypeAdapter[Any], value: Any) -> bool:
    try:
        adapter.validate_python(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("sign", HIDDEN, ids=lambda sign: f"{ord(sign):04x}")
def test_one_rule_says_which_characters_those_are(sign: str) -> None:
    assert not is_readable(f"a{sign}b")


@pytest.mark.parametrize("text", KEPT, ids=ascii)
def test_rare_characters_are_kept(text: str) -> None:
    assert is_readable(text)


@pytest.mark.anyio
@pytest.mark.parametrize("sign", ["\x00", "\u202e", "\u2028"])
async def test_a_name_that_no_register_takes_is_no_name(service: Service, sign: str) -> None:
    body = example() | {"identities": [identity(name=f"张{sign}三")]}
    await _refused(service, DECISIONS, body, "/identities/0/name")
    await _refused(service, "/v1/verifications", body | {"purpose": "application"}, "/identities/0/name")


@pytest.mark.anyio
@pytest.mark.parametrize("name", ["\u3164", "\u200b\ufe0f", " ", "\ufdfa" * 100], ids=ascii)
async def test_a_name_of_which_nothing_is_left_or_too_much_is_no_name(service: Service, name: str) -> None:
    await _refused(service, DECISIONS, example() | {"identities": [identity(name=name)]}, "/identities/0/name")


@pytest.mark.anyio
@pytest.mark.parametrize("sign", ["\x00", "\u202e", "\ufffe"])
async def test_rules_that_are_published_hold_no_such_character(service: Service, sign: str) -> None:
    await service.storage.standing.begin()
    title = {"zh": f"通{sign}知", "en": "Notice"}
    as_json = raised() | {"documents": {"notice": raised()["documents"]["notice"] | {"title": title}}}
    as_yaml = {"jurisdiction": "999900", "change": f"# {sign}\nvalues: {{}}\n"}
    escaped = {"jurisdiction": "999900", "change": 'documents: {d: {title: {zh: "\\u202E", en: "n"}}}\n'}
    for body in (as_json, as_yaml, escaped):
        response = await service.call("POST", "/v1/publications", body, caller=PUBLISHER)
        assert_problem(response, 422, "faulty_publication")


async def _refused(service: Service, path: str, body: Any, pointer: str) -> None:
    response = await service.http.post(path, content=json.dumps(body), headers={"idempotency-key": "k"})
    errors = assert_problem(response, 422, "faulty_request")["errors"]
    assert [(one["pointer"], one["code"]) for one in errors] == [(pointer, "wrong_form")]
