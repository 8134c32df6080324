"""Rules for ever: each ruleset a decision uses is stored with the text of its packs, and can be loaded from there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from app.db.database import Database
from app.db.tables import Pack as PackRow
from app.db.tables import Ruleset as RulesetRow
from app.db.tables import Scope
from app.decisions.canonical import canonical_plain, digest_of, digest_text
from app.decisions.facts_kept import kept
from app.rules.assessment import Engine
from app.rules.library import Library, UnknownDivision
from app.rules.packs import Pack
from app.rules.reach import reach
from app.rules.ruleset import ENGINE_VERSION
from app.rules.service import Question, Rules

_MOST_LOADED: Final = 16
Json = dict[str, Any]


class UnknownRuleset(LookupError):
    """No decision used a ruleset of this hash."""


class CannotRecompute(Exception):
    """The stored rules do not come to the recorded hash, or the engine they need is not here. Never a guess."""


@dataclass(frozen=True)
class KeptRuleset:
    """A stored ruleset: its content, the packs it is made of, and for which question they come to it."""

    hash: str
    engine: str
    content: str
    packs: list[str]
    resolved: Json


class KeptRules:
    """Stores rulesets when they are first used, and loads them again by their hash."""

    def __init__(self, database: Database, rules: Rules) -> None:
        self.database = database
        self.rules = rules
        self._shipped = {code: _pack_row(pack) for code, pack in rules.library.packs.items()}
        self._stored: set[str] = set()
        self._loaded: dict[tuple[str, ...], Rules] = {}
        self._kept: dict[str, KeptRuleset] = {}

    async def keep(self, engine: Engine, question: Question, programmes: frozenset[str]) -> str:
        """The id of what a decision rests on, stored with the ruleset and its packs."""
        hash_ = engine.ruleset.hash
        scope = digest_text(digest_of(canonical_plain([hash_, sorted(programmes)])))
        if scope not in self._stored:
            async with self.database.engine.begin() as connection:
                await self._store(connection, engine, question)
                await connection.execute(
                    insert(Scope).on_conflict_do_nothing(), [self._scope(scope, engine, programmes)]
                )
            self._stored.add(scope)
        return scope

    async def _store(self, connection: AsyncConnection, engine: Engine, question: Question) -> None:
        packs = [self._shipped[code] for code in engine.ruleset.path]
        row = {
            "hash": engine.ruleset.hash,
            "engine": ENGINE_VERSION,
            "content": canonical_plain(engine.ruleset.content).decode(),
            "packs": [pack["digest"] for pack in packs],
            "resolved": _resolved(question),
            "stored_at": dt.datetime.now(dt.UTC),
        }
        await connection.execute(insert(PackRow).on_conflict_do_nothing(), packs)
        await connection.execute(insert(RulesetRow).on_conflict_do_nothing(), [row])

    def _scope(self, id_: str, engine: Engine, programmes: frozenset[str]) -> Json:
        found = reach(self.rules.library, engine.ruleset, sorted(programmes))
        return {
            "id": id_,
            "ruleset": engine.ruleset.hash,
            "programmes": sorted(programmes),
            "rules": list(found.rules),
            "parameters": list(found.parameters),
            "documents": list(found.documents),
        }

    async def ruleset(self, hash_: str) -> KeptRuleset:
        """A stored ruleset. UnknownRuleset if no decision used it."""
        if not hash_.isprintable():  # nor could the database be asked for it
            raise UnknownRuleset
        found = self._kept.get(hash_)
        if found is None:
            async with self.database.engine.connect() as connection:
                found = await read_ruleset(connection, hash_)
            if len(self._kept) >= 10_000:
                self._kept.clear()
            self._kept[hash_] = found
        return found

    async def rules_of(self, hash_: str, jurisdiction: str) -> Rules:
        """The rules that a ruleset was made of, as they stood: from their stored text unless the loaded ones are the
        same. UnknownRuleset if no decision used it, CannotRecompute if its engine is not here."""
        found = await self.ruleset(hash_)
        if found.engine != ENGINE_VERSION:
            raise CannotRecompute
        digests = tuple(found.packs)
        if digests == self._loaded_for(jurisdiction):
            return self.rules
        rules = self._loaded.get(digests)
        if rules is None:
            if len(self._loaded) >= _MOST_LOADED:
                self._loaded.pop(next(iter(self._loaded)))
            rules = self._loaded[digests] = await self._load(digests)
        return rules

    def _loaded_for(self, jurisdiction: str) -> tuple[str, ...]:
        """The packs that answer for a place today, by their digests; none where nothing does."""
        try:
            path = self.rules.library.path(self.rules.library.division(jurisdiction))
        except UnknownDivision:
            return ()
        return tuple(self._shipped[code]["digest"] for code in path)

    async def _load(self, digests: tuple[str, ...]) -> Rules:
        async with self.database.engine.connect() as connection:
            bodies = await read_packs(connection, digests)
        return rules_of_packs(list(bodies.values()))


async def read_ruleset(connection: AsyncConnection, hash_: str) -> KeptRuleset:
    rows = await connection.execute(
        select(
            col(RulesetRow.hash),
            col(RulesetRow.engine),
            col(RulesetRow.content),
            col(RulesetRow.packs),
            col(RulesetRow.resolved),
        ).where(col(RulesetRow.hash) == hash_)
    )
    row = rows.first()
    if row is None:
        raise UnknownRuleset
    return KeptRuleset(row[0], row[1], row[2], list(row[3]), row[4])


async def read_packs(connection: AsyncConnection, digests: tuple[str, ...]) -> dict[str, str]:
    """Stored packs by their digests. CannotRecompute if one is gone or is not what its digest says."""
    rows = await connection.execute(
        select(col(PackRow.digest), col(PackRow.body)).where(col(PackRow.digest).in_(digests))
    )
    bodies = {row[0]: row[1] for row in rows}
    for digest in digests:
        if digest not in bodies or digest_text(digest_of(bodies[digest].encode())) != digest:
            raise CannotRecompute
    return {digest: bodies[digest] for digest in digests}


def rules_of_packs(bodies: list[str]) -> Rules:
    """Rules from the canonical text of packs, as `pack_body` writes it."""
    packs = {}
    for body in bodies:
        content = orjson.loads(body)
        packs[content["division"]] = Pack.of_texts(content["division"], content["files"])
    return Rules(Library(packs))


def pack_body(pack: Pack) -> str:
    """A pack as one canonical text."""
    return canonical_plain({"division": pack.code, "files": pack.texts}).decode()


def _pack_row(pack: Pack) -> Json:
    body = pack_body(pack)
    return {"digest": digest_text(digest_of(body.encode())), "division": pack.code, "body": body}


def _resolved(question: Question) -> Json:
    parameters = question.request.options.parameters if question.request.options else None
    return {
        "jurisdiction": question.request.jurisdiction,
        "date": question.date.isoformat(),
        "known_at": question.known_at.isoformat(),
        "carry_forward": question.carry_forward,
        "parameters": kept(parameters),
    }
