"""What a decision takes from its household: in which months less is paid than without it, and whose decision is lowered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal
from uuid import UUID

from app.decisions.grants import takes_over
from app.decisions.state import DecisionState, Key
from app.decisions.timeline import Decided, in_order, speaking
from app.rules.values.strict_json import Json

Way = Literal["reduced", "terminated"]
_AFTER_ALL: Final = "9999-12-31T00:00:00Z"  # when it is decided, beside what was before


@dataclass(frozen=True)
class Lessening:
    """In one month a result pays less than `lowered` grants, or nothing."""

    month: str
    way: Way
    lowered: DecisionState


def lessenings(state: DecisionState, outcomes: list[Json]) -> list[Lessening]:
    """List what some outcomes of a decision take from what its household was granted before: in each month in which
    anything changes. A result on which nothing is decided takes nothing."""
    own = UUID(state.decision["id"])
    earlier = {id_: one for id_, one in state.household.items() if _came_before(one, state)}
    if not earlier:
        return []
    made = replace(state, records=[{"kind": "confirmation", "outcomes": outcomes, "recorded_at": _AFTER_ALL}])
    before, after = in_order(earlier), in_order(earlier | {own: made})
    return [found for month in _months_of_change(before, after) for found in _in_month(month, before, after)]


def _came_before(one: DecisionState, state: DecisionState) -> bool:
    """Proposals are among them: what corrects one of them takes the place of what that corrected."""
    return state.turn is None or one.turn is None or one.turn < state.turn


def _months_of_change(before: list[Decided], after: list[Decided]) -> list[str]:
    keys = {key for one in before for key in one.grants}
    every = [*before, *after]
    months = {takes_over(one.state.decision, key) for one in every for key in keys}
    return sorted(months | {one.first for one in every})


def _key_in(now: DecisionState, was: DecisionState, key: Key) -> Key:
    """The key of a result in another decision, where the same person may have another id."""
    programme, person = key
    ref = next((ref for ref, id_ in was.members.items() if id_ == person), None)
    return programme, now.members.get(ref, person) if ref else person


def _in_month(month: str, before: list[Decided], after: list[Decided]) -> Iterator[Lessening]:
    for key in {key: None for one in before for key in one.grants}:
        was, now = speaking(month, before, key), speaking(month, after, key)
        granted = was.grants.get(key) if was else None
        if was is None or granted is None:
            continue
        left = now.grants.get(_key_in(now.state, was.state, key)) if now else None
        if left and left.first > month:
            left = None
        if (left.fen if left else 0) < granted.fen:
            yield Lessening(month, "reduced" if left else "terminated", was.state)
