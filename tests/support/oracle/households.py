"""Random households for Model City (999900, fictional): valid, and close to the lines."""

from __future__ import annotations

import random
from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction

from app.rules.values.strict_json import Json
from tests.support.oracle import reference

FIRST_DAY, LAST_DAY = date(2021, 7, 1), date(2026, 12, 31)
TURNING_DAYS = (
    date(2021, 7, 1),
    date(2022, 10, 19),
    date(2022, 10, 20),
    date(2024, 2, 29),
    date(2024, 6, 30),
    date(2024, 8, 31),
    date(2024, 12, 31),
    date(2025, 1, 1),
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2026, 6, 30),
    date(2026, 7, 1),
)
# A moment of knowledge is never drawn later than two months after this day.
LAST_KNOWN = date(2026, 8, 31)
LATE_PUBLICATION = date(2024, 9, 10)
BOUNDARY_AGES = (16, 17, 18, 60, 70, 80, 90, 100)
MONTHS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 18, 24)

DISABILITY_KINDS = ("physical", "visual", "hearing", "speech", "intellectual", "mental")
PLAIN_INCOME = ("business", "property", "pension", "support_received", "other")
RARE_INCOME = (
    "unemployment_benefit",
    "survivor_allowance",
    "compensation",
    "donation",
    "basic_pension",
    "preferential_treatment",
    "family_planning_award",
    "scholarship",
    "bravery_award",
    "social_assistance",
    "disability_subsidy",
    "childcare_subsidy",
    "old_age_allowance",
)
OUTGOINGS = ("taxes", "social_contributions", "support_paid")
SPENDING = ("medical", "education", "disability_rehab", "living", "other")
RELATIVES = (
    "parent_in_law",
    "grandparent",
    "grandchild",
    "sibling",
    "child_in_law",
    "other",
)
ABSENCES = ("prison", "compulsory_detox", "declared_missing", "clergy", "military_service", "boarder")
SCHOOL = ("preschool", "primary", "junior_secondary", "senior_secondary")
LOST_STATES = ("deceased", "unknown", "declared_missing")
UNABLE_STATES = (
    "severely_disabled",
    "seriously_ill",
    "imprisoned",
    "compulsory_detox",
    "restricted",
    "out_of_contact",
    "guardianship_revoked",
    "deported",
)
CAUSES = ("fire", "accident", "illness", "disaster", "unemployment", "education", "other")
RECEIVABLE = (
    "extreme_poverty_support",
    "extreme_poverty_support",
    "dibao",
    "dibao",
    "single_person_dibao",
    "disability_living_subsidy",
    "old_age_allowance",
)
DISPOSABLE_MONTH = {"urban": 3500, "rural": 1750}


def chance(rng: random.Random, percent: int) -> bool:
    return rng.randrange(100) < percent


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def written(rng: random.Random, fen: int) -> str | int:
    """Money as text, now and then as a whole number."""
    return fen // 100 if fen % 100 == 0 and chance(rng, 20) else yuan(fen)


def around(rng: random.Random, value: Fraction) -> int:
    """A value in fen: on a line, or a fen beside it."""
    fen = value * 100
    return max(0, fen.numerator // fen.denominator + rng.choice((-1, 0, 0, 1)))


# ---------------------------------------------------------------- days


def random_day(rng: random.Random) -> date:
    if chance(rng, 15):
        return rng.choice(TURNING_DAYS)
    return FIRST_DAY + timedelta(days=rng.randrange((LAST_DAY - FIRST_DAY).days + 1))


def random_known_at(rng: random.Random, on: date) -> str | None:
    """Mostly absent; else a moment after the day, or one around the late publication."""
    if date(2024, 7, 1) <= on < date(2025, 7, 1) and chance(rng, 40):
        day = max(on, LATE_PUBLICATION + timedelta(days=rng.choice((-30, -1, 0, 1, 30))))
        return f"{day.isoformat()}T{rng.choice(('00:00:00', '12:00:00', '23:59:59'))}+08:00"
    if on < LAST_KNOWN and chance(rng, 10):
        return f"{(on + timedelta(days=rng.randrange(60))).isoformat()}T12:00:00+08:00"
    return None


def years_before(on: date, years: int) -> date:
    year = on.year - years
    return date(year, on.month, min(on.day, monthrange(year, on.month)[1]))


def months_before(on: date, months: int) -> date:
    count = on.year * 12 + on.month - 1 - months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(on.day, monthrange(year, month)[1]))


def born_at_age(rng: random.Random, on: date, low: int, high: int) -> date:
    """Somebody from `low` to `high` years old; often at a birthday that matters."""
    boundary = [age for age in BOUNDARY_AGES if low <= age <= high]
    if boundary and chance(rng, 30):
        day = years_before(on, rng.choice(boundary)) + timedelta(days=rng.choice((-1, 0, 0, 1)))
        return min(day, on)
    born = years_before(on, rng.randint(low, high)) - timedelta(days=rng.randrange(365))
    if chance(rng, 2):
        born = date(born.year - born.year % 4, 2, 29)
    return min(born, on)


# ---------------------------------------------------------------- one person


def random_disability(rng: random.Random) -> Json:
    level = rng.choice((1, 1, 2, 2, 3, 3, 4))
    if not chance(rng, 25):
        return {"kind": rng.choice(DISABILITY_KINDS), "level": level}
    parts = [{"kind": kind, "level": rng.randint(level, 4)} for kind in rng.sample(DISABILITY_KINDS, rng.randint(2, 3))]
    # A card of kind multiple carries the level of its most severe part.
    parts[0]["level"] = level
    return {"kind": "multiple", "level": level, "components": parts}


def random_education(rng: random.Random, age: int) -> str | None:
    if age < 3 or (age > 30 and not chance(rng, 2)):
        return None
    if age < 16:
        return SCHOOL[min(3, age // 5)]
    if age < 26 and chance(rng, 70):
        stages = ("junior_secondary", "senior_secondary", "undergraduate", "postgraduate")
        return rng.choice(stages)
    return None


def random_income(rng: random.Random, standard: Fraction, rich: bool) -> Json:
    """A few kinds of income, the figures over however many months, filled in later."""
    kinds: list[str] = []
    if chance(rng, 45):
        kinds.append("wage")
    if chance(rng, 40):
        kinds.append(rng.choice(PLAIN_INCOME))
    if chance(rng, 30):
        kinds += rng.sample(RARE_INCOME, rng.randint(1, 3))
    person: Json = {"income": {}}
    if chance(rng, 40):
        person["income_months"] = rng.choice(MONTHS)
    periods = {kind: rng.choice(MONTHS) for kind in kinds if chance(rng, 15)}
    if periods:
        person["income_periods"] = periods
    top = standard * (6 if rich else Fraction(3, 2))
    for kind in kinds:
        months = int(periods.get(kind) or person.get("income_months", 1))
        month = top * rng.randrange(1001) / 1000
        person["income"][kind] = written(rng, int(month * months * 100))
    if chance(rng, 15):
        person["outgoings"] = {
            kind: written(rng, rng.randrange(20000)) for kind in rng.sample(OUTGOINGS, rng.randint(1, 3))
        }
    return person


def put_income_at_own_line(rng: random.Random, person: Json, line: Fraction) -> None:
    """The member's own income a fen around a line that is drawn for one person."""
    person["income"] = {"other": yuan(around(rng, line))}
    for key in ("income_months", "income_periods", "outgoings"):
        person.pop(key, None)


def random_since(rng: random.Random, on: date) -> date:
    if chance(rng, 50):
        return min(on, months_before(on, 6) + timedelta(days=rng.choice((-2, -1, 0, 0, 1, 2))))
    return on - timedelta(days=rng.randrange(1500))


def random_parent_state(rng: random.Random, on: date) -> Json:
    states = rng.choice((LOST_STATES, LOST_STATES, UNABLE_STATES, UNABLE_STATES, ("alive",)))
    return {
        "state": rng.choice(states),
        "since": random_since(rng, on).isoformat(),
        "term_months": rng.choice((1, 5, 6, 6, 7, 12, 36)),
    }


def random_claim(rng: random.Random, on: date) -> Json:
    claim = {"father": random_parent_state(rng, on), "mother": random_parent_state(rng, on)}
    if chance(rng, 30):
        for parent in claim.values():
            parent["state"] = rng.choice(("deceased", "deceased", "unknown", "declared_missing"))
    return claim


def add_absence(rng: random.Random, person: Json, on: date) -> None:
    person["absence"] = rng.choice(ABSENCES)
    if person["absence"] == "clergy":
        line = years_before(on, 3) + timedelta(days=rng.choice((-400, -1, 0, 0, 1, 400)))
        person["absent_since"] = max(line.isoformat(), person["birth_date"])


def random_member(rng: random.Random, person: str, relation: str, born: date, on: date, standard: Fraction) -> Json:
    age = reference.completed_years(born, on)
    member: Json = {"id": person, "relation": relation, "birth_date": born.isoformat()}
    member |= random_income(rng, standard, rich=chance(rng, 8))
    member["self_care_failed"] = rng.choice((0, 0, 1, 3, 4, 6))
    if "wage" in member["income"]:
        member["employed"] = chance(rng, 75)
        if member["employed"] and chance(rng, 60):
            member["employment"] = rng.choice(("employee", "flexible", "self_employed"))
    elif chance(rng, 5):
        member["employed"] = True
    if chance(rng, 20):
        member["disability"] = random_disability(rng)
    if chance(rng, 15):
        member["needs_long_term_care"] = chance(rng, 40)
    if chance(rng, 8):
        member["serious_illness"] = True
    if chance(rng, 8):
        member["special_hardship"] = True
    if chance(rng, 15):
        member["lives_together"] = False
    if age >= 18 and chance(rng, 5):
        member["dependent_adult"] = True
    if chance(rng, 8):
        add_absence(rng, member, on)
    if (age < 18 and chance(rng, 40)) or chance(rng, 1):
        member["parents"] = random_claim(rng, on)
    if age < 18 and chance(rng, 25):
        member["placement"] = rng.choice(("home", "institution"))
    education = random_education(rng, age)
    if education is not None:
        member["education"] = education
    if relation in RELATIVES and chance(rng, 45):
        member["maintenance_duty"] = chance(rng, 65)
    if chance(rng, 8):
        line = rng.choice((standard, standard, Fraction(3500), Fraction(1750)))
        put_income_at_own_line(rng, member, line)
    apart = random.Random(f"{person} {born}")
    if chance(apart, 10):
        member["own_register"] = True
    return member


# ---------------------------------------------------------------- the family

AGES = {
    "spouse": (17, 75),
    "child": (0, 45),
    "parent": (35, 100),
    "parent_in_law": (45, 100),
    "grandparent": (60, 105),
    "grandchild": (0, 25),
    "sibling": (0, 75),
    "child_in_law": (20, 45),
    "other": (0, 85),
}


def random_applicant_age(rng: random.Random) -> tuple[int, int]:
    return rng.choice(((18, 45), (18, 60), (60, 103), (30, 70), (0, 17), (16, 17)))


def random_relations(rng: random.Random, size: int) -> list[str]:
    """Relations besides the applicant: at most one spouse and two parents."""
    weights = ["child"] * 7 + ["parent"] * 4 + ["sibling"] * 2 + list(RELATIVES)
    relations: list[str] = ["spouse"] if size > 1 and chance(rng, 55) else []
    while len(relations) < size - 1:
        relation = rng.choice(weights)
        if relation != "parent" or relations.count("parent") < 2:
            relations.append(relation)
    return relations


def with_relation(members: list[Json], relation: str) -> list[Json]:
    return [member for member in members if member["relation"] == relation]


def state_marriages(rng: random.Random, members: list[Json], on: date) -> None:
    """State marriages that follow from nothing else, and sometimes those that do."""
    applicant = members[0]
    for spouse in with_relation(members, "spouse"):
        if chance(rng, 20):
            spouse["spouse_of"] = applicant["id"]
        if chance(rng, 10):
            applicant["spouse_of"] = spouse["id"]
    for relation in ("parent", "parent_in_law", "grandparent"):
        couple = with_relation(members, relation)
        if len(couple) == 2 and chance(rng, 40):
            couple[0]["spouse_of"] = couple[1]["id"]
    adults_from = years_before(on, 18).isoformat()
    free = with_relation(members, "child") + with_relation(members, "sibling")
    free = [member for member in free if member["birth_date"] <= adults_from]
    rng.shuffle(free)
    for partner in with_relation(members, "child_in_law") + with_relation(members, "other"):
        if free and chance(rng, 65):
            partner["spouse_of"] = free.pop()["id"]


def state_parentage(rng: random.Random, members: list[Json]) -> None:
    """State who is whose child, in full or in part, where it makes a difference."""
    by = {relation: [m["id"] for m in with_relation(members, relation)] for relation in AGES}
    applicant = members[0]
    couple = [applicant["id"], *by["spouse"]]
    if by["parent"] and chance(rng, 15):
        applicant["child_of"] = some(rng, by["parent"])
    for member in members[1:]:
        candidates = possible_parents(member, by, couple)
        percent = 20 if member["relation"] == "child" else 60
        if candidates and chance(rng, percent):
            member["child_of"] = some(rng, candidates)


def possible_parents(member: Json, by: dict[str, list[str]], couple: list[str]) -> list[str]:
    """Who can be stated as a member's parent, so that nobody is his own ancestor."""
    lines = {
        "spouse": by["parent_in_law"],
        "child": couple,
        "parent": by["grandparent"],
        "sibling": by["parent"],
        "grandchild": by["child"] + by["child_in_law"],
        "other": [] if "spouse_of" in member else by["sibling"],
    }
    return lines.get(member["relation"], [])


def some(rng: random.Random, ids: list[str]) -> list[str]:
    return rng.sample(ids, rng.randint(1, min(2, len(ids))))


def random_members(rng: random.Random, on: date, standard: Fraction) -> list[Json]:
    size = rng.choice((1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7))
    low, high = random_applicant_age(rng)
    relations = random_relations(rng, size)
    if high < 18:
        relations = [r for r in relations if r not in ("spouse", "child", "child_in_law")]
    members = [random_member(rng, "p1", "applicant", born_at_age(rng, on, low, high), on, standard)]
    for number, relation in enumerate(relations, start=2):
        born = born_at_age(rng, on, *AGES[relation])
        members.append(random_member(rng, f"p{number}", relation, born, on, standard))
    state_marriages(rng, members, on)
    state_parentage(rng, members)
    return members


# ---------------------------------------------------------------- the household


def random_assets(rng: random.Random, standard: Fraction) -> Json:
    if chance(rng, 55):
        financial = rng.randrange(int(standard * 24) * 100)
    else:
        line = standard * rng.choice((24, 36, 48)) * rng.randint(1, 5)
        financial = max(0, int(line * 100) + rng.choice((-1, 0, 1)))
    assets = {
        "financial": written(rng, financial),
        "vehicles": rng.choice((0, 0, 0, 0, 0, 0, 1, 2)),
        "dwellings": rng.choice((0, 1, 1, 1, 1, 2, 3)),
        "company_interest": chance(rng, 4),
    }
    return assets | random_details(random.Random(financial), assets)


def random_details(rng: random.Random, assets: Json) -> Json:
    """What places print of vehicles and premises beside their number."""
    return {
        "vehicle_value": yuan(rng.choice((0, 999_999, 3_000_000, 5_000_000, 5_000_001)) * min(1, assets["vehicles"])),
        "vehicle_displacement": rng.choice(("1.0", "1.6", "1.61", "2.0")) if assets["vehicles"] else 0,
        "disability_vehicles": rng.choice((0, 0, 0, 0, 0, 0, 0, 0, 0, 1)),
        "work_vehicles": rng.choice((0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)),
        "dwelling_area": yuan(rng.randrange(2000, 30000, 500) * assets["dwellings"]),
        "shops": rng.choice((0, 0, 0, 0, 0, 0, 0, 1)),
    }


def random_spending(rng: random.Random) -> Json:
    top = rng.choice((0, 300000, 1000000, 3000000, 10000000))
    spending: Json = {}
    for kind in SPENDING:
        # Large rigid costs would swallow every income, so they stay mostly small.
        limit = top // 10 if kind in reference.RIGID_COST_KINDS and chance(rng, 70) else top
        fen = rng.randrange(limit + 1) if chance(rng, 65) else 0
        spending[kind] = written(rng, fen)
    return spending


def random_obligor(rng: random.Random, number: int, ids: list[str], residence: str, on: date) -> Json:
    obligor: Json = {
        "id": f"o{number}",
        "of": rng.sample(ids, rng.randint(1, min(2, len(ids)))),
        "relation": rng.choice(("child", "parent", "spouse")),
        "birth_date": born_at_age(rng, on, 19, 95).isoformat(),
        "monthly_income": written(rng, rng.randrange(400000)),
        "assets_within_limit": chance(rng, 80),
    }
    if chance(rng, 30):
        line = Fraction(DISPOSABLE_MONTH[residence])
        obligor["monthly_income"] = yuan(around(rng, line))
    obligor |= random_duty(rng, residence)
    if chance(rng, 25):
        obligor["receiving"] = rng.choice(("extreme_poverty_support", "dibao", "edge_family", "low_income_family"))
    if chance(rng, 35):
        obligor["disability"] = random_disability(rng)
    if chance(rng, 30):
        obligor["status"] = rng.choice(("no_civil_capacity", "declared_missing", "prison"))
    return obligor


def random_duty(rng: random.Random, residence: str) -> Json:
    """How much there is to support others from; an income now and then on the line from which support is due."""
    duty: Json = {"household_size": rng.choice((1, 1, 2, 3, 4))}
    if chance(rng, 40):
        duty["supports"] = rng.choice((1, 2, 3, 7))
    if chance(rng, 15):
        duty["ordered_support"] = written(rng, rng.randrange(80000))
    if chance(rng, 15):
        duty["paid_support"] = written(rng, rng.randrange(60000))
    if chance(rng, 15):
        line = reference.dibao_standard(residence, LAST_DAY, reference.instant(None))
        duty["monthly_income"] = yuan(around(rng, line * 2 * duty["household_size"]))
    return duty


def random_receiving(rng: random.Random, ids: list[str], on: date) -> list[Json]:
    entries = []
    for _ in range(rng.choice((1, 1, 2))):
        entry: Json = {"programme": rng.choice(RECEIVABLE), "person": rng.choice(ids)}
        if chance(rng, 20):
            entry["person"] = None
        if chance(rng, 50):
            entry["since"] = months_before(on, rng.randint(1, 30)).isoformat()[:7]
            entry["amount"] = yuan(rng.randrange(100, 200000))
        if entry["programme"] == "dibao":
            entry |= random_exit(random.Random(str(entry)), on)
        entries.append(entry)
    return entries


def random_exit(rng: random.Random, on: date) -> Json:
    """When and why income passed the line, around the months that matter."""
    if not chance(rng, 70):
        return {}
    return {
        "amount": yuan(rng.randrange(1, 200001)),
        "line_passed": months_before(on, rng.choice((0, 0, 1, 2, 3, 4, 5, 6, 12))).isoformat()[:7],
        "passed_by": rng.choice(("employment", "employment", "employment", "other")),
    }


def random_crisis(rng: random.Random, size: int, on: date) -> Json:
    crisis: Json = {
        "kind": rng.choice(("emergency", "expenditure", "expenditure")),
        "severity": rng.choice(("light", "moderate", "grave")),
        "cause": rng.choice(CAUSES),
        "occurred_on": (on - timedelta(days=rng.randrange(60))).isoformat(),
    }
    if chance(rng, 40):
        crisis["urgent"] = chance(rng, 50)
    if chance(rng, 25):
        crisis["persons"] = rng.randint(1, size)
    if chance(rng, 15):
        crisis["place"] = rng.choice(("999900", "430500"))
    return crisis


def request_lines(request: Json, n: int) -> list[Fraction]:
    """The lines of the household's income: dibao, edge and disposable income."""
    figures = reference.read_case(request).figures
    standard = figures.standard * n
    return [standard, standard, standard * Fraction(3, 2), figures.disposable_income * n]


def move_income_to_a_line(rng: random.Random, request: Json) -> None:
    """Give one counted member what the household lacks to a line, a fen more or less."""
    found = reference.household(request)
    income, counted = found["income"], found["counted"]
    if isinstance(income, tuple) or not counted or found["open"]:
        return
    lacking = rng.choice(request_lines(request, len(counted))) - income
    person = rng.choice([m for m in request["household"]["members"] if m["id"] in counted])
    if lacking <= 0 or "donation" in person["income"]:
        return
    person["income"]["donation"] = yuan(around(rng, lacking))
    person["income_periods"] = {**person.get("income_periods", {}), "donation": 1}


def move_assets_to_a_line(rng: random.Random, request: Json) -> None:
    found = reference.household(request)
    standard = reference.read_case(request).figures.standard
    line = standard * rng.choice((24, 36, 48)) * len(found["counted"])
    request["household"]["assets"]["financial"] = yuan(around(rng, line))


# ---------------------------------------------------------------- requests


def random_request(rng: random.Random, *, complete: bool = True) -> Json:
    """The body of POST /v1/assessments for one household."""
    on = random_day(rng)
    residence = rng.choice(("urban", "rural"))
    known_at = random_known_at(rng, on)
    standard = reference.dibao_standard(residence, on, reference.instant(known_at))
    members = random_members(rng, on, standard)
    ids = [member["id"] for member in members]
    home: Json = {
        "residence": residence,
        "members": members,
        "assets": random_assets(rng, standard),
        "spending": random_spending(rng),
        "obligors": [
            random_obligor(rng, number, ids, residence, on)
            for number in range(1, rng.choice((0, 0, 0, 1, 1, 2, 3)) + 1)
        ],
    }
    if chance(rng, 25):
        home["receiving"] = random_receiving(rng, ids, on)
    if chance(rng, 40):
        home["crisis"] = random_crisis(rng, len(members), on)
    request: Json = {"jurisdiction": "999900", "date": on.isoformat(), "household": home}
    if known_at is not None:
        request["known_at"] = known_at
    if chance(rng, 55):
        move_income_to_a_line(rng, request)
    if chance(rng, 15):
        move_assets_to_a_line(rng, request)
    if not complete:
        forget_some(rng, home)
    return request


def forget_some(rng: random.Random, home: Json) -> None:
    """Leave out a few of the facts that may be unknown, at least one."""
    places = forgettable(home)
    for record, key, becomes_null in rng.sample(places, min(len(places), rng.randint(1, 3))):
        if becomes_null:
            record[key] = None
        else:
            record.pop(key, None)


def forgettable(home: Json) -> list[tuple[Json, str, bool]]:
    """Every fact that may be unknown: where it stands, and whether null says so there."""
    places: list[tuple[Json, str, bool]] = [(home, key, False) for key in ("assets", "spending", "obligors")]
    places += [(home[key], kind, True) for key in ("assets", "spending") for kind in home[key]]
    for entry in home.get("receiving", []):
        if "passed_by" in entry:
            places += [(entry, key, False) for key in ("line_passed", "passed_by", "amount")]
    for obligor in home["obligors"]:
        places += [(obligor, key, False) for key in ("monthly_income", "assets_within_limit", "household_size")]
        places += forgettable_components(obligor)
    for member in home["members"]:
        places += [(member, "income", False), (member, "self_care_failed", False)]
        places += [(member["income"], kind, True) for kind in member["income"]]
        places += forgettable_components(member)
        if "absent_since" in member:
            places.append((member, "absent_since", False))
        for parent in member.get("parents", {}).values():
            places += [(parent, "since", False), (parent, "term_months", False)]
    return places


def forgettable_components(person: Json) -> list[tuple[Json, str, bool]]:
    disability = person.get("disability", {})
    return [(disability, "components", False)] if "components" in disability else []
