"""Publishing: submitted by one person, approved or rejected by another, recorded in the log, counted from then on."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from app.core.canonical_json import canonical_plain, with_exact_numbers
from app.core.errors import Conflict, RulesChanged, StorageUnavailable
from app.core.ids import new_id
from app.core.paging import Filter
from app.db.database import Database
from app.db.tables import Pack as PackRow
from app.db.tables import Publication, PublicationOutcome
from app.decisions.intake import read_body
from app.decisions.log.batch import Draft, Submission, Written
from app.decisions.log.writer import LogWriter
from app.decisions.records import Filing
from app.decisions.state import DecisionState
from app.decisions.stored_rules.active_packs import SHIPPED, Standing, counts_from
from app.decisions.stored_rules.pack_texts import pack_of
from app.decisions.stored_rules.rule_store import KeptRules
from app.publications import repository
from app.publications.candidate import Candidate, candidate, checked, new_warnings
from app.publications.comparison import comparison, first_days
from app.publications.errors import FaultyPublication
from app.publications.impact import Sides, impact
from app.publications.records import approval_record, publication_record, rejection_record
from app.publications.repository import Published
from app.publications.submission import Approval, Rejection, read_publication
from app.rules.checks.warnings import Finding
from app.rules.facts.request import SHANGHAI
from app.rules.messages import Language
from app.rules.packs.library import NATION, Library
from app.rules.packs.pack import Pack
from app.rules.packs.strict_yaml import PackError
from app.rules.service import Rules
from app.rules.values.strict_json import Json
from app.security.areas import scoped, within_areas
from app.security.callers import Caller
from app.security.permissions import Forbidden, must_cover
from app.security.request_fingerprints import RequestMarks

_MOST_TRIES: Final = 5


class Publications:
    """What may be done with publications. Each method records once, however often its key is sent."""

    def __init__(
        self,
        database: Database,
        standing: Standing,
        kept: KeptRules,
        writer: LogWriter,
        marks: RequestMarks,
        now: Callable[[], dt.datetime],
    ) -> None:
        self.database = database
        self.standing = standing
        self.kept = kept
        self.writer = writer
        self.marks = marks
        self.now = now

    # what is done

    async def submit(self, caller: Caller, raw: Any, key: str | None) -> UUID:
        """The id of a publication that waits for a second person. FaultyRequest, FaultyPublication with every fault;
        Forbidden outside the caller's areas."""
        body = read_publication(raw)
        must_cover(caller, body.jurisdiction)
        await self.standing.begin()
        standing = self.standing.generations.newest.packs
        found = await asyncio.to_thread(candidate, standing, body)
        form = "pack" if body.pack is not None else "change"
        packs, base = [await self._stored(found.pack)], self._base(standing, found.rules.library, body.jurisdiction)

        def draft(_: DecisionState | None, now: dt.datetime) -> Draft:
            id_ = new_id(now)
            record = publication_record(
                self._filing(id_, id_, body.jurisdiction, caller, now), form, packs, base, body.note
            )
            row = {
                "id": id_,
                "form": form,
                "jurisdiction": body.jurisdiction,
                "packs": packs,
                "base": base,
                "note": body.note,
                "submitted_by": caller.subject,
                "submitted_at": now,
            }
            return Draft(id_, id_, body.jurisdiction, record, beside=[(Publication, row)])

        return (await self._append(caller, "publish", raw, key, Submission(draft, b""))).id

    async def approve(self, caller: Caller, id_: UUID, raw: Any, key: str | None) -> None:
        """It counts from the next second but one. Forbidden for the person who submitted it; Conflict if it is settled
        already, or if what stands is not what it was compared with any more."""
        body = read_body(raw, Approval)

        def outcome(filing: Filing) -> tuple[Json, Json]:
            known_from = counts_from(filing.at)
            columns = {"outcome": "approved", "known_from": known_from, "reason": body.note}
            return approval_record(filing, known_from, body.note), columns

        await self._settle(caller, id_, raw, key, "approve", outcome)

    async def reject(self, caller: Caller, id_: UUID, raw: Any, key: str | None) -> None:
        """It never counts. Forbidden for the person who submitted it; Conflict if it is settled already."""
        body = read_body(raw, Rejection)

        def outcome(filing: Filing) -> tuple[Json, Json]:
            columns = {"outcome": "rejected", "known_from": None, "reason": body.reason}
            return rejection_record(filing, body.reason), columns

        await self._settle(caller, id_, raw, key, "reject", outcome)

    # what is shown

    async def page(self, jurisdiction: str | None, state: str | None, after: UUID | None, size: int) -> list[Published]:
        """Publications in the order they were submitted."""
        await self.standing.begin()
        async with self.database.connect() as connection:
            return await repository.page(connection, jurisdiction, state, after, size)

    async def show(self, id_: UUID, language: Language) -> Json:
        """What a publication says, beside what it was compared with. UnknownPublication if there is none."""
        await self.standing.begin()
        async with self.database.connect() as connection:
            found = await repository.publication(connection, id_)
            texts = await repository.texts(connection, [*found.packs, *found.base])
        return await asyncio.to_thread(self._shown, found, texts, language)

    async def impact(self, caller: Caller, id_: UUID, before: UUID | None = None) -> Json:
        """Whom a publication touches among the decisions of the caller's areas. Conflict for one that came with the
        service, or that no longer fits what stands."""
        await self.standing.begin()
        async with self.database.connect() as connection:
            found = await repository.publication(connection, id_)
            texts = await repository.texts(connection, [*found.packs, *found.base])
            if found.form == SHIPPED:
                raise Conflict("nothing_before")
            sides = await asyncio.to_thread(self._sides, found, texts)
            place = None if found.jurisdiction == NATION else found.jurisdiction
            filter_ = within_areas(caller, Filter(jurisdiction=place))
            return (await impact(connection, sides, filter_, before)).answer()

    # parts

    async def _settle(
        self,
        caller: Caller,
        id_: UUID,
        raw: Any,
        key: str | None,
        what: str,
        outcome: Callable[[Filing], tuple[Json, Json]],
    ) -> None:
        for _ in range(_MOST_TRIES):
            await self.standing.begin()
            settled = self.standing.settled
            async with self.database.connect() as connection:
                found = await repository.publication(connection, id_)
                texts = await repository.texts(connection, found.packs)
            must_cover(caller, found.jurisdiction)
            if caller.subject == found.submitted_by:
                raise Forbidden("second_person_needed")
            conflict = await asyncio.to_thread(self._conflict, found, texts, what)

            def draft(
                _: DecisionState | None,
                now: dt.datetime,
                found: Published = found,
                conflict: Conflict | None = conflict,
                settled: int = settled,
            ) -> Draft:
                if conflict is not None:  # raised here, so that a key that is sent again leads to its first answer
                    raise conflict
                filing = self._filing(new_id(now), id_, found.jurisdiction, caller, now)
                record, columns = outcome(filing)
                row = {"publication": id_, "sequence": settled + 1, "decided_by": caller.subject, "decided_at": now}
                return Draft(filing.id, id_, found.jurisdiction, record, beside=[(PublicationOutcome, row | columns)])

            submission = Submission(draft, b"", rests_on=settled, settles=True)
            try:
                await self._append(caller, f"{what} {id_}", raw, key, submission)
            except RulesChanged:
                continue
            await self.standing.catch_up()
            return
        raise StorageUnavailable

    def _conflict(self, found: Published, texts: Mapping[str, tuple[str, str]], what: str) -> Conflict | None:
        """Why a publication may not be approved or rejected any more, if it may not."""
        if found.outcome is not None:
            return Conflict(f"already_{found.outcome}")
        if what == "approve" and self._checked(found, texts) is None:
            return Conflict("standing_changed")
        return None

    def _checked(self, found: Published, texts: Mapping[str, tuple[str, str]]) -> Candidate | None:
        """What would stand, if what stands is what a publication was compared with."""
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
        """What bears on a place's pack or rests on it: the packs that stand along its path and below it, by digest."""
        above = library.path(code)
        codes = [one for one in standing if one in above or code in library.path(one)]
        return sorted(self.kept.row(standing[one])["digest"] for one in codes)

    def _shown(self, found: Published, texts: Mapping[str, tuple[str, str]], language: Language) -> Json:
        shown = found.row() | {"name": None, "comparison": None, "current": None, "warnings": [], "files": {}}
        if found.form == SHIPPED:
            return shown
        before, pack = self._before(found, texts), pack_of(texts[found.packs[0]][1])
        standing = self.standing.generations.newest
        names = Library({**standing.packs, pack.code: pack})
        pending = found.outcome is None
        doubtful = new_warnings(standing.rules.library, names, pack.code) if pending else []
        return shown | {
            "name": (pack.content.name or {}).get(language, pack.code),
            "comparison": comparison(before, pack, names, language),
            "current": self._base(standing.packs, names, pack.code) == found.base if pending else None,
            "warnings": [_warning(one, language) for one in doubtful],
            "files": pack.texts,
        }

    def _before(self, found: Published, texts: Mapping[str, tuple[str, str]]) -> Pack | None:
        """The pack of the place that a publication was compared with."""
        bodies = [body for digest in found.base for code, body in [texts[digest]] if code == found.jurisdiction]
        return pack_of(bodies[0]) if bodies else None

    def _sides(self, found: Published, texts: Mapping[str, tuple[str, str]]) -> Sides:
        """The packs the publication was compared with, and those with it, among all others that stand."""
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
        """The digest of a pack whose text is stored."""
        row = self.kept.row(pack)
        async with self.database.begin() as connection:
            await connection.execute(insert(PackRow).on_conflict_do_nothing(), [row])
        digest: str = row["digest"]
        return digest

    def _filing(self, id_: UUID, about: UUID, jurisdiction: str, caller: Caller, now: dt.datetime) -> Filing:
        return Filing(id_, about, jurisdiction, self.writer.origin, now, caller.subject)

    async def _append(self, caller: Caller, what: str, raw: Any, key: str | None, submission: Submission) -> Written:
        submission.request = self.marks.mark(canonical_plain([what, caller.subject, with_exact_numbers(raw)]))
        if key is not None:
            submission.key = scoped(self.writer.origin, caller, key)
        return await self.writer.append(submission)


def _last_publication(library: Library, code: str) -> dt.datetime:
    """The end of the last day on which something of a place's pack becomes known by its documents."""
    _, known = library.breakpoints([code])
    day = min(max(known, default=dt.date.min), dt.date(9000, 1, 1)) + dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(), SHANGHAI)


def _warning(warning: Finding, language: Language) -> Json:
    message = warning.message_zh if language == "zh" else warning.message
    return {"file": warning.file, "line": warning.line, "column": warning.column, "message": message}
