"""Reviews, screenings and alerts of random households, against a plain reading of the decisions and assessments."""

from __future__ import annotations

import calendar
import copy
import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import pytest

from app.rules.values.strict_json import Json
from tests.support.oracle import households
from tests.support.service import DECISIONS, Service

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SEEDS: Final = (1, 2, 3, 4)
HOUSEHOLDS: Final = 15  # of each seed
TODAY: Final = dt.date(2026, 11, 20)  # of the clock of services in tests
KNOWN_AT: Final = "2026-11-20T10:00:00+08:00"
PAYING: Final = ("granted", "increased", "reduced")
KINDS: Final = ("death", "imprisonment", "release", "new_job", "lost_job", "new_vehicle", "serious_illness")
OF_OBLIGORS: Final = ("death", "imprisonment", "release", "new_job")
PROGRAMMES: Final = (
    "dibao",
    "edge_family",
    "disability_living_subsidy",
    "extreme_poverty_support",
    "old_age_allowance",
)

Key = tuple[str, str | None]
Results = dict[Key, Json]
Differing = dict[
    Key, tuple[str | None, str | None, Fraction | None]
]  # status now and then, and the amount's difference
# What becomes of a proposal.
FOLLOWED: Final[tuple[tuple[str, ...], ...]] = (
    (),
    (),
    (),
    ("successions",),
    ("corrections",),
    ("corrections", "successions"),
    ("successions", "corrections"),
)


@dataclass
class Town:
    """Every decision that was made, and how to ask about it."""

    service: Service
    rng: random.Random
    decisions: dict[str, Json]

    async def make(self, count: int) -> None:
        for number in range(count):
            id_ = await self._proposed(f"H-{number}")
            for how in self.rng.choice(FOLLOWED):
                if self.rng.random() < 0.7:
                    await self._decided(id_)
                elif how == "successions":
                    break
                id_ = await self._followed(id_, how)
            match self.rng.randrange(10):
                case 0:
                    pass
                case 1:
                    await self._withdrawn(id_)
                case _:
                    await self._decided(id_)
        for id_ in self.decisions:
            self.decisions[id_] = await self.service.get(f"{DECISIONS}/{id_}")

    async def assessed(self, facts: Json, day: dt.date, **changes: Any) -> Results | None:
        """The results of an assessment by programme and person; None for facts that are refused on the day."""
        body = {key: value for key, value in facts.items() if key not in ("date", "known_at")}
        body |= {"jurisdiction": "999900", "date": day.isoformat(), "known_at": KNOWN_AT} | changes
        answer = await self.service.call("POST", "/v1/assessments", body)
        if answer.status_code == 422:
            return None
        assert answer.status_code == 200
        return by_key(answer.json()["results"])

    async def _proposed(self, ref: str) -> str:
        answer = await self.service.propose(self._body(ref))
        self.decisions[answer["id"]] = answer
        return str(answer["id"])

    async def _followed(self, id_: str, how: str) -> str:
        page = await self.service.get(f"{DECISIONS}/{id_}")
        body = self._body(page["household_ref"])
        if self.rng.random() < 0.6:  # the same household, of which something is not known any more
            body["household"] = copy.deepcopy(page["facts"]["household"])
            body["date"] = max(body["date"], page["assessment"]["date"])
            if self.rng.random() < 0.6:
                body["household"].pop("assets", None)
        answer = await self.service.follow(id_, how, body)
        self.decisions[answer["id"]] = answer
        return str(answer["id"])

    def _body(self, ref: str) -> Json:
        body = households.random_request(self.rng, complete=self.rng.random() < 0.6)
        body.pop("known_at", None)
        if self.rng.random() < 0.3:
            body["programmes"] = self.rng.sample(PROGRAMMES, self.rng.randint(1, 3))
        return body | {"case": "C-1", "household_ref": ref, "kind": "initial"}

    async def _decided(self, id_: str) -> None:
        page = await self.service.get(f"{DECISIONS}/{id_}")
        outcomes = list(self._outcomes(page["assessment"]["results"]))
        await self.service.post(f"{DECISIONS}/{id_}/events", {"kind": "hearing", "on": "2026-11-20"})
        await self.service.confirm(id_, *outcomes)

    def _outcomes(self, results: list[Json]) -> Iterator[Json]:
        for result in results:
            said = {"programme": result["programme"], "person": result["person"], "reason": "入户核查"}
            if result["status"] == "eligible" and self.rng.random() < 0.1:
                yield said | {"outcome": self.rng.choice(("refused", "suspended", "terminated"))}
            elif result["status"] == "ineligible" and self.rng.random() < 0.03:
                yield said | {"outcome": "granted", "amount": "50.00" if pays(result["programme"]) else None}
            elif is_open(result) and self.rng.random() < 0.5:
                yield said | {"outcome": "granted", "amount": result["amount"]["min"]}

    async def _withdrawn(self, id_: str) -> None:
        await self.service.post(f"{DECISIONS}/{id_}/withdrawals", {"reason": "家庭撤回申请"})

    # a plain reading

    def standing(self) -> list[str]:
        """Decided, and nothing that was decided later follows, even if by way of proposals that nobody decided."""
        decided = {id_ for id_, page in self.decisions.items() if page["outcomes"] is not None}
        replaced = {earlier for id_ in decided for earlier in self.chain(before(self.decisions[id_]))}
        return sorted(decided - replaced)

    def chain(self, id_: str) -> Iterator[str]:
        """A decision with everything it goes back to."""
        while id_:
            yield id_
            id_ = before(self.decisions[id_])

    def word(self, id_: str) -> dict[Key, tuple[Json, Json | None]]:
        """The last decision that said something on each result that goes on, and what it said."""
        page = self.decisions[id_]
        earlier = self.word(before(page)) if before(page) else {}
        if page["outcomes"] is None:
            return earlier
        here = by_key(page["assessment"]["results"])
        said = by_key(page["outcomes"])
        asked = page["facts"]["programmes"]
        untouched = {key: word for key, word in earlier.items() if asked is not None and key[0] not in asked}
        return untouched | {key: (page, said[key]) if key in said else earlier.get(key, (page, None)) for key in here}


def before(page: Json) -> str:
    return page["corrects"] or page["succeeds"] or ""


def by_key(results: list[Json]) -> Results:
    return {(result["programme"], result["person"]): result for result in results}


def is_open(result: Json) -> bool:
    """Whether somebody is eligible for an amount that is not settled."""
    return result["status"] == "eligible" and result["amount"] is not None and result["amount"]["value"] is None


def pays(programme: str) -> bool:
    return programme not in ("edge_family", "rigid_expenditure_family", "low_income_family")


def due_on(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last of its month."""
    first = day.replace(day=1)
    for _ in range(months):
        first = (first + dt.timedelta(days=32)).replace(day=1)
    return first.replace(day=min(day.day, calendar.monthrange(first.year, first.month)[1]))


def amount_of(result: Json | None) -> Fraction | None:
    """What a result pays; None while it is not settled."""
    if result is None or result["status"] in ("ineligible", "not_applicable"):
        return Fraction(0)
    if result["status"] != "eligible":
        return None
    if result["amount"] is None:
        return Fraction(0)
    value = result["amount"]["value"]
    return None if value is None else Fraction(value)


def says(result: Json | None) -> tuple[Any, ...] | None:
    if result is None:
        return None
    amount = result["amount"]
    return result["status"], amount and (amount["min"], amount["max"], amount["unit"])


def differing(now: Results, then: Results) -> Differing:
    """Each result that differs: its status now and then, and by how much its amount does."""
    found: Differing = {}
    for key in now.keys() | then.keys():
        one, other = now.get(key), then.get(key)
        if says(one) != says(other):
            left, right = amount_of(one), amount_of(other)
            delta = None if left is None or right is None else right - left
            found[key] = one["status"] if one else None, other["status"] if other else None, delta
    return found


def shown(effects: list[Json] | None) -> Differing | None:
    if effects is None:
        return None
    return {
        (one["programme"], one["person"]): (
            one["status_now"],
            one["status"],
            None if one["amount_delta"] is None else Fraction(one["amount_delta"]),
        )
        for one in effects
    }


def household_after(household: Json, person: str, kind: str, on: str, value: str | None) -> Json | None:
    """What an event makes of the facts, said once more."""
    home: Json = copy.deepcopy(household)
    member = next((one for one in home["members"] if one["id"] == person), None)
    obligor = next((one for one in home.get("obligors") or () if one["id"] == person), None)
    match kind:
        case "death":
            if member and member["relation"] == "applicant" and len(home["members"]) > 1:
                return None
            home["members"] = [one for one in home["members"] if one["id"] != person]
            for one in home["members"]:
                if one.get("spouse_of") == person:
                    del one["spouse_of"]
                if one.get("child_of"):
                    one["child_of"] = [parent for parent in one["child_of"] if parent != person]
            for one in home.get("obligors") or ():
                one["of"] = [owed for owed in one["of"] if owed != person]
            if home.get("obligors"):
                home["obligors"] = [one for one in home["obligors"] if one["of"] and one["id"] != person]
            if home.get("receiving"):
                home["receiving"] = [one for one in home["receiving"] if one.get("person") != person]
        case "imprisonment" if member:
            member |= {"absence": "prison", "absent_since": on}
        case "imprisonment" if obligor:
            obligor["status"] = "prison"
        case "release":
            for one in (member, obligor):
                if one and one.get("absence") == "prison":
                    one |= {"absence": None, "absent_since": None}
                if one and one.get("status") == "prison":
                    one["status"] = None
        case "new_job" | "lost_job" if member:
            wage = value if kind == "new_job" else "0.00"
            member["employed"] = kind == "new_job"
            if member.get("income") is None:
                member["income"] = dict.fromkeys(INCOME)
            member["income"]["wage"] = wage
            member["income_periods"] = (member.get("income_periods") or {}) | {"wage": 1}
        case "new_job" if obligor:
            obligor["monthly_income"] = value
        case "new_vehicle":
            if home.get("assets") is not None:
                count = home["assets"].get("vehicles", 0)
                home["assets"]["vehicles"] = None if count is None else count + 1
        case "serious_illness" if member:
            member["serious_illness"] = True
    return home


INCOME: Final = (*households.PLAIN_INCOME, *households.RARE_INCOME, "wage")


async def pages(service: Service, path: str, size: int) -> list[Json]:
    """A whole list, page by page."""
    items: list[Json] = []
    cursor = ""
    while True:
        page = await service.get(f"{path}&size={size}{cursor}")
        items += page["items"]
        assert len(page["items"]) <= size
        if page["next"] is None:
            return items
        cursor = f"&cursor={page['next']}"


async def listed(town: Town, path: str) -> list[Json]:
    """A list, whatever the size of its pages."""
    whole = await pages(town.service, path, 1000)
    assert await pages(town.service, path, town.rng.randint(1, 7)) == whole
    return whole


async def reviews_are_as_read(town: Town, due: dt.date, *, undated: bool) -> None:
    expected = {}
    for id_ in town.standing():
        intervals = {}
        for key, (page, said) in town.word(id_).items():
            if said is None or said["outcome"] not in PAYING or said["unit"] not in ("CNY/month", None):
                continue
            day = dt.date.fromisoformat(page["assessment"]["date"])
            procedure = by_key(page["assessment"]["results"])[key]["procedure"]
            months = procedure and procedure["review_months"]
            intervals[key] = (day.isoformat(), months, due_on(day, months).isoformat() if months else None)
        days = [last for _, _, last in intervals.values() if last]
        if (days and min(days) <= due.isoformat()) or (intervals and not days and undated):
            expected[id_] = intervals
    items = await listed(town, f"/v1/reviews?due={due}&undated={str(undated).lower()}")
    found = {
        item["decision"]: {
            (one["programme"], one["person"]): (one["decided_for"], one["review_months"], one["due"])
            for one in item["intervals"]
        }
        for item in items
    }
    assert found == expected
    for item in items:
        days = [one["due"] for one in item["intervals"] if one["due"]]
        assert item["due"] == min(days, default=None)
        page = town.decisions[item["decision"]]
        now = await town.assessed(page["facts"], TODAY)
        effects = None if now is None else differing(by_key(page["assessment"]["results"]), now)
        assert shown(item["effects"]) == effects, item["decision"]


async def screenings_are_as_read(town: Town, on: dt.date) -> None:
    expected: dict[str, dict[Key, str]] = {}
    for id_ in town.standing():
        now = await town.assessed(town.decisions[id_]["facts"], on, programmes=None)
        word = town.word(id_)
        likely: dict[Key, str] = {}
        for key in (key for key, result in (now or {}).items() if result["status"] == "eligible"):
            if key not in word:
                likely[key] = "not_asked"
                continue
            page, said = word[key]
            recommended = by_key(page["assessment"]["results"])[key]["status"] == "eligible"
            if said is None:
                likely[key] = "undecided"
            elif said["outcome"] not in PAYING and not recommended:
                likely[key] = "refused"
        if likely:
            expected[id_] = likely
    items = await listed(town, f"/v1/screenings?on={on}")
    assert {
        item["decision"]: {(one["programme"], one["person"]): one["before"] for one in item["likely"]} for item in items
    } == expected


async def alerts_are_as_read(town: Town) -> None:
    told = {}
    for id_ in town.standing():
        household = town.decisions[id_]["facts"]["household"]
        for kind in town.rng.sample(KINDS, 3):
            people = [one["id"] for one in household["members"]]
            if kind in OF_OBLIGORS:
                people += [one["id"] for one in household.get("obligors") or ()]
            absent = [one["id"] for one in household["members"] if one.get("absence")]
            absent += [one["id"] for one in household.get("obligors") or () if one.get("status")]
            likely = absent if kind == "release" and absent else people
            event = {"person": town.rng.choice(likely), "kind": kind, "on": "2026-11-01"}
            value = town.rng.choice((None, "0.00", "800.00", "2600.00")) if kind == "new_job" else None
            answer = await town.service.post(
                "/v1/alerts", {"decision": id_} | event | ({"value": value} if value else {}), 202
            )
            told[answer["alerts"][0]] = (id_, event, value)
    items = await listed(town, "/v1/alerts?state=open")
    assert [item["id"] for item in items] == sorted(told)
    for item in items:
        id_, event, value = told[item["id"]]
        facts = town.decisions[id_]["facts"]
        then = household_after(facts["household"], event["person"], event["kind"], event["on"], value)
        now = await town.assessed(facts, TODAY)
        after: Results | None = {}  # once the only member died nobody is entitled to anything
        if then is None or then["members"]:
            after = None if then is None else await town.assessed(facts | {"household": then}, TODAY)
        expected = None if now is None or after is None else differing(now, after)
        assert shown(item["effects"]) == expected, event


@pytest.mark.parametrize("seed", SEEDS)
async def test_random_households_are_watched_as_their_decisions_read(service: Service, seed: int) -> None:
    town = Town(service, random.Random(seed), {})
    await town.make(HOUSEHOLDS)
    for due in (TODAY, dt.date(2023, 1, 31), dt.date(2024, 2, 29), dt.date(2099, 12, 31)):
        await reviews_are_as_read(town, due, undated=town.rng.random() < 0.5)
    for on in (TODAY, dt.date(2026, 12, 31), households.random_day(town.rng)):
        await screenings_are_as_read(town, on)
    await alerts_are_as_read(town)
