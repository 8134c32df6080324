"""What the addresses of reviews, alerts and screenings ask for."""

from __future__ import annotations

from dataclasses import replace

from app.core.paging import Filter
from app.http.asking_stored import AskingStored
from app.monitoring.filters import DueReviews, LikelyEligible, RaisedAlerts
from app.rules.language.vocabulary import PROGRAMMES
from app.security.areas import within_areas
from app.security.callers import Caller

_YES_OR_NO = ("true", "false")


class AskingMonitoring(AskingStored):
    """As AskingStored, for what is to be looked at again; within the areas of the caller."""

    def reviews(self, caller: Caller) -> DueReviews:
        """By `due`, today if absent; with what has no published interval if `undated` is true."""
        day = self.day("due", self.today)
        return DueReviews(self._of_household(caller), day, undated=self._flag("undated"))

    def screenings(self, caller: Caller) -> LikelyEligible:
        """On `on`, today if absent; of one `programme` if it is named."""
        day = self.date("on", self.today)
        programme = self.one_of("programme", tuple(PROGRAMMES))
        return LikelyEligible(self._of_household(caller), day, programme)

    def alerts(self, caller: Caller) -> RaisedAlerts:
        """Those that are open; with `state=all` those dealt with, too."""
        closed = self.one_of("state", ("open", "all")) == "all"
        return RaisedAlerts(within_areas(caller, self._of_place()), closed=closed)

    def _of_household(self, caller: Caller) -> Filter:
        return within_areas(caller, replace(self._of_place(), household_ref=self.text("household_ref", 64)))

    def _of_place(self) -> Filter:
        return Filter(jurisdiction=self._leading_digits(self._query.get("jurisdiction")))

    def _flag(self, name: str) -> bool:
        return self.one_of(name, _YES_OR_NO) == "true"
