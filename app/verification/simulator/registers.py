"""Invented registers: people and what each register holds of them, the same for the same seed and day.

Nobody's number is among them: it begins with a county that does not exist. People can be added with entries of one's own.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from stdnum.cn import ric

from app.rules.request_faults import Fault
from app.verification.exchange.errors import Malformed
from app.verification.exchange.mapping.formats import BadForm
from app.verification.exchange.mapping.mapping import Mapping as Names
from app.verification.exchange.protocol import Item, Match, MatchedOn, Period, Person, Value
from app.verification.registers.sources import shipped

NOWHERE: Final = "119999"  # no county has this code
_SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN: Final = ("伟", "芳", "娜", "敏", "静", "强", "磊", "洋", "艳", "勇", "秀英", "建国", "桂兰", "志强", "玉梅")
_EXACT: Final = Match(quality="exact", on=("name", "id_number"))

Entries = Mapping[str, Sequence[Item]]  # by register


@dataclass(frozen=True)
class Resident:
    """Somebody the registers know, and what each holds; a register that is not named holds nothing."""

    name: str
    id_number: str
    entries: dict[str, tuple[Item, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """The entry a register takes a person for, and by which of the person's marks."""

    resident: Resident
    on: tuple[MatchedOn, ...]


class Registers:
    """All residents, as of one day."""

    def __init__(self, day: dt.date) -> None:
        self.day = day
        self.residents: dict[str, Resident] = {}
        self._by_name: dict[str, list[Resident]] = {}

    @classmethod
    def invented(cls, seed: int, people: int, day: dt.date) -> Registers:
        """Registers of so many people. The first hundred of a thousand are the hundred of a hundred."""
        registers = cls(day)
        for number in range(people):
            registers._put(_invent(random.Random(f"{seed}/{number}"), number, day))  # noqa: S311
        return registers

    def add(self, name: str, id_number: str, entries: Entries) -> Resident:
        """Put somebody into the registers, in place of whoever has that number. ValueError for no number or name."""
        person = Person(ref="resident", name=name, id_number=id_number)
        resident = Resident(person.name, person.id_number, {source: tuple(items) for source, items in entries.items()})
        self._put(resident)
        return resident

    def find(self, name: str, id_number: str) -> Found | None:
        """Finds a person by number and name, by number alone, or by the name alone, which may be somebody else's."""
        resident = self.residents.get(id_number)
        if resident is not None:
            return Found(resident, ("name", "id_number") if resident.name == name else ("id_number",))
        return self.namesake(name, id_number)

    def namesake(self, name: str, id_number: str) -> Found | None:
        """Another person of the same name, if there is one with anything in a register."""
        others = [one for one in self._by_name.get(name, ()) if one.id_number != id_number and one.entries]
        return Found(others[0], ("name",)) if others else None

    def _put(self, resident: Resident) -> None:
        before = self.residents.get(resident.id_number)
        if before is not None:
            self._by_name[before.name].remove(before)
        self.residents[resident.id_number] = resident
        self._by_name.setdefault(resident.name, []).append(resident)


def items_of(names: Names, raw: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[Item]]:
    """Entries as a platform writes them, by register; what matched is not said. Malformed for anything else."""
    if unknown := set(raw) - set(shipped().sources):
        raise Malformed([Fault("/entries", "unknown_field") for _ in unknown])
    return {
        source: [_item_of(names, source, item, f"/entries/{source}/{n}") for n, item in enumerate(items)]
        for source, items in raw.items()
    }


def _item_of(names: Names, source: str, raw: Mapping[str, Any], where: str) -> Item:
    fields = names.fields.item
    known = {fields.fact, fields.value, fields.first, fields.last}
    if not isinstance(raw, Mapping) or not set(raw) <= known:
        raise Malformed([Fault(where, "unknown_field")])
    try:
        fact = names.codes("fact").read(raw.get(fields.fact))
        if fact not in shipped().sources[source].facts:
            raise BadForm("not_allowed")
        months = {key: names.month.read(raw[their]) for key, their in _months(names) if their in raw}
        period = Period(**months) if months else None
        return Item(fact=fact, value=names.value(fact).read(raw.get(fields.value)), period=period, match=_EXACT)
    except BadForm as bad:
        raise Malformed([Fault(where, bad.code)]) from None
    except ValueError:
        raise Malformed([Fault(where, "wrong_form")]) from None


def _months(names: Names) -> tuple[tuple[str, str], ...]:
    return ("first", names.fields.item.first), ("last", names.fields.item.last)


def _invent(chance: random.Random, number: int, day: dt.date) -> Resident:
    """One person. Ages run from 0 to 95; what somebody has depends on the age, and most have little."""
    born = day - dt.timedelta(days=chance.randrange(95 * 365))
    name = chance.choice(_SURNAMES) + chance.choice(_GIVEN)
    entries: dict[str, list[Item]] = {"household": _household(chance, born)}
    age = (day - born).days // 365
    if 18 <= age < 60:
        _working_life(chance, entries, day)
    if age >= 60:
        _old_age(chance, entries, day)
    if age >= 18:
        _belongings(chance, entries)
    kept = {source: tuple(items) for source, items in entries.items() if items}
    return Resident(name, _number(born, number), kept)


def _household(chance: random.Random, born: dt.date) -> list[Item]:
    residence = chance.choice(("urban", "rural"))
    return [_item("registered_residence", residence), _item("birth_date", born)]


def _working_life(chance: random.Random, entries: dict[str, list[Item]], day: dt.date) -> None:
    year = _year(day)
    if chance.random() < 0.6:
        wage = chance.randrange(20_000_00, 120_000_00)
        entries["tax"] = [_item("wage", wage, year), _item("tax_paid", max(0, wage - 60_000_00) * 3 // 100, year)]
        entries["social_insurance"] = [
            _item("employment", value=True),
            _item("social_contributions", wage * 105 // 1000, year),
        ]
        entries["provident_fund"] = [_item("employment", value=True)]
    elif chance.random() < 0.2:
        entries["social_insurance"] = [_item("unemployment_benefit", chance.randrange(900_00, 9_000_00), year)]
    if chance.random() < 0.1:
        entries["business"] = [_item(chance.choice(("company_interest", "trade")), value=True)]


def _old_age(chance: random.Random, entries: dict[str, list[Item]], day: dt.date) -> None:
    year = _year(day)
    pension = chance.randrange(0, 30_000_00)
    entries["social_insurance"] = [_item("basic_pension", 1_716_00, year), _item("pension", pension, year)]
    if chance.random() < 0.05:
        entries["deaths"] = [_item("death", day - dt.timedelta(days=chance.randrange(1, 365)))]


def _belongings(chance: random.Random, entries: dict[str, list[Item]]) -> None:
    entries["banks"] = [_item("financial_assets", chance.randrange(0, 40_000_00)) for _ in range(chance.randrange(3))]
    if chance.random() < 0.1:
        entries["securities"] = [_item("financial_assets", chance.randrange(100_00, 90_000_00))]
    if chance.random() < 0.15:
        entries["insurance"] = [_item("financial_assets", chance.randrange(1_000_00, 50_000_00))]
    if chance.random() < 0.5:
        entries["property"] = [_item("dwellings", chance.choice((1, 1, 1, 2)))]
    if chance.random() < 0.25:
        entries["vehicles"] = [_item("vehicles", 1)]
    if chance.random() < 0.6:
        entries["marriage"] = [_item("married", value=True)]


def _item(fact: str, value: Value, period: Period | None = None) -> Item:
    return Item(fact=fact, value=value, period=period, match=_EXACT)


def _year(day: dt.date) -> Period:
    """The twelve months before a day's."""
    last = day.replace(day=1) - dt.timedelta(days=1)
    return Period(first=f"{last.year - (last.month < 12):04d}-{last.month % 12 + 1:02d}", last=f"{last:%Y-%m}")


def _number(born: dt.date, number: int) -> str:
    """An identity number of nobody; numbers of two people born on one day differ in their sequence."""
    head = f"{NOWHERE}{born:%Y%m%d}{number % 1000:03d}"
    return head + ric.calc_check_digit(head + "0")
