"""What is this household entitled to? Nothing is stored."""

import datetime as dt
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from app.http.body import json_body
from app.http.documentation import ASSESSMENT
from app.http.hot_route import DirectRoute
from app.http.json import json_response
from app.http.language import language_of
from app.rules.history import Generations

router = APIRouter(prefix="/v1", tags=["assessments"], route_class=DirectRoute)

# A large household of whom little is known can take seconds; others are not kept waiting for it.
_LARGE_HOUSEHOLD: Final = 8


@router.post("/assessments", **ASSESSMENT)
async def assess(request: Request) -> Response:
    """Every programme for a household, on a day, with what was known at an instant: status, amount, reasons."""
    generations: Generations = request.app.state.generations
    raw = await json_body(request)
    language, now = language_of(request), dt.datetime.now(dt.UTC)
    rules = generations.asked(raw, now)
    if _members(raw) > _LARGE_HOUSEHOLD:
        return json_response(await run_in_threadpool(rules.assess, raw, language, now))
    return json_response(rules.assess(raw, language, now))


def _members(raw: Any) -> int:
    household = raw.get("household") if isinstance(raw, dict) else None
    members = household.get("members") if isinstance(household, dict) else None
    return len(members) if isinstance(members, list) else 0
