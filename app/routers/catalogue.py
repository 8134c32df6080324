"""Places, standards, rules in force, rulesets and the facts' schema."""

import datetime as dt
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from app.core.errors import StorageUnavailable, UnknownRuleset
from app.http.asking import Asking
from app.http.direct_old import DirectRoute
from app.http.json import json_response
from app.http.language import language_of
from app.http.storage_gate import storage_of
from app.routers import documentation_of_gets as documented
from app.rules.catalogue.places import division_head
from app.rules.facts.json_schema import facts_schema
from app.rules.history import Generations

router = APIRouter(prefix="/v1", tags=["rules"], route_class=DirectRoute)


@router.get("/jurisdictions", **documented.JURISDICTIONS)
async def jurisdictions(request: Request) -> Response:
    """Every place with rules of its own."""
    asking = Asking(request)
    return json_response({"items": asking.catalogue(asking.now).divisions(language_of(request)), "next": None})


@router.get("/jurisdictions/{code}", **documented.JURISDICTION)
async def jurisdiction(request: Request) -> Response:
    """A place: its parent and children, which programmes have standards and over which dates, and the gaps."""
    asking = Asking(request)
    code = asking.code_in_path()
    asking.settle()
    return json_response(asking.catalogue(asking.now).division(code, asking.today, language_of(request)))


@router.get("/jurisdictions/{code}/standards", **documented.STANDARDS)
async def standards(request: Request) -> Response:
    """Every parameter in force on a day, or with `from` and `until` the series of figures over the years."""
    asking, language = Asking(request), language_of(request)
    code, date = asking.code_in_path(), asking.date("date", asking.today)
    first, last = asking.day("from", dt.date.min), asking.day("until", asking.today)
    known = asking.known("known_at", asking.now)
    asking.settle()
    asking.must_be_known(code, date, known)
    asking.settle()
    catalogue = asking.catalogue(known)
    if asking.has("from") or asking.has("until"):
        return json_response(catalogue.series(code, first, last, known.date(), language))
    return json_response(catalogue.standards(code, date, known.date(), language))


@router.get("/rules", **documented.RULES)
async def rules(request: Request) -> Response:
    """The rules in force as people read them: title, formula, words, articles, what they need and what needs them."""
    asking = Asking(request)
    code, date, known = _place_day_and_instant(asking)
    return json_response(asking.catalogue(known).rules(code, date, known.date(), language_of(request)))


@router.get("/rules/diff", **documented.DIFFERENCE)
async def difference(request: Request) -> Response:
    """Two dates, two states of knowledge or two places side by side."""
    asking = Asking(request)
    code, date = asking.jurisdiction(), asking.date("date", asking.today)
    known = asking.known("known_at", asking.now)
    other_code, other_date = asking.other_jurisdiction(code), asking.date("other_date", date)
    other_known = asking.known("other_known_at", known)
    asking.settle()
    asking.must_be_known(code, date, known)
    name = "other_known_at" if asking.has("other_known_at") else "known_at"
    asking.must_be_known(other_code, other_date, other_known, name)
    asking.settle()
    left, right = (code, date, known.date()), (other_code, other_date, other_known.date())
    catalogue, other = asking.catalogue(known), asking.catalogue(other_known)
    return json_response(catalogue.difference(left, right, language_of(request), other))


@router.get("/rules/{rule}", **documented.RULE)
async def rule(request: Request) -> Response:
    """One rule in force, with all its versions."""
    asking = Asking(request)
    id_ = asking.text_in_path("rule", 100)
    code, date, known = _place_day_and_instant(asking)
    return json_response(asking.catalogue(known).rule(id_, code, date, known.date(), language_of(request)))


@router.get("/rulesets/{hash_}", **documented.RULESET)
async def ruleset(request: Request) -> Response:
    """The exact rules and values of a hash, as far as they can be built from what is loaded."""
    asking = Asking(request)
    hash_ = asking.text_in_path("hash_", 80)
    asking.settle()
    return json_response(await _stored_ruleset(request, hash_) or await _built_ruleset(request, hash_))


@router.get("/facts/schema", **documented.FACTS_SCHEMA)
async def schema(request: Request) -> Response:
    """JSON Schema of the household, with titles in both languages."""
    return json_response(facts_schema())


async def _stored_ruleset(request: Request, hash_: str) -> dict[str, Any] | None:
    """What was stored when a decision used it, for ever; None where nothing is, or nothing is stored at all."""
    try:
        kept = (await storage_of(request)).kept
        found = await kept.ruleset(hash_)
        rules = await kept.rules_of(hash_, found.resolved["jurisdiction"])
    except (StorageUnavailable, UnknownRuleset):
        return None
    path = rules.library.path(rules.library.division(found.resolved["jurisdiction"]))
    head = division_head(rules.library, path[-1], language_of(request))
    return {"jurisdiction": head, "ruleset": hash_, "path": path, "content": orjson.loads(found.content)}


async def _built_ruleset(request: Request, hash_: str) -> dict[str, Any]:
    """What can be built from what is loaded: an unknown hash is looked for among all that can be, which takes seconds
    the first time."""
    generations: Generations = request.app.state.generations
    for generation in generations:
        found = await run_in_threadpool(generation.catalogue.ruleset, hash_, language_of(request))
        if found is not None:
            return found
    raise UnknownRuleset


def _place_day_and_instant(asking: Asking) -> tuple[str, dt.date, dt.datetime]:
    """What the pages of rules are asked with; refused with every fault at once."""
    code, date = asking.jurisdiction(), asking.date("date", asking.today)
    known = asking.known("known_at", asking.now)
    asking.settle()
    asking.must_be_known(code, date, known)
    asking.settle()
    return code, date, known
