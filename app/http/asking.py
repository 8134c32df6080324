"""What an address asks for: places, days, instants. Everything wrong with it is collected and refused at once."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Final, TypeVar

from fastapi import Request

from app.rules.catalogue.catalogue import Catalogue
from app.rules.facts.household import read_day
from app.rules.facts.request import SHANGHAI, read_instant
from app.rules.history import RulesHistory
from app.rules.request_faults import Fault, FaultyRequest
from app.rules.validation import MOST_YEARS_AHEAD

CODE_PATTERN: Final = r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$"
_CODE: Final = re.compile(CODE_PATTERN, re.ASCII)
_NOTHING: Final = ""
T = TypeVar("T")


class Asking:
    """Reads the parts of an address. A faulty part reads as if it were absent, and `settle` refuses it."""

    def __init__(self, request: Request) -> None:
        self.now = dt.datetime.now(SHANGHAI).replace(microsecond=0)
        self.today = self.now.date()
        self._generations: RulesHistory = request.app.state.generations
        self._path = request.path_params
        self._query = request.query_params
        self._faults: list[Fault] = []

    def code_in_path(self) -> str:
        return self._code("/path/code", self._path["code"])

    def text_in_path(self, name: str, longest: int) -> str:
        text: str = self._path[name]
        if len(text) > longest:
            self._fault(f"/path/{name}", "wrong_form")
        return text

    def jurisdiction(self) -> str:
        """The place that must be named."""
        text = self._query.get("jurisdiction")
        if text is None:
            self._fault("/query/jurisdiction", "required")
            return _NOTHING
        return self._code("/query/jurisdiction", text)

    def other_jurisdiction(self, absent: str) -> str:
        text = self._query.get("other_jurisdiction")
        return absent if text is None else self._code("/query/other_jurisdiction", text)

    def date(self, name: str, absent: dt.date) -> dt.date:
        """A day that decides: not before any law, and not too far ahead for today's."""
        if not self.has(name):
            return absent
        date = self.day(name, self.today)
        if date < self.catalogue(self.now).library.first_day:
            self._fault(f"/query/{name}", "before_any_law")
        elif date.year > self.today.year + MOST_YEARS_AHEAD:
            self._fault(f"/query/{name}", "too_far_ahead")
        return date

    def day(self, name: str, absent: dt.date) -> dt.date:
        return self._read(name, read_day, "wrong_form") or absent

    def known(self, name: str, absent: dt.datetime) -> dt.datetime:
        """The instant, in Shanghai, by which something was known; a `+` that arrived as a space is one again."""
        return self._read(name, lambda text: read_instant(text.replace(" ", "+")), "instant_format") or absent

    def catalogue(self, known: dt.datetime) -> Catalogue:
        """The packs that stood as far as was known at an instant."""
        return self._generations.at(known).catalogue

    def has(self, name: str) -> bool:
        return name in self._query

    def settle(self) -> None:
        """FaultyRequest, with every fault found so far."""
        if self._faults:
            raise FaultyRequest(list(dict.fromkeys(self._faults)))

    def must_be_known(self, code: str, date: dt.date, known: dt.datetime, name: str = "known_at") -> None:
        """That some rule of a place was known; a fault of the instant if none was."""
        if not self.catalogue(known).has_law(code, date, known.date()):
            self._fault(f"/query/{name}", "nothing_known")

    def _code(self, where: str, text: str) -> str:
        if not _CODE.fullmatch(text):
            self._fault(where, "wrong_form")
        return text

    def _read(self, name: str, reader: Callable[[str], T], code: str) -> T | None:
        text = self._query.get(name)
        if text is None:
            return None
        try:
            return reader(text)
        except ValueError:  # PydanticCustomError is one
            self._fault(f"/query/{name}", code)
            return None

    def _fault(self, where: str, code: str) -> None:
        self._faults.append(Fault(where, code))
