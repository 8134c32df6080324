"""What a household was entitled to in each month: from its decisions, what corrected and what succeeded them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.core.months import months_between
from app.decisions.answer_schemas import Entitlement, TimelineMonth
from app.decisions.grants import Grant, Key, grants, start_of, takes_over
from app.decisions.state import DecisionState
from app.rules.values.money import format_fen
from app.rules.values.strict_json import Json


@dataclass(frozen=True)
class Standing:
    """A decided decision that no correction replaced, from the first month it speaks for."""

    id: UUID
    first: str
    decision: Json
    grants: dict[Key, Grant]
    undecided: set[Key]


def timeline(decisions: dict[UUID, DecisionState], until: str) -> list[TimelineMonth]:
    """Each month from the first a decision speaks for, with the decision that stood in it and what it grants."""
    standing = _standing(decisions)
    if not standing:
        return []
    return [_month(month, standing) for month in months_between(standing[0].first, until)]


def _standing(decisions: dict[UUID, DecisionState]) -> list[Standing]:
    """By first month and, within a month, by the order of recording: a later one takes over."""
    found = []
    for id_, state in decisions.items():
        confirmation = state.confirmation
        if confirmation is not None and not any(f.corrects and f.decided for f in state.followers):
            granted = {grant.key: grant for grant in grants(state.decision, confirmation)}
            found.append(Standing(id_, start_of(state.decision), state.decision, granted, state.undecided))
    return sorted(found, key=lambda one: (one.first, one.id))


def _month(month: str, standing: list[Standing]) -> TimelineMonth:
    stood = [one for one in standing if one.first <= month]
    keys = dict.fromkeys(key for one in reversed(stood) for key in one.grants)
    paid = [grant for key in keys if (grant := _paid(month, stood, key)) is not None]
    return TimelineMonth(
        month=month,
        decision=str(stood[-1].id),
        entitlements=[Entitlement(programme=g.programme, person=g.person, amount=format_fen(g.fen)) for g in paid],
        total=format_fen(sum(grant.fen for grant in paid)),
    )


def _paid(month: str, stood: list[Standing], key: Key) -> Grant | None:
    """What the last decision that speaks on a result in a month grants; None if that is nothing. One that left it
    undecided says nothing: what stood before goes on."""
    speaking = [one for one in stood if key not in one.undecided and takes_over(one.decision, key) <= month]
    return speaking[-1].grants.get(key) if speaking else None
