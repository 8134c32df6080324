"""The packs that answer for what was known at an instant."""

import datetime as dt
from typing import Any

import pytest

from app.rules.facts.request import SHANGHAI
from app.rules.history import BEGINNING, Generation, RulesHistory
from tests.support.rules import rules

FIRST = dt.datetime(2026, 11, 20, 15, tzinfo=SHANGHAI)
SECOND = dt.datetime(2026, 11, 21, 9, tzinfo=SHANGHAI)
SECOND_LATER = dt.timedelta(microseconds=1)


@pytest.fixture(scope="module")
def generations() -> RulesHistory:
    found = RulesHistory(rules())
    packs = found.newest.packs
    found.become([found.newest, Generation(FIRST, packs), Generation(SECOND, packs)])
    return found


@pytest.mark.parametrize(
    ("known_at", "since"),
    [
        (dt.datetime(1, 1, 1, tzinfo=dt.UTC), BEGINNING),
        (FIRST - SECOND_LATER, BEGINNING),
        (FIRST, FIRST),
        (FIRST.astimezone(dt.UTC), FIRST),
        (SECOND - SECOND_LATER, FIRST),
        (SECOND, SECOND),
        (dt.datetime.max.replace(tzinfo=dt.UTC), SECOND),
    ],
)
def test_a_generation_counts_from_its_instant_until_the_next(
    generations: RulesHistory, known_at: dt.datetime, since: dt.datetime
) -> None:
    assert generations.at(known_at).since == since


@pytest.mark.parametrize(
    ("raw", "since"),
    [
        ({"known_at": "2026-11-20T15:00:00+08:00"}, FIRST),
        ({"known_at": "2026-11-20T06:59:59.999999Z"}, BEGINNING),
        ({"known_at": "2026-11-21"}, FIRST),
        ({"known_at": None}, FIRST),
        ({}, FIRST),
        ([], FIRST),
        ({"known_at": 7}, SECOND),
        ({"known_at": "soon"}, SECOND),
    ],
)
def test_a_request_is_answered_by_what_it_says_was_known(
    generations: RulesHistory, raw: Any, since: dt.datetime
) -> None:
    """A request that states nothing is answered with the knowledge of the full second: that is what the answer says."""
    now = (
        SECOND.replace(microsecond=500_000) if raw in ({"known_at": 7}, {"known_at": "soon"}) else SECOND - SECOND_LATER
    )
    assert generations.asked(raw, now) is generations.at(since).rules


def test_packs_are_linked_when_they_are_first_needed_and_once() -> None:
    generation = Generation(FIRST, rules().library.packs)
    assert "rules" not in vars(generation)
    assert generation.rules is generation.rules
    assert generation.catalogue.library is generation.rules.library


def test_the_packs_that_came_first_need_no_second_linking() -> None:
    first = rules()
    assert RulesHistory(first).newest.rules is first
    assert RulesHistory(first).asked({}, FIRST) is first


@pytest.mark.parametrize("more", [1, 2])
def test_what_stands_in_the_place_of_all_is_the_newest_and_found_from_the_newest_on(more: int) -> None:
    first, packs = rules(), rules().library.packs
    generations = RulesHistory(first)
    later = [Generation(since, packs) for since in (FIRST, SECOND)][:more]
    generations.become([generations.newest, *later])
    assert generations.newest is later[-1]
    assert list(generations)[:-1] == later[::-1]
    assert generations.asked({}, FIRST) is later[0].rules
    assert generations.asked({}, FIRST - SECOND_LATER) is first


def test_a_request_that_states_nothing_knows_no_fraction_of_its_second() -> None:
    generations = RulesHistory(rules())
    generations.become([generations.newest, Generation(FIRST + SECOND_LATER, rules().library.packs)])
    assert generations.asked({}, FIRST + 2 * SECOND_LATER) is generations.asked({}, FIRST - SECOND_LATER)


def test_the_beginning_is_the_second_day_of_all_so_that_clocks_to_the_west_can_say_it_too() -> None:
    assert BEGINNING - dt.datetime(1, 1, 1, tzinfo=dt.UTC) == dt.timedelta(days=1)
    assert BEGINNING.astimezone(dt.timezone(-dt.timedelta(hours=23, minutes=59))).day == 1
