"""The simulated platform by files: it reads parcels of queries and answers each batch with parcels."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Final

from app.core.sheets import SheetForm, write_sheet
from app.verification.exchange.batch_folder import manifest_of, open_parcel, parcels, put, read_manifest
from app.verification.exchange.mapping.mapping import Mapping
from app.verification.exchange.mapping.rows import queries_of_rows
from app.verification.exchange.mapping.translate import Translator
from app.verification.exchange.tables import read_sheet
from app.verification.simulator.platform import Asked, Simulated

PAUSE: Final = 0.2  # seconds between two looks at the folder


class Exchanging:
    """The folder `outbox`, from which queries are read, and `inbox`, into which answers are put."""

    def __init__(self, mapping: Mapping, platform: Simulated, folder: Path) -> None:
        self._translator = Translator(mapping.in_rows())
        self._platform = platform
        self._outbox, self._inbox = folder / "outbox", folder / "inbox"
        self._open: dict[str, tuple[SheetForm, list[Asked], int]] = {}
        self._seen: set[str] = set()

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            if not self._platform.behaviour.down:
                await asyncio.to_thread(self.look)
            await asyncio.sleep(PAUSE)

    def look(self) -> None:
        """Take what is new, and answer what is due."""
        for path in parcels(self._outbox):
            if path.name not in self._seen:
                self._seen.add(path.name)
                self._take(path)
        for batch in list(self._open):
            self._answer(batch)

    def _take(self, path: Path) -> None:
        manifest = read_manifest(path)
        for name, body in open_parcel(path, manifest).items():
            form: SheetForm = "csv" if name.endswith(".csv") else "xlsx"
            raws = queries_of_rows(self._translator, read_sheet(form, body))
            asked = [self._platform.take(self._translator.query_in(raw, self._platform.clock()))[0] for raw in raws]
            self._open[manifest.batch] = (form, asked, 0)

    def _answer(self, batch: str) -> None:
        """One parcel with all that is due, once something new is; the last one says that it is."""
        form, asked, told = self._open[batch]
        now = self._platform.clock()
        due = [telling for one in asked for telling in one.tellings if telling.due <= now]
        if len(due) == told and not any(telling.broken for telling in due):
            return
        complete = len(due) == sum(len(one.tellings) for one in asked)
        rows: list[dict[str, str]] = []
        again: list[dict[str, str]] = []
        for telling in due:
            said = self._translator.report_rows(telling.report, telling.person)
            rows += self._broken(said) if telling.broken else said
            again += said if telling.twice else []
            complete = complete and not telling.broken
            telling.broken = False
        self._put(batch, form, {"answers": rows, "again": again}, complete=complete)
        if complete:
            del self._open[batch]
        else:
            self._open[batch] = (form, asked, len(due))

    def _broken(self, rows: list[dict[str, str]]) -> list[dict[str, str]]:
        status = self._translator.fields.report.status
        return [{**row, status: "perhaps"} for row in rows]

    def _put(self, batch: str, form: SheetForm, tables: dict[str, list[dict[str, str]]], *, complete: bool) -> None:
        files = {f"{name}.{form}": write_sheet(form, _names(rows), rows) for name, rows in tables.items() if rows}
        number = sum(path.name.startswith(batch) for path in parcels(self._inbox)) + 1
        put(self._inbox, f"{batch}-{number}", manifest_of(files, "answers", batch, complete=complete), files)


def _names(rows: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))
