"""Keeps every generation of packs: the first, and one from each instant at which a publication was approved.

What is known from an instant on changes nothing before it: a question with earlier knowledge is answered by the packs
that stood then. Within one generation the days on which documents were made public decide, as ever, so that something
is known from the later of its publication and its approval.
"""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from app.rules.catalogue.catalogue import Catalogue
from app.rules.facts.request import read_instant
from app.rules.packs.library import Library
from app.rules.packs.pack import Pack
from app.rules.service import Rules

BEGINNING: Final = dt.datetime(1, 1, 2, tzinfo=dt.UTC)  # a day after the first there is, so that every clock can say it


class Generation:
    """The packs that count for knowledge from an instant on. They are linked when they are first needed."""

    def __init__(self, since: dt.datetime, packs: Mapping[str, Pack], rules: Rules | None = None) -> None:
        self.since = since
        self.packs = packs
        if rules is not None:
            self.rules = rules

    @cached_property
    def rules(self) -> Rules:
        return Rules(Library(dict(self.packs)))

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue(self.rules.library, self.rules.engines)


class RulesHistory:
    """All generations of packs; `at` returns the one for an instant of knowledge."""

    def __init__(self, first: Rules) -> None:
        self._all: tuple[Generation, ...] = (Generation(BEGINNING, first.library.packs, first),)

    @property
    def newest(self) -> Generation:
        return self._all[-1]

    def __iter__(self) -> Iterator[Generation]:
        """Yields generations from the newest to the first."""
        return reversed(self._all)

    def at(self, known_at: dt.datetime) -> Generation:
        """Returns the generation for what was known at an instant."""
        every = self._all  # another thread may put longer ones in its place
        if known_at >= every[-1].since:
            return every[-1]
        return every[max(0, bisect.bisect_right(every, known_at, key=lambda one: one.since) - 1)]

    def asked(self, raw: Any, now: dt.datetime) -> Rules:
        """The rules for the knowledge that a request body states; for that of the current second if it states none, or
        what is no instant."""
        if len(self._all) == 1:
            return self._all[0].rules
        stated = raw.get("known_at") if isinstance(raw, dict) else None
        try:
            instant = now.replace(microsecond=0) if stated is None else read_instant(stated)
        except ValueError:
            instant = now
        return self.at(instant).rules

    def become(self, generations: Sequence[Generation]) -> None:
        """Puts other generations, in their order, in the place of all."""
        self._all = tuple(generations)
