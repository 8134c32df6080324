"""What the addresses of stored things ask for: identifiers, pages, filters."""

from __future__ import annotations

from typing import Final, get_args
from uuid import UUID

from app.core.errors import ForeignCursor, UnknownDecision
from app.core.paging import PAGE, Filter, NamedFilter, read_cursor
from app.http.asking import Asking
from app.rules.engine.outcomes import Status
from app.rules.language.vocabulary import PROGRAMMES
from app.rules.packs.library import NATION

MOST_ON_A_PAGE: Final = 1000
STATUSES: Final[tuple[str, ...]] = get_args(Status)
_LONGEST: Final = {"case": 64, "household_ref": 64, "ruleset": 80, "rule": 100, "parameter": 100, "document": 200}


class AskingStored(Asking):
    """As Asking, for what is stored."""

    def id_in_path(self) -> UUID:
        """The identifier of a decision. UnknownDecision for a text that is none."""
        id_ = self.identifier(self._path["id_"])
        if id_ is None:
            raise UnknownDecision
        return id_

    def identifier(self, text: str) -> UUID | None:
        try:
            id_ = UUID(text)
        except ValueError:
            return None
        return id_ if str(id_) == text.lower() and id_.version == 7 else None

    def index_in_path(self) -> int | None:
        """The index of a log's entry; None for a text that is none."""
        text: str = self._path["index"]
        return int(text) if text.isascii() and text.isdigit() and len(text) < 17 else None

    def number(self, name: str, absent: int | None, lowest: int, highest: int) -> int:
        """A whole number within bounds; it must be given if there is no value for its absence."""
        text = self._query.get(name)
        if text is None:
            if absent is None:
                self._fault(f"/query/{name}", "required")
            return absent or 0
        if not (text.isascii() and text.isdigit() and len(text) < 17):
            self._fault(f"/query/{name}", "wrong_form")
            return absent or 0
        value = int(text)
        if not lowest <= value <= highest:
            self._fault(f"/query/{name}", "out_of_range")
        return value

    def size(self) -> int:
        return self.number("size", PAGE, 1, MOST_ON_A_PAGE)

    def text(self, name: str, longest: int) -> str | None:
        text = self._query.get(name)
        if text is not None and not 0 < len(text) <= longest:
            self._fault(f"/query/{name}", "too_long" if text else "too_short")
        if text is not None and not text.isprintable():
            self._fault(f"/query/{name}", "wrong_form")
        return text

    def one_of(self, name: str, values: tuple[str, ...]) -> str | None:
        text = self._query.get(name)
        if text is not None and text not in values:
            self._fault(f"/query/{name}", "not_allowed")
        return text

    def origin(self, own: str) -> str:
        return self.text("origin", 200) or own

    def place(self) -> str | None:
        """A place whose rules are asked for, or the nation."""
        place = self._query.get("jurisdiction")
        return NATION if place == NATION else self._leading_digits(place)

    def _leading_digits(self, place: str | None) -> str | None:
        if place is not None and not (place.isascii() and place.isdigit() and 2 <= len(place) <= 12):
            self._fault("/query/jurisdiction", "wrong_form")
        return place

    def filter(self) -> Filter:
        """Which decisions; every part may be left out."""
        place = self._leading_digits(self._query.get("jurisdiction"))
        texts = {name: self.text(name, longest) for name, longest in _LONGEST.items()}
        return Filter(
            jurisdiction=place,
            start=self.day("from", self.today) if self.has("from") else None,
            until=self.day("until", self.today) if self.has("until") else None,
            programme=self.one_of("programme", tuple(PROGRAMMES)),
            status=self.one_of("status", STATUSES),
            engine=self.text("engine", 20),
            case=texts["case"],
            household_ref=texts["household_ref"],
            ruleset=texts["ruleset"],
            rule=texts["rule"],
            parameter=texts["parameter"],
            document=texts["document"],
        )

    def after(self, filter_: NamedFilter) -> UUID | None:
        """Where the page begins; a fault for a cursor that is not of this filter."""
        cursor = self._query.get("cursor")
        if cursor is None:
            return None
        try:
            return read_cursor(filter_, cursor)
        except ForeignCursor:
            self._fault("/query/cursor", "foreign_cursor")
            return None
