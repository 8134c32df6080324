"""A ruleset as people read it: as a decision stored it for ever, or else as it can be built from loaded packs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import orjson

from app.core.errors import StorageUnavailable, UnknownRuleset
from app.rules.catalogue.places import division_head
from app.rules.catalogue.schemas import RulesetPage
from app.rules.history import RulesHistory
from app.rules.messages import Language

if TYPE_CHECKING:
    from app.decisions.stored_rules.rule_store import KeptRules


async def ruleset_page(hash_: str, language: Language, history: RulesHistory, kept: KeptRules | None) -> RulesetPage:
    """Shows the exact rules and values of a hash. UnknownRuleset if they are neither stored nor can be built.

    An unknown hash is looked for among all rulesets that can be built, which takes seconds the first time.
    """
    found = await _stored(hash_, language, kept) if kept is not None else None
    found = found or await asyncio.to_thread(_built, hash_, language, history)
    if found is None:
        raise UnknownRuleset
    return found


async def _stored(hash_: str, language: Language, kept: KeptRules) -> RulesetPage | None:
    try:
        found = await kept.ruleset(hash_)
        rules = await kept.rules_of(hash_, found.resolved["jurisdiction"])
    except (StorageUnavailable, UnknownRuleset):
        return None
    path = rules.library.path(rules.library.division(found.resolved["jurisdiction"]))
    head = division_head(rules.library, path[-1], language)
    return RulesetPage(jurisdiction=head, ruleset=hash_, path=path, content=orjson.loads(found.content))


def _built(hash_: str, language: Language, history: RulesHistory) -> RulesetPage | None:
    pages = (generation.catalogue.ruleset(hash_, language) for generation in history)
    return next((page for page in pages if page is not None), None)
