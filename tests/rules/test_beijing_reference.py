"""Dibao in Beijing beside a second computation, written from 京民社救发〔2018〕445号 and not from the pack."""

import random
from fractions import Fraction
from math import ceil
from typing import Any, Final

import pytest

from app.rules.values.money import format_fen
from app.rules.values.strict_json import Json
from tests.support.rules import ask, by_key

STANDARD: Final = Fraction(1450)
HOUSEHOLDS: Final = 2000
SHARE: Final = 100


def household(rng: random.Random) -> Json:
    """A couple or a single parent with up to three children; at most one adult is disabled, so that no one is destitute."""
    alone = rng.random() < 0.3
    adults: list[Json] = [{"id": "a", "relation": "applicant"}] + ([] if alone else [{"id": "b", "relation": "spouse"}])
    for adult in adults:
        adult |= {"birth_date": f"{rng.randint(1976, 2004)}-0{rng.randint(1, 9)}-11", "income": income(rng)}
        if rng.random() < 0.6:
            adult |= {"employed": True, "employment": rng.choice(("employee", "flexible", "self_employed"))}
        if alone:
            adult["single_parent"] = rng.random() < 0.7
    if not alone and rng.random() < 0.4:
        disabled(rng.choice(adults), rng)
    children: list[Json] = [child(number, rng) for number in range(rng.randint(1 if alone else 0, 3))]
    for person in (*adults, *children):
        if rng.random() < 0.1:
            person["serious_illness"] = True
    members = adults + children
    return {
        "residence": rng.choice(("urban", "rural")),
        "members": members,
        "assets": {},
        "spending": {},
        "obligors": [],
    }


def income(rng: random.Random) -> Json:
    kinds = {
        "wage": (0, 900, 1449, 1450, 2000, 2609, 2610, 4000),
        "business": (0, 0, 800, 1500, 2610, 3000),
        "pension": (0, 0, 900),
    }
    found = {kind: rng.choice(amounts) + Fraction(rng.randint(0, 99), 100) for kind, amounts in kinds.items()}
    return {kind: format_fen(int(amount * 100)) for kind, amount in found.items() if amount >= 1}


def disabled(person: Json, rng: random.Random) -> None:
    kinds = ("visual", "hearing", "speech", "physical", "intellectual", "mental")
    person["disability"] = {"kind": rng.choice(kinds), "level": rng.randint(1, 4)}


def child(number: int, rng: random.Random) -> Json:
    person: Json = {
        "id": f"c{number}",
        "relation": "child",
        "birth_date": f"{rng.randint(2008, 2024)}-05-05",
        "income": {},
    }
    if rng.random() < 0.15:
        disabled(person, rng)
    return person


def dibao(home: Json) -> Fraction | None:
    """What the family is paid on 10 March 2025; None for nothing."""
    members = home["members"]
    earned = sum((countable(member) for member in members), Fraction(0))
    left = max(Fraction(0), earned - reduction(members))
    if left >= STANDARD * len(members):
        return None
    each = STANDARD - left / len(members)  # 九（一）
    amount = sum((STANDARD if severe(member) else each) + uplift(member) for member in members)  # 九（二）3
    return Fraction(ceil(amount * 100), 100)


def countable(member: Json) -> Fraction:
    """十（三）: the wage and the earnings of a trade, each after its reward, and the rest as it is."""
    wage, trade, rest = (Fraction(member["income"].get(kind, "0")) for kind in ("wage", "business", "pension"))
    if member.get("employed") and member["employment"] == "employee":
        return max(Fraction(0), wage - STANDARD * 8 / 10) + trade + rest
    return (flexible(wage) + flexible(trade) if member.get("employed") else wage + trade) + rest


def flexible(earned: Fraction) -> Fraction:
    if earned >= STANDARD * 18 / 10:
        return earned - STANDARD * 8 / 10
    return min(earned, STANDARD)


def reduction(members: list[Json]) -> Fraction:
    """十（一）: for illness and severe disability, or for a single parent; the higher. Nobody here is past 60."""
    hardship = any(severe(member) or member.get("serious_illness") for member in members)
    single = any(member.get("single_parent") for member in members) and any(age(m) <= 16 for m in members)
    return STANDARD if hardship or single else Fraction(0)


def severe(member: Json) -> bool:
    """二（二）1."""
    card = member.get("disability")
    return card is not None and card["level"] <= (3 if card["kind"] in ("intellectual", "mental") else 2)


def uplift(member: Json) -> Fraction:
    """十（二）: 35 or 25 per cent, the higher. Nobody here is past 16 and at school."""
    if severe(member) or member.get("serious_illness"):
        return STANDARD * 35 / 100
    return STANDARD * 25 / 100 if age(member) <= 16 else Fraction(0)


def age(member: Json) -> int:
    year, month, day = (int(part) for part in member["birth_date"].split("-"))
    return 2025 - year - ((month, day) > (3, 10))


@pytest.mark.parametrize("first", range(0, HOUSEHOLDS, SHARE))
def test_both_computations_agree_to_the_fen(first: int) -> None:
    paid = 0
    for seed in range(first, first + SHARE):
        home = household(random.Random(seed))
        request: dict[str, Any] = {
            "jurisdiction": "110000",
            "date": "2025-03-10",
            "household": home,
            "programmes": ["dibao"],
        }
        found = by_key(ask(request))["dibao", None]
        expected = dibao(home)
        assert found["status"] == ("ineligible" if expected is None else "eligible"), seed
        if expected is not None:
            assert Fraction(found["amount"]["value"] or -1) == expected, seed
            paid += 1
    assert paid > SHARE // 4
