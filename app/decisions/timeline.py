"""What a household was entitled to in each month: from its decisions, what corrected and what succeeded them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from app.core.months import months_between
from app.decisions.answer_schemas import Entitlement, TimelineMonth
from app.decisions.grants import Grant, grants, lasting, start_of, takes_over
from app.decisions.state import DecisionState, Key
from app.rules.values.money import format_fen


@dataclass(frozen=True)
class Decided:
    """A decided decision that no correction replaced, from the first month it speaks for."""

    id: UUID
    first: str
    state: DecisionState
    grants: dict[Key, Grant]
    lasting: dict[Key, Grant]
    _starts: dict[Key, str | None] = field(default_factory=dict)

    def speaks(self, key: Key, month: str) -> bool:
        """Tell if the decision says in a month what is paid on a result, be it nothing."""
        if key not in self._starts:
            self._starts[key] = None if self.state.leaves(key) else takes_over(self.state.decision, key)
        start = self._starts[key]
        return start is not None and max(start, self.first) <= month


def timeline(decisions: Mapping[UUID, DecisionState], until: str) -> list[TimelineMonth]:
    """Each month from the first a decision speaks for, with the decision that stood in it and what it grants."""
    standing = in_order(decisions)
    if not standing:
        return []
    return [_month(month, standing) for month in months_between(standing[0].first, until)]


def in_order(decisions: Mapping[UUID, DecisionState]) -> list[Decided]:
    """Sort what was decided and not corrected by first month and, within a month, by when it was decided: a later one takes
    over, whichever was proposed first."""
    replaced = {id_ for state in decisions.values() if state.confirmation for id_ in replaced_by(state, decisions)}
    found = []
    for id_, state in decisions.items():
        if (confirmation := state.confirmation) is not None and id_ not in replaced:
            monthly, all_ = (
                {grant.key: grant for grant in of(state.decision, confirmation)} for of in (grants, lasting)
            )
            found.append(Decided(id_, start_of(state.decision), state, monthly, all_))
    return sorted(found, key=lambda one: (one.first, one.state.turn, one.id))


def speaking(month: str, standing: list[Decided], key: Key) -> Decided | None:
    """The last decision that says in a month what is paid on a result; None where nothing says it."""
    return next((one for one in reversed(standing) if one.speaks(key, month)), None)


def replaced_by(state: DecisionState, decisions: Mapping[UUID, DecisionState]) -> list[UUID]:
    """The decision that one corrects; through a proposal that nobody decided, what that corrects."""
    found: list[UUID] = []
    corrected: DecisionState | None = state
    while corrected and (corrects := corrected.decision["corrects"]):
        found.append(UUID(corrects))
        corrected = decisions.get(found[-1])
        if corrected and corrected.confirmation:
            break
    return found


def _month(month: str, standing: list[Decided]) -> TimelineMonth:
    stood = [one for one in standing if one.first <= month]
    keys = dict.fromkeys(key for one in reversed(stood) for key in one.grants)
    said = [(one, key) for key in keys if (one := speaking(month, stood, key)) is not None]
    paid = [one.grants[key] for one, key in said if key in one.grants]
    return TimelineMonth(
        month=month,
        decision=str(stood[-1].id),
        entitlements=[Entitlement(programme=g.programme, person=g.person, amount=format_fen(g.fen)) for g in paid],
        total=format_fen(sum(grant.fen for grant in paid)),
    )
