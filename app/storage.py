"""Builds every service that needs the database, with the keys and the log, and runs their background work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.db.database import Database
from app.decisions.defects.search_job import DefectSearchWork
from app.decisions.defects.service import Defects
from app.decisions.log.service import Log
from app.decisions.log.writer import LogWriter
from app.decisions.proofs.checkpoints import Signer
from app.decisions.queries import Readings
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


@dataclass
class Storage:
    """The services that need the database. Opened once, closed at the end."""

    database: Database
    signer: Signer
    generations: RulesHistory
    kept: KeptRules
    standing: Standing
    writer: LogWriter
    decisions: Decisions
    replayer: Replayer
    jobs: ReplayJobs
    replays: Replays
    defects: Defects
    readings: Readings
    notices: Notices
    log: Log
    keyring: Keyring
    access: Access
    persons: Persons
    erasures: Erasures
    statuses: PersonStatuses
    publications: Publications
    directory: Directory
    outbox: Outbox
    verifications: Verifications
    reviews: Reviews
    alerts: Alerts
    event_reports: EventReports
    screenings: Screenings
    rechecks: Rechecks

    @classmethod
    async def open(
        cls, settings: Settings, generations: RulesHistory, *, now: Callable[[], dt.datetime] = _now
    ) -> Storage:
        """Open the storage of a deployment, and begin its background work.

        Raises Unusable if there is no database to be had, SecretRefused for a key that is not to be used.
        """
        database = await Database.open(settings)
        try:
            directory = Directory.read(settings.platforms)
            storage = cls.on(database, settings.data, settings.origin, generations, now=now, directory=directory)
            await storage.standing.begin()
            storage.standing.start()
            storage.jobs.start()
            storage.outbox.start()
            storage.rechecks.start()
            return storage
        except BaseException:
            await database.close()
            raise

    @classmethod
    def on(
        cls,
        database: Database,
        data: Path,
        origin: str,
        generations: RulesHistory,
        *,
        now: Callable[[], dt.datetime] = _now,
        directory: Directory | None = None,
    ) -> Storage:
        """Build the services on an open database, with the keys of a data folder. No directory: no platforms."""
        directory = directory or Directory({})
        folder = keys_folder(data)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        signer = Signer.load_or_create(log_key(data))
        kept = KeptRules(database, generations)
        standing = Standing(database, kept, generations, now)
        marks = RequestMarks.load_or_create(requests_key(data), folder / f"{FIRST}.key")
        keyring = Keyring.open(folder)
        writer = LogWriter(database, signer, keyring, origin, now)
        replayer = Replayer(kept)
        decisions = Decisions(database, standing, kept, writer, marks, keyring, now)
        works: Mapping[JobKind, PageWork] = {
            "replay": ReplayWork(replayer, now),
            "defect": DefectSearchWork(kept, replayer, now),
        }
        jobs = ReplayJobs(database, works, now)
        defects = Defects(database, kept, jobs, now)
        readings = Readings(database, kept, signer, origin, now)
        access = Access(database, shipped(), now)
        persons = Persons(database, keyring, access)
        erasures = Erasures(database, now)
        statuses = PersonStatuses(database, access)
        publications = Publications(database, standing, kept, writer, marks, now)
        outbox = Outbox(database, keyring, marks, directory.of, now, callbacks=directory.callbacks)
        verifications = Verifications(database, generations, keyring, marks, access, outbox, now)
        reviews = Reviews(database, generations, now)
        return cls(
            database,
            signer,
            generations,
            kept,
            standing,
            writer,
            decisions,
            replayer,
            jobs,
            Replays(database, kept, replayer, jobs, now),
            defects,
            readings,
            Notices(database, kept),
            Log(database, signer, origin),
            keyring,
            access,
            persons,
            erasures,
            statuses,
            publications,
            directory,
            outbox,
            verifications,
            reviews,
            Alerts(database, generations, keyring, now),
            EventReports(database, keyring, now),
            Screenings(database, generations, now),
            Rechecks(database, verifications, reviews, directory.serves, now),
        )

    async def close(self) -> None:
        """End the background work, write what still waits, and close the database."""
        await self.rechecks.close()
        await self.outbox.close()
        await self.directory.close()
        await self.jobs.close()
        await self.standing.close()
        await self.writer.close()
        await self.database.close()
