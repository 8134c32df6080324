"""Properties that hold for every household, whatever its facts."""

import copy
import datetime as dt
import random
from fractions import Fraction
from typing import Any

import orjson
import pytest

from app.rules.engine.household import EngineHousehold
from app.rules.facts.household import Household
from app.rules.values.strict_json import Json
from tests.support.oracle.households import random_request
from tests.support.rules import NOW, ask, by_key, rules

SEEDS = range(400)


def _without_words(answer: Json) -> dict[Any, Any]:
    return {key: (r["status"], r["amount"], sorted(r["missing"])) for key, r in by_key(answer).items()}


@pytest.mark.parametrize("seed", range(40))
def test_fast_path_and_bounded_path_give_the_same_outcomes(seed: int) -> None:
    for number in range(seed * 25, seed * 25 + 25):
        request = random_request(random.Random(number))
        date = dt.date.fromisoformat(request["date"])
        engine = rules().engines.at("999900", date, NOW.date())
        facts = Household.model_validate(request["household"])
        fast = engine.assess(EngineHousehold(facts, date, "999900"), date)
        if fast.bounded:  # an officer's question came up: there is nothing to compare
            continue
        bounded = engine.assess(EngineHousehold(facts, date, "999900"), date, always_bounded=True)
        assert fast.outcomes == bounded.outcomes
        assert fast.counts() == bounded.counts()


@pytest.mark.parametrize("seed", SEEDS[::4])
def test_the_order_of_members_changes_nothing(seed: int) -> None:
    rng = random.Random(seed)
    request = random_request(rng)
    shuffled = copy.deepcopy(request)
    rng.shuffle(shuffled["household"]["members"])
    assert _without_words(ask(shuffled)) == _without_words(ask(request))


def test_the_same_request_gives_the_same_bytes() -> None:
    for seed in SEEDS[:100]:
        request = random_request(random.Random(seed)) | {"known_at": "2026-11-01T08:00:00+08:00"}
        assert orjson.dumps(ask(request)) == orjson.dumps(ask(copy.deepcopy(request)))


@pytest.mark.parametrize("seed", SEEDS[::2])
def test_more_income_never_raises_dibao_while_nobody_changes_extreme_poverty(seed: int) -> None:
    rng = random.Random(seed)
    request = random_request(rng)
    richer = copy.deepcopy(request)
    member = rng.choice(richer["household"]["members"])
    member["income"]["donation"] = f"{rng.randrange(1, 3000)}.{rng.randrange(100):02d}"
    if "donation" in request["household"]["members"][richer["household"]["members"].index(member)]["income"]:
        return
    before, after = by_key(ask(request)), by_key(ask(richer))
    if _extreme_poverty(before) == _extreme_poverty(after):
        assert _dibao(after) <= _dibao(before)


def _extreme_poverty(results: dict[Any, Json]) -> dict[Any, str]:
    return {key: r["status"] for key, r in results.items() if key[0] == "extreme_poverty_support"}


def _dibao(results: dict[Any, Json]) -> Fraction:
    result = results["dibao", None]
    return Fraction(result["amount"]["max"]) if result["status"] == "eligible" else Fraction(0)


@pytest.mark.parametrize("kind", ["wage", "business", "pension"])
def test_a_years_income_over_twelve_months_equals_a_months(kind: str) -> None:
    for month in ("0.01", "333.33", "719.99", "920.00", "1379.99"):
        fen = int(Fraction(month) * 100)
        monthly = _alone({"income": {kind: month}})
        yearly = _alone({"income": {kind: f"{fen * 12 // 100}.{fen * 12 % 100:02d}"}, "income_months": 12})
        assert _without_words(ask(yearly)) == _without_words(ask(monthly))


def _alone(facts: Json, *, jurisdiction: str = "999900", date: str = "2026-08-15") -> Json:
    member = {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02"} | facts
    household = {"residence": "urban", "members": [member], "assets": {}, "spending": {}, "obligors": []}
    return {"jurisdiction": jurisdiction, "date": date, "household": household}


def test_a_value_valid_to_the_last_day_of_a_year_decides_on_that_day_and_not_on_the_next() -> None:
    last = ask(_alone({"income": {"wage": "100.00"}}, jurisdiction="430500", date="2020-12-31"))
    after = ask(_alone({"income": {"wage": "100.00"}}, jurisdiction="430500", date="2021-01-01"))
    assert by_key(last)["dibao", None]["amount"]["value"] == "470.00"
    assert by_key(after)["dibao", None]["status"] == "refer"
    assert by_key(after)["dibao", None]["gaps"] == ("dibao.standard",)


FAMILIES = [
    # father, mother, adult son, his wife, their child, all together
    (("father", "mother", "son", "wife", "grandchild"), {"son": ("father", "mother"), "grandchild": ("son", "wife")}),
    # a mother alone with two minors
    (("mother", "daughter", "son"), {"daughter": ("mother",), "son": ("mother",)}),
    # a couple and her old parents
    (("wife", "husband", "her_father", "her_mother"), {"wife": ("her_father", "her_mother")}),
]


BIRTHS = {"grandchild": "2018-01-01", "her_father": "1950-05-05", "her_mother": "1952-05-05", "daughter": "2012-02-02"}
COUPLES = {"father": "mother", "son": "wife", "husband": "wife", "her_father": "her_mother"}


@pytest.mark.parametrize(("people", "parents"), FAMILIES, ids=["three generations", "lone mother", "her parents"])
def test_whoever_applies_the_same_people_are_counted_and_the_same_money_comes_out(
    people: tuple[str, ...], parents: dict[str, tuple[str, ...]]
) -> None:
    answers = []
    for applicant in people:
        answer = ask(_family(applicant, people, parents))
        amounts = {key: (r["status"], r["amount"]) for key, r in by_key(answer).items()}
        answers.append((sorted(answer["household"]["counted"]), amounts))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0] == sorted(people)


def _family(applicant: str, people: tuple[str, ...], parents: dict[str, tuple[str, ...]]) -> Json:
    """The family as one of them tells it: every link stated, relations to the applicant as `other`."""
    spouses = {a: b for a, b in COUPLES.items() if a in people and b in people}
    spouses |= {b: a for a, b in spouses.items()}
    members = []
    for place, name in enumerate(people):
        member: Json = {
            "id": name,
            "relation": "applicant" if name == applicant else "other",
            "birth_date": BIRTHS.get(name, "1980-01-01"),
            "income": {"wage": f"{150 * place}.10"},
            "self_care_failed": 0,
            "child_of": list(parents.get(name, ())),
        }
        if name in spouses:
            member["spouse_of"] = spouses[name]
        members.append(member)
    household = {"residence": "rural", "members": members, "assets": {}, "spending": {}, "obligors": []}
    return {"jurisdiction": "999900", "date": "2026-08-15", "household": household}
