"""Plans which registers are asked about whom: those whose answer can change what the household is entitled to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from app.rules.facts.household import Household
from app.rules.values.strict_json import Json
from app.verification.findings.effects import Assess, effects
from app.verification.findings.patch import declared_at, places_of
from app.verification.registers.sources import pointers_of, shipped, sources_for

Asked = dict[tuple[str, str], tuple[str, ...]]  # person and register, with the facts that are in question

_CHECKED: Final = ("verified", "settled")


def to_ask(household: Json, provenance: Json, assess: Assess) -> Asked:
    """Registers worth asking: on facts that the assessment misses, and on facts only declared that could change a result.

    For that, the household is assessed as if all facts on which a register speaks about one person were unknown. Identity,
    being alive and marriage decide over too much to be left out that way: while only declared, they are always asked.
    """
    facts = Household.model_validate(household)
    now = assess(household)
    missing = list(dict.fromkeys(pointer for result in now["results"] for pointer in result["missing"]))
    by_missing = sources_for(missing)
    found: Asked = {}
    for person, place in places_of(household).items():
        for source in shipped().sources:
            bearing = [p for p in _bearing(source, place) if not _is_checked(p, provenance)]
            wanted = [p for p in bearing if any(_within(p, m) for m in by_missing.get(source, ()))]
            declared = [p for p in bearing if p not in wanted]
            if _could_change(assess, facts, household, now, declared):
                wanted += declared
            if wanted:
                found[person, source] = tuple(sorted(wanted))
    return found


def chosen(household: Json, persons: Iterable[str] | None, sources: Iterable[str] | None) -> Asked:
    """Registers that a person chose, with every fact on which they can speak about the persons."""
    places = places_of(household)
    wanted_persons = list(places) if persons is None else list(persons)
    wanted_sources = list(shipped().sources) if sources is None else list(sources)
    pairs = ((person, source) for person in wanted_persons for source in wanted_sources)
    found = {(person, source): tuple(_bearing(source, places[person])) for person, source in pairs}
    return {pair: pointers for pair, pointers in found.items() if pointers}


def _bearing(source: str, place: str) -> Iterator[str]:
    yield from dict.fromkeys(p for fact in shipped().sources[source].facts for p in pointers_of(fact, place))


def _is_checked(pointer: str, provenance: Json) -> bool:
    return any(one["source"] in _CHECKED and _within(pointer, above) for above, one in provenance.items())


def _within(pointer: str, above: str) -> bool:
    return pointer == above or pointer.startswith(above + "/")


def _could_change(assess: Assess, facts: Household, household: Json, now: Json, pointers: list[str]) -> bool:
    values: Json = {}
    for pointer in pointers:
        name = pointer.rpartition("/")[2]
        if name == "employed":
            values[pointer] = not declared_at(facts, pointer)
        elif name in ("monthly_income", "assets_within_limit") or pointer.split("/")[-2] in _UNKNOWABLE:
            values[pointer] = None
        else:
            return True
    return bool(values) and bool(effects(assess, household, now, values))


_UNKNOWABLE: Final = ("income", "outgoings", "assets")
