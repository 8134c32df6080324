"""Builds every service that needs the database, with the keys and the log, and runs their background work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

from app.db.database import Database
from app.decisions.defects.search_job import DefectSearchWork
from app.decisions.defects.service import Defects
from app.decisions.keys.folder import must_fit, settle
from app.decisions.log.service import Log
from app.decisions.log.trail import Trail
from app.decisions.log.writer import LogWriter
from app.decisions.proofs.checkpoints import Signer
from app.decisions.queries import Queries
from app.decisions.replay.jobs import PageWork, ReplayJobs
from app.decisions.replay.replay_job import ReplayWork
from app.decisions.replay.replayer import Replayer
from app.decisions.replay.repository import JobKind
from app.decisions.replay.service import Replays
from app.decisions.service import Decisions
from app.decisions.stored_rules.active_packs import Standing
from app.decisions.stored_rules.rule_store import KeptRules
from app.monitoring.alerts import Alerts
from app.monitoring.event_reports import EventReports
from app.monitoring.rechecks import Rechecks
from app.monitoring.reviews import Reviews
from app.monitoring.screenings import Screenings
from app.notices.service import Notices
from app.people.access_log import Access
from app.people.erasure import Erasures
from app.people.persons import Persons
from app.people.purposes import shipped
from app.people.statuses import PersonStatuses
from app.publications.service import Publications
from app.rules.history import RulesHistory
from app.security.keyring import FIRST, Keyring
from app.security.request_fingerprints import RequestMarks
from app.settings import Settings, keys_folder, log_key, requests_key
from app.verification.exchange.platforms import Directory
from app.verification.outbox.worker import (
    Outbox,
)
from app.verification.service import Verifications


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Storage:
    """The services that need the database. Opened once, closed at the end."""

    def __init__(
        self,
        database: Database,
        data: Path,
        origin: str,
        generations: RulesHistory,
        *,
        now: Callable[[], dt.datetime] = _now,
        directory: Directory | None = None,
    ) -> None:
        """Build the services on an open database, with the keys of a data folder. No directory: no platforms."""
        folder = keys_folder(data)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        marks = RequestMarks.load_or_create(requests_key(data), folder / f"{FIRST}.key")
        self.database = database
        self.generations = generations
        self.directory = directory or Directory({})
        self.signer = Signer.load_or_create(log_key(data))
        self.keyring = Keyring.open(folder)
        self.trail = database.trail = Trail(self.signer)

        self.kept = KeptRules(database, generations)
        self.standing = Standing(database, self.kept, generations, now, self.signer.public_key)
        self.writer = LogWriter(database, self.signer, self.keyring, origin, now)
        self.log = Log(database, self.signer, origin)
        self.decisions = Decisions(database, self.standing, self.kept, self.writer, marks, self.keyring, now)
        self.queries = Queries(database, self.kept, self.signer, origin, now)
        self.replayer = Replayer(self.kept)
        works: Mapping[JobKind, PageWork] = {
            "replay": ReplayWork(self.replayer, now),
            "defect": DefectSearchWork(self.kept, self.replayer, now),
        }
        self.jobs = ReplayJobs(database, works, now)
        self.replays = Replays(database, self.kept, self.replayer, self.jobs, now)
        self.defects = Defects(database, self.kept, self.jobs, now)

        self.notices = Notices(database, self.kept)
        self.access = Access(database, shipped(), now)
        self.persons = Persons(database, self.keyring, self.access)
        self.erasures = Erasures(database, now)
        self.statuses = PersonStatuses(database, self.access)
        self.publications = Publications(database, self.standing, self.kept, self.writer, marks, now)

        platforms, callbacks = self.directory.of, self.directory.callbacks
        self.outbox = Outbox(database, self.keyring, marks, platforms, now, callbacks=callbacks)
        self.verifications = Verifications(
            database, generations, self.keyring, marks, self.access, self.outbox, now, self.writer.origin
        )
        self.reviews = Reviews(database, generations, now)
        self.alerts = Alerts(database, generations, self.keyring, now)
        self.event_reports = EventReports(database, self.keyring, now)
        self.screenings = Screenings(database, generations, now)
        self.rechecks = Rechecks(database, self.verifications, self.reviews, self.directory.serves, now)

    @classmethod
    async def open(
        cls, settings: Settings, generations: RulesHistory, *, now: Callable[[], dt.datetime] = _now
    ) -> Storage:
        """Open the storage of a deployment, and begin its background work.

        Raises Unusable if there is no database to be had, SecretRefused for a key that is not to be used, and its
        KeysAbsent for a folder without the keys that the database was written with: no other ones are made.
        """
        database = await Database.open(settings)
        try:
            directory = Directory.read(settings.platforms)
            async with database.connect() as connection:
                await must_fit(connection, settings.data, settings.origin)
            storage = cls(database, settings.data, settings.origin, generations, now=now, directory=directory)
            await settle(database, settings.data, settings.origin, now())
            await storage.trail.begin(database)
            await storage.standing.begin()
            storage.standing.start()
            storage.jobs.start()
            storage.outbox.start()
            storage.rechecks.start()
            return storage
        except BaseException:
            await database.close()
            raise

    async def close(self) -> None:
        """End the background work, write what still waits, and close the database."""
        await self.rechecks.close()
        await self.outbox.close()
        await self.directory.close()
        await self.jobs.close()
        await self.standing.close()
        await self.writer.close()
        await self.database.close()
