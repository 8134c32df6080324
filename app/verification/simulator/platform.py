"""The simulated platform itself: takes queries once each, and keeps what it will say until it was told."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.verification.exchange.mapping.mapping import Mapping
from app.verification.exchange.mapping.translate import Translator
from app.verification.exchange.protocol import Query
from app.verification.simulator.answering import Telling, broken, tellings
from app.verification.simulator.behaviour import Behaviour, fate
from app.verification.simulator.registers import Registers


@dataclass
class Asked:
    """A query and all that will be said to it."""

    query: Query
    number: str
    tellings: list[Telling]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Simulated:
    """A platform with registers and a behaviour, both of which can be changed while it runs."""

    def __init__(
        self,
        mapping: Mapping,
        registers: Registers,
        behaviour: Behaviour,
        seed: int,
        clock: Callable[[], dt.datetime] = _now,
    ) -> None:
        self.translator = Translator(mapping)
        self.registers = registers
        self.behaviour = behaviour
        self.seed = seed
        self.clock = clock
        self.asked: dict[str, Asked] = {}
        self._requests = 0

    def fails_now(self) -> bool:
        """True if the next request is answered 503."""
        self._requests += 1
        return self.behaviour.down or fate(self.behaviour, self.seed, "request", str(self._requests)).error

    def take(self, query: Query) -> tuple[Asked, bool]:
        """A query and its number, and whether it is new: one that is sent again is the same question."""
        number = hashlib.sha256(f"{self.seed}/{query.id}".encode()).hexdigest()[:24]
        known = self.asked.get(number)
        if known is not None:
            return known, False
        said = tellings(query, self.registers, self.behaviour, self.seed, self.clock())
        self.asked[number] = Asked(query, number, said)
        return self.asked[number], True

    def due(self, asked: Asked) -> tuple[list[dict[str, Any]], bool]:
        """The reports that are due by now in the platform's words, and whether that is all and none was broken."""
        now = self.clock()
        ready = [telling for telling in asked.tellings if telling.due <= now]
        whole = len(ready) == len(asked.tellings) and not any(telling.broken for telling in ready)
        return [raw for telling in ready for raw in self._told(telling)], whole

    def words(self, telling: Telling) -> dict[str, Any]:
        """One report as it is told now: broken the first time if it is to be."""
        raw = self.translator.report_out(telling.report, telling.person)
        if telling.broken:
            telling.broken = False
            return broken(raw, self.translator, telling.report.id)
        return raw

    def _told(self, telling: Telling) -> list[dict[str, Any]]:
        return [self.words(telling) for _ in range(2 if telling.twice else 1)]
