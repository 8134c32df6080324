"""Which reports and months bear on a case. What is of another time confirms nothing and contradicts nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.rules.values.strict_json import Json
from app.verification.exchange.protocol import Period
from app.verification.registers.sources import shipped
from app.verification.registers.validity import valid_until


def month_number(day: dt.date) -> int:
    """A month as a number that counts on from year to year."""
    return day.year * 12 + day.month


def months_of_period(period: Period) -> range:
    """The months of a period, as numbers."""
    first, last = (month_number(dt.date.fromisoformat(f"{month}-01")) for month in (period.first, period.last))
    return range(first, last + 1)


@dataclass(frozen=True)
class Times:
    """The days of a case: for which it is assessed, on which registers were asked, and on which it is read. `valid_for`
    is for how many months the place lets a report stand, None where that is not published."""

    assessed_for: dt.date
    asked_on: dt.date
    today: dt.date
    valid_for: int | None = None

    def expired(self, as_of: dt.date) -> bool:
        """Tells if a report that speaks of a day may not be used any more."""
        return self.valid_for is not None and valid_until(as_of, self.valid_for) < self.today

    def stands(self, as_of: dt.date) -> bool:
        """Tells if a report can confirm anything: it is not expired, and speaks of no day before or after all that counts."""
        return not self.expired(as_of) and month_number(as_of) in self.confirming(0)

    def bearing(self, declared_over: int) -> range:
        """The months that bear on a figure: as many as it covers before that of the case, at least those of the law; and
        what came since, up to when registers were asked."""
        case = month_number(self.assessed_for)
        first = case - max(declared_over, shipped().bearing.months)
        return range(first, max(case, month_number(self.asked_on)) + 1)

    def confirming(self, declared_over: int) -> range:
        """The months that can confirm a figure: those that bear on it, not later than the case by more than the law looks
        back. What is found still later contradicts it only."""
        bearing = self.bearing(declared_over)
        return range(bearing.start, min(bearing.stop, month_number(self.assessed_for) + shipped().bearing.months + 1))

    def declared(self, months: int) -> list[range]:
        """The months that a declared figure covers: those before the month of the case, or up to it."""
        case = month_number(self.assessed_for)
        return [range(end - months, end) for end in (case, case + 1)]


def standing(provenance: Json, valid_for: int | None, today: dt.date) -> Json:
    """The provenance without facts that a register confirmed so long ago that its report is expired."""
    return {pointer: one for pointer, one in provenance.items() if not _expired(one, valid_for, today)}


def _expired(one: Json, valid_for: int | None, today: dt.date) -> bool:
    if one["source"] != "verified" or one.get("on") is None or valid_for is None:
        return False
    return valid_until(dt.date.fromisoformat(one["on"]), valid_for) < today
