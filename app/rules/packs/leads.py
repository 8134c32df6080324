"""Leads: figures of a place that nobody has seen in the official text, to look for a notice by. None of them counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.rules.packs.pack import Pack
from app.rules.packs.schema import Per

Key = str | int | None


@dataclass(frozen=True)
class LinkedLead:
    """A lead for a parameter and key. Grade B is reported of a named official page, grade C collected in a survey."""

    parameter: str
    key: Key
    grade: Literal["B", "C"]
    printed: Fraction | bool | None
    per: Per | None
    start: dt.date | None
    until: dt.date | None
    document: str
    quote: str | None

    def covers(self, date: dt.date) -> bool:
        return (self.start is None or self.start <= date) and (self.until is None or date <= self.until)


Find = Callable[[str], tuple[str, Key] | None]


def leads_of(pack: Pack, find: Find) -> dict[str, list[LinkedLead]]:
    """Returns the leads of a pack by parameter, values that are only reported first, the latest first.

    `find` divides a name into parameter and key. Raises PackError for a name that is no parameter.
    """
    found: dict[str, list[LinkedLead]] = {}
    for lead in sorted(_leads(pack, find), key=lambda lead: (lead.grade, -(lead.start or dt.date.min).toordinal())):
        found.setdefault(lead.parameter, []).append(lead)
    return found


def _leads(pack: Pack, find: Find) -> Iterator[LinkedLead]:
    for name, values in pack.content.values.items():
        named = find(name)
        for v in values if named is not None else ():
            if v.status == "reported" and named is not None:
                yield LinkedLead(*named, "B", v.value, v.per, v.start, v.until, v.document, v.quote)
    for name, leads in pack.content.leads.items():
        named = find(name)
        if named is None:
            raise pack.fault(f"{name} is not a parameter the nation declares", "leads", name)
        for one in leads:
            if one.document not in pack.content.documents:
                raise pack.fault(f"{one.document} is not a document of this pack", "leads", name)
            yield LinkedLead(*named, one.grade, one.value, one.per, one.start, one.until, one.document, one.quote)
