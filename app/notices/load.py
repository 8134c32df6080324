"""Loads a stored decision and composes its notice."""

from __future__ import annotations

from uuid import UUID

from app.core.errors import CannotRecompute, Conflict
from app.db.database import Database
from app.decisions import repository
from app.decisions.state import DecisionState
from app.decisions.stored_rules.rule_store import KeptRules
from app.notices.compose import notice_of
from app.notices.sentences import Notice
from app.rules.messages import Language
from app.security.areas import must_see
from app.security.callers import Caller


async def read_notice(
    database: Database, kept: KeptRules, caller: Caller, id_: UUID, language: Language, *, draft: bool
) -> Notice:
    """Compose the notice of a decision, or with `draft` of a proposal.

    Raises UnknownDecision for a decision outside the caller's areas, Conflict for a proposal without `draft`, and
    CannotRecompute if the stored rules no longer give the recorded results: then there are no words for them.
    """
    async with database.connect() as connection:
        state = await repository.state(connection, id_)
    must_see(caller, state.decision)
    _must_have_a_notice(state, draft=draft)
    found = await kept.recompute(state.decision, language)
    if found.results != state.decision["results"]:
        raise CannotRecompute
    return notice_of(state, found.answer, kept.generations.newest.rules.library, language)[0]


def _must_have_a_notice(state: DecisionState, *, draft: bool) -> None:
    if state.confirmation is None:
        state.must_be_open()
        if not draft:
            raise Conflict("not_decided")
