"""A platform by files: batches of queries go into an outbox folder, answers are read from an inbox folder.

Whatever carries the folders to and from the platform is not the service's. Whoever may write to the inbox is believed,
so its permissions are the platform's signature.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Final

from app.core.sheets import Row, SheetForm, write_sheet
from app.rules.request_faults import Fault
from app.verification.exchange.batch_folder import Manifest, manifest_of, open_parcel, parcels, put, read_manifest
from app.verification.exchange.errors import Malformed, NoPlatform, PlatformUnavailable
from app.verification.exchange.mapping.mapping import Mapping
from app.verification.exchange.mapping.rows import report_of_rows
from app.verification.exchange.mapping.translate import Translator
from app.verification.exchange.protocol import Answers, Callback, HandingOver, Query, Receipt, Report
from app.verification.exchange.tables import read_sheet

_MOST_IN_A_BATCH: Final = 500  # queries: one of everybody in every register is then some 6,000 rows
_KEPT: Final = 8  # parcels whose rows stay in memory between two polls


@dataclass
class _Parcel:
    """The rows of each report of one parcel by query, or why they could not be read. A report said again is there
    again."""

    reports: dict[str, list[list[Row]]] = field(default_factory=dict)
    malformed: list[Malformed] = field(default_factory=list)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class FileExchange:
    """One platform behind two folders. PackError if its mapping is not whole."""

    def __init__(
        self,
        mapping: Mapping,
        outbox: Path,
        inbox: Path,
        form: SheetForm = "csv",
        clock: Callable[[], dt.datetime] = _now,
        gathered_for: dt.timedelta = dt.timedelta(),
    ) -> None:
        self._translator = Translator(mapping.in_rows())
        self._outbox = outbox
        self._inbox = inbox
        self._form: SheetForm = form
        self._clock = clock
        self._handing_over = HandingOver(_MOST_IN_A_BATCH, gathered_for)
        self._kept: dict[tuple[str, str], _Parcel] = {}

    @property
    def platform(self) -> str:
        return self._translator.mapping.platform

    @property
    def handing_over(self) -> HandingOver:
        return self._handing_over

    async def submit(self, query: Query) -> Receipt:
        return (await self.submit_all([query]))[0]

    async def submit_all(self, queries: Sequence[Query]) -> list[Receipt]:
        if not queries:
            return []
        rows = [row for query in queries for row in self._translator.query_rows(query)]
        batch = batch_of(queries)
        files = {f"queries.{self._form}": write_sheet(self._form, _names(rows), rows)}
        manifest = manifest_of(files, "queries", batch, complete=True)
        try:
            await asyncio.to_thread(put, self._outbox, batch, manifest, files)
        except OSError:
            raise PlatformUnavailable from None
        return [Receipt(platform=self.platform, query=query.id, number=batch) for query in queries]

    async def poll(self, query: Query, receipt: Receipt) -> Answers:
        return await asyncio.to_thread(self._collect, query, receipt)

    def accept(self, callback: Callback, query: Query, now: dt.datetime) -> Report:
        raise NoPlatform

    def _collect(self, query: Query, receipt: Receipt) -> Answers:
        """Collects what all parcels of the batch say on a query. A parcel that cannot be read may hold something: all queries
        of the batch hear of it."""
        reports: dict[str, Report] = {}
        malformed: list[Malformed] = []
        complete = False
        for path, manifest in self._of_batch(receipt.number, malformed):
            parcel = self._read(path, manifest)
            malformed += parcel.malformed
            complete = complete or manifest.complete
            for rows in parcel.reports.get(query.id, ()):
                try:
                    raw = report_of_rows(self._translator, rows)
                    report = self._translator.report_in(raw, query, self._clock())
                except Malformed as fault:
                    malformed.append(fault)
                    continue
                reports.setdefault(f"{report.id} {report.digest}", report)
        return Answers(tuple(reports.values()), tuple(malformed), complete)

    def _of_batch(self, batch: str, malformed: list[Malformed]) -> Iterable[tuple[Path, Manifest]]:
        for path in parcels(self._inbox):
            try:
                manifest = read_manifest(path)
            except Malformed as fault:
                if path.name.startswith(batch):
                    malformed.append(fault)
                continue
            if manifest.batch == batch and manifest.holds == "answers":
                yield path, manifest

    def _read(self, path: Path, manifest: Manifest) -> _Parcel:
        key = (path.name, manifest.model_dump_json())
        if key not in self._kept:
            while len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = self._opened(path, manifest)
        return self._kept[key]

    def _opened(self, path: Path, manifest: Manifest) -> _Parcel:
        parcel = _Parcel()
        try:
            for name, body in open_parcel(path, manifest).items():
                rows = read_sheet("csv" if name.endswith(".csv") else "xlsx", body)
                for (query, _), report in groupby(rows, self._ids):
                    parcel.reports.setdefault(query, []).append(list(report))
        except Malformed as fault:  # nothing of the parcel is taken
            return _Parcel(malformed=[fault])
        return parcel

    def _ids(self, row: Row) -> tuple[str, str]:
        """Query and report of a row; the rows of a report stand together."""
        fields = self._translator.fields.report
        query, report = row.get(fields.query), row.get(fields.id)
        if not query or not report:
            raise Malformed([Fault("/query", "required")])
        return query, report


def batch_of(queries: Sequence[Query]) -> str:
    """The id of a batch: the same queries are the same batch, however often they are handed over."""
    return hashlib.sha256("\n".join(sorted(query.id for query in queries)).encode()).hexdigest()[:32]


def _names(rows: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))
