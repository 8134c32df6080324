"""Checking the trail: every row that left one is as it was when it was added, none is gone, none was slipped in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from app.db.connection import Connection
from app.db.trail import TRAILED, row_digest, said_digest
from app.decisions.audit import repository
from app.decisions.audit.tree import Tree
from app.decisions.log.repository import rows_of
from app.decisions.log.trail import BEFORE, TRAIL, summary
from app.decisions.proofs.check import Parts
from app.decisions.proofs.findings import Report
from app.decisions.proofs.merkle import Place
from app.rules.values.strict_json import Json


async def check_trail(connection: Connection, parts: Parts) -> None:
    """Find everything that is wrong with the trail and the rows that left it."""
    tree = Tree(connection, TRAIL, parts)
    await tree.read_checkpoints()
    left, before = await _leaves(connection, tree)
    if tree.frontier.size:
        await compare(connection, TRAILED, left, before, parts.report)


async def _leaves(connection: Connection, tree: Tree) -> tuple[dict[str, Counter[bytes]], Json]:
    """Read the leaves by table, and what the first says was there before."""
    left: dict[str, Counter[bytes]] = {}
    before: Json = {}
    async for chunk in repository.trail(connection):
        expected: dict[Place, bytes] = {}
        for position, kind, digest, said in chunk:
            if position != tree.frontier.size:
                tree.parts.report.add("trail_gap", index=tree.frontier.size)
                tree.frontier = type(tree.frontier).empty()
                return left, before
            expected |= tree.grow(digest)
            if kind == BEFORE:
                before = said or {}
                if position or said_digest(BEFORE, before) != digest:
                    tree.parts.report.add("trail_gap", index=position)
            else:
                left.setdefault(kind, Counter())[digest] += 1
        await tree.check_nodes(expected)
    tree.finish()
    return left, before


async def compare(
    connection: Connection, tables: Iterable[str], left: dict[str, Counter[bytes]], before: Json, report: Report
) -> None:
    """Compare rows as they are now with what they left; rows from before the trail with what it says of them."""
    for table in tables:
        expected, strange, subjects = left.get(table, Counter()).copy(), [], []
        async for row in rows_of(connection, table):
            digest = row_digest(table, row)
            if expected[digest]:
                expected[digest] -= 1
            else:
                strange.append(digest)
                subjects.append(_subject(table, row))
        gone = sum(expected.values())
        if gone:
            report.add("trail_gone", size=gone, subject=table)
        known = before.get(table, summary([]))
        if summary(sorted(strange)) == known:
            if strange:
                report.add("before_trail", size=len(strange), subject=table)
        elif known == summary([]):
            for subject in subjects:
                report.add("trail_row", subject=subject)
        else:
            report.add("trail_changed", size=len(strange), subject=table)
    for table in left.keys() - TRAILED.keys():
        report.add("trail_gone", size=sum(left[table].values()), subject=table)


def _subject(table: str, row: Json) -> str:
    return " ".join([table, *(str(row[name]) for name in repository.key_of(table))])
