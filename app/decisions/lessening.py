"""What a decision takes from its household: in which months less is granted than without it, and whose decision is lowered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal
from uuid import UUID

from app.decisions.grants import Grant, once, takes_over
from app.decisions.state import DecisionState, Key
from app.decisions.timeline import Decided, in_order, replaced_by, speaking
from app.rules.facts.household import Programme
from app.rules.packs.schema import ProgrammeDeclaration
from app.rules.values.strict_json import Json

Way = Literal["reduced", "terminated"]
Programmes = Mapping[Programme, ProgrammeDeclaration]
_AFTER_ALL: Final = "9999-12-31T00:00:00Z"  # when it is decided, beside what was before


@dataclass(frozen=True)
class Lessening:
    """In one month a result pays less than `lowered` grants, or nothing; or a status that it grants is lost."""

    month: str
    way: Way
    lowered: DecisionState


def lessenings(state: DecisionState, outcomes: list[Json], programmes: Programmes, month: str) -> list[Lessening]:
    """List what some outcomes of a decision, made in a month, take from what its household was granted before: in that month
    and in each in which anything changes. A result on which nothing is decided takes nothing."""
    own = UUID(state.decision["id"])
    earlier = {id_: one for id_, one in state.household.items() if _came_before(one, state)}
    if not earlier:
        return []
    confirmation = {"kind": "confirmation", "outcomes": outcomes, "recorded_at": _AFTER_ALL}
    made = replace(state, records=[confirmation])
    before, after = in_order(earlier), in_order(earlier | {own: made})
    months = sorted({month, *_months_of_change(before, after)})
    going_on = [found for each in months for found in _in_month(each, before, after, programmes)]
    return going_on + list(_taken_back(state, confirmation, earlier, month))


def _came_before(one: DecisionState, state: DecisionState) -> bool:
    """Proposals are among them: what corrects one of them takes the place of what that corrected."""
    return state.turn is None or one.turn is None or one.turn < state.turn


def _months_of_change(before: list[Decided], after: list[Decided]) -> set[str]:
    keys = {key for one in before for key in one.lasting}
    every = [*before, *after]
    return {takes_over(one.state.decision, key) for one in every for key in keys} | {one.first for one in every}


def _key_in(now: DecisionState, was: DecisionState, key: Key) -> Key:
    """The key of a result in another decision, where the same person may have another id."""
    programme, person = key
    ref = next((ref for ref, id_ in was.members.items() if id_ == person), None)
    return programme, now.members.get(ref, person) if ref else person


def _in_month(month: str, before: list[Decided], after: list[Decided], programmes: Programmes) -> Iterator[Lessening]:
    for key in {key: None for one in before for key in one.lasting}:
        was, now = speaking(month, before, key), speaking(month, after, key)
        granted = was.lasting.get(key) if was else None
        if was is None or granted is None:
            continue
        left = now.lasting.get(_key_in(now.state, was.state, key)) if now else None
        if left and left.first > month:
            left = None
        declared = programmes.get(key[0])  # type: ignore[call-overload]  # a key may be of any time
        if left is None and declared and any(_is_granted(month, after, (id_, key[1])) for id_ in declared.above):
            continue
        yield from _less(month, left, granted, was.state)


def _is_granted(month: str, standing: list[Decided], key: Key) -> bool:
    one = speaking(month, standing, key)
    return one is not None and key in one.lasting and one.lasting[key].first <= month


def _taken_back(
    state: DecisionState, confirmation: Json, earlier: Mapping[UUID, DecisionState], month: str
) -> Iterator[Lessening]:
    """What was granted once stays granted whatever is decided on another crisis; a correction takes it back."""
    left = {grant.key: grant for grant in once(state.decision, confirmation)}
    for id_ in replaced_by(state, earlier):
        corrected = earlier.get(id_)
        if corrected is not None and corrected.confirmation is not None:
            for granted in once(corrected.decision, corrected.confirmation):
                yield from _less(month, left.get(_key_in(state, corrected, granted.key)), granted, corrected)


def _less(month: str, left: Grant | None, granted: Grant, lowered: DecisionState) -> Iterator[Lessening]:
    if left is None or left.fen < granted.fen:
        yield Lessening(month, "reduced" if left else "terminated", lowered)
