"""What the tests of the endpoints share: a client without a socket, bodies to send, and how a refusal must look."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from typing import Any, Final, Literal, get_args
from urllib.parse import quote

import httpx
from fastapi import FastAPI
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]  # it has no types of its own

from app.http.problems import TITLES, TYPE_BASE, Problem
from app.rules.facts.examples import FAMILY_OF_THREE as EXAMPLE
from app.rules.facts.household import IncomeKind
from app.rules.values.strict_json import Json

Language = Literal["zh", "en"]
ASSESSMENTS: Final = "/v1/assessments"
KNOWN_AT: Final = "2026-11-01T09:00:00+08:00"

# What must never come back: a resident identity number and a name.
ID_NUMBER: Final = "11999919840302018X"
NAME: Final = "张三丰"


class Client:
    """Requests to the service in this process; its failures come back as a server would send them."""

    def __init__(self, app: FastAPI) -> None:
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._http = httpx.AsyncClient(transport=transport, base_url="http://service")

    def close(self) -> None:
        self._runner.run(self._http.aclose())
        self._runner.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        language: str | None = None,
        query: Mapping[str, str] | None = None,
        content: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        sent = dict(headers or {}) | ({"accept-language": language} if language is not None else {})
        body = content if content is None or isinstance(content, bytes) else _chunks(content)
        return self._runner.run(self._http.request(method, path, params=query, content=body, headers=sent))

    def get(self, path: str, *, language: str | None = None, **query: str) -> httpx.Response:
        return self.request("GET", path, language=language, query=query or None)

    def post(
        self, content: bytes | Iterable[bytes], *, language: str | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """An assessment of a body as it is."""
        return self.request("POST", ASSESSMENTS, language=language, content=content, headers=headers)

    def assess(self, body: Any, *, language: str | None = None) -> httpx.Response:
        """An assessment of a JSON value."""
        return self.post(json.dumps(body).encode(), language=language)

    def assessed(self, body: Any, *, language: str | None = None) -> Json:
        """The answer to a body that has no faults."""
        response = self.assess(body, language=language)
        assert response.status_code == 200, response.text
        answer: Json = response.json()
        return answer


async def _chunks(parts: Iterable[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


# bodies


def example() -> Json:
    """The household of the contract, at a fixed instant of knowledge."""
    return copy.deepcopy(EXAMPLE) | {"known_at": KNOWN_AT}


def marked() -> Json:
    """The same household with an identity number for an id and a name where free text may stand."""
    body = example()
    body["household"]["members"][0]["id"] = ID_NUMBER
    body["household"]["obligors"] = [
        {"id": "o1", "of": [ID_NUMBER], "relation": NAME, "birth_date": "1955-03-02", "monthly_income": "100.00"}
    ]
    return body


def complete() -> Json:
    """A request in which every field of the contract has a value."""
    claim = {"state": "imprisoned", "since": "2024-01-01", "term_months": 48}
    member = {
        "id": ID_NUMBER,
        "relation": "applicant",
        "birth_date": "1984-03-02",
        "lives_together": True,
        "dependent_adult": False,
        "maintenance_duty": True,
        "absence": "clergy",
        "absent_since": "2025-01-01",
        "employed": True,
        "employment": "employee",
        "residence": "rural",
        "single_parent": False,
        "income": dict.fromkeys(get_args(IncomeKind), "12.00"),
        "income_months": 6,
        "income_periods": {"wage": 3},
        "outgoings": {"taxes": "1.00", "social_contributions": "2.00", "support_paid": "3.00"},
        "disability": {"kind": "multiple", "level": 2, "components": [{"kind": "physical", "level": 2}]},
        "needs_long_term_care": True,
        "serious_illness": True,
        "special_hardship": True,
        "own_register": False,
        "self_care_failed": 3,
        "education": "postgraduate",
        "placement": "institution",
        "spouse_of": "p2",
    }
    spouse = {"id": "p2", "relation": "spouse", "birth_date": "1986-11-20", "income": {}}
    child = {
        "id": "p3",
        "relation": "child",
        "child_of": [ID_NUMBER, "p2"],
        "birth_date": "2015-05-05",
        "parents": {"father": claim, "mother": dict(claim)},
    }
    household = {
        "residence": "urban",
        "dibao_class": "A",
        "members": [member, spouse, child],
        "assets": {"financial": "8000.00", "vehicles": 0, "dwellings": 1, "company_interest": False},
        "spending": {
            "medical": "3000.00",
            "education": "1.00",
            "disability_rehab": "2.00",
            "living": "3.00",
            "other": "4.00",
        },
        "obligors": [
            {
                "id": "o1",
                "of": ["p2"],
                "relation": NAME,
                "birth_date": "1955-03-02",
                "receiving": "dibao",
                "disability": {"kind": "visual", "level": 1},
                "monthly_income": "100.00",
                "assets_within_limit": True,
                "status": "prison",
                "household_size": 2,
                "supports": 1,
                "ordered_support": "10.00",
                "paid_support": "5.00",
            }
        ],
        "receiving": [{"programme": "dibao", "person": "p2", "since": "2026-01", "amount": "100.00"}],
        "crisis": {
            "kind": "emergency",
            "severity": "grave",
            "urgent": True,
            "cause": "fire",
            "occurred_on": "2026-08-01",
            "place": "999900",
            "persons": 2,
            "loss": "12000.00",
        },
    }
    parameters = {"dibao.standard": {"urban": "600.00"}, "edge.multiple": "1.5", "dibao.counts.scholarship": True}
    return {
        "jurisdiction": "999900",
        "date": "2026-08-15",
        "known_at": KNOWN_AT,
        "programmes": ["dibao"],
        "household": household,
        "options": {"carry_forward": False, "explain": "reasons", "parameters": parameters},
    }


def with_parameters(**parameters: Any) -> Json:
    """The household of the contract with figures an officer supplies; `__` stands for a dot."""
    return example() | {"options": {"parameters": {id_.replace("__", "."): value for id_, value in parameters.items()}}}


def changed(body: Json, changes: Mapping[str, Any]) -> Json:
    """A copy with other values at some JSON Pointers; a pointer ending in `-` appends to a list."""
    copied = copy.deepcopy(body)
    for pointer, value in changes.items():
        *path, last = pointer.split("/")[1:]
        target: Any = copied
        for part in path:
            target = target[int(part)] if isinstance(target, list) else target.setdefault(part, {})
        if isinstance(target, list) and last == "-":
            target.append(value)
        else:
            target[int(last) if isinstance(target, list) else last] = value
    return copied


def places(value: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    """Every JSON Pointer of a value with what stands there."""
    yield where, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, f"{where}/{str(key).replace('~', '~0').replace('/', '~1')}")


# what must hold of answers


def traces(text: str) -> list[str]:
    """Which forms of the marks a text contains."""
    forms = (ID_NUMBER, NAME, json.dumps(NAME)[1:-1], quote(NAME))
    return [form for form in forms if form.casefold() in text.casefold()]


def assert_silent(response: httpx.Response) -> None:
    """No submitted value in the body or in a header."""
    assert traces(response.content.decode()) == []
    assert traces(str(response.headers.raw)) == []


def assert_problem(response: httpx.Response, status: int, code: str) -> Json:
    """A problem document of this kind that repeats nothing; returned for a closer look."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert_silent(response)
    body: Json = response.json()
    Problem.model_validate(body)
    assert (body["status"], body["code"], body["type"]) == (status, code, TYPE_BASE + code)
    assert TITLES[code][0] == status
    return body


def faults(response: httpx.Response) -> set[tuple[str, str]]:
    """Pointer and code of every fault of a 422."""
    errors = assert_problem(response, 422, "faulty_request")["errors"]
    found = {(error["pointer"], error["code"]) for error in errors}
    assert len(found) == len(errors), "the same fault is listed twice"
    assert all(error["message"] for error in errors)
    return found


def schema_faults(schema: Any, value: Any) -> list[str]:
    """Where a value does not conform to a JSON Schema 2020-12; the schema itself must be one."""
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return [error.json_path for error in validator.iter_errors(value)]
