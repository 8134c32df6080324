"""Days over which an item holds, where levels and later items take over."""

import datetime as dt
from dataclasses import dataclass

from app.rules.packs.periods import Known, Stretch, stretches

LATER = dt.date(2030, 1, 1)


@dataclass(frozen=True)
class Item:
    name: str
    dates: Known


def day(month: int, number: int = 1) -> dt.date:
    return dt.date(2022, month, number)


def item(name: str, start: dt.date, until: dt.date | None = None, known: dt.date | None = None) -> Item:
    return Item(name, Known(start, until, known or start))


def told(levels: list[list[Item]], known: dt.date = LATER) -> list[tuple[str, dt.date, dt.date | None]]:
    return [(held.item.name, held.start, held.until) for held in stretches(levels, known)]


def test_an_item_holds_until_the_day_before_the_next_one() -> None:
    levels = [[item("a", day(1)), item("b", day(2))]]
    assert told(levels) == [("a", day(1), day(1, 31)), ("b", day(2), None)]


def test_what_the_level_above_begins_meanwhile_does_not_divide_a_stretch() -> None:
    levels = [[item("above", day(3))], [item("a", day(1)), item("b", day(2))]]
    assert told(levels) == [("a", day(1), day(1, 31)), ("b", day(2), None)]


def test_the_level_above_holds_before_and_after_a_level_that_ends() -> None:
    levels = [[item("above", day(1))], [item("own", day(2), day(2, 28))]]
    assert told(levels) == [("above", day(1), day(1, 31)), ("own", day(2), day(2, 28)), ("above", day(3), None)]


def test_nothing_holds_after_the_last_end() -> None:
    assert told([[item("a", day(1), day(1, 31)), item("b", day(3))]]) == [
        ("a", day(1), day(1, 31)),
        ("b", day(3), None),
    ]


def test_an_item_counts_from_the_day_on_which_it_is_known() -> None:
    levels = [[item("a", day(1)), item("b", day(2), known=day(6))]]
    assert told(levels, day(6)) == [("a", day(1), day(1, 31)), ("b", day(2), None)]
    assert told(levels, day(5, 31)) == [("a", day(1), None)]


def test_a_stretch_covers_and_meets_its_first_and_its_last_day() -> None:
    held = Stretch(item("a", day(2)), day(2), day(2, 28))
    assert [held.covers(d) for d in (day(1, 31), day(2), day(2, 28), day(3))] == [False, True, True, False]
    assert [held.meets(day(1), d) for d in (day(1, 31), day(2))] == [False, True]
    assert [held.meets(d, LATER) for d in (day(2, 28), day(3))] == [True, False]
    assert Stretch(item("a", day(2)), day(2), None).covers(LATER)
    assert Stretch(item("a", day(2)), day(2), None).meets(LATER, LATER)
    assert not Stretch(item("a", day(2)), day(2), None).meets(day(1), day(1))
