"""Notices of stored decisions, as pages and as PDF."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

from app.core.errors import CannotRecompute, Conflict
from app.db.database import Database
from app.decisions import repository
from app.decisions.households import add_households
from app.decisions.state import DecisionState
from app.decisions.stored_rules.rule_store import KeptRules
from app.notices.compose import notice_of
from app.notices.html import html_of
from app.notices.pdf import pdf_of
from app.notices.sentences import Notice
from app.rules.messages import Language
from app.security.areas import must_see
from app.security.callers import Caller


@dataclass(frozen=True)
class Notices:
    """Makes notices. Each method takes the language, and whether a draft of a proposal is wanted."""

    database: Database
    kept: KeptRules

    async def html(self, caller: Caller, id_: UUID, language: Language, *, draft: bool) -> bytes:
        """The notice of a decision as a page. Raises what `read` raises."""
        return html_of(await self.read(caller, id_, language, draft=draft)).encode()

    async def pdf(self, caller: Caller, id_: UUID, language: Language, *, draft: bool) -> bytes:
        """The same as PDF. Raises what `read` raises, and NoPdf where none can be made."""
        page = html_of(await self.read(caller, id_, language, draft=draft))
        return await asyncio.to_thread(pdf_of, page)

    async def read(self, caller: Caller, id_: UUID, language: Language, *, draft: bool) -> Notice:
        """The notice of a decision; of a proposal only if a draft is wanted.

        UnknownDecision if there is none in the caller's areas, Conflict for a proposal, CannotRecompute if its rules no
        longer come to what is recorded: then there are no words for it, and none are made up.
        """
        async with self.database.connect() as connection:
            state = await repository.state(connection, id_)
            await add_households(connection, {id_: state}, [id_])
        must_see(caller, state.decision)
        _must_have_a_notice(state, draft=draft)
        found = await self.kept.recompute(state.decision, language)
        if found.results != state.decision["results"]:
            raise CannotRecompute
        return notice_of(state, found.answer, self.kept.generations.newest.rules.library, language)[0]


def _must_have_a_notice(state: DecisionState, *, draft: bool) -> None:
    if state.confirmation is None:
        state.must_be_open()
        if not draft:
            raise Conflict("not_decided")
