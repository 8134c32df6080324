"""Changes: the smallest change of one fact that flips a result, confirmed by the engine, of facts that policy allows."""

import copy
import random
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from app.rules.alternatives.changes import MOST_TRIED
from app.rules.packs.schema_beside import ChangeableFact, ChangeAllowed
from app.rules.values.strict_json import Json
from tests.rules.alternatives.test_choices import request_of
from tests.support.oracle.households import random_request
from tests.support.rules import ask, by_key, cases

OLD = {"id": "p1", "relation": "applicant", "birth_date": "1966-12-01", "income": {}, "self_care_failed": 0}
OURS = (
    "income",
    "assets",
    "spending",
    "outgoings",
    "employed",
    "lives_together",
    "monthly_income",
    "receiving",
    "wage",
)


def changes(request: Json) -> list[Json]:
    found: list[Json] = ask(request, changes=True)["changes"]
    return found


def applied(request: Json, change: Json) -> Json:
    """A request with the one fact as a change names it."""
    changed = copy.deepcopy(request)
    *holders, last = change["pointer"].split("/")[1:]
    holder: Any = changed
    for part in holders:
        holder = holder[int(part)] if isinstance(holder, list) else holder[part]
    assert holder.get(last) == change["from"] or last == "date"
    holder[last] = change["to"]
    return changed


def test_an_age_that_is_reached_within_the_year_is_a_day() -> None:
    (change,) = [one for one in changes(request_of(OLD)) if one["programme"] == "extreme_poverty_support"]
    assert (change["pointer"], change["from"], change["to"]) == ("/date", "2026-08-15", "2026-12-01")
    assert (change["status"], change["amount"]["unit"]) == ("eligible", "CNY/month")


def test_the_nearest_level_of_a_card_is_named() -> None:
    rich = {"id": "p1", "relation": "applicant", "birth_date": "1980-01-01", "income": {"wage": "9000.00"}}
    card = rich | {"disability": {"kind": "physical", "level": 4}}
    (change,) = [one for one in changes(request_of(card)) if one["programme"] == "disability_care_subsidy"]
    assert (change["pointer"], change["from"], change["to"]) == ("/household/members/0/disability/level", 4, 2)
    assert not any("disability" in one["pointer"] for one in changes(request_of(rich)))


def test_no_pack_can_name_a_fact_that_a_family_could_hide() -> None:
    assert not any(name in fact for fact in get_args(ChangeableFact) for name in OURS)
    for fact in ("/household/members/*/income/wage", "/household/assets/financial", "/household/members/*/employed"):
        with pytest.raises(ValidationError):
            ChangeAllowed.model_validate({"fact": fact, "values": ["0"], "title": {"zh": "x", "en": "x"}})


def test_a_household_that_knows_nothing_gets_its_answer_within_the_bound() -> None:
    members = [
        {"id": f"p{n}", "relation": "other" if n else "applicant", "birth_date": f"19{60 + n}-01-01"} for n in range(30)
    ]
    assert len(changes(request_of(*members, assets=None))) <= MOST_TRIED * 14 * 31


def test_every_change_shown_flips_the_result_when_it_is_made() -> None:
    found = 0
    requests = [random_request(random.Random(seed), complete=seed % 3 > 0) for seed in range(90)]
    for request in requests + [case["request"] for case in cases()[::4]]:
        before = by_key(ask(request))
        for change in changes(request):
            found += 1
            key = change["programme"], change["person"]
            assert key not in before or before[key]["status"] != "eligible"
            after = by_key(ask(applied(request | {"date": ask(request)["date"]}, change)))[key]
            assert (after["status"], after["amount"]) == (change["status"], change["amount"])
            assert not any(name in change["pointer"] for name in OURS)
    assert found > 20


def test_only_what_is_smaller_fails() -> None:
    """The day before, the result is not held yet."""
    request = request_of(OLD)
    early = applied(request, {"pointer": "/date", "from": "2026-08-15", "to": "2026-11-30"})
    assert ("extreme_poverty_support", "p1") not in by_key(ask(early))
