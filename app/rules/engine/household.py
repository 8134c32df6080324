"""Turns facts into the entities that compiled functions read: ages on the day, income by month, links between people.

Amounts by month are whole numbers at `MONTH_SCALE` units to the fen, amounts by year or once are fen. What is unknown
is UNKNOWN here and listed in `unknown` with the JSON Pointer of the fact that would settle it.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from app.rules.engine.days import age_on
from app.rules.facts import household as f
from app.rules.facts.family import Links, marriages, parentage
from app.rules.language.vocabulary import FACTS, INCOME_KINDS, OUTGOING_KINDS, SPENDING_KINDS
from app.rules.packs.divisions import elsewhere
from app.rules.values.money import MONTH_SCALE
from app.rules.values.open_values import AnyOf, Maybe, Range
from app.rules.values.space import Space
from app.rules.values.unknown import UNKNOWN

# The ends of unknown numbers; all others are 0 or more.
_LEAST: Final = {"household_size": 1}
_MOST: Final = {"self_care_failed": 6, "household_size": f.MAX_MEMBERS}
_INCOME_ATTRIBUTES: Final = {kind: f"income_{kind}" for kind in INCOME_KINDS}
_OUTGOING_ATTRIBUTES: Final = {kind: f"outgoings_{kind}" for kind in OUTGOING_KINDS}
_ASSET_ATTRIBUTES: Final = tuple((name, f"assets_{name}") for name in f.Assets.model_fields)
_MEASURED: Final = {"vehicle_value": "vehicles", "vehicle_displacement": "vehicles", "dwelling_area": "dwellings"}
_SPENDING_ATTRIBUTES: Final = {kind: f"spending_{kind}" for kind in SPENDING_KINDS}
_KINDS: Final = {entity: {spec.attribute: spec.type.kind for spec in specs.values()} for entity, specs in FACTS.items()}
_NO_INCOME: Final = dict.fromkeys(_INCOME_ATTRIBUTES.values(), 0)
_NO_OUTGOINGS: Final = dict.fromkeys(_OUTGOING_ATTRIBUTES.values(), 0)
# Copied whole into each person: a dictionary that need not grow attribute by attribute is built in a fraction of the time.
_NOTHING_SAID: Final[dict[str, Any]] = {
    **_NO_INCOME,
    **_NO_OUTGOINGS,
    "absent_since": UNKNOWN,
    "self_care_failed": UNKNOWN,
    "receiving_extreme_poverty_support": False,
    "receiving_dibao": False,
    "supporters": (),
    "supported": False,
}
_OF_AN_EXIT: Final = ("exit_line_passed", "exit_passed_by", "exit_amount")
_DIBAO: Final = ("dibao", "single_person_dibao")


class Entity:
    """An entity of formulas: facts under the attributes of the vocabulary, results of rules beside them."""

    entity: str
    unknown: dict[str, str]

    if TYPE_CHECKING:  # facts and rule results are set by name

        def __getattr__(self, name: str) -> Any: ...


class DisabilityPart(Entity):
    entity = "disability"

    def __init__(self, kind: Any, level: Any, unknown: dict[str, str], at_worst: int = 1) -> None:
        self.kind = kind
        self.level = level
        self.unknown = unknown
        self.at_worst = at_worst


class Someone(Entity):
    """Base of people who can have a disability: its card, and the parts that rules look at."""

    disabled: bool
    disability_level: int
    disabilities: list[DisabilityPart]


class Claim(Entity):
    entity = "claim"

    def __init__(self, claim: f.ParentClaim, pointer: str) -> None:
        self.state = claim.state
        self.since = UNKNOWN if claim.since is None else claim.since
        self.term_months = UNKNOWN if claim.term_months is None else claim.term_months
        self.unknown = {name: f"{pointer}/{name}" for name in ("since", "term_months") if getattr(claim, name) is None}


class Obligor(Someone):
    entity = "obligor"

    def __init__(self, facts: f.Obligor, date: dt.date, pointer: str) -> None:
        self.age = age_on(facts.birth_date, date)
        _set_disability(self, facts.disability, pointer)
        self.receiving_extreme_poverty_support = facts.receiving == "extreme_poverty_support"
        self.receiving_dibao = facts.receiving == "dibao"
        self.receiving_low_income = facts.receiving in ("edge_family", "low_income_family")
        self.status = facts.status or "none"
        self.monthly_income = UNKNOWN if facts.monthly_income is None else facts.monthly_income * MONTH_SCALE
        self.assets_within_limit = UNKNOWN if facts.assets_within_limit is None else facts.assets_within_limit
        self.household_size = UNKNOWN if facts.household_size is None else facts.household_size
        self.supports = facts.supports or 1
        self.supports_stated = facts.supports is not None
        self.support_ordered = facts.ordered_support is not None
        self.ordered_support = (facts.ordered_support or 0) * MONTH_SCALE
        self.paid_support = (facts.paid_support or 0) * MONTH_SCALE
        self.owed: list[Person] = []
        names = ("monthly_income", "assets_within_limit", "household_size")
        self.unknown = {name: f"{pointer}/{name}" for name in names if getattr(facts, name) is None}


class Person(Someone):
    entity = "member"
    receiving_extreme_poverty_support: bool
    receiving_dibao: bool
    supporters: Sequence[Obligor]
    supported: bool
    residence: str

    def __init__(self, facts: f.Member, date: dt.date, index: int) -> None:
        pointer = f"/household/members/{index}"
        self.__dict__.update(_NOTHING_SAID)
        self.index = index
        self.id = facts.id
        self.unknown = {}
        self.age = age_on(facts.birth_date, date)
        self.relation = facts.relation
        self.lives_together = facts.lives_together is not False
        self.dependent_adult = facts.dependent_adult
        self.maintenance_duty = _DUTY[facts.maintenance_duty]
        self.absence = facts.absence or "none"
        self.employed = facts.employed or facts.employment is not None
        self.employment: Any = facts.employment or ("none" if not facts.employed else UNKNOWN)
        if self.employment is UNKNOWN:
            self.unknown["employment"] = f"{pointer}/employment"
        _set_disability(self, facts.disability, pointer)
        level = self.disability_level
        self.needs_long_term_care = (
            facts.needs_long_term_care if facts.needs_long_term_care is not None else 1 <= level <= 2
        )
        self.said_single_parent = facts.single_parent
        self.serious_illness = facts.serious_illness
        self.special_hardship = facts.special_hardship
        self.own_register = facts.own_register
        self.education = facts.education or "none"
        self.placement = facts.placement or "home"
        self._set_income(facts, pointer)
        self._set_claims(facts.parents, pointer)
        for name in ("absent_since", "self_care_failed"):
            value = getattr(facts, name)
            if value is None:
                self.unknown[name] = f"{pointer}/{name}"
            else:
                self.__dict__[name] = value
        self.spouses: list[Person] = []
        self.parents: list[Person] = []
        self.children: list[Person] = []
        self.obligors: Any = []
        self.obligors_tail: list[Maybe] = []

    @cached_property
    def single_parent(self) -> Any:
        """Tells what was stated, or what the family shows of somebody who raises a child: a spouse, another parent of
        the child at home, or one who is dead."""
        raised = [child for child in self.children if child.age < 18 or child.education != "none"]
        if self.said_single_parent is not None or not raised:
            return bool(self.said_single_parent)
        if self.spouses or any(len(child.parents) > 1 for child in raised):
            return False
        return any(claim.state == "deceased" for child in raised for claim in child.parent_states) or UNKNOWN

    def _set_income(self, facts: f.Member, pointer: str) -> None:
        months = facts.income_months or 1
        periods = facts.income_periods
        values = self.__dict__
        if facts.income is None:
            for attribute in _NO_INCOME:
                values[attribute] = UNKNOWN
                self.unknown[attribute] = f"{pointer}/income"
        else:
            given = facts.income.__dict__
            for kind in facts.income.model_fields_set:
                over = (periods.get(kind) or months) if periods else months  # type: ignore[call-overload]
                self._set_amount(_INCOME_ATTRIBUTES[kind], given[kind], over, f"{pointer}/income/{kind}")
        if facts.outgoings is not None:
            given = facts.outgoings.__dict__
            for kind in facts.outgoings.model_fields_set:
                values[_OUTGOING_ATTRIBUTES[kind]] = (given[kind] or 0) * (MONTH_SCALE // months)

    def _set_amount(self, attribute: str, fen: int | None, months: int, pointer: str) -> None:
        if fen is None:
            self.__dict__[attribute] = UNKNOWN
            self.unknown[attribute] = pointer
        else:
            self.__dict__[attribute] = fen * (MONTH_SCALE // months)

    def _set_claims(self, claims: f.ParentClaims | None, pointer: str) -> None:
        self.parents_claimed = claims is not None
        self.parent_states: list[Claim] = []
        if claims is not None:
            self.parent_states = [
                Claim(claims.father, f"{pointer}/parents/father"),
                Claim(claims.mother, f"{pointer}/parents/mother"),
            ]


class EngineHousehold(Entity):
    entity = "household"

    def __init__(self, facts: f.Household, date: dt.date, jurisdiction: str) -> None:
        self.residence = facts.residence
        self.unknown = {}
        self.members = [Person(member, date, index) for index, member in enumerate(facts.members)]
        self._set_assets(facts.assets)
        self._set_spending(facts.spending)
        self._set_crisis(facts.crisis, jurisdiction)
        for person, member in zip(self.members, facts.members, strict=True):
            person.residence = member.residence or facts.residence
        self._link(facts.members)
        self._set_obligors(facts.obligors, date)
        self._set_receiving(facts.receiving)
        self.dibao_class = UNKNOWN if facts.dibao_class is None else facts.dibao_class
        if facts.dibao_class is None:
            self.unknown["dibao_class"] = "/household/dibao_class"

    @classmethod
    def empty(cls, residence: f.Residence) -> EngineHousehold:
        """Makes a household of which only the residence is known, to read figures that depend on nothing else."""
        born = dt.date.min
        somebody = f.Member.model_construct(id="p1", relation="applicant", birth_date=born)
        return cls(f.Household.model_construct(residence=residence, members=[somebody]), born, "000000")

    def _set_assets(self, assets: f.Assets | None) -> None:
        values = self.__dict__
        given = {} if assets is None else assets.__dict__
        for name, attribute in _ASSET_ATTRIBUTES:
            value = given.get(name)
            if value is None and given.get(_MEASURED.get(name, "")) == 0:  # there is nothing to be measured
                value = 0
            values[attribute] = UNKNOWN if value is None else value
            if value is None:
                self.unknown[attribute] = "/household/assets" if assets is None else f"/household/assets/{name}"

    def _set_spending(self, spending: f.Spending | None) -> None:
        for kind, attribute in _SPENDING_ATTRIBUTES.items():
            value = None if spending is None else getattr(spending, kind)
            self.__dict__[attribute] = UNKNOWN if value is None else value
            if value is None:
                whole = spending is None
                self.unknown[attribute] = "/household/spending" if whole else f"/household/spending/{kind}"

    def _set_crisis(self, crisis: f.Crisis | None, jurisdiction: str) -> None:
        self.crisis_given = crisis is not None
        for name, none in (("cause", "none"), ("loss", 0)):
            value = getattr(crisis, name) if crisis else none
            self.__dict__[f"crisis_{name}"] = UNKNOWN if value is None else value
            if value is None:
                self.unknown[f"crisis_{name}"] = f"/household/crisis/{name}"
        self.crisis_kind = crisis.kind if crisis else "none"
        self.crisis_severity = crisis.severity if crisis else "light"
        self.crisis_urgent = crisis.urgent if crisis else False
        self.crisis_persons_stated = crisis is not None and crisis.persons is not None
        self.crisis_persons = (crisis.persons or 0) if crisis else 0
        self.crisis_place = crisis.place if crisis else None
        self.crisis_elsewhere = bool(crisis and crisis.place and elsewhere(crisis.place, jurisdiction))

    def _link(self, facts: list[f.Member]) -> None:
        people = self.members
        couples = marriages(facts)
        parents = parentage(facts)
        children: list[list[int]] = [[] for _ in people]
        for child, theirs in enumerate(parents):
            for parent in theirs:
                children[parent].append(child)
        start = next(i for i, m in enumerate(facts) if m.relation == "applicant")
        spouses = [[couples[i]] if i in couples else [] for i in range(len(people))]
        self.links = Links(start, spouses, parents, children)
        for i, person in enumerate(people):
            person.spouses = [people[j] for j in spouses[i]]
            person.parents = [people[j] for j in parents[i]]
            person.children = [people[j] for j in children[i]]

    def _set_obligors(self, facts: list[f.Obligor] | None, date: dt.date) -> None:
        self.obligors: list[Obligor] = []
        self.obligors_told, self.obligors_named = facts is not None, bool(facts)
        if facts is None:
            for person in self.members:
                person.obligors = UNKNOWN
            return
        by_id = {person.id: person for person in self.members}
        for index, fact in enumerate(facts):
            obligor = Obligor(fact, date, f"/household/obligors/{index}")
            self.obligors.append(obligor)
            for id_ in dict.fromkeys(fact.of):
                person = by_id[id_]
                obligor.owed.append(person)
                person.obligors.append(obligor)
                person.supporters, person.supported = person.obligors, True

    def _set_receiving(self, facts: list[f.Receiving] | None) -> None:
        self.exit_given = False
        for attribute in _OF_AN_EXIT:
            self.__dict__[attribute] = UNKNOWN
            self.unknown[attribute] = "/household/receiving"
        for index, fact in enumerate(facts or ()):
            if fact.programme == "dibao" and not self.exit_given and (fact.line_passed or fact.passed_by):
                self._set_exit(fact, f"/household/receiving/{index}")
            for person in self.members:
                if fact.person is None or fact.person == person.id:
                    if fact.programme == "extreme_poverty_support":
                        person.receiving_extreme_poverty_support = True
                    elif fact.programme in _DIBAO:
                        person.receiving_dibao = True

    def _set_exit(self, fact: f.Receiving, pointer: str) -> None:
        """Sets what is known of the dibao whose line was passed; what is not told of it is unknown."""
        self.exit_given = True
        told = {
            "line_passed": dt.date.fromisoformat(f"{fact.line_passed}-01") if fact.line_passed else None,
            "passed_by": fact.passed_by,
            "amount": None if fact.amount is None else fact.amount * MONTH_SCALE,
        }
        for name, value in told.items():
            if value is None:
                self.unknown[f"exit_{name}"] = f"{pointer}/{name}"
            else:
                self.__dict__[f"exit_{name}"] = value
                del self.unknown[f"exit_{name}"]

    def release(self) -> None:
        """Undoes the links between people, which form circles, so that memory is freed at once."""
        for person in self.members:
            person.spouses, person.parents, person.children = [], [], []
        for obligor in self.obligors:
            obligor.owed = []

    def opened(self, space: Space) -> EngineHousehold:
        """Returns a copy in which every unknown fact is an open value whose cause is the fact's pointer."""
        household = copy.copy(self)
        copies = {id(person): copy.copy(person) for person in self.members}
        obligors = {id(obligor): copy.copy(obligor) for obligor in self.obligors}
        household.members = [copies[id(person)] for person in self.members]
        household.obligors = [obligors[id(obligor)] for obligor in self.obligors]
        for person in household.members:
            for links in ("spouses", "parents", "children"):
                setattr(person, links, [copies[id(other)] for other in getattr(person, links)])
            untold = person.obligors is UNKNOWN
            person.obligors_tail = [Maybe(space.cause("/household/obligors"))] if untold else []
            person.obligors = [] if untold else [obligors[id(obligor)] for obligor in person.obligors]
            person.supporters = person.obligors
            person.parent_states = [_open(copy.copy(claim), space) for claim in person.parent_states]
            if person.single_parent is UNKNOWN:
                person.unknown = person.unknown | {"single_parent": f"/household/members/{person.index}/single_parent"}
        for obligor in household.obligors:
            obligor.owed = [copies[id(person)] for person in obligor.owed]
        _open(household, space)
        people: list[Someone] = [*household.members, *household.obligors]
        for person_or_obligor in people:
            _open(person_or_obligor, space)
            parts = person_or_obligor.disabilities
            person_or_obligor.disabilities = [_open(copy.copy(part), space) for part in parts]
        return household


_DUTY: Final = {True: "yes", False: "no", None: "not_stated"}


def _open(entity: Any, space: Space) -> Any:
    kinds = _KINDS[entity.entity]
    for attribute, pointer in entity.unknown.items():
        cause = space.cause(pointer)
        kind = kinds[attribute]
        if kind == "bool":
            value: Any = Maybe(cause)
        elif kind in ("enum", "date"):
            value = AnyOf(cause)
        elif attribute == "level":
            value = Range(entity.at_worst, 4, cause) if entity.at_worst < 4 else 4
        else:
            value = Range(_LEAST.get(attribute, 0), _MOST.get(attribute), cause)
        entity.__dict__[attribute] = value
    return entity


def _set_disability(entity: Someone, facts: f.Disability | None, pointer: str) -> None:
    """Sets one part for a single kind and the components for a multiple one, or one unknown part without components."""
    entity.disabled = facts is not None
    entity.disability_level = facts.level if facts else 0
    if facts is None:
        entity.disabilities = []
    elif facts.kind != "multiple":
        entity.disabilities = [DisabilityPart(facts.kind, facts.level, {})]
    elif facts.components:
        entity.disabilities = [DisabilityPart(part.kind, part.level, {}) for part in facts.components]
    else:
        cause = f"{pointer}/disability/components"
        entity.disabilities = [DisabilityPart(UNKNOWN, UNKNOWN, {"kind": cause, "level": cause}, facts.level)]
