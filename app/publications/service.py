"""Publishes rules: submitted by one person, approved or rejected by another, recorded in the log, in force from then on."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

from app.core.errors import Conflict, RulesChanged, StorageUnavailable
from app.core.ids import new_id
from app.core.paging import Filter
from app.db.database import Database
from app.db.tables import Publication, PublicationOutcome
from app.decisions.log.batch import Draft, Submission, Written
from app.decisions.log.writer import LogWriter
from app.decisions.records import Filing, instant_text
from app.decisions.state import DecisionState
from app.decisions.stored_rules.active_packs import Standing, counts_from
from app.decisions.stored_rules.pack_texts import pack_of
from app.decisions.stored_rules.published import SHIPPED
from app.decisions.stored_rules.rule_store import KeptRules
from app.publications import repository
from app.publications.candidate import Candidate, candidate, checked, new_warnings, published_after
from app.publications.comparison import comparison, first_days
from app.publications.errors import FaultyPublication
from app.publications.impact import Sides, impact
from app.publications.intake import read_publication
from app.publications.repository import Published
from app.publications.schemas import Approval, ImpactAnswer, PublicationAnswer, PublicationRow, Rejection
from app.publications.views import publication_row, warning_shown
from app.rules.facts.request import SHANGHAI, china_day
from app.rules.messages import Language
from app.rules.packs.library import NATION, Library
from app.rules.packs.pack import Pack
from app.rules.packs.strict_yaml import PackError
from app.rules.service import Rules
from app.rules.values.strict_json import Json
from app.security.areas import scoped, within_areas
from app.security.callers import Caller
from app.security.permissions import Forbidden, must, must_cover
from app.security.request_fingerprints import Fingerprint, RequestMarks

_MOST_TRIES: Final = 5
Texts = Mapping[str, tuple[str, str]]
"""Division and text of packs by their digests."""
Settlement = Callable[[Filing], tuple[Json, Json]]
"""Makes the record of an approval or a rejection, and the columns of its row."""


class ImpactReading(Protocol):
    """A reading of whom a publication touches, written down before it is answered."""

    @property
    def caller(self) -> Caller: ...

    def must_have_purpose(self) -> None:
        """FaultyRequest for a purpose that is not the caller's."""

    async def of(self, decisions: Iterable[UUID | str]) -> None:
        """Writes down that the caller reads about decisions."""


@dataclass
class Publications:
    """The use cases of publications. Each method that writes records once, however often its key is sent."""

    database: Database
    standing: Standing
    kept: KeptRules
    writer: LogWriter
    marks: RequestMarks
    now: Callable[[], dt.datetime]

    # what is done

    async def submit(
        self, caller: Caller, raw: Any, key: str | None, language: Language, reading: ImpactReading | None = None
    ) -> PublicationAnswer:
        """Submits a publication, which waits for a second person; with its impact if `reading` is given.

        FaultyRequest, FaultyPublication with every fault; Forbidden outside the caller's areas.
        """
        if reading is not None:  # what is refused after it was submitted would leave it there
            must(reading.caller, "publications.impact")
            reading.must_have_purpose()
        body = read_publication(raw)
        must_cover(caller, body.jurisdiction)
        await self.standing.begin()
        standing = self.standing.generations.newest.packs
        found = await asyncio.to_thread(candidate, standing, body, china_day(self.now()))
        form = "pack" if body.pack is not None else "change"
        packs, base = [await self._stored(found.pack)], self._base(standing, found.rules.library, body.jurisdiction)

        def draft(_: DecisionState | None, now: dt.datetime) -> Draft:
            id_ = new_id(now)
            what = {"form": form, "packs": packs, "base": base, "note": body.note}
            record = self._filing(id_, id_, body.jurisdiction, caller, now).head("publication") | what
            row = {"id": id_, "jurisdiction": body.jurisdiction, "submitted_by": caller.subject, "submitted_at": now}
            return Draft(id_, id_, body.jurisdiction, record, beside=[(Publication, row | what)])

        request = self.marks.of(["publish", caller.subject], raw, body)
        written = await self._append(caller, key, Submission(draft, request))
        return await self.show(written.id, language, reading)

    async def approve(
        self, caller: Caller, id_: UUID, body: Approval, raw: Any, key: str | None, language: Language
    ) -> PublicationAnswer:
        """Approves a publication, which is in force from the next second but one.

        Forbidden for the person who submitted it; Conflict if it is settled already, or if the packs in force are not
        those it was compared with any more.
        """

        def settlement(filing: Filing) -> tuple[Json, Json]:
            known_from = counts_from(filing.at)
            record = filing.head("approval") | {"known_from": instant_text(known_from), "note": body.note}
            return record, {"outcome": "approved", "known_from": known_from, "reason": body.note}

        request = self.marks.of([f"approve {id_}", caller.subject], raw, body)
        await self._settle(caller, id_, request, key, "approve", settlement)
        return await self.show(id_, language)

    async def reject(
        self, caller: Caller, id_: UUID, body: Rejection, raw: Any, key: str | None, language: Language
    ) -> PublicationAnswer:
        """Rejects a publication for ever. Forbidden for the person who submitted it; Conflict if it is settled."""

        def settlement(filing: Filing) -> tuple[Json, Json]:
            record = filing.head("rejection") | {"reason": body.reason}
            return record, {"outcome": "rejected", "known_from": None, "reason": body.reason}

        request = self.marks.of([f"reject {id_}", caller.subject], raw, body)
        await self._settle(caller, id_, request, key, "reject", settlement)
        return await self.show(id_, language)

    # what is shown

    async def page(
        self, jurisdiction: str | None, state: str | None, after: UUID | None, size: int
    ) -> list[PublicationRow]:
        """Lists publications in the order they were submitted."""
        await self.standing.begin()
        async with self.database.connect() as connection:
            found = await repository.page(connection, jurisdiction, state, after, size)
        return [publication_row(one) for one in found]

    async def show(
        self, id_: UUID, language: Language, reading: ImpactReading | None = None, before: UUID | None = None
    ) -> PublicationAnswer:
        """Shows a publication beside what it was compared with; with its impact if `reading` is given.

        The impact goes on at the decision `before`. UnknownPublication if there is none; Conflict if the impact is
        asked of one that came with the service, or that no longer fits the packs in force.
        """
        await self.standing.begin()
        async with self.database.connect() as connection:
            found = await repository.publication(connection, id_)
            texts = await repository.texts(connection, [*found.packs, *found.base])
        shown = await asyncio.to_thread(self._shown, found, texts, language)
        if reading is not None:
            must(reading.caller, "publications.impact")
            shown.impact = await self._impact(reading.caller, found, texts, before)
            await reading.of(one.decision for one in shown.impact.touched)
        return shown

    # parts

    async def _impact(self, caller: Caller, found: Published, texts: Texts, before: UUID | None) -> ImpactAnswer:
        """Computes whom a publication touches among the decisions of the caller's areas."""
        if found.form == SHIPPED:
            raise Conflict("nothing_before")
        sides = await asyncio.to_thread(self._sides, found, texts)
        place = None if found.jurisdiction == NATION else found.jurisdiction
        filter_ = within_areas(caller, Filter(jurisdiction=place))
        async with self.database.connect() as connection:
            return (await impact(connection, sides, filter_, before)).answer()

    async def _settle(
        self,
        caller: Caller,
        id_: UUID,
        request: Fingerprint,
        key: str | None,
        what: str,
        settlement: Settlement,
    ) -> None:
        """Records what a second person decided, again if other publications were settled meanwhile."""
        for _ in range(_MOST_TRIES):
            await self.standing.begin()
            submission = await self._settling(caller, id_, request, what, settlement)
            try:
                await self._append(caller, key, submission)
            except RulesChanged:
                continue
            await self.standing.catch_up()
            return
        raise StorageUnavailable

    async def _settling(
        self, caller: Caller, id_: UUID, request: Fingerprint, what: str, settlement: Settlement
    ) -> Submission:
        settled = self.standing.settled
        async with self.database.connect() as connection:
            found = await repository.publication(connection, id_)
            texts = await repository.texts(connection, found.packs)
        must_cover(caller, found.jurisdiction)
        if caller.may_be(found.submitted_by):
            raise Forbidden("second_person_needed")
        conflict = await asyncio.to_thread(self._conflict, found, texts, what)

        def draft(_: DecisionState | None, now: dt.datetime) -> Draft:
            if conflict is not None:  # raised here, so that a key that is sent again leads to its first answer
                raise conflict
            filing = self._filing(new_id(now), id_, found.jurisdiction, caller, now)
            record, columns = settlement(filing)
            row = {"publication": id_, "sequence": settled + 1, "decided_by": caller.subject, "decided_at": now}
            return Draft(filing.id, id_, found.jurisdiction, record, beside=[(PublicationOutcome, row | columns)])

        return Submission(draft, request, rests_on=settled, settles=True)

    def _conflict(self, found: Published, texts: Texts, what: str) -> Conflict | None:
        """Finds why a publication may not be approved or rejected any more; None if it may."""
        if found.outcome is not None:
            return Conflict(f"already_{found.outcome}")
        if what != "approve":
            return None
        pack = pack_of(texts[found.packs[0]][1])
        before = self.standing.generations.newest.packs.get(found.jurisdiction)
        if published_after(pack, before, china_day(self.now())):
            return Conflict("published_ahead")
        return Conflict("standing_changed") if self._checked(found, texts) is None else None

    def _checked(self, found: Published, texts: Texts) -> Candidate | None:
        """Checks a publication beside the packs in force; None if they are not those it was compared with."""
        standing = self.standing.generations.newest.packs
        pack = pack_of(texts[found.packs[0]][1])
        try:
            library = Library({**standing, pack.code: pack})
            if self._base(standing, library, pack.code) != found.base:
                return None
            return checked(standing, pack)
        except (PackError, FaultyPublication):
            return None

    def _base(self, standing: Mapping[str, Pack], library: Library, code: str) -> list[str]:
        """Lists the packs in force that bear on a place's pack or rest on it, along its path and below it, by digest."""
        above = library.path(code)
        codes = [one for one in standing if one in above or code in library.path(one)]
        return sorted(self.kept.row(standing[one])["digest"] for one in codes)

    def _shown(self, found: Published, texts: Texts, language: Language) -> PublicationAnswer:
        shown = PublicationAnswer(
            **dict(publication_row(found)),
            name=None,
            comparison=None,
            current=None,
            warnings=[],
            files={},
            impact=None,
        )
        if found.form == SHIPPED:
            return shown
        before, pack = self._before(found, texts), pack_of(texts[found.packs[0]][1])
        standing = self.standing.generations.newest
        names = Library({**standing.packs, pack.code: pack})
        shown.name = (pack.content.name or {}).get(language, pack.code)
        shown.comparison = comparison(before, pack, names, language)
        shown.files = pack.texts
        if found.outcome is None:
            shown.current = self._base(standing.packs, names, pack.code) == found.base
            doubtful = new_warnings(standing.rules.library, names, pack.code)
            shown.warnings = [warning_shown(one, language) for one in doubtful]
        return shown

    def _before(self, found: Published, texts: Texts) -> Pack | None:
        """Reads the pack of the place that a publication was compared with."""
        bodies = [body for digest in found.base for code, body in [texts[digest]] if code == found.jurisdiction]
        return pack_of(bodies[0]) if bodies else None

    def _sides(self, found: Published, texts: Texts) -> Sides:
        """Links the packs the publication was compared with, and those with it, among all others in force."""
        standing = self.standing.generations.newest.packs
        before, pack = self._before(found, texts), pack_of(texts[found.packs[0]][1])
        others = {code: one for code, one in standing.items() if code != pack.code}
        try:
            after = checked(others, pack).rules
            without = Rules(Library(others if before is None else {**others, pack.code: before}))
        except (PackError, FaultyPublication):
            raise Conflict("standing_changed") from None
        known_at = max(self.now(), _last_publication(after.library, pack.code))
        return Sides(without, after, first_days(before, pack), known_at)

    async def _stored(self, pack: Pack) -> str:
        """Stores the text of a pack; returns its digest."""
        row = self.kept.row(pack)
        async with self.database.begin() as connection:
            await repository.store_pack(connection, row)
        digest: str = row["digest"]
        return digest

    def _filing(self, id_: UUID, about: UUID, jurisdiction: str, caller: Caller, now: dt.datetime) -> Filing:
        return Filing(id_, about, jurisdiction, self.writer.origin, now, caller.subject)

    async def _append(self, caller: Caller, key: str | None, submission: Submission) -> Written:
        if key is not None:
            submission.key = scoped(self.writer.origin, caller, key)
        return await self.writer.append(submission)


def _last_publication(library: Library, code: str) -> dt.datetime:
    """Finds the end of the last day on which something of a place's pack becomes known by its documents."""
    _, known = library.breakpoints([code])
    day = min(max(known, default=dt.date.min), dt.date(9000, 1, 1)) + dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(), SHANGHAI)
