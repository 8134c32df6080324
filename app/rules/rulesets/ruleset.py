"""Resolves a place, a day and a state of knowledge to the rules and values in force, with a hash.

The hash covers the parsed content, the vocabulary and the grammar; not the place or the date asked for, not titles or
comments. Two days on which the same rules and values hold have the same ruleset.
"""

from __future__ import annotations

import bisect
import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, Final, NamedTuple

import rfc8785

from app.rules.language import types as t
from app.rules.language.parser import GRAMMAR_VERSION
from app.rules.language.tree import Node
from app.rules.language.vocabulary import COLLECTIONS, FACTS
from app.rules.packs.indexes import keys_of
from app.rules.packs.library import NATION, Library, LinkedProgramme, LinkedRule, LinkedValue
from app.rules.packs.periods import Lines, T
from app.rules.packs.referrals import LinkedReferral
from app.rules.rulesets.asked import asked_of, settled_in
from app.rules.rulesets.scales import scaled
from app.rules.values.money import exact_text

ENGINE_VERSION: Final = "1"
_VOCABULARY: Final = {
    entity: {
        **{
            path: [str(spec.type), [value for value in spec.type.values if value not in spec.added_values]]
            for path, spec in specs.items()
            if not spec.added
        },
        **{path: spec.entity for path, spec in COLLECTIONS.get(entity, {}).items() if not spec.added},
    }
    for entity, specs in FACTS.items()
}
_VOCABULARY_DIGEST: Final = hashlib.sha256(rfc8785.dumps(_VOCABULARY)).hexdigest()


class Accepting(NamedTuple):
    """What a caller accepts where no published figure is in force: one carried on from before, one only reported."""

    carried: bool = False
    reported: bool = False


PUBLISHED: Final = Accepting()


@dataclass(frozen=True)
class Figure:
    """A value in force, at the engine's scale. `low` and `high` are the same unless only a range is published."""

    low: int | bool
    high: int | bool
    source: LinkedValue | None
    carried: bool = False
    supplied: bool = False


@dataclass(frozen=True)
class ResolvedParameter:
    """A parameter in force in a place: a figure for each key (None for all keys), or a formula.

    An empty `figures` without a formula is a gap. For bands the keys are the ages from which they begin.
    """

    id: str
    figures: dict[str | int | None, Figure] = field(default_factory=dict)
    formula: Node | None = None
    formula_text: str | None = None
    source: LinkedValue | None = None

    @property
    def published(self) -> bool:
        return bool(self.figures) or self.formula is not None


@dataclass
class Ruleset:
    """The rules and values in force. `hash` names its content for ever."""

    path: list[str]
    rules: dict[str, LinkedRule]
    parameters: dict[str, ResolvedParameter]
    programmes: dict[str, LinkedProgramme]
    edition: int = 1
    # The nation's own rules behind those that a place replaces: an officer's figure stands in place of a formula, too.
    behind: dict[str, LinkedRule] = field(default_factory=dict, repr=False, compare=False)
    referrals: dict[str, LinkedReferral] = field(default_factory=dict)  # by programme and id
    # The programmes with every test, also those that are asked only where the place prints what they read.
    whole: dict[str, LinkedProgramme] = field(default_factory=dict, repr=False, compare=False)
    # What rule_graph.py found of it: to walk every formula takes longer than to assess a household.
    walked: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def content(self) -> dict[str, Any]:
        """Returns the content that the hash covers, as plain values."""
        content = _content(self.rules, self.parameters, self.programmes)
        if self.referrals:
            content["referrals"] = {name: _referral_content(one) for name, one in self.referrals.items()}
        return content if self.edition == 1 else content | {"edition": self.edition}

    @cached_property
    def hash(self) -> str:
        return "sha256:" + hashlib.sha256(rfc8785.dumps(self.content)).hexdigest()

    @cached_property
    def state(self) -> tuple[Any, ...]:
        """Returns a key that two rulesets of one division share exactly if the same rules and values hold."""
        rules = tuple(map(id, self.rules.values()))
        programmes = tuple((id_, id(self.whole[id_]), *p.version.tests) for id_, p in self.programmes.items())
        figures = tuple(
            (id_, id(p.source), tuple((key, id(f.source), f.carried, f.low) for key, f in p.figures.items()))
            for id_, p in self.parameters.items()
        )
        others = (*self.behind.values(), *self.referrals.values())
        return rules, programmes, figures, tuple(map(id, others))

    def referrals_of(self, programme: str) -> list[LinkedReferral]:
        """Returns what other departments owe to the holder of a programme's status."""
        return [one for one in self.referrals.values() if one.programme == programme]

    @property
    def structure(self) -> tuple[Any, ...]:
        """Returns the key of the compiled form, which depends on the rules and not on the figures."""
        rules = tuple((id_, rule.pack, rule.number) for id_, rule in sorted(self.rules.items()))
        programmes = tuple(
            (id_, p.pack, p.version.start, *p.version.tests) for id_, p in sorted(self.programmes.items())
        )
        derived = tuple((id_, p.formula_text) for id_, p in sorted(self.parameters.items()) if p.formula_text)
        conditions = tuple(sorted({one.version.when for one in self.referrals.values() if one.version.when}))
        return rules, programmes, derived, conditions


class NoLaw(LookupError):
    """No rule was in force, or none was known, on the day."""


class Rulesets:
    """The rulesets of a library, resolved once for each stretch of days and of knowledge in which nothing changes."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._stretches: dict[str, tuple[list[dt.date], list[dt.date]]] = {}
        self._cache: dict[tuple[str, int, int, Accepting], Ruleset] = {}
        self._states: dict[tuple[str, tuple[Any, ...]], Ruleset] = {}
        self._seen: dict[str, Ruleset] = {}
        self._unnamed: list[
            Ruleset
        ] = []  # not in `_seen` yet: a hash takes longer to compute than all else of a ruleset

    def at(self, division: str, date: dt.date, known: dt.date, accepting: Accepting = PUBLISHED) -> Ruleset:
        """Returns the ruleset of a loaded division on a day, as known by a day. Raises NoLaw if none was in force."""
        dates, knowns = self._stretch(division)
        key = (division, bisect.bisect_right(dates, date), bisect.bisect_right(knowns, known), accepting)
        ruleset = self._cache.get(key)
        if ruleset is None:
            found = _resolve(self.library, division, date, known, accepting)
            ruleset = self._cache[key] = self._states.setdefault((division, found.state), found)
            if ruleset is found:
                self._unnamed.append(found)
        return ruleset

    def by_hash(self, hash_: str) -> Ruleset | None:
        """Returns the ruleset with a hash, if the loaded packs can build it from what is published."""
        self._name()
        if hash_ not in self._seen:
            for _ in self._all():
                self._name()
                if hash_ in self._seen:
                    break
        return self._seen.get(hash_)

    def _name(self) -> None:
        while self._unnamed:
            ruleset = self._unnamed.pop()
            self._seen.setdefault(ruleset.hash, ruleset)

    def _all(self) -> Iterator[Ruleset]:
        paths: set[tuple[str, ...]] = set()
        for division in self.library.packs:
            with_own = tuple(code for code in self.library.path(division) if self.library.has_own(code))
            if division == NATION or with_own in paths:  # a place with nothing of its own has the rulesets above it
                continue
            paths.add(with_own)
            for date, known in self._moments(division):
                try:
                    yield from (self.at(division, date, known, Accepting(carried)) for carried in (False, True))
                except NoLaw:
                    continue

    def _moments(self, division: str) -> Iterator[tuple[dt.date, dt.date]]:
        """Yields each day on which something changes with the days on which something begun by then became known."""
        path = self.library.path(division)
        dated = sorted((dates.start, dates.known) for dates in self.library.dated(path))
        for date in self._stretch(division)[0]:
            yield from ((date, known) for known in sorted({known for start, known in dated if start <= date}))

    def _stretch(self, division: str) -> tuple[list[dt.date], list[dt.date]]:
        if division not in self._stretches:
            self._stretches[division] = self.library.breakpoints(self.library.path(division))
        return self._stretches[division]


def _resolve(library: Library, division: str, date: dt.date, known: dt.date, accepting: Accepting) -> Ruleset:
    path = library.path(division)
    rules: dict[str, LinkedRule] = {}
    for id_ in library.rules:
        rule = _nearest(path, library.rule_lines, id_, date, known)
        if rule is None:
            raise NoLaw(id_)
        rules[id_] = rule
    given = (library.values, library.reported) if accepting.reported else (library.values,)
    printed = {id_ for code in path for by_pack in given for id_ in by_pack[code]}
    parameters = {
        id_: _parameter(library, path, id_, date, known, accepting) if id_ in printed else ResolvedParameter(id_)
        for id_ in library.parameters
    }
    whole: dict[str, LinkedProgramme] = {}
    for id_ in library.programmes:
        programme = _nearest(path, library.programme_lines, id_, date, known)
        if programme is not None:
            whole[id_] = programme
    settled = settled_in(library, rules, parameters)
    programmes = {id_: asked_of(library, one, settled) for id_, one in whole.items()}
    nation = library.rule_lines[NATION]
    behind = {
        id_: own for id_, rule in rules.items() if rule.pack != NATION and (own := nation[id_].latest(date, known))
    }
    referrals = {
        name: found
        for code in path
        for name, line in library.referral_lines[code].items()
        if (found := line.latest(date, known))
    }
    return Ruleset(path, rules, parameters, programmes, library.nation.edition, behind, referrals, whole)


def _nearest(path: list[str], lines: Lines[T], id_: str, date: dt.date, known: dt.date) -> T | None:
    for code in reversed(path):
        item = lines[code][id_].latest(date, known) if id_ in lines[code] else None
        if item is not None:
            return item
    return None


def _parameter(
    library: Library, path: list[str], id_: str, date: dt.date, known: dt.date, accepting: Accepting
) -> ResolvedParameter:
    unit = t.BY_NAME[library.parameters[id_].unit]
    keys: tuple[str | int | None, ...] = keys_of(library.parameters[id_]) or (None,)
    figures: dict[str | int | None, Figure] = {}
    for key in keys:
        found = _value(library, path, id_, key, (date, known), accepting)
        if found is None:
            continue
        value, carried = found
        if value.node is not None:
            return ResolvedParameter(id_, {}, value.node, value.value.formula, value)
        figures.update(_figures(value, key, unit, carried))
    return ResolvedParameter(id_, figures)


def _value(
    library: Library,
    path: list[str],
    id_: str,
    key: str | int | None,
    when: tuple[dt.date, dt.date],
    accepting: Accepting,
) -> tuple[LinkedValue, bool] | None:
    """Returns the value of a day, and whether it is carried on; what is only reported stands where nothing else does."""
    date, known = when
    for code in reversed(path):
        value = library.line(code, id_, key).latest(date, known)
        if value is not None:
            return value, False
        items = library.values[code].get(id_, []) if accepting.carried else []
        before = [i for i in items if i.key in (key, None) and i.dates.start <= date and i.dates.known <= known]
        if before:
            return max(before, key=lambda item: item.dates.start), True
    for code in reversed(path) if accepting.reported else ():
        value = library.line(code, id_, key, reported=True).latest(date, known)
        if value is not None:
            return value, False
    return None


def _figures(value: LinkedValue, key: str | int | None, unit: t.Type, carried: bool) -> dict[str | int | None, Figure]:
    entry = value.value
    if entry.table is not None:
        return {name: _figure(number, number, unit, value, carried) for name, number in entry.table.items()}
    if entry.bands is not None:
        pairs = {age: band if isinstance(band, tuple) else (band, band) for age, band in sorted(entry.bands.items())}
        return {age: _figure(low, high, unit, value, carried) for age, (low, high) in pairs.items()}
    if entry.value is not None:
        return {key: _figure(entry.value, entry.value, unit, value, carried)}
    if entry.low is not None and entry.high is not None:
        return {key: _figure(entry.low, entry.high, unit, value, carried)}
    return {}


def _figure(low: Fraction | bool, high: Fraction | bool, unit: t.Type, value: LinkedValue, carried: bool) -> Figure:
    per = value.value.per
    return Figure(scaled(low, unit, per), scaled(high, unit, per), value, carried)


def _content(
    rules: dict[str, LinkedRule],
    parameters: dict[str, ResolvedParameter],
    programmes: dict[str, LinkedProgramme],
) -> dict[str, Any]:
    content = {
        "grammar": GRAMMAR_VERSION,
        "engine": ENGINE_VERSION,
        "vocabulary": _VOCABULARY_DIGEST,
        "rules": {id_: _rule_content(rule) for id_, rule in rules.items()},
        "values": {id_: _values_content(p) for id_, p in parameters.items() if p.published},
        "programmes": {id_: _programme_content(p) for id_, p in programmes.items()},
    }
    added = {name: kind for rule in rules.values() for name, kind in rule.added_facts}
    return content | {"added_facts": added} if added else content


def _rule_content(rule: LinkedRule) -> dict[str, Any]:
    content = {"formula": rule.formula, "basis": [list(pair) for pair in rule.version.basis]}
    grounds = [ground.model_dump(mode="json") for ground in rule.version.grounds]
    return content | {"grounds": grounds} if grounds else content


def _values_content(parameter: ResolvedParameter) -> Any:
    if parameter.formula_text is not None:
        return {"formula": parameter.formula_text, "source": _source(parameter.source)}
    return [
        {
            "key": "" if key is None else str(key),
            "low": _text(figure.low),
            "high": _text(figure.high),
            "source": _source(figure.source),
        }
        for key, figure in parameter.figures.items()
    ]


def _text(number: int | bool) -> str:
    return str(number).lower() if isinstance(number, bool) else exact_text(Fraction(number))


def _source(value: LinkedValue | None) -> dict[str, Any]:
    if value is None:
        return {}
    entry = value.value
    return {
        "document": entry.document,
        "article": entry.article,
        "from": entry.start.isoformat(),
        "until": entry.until.isoformat() if entry.until else None,
        "published": value.dates.known.isoformat(),
        "precision": entry.precision,
        "status": entry.status,
    }


def _referral_content(referral: LinkedReferral) -> dict[str, Any]:
    return {
        "to": referral.declared.to,
        "when": referral.version.when,
        "basis": [list(b) for b in referral.version.basis],
    }


def _programme_content(programme: LinkedProgramme) -> dict[str, Any]:
    return programme.version.model_dump(mode="json", by_alias=True, exclude={"published"})
