"""Finds the smallest change of one fact that makes a result eligible, confirmed by the engine.

Which facts may be shown is policy, declared in packs (`changes`): what time, a card, a court or an officer establishes.
Income, assets, spending, work and who lives together are not among the facts a pack can name.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any, Final

from app.rules.explain.citations import Articles
from app.rules.facts.forms import read_day
from app.rules.packs.library import Library
from app.rules.packs.schema_beside import ChangeAllowed
from app.rules.values.strict_json import Json

MOST_TRIED: Final = 100  # assessments for one answer

Key = tuple[str, str | None]
Confirm = Callable[[Json], Json | None]  # a body to its answer; None if it is faulty
Trial = tuple[str, Any, Any, Json]  # pointer, from, to, the body with the change


def changes_of(
    raw: Json, date: dt.date, answer: Json, library: Library, articles: Articles, confirm: Confirm
) -> list[Json]:
    """Returns, for each result that is not eligible and each fact, the smallest change that makes it eligible."""
    held = {key for key, result in _by_key(answer).items() if result["status"] == "eligible"}
    path: list[str] = answer["jurisdiction"]["path"]
    policy = next((p for code in reversed(path) if (p := library.packs[code].content.changes)), {})
    shown: dict[tuple[str, Key], Json] = {}
    tried = 0
    for allowed in policy.values():
        for pointer, before, after, body in _trials(raw, date, allowed, library, path):
            if tried == MOST_TRIED:
                return list(shown.values())
            tried += 1
            changed = confirm(body)
            for key, result in _by_key(changed).items() if changed else ():
                if result["status"] == "eligible" and key not in held and (pointer, key) not in shown:
                    shown[pointer, key] = {
                        "pointer": pointer,
                        "from": before,
                        "to": after,
                        "programme": key[0],
                        "person": key[1],
                        "status": "eligible",
                        "amount": result["amount"],
                        "why": allowed.title[articles.language],
                    }
    return list(shown.values())


def _by_key(answer: Json) -> dict[Key, Json]:
    return {(result["programme"], result["person"]): result for result in answer["results"]}


def _trials(raw: Json, date: dt.date, allowed: ChangeAllowed, library: Library, path: list[str]) -> Iterator[Trial]:
    """Yields a body for each value that a fact may take, the nearest first."""
    if allowed.fact == "/date":
        for day in _days(raw, date, allowed, library, path):
            yield "/date", date.isoformat(), day.isoformat(), raw | {"date": day.isoformat()}
        return
    for parts in _places(raw, allowed.fact.split("/")[1:]):
        body = copy.deepcopy(raw)
        holder: Any = body
        for part in parts[:-1]:
            holder = holder[part]
        before = holder.get(parts[-1])
        number = before if type(before) is int else 0
        for value in sorted((v for v in allowed.values if v != before), key=lambda v: abs(v - number)):
            holder[parts[-1]] = value
            yield "/" + "/".join(map(str, parts)), before, value, copy.deepcopy(body)


def _places(value: Any, parts: list[str]) -> Iterator[list[str | int]]:
    """Yields where a fact with `*` for each of a list stands, or could stand, in a body."""
    head, rest = parts[0], parts[1:]
    if head == "*":
        for index, item in enumerate(value if isinstance(value, list) else []):
            yield from ([index, *place] for place in _places(item, rest))
    elif isinstance(value, dict):
        if not rest:
            yield [head]
        elif value.get(head) is not None:
            yield from ([head, *place] for place in _places(value[head], rest))


def _days(raw: Json, date: dt.date, allowed: ChangeAllowed, library: Library, path: list[str]) -> list[dt.date]:
    """Returns the days ahead on which somebody is a year older, a period is over, or other rules or figures hold."""
    last = _later(date, allowed.months)
    days = {day for day in library.breakpoints(path)[0] if date < day <= last}
    for day in _days_in(raw["household"]):
        months = (date.year - day.year) * 12 + date.month - day.month
        after = range(months - 1, months + allowed.months + 2) if allowed.months else ()
        days.update(
            later for n in after if n > 0 and (n % 12 == 0 or n == 6) and date < (later := _later(day, n)) <= last
        )
    return sorted(days)


def _days_in(value: Any) -> Iterator[dt.date]:
    """Yields the days that facts name: births, and since when something is so."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in ("birth_date", "since", "absent_since") and isinstance(inner, str) and len(inner) == 10:
                yield read_day(inner)
            else:
                yield from _days_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _days_in(inner)


def _later(day: dt.date, months: int) -> dt.date:
    """Returns the same day so many months later; the first of the next month where that month has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return day.replace(year=year, month=month + 1)
    except ValueError:
        return dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
