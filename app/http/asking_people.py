"""What addresses ask for about persons: references, purposes, the entries of the access log."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from app.core.errors import UnknownPerson
from app.core.ids import REF_PATTERN
from app.http.asking_stored import AskingStored
from app.people.filters import AccessFilter
from app.security.callers import Caller

_REF: Final = re.compile(REF_PATTERN, re.ASCII)
_NOBODY: Final = ""


class AskingPeople(AskingStored):
    """As AskingStored, for persons. No text that is not a reference goes further: it might be somebody's number."""

    def ref_in_path(self) -> str:
        """UnknownPerson for a text that is no reference."""
        ref: str = self._path["ref"]
        if not _REF.fullmatch(ref):
            raise UnknownPerson
        return ref

    def person(self) -> str:
        """The person that must be named."""
        return self._person("person") or self._must("person")

    def day_of_status(self) -> dt.date:
        """A day that must be named and is not yet to come."""
        if not self.has("on"):
            self._must("on")
        day = self.day("on", self.today)
        if day > self.today:
            self._fault("/query/on", "in_the_future")
        return day

    def purpose(self) -> str:
        """The purpose that must be named."""
        return self._query.get("purpose") or self._must("purpose")

    def access(self, caller: Caller) -> AccessFilter:
        """Which entries of the access log, within the areas of the caller; every part may be left out."""
        decision = self._query.get("decision")
        id_ = self.identifier(decision) if decision is not None else None
        if decision is not None and id_ is None:
            self._fault("/query/decision", "wrong_form")
        return AccessFilter(
            within=caller.areas,
            start=self.day("from", self.today) if self.has("from") else None,
            until=self.day("until", self.today) if self.has("until") else None,
            subject=self.text("subject", 200),
            decision=id_,
            person=self._person("person"),
            purpose=self.text("purpose", 100),
        )

    def _person(self, name: str) -> str | None:
        ref = self._query.get(name)
        if ref is not None and not _REF.fullmatch(ref):
            self._fault(f"/query/{name}", "wrong_form")
        return ref

    def _must(self, name: str) -> str:
        if not self.has(name):
            self._fault(f"/query/{name}", "required")
        return _NOBODY
