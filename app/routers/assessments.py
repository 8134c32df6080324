"""What is this household entitled to? Nothing is stored."""

import datetime as dt
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from app.http.body import AsSent
from app.http.doors import Doors
from app.http.hot_route import HotRoute, json_response
from app.http.language import language_of
from app.http.openapi import example_body, titled
from app.http.problems import raises
from app.rules.explain.schemas import Assessment
from app.rules.facts.examples import FAMILY_OF_THREE
from app.rules.facts.request import AssessmentRequest
from app.rules.history import RulesHistory

router = APIRouter(prefix="/v1", tags=["assessments"], route_class=HotRoute)

# A large household of whom little is known can take seconds; others are not kept waiting for it.
_LARGE_HOUSEHOLD: Final = 8


@router.post(
    "/assessments",
    response_model=Assessment,
    **titled(
        "认定一个家庭可享受的救助（不保存）",
        "Every programme: status, amount, reasons",
        **example_body(FAMILY_OF_THREE),
    ),
)
@raises("not_json", "too_large", "too_many_members", "faulty_request", "unknown_division", "rule_failure")
async def assess(request: Request, raw: AsSent[AssessmentRequest]) -> Response:
    """Every programme for a household, on a day, with what was known at an instant: status, amount, reasons."""
    generations: RulesHistory = request.app.state.generations
    language, now = language_of(request), dt.datetime.now(dt.UTC)
    rules = generations.asked(raw, now)
    if _members(raw) > _LARGE_HOUSEHOLD or _asks_for_more(raw):
        doors: Doors = request.app.state.doors
        async with doors.large_households.entered():
            return json_response(await run_in_threadpool(rules.assess, raw, language, now))
    return json_response(rules.assess(raw, language, now))


def _asks_for_more(raw: Any) -> bool:
    """Tells if choices or changes are asked for, each of which is assessed anew."""
    options = raw.get("options") if isinstance(raw, dict) else None
    return isinstance(options, dict) and bool(options.get("choices") or options.get("changes"))


def _members(raw: Any) -> int:
    household = raw.get("household") if isinstance(raw, dict) else None
    members = household.get("members") if isinstance(household, dict) else None
    return len(members) if isinstance(members, list) else 0
