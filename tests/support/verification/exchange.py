"""Queries, reports and platforms for the tests of the exchange. Everybody in them is invented."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st

from app.verification.exchange.mapping.mapping import Mapping, load_mapping
from app.verification.exchange.protocol import Item, Match, Period, Person, Query, Report
from app.verification.registers.sources import shipped
from app.verification.simulator.registers import Registers

NOW: Final = dt.datetime(2026, 8, 15, 2, 30, tzinfo=dt.UTC)
DAY: Final = dt.date(2025, 6, 15)
KEY: Final = b"0123456789abcdef0123456789abcdef"
PROVINCE: Final = Path(__file__).with_name("invented_province.yaml")
EXACT: Final = Match(quality="exact", on=("name", "id_number"))
YEAR: Final = Period(first="2025-08", last="2026-07")

RESIDENTS: Final = list(Registers.invented(7, 40, DAY).residents.values())


def person(number: int = 0) -> Person:
    """One of the invented residents, as p1, p2, …"""
    resident = RESIDENTS[number]
    return Person(ref=f"p{number + 1}", name=resident.name, id_number=resident.id_number)


def query(id_: str = "q-1", **changes: Any) -> Query:
    """A query about two people in every register."""
    values: dict[str, Any] = {
        "id": id_,
        "reference": "R-2026-1",
        "purpose": "application",
        "business": "dibao_rural",
        "area": "430500",
        "persons": (person(0), person(1)),
        "sources": tuple(shipped().sources),
        "sent_at": NOW,
    }
    return Query.model_validate({**values, **changes})


def wage(fen: int = 9_600_00) -> Item:
    return Item(fact="wage", value=fen, period=YEAR, match=EXACT)


def report(**changes: Any) -> Report:
    """What the tax register says of the first person."""
    values: dict[str, Any] = {
        "id": "r-1",
        "query": "q-1",
        "source": "tax",
        "person": "p1",
        "status": "answered",
        "items": (wage(),),
        "as_of": DAY,
        "reported_at": NOW,
        "received_at": NOW,
    }
    return Report.model_validate({**values, **changes})


def mappings() -> dict[str, Mapping]:
    """Every mapping with which an exchange can be made."""
    return {"simulator": load_mapping("simulator"), "province": load_mapping(PROVINCE)}


_ID: Final = st.text("abcdefXYZ0123456789_.:-", min_size=1, max_size=20)
_MONTHS: Final = st.integers(0, 200).map(lambda n: f"{2014 + n // 12:04d}-{n % 12 + 1:02d}")
_PERIODS: Final = st.tuples(_MONTHS, _MONTHS).map(lambda pair: Period(first=min(pair), last=max(pair)))
_MATCHES: Final = st.lists(
    st.sampled_from(("name", "id_number", "birth_date", "address")), unique=True, max_size=4
).map(
    lambda on: Match.model_validate(
        {
            "quality": "exact" if {"name", "id_number"} <= set(on) else "weak" if on else "none",
            "on": tuple(on),
        }
    )
)
_SECONDS: Final = st.integers(0, 2_000_000_000).map(lambda n: dt.datetime.fromtimestamp(n, dt.UTC))
_DAYS: Final = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))


@st.composite
def items(draw: st.DrawFn, source: str) -> Item:
    """Any item of a register."""
    id_ = draw(st.sampled_from(shipped().sources[source].facts))
    fact = shipped().facts[id_]
    values: dict[str, st.SearchStrategy[Any]] = {
        "money": st.integers(0, 10**13),
        "count": st.integers(0, 10_000),
        "flag": st.booleans(),
        "date": _DAYS,
        "choice": st.sampled_from(fact.choices or ("",)),
    }
    period = draw(_PERIODS) if fact.over == "months" else None
    return Item(fact=id_, value=draw(values[fact.type]), period=period, match=draw(_MATCHES))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Any report that answers `query()`."""
    source = draw(st.sampled_from(list(shipped().sources)))
    status = draw(st.sampled_from(("answered", "no_record", "unmatched", "error", "partial")))
    least = 1 if status == "answered" else 0
    found = (
        tuple(draw(st.lists(items(source), min_size=least, max_size=4))) if status in ("answered", "partial") else ()
    )
    return report(
        id=draw(_ID),
        source=source,
        person=draw(st.sampled_from(("p1", "p2"))),
        status=status,
        items=found,
        as_of=draw(st.dates(dt.date(2000, 1, 1), DAY)),
        reported_at=draw(_SECONDS),
    )


@st.composite
def queries(draw: st.DrawFn) -> Query:
    """Any query about some of the invented residents."""
    numbers = draw(st.lists(st.integers(0, 39), min_size=1, max_size=5, unique=True))
    return query(
        draw(_ID),
        persons=tuple(person(number) for number in numbers),
        sources=tuple(draw(st.lists(st.sampled_from(list(shipped().sources)), min_size=1, unique=True))),
        callback=draw(st.sampled_from((None, "https://doudi.example/v1/verifications/v-1/reports"))),
        sent_at=draw(_SECONDS),
    )
