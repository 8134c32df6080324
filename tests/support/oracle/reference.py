"""Reference calculator: the rules for Model City (999900, fictional) from 2021-07-01 on.

It answers for complete households only: a fact that a rule needs and nobody gave raises
`UnknownFact`. Everything is a `Fraction`; nothing is rounded but where a rule names it.

What rules.md leaves to an officer is answered both ways, and the answers are combined:
the same status in every world is decided, otherwise the result is `refer`.
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from app.rules.values.strict_json import Json
from tests.support.oracle import property as property_

Status: TypeAlias = Literal["eligible", "ineligible", "refer", "not_applicable"]
Amount: TypeAlias = Fraction | tuple[Fraction, Fraction] | None
Question: TypeAlias = tuple[str, str]
Key: TypeAlias = tuple[str, str | None]

SHANGHAI = timezone(timedelta(hours=8))
FIRST_DAY = date(2021, 7, 1)
FEN = Fraction(1, 100)
YUAN = Fraction(1)

UNITS: dict[str, str | None] = {
    "orphan_subsidy": "CNY/month",
    "unattended_child_subsidy": "CNY/month",
    "extreme_poverty_support": "CNY/month",
    "dibao": "CNY/month",
    "gradual_exit": "CNY/month",
    "edge_family": None,
    "single_person_dibao": "CNY/month",
    "rigid_expenditure_family": None,
    "temporary_assistance": "CNY/once",
    "disability_living_subsidy": "CNY/month",
    "disability_care_subsidy": "CNY/month",
    "old_age_allowance": "CNY/month",
    "elder_care_subsidy": "CNY/month",
    "education_aid": "CNY/year",
}


class UnknownFact(Exception):
    """A rule needs a fact that the request does not give."""


# ---------------------------------------------------------------- the place


@dataclass(frozen=True)
class Value:
    """A published value: it stands from `start` until a later known one takes over."""

    start: date
    amount: int
    published: date | None = None

    def known_from(self) -> datetime:
        return midnight(self.published or self.start)


DIBAO_URBAN_MONTH = (
    Value(date(2021, 7, 1), 720),
    Value(date(2022, 7, 1), 760),
    Value(date(2023, 7, 1), 800),
    Value(date(2024, 7, 1), 840, date(2024, 9, 10)),
    Value(date(2025, 7, 1), 880),
    Value(date(2026, 7, 1), 920, date(2026, 6, 20)),
)
DIBAO_RURAL_YEAR = (
    Value(date(2021, 7, 1), 6480),
    Value(date(2022, 7, 1), 6960),
    Value(date(2023, 7, 1), 7440),
    Value(date(2024, 7, 1), 7920, date(2024, 9, 10)),
    Value(date(2025, 7, 1), 8400),
    Value(date(2026, 7, 1), 8900, date(2026, 6, 20)),
)
MINIMUM_WAGE = (Value(date(2021, 7, 1), 1900), Value(date(2026, 7, 1), 2000))
ORPHAN_INSTITUTION = (Value(date(2021, 7, 1), 1900), Value(date(2025, 7, 1), 2000))
ORPHAN_DISPERSED = (Value(date(2021, 7, 1), 1400), Value(date(2025, 7, 1), 1500))
DISPOSABLE_INCOME_YEAR = {"urban": 42000, "rural": 21000}

SUPPORT_FROM = date(2026, 10, 1)
SUPPORT_SHARE = Fraction(25, 100)
SUPPORT_KEPT_OF_STANDARD = 2

WORK_COST_SHARE_OF_WAGE = Fraction(20, 100)
WORK_COST_SHARE_OF_STANDARD = Fraction(50, 100)
RIGID_COST_KINDS = ("medical", "disability_rehab")

ELDERLY_FROM = 70
UPLIFT_ELDERLY = Fraction(20, 100)
UPLIFT_MINOR = Fraction(20, 100)
UPLIFT_SEVERE_DISABILITY = Fraction(50, 100)
UPLIFT_SERIOUS_ILLNESS = Fraction(40, 100)

EXIT_SHARES = (Fraction(1), Fraction(1), Fraction(1), Fraction(1, 2), Fraction(1, 2), Fraction(1, 2))

EDGE_MULTIPLE = Fraction(3, 2)
RIGID_RATIO = Fraction(50, 100)
RIGID_FROM = date(2025, 1, 1)
ADULT_MAY_FROM = date(2022, 10, 20)

BASIC_MULTIPLE = Fraction(13, 10)
CARE_SHARE = {"able": Fraction(2, 100), "partial": Fraction(30, 100), "total": Fraction(60, 100)}

EMERGENCY_MONTHS = {"light": 1, "moderate": 3, "grave": 6}
EXPENDITURE_SHARE = Fraction(50, 100)
EXPENDITURE_ABOVE_MONTHS = 3
EXPENDITURE_CAP_MONTHS = 12

DISABILITY_LIVING = Fraction(100)
DISABILITY_CARE = {1: Fraction(130), 2: Fraction(110)}
OLD_AGE_ALLOWANCE = ((100, Fraction(400)), (90, Fraction(120)), (80, Fraction(60)))
ELDER_CARE = {"partial": Fraction(150), "total": Fraction(300)}
EDUCATION_AID = {"senior_secondary": Fraction(3000), "undergraduate": Fraction(5000)}


def _limit(financial_months: int, vehicles: int, dwellings: int) -> property_.Limit:
    return property_.Limit(False, vehicles, dwellings, {0: Fraction(financial_months)})


PROPERTY_LIMITS = {
    "dibao": _limit(24, 0, 2),
    "edge": _limit(36, 1, 2),
    "rigid": _limit(48, 1, 2),
    "extreme_poverty": _limit(24, 0, 1),
}
# Which vehicles are exempt the city does not print: an officer says. Elsewhere than here it may be printed.
EXEMPTIONS: property_.Exemptions | None = None
CONSUMPTION_MONTH = {"urban": Fraction(2000), "rural": Fraction(1000)}


def midnight(day: date) -> datetime:
    """A date that stands for an instant is 00:00 in Shanghai (api.md, Conventions)."""
    return datetime.combine(day, time(), SHANGHAI)


def in_force(series: Sequence[Value], on: date, known_at: datetime) -> Fraction:
    """The latest value that has begun on the day and was known by then (model_city.yaml)."""
    known = [value for value in series if value.start <= on and value.known_from() <= known_at]
    if not known:
        raise UnknownFact("no value was known")
    return Fraction(max(known, key=lambda value: value.start).amount)


@dataclass(frozen=True)
class Figures:
    """What the place has published for one day, one residence and one state of knowledge."""

    standard: Fraction
    disposable_income: Fraction
    minimum_wage: Fraction
    orphan_institution: Fraction
    orphan_dispersed: Fraction


def figures_of(residence: str, on: date, known_at: datetime) -> Figures:
    return Figures(
        standard=dibao_standard(residence, on, known_at),
        disposable_income=Fraction(DISPOSABLE_INCOME_YEAR[residence], 12),
        minimum_wage=in_force(MINIMUM_WAGE, on, known_at),
        orphan_institution=in_force(ORPHAN_INSTITUTION, on, known_at),
        orphan_dispersed=in_force(ORPHAN_DISPERSED, on, known_at),
    )


def dibao_standard(residence: str, on: date, known_at: datetime) -> Fraction:
    """S: per person and month; an annual standard is divided by 12 exactly (head of rules.md)."""
    if residence == "urban":
        return in_force(DIBAO_URBAN_MONTH, on, known_at)
    return in_force(DIBAO_RURAL_YEAR, on, known_at) / 12


# ---------------------------------------------------------------- the facts


@dataclass(frozen=True)
class Disability:
    kind: str
    level: int
    components: tuple[tuple[str, int], ...] | None


@dataclass(frozen=True)
class ParentState:
    state: str
    since: date | None
    term_months: int | None


@dataclass(frozen=True)
class Member:
    id: str
    relation: str
    birth_date: date
    spouse_of: str | None
    child_of: tuple[str, ...] | None
    lives_together: bool
    dependent_adult: bool
    maintenance_duty: bool | None
    absence: str | None
    absent_since: date | None
    employed: bool
    income: Mapping[str, Fraction | None] | None
    income_months: int
    income_periods: Mapping[str, int]
    outgoings: Mapping[str, Fraction]
    disability: Disability | None
    needs_long_term_care: bool | None
    serious_illness: bool
    special_hardship: bool
    self_care_failed: int | None
    education: str | None
    placement: str
    parents: tuple[ParentState, ParentState] | None


@dataclass(frozen=True)
class Obligor:
    of: tuple[str, ...]
    birth_date: date
    receiving: str | None
    disability: Disability | None
    monthly_income: Fraction | None
    assets_within_limit: bool | None
    status: str | None
    household_size: int | None
    supports: int
    ordered_support: Fraction | None
    paid_support: Fraction


@dataclass(frozen=True)
class Crisis:
    kind: str
    severity: str
    persons: int | None


@dataclass(frozen=True)
class Exit:
    """Dibao received by a household whose income passed the line."""

    line_passed: date | None
    passed_by: str | None
    amount: Fraction | None


@dataclass(frozen=True)
class Case:
    """A request, read: the household, its family links and the figures of the day."""

    date: date
    figures: Figures
    members: tuple[Member, ...]
    spouses: Mapping[str, frozenset[str]]
    parents: Mapping[str, frozenset[str]]
    assets: property_.Assets | None
    spending: Mapping[str, Fraction] | None
    obligors: tuple[Obligor, ...] | None
    receiving: frozenset[tuple[str, str | None]]
    crisis: Crisis | None
    residence: str = "urban"
    exit: Exit | None = None
    officer: Officer | None = None  # who answers what the place does not print, in one world

    @property
    def standard(self) -> Fraction:
        return self.figures.standard

    def children(self, person: str) -> frozenset[str]:
        return frozenset(child for child, parents in self.parents.items() if person in parents)


def given(record: Json, key: str, default: Any = None) -> Any:
    """Absent and null mean the same (api.md, The household)."""
    value = record.get(key)
    return default if value is None else value


def money(value: str | int) -> Fraction:
    return Fraction(str(value))


def optional_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def instant(text: str | None) -> datetime:
    if text is None:
        return datetime.max.replace(tzinfo=SHANGHAI)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def read_disability(record: Json | None) -> Disability | None:
    if record is None:
        return None
    components = given(record, "components")
    return Disability(
        kind=record["kind"],
        level=record["level"],
        components=None if components is None else tuple((part["kind"], part["level"]) for part in components),
    )


def read_parent(record: Json) -> ParentState:
    return ParentState(record["state"], optional_day(given(record, "since")), given(record, "term_months"))


def read_income(record: Json | None) -> dict[str, Fraction | None] | None:
    if record is None:
        return None
    return {kind: None if value is None else money(value) for kind, value in record.items()}


def read_money_table(record: Json) -> dict[str, Fraction]:
    return {key: money(value) for key, value in record.items() if value is not None}


def read_member(record: Json) -> Member:
    parents = given(record, "parents")
    child_of = given(record, "child_of")
    periods = given(record, "income_periods", {})
    return Member(
        id=record["id"],
        relation=record["relation"],
        birth_date=date.fromisoformat(record["birth_date"]),
        spouse_of=given(record, "spouse_of"),
        child_of=None if child_of is None else tuple(child_of),
        lives_together=given(record, "lives_together", True),
        dependent_adult=given(record, "dependent_adult", False),
        maintenance_duty=given(record, "maintenance_duty"),
        absence=given(record, "absence"),
        absent_since=optional_day(given(record, "absent_since")),
        employed=given(record, "employed", False),
        income=read_income(given(record, "income")),
        income_months=given(record, "income_months", 1),
        income_periods={kind: months for kind, months in periods.items() if months is not None},
        outgoings=read_money_table(given(record, "outgoings", {})),
        disability=read_disability(given(record, "disability")),
        needs_long_term_care=given(record, "needs_long_term_care"),
        serious_illness=given(record, "serious_illness", False),
        special_hardship=given(record, "special_hardship", False),
        self_care_failed=given(record, "self_care_failed"),
        education=given(record, "education"),
        placement=given(record, "placement", "home"),
        parents=None if parents is None else (read_parent(parents["father"]), read_parent(parents["mother"])),
    )


def read_obligor(record: Json) -> Obligor:
    income, ordered = given(record, "monthly_income"), given(record, "ordered_support")
    return Obligor(
        of=tuple(record["of"]),
        birth_date=date.fromisoformat(record["birth_date"]),
        receiving=given(record, "receiving"),
        disability=read_disability(given(record, "disability")),
        monthly_income=None if income is None else money(income),
        assets_within_limit=given(record, "assets_within_limit"),
        status=given(record, "status"),
        household_size=given(record, "household_size"),
        supports=given(record, "supports", 1),
        ordered_support=None if ordered is None else money(ordered),
        paid_support=money(given(record, "paid_support", 0)),
    )


def read_assets(record: Json | None) -> property_.Assets | None:
    """A key left out is 0 or false; a key that is null is unknown, and so is the whole then."""
    if record is None or any(value is None for value in record.values()):
        return None
    return property_.Assets(
        financial=money(record.get("financial", 0)),
        vehicles=record.get("vehicles", 0),
        dwellings=record.get("dwellings", 0),
        company_interest=record.get("company_interest", False),
        vehicle_value=money(record.get("vehicle_value", 0)),
        vehicle_displacement=money(record.get("vehicle_displacement", 0)),
        disability_vehicles=record.get("disability_vehicles", 0),
        work_vehicles=record.get("work_vehicles", 0),
        dwelling_area=money(record.get("dwelling_area", 0)),
        shops=record.get("shops", 0),
    )


def read_spending(record: Json | None) -> dict[str, Fraction] | None:
    if record is None or any(value is None for value in record.values()):
        return None
    return read_money_table(record)


def read_crisis(record: Json | None) -> Crisis | None:
    if record is None:
        return None
    return Crisis(record["kind"], record["severity"], given(record, "persons"))


def read_exit(received: list[Json]) -> Exit | None:
    """The first dibao of which it is told when or why income passed the line."""
    for entry in received:
        if entry["programme"] == "dibao" and (given(entry, "line_passed") or given(entry, "passed_by")):
            month = given(entry, "line_passed")
            amount = given(entry, "amount")
            return Exit(
                None if month is None else date.fromisoformat(f"{month}-01"),
                given(entry, "passed_by"),
                None if amount is None else money(amount),
            )
    return None


def read_case(request: Json) -> Case:
    on = date.fromisoformat(request["date"])
    if not request["jurisdiction"].startswith("999900") or on < FIRST_DAY:
        raise ValueError("only 999900 from 2021-07-01 on is covered")
    if given(given(request, "options", {}), "parameters"):
        raise ValueError("supplied parameters are not covered")
    home: Json = request["household"]
    members = tuple(read_member(record) for record in home["members"])
    obligors = given(home, "obligors")
    return Case(
        date=on,
        figures=figures_of(home["residence"], on, instant(given(request, "known_at"))),
        members=members,
        spouses=spouses_of(members),
        parents=parents_of(members),
        assets=read_assets(given(home, "assets")),
        spending=read_spending(given(home, "spending")),
        obligors=None if obligors is None else tuple(read_obligor(record) for record in obligors),
        receiving=frozenset((entry["programme"], given(entry, "person")) for entry in given(home, "receiving", [])),
        crisis=read_crisis(given(home, "crisis")),
        residence=home["residence"],
        exit=read_exit(given(home, "receiving", [])),
    )


# ---------------------------------------------------------------- small facts


def completed_years(since: date, on: date) -> int:
    """The anniversary itself counts; 29 February falls on 1 March in other years (head)."""
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


def six_months_before(on: date) -> date:
    """Six calendar months back (head); the last day of a month that is too short."""
    months = on.year * 12 + on.month - 1 - 6
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(on.day, monthrange(year, month)[1]))


def round_up(amount: Fraction, to: Fraction) -> Fraction:
    return math.ceil(amount / to) * to


def round_down(amount: Fraction, to: Fraction) -> Fraction:
    return math.floor(amount / to) * to


def age(case: Case, member: Member) -> int:
    return completed_years(member.birth_date, case.date)


def is_level_1_or_2(disability: Disability | None) -> bool:
    """A level is the card's own (extreme_poverty_support, 1: "everywhere else")."""
    return disability is not None and disability.level <= 2


def is_level_3_of_mind(disability: Disability | None) -> bool:
    """Level 3 intellectual or mental: the kind and the components (extreme_poverty_support, 1)."""
    if disability is None:
        return False
    if disability.kind == "multiple" and disability.components is None and disability.level == 3:
        raise UnknownFact("components of a disability")
    parts = ((disability.kind, disability.level), *(disability.components or ()))
    return any(kind in ("intellectual", "mental") and level == 3 for kind, level in parts)


def is_severe(disability: Disability | None) -> bool:
    """Level 1-2 of any kind or 3 intellectual or mental."""
    return is_level_1_or_2(disability) or is_level_3_of_mind(disability)


def self_care(member: Member) -> str:
    """0 able, 1-3 partial, 4-6 total (extreme_poverty_support, Amount)."""
    if member.self_care_failed is None:
        raise UnknownFact(f"self_care_failed of {member.id}")
    if member.self_care_failed == 0:
        return "able"
    return "partial" if member.self_care_failed <= 3 else "total"


def receives(case: Case, person: str, programme: str) -> bool:
    """An entry with person null holds for everyone (extreme_poverty_support, 3)."""
    return (programme, person) in case.receiving or (programme, None) in case.receiving


def receives_dibao(case: Case, person: str) -> bool:
    """Receiving single_person_dibao is receiving dibao (The household)."""
    return receives(case, person, "dibao") or receives(case, person, "single_person_dibao")


# ---------------------------------------------------------------- the family


def spouses_of(members: Sequence[Member]) -> dict[str, frozenset[str]]:
    """Who is married to whom: as stated, else as the relations say (The family)."""
    couples = [(m.id, m.spouse_of) for m in members if m.spouse_of is not None]
    stated = {person for couple in couples for person in couple}
    for one, other in derived_couples(members):
        if one not in stated and other not in stated:
            couples.append((one, other))
    return {m.id: frozenset(b if a == m.id else a for a, b in couples if m.id in (a, b)) for m in members}


def derived_couples(members: Sequence[Member]) -> list[tuple[str, str]]:
    """Applicant and spouse; two parents with each other (The family)."""
    couples = []
    for relations in (("applicant", "spouse"), ("parent",)):
        pair = [m.id for m in members if m.relation in relations]
        if len(pair) == 2:
            couples.append((pair[0], pair[1]))
    return couples


def parents_of(members: Sequence[Member]) -> dict[str, frozenset[str]]:
    """Whose child each member is: as stated, else as the relations say (The family)."""
    derived_from = {"applicant": ("parent",), "child": ("applicant", "spouse")}
    parents = {}
    for member in members:
        if member.child_of is not None:
            parents[member.id] = frozenset(member.child_of)
        else:
            relations = derived_from.get(member.relation, ())
            parents[member.id] = frozenset(m.id for m in members if m.relation in relations)
    return parents


def left_out_for_themselves(member: Member) -> bool:
    """These get no result of their own (The family)."""
    return member.absence in ("prison", "compulsory_detox", "declared_missing")


def left_out_of_count(case: Case, member: Member) -> bool:
    """Clergy for three years or more, unless applying alone (The family)."""
    if member.absence != "clergy" or len(case.members) == 1:
        return False
    if member.absent_since is None:
        raise UnknownFact(f"absent_since of {member.id}")
    return completed_years(member.absent_since, case.date) >= 3


def can_count(case: Case, member: Member) -> bool:
    return not left_out_for_themselves(member) and not left_out_of_count(case, member)


def counts_as_spouse(case: Case, member: Member, reached: set[str]) -> bool:
    """Step a (The family)."""
    return bool(case.spouses[member.id] & reached)


def counts_as_dependent_child(case: Case, member: Member, reached: set[str]) -> bool:
    """Step b (The family)."""
    if not case.parents[member.id] & reached:
        return False
    studies = member.education not in (None, "postgraduate")
    return age(case, member) < 18 or member.dependent_adult or studies


def counts_as_adult_child(case: Case, member: Member, reached: set[str]) -> bool:
    """Step c (The family)."""
    is_child = bool(case.parents[member.id] & reached)
    return is_child and age(case, member) >= 18 and member.lives_together


def counts_as_parent(case: Case, member: Member, reached: set[str]) -> bool:
    """Step d (The family)."""
    return bool(case.children(member.id) & reached) and member.lives_together


def counts_as_relative(member: Member) -> bool:
    """Step e: by the relation to the applicant alone (The family)."""
    if not member.lives_together:
        return False
    if member.relation in ("grandparent", "grandchild", "sibling"):
        return member.maintenance_duty is not False
    return member.relation == "other" and member.maintenance_duty is True


def joins(case: Case, member: Member, reached: set[str]) -> bool:
    return (
        counts_as_spouse(case, member, reached)
        or counts_as_dependent_child(case, member, reached)
        or counts_as_adult_child(case, member, reached)
        or counts_as_parent(case, member, reached)
        or counts_as_relative(member)
    )


def counted_before_support(case: Case) -> tuple[Member, ...]:
    """Steps a to e, from the applicant on until nobody is added (The family)."""
    applicant = next(m for m in case.members if m.relation == "applicant")
    able = [m for m in case.members if can_count(case, m)]
    reached = {applicant.id}
    while True:
        added = {m.id for m in able if m.id not in reached and joins(case, m, reached)}
        if not added:
            return tuple(m for m in able if m.id in reached)
        reached |= added


# ---------------------------------------------------------------- income and property

# The kinds that count in 999900 from 2021-07-01 on, for dibao and for extreme poverty alike:
# the place counts neither the basic pension nor the old-age allowance.
COUNTED_KINDS = (
    "wage",
    "business",
    "property",
    "pension",
    "support_received",
    "unemployment_benefit",
    "survivor_allowance",
    "compensation",
    "donation",
    "other",
)
OUTGOINGS = ("taxes", "social_contributions", "support_paid")


def month_of(member: Member, kind: str) -> Fraction:
    """An amount divided by its own months (Income of a month)."""
    if member.income is None:
        raise UnknownFact(f"income of {member.id}")
    amount = member.income.get(kind, Fraction(0))
    if amount is None:
        raise UnknownFact(f"income {kind} of {member.id}")
    return amount / member.income_periods.get(kind, member.income_months)


def own_income(member: Member) -> Fraction:
    """Counted kinds less outgoings, before work cost (Income of a month)."""
    income = sum((month_of(member, kind) for kind in COUNTED_KINDS), Fraction(0))
    paid = sum((member.outgoings.get(kind, Fraction(0)) for kind in OUTGOINGS), Fraction(0))
    return income - paid / member.income_months


def support_due(case: Case, obligor: Obligor) -> Fraction:
    """What an order fixes, or what the place works out of somebody able; at least what is paid (57号 13 （四）)."""
    if obligor.ordered_support is not None:
        due = obligor.ordered_support
    elif case.date < SUPPORT_FROM or outside_obligor_unable(case, obligor):
        due = Fraction(0)
    else:
        if obligor.monthly_income is None or obligor.household_size is None:
            raise UnknownFact("income or household of an obligor")
        beyond = obligor.monthly_income - SUPPORT_KEPT_OF_STANDARD * case.standard * obligor.household_size
        due = SUPPORT_SHARE * max(Fraction(0), beyond) / obligor.supports
    return max(due, obligor.paid_support)


def support_not_declared(case: Case, member: Member) -> Fraction:
    """The member's equal part of what each obligor owes, down to the fen, as far as it exceeds what is received."""
    owing = [one for one in case.obligors or () if member.id in one.of]
    if not owing:
        return Fraction(0)
    due = sum((round_down(support_due(case, one) / len(set(one.of)), FEN) for one in owing), Fraction(0))
    return max(Fraction(0), due - month_of(member, "support_received"))


def work_cost(case: Case, member: Member) -> Fraction:
    """A share of the wage, at most a share of the standard (Income of a month)."""
    if not member.employed:
        return Fraction(0)
    wage = month_of(member, "wage")
    cap = WORK_COST_SHARE_OF_STANDARD * case.standard
    return min(WORK_COST_SHARE_OF_WAGE * wage, cap, wage)


def spending_of(case: Case, kinds: Sequence[str] | None = None) -> Fraction:
    """What was spent in twelve months, in some kinds or in all five."""
    if case.spending is None:
        raise UnknownFact("spending")
    return sum(
        (value for kind, value in case.spending.items() if kinds is None or kind in kinds),
        Fraction(0),
    )


def rigid_cost(case: Case) -> Fraction:
    """Income of a month, rigid cost."""
    return spending_of(case, RIGID_COST_KINDS) / 12


@dataclass(frozen=True)
class Home:
    """The household after step f: who is counted, and what they have together."""

    case: Case
    counted: tuple[Member, ...]
    income: Fraction
    gross: Fraction

    @property
    def n(self) -> int:
        return len(self.counted)

    def counts(self, member: Member) -> bool:
        return member in self.counted


def home_of(case: Case, counted: tuple[Member, ...]) -> Home:
    """`income` and `gross` of the household (Income of a month)."""
    before_costs = sum((own_income(m) + support_not_declared(case, m) for m in counted), Fraction(0))
    work_costs = sum((work_cost(case, m) for m in counted), Fraction(0))
    return Home(
        case=case,
        counted=counted,
        income=max(Fraction(0), before_costs - work_costs - rigid_cost(case)),
        gross=max(Fraction(0), before_costs),
    )


def property_ok(case: Case, limits: str, n: int) -> bool:
    """Equal is within (Property)."""
    if case.assets is None:
        raise UnknownFact("assets")
    figures = case.figures
    standards = property_.Standards(
        figures.standard, figures.minimum_wage, figures.disposable_income, CONSUMPTION_MONTH[case.residence]
    )
    return property_.within(case.assets, PROPERTY_LIMITS[limits], exemptions(case), standards, n)


def exemptions(case: Case) -> property_.Exemptions:
    """Which vehicles count: as printed, else as the officer says of those that there are."""
    if EXEMPTIONS is not None:
        return EXEMPTIONS
    assert case.assets is not None
    assert case.officer is not None

    def exempt(kind: str, number: int) -> bool:
        return number > 0 and case.officer is not None and case.officer.says_yes(f"vehicles_exempt.{kind}", "the place")

    return property_.Exemptions(
        exempt("disability", case.assets.disability_vehicles), exempt("work", case.assets.work_vehicles)
    )


# ---------------------------------------------------------------- officer's questions


class Officer:
    """Gives the answers of one world, and remembers the questions nobody has answered in it."""

    def __init__(self, answers: Mapping[Question, bool]) -> None:
        self.answers = answers
        self.unanswered: list[Question] = []

    def says_yes(self, rule: str, person: str) -> bool:
        question = (rule, person)
        if question not in self.answers:
            self.unanswered.append(question)
        return self.answers.get(question, False)


def verdict(passes: bool) -> Status:
    return "eligible" if passes else "ineligible"


# ---------------------------------------------------------------- children first


def is_child_with_claim(case: Case, member: Member) -> bool:
    """The group of both children's subsidies (Children first)."""
    return member.parents is not None and (age(case, member) < 18 or member.education is not None)


def of_age(case: Case, member: Member, question: str, officer: Officer) -> bool:
    """Past 18 the subsidies go on in school where the place says so, which it has not (54号 二（三）, 62号 三（三）)."""
    return age(case, member) < 18 or officer.says_yes(question, "the place")


def orphan_subsidy(case: Case, member: Member, officer: Officer) -> Status:
    """Children first, orphan_subsidy."""
    if member.parents is None or not is_child_with_claim(case, member):
        return "not_applicable"
    states = {parent.state for parent in member.parents}
    if not of_age(case, member, "orphan.in_school_past_18", officer):
        return "ineligible"
    if states <= {"deceased", "unknown"}:
        return "eligible"
    if states <= {"deceased", "unknown", "declared_missing"}:
        return verdict(officer.says_yes("orphan.declared_missing", member.id))
    return "ineligible"


def orphan_amount(case: Case, member: Member) -> Fraction:
    """Children first, orphan_subsidy, Amount."""
    if member.placement == "institution":
        return case.figures.orphan_institution
    return case.figures.orphan_dispersed


def cannot_care(case: Case, parent: ParentState) -> bool:
    """H (Children first, unattended_child_subsidy)."""
    if parent.state in ("imprisoned", "compulsory_detox", "restricted"):
        if parent.term_months is None:
            raise UnknownFact("term_months of a parent")
        return parent.term_months >= 6
    if parent.state == "out_of_contact":
        if parent.since is None:
            raise UnknownFact("since of a parent")
        return parent.since <= six_months_before(case.date)
    return parent.state in (
        "severely_disabled",
        "seriously_ill",
        "guardianship_revoked",
        "deported",
        "declared_missing",
        "unknown",
    )


def unattended_child_subsidy(case: Case, member: Member, orphan: Status, officer: Officer) -> Status:
    """Children first, unattended_child_subsidy."""
    if member.parents is None or not is_child_with_claim(case, member):
        return "not_applicable"
    if orphan == "eligible" or not of_age(case, member, "unattended_child.in_school_past_18", officer):
        return "ineligible"
    father, mother = member.parents
    return verdict(
        (cannot_care(case, father) and cannot_care(case, mother))
        or (is_gone(father) and cannot_care(case, mother))
        or (is_gone(mother) and cannot_care(case, father))
    )


def is_gone(parent: ParentState) -> bool:
    """Deceased or declared missing (Children first, unattended_child_subsidy)."""
    return parent.state in ("deceased", "declared_missing")


def unattended_amount(home: Home, member: Member, dibao: Status, living: Status) -> Fraction:
    """Children first, unattended_child_subsidy, Amount; the standard equals orphan.dispersed."""
    per_head = Fraction(0)
    if dibao == "eligible" and home.counts(member):
        per_head = dibao_amount(home) / home.n
    subsidy = DISABILITY_LIVING if living == "eligible" else Fraction(0)
    amount = home.case.figures.orphan_dispersed - per_head - subsidy
    return round_up(max(Fraction(0), amount), FEN)


# ---------------------------------------------------------------- extreme poverty


def disability_takes_work_ability(disability: Disability | None) -> bool:
    """extreme_poverty_support, 1; the place adds no kind or level."""
    if disability is None:
        return False
    limits = {"intellectual": 3, "mental": 3, "physical": 2, "visual": 1}
    parts: tuple[tuple[str, int], ...] = ((disability.kind, disability.level),)
    if disability.kind == "multiple":
        if disability.components is None:
            raise UnknownFact("components of a disability")
        parts = disability.components
    return any(level <= limits.get(kind, 0) for kind, level in parts)


def has_no_work_ability(case: Case, member: Member, officer: Officer) -> bool:
    """extreme_poverty_support, 1."""
    years = age(case, member)
    if years >= 60 or years < 16 or disability_takes_work_ability(member.disability):
        return True
    receiving = receives(case, member.id, "extreme_poverty_support")
    if years < 18:
        return receiving or officer.says_yes("extreme_poverty.age_16_17", member.id)
    return receiving and member.education in ("junior_secondary", "senior_secondary")


def has_no_livelihood(case: Case, member: Member, n: int) -> bool:
    """extreme_poverty_support, 2."""
    return own_income(member) < case.standard and property_ok(case, "extreme_poverty", n)


def has_no_able_obligor(case: Case, member: Member, n: int) -> bool:
    """extreme_poverty_support, 3: inside first, where one able obligor settles it."""
    if not all(inside_obligor_unable(case, one, n) for one in obligors_inside(case, member)):
        return False
    if case.obligors is None:
        raise UnknownFact("obligors")
    return all(outside_obligor_unable(case, one) for one in case.obligors if member.id in one.of)


def obligors_inside(case: Case, member: Member) -> list[Member]:
    """Spouse, parents and children who are 18 or over (extreme_poverty_support, 3)."""
    ids = case.spouses[member.id] | case.parents[member.id] | case.children(member.id)
    return [m for m in case.members if m.id in ids and age(case, m) >= 18]


def inside_obligor_unable(case: Case, obligor: Member, n: int) -> bool:
    """extreme_poverty_support, 3, for an obligor inside."""
    years = age(case, obligor)
    if receives(case, obligor.id, "extreme_poverty_support"):
        return True
    if years >= 60 and receives_dibao(case, obligor.id):
        return True
    if obligor.absence in ("prison", "declared_missing"):
        return property_ok(case, "edge", n)
    if years < 70 and not is_severe(obligor.disability):
        return False
    return own_income(obligor) < case.figures.disposable_income and property_ok(case, "edge", n)


def outside_obligor_unable(case: Case, obligor: Obligor) -> bool:
    """extreme_poverty_support, 3, for an obligor outside."""
    years = completed_years(obligor.birth_date, case.date)
    if obligor.receiving == "extreme_poverty_support":
        return True
    if years >= 60 and obligor.receiving == "dibao":
        return True
    if obligor.status is not None:
        return within_limit(obligor)
    if years < 70 and not is_severe(obligor.disability):
        return False
    return income_below_disposable(case, obligor) and within_limit(obligor)


def within_limit(obligor: Obligor) -> bool:
    if obligor.assets_within_limit is None:
        raise UnknownFact("assets_within_limit of an obligor")
    return obligor.assets_within_limit


def income_below_disposable(case: Case, obligor: Obligor) -> bool:
    if obligor.monthly_income is None:
        raise UnknownFact("monthly_income of an obligor")
    return obligor.monthly_income < case.figures.disposable_income


def extreme_poverty_support(case: Case, member: Member, n: int, has_child_subsidy: bool, officer: Officer) -> Status:
    """extreme_poverty_support; `n` is the number counted before step f."""
    if not has_no_work_ability(case, member, officer):
        return "not_applicable"
    if has_child_subsidy:
        return "ineligible"
    n = max(1, n)
    return verdict(has_no_livelihood(case, member, n) and has_no_able_obligor(case, member, n))


def extreme_poverty_amount(case: Case, member: Member) -> Fraction:
    """extreme_poverty_support, Amount."""
    basic = round_up(BASIC_MULTIPLE * case.standard, YUAN)
    care = CARE_SHARE[self_care(member)] * case.figures.minimum_wage
    return round_up(basic + care, FEN)


# ---------------------------------------------------------------- the household


def uplift(case: Case, member: Member) -> Fraction:
    """The highest matching share of the standard (The household, dibao, uplift)."""
    years = age(case, member)
    shares = [Fraction(0)]
    if years >= ELDERLY_FROM:
        shares.append(UPLIFT_ELDERLY)
    if years < 18:
        shares.append(UPLIFT_MINOR)
    if is_level_1_or_2(member.disability):
        shares.append(UPLIFT_SEVERE_DISABILITY)
    if member.serious_illness:
        shares.append(UPLIFT_SERIOUS_ILLNESS)
    return max(shares) * case.standard


def dibao(home: Home) -> Status:
    """The household, dibao."""
    case = home.case
    return verdict(home.n > 0 and home.income < case.standard * home.n and property_ok(case, "dibao", home.n))


def dibao_amount(home: Home) -> Fraction:
    """The household, dibao, Amount: the whole of it up to a whole yuan."""
    difference = max(Fraction(0), home.case.standard * home.n - home.income)
    uplifts = sum((uplift(home.case, m) for m in home.counted), Fraction(0))
    return round_up(difference + uplifts, YUAN)


def exit_month(case: Case) -> int:
    """Which month of the exit is paid: the one after the line was passed is the first (57号 33)."""
    assert case.exit is not None
    if case.exit.line_passed is None:
        raise UnknownFact("line_passed")
    passed = case.exit.line_passed
    return (case.date.year - passed.year) * 12 + case.date.month - passed.month + 1


def gradual_exit(home: Home, dibao: Status) -> Status:
    """57号 33, 83号 一（三）; model_city.yaml, gradual_exit: only income, and only by work."""
    case = home.case
    if case.exit is None:
        return "not_applicable"
    if case.exit.passed_by is None:
        raise UnknownFact("passed_by")
    return verdict(
        dibao != "eligible"
        and case.exit.passed_by == "employment"
        and home.income >= case.standard * home.n
        and property_ok(case, "dibao", home.n)
        and exit_month(case) <= len(EXIT_SHARES)
    )


def exit_amount(home: Home) -> Fraction:
    case = home.case
    assert case.exit is not None
    if case.exit.amount is None:
        raise UnknownFact("amount")
    share = EXIT_SHARES[min(exit_month(case), len(EXIT_SHARES)) - 1]
    return round_up(case.exit.amount * share, FEN)


def edge_family(home: Home, dibao: Status) -> Status:
    """The household, edge_family."""
    case = home.case
    return verdict(
        dibao != "eligible"
        and home.income < EDGE_MULTIPLE * case.standard * home.n
        and property_ok(case, "edge", home.n)
    )


def countable_income(case: Case, member: Member) -> Fraction:
    """Own income after work cost, never below zero (The household, single_person_dibao)."""
    return max(Fraction(0), own_income(member) + support_not_declared(case, member) - work_cost(case, member))


def may_get_single_person_dibao(home: Home, member: Member, dibao: Status, edge: Status) -> bool:
    """The groups of whom the law says "may" (The household, single_person_dibao)."""
    if edge == "eligible":
        return member.special_hardship
    return (
        dibao != "eligible"
        and home.case.date >= ADULT_MAY_FROM
        and age(home.case, member) >= 18
        and not member.employed
        and is_level_1_or_2(member.disability)
    )


def single_person_dibao(home: Home, member: Member, dibao: Status, edge: Status, officer: Officer) -> Status:
    """The household, single_person_dibao."""
    named = is_severe(member.disability) or member.serious_illness
    of_right = edge == "eligible" and named
    if not of_right and not may_get_single_person_dibao(home, member, dibao, edge):
        return "not_applicable"
    poor = countable_income(home.case, member) < home.case.standard
    if not home.counts(member) or not poor:
        return "ineligible"
    return verdict(of_right or officer.says_yes("single_person.may", member.id))


def single_person_amount(case: Case, member: Member) -> Fraction:
    """The household, single_person_dibao, Amount, mode difference."""
    difference = case.standard - countable_income(case, member)
    return round_up(difference + uplift(case, member), YUAN)


def rigid_expenditure_family(home: Home, dibao: Status, edge: Status) -> Status:
    """The household, rigid_expenditure_family; with gross 0 any spending is above the line."""
    case = home.case
    if case.date < RIGID_FROM:
        return "not_applicable"
    return verdict(
        "eligible" not in (dibao, edge)
        and home.income < case.figures.disposable_income * home.n
        and property_ok(case, "rigid", home.n)
        and spending_of(case) > RIGID_RATIO * home.gross * 12
    )


def temporary_assistance(home: Home) -> Status:
    """temporary_assistance."""
    case = home.case
    if case.crisis is None:
        return "not_applicable"
    if case.crisis.kind == "emergency":
        return "eligible"
    return verdict(
        home.income < case.figures.disposable_income * home.n
        and property_ok(case, "edge", home.n)
        and expenditure_amount(home) > 0
    )


def temporary_amount(home: Home) -> Fraction:
    """temporary_assistance, Amount."""
    if home.case.crisis is not None and home.case.crisis.kind == "expenditure":
        return expenditure_amount(home)
    return emergency_amount(home)


def emergency_amount(home: Home) -> Fraction:
    """Months of the standard for each person affected (model_city.yaml)."""
    crisis = home.case.crisis
    assert crisis is not None
    persons = max(1, home.n) if crisis.persons is None else crisis.persons
    return round_up(EMERGENCY_MONTHS[crisis.severity] * home.case.standard * persons, YUAN)


def expenditure_amount(home: Home) -> Fraction:
    """A share of the spending above some months of the standard, capped (model_city.yaml)."""
    standard = home.case.standard
    above = spending_of(home.case) - EXPENDITURE_ABOVE_MONTHS * standard * home.n
    amount = min(EXPENDITURE_SHARE * above, EXPENDITURE_CAP_MONTHS * standard)
    return round_up(max(Fraction(0), amount), YUAN)


# ---------------------------------------------------------------- allowances


def disability_living_subsidy(
    home: Home, member: Member, dibao: Status, single: Status, support: Status, orphan: Status
) -> Status:
    """Allowances, disability_living_subsidy."""
    if member.disability is None:
        return "not_applicable"
    on_dibao = (dibao == "eligible" and home.counts(member)) or single == "eligible"
    return verdict(on_dibao and "eligible" not in (support, orphan))


def disability_care_subsidy(member: Member, support: Status) -> Status:
    """Allowances, disability_care_subsidy; levels 1-2 need care unless it is denied."""
    if not is_level_1_or_2(member.disability):
        return "not_applicable"
    return verdict(member.needs_long_term_care is not False and support != "eligible")


def disability_care_amount(member: Member) -> Fraction:
    assert member.disability is not None
    return DISABILITY_CARE[member.disability.level]


def old_age_allowance(case: Case, member: Member) -> Status:
    """Allowances, old_age_allowance."""
    youngest = min(first for first, _ in OLD_AGE_ALLOWANCE)
    return "eligible" if age(case, member) >= youngest else "not_applicable"


def old_age_amount(case: Case, member: Member) -> Fraction:
    years = age(case, member)
    return next(amount for first, amount in OLD_AGE_ALLOWANCE if years >= first)


def elder_care_subsidy(home: Home, member: Member, dibao: Status, edge: Status, support: Status) -> Status:
    """Allowances, elder_care_subsidy."""
    if age(home.case, member) < 60:
        return "not_applicable"
    in_family = "eligible" in (dibao, edge) and home.counts(member)
    return verdict(self_care(member) != "able" and (in_family or support == "eligible"))


def elder_care_amount(member: Member) -> Fraction | None:
    return ELDER_CARE.get(self_care(member))


def education_aid(home: Home, member: Member, dibao: Status, edge: Status) -> Status:
    """Allowances, education_aid."""
    if member.education not in EDUCATION_AID:
        return "not_applicable"
    return verdict("eligible" in (dibao, edge) and home.counts(member))


def education_amount(member: Member) -> Fraction:
    assert member.education is not None
    return EDUCATION_AID[member.education]


# ---------------------------------------------------------------- one world


@dataclass(frozen=True)
class Outcome:
    """A status, and the amount's formula whether or not the tests hold."""

    status: Status
    amount: Fraction | None = None


@dataclass(frozen=True)
class World:
    counted: tuple[str, ...]
    income: Fraction
    outcomes: Mapping[Key, Outcome]


@dataclass(frozen=True)
class ChildrenAndSupport:
    """What is decided per person before the household is."""

    orphan: Status
    unattended: Status
    support: Status


def children_and_support(case: Case, member: Member, n: int, officer: Officer) -> ChildrenAndSupport:
    orphan = orphan_subsidy(case, member, officer)
    unattended = unattended_child_subsidy(case, member, orphan, officer)
    has_child_subsidy = "eligible" in (orphan, unattended)
    support = extreme_poverty_support(case, member, n, has_child_subsidy, officer)
    return ChildrenAndSupport(orphan, unattended, support)


def outcome(status: Status, formula: Callable[[], Fraction | None]) -> Outcome:
    """Outside its group a programme's formula may have no meaning."""
    return Outcome(status, None if status == "not_applicable" else formula())


def outcomes_of_household(home: Home, dibao: Status, edge: Status) -> dict[str, Outcome]:
    return {
        "dibao": Outcome(dibao, dibao_amount(home)),
        "gradual_exit": outcome(gradual_exit(home, dibao), lambda: exit_amount(home)),
        "edge_family": Outcome(edge),
        "rigid_expenditure_family": Outcome(rigid_expenditure_family(home, dibao, edge)),
        "temporary_assistance": outcome(temporary_assistance(home), lambda: temporary_amount(home)),
    }


def outcomes_of_person(
    home: Home,
    member: Member,
    before: ChildrenAndSupport,
    dibao: Status,
    edge: Status,
    officer: Officer,
) -> dict[str, Outcome]:
    case, support, orphan = home.case, before.support, before.orphan
    held: Status = dibao
    if gradual_exit(home, dibao) == "eligible" and officer.says_yes("gradual_exit.keeps_status", "the place"):
        held = "eligible"
    single = single_person_dibao(home, member, dibao, edge, officer)
    living = disability_living_subsidy(home, member, held, single, support, orphan)
    care = disability_care_subsidy(member, support)
    old_age = old_age_allowance(case, member)
    elder = elder_care_subsidy(home, member, held, edge, support)
    education = education_aid(home, member, held, edge)
    return {
        "orphan_subsidy": outcome(orphan, lambda: orphan_amount(case, member)),
        "unattended_child_subsidy": outcome(before.unattended, lambda: unattended_amount(home, member, dibao, living)),
        "extreme_poverty_support": outcome(support, lambda: extreme_poverty_amount(case, member)),
        "single_person_dibao": outcome(single, lambda: single_person_amount(case, member)),
        "disability_living_subsidy": outcome(living, lambda: DISABILITY_LIVING),
        "disability_care_subsidy": outcome(care, lambda: disability_care_amount(member)),
        "old_age_allowance": outcome(old_age, lambda: old_age_amount(case, member)),
        "elder_care_subsidy": outcome(elder, lambda: elder_care_amount(member)),
        "education_aid": outcome(education, lambda: education_amount(member)),
    }


def evaluate(case: Case, officer: Officer) -> World:
    """Everything in the order in which it decides, with the officer's answers of one world."""
    case = replace(case, officer=officer)
    people = [m for m in case.members if not left_out_for_themselves(m)]
    family = counted_before_support(case)
    before = {m.id: children_and_support(case, m, len(family), officer) for m in people}
    home = home_of(case, tuple(m for m in family if before[m.id].support != "eligible"))
    on_dibao = dibao(home)
    on_edge = edge_family(home, on_dibao)
    outcomes: dict[Key, Outcome] = {}
    for programme, found in outcomes_of_household(home, on_dibao, on_edge).items():
        outcomes[programme, None] = found
    for member in people:
        personal = outcomes_of_person(home, member, before[member.id], on_dibao, on_edge, officer)
        for programme, found in personal.items():
            outcomes[programme, member.id] = found
    return World(tuple(m.id for m in home.counted), home.income, outcomes)


# ---------------------------------------------------------------- all worlds


def worlds(case: Case) -> Iterator[World]:
    """One world for each set of answers to the officer's questions that come up in it."""
    pending: list[dict[Question, bool]] = [{}]
    while pending:
        answers = pending.pop()
        officer = Officer(answers)
        world = evaluate(case, officer)
        if not officer.unanswered:
            yield world
            continue
        question = officer.unanswered[0]
        pending += [{**answers, question: True}, {**answers, question: False}]


def combined_status(statuses: set[Status]) -> Status:
    """Statuses, once for all: open group and a failing test is ineligible, a split is refer."""
    if len(statuses) == 1:
        return next(iter(statuses))
    if statuses == {"ineligible", "not_applicable"}:
        return "ineligible"
    return "refer"


def hull(values: Sequence[Fraction]) -> Fraction | tuple[Fraction, Fraction]:
    low, high = min(values), max(values)
    return low if low == high else (low, high)


def combined_amount(status: Status, outcomes: Sequence[Outcome]) -> Amount:
    """The range of the formula over all worlds, not narrowed by the tests (Statuses)."""
    amounts = [outcome.amount for outcome in outcomes if outcome.amount is not None]
    if status not in ("eligible", "refer") or not amounts:
        return None
    return hull(amounts)


def combine(key: Key, outcomes: Sequence[Outcome]) -> Json:
    programme, person = key
    status = combined_status({outcome.status for outcome in outcomes})
    return {
        "programme": programme,
        "person": person,
        "status": status,
        "amount": combined_amount(status, outcomes),
        "unit": UNITS[programme],
    }


def assess(request: Json) -> list[Json]:
    """Every result that is not `not_applicable`, in the order in which the programmes decide.

    `amount` is a Fraction; a pair (min, max) where the officer's answers leave it open; None
    for refusals and for programmes without cash. `unit` is the programme's, None without cash.
    """
    every = list(worlds(read_case(request)))
    order = list(UNITS)
    keys = sorted(every[0].outcomes, key=lambda key: order.index(key[0]))
    results = [combine(key, [world.outcomes[key] for world in every]) for key in keys]
    return [result for result in results if result["status"] != "not_applicable"]


def household(request: Json) -> Json:
    """Who is counted after step f, and the income of a month.

    `counted` are those counted in every world, `open` those in some; `income` is a pair
    (min, max) where the officer's answers leave it open.
    """
    every = list(worlds(read_case(request)))
    members = [record["id"] for record in request["household"]["members"]]
    always = [m for m in members if all(m in world.counted for world in every)]
    sometimes = [m for m in members if any(m in world.counted for world in every)]
    return {
        "counted": always,
        "open": [m for m in sometimes if m not in always],
        "income": hull([world.income for world in every]),
    }
