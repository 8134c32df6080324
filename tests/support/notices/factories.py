"""Decisions to make notices of, without a database."""

from __future__ import annotations

from typing import Any, Final

from app.decisions.outcomes import settle
from app.decisions.schemas import Confirmation
from app.decisions.state import DecisionState
from app.decisions.stored_rules.recompute import compute, question_of
from app.notices.compose import notice_of
from app.notices.sentences import Notice, Sentence
from app.rules.messages import Language
from app.rules.packs.library import Library
from app.rules.service import Rules
from app.rules.values.strict_json import Json
from tests.support.decisions.recorded import AT, recorded_decision, with_documents
from tests.support.rules import rules

DECIDED_AT: Final = "2026-11-20T02:00:00.000000Z"


def proposed(request: Json, **details: Any) -> DecisionState:
    """A proposal for a request."""
    return DecisionState(recorded_decision(with_documents(request) | details, AT).record, bytes(32))


def confirmed(state: DecisionState, *outcomes: Json, at: str = DECIDED_AT) -> DecisionState:
    """The same, decided by an officer: as recommended but for some outcomes."""
    body = Confirmation.model_validate({"outcomes": list(outcomes)})
    units: dict[str, str | None] = {id_: one.unit for id_, one in rules().library.programmes.items()}
    settled = settle(state.decision["results"]["results"], body, units)
    assert settled.faults == []
    state.records.append(
        {"kind": "confirmation", "state": settled.state, "outcomes": settled.outcomes, "recorded_at": at}
    )
    return state


def heard(state: DecisionState, on: str) -> DecisionState:
    state.records.append({"kind": "event", "event": "hearing", "on": on})
    return state


def noticed(
    state: DecisionState, language: Language = "zh", own: Rules | None = None, told_by: Library | None = None
) -> tuple[Notice, Json]:
    """The notice of a decision, in words by the rules it was made by, and the material behind it."""
    made_by = own or rules()
    found = compute(made_by, question_of(made_by, state.decision), language)
    assert found.results == state.decision["results"]
    return notice_of(state, found.answer, told_by or rules().library, language)


def of_kind(notice: Notice, *kinds: str) -> list[Sentence]:
    return [sentence for sentence in notice.sentences() if sentence.kind in kinds]


def section_of(notice: Notice, heading: str) -> list[Sentence]:
    """The sentences below a heading."""
    (found,) = (section for section in notice.sections if section.heading.text == heading)
    return list(found.sentences)
