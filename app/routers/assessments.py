"""What is this household entitled to? Nothing is stored."""

import datetime as dt

from fastapi import APIRouter, Request, Response

from app.body import json_body
from app.languages import language_of
from app.routers.direct import DirectRoute
from app.routers.documentation import ASSESSMENT
from app.routers.json import json_response
from app.rules.service import Rules

router = APIRouter(prefix="/v1", tags=["assessments"], route_class=DirectRoute)


@router.post("/assessments", **ASSESSMENT)
async def assess(request: Request) -> Response:
    """Every programme for a household, on a day, with what was known at an instant: status, amount, reasons."""
    rules: Rules = request.app.state.rules
    raw = await json_body(request)
    return json_response(rules.assess(raw, language_of(request), dt.datetime.now(dt.UTC)))
