"""Adds a folder to the corpus, made by the packs and the engine as they are now: `python -m tests.golden.make NAME`.

For whoever changes a pack or the engine. Tests never run it. It chooses from the cases worked out by hand, some of them
moved to other days, and from random households with facts left out, so that every place, generation of law, programme
and status is in it; then decides, corrects and succeeds some, on a database of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.core.errors import Conflict
from app.db.database import Database
from app.db.tables import Pack, Record, Ruleset
from app.decisions.stored_rules.recompute import compute
from app.rules.history import RulesHistory
from app.rules.request_faults import FaultyRequest
from app.rules.service import Rules
from app.rules.values.strict_json import Json
from app.settings import Settings
from app.storage import Storage
from tests.golden.corpus import HERE, Corpus
from tests.security.test_id_numbers import checked
from tests.support.callers import DECIDER, OFFICER
from tests.support.oracle.households import random_request
from tests.support.rules import cases

PLACES: Final = ("999900", "430500", "442000", "150700", "610900", "500154")
GENERATIONS: Final = ("2020-06-15", "2023-03-10", "2026-08-20")  # before 2021-07, before 2026-07, since
COUNT: Final = 60
SEED: Final = 20261124
ORIGIN: Final = "log.example/golden"


def generation(date: str) -> str:
    """Which law decides: that of 2014, of 2021 or of 2026."""
    return "2014" if date < "2021-07-01" else "2021" if date < "2026-07-01" else "2026"


@dataclass(frozen=True)
class Candidate:
    body: Json
    features: frozenset[tuple[str, ...]]


def candidates(rules: Rules, now: dt.datetime) -> Iterator[Candidate]:
    """Requests that have no faults, each with what it would add to the corpus."""
    for number, body in enumerate(_bodies()):
        try:
            question = rules.question(body, now)
            engine = rules.engine(question)
        except FaultyRequest:
            continue
        results = compute(rules, question, engine=engine).results["results"]
        options = body.get("options") or {}
        date = question.date.isoformat()
        features: set[tuple[str, ...]] = {("law", question.division, generation(date))}
        features |= {("result", r["programme"], r["status"]) for r in results}
        features |= {("place", question.division, r["programme"]) for r in results}
        features |= {("open", name) for r in results for name in ("missing", "gaps") if r.get(name)}
        features |= {("option", name) for name in ("carry_forward", "parameters") if options.get(name)}
        yield Candidate(_with_details(body, number), frozenset(features))


def _bodies() -> Iterator[Json]:
    requests = [case["request"] for case in cases()]
    yield from requests
    for place in PLACES:
        # A household that has nothing special about its days, moved through the law.
        own = next(request for request in requests if request["jurisdiction"] == place)
        yield from (own | {"date": date, "known_at": None} for date in GENERATIONS)
    rng = random.Random(SEED)
    for _ in range(60):
        body = random_request(rng, complete=False)
        yield body | {"jurisdiction": rng.choice(PLACES)}


def _with_details(body: Json, number: int) -> Json:
    """With what a decision has beside the assessment: for each supplied figure the notice that prints it."""
    parameters = (body.get("options") or {}).get("parameters") or {}
    notice = {"source": "settled", "by": "officer-7", "evidence": "民政局通知"}
    first = body["household"]["members"][0]
    id_number = checked(f"119999{first['birth_date'].replace('-', '')}018")
    details: Json = {
        "case": f"C-{number}",
        "by": "officer-7",
        "accepted_on": "2026-11-02",
        "provenance": {f"/options/parameters/{id_}": notice for id_ in parameters}
        | {"/household/members/0": {"source": "verified", "on": "2026-10-30", "evidence": "户口簿"}},
    }
    return (
        body
        | details
        | ({"identities": [{"person": first["id"], "name": "张某", "id_number": id_number}]} if not parameters else {})
    )


def chosen(found: list[Candidate]) -> list[Json]:
    """As few as cover everything, then others up to the count, evenly from all."""
    left = set().union(*(one.features for one in found))
    taken: list[Candidate] = []
    while left:
        best = max((one for one in found if one not in taken), key=lambda one: len(one.features & left))
        taken.append(best)
        left -= best.features
    others = [one for one in found if one not in taken]
    more = max(0, COUNT - len(taken))
    taken += others[:: max(1, len(others) // max(1, more))][:more]
    return [one.body for one in taken]


async def decide(storage: Storage, bodies: list[Json]) -> None:
    """Proposes all, decides every second, and corrects, succeeds, notes and withdraws some."""
    ids = [(await storage.decisions.propose(OFFICER, body, f"p{place}"))[0].id for place, body in enumerate(bodies)]
    for place, id_ in enumerate(ids):
        if place % 2 == 0:
            await _confirmed(storage, id_, place)
    for place, (id_, body) in enumerate(list(zip(ids, bodies, strict=True))[:12]):
        again = body | {"reason": "收入登记有误"}
        if place % 4 == 0:
            written, _ = await storage.decisions.succeed(OFFICER, id_, again | {"kind": "review"}, f"s{place}")
            await _confirmed(storage, written.id, 1000 + place)
        elif place % 4 == 1:
            await storage.decisions.correct(OFFICER, id_, again, f"x{place}")
        elif place % 4 == 2:
            await storage.decisions.note(
                OFFICER, id_, {"kind": "visit", "on": "2026-11-05", "by": "officer-3"}, f"e{place}"
            )
        else:
            await storage.decisions.withdraw(OFFICER, id_, {"reason": "家庭撤回申请"}, f"w{place}")


async def _confirmed(storage: Storage, id_: UUID, place: int) -> None:
    try:
        await storage.decisions.confirm(DECIDER, id_, {"by": "officer-9"}, f"c{place}")
    except (Conflict, FaultyRequest) as error:
        sys.stderr.write(f"{id_} stays a proposal: {error}\n")


async def stored(database: Database, name: str) -> Corpus:
    """All that a database holds."""
    async with database.engine.connect() as connection:
        records = await connection.execute(select(col(Record.body)).order_by(col(Record.log_index)))
        rulesets = await connection.execute(
            select(
                col(Ruleset.hash), col(Ruleset.engine), col(Ruleset.packs), col(Ruleset.resolved), col(Ruleset.content)
            )
        )
        packs = await connection.execute(select(col(Pack.digest), col(Pack.body)).order_by(col(Pack.division)))
        fields = ("hash", "engine", "packs", "resolved", "content")
        return Corpus(
            name,
            [bytes(body) for body in records.scalars()],
            {row[0]: dict(zip(fields, row, strict=True)) for row in sorted(rulesets, key=lambda row: str(row[0]))},
            {row[0]: row[1] for row in packs},
        )


async def make(name: str, data: Path) -> Corpus:
    rules = Rules.shipped()
    database = await Database.open(Settings(data=data, fsync=False))
    try:
        storage = Storage(database, data, ORIGIN, RulesHistory(rules))
        found = list(candidates(rules, dt.datetime.now(dt.UTC)))
        await decide(storage, chosen(found))
        await storage.writer.close()
        return await stored(database, name)
    finally:
        await database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="of the new folder: the day, as 2026-11-24")
    name = parser.parse_args().name
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        corpus = asyncio.run(make(name, Path(folder)))
    corpus.write(HERE / name)
    sys.stderr.write(f"{len(corpus.records)} records, {len(corpus.rulesets)} rulesets, {len(corpus.packs)} packs\n")


if __name__ == "__main__":
    main()
