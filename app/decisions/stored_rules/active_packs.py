"""Which packs stand: what came with the service, and what was approved since. A process learns of it from the database.

A process looks every half second. What is approved counts from one to two seconds after its approval, so that every
process that is well knows of it before it counts. Whatever a process may have missed, no decision is recorded by packs
that no longer stand: the log's writer looks once more, under its lock.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from typing import Final

from app.core.background import Background
from app.core.errors import CannotRecompute, StorageUnavailable
from app.core.ids import new_id
from app.db.database import Database
from app.decisions.repository import lock_publications, settled_publications
from app.decisions.stored_rules import repository
from app.decisions.stored_rules.pack_texts import pack_of
from app.decisions.stored_rules.published import SHIPPED, must_be_as_signed
from app.decisions.stored_rules.repository import Approved
from app.decisions.stored_rules.rule_store import KeptRules
from app.rules.history import BEGINNING, Generation, RulesHistory
from app.rules.packs.library import Library
from app.rules.packs.pack import Pack
from app.rules.packs.strict_yaml import PackError
from app.rules.values.strict_json import Json

log: Final = logging.getLogger("doudi.publications")

_LOOK_EVERY: Final = 0.5  # seconds
_MARGIN: Final = dt.timedelta(seconds=2)


def counts_from(now: dt.datetime) -> dt.datetime:
    """The full second from which what is approved now counts: one to two seconds on, so that no clock that is off by
    less says that it counted before it was approved."""
    return now.replace(microsecond=0) + _MARGIN


class Standing:
    """Keeps the generations of packs as the database has them."""

    def __init__(
        self,
        database: Database,
        kept: KeptRules,
        generations: RulesHistory,
        now: Callable[[], dt.datetime],
        public_key: bytes,
    ) -> None:
        self.database = database
        self.public_key = public_key
        self.kept = kept
        self.generations = generations
        self.now = now
        self.settled = 0  # how many publications were settled when the generations were put together
        self._shipped = dict(generations.newest.packs)
        self._first = generations.newest.rules
        self._packs = {kept.row(pack)["digest"]: pack for pack in self._shipped.values()}
        self._begun = False
        self._looking = asyncio.Lock()
        self._background = Background()

    async def begin(self) -> None:
        """What comes with the service is on record as published, and the generations are those of the database."""
        if not self._begun:
            await self.catch_up()
            await self._publish_shipped()
            self._begun = True
        await self.catch_up()

    async def catch_up(self) -> None:
        """The generations are those of the database. StorageUnavailable if packs that stand cannot be read here,
        LogBroken if what stands is not what was recorded and signed."""
        async with self._looking:
            async with self.database.connect() as connection:
                settled = await settled_publications(connection)
                if settled == self.settled:
                    return
                await must_be_as_signed(connection, self.public_key)
                approved = await repository.approved(connection)
                missing = {digest for one in approved for digest in one.packs} - self._packs.keys()
                bodies = await repository.read_packs(connection, tuple(missing))
            try:
                self.generations.become(await asyncio.to_thread(self._built, approved, bodies))
            except (PackError, CannotRecompute) as error:
                log.error("packs that stand cannot be read by this release: %s", type(error).__name__)
                raise StorageUnavailable from error
            self.settled = settled

    def start(self) -> None:
        """Begins to look for what other processes approve."""
        self._background.start(self._look())

    async def close(self) -> None:
        await self._background.close()

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            try:
                await self.catch_up()
            except Exception as error:  # the next look tries again
                log.error("could not look for publications: %s", type(error).__name__)

    def _built(self, approved: list[Approved], bodies: dict[str, str]) -> list[Generation]:
        """The generations of some approvals, in their order; the newest is linked."""
        self._packs |= {digest: pack_of(body) for digest, body in bodies.items()}
        before = {generation.since: generation for generation in self.generations}
        packs: dict[str, Pack] = {}
        found: list[Generation] = []
        for one in approved:
            packs = packs | {(pack := self._packs[digest]).code: pack for digest in one.packs}
            since = one.known_from or BEGINNING
            if found and found[-1].since >= since:  # of one second: the later of both
                since = found.pop().since
            same = before.get(since)
            first = self._first if packs == self._shipped else None
            found.append(same if same is not None and same.packs == packs else Generation(since, packs, first))
        _ = found[-1].catalogue  # linked here and now, not when the first asks
        return found

    async def _publish_shipped(self) -> None:
        """Records the packs that come with this release, as far as they are new and nobody published over them."""
        rows = {code: self.kept.row(pack) for code, pack in self._shipped.items()}
        async with self.database.begin() as connection:
            await lock_publications(connection)
            approved = await repository.approved(connection)
            before = await repository.divisions(connection, (one for one in approved if one.form == SHIPPED))
            standing = await repository.divisions(connection, approved)
            new = {code: row for code, row in rows.items() if before.get(code) != row["digest"]}
            taken = {code: row for code, row in new.items() if standing.get(code) == before.get(code)}
            for code in sorted(new.keys() - taken.keys()):
                log.warning("%s was published since; the pack that comes with this release is left aside", code)
            if not taken or not self._fit(taken):
                return
            now = self.now()
            publication = {
                "id": new_id(now),
                "form": SHIPPED,
                "jurisdiction": "CN",
                "packs": [row["digest"] for row in taken.values()],
                "base": sorted(standing[code] for code in taken if code in standing),
                "submitted_by": SHIPPED,
                "submitted_at": now,
            }
            outcome = {
                "publication": publication["id"],
                "sequence": await settled_publications(connection) + 1,
                "outcome": "approved",
                "decided_by": SHIPPED,
                "decided_at": now,
                "known_from": counts_from(now) if approved else None,
            }
            await repository.add_packs(connection, list(taken.values()))
            await repository.add_publication(connection, publication, outcome)

    def _fit(self, taken: dict[str, Json]) -> bool:
        """Whether packs that come with this release can be linked with what else stands."""
        try:
            Library({**self.generations.newest.packs, **{code: self._shipped[code] for code in taken}})
        except PackError as error:
            log.error("the packs of this release do not fit what was published: %s", error)
            return False
        return True
