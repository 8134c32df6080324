"""Rules for ever: each ruleset a decision uses is stored with the text of its packs, and can be loaded from there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.core.canonical_json import canonical_plain, digest_of, digest_text, with_exact_numbers
from app.core.errors import CannotRecompute, UnknownRuleset
from app.db.database import Database
from app.decisions.stored_rules import repository
from app.decisions.stored_rules.pack_texts import pack_body, rules_of_packs
from app.decisions.stored_rules.recompute import Recomputed, compute, explained, question_of, scope_id, scope_of
from app.decisions.stored_rules.repository import KeptRuleset
from app.rules.engine.evaluate import Engine
from app.rules.facts.request import Explain
from app.rules.history import RulesHistory
from app.rules.messages import Language
from app.rules.packs.library import UnknownDivision
from app.rules.packs.pack import Pack
from app.rules.rulesets.ruleset import ENGINE_VERSION
from app.rules.service import Question, Rules
from app.rules.values.strict_json import Json

_MOST_LOADED: Final = 16
_MOST_STOOD: Final = 10_000


@dataclass(frozen=True)
class Basis:
    """What a decision rests on: the id of its scope, and the packs by their digests. The packs are the decision's own:
    two places without figures share a ruleset, and so do packs that differ in their words alone."""

    scope: str
    packs: tuple[str, ...]


class KeptRules:
    """Stores rulesets when they are first used, and loads them again by their hash."""

    def __init__(self, database: Database, generations: RulesHistory) -> None:
        self.database = database
        self.generations = generations
        self._rows: dict[Pack, Json] = {}
        self._stood: dict[tuple[tuple[str, ...], str], Rules] = {}
        self._stored: set[Basis | str] = set()  # with hashes of rulesets and digests of packs
        self._loaded: dict[tuple[str, ...], Rules] = {}
        self._kept: dict[str, KeptRuleset] = {}

    async def keep(self, rules: Rules, engine: Engine, question: Question, programmes: frozenset[str]) -> Basis:
        """What a decision rests on, stored."""
        hash_ = engine.ruleset.hash
        packs = [self.row(rules.library.packs[code]) for code in engine.ruleset.path]
        basis = Basis(scope_id(hash_, programmes), tuple(pack["digest"] for pack in packs))
        if basis not in self._stored:
            new = [pack for pack in packs if pack["digest"] not in self._stored]
            async with self.database.begin() as connection:
                if new:
                    await repository.add_packs(connection, new)
                if hash_ not in self._stored:
                    await repository.add_ruleset(connection, _ruleset_row(engine, question, basis))
                await repository.add_scope(connection, scope_of(rules, engine, programmes))
            self._stored |= {basis, hash_, *basis.packs}  # only now is it sure that they are there
        return basis

    async def ruleset(self, hash_: str) -> KeptRuleset:
        """A stored ruleset. UnknownRuleset if no decision used it."""
        if not hash_.isprintable():  # nor could the database be asked for it
            raise UnknownRuleset
        found = self._kept.get(hash_)
        if found is None:
            async with self.database.connect() as connection:
                found = await repository.read_ruleset(connection, hash_)
            if len(self._kept) >= 10_000:
                self._kept.clear()
            self._kept[hash_] = found
        return found

    async def rules_of(self, hash_: str, jurisdiction: str, packs: Sequence[str] = ()) -> Rules:
        """The rules that a ruleset was made of, as they stood: from their stored text unless the loaded ones are the
        same. `packs` are those of a decision; without them, of the first that used the ruleset. UnknownRuleset if no
        decision used it, CannotRecompute if its engine is not here."""
        found = await self.ruleset(hash_)
        if found.engine != ENGINE_VERSION:
            raise CannotRecompute
        digests = tuple(packs or found.packs)
        rules = self._standing(digests, jurisdiction) or self._loaded.get(digests)
        if rules is None:
            if len(self._loaded) >= _MOST_LOADED:
                self._loaded.pop(next(iter(self._loaded)))
            rules = self._loaded[digests] = await self._load(digests)
        return rules

    async def recompute(self, record: Json, language: Language = "zh", explain: Explain = "reasons") -> Recomputed:
        """A recorded decision by its own rules. CannotRecompute if they do not come to the recorded hash any more."""
        if record["engine"] != ENGINE_VERSION:
            raise CannotRecompute
        rules = await self.rules_of(record["ruleset"], record["jurisdiction"], record["packs"])
        question = explained(question_of(rules, record), explain)
        engine = rules.engine(question)
        if engine.ruleset.hash != record["ruleset"]:
            raise CannotRecompute
        return compute(rules, question, language, engine)

    def _standing(self, digests: tuple[str, ...], jurisdiction: str) -> Rules | None:
        """Rules that stand, or stood, and answer for a place by exactly these packs."""
        asked = digests, jurisdiction
        if asked not in self._stood:
            if len(self._stood) >= _MOST_STOOD:
                self._stood.clear()
            every = (one.rules for one in self.generations if self._digests(one.rules, jurisdiction) == digests)
            found = next(every, None)
            if found is None:
                return None
            self._stood[asked] = found
        return self._stood[asked]

    def _digests(self, rules: Rules, jurisdiction: str) -> tuple[str, ...]:
        """The packs that answer for a place, by their digests; none where nothing does."""
        library = rules.library
        try:
            path = library.path(library.division(jurisdiction))
        except UnknownDivision:
            return ()
        return tuple(self.row(library.packs[code])["digest"] for code in path)

    def row(self, pack: Pack) -> Json:
        """A pack as it is stored, under the digest of its text."""
        row = self._rows.get(pack)
        if row is None:
            row = self._rows[pack] = _pack_row(pack)
        return row

    async def _load(self, digests: tuple[str, ...]) -> Rules:
        async with self.database.connect() as connection:
            bodies = await repository.read_packs(connection, digests)
        return rules_of_packs(list(bodies.values()))


def _pack_row(pack: Pack) -> Json:
    body = pack_body(pack)
    return {"digest": digest_text(digest_of(body.encode())), "division": pack.code, "body": body}


def _ruleset_row(engine: Engine, question: Question, basis: Basis) -> Json:
    return {
        "hash": engine.ruleset.hash,
        "engine": ENGINE_VERSION,
        "content": canonical_plain(engine.ruleset.content).decode(),
        "packs": list(basis.packs),
        "resolved": _resolved(question),
        "stored_at": dt.datetime.now(dt.UTC),
    }


def _resolved(question: Question) -> Json:
    parameters = question.request.options.parameters if question.request.options else None
    reported = {"accept_reported": True} if question.accepting.reported else {}  # not in rows of before
    return {
        "jurisdiction": question.request.jurisdiction,
        "date": question.date.isoformat(),
        "known_at": question.known_at.isoformat(),
        "carry_forward": question.accepting.carried,
        "parameters": with_exact_numbers(parameters),
        **reported,
    }
