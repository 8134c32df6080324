"""The law a caller asks about: a place, a day, and the instant by which its rules must have been known."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Path, Query, Request

from app.http.params import Code, Day, Instant, LawDay, now, parameter, today
from app.http.problems import raises
from app.rules.catalogue.catalogue import Catalogue, Side, Stretch
from app.rules.history import RulesHistory
from app.rules.request_faults import Fault, FaultyRequest


async def _history(request: Request) -> RulesHistory:
    history: RulesHistory = request.app.state.generations
    return history


HistoryDep = Annotated[RulesHistory, Depends(_history)]
"""Every generation of packs the service answers by."""


@dataclass(frozen=True)
class Law:
    """The rules of a place on a day, as far as they were known at an instant; `pointer` is where the instant stands."""

    catalogue: Catalogue
    side: Side
    pointer: str

    @property
    def known(self) -> bool:
        """True if some rule held there by then. UnknownDivision if no loaded place stands above the code."""
        return self.catalogue.has_law(*self.side)


def must_be_known(*laws: Law) -> None:
    """Refuses, all at once, each instant by which no rule of its place was known: FaultyRequest."""
    pointers = dict.fromkeys(law.pointer for law in laws if not law.known)
    if pointers:
        raise FaultyRequest([Fault(pointer, "nothing_known") for pointer in pointers])


def _law(history: RulesHistory, code: str, date: dt.date, known_at: dt.datetime, name: str) -> Law:
    return Law(history.at(known_at).catalogue, (code, date, known_at.date()), f"/query/{name}")


_CODE: Final = {"examples": ["999900"], **parameter("区划代码（GB/T 2260）", "GB/T 2260 code")}
CodeInPath = Annotated[Code, Path(**_CODE)]
_Date = Annotated[
    LawDay | None,
    Query(
        **parameter(
            "适用规定的日期，缺省为今天（上海时间）",
            "The day whose rules and standards are shown; today in Shanghai if absent",
        )
    ),
]
_KnownAt = Annotated[
    Instant | None,
    Query(
        **parameter(
            "截至何时已知的规定，RFC 3339，仅写日期为当日零时（上海时间），缺省为现在",
            "Only what was known by then counts: RFC 3339, or a date for 00:00 in Shanghai; now if absent",
        )
    ),
]


@dataclass(frozen=True)
class _When:
    """The day and the instant of knowledge in the query, today and now where they are absent."""

    date: dt.date
    known_at: dt.datetime


@raises("faulty_request", "unknown_division")
async def _when(date: _Date = None, known_at: _KnownAt = None) -> _When:
    return _When(date or today(), known_at or now())


_WhenDep = Annotated[_When, Depends(_when)]


async def _law_of_path(history: HistoryDep, code: CodeInPath, when: _WhenDep) -> Law:
    return _law(history, code, when.date, when.known_at, "known_at")


async def _law_of_query(history: HistoryDep, jurisdiction: Annotated[Code, Query(**_CODE)], when: _WhenDep) -> Law:
    return _law(history, jurisdiction, when.date, when.known_at, "known_at")


async def _two_laws(
    history: HistoryDep,
    jurisdiction: Annotated[Code, Query(**_CODE)],
    when: _WhenDep,
    other_jurisdiction: Annotated[
        Code | None,
        Query(examples=["999900"], **parameter("对照的区划代码，缺省相同", "The other place; the same if absent")),
    ] = None,
    other_date: Annotated[
        LawDay | None, Query(**parameter("对照的日期，缺省相同", "The other day; the same if absent"))
    ] = None,
    other_known_at: Annotated[
        Instant | None, Query(**parameter("对照的知悉时间，缺省相同", "The other instant; the same if absent"))
    ] = None,
) -> tuple[Law, Law]:
    law = _law(history, jurisdiction, when.date, when.known_at, "known_at")
    other = _law(
        history,
        other_jurisdiction or jurisdiction,
        other_date or when.date,
        other_known_at or when.known_at,
        "known_at" if other_known_at is None else "other_known_at",
    )
    return law, other


LawOfPath = Annotated[Law, Depends(_law_of_path)]
"""The law of the place in the path."""
LawOfQuery = Annotated[Law, Depends(_law_of_query)]
"""The law of the place in the query."""
TwoLaws = Annotated[tuple[Law, Law], Depends(_two_laws)]
"""The law of the place in the query, and the law that is put beside it."""


async def _stretch(
    first: Annotated[
        Day | None,
        Query(
            alias="from",
            **parameter(
                "历年标准：起始日",
                "The series instead of one day: its first day; from the beginning if absent",
            ),
        ),
    ] = None,
    last: Annotated[
        Day | None,
        Query(
            alias="until",
            **parameter("历年标准：截止日", "The series instead of one day: its last day; today if absent"),
        ),
    ] = None,
) -> Stretch | None:
    return None if first is None and last is None else (first or dt.date.min, last or today())


StretchDep = Annotated[Stretch | None, Depends(_stretch)]
"""The days over which a series is asked for; None where a single day is."""
