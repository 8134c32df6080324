"""Checking what decisions rest on and are found by: rulesets, packs, scopes, and the publications that stand."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from app.db.connection import Connection
from app.decisions.audit import repository
from app.decisions.proofs.check import Parts
from app.decisions.proofs.findings import Report
from app.decisions.proofs.recheck import Recheck
from app.decisions.stored_rules.published import not_as_recorded
from app.decisions.stored_rules.recompute import resolves
from app.rules.rulesets.ruleset import ENGINE_VERSION


async def check_rulesets(connection: Connection, parts: Parts, packs: Mapping[str, str], *, recompute: bool) -> None:
    """Rulesets and packs are what they are filed under; a ruleset follows from its packs for the question beside it."""
    for digest, division, body in await repository.filed_packs(connection):
        if division != _division(body):
            parts.report.add("pack", subject=digest)
    async for part in repository.rulesets(connection):
        parts.ruleset(part, part.hash)
    rules = Recheck(parts.report, packs)
    for kept in await repository.filed_rulesets(connection):
        try:
            same = kept.engine == orjson.loads(kept.content)["engine"]
            if same and recompute and kept.engine == ENGINE_VERSION:
                same = resolves(rules.rules_of(tuple(kept.packs)), kept.resolved) == kept.hash
        except Exception:  # whatever was made of it, it does not lead there
            same = False
        if not same:
            parts.report.add("ruleset", subject=kept.hash)


def _division(body: str) -> str | None:
    try:
        return str(orjson.loads(body)["division"])
    except (ValueError, LookupError, TypeError):
        return None


async def check_scopes(connection: Connection, recheck: Recheck) -> None:
    """The scopes of decisions name the rules, figures and documents that the decisions rest on."""
    left = dict(recheck.scopes)
    async for row in repository.scopes(connection):
        if left.pop(row["id"], row) != row:
            recheck.report.add("scope", subject=row["id"])
    for id_ in left:
        recheck.report.add("scope", subject=id_)


async def check_publications(connection: Connection, report: Report) -> None:
    """Publications and their outcomes are those that the log records."""
    for id_ in await not_as_recorded(connection):
        report.add("publication", subject=str(id_))
