"""Finds who of a decision's household is granted support in another household at the same time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from app.core.ids import new_id
from app.decisions.grants import grants
from app.decisions.outcomes import PAYING
from app.decisions.state import DecisionState, Elsewhere, Key
from app.rules.facts.request import china_day
from app.rules.values.strict_json import Json

KIND: Final = "granted_elsewhere"  # of the alert: app/monitoring/events.yaml


def supported_by(state: DecisionState, record: Json | None = None) -> set[Key]:
    """List the results that support somebody by a decision's confirmation, or by its recommendation; by one of its records,
    or by the last word of all."""
    decided = state.confirmation if record is None else record
    if decided is not None and decided["kind"] == "confirmation":
        return {(one["programme"], one["person"]) for one in decided["outcomes"] if one["outcome"] in PAYING}
    results = state.decision["results"]["results"]
    return {(one["programme"], one["person"]) for one in results if one["status"] == "eligible"}


def granted_elsewhere(state: DecisionState, here: set[Key], at: dt.datetime) -> list[Elsewhere]:
    """List whom some results of a decision support who was supported every month in another household at an instant."""
    return [
        one
        for one in state.elsewhere
        if one.stood(at) and supports(state, here, one.person) and supports(one.state, set(_granted(one)), one.there)
    ]


def alerts(state: DecisionState, confirmation: Json, at: dt.datetime) -> Iterator[Json]:
    """Yield the alerts that a confirmation raises, to the areas of both decisions: rows of the table of alerts, one
    for each other decision."""
    for one in granted_elsewhere(state, supported_by(state, confirmation), at):
        yield _alert(state.decision, one.person, one.state.decision, at)
        yield _alert(one.state.decision, one.there, state.decision, at)


def _alert(decision: Json, person: str, other: Json, at: dt.datetime) -> Json:
    return {
        "id": new_id(at),
        "jurisdiction": decision["jurisdiction"],
        "decision": UUID(decision["id"]),
        "person": person,
        "kind": KIND,
        "day": china_day(at),
        "value": None,
        "evidence": None,
        "details": {"decision": other["id"]},
        "reported_at": at,
        "reported_by": "doudi",
    }


def _granted(one: Elsewhere) -> Iterator[Key]:
    if one.state.confirmation is not None:
        yield from (grant.key for grant in grants(one.state.decision, one.state.confirmation))


def supports(state: DecisionState, keys: set[Key], person: str) -> bool:
    """Tell if results support somebody: his own, or those of the household if he is counted in it."""
    counted: Json = state.decision["results"]["household"]["counted"]
    return any(whose == person or (whose is None and person in counted) for _, whose in keys)
