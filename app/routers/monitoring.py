"""Endpoints of reviews that are due, of alerts, and of people likely eligible for what they do not get."""

from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from app.core.errors import UnknownAlert
from app.core.paging import Filter
from app.decisions.schemas import DECISION_EXAMPLE
from app.http.auth import Permission, ReadingDep
from app.http.doors import heavy
from app.http.language import LanguageDep
from app.http.openapi import example_body, titled
from app.http.paging import PageDep, next_cursor
from app.http.params import PRINTABLE, Day, LawDay, id_in_path, parameter, today
from app.http.problems import raises
from app.http.route import Route
from app.http.storage_gate import StorageDep
from app.monitoring.filters import DueReviews, RaisedAlerts, Screened
from app.monitoring.schemas import (
    ALERT_EXAMPLE,
    Alert,
    AlertList,
    AlertResolved,
    EventReported,
    EventTaken,
    ReviewList,
    ScreeningList,
)
from app.rules.facts.household import Programme
from app.security.areas import within_areas
from app.security.callers import Caller

router = APIRouter(prefix="/v1", tags=["monitoring"], route_class=Route)

_EVENT: Final = {
    "decision": DECISION_EXAMPLE,
    "person": "p2",
    "kind": "new_job",
    "on": "2026-10-12",
    "value": "2600.00",
}
Place = Annotated[
    Annotated[str, Field(pattern=r"^[0-9]{2,12}$")] | None,
    Query(examples=["999900"], **parameter("区划代码，含下级", "This place and all below it")),
]


async def _of_household(
    jurisdiction: Place = None,
    household_ref: Annotated[
        Annotated[str, Field(min_length=1, max_length=64), PRINTABLE] | None,
        Query(examples=["H-0042"], **parameter("家庭编号", "The caller's reference of the household")),
    ] = None,
) -> Filter:
    return Filter(jurisdiction=jurisdiction, household_ref=household_ref)


OfHousehold = Annotated[Filter, Depends(_of_household)]
alert_id: Final = id_in_path(UnknownAlert, "预警编号", "The alert", ALERT_EXAMPLE)


@router.get("/reviews", **titled("到期应当复核的家庭", "What is due, in the order in which it was decided"))
@raises("rule_failure")
@heavy
async def reviews(
    caller: Annotated[Caller, Permission("reviews.read")],
    households: OfHousehold,
    page: PageDep,
    storage: StorageDep,
    reading: ReadingDep,
    language: LanguageDep,
    due: Annotated[Day | None, Query(**parameter("到期日", "Due on this day or before; today if absent"))] = None,
    undated: Annotated[
        Literal["true", "false"] | None,
        Query(**parameter("含未公布周期的", "With those for which nothing published gives an interval, too")),
    ] = None,
) -> ReviewList:
    """Decided households whose review is due on a day or before, and what the same facts come to now."""
    filter_ = DueReviews(within_areas(caller, households), due or today(), undated=undated == "true")
    items, last = await storage.reviews.page(filter_, page.after(filter_), page.size, language)
    await reading.of(item.decision for item in items)
    return ReviewList(items=items, next=next_cursor(filter_, last))


@router.get(
    "/screenings",
    **titled("可能符合条件而未享受的人员（政策找人）", "Households, in the order in which they were decided"),
)
@raises("rule_failure")
@heavy
async def screenings(
    caller: Annotated[Caller, Permission("screenings.read")],
    households: OfHousehold,
    page: PageDep,
    storage: StorageDep,
    reading: ReadingDep,
    language: LanguageDep,
    on: Annotated[LawDay | None, Query(**parameter("日期", "On which day; today if absent"))] = None,
    programme: Annotated[Programme | None, Query(**parameter("项目", "Of this programme alone"))] = None,
) -> ScreeningList:
    """Decided households in which somebody is likely eligible for what was not granted."""
    filter_ = Screened(within_areas(caller, households), on or today(), programme)
    items, last = await storage.screenings.page(filter_, page.after(filter_), page.size, language)
    await reading.of(item.decision for item in items)
    return ScreeningList(items=items, next=next_cursor(filter_, last))


@router.get("/alerts", **titled("预警", "Alerts in the order of their time"))
@raises("rule_failure")
@heavy
async def alerts(
    caller: Annotated[Caller, Permission("alerts.read")],
    page: PageDep,
    storage: StorageDep,
    reading: ReadingDep,
    language: LanguageDep,
    jurisdiction: Place = None,
    state: Annotated[Literal["open", "all"] | None, Query(**parameter("状态", "`all`: those dealt with, too"))] = None,
) -> AlertList:
    """Events that were reported and what registers found of decided households, with what each would change."""
    filter_ = RaisedAlerts(within_areas(caller, Filter(jurisdiction=jurisdiction)), closed=state == "all")
    items, last = await storage.alerts.page(filter_, page.after(filter_), page.size, language)
    await reading.of(item.decision for item in items)
    return AlertList(items=items, next=next_cursor(filter_, last))


@router.post("/alerts", status_code=202, **titled("报告家庭变化", "It is taken", **example_body(_EVENT)))
@raises("unknown_decision", "already_succeeded", "not_decided")
async def report(
    caller: Annotated[Caller, Permission("alerts.report")], storage: StorageDep, body: EventReported
) -> EventTaken:
    """Something happened to somebody of a decided household. Whether it did is for a person to find out."""
    return await storage.event_reports.take(caller, body)


@router.post(
    "/alerts/{id_}/resolution",
    status_code=201,
    **titled("处理预警", "The alert, dealt with", **example_body({"reason": "已入户核实，收入未变化"})),
)
@raises("already_resolved", "rule_failure")
async def resolve(
    caller: Annotated[Caller, Permission("alerts.resolve")],
    id_: Annotated[UUID, Depends(alert_id)],
    storage: StorageDep,
    reading: ReadingDep,
    language: LanguageDep,
    body: AlertResolved,
) -> Alert:
    """A person dealt with an alert, and no new decision follows from it."""
    alert = await storage.alerts.resolve(caller, id_, body, language)
    await reading.of([alert.decision])
    return alert
