"""Places, standards, rules in force, rulesets and the facts' schema."""

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from app.languages import language_of
from app.problems import Problem
from app.routers.json import json_response
from app.rules.catalogue import Catalogue
from app.rules.faults import Fault, FaultyRequest
from app.rules.requests import SHANGHAI, read_instant
from app.rules.ruleset import NoLaw
from app.rules.schema import facts_schema

router = APIRouter(prefix="/v1", tags=["rules"])

Code = Annotated[str, Path(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$", description="GB/T 2260 code")]
CodeQuery = Annotated[
    str,
    Query(
        alias="jurisdiction", pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$", description="GB/T 2260 code"
    ),
]
OptionalCode = Annotated[
    str | None, Query(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$", description="GB/T 2260 code")
]
Date = Annotated[dt.date | None, Query(description="The day; today in Shanghai if absent")]
KnownAt = Annotated[
    str | None, Query(description="RFC 3339 instant, or a date for 00:00 in Shanghai; now if absent", max_length=40)
]


def _catalogue(request: Request) -> Catalogue:
    catalogue: Catalogue = request.app.state.catalogue
    return catalogue


def _today() -> dt.date:
    return dt.datetime.now(SHANGHAI).date()


def _known(value: str | None) -> dt.date:
    if value is None:
        return _today()
    try:
        return read_instant(value.replace(" ", "+")).date()
    except Exception:
        raise FaultyRequest([Fault("/query/known_at", "instant_format")]) from None


def _answered(request: Request, read: Any) -> Response:
    try:
        return json_response(read())
    except NoLaw:
        raise FaultyRequest([Fault("/query/date", "before_any_law")]) from None


@router.get("/jurisdictions")
async def jurisdictions(request: Request) -> Response:
    """Every place with rules of its own."""
    return json_response({"items": _catalogue(request).divisions(language_of(request)), "next": None})


@router.get("/jurisdictions/{code}")
async def jurisdiction(request: Request, code: Code) -> Response:
    """A place: its parent and children, which programmes have standards and over which dates, and the gaps."""
    return json_response(_catalogue(request).division(code, language_of(request)))


@router.get("/jurisdictions/{code}/standards")
async def standards(
    request: Request,
    code: Code,
    date: Date = None,
    known_at: KnownAt = None,
    start: Annotated[dt.date | None, Query(alias="from", description="Series: first day")] = None,
    until: Annotated[dt.date | None, Query(description="Series: last day")] = None,
) -> Response:
    """Every parameter in force on a day, or with `from` and `until` the series of figures over the years."""
    catalogue, language, known = _catalogue(request), language_of(request), _known(known_at)
    if start is None and until is None:
        return _answered(request, lambda: catalogue.standards(code, date or _today(), known, language))
    first, last = start or dt.date.min, until or _today()
    return json_response(catalogue.series(code, first, last, known, language))


@router.get("/rules")
async def rules(request: Request, code: CodeQuery, date: Date = None, known_at: KnownAt = None) -> Response:
    """The rules in force as people read them: title, formula, words, articles, what they need and what needs them."""
    catalogue, known = _catalogue(request), _known(known_at)
    return _answered(request, lambda: catalogue.rules(code, date or _today(), known, language_of(request)))


@router.get("/rules/diff")
async def difference(
    request: Request,
    code: CodeQuery,
    date: Date = None,
    known_at: KnownAt = None,
    other_jurisdiction: OptionalCode = None,
    other_date: Date = None,
    other_known_at: KnownAt = None,
) -> Response:
    """Two dates, two states of knowledge or two places side by side."""
    catalogue = _catalogue(request)
    left = (code, date or _today(), _known(known_at))
    right = (other_jurisdiction or code, other_date or left[1], _known(other_known_at) if other_known_at else left[2])
    return _answered(request, lambda: catalogue.difference(left, right, language_of(request)))


@router.get("/rules/{rule}")
async def rule(
    request: Request,
    rule: Annotated[str, Path(max_length=100)],
    code: CodeQuery,
    date: Date = None,
    known_at: KnownAt = None,
) -> Response:
    """One rule in force, with all its versions."""
    catalogue, known = _catalogue(request), _known(known_at)
    return _answered(request, lambda: catalogue.rule(rule, code, date or _today(), known, language_of(request)))


@router.get("/rulesets/{hash_}")
async def ruleset(request: Request, hash_: Annotated[str, Path(alias="hash_", max_length=80)]) -> Response:
    """The exact rules and values of a hash, as far as they can be built from what is loaded."""
    found = _catalogue(request).engines.rulesets.by_hash(hash_)
    if found is None:
        raise Problem("unknown_ruleset")
    return json_response({"ruleset": found.hash, "path": found.path, "content": found.content})


@router.get("/facts/schema")
async def schema(request: Request) -> Response:
    """JSON Schema of the household, with titles in both languages."""
    return json_response(facts_schema())
