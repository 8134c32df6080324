"""What travels: nothing is built that is not as declared, and nobody's name or number shows."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Final

import pytest
from hypothesis import given
from pydantic import ValidationError

from app.rules.messages import FAULTS
from app.verification.exchange.errors import Malformed
from app.verification.exchange.folders import FileExchange
from app.verification.exchange.http import HttpJson
from app.verification.exchange.platforms import (
    Null,
)
from app.verification.exchange.protocol import Backend, Item, Match, Period, Report
from tests.support.verification.exchange import EXACT, NOW, YEAR, person, query, report, reports, wage

BACKENDS: Final[tuple[type[Backend], ...]] = (HttpJson, FileExchange, Null)  # the type checker compares them


def refused(build: Any, *arguments: Any, **values: Any) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        build(*arguments, **values)
    return [fault.code for fault in Malformed.of(caught.value).faults]


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("wage", 9600.0),
        ("wage", "9600.00"),
        ("wage", -1),
        ("wage", True),
        ("vehicles", True),
        ("vehicles", -1),
        ("vehicles", 10_001),
        ("married", 1),
        ("death", "2026-01-01"),
        ("death", dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
        ("registered_residence", "sea"),
        ("colour", 1),
    ],
)
def test_a_value_that_is_not_of_the_facts_type_is_refused(fact: str, value: Any) -> None:
    period = YEAR if fact == "wage" else None
    assert refused(Item, fact=fact, value=value, period=period, match=EXACT)


def test_a_fact_over_months_needs_its_period_and_no_other_has_one() -> None:
    assert refused(Item, fact="wage", value=1, match=EXACT) == ["required"]
    assert refused(Item, fact="vehicles", value=1, period=YEAR, match=EXACT) == ["not_allowed"]


@pytest.mark.parametrize(
    ("quality", "on"),
    [
        ("exact", ("name",)),
        ("exact", ("id_number", "birth_date", "address")),
        ("exact", ()),
        ("weak", ("name", "id_number")),
        ("weak", ()),
        ("none", ("name",)),
        ("exact", ("name", "id_number", "name")),
    ],
)
def test_a_match_is_no_better_than_what_matched(quality: str, on: tuple[str, ...]) -> None:
    assert refused(Match.model_validate, {"quality": quality, "on": on}) == ["not_allowed"]


def test_a_period_counts_its_months_and_is_in_order() -> None:
    assert YEAR.months == 12
    assert Period(first="2026-07", last="2026-07").months == 1
    assert refused(Period, first="2026-08", last="2026-07") == ["out_of_range"]
    assert refused(Period, first="2026-13", last="2027-01") == ["month_format"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"items": ()}, "required"),
        ({"status": "no_record"}, "not_allowed"),
        ({"status": "error"}, "not_allowed"),
        ({"source": "vehicles"}, "not_allowed"),
        ({"source": "horoscope"}, "not_allowed"),
        ({"status": "perhaps"}, "not_allowed"),
        ({"received_at": dt.datetime(2026, 8, 15)}, "wrong_type"),  # noqa: DTZ001  that is what is refused
        ({"id": "r 1"}, "wrong_form"),
        ({"surplus": 1}, "unknown_field"),
        ({"items": (wage(),) * 201}, "too_many"),
    ],
)
def test_a_report_stands_or_falls_as_one(changes: dict[str, Any], code: str) -> None:
    assert refused(report, **changes) == [code]


def test_a_query_names_each_person_and_register_once() -> None:
    assert refused(query, persons=(person(0), person(0))) == ["duplicate_id"]
    assert refused(query, sources=("tax", "tax")) == ["duplicate_id"]
    twin = person(1).model_copy(update={"id_number": person(0).id_number})
    assert refused(query, persons=(person(0), twin)) == ["duplicate_id"]


@pytest.mark.parametrize("address", ["ftp://x/y", "https://user@x/", "https://x/?id=1", "https://x/a b", "//x"])
def test_a_callback_is_a_plain_address(address: str) -> None:
    assert refused(query, callback=address) == ["wrong_form"]


def test_every_backend_can_do_what_a_backend_does() -> None:
    for backend in BACKENDS:
        assert all(hasattr(backend, name) for name in ("platform", "submit", "submit_all", "poll", "accept"))


def test_every_code_has_its_words() -> None:
    assert {"required", "not_allowed", "out_of_range", "duplicate_id", "wrong_form", "unknown_person"} <= set(FAULTS)


def test_neither_printing_nor_refusing_shows_who_somebody_is() -> None:
    one = person()
    assert one.name not in repr(query()) + str(one)
    assert one.id_number not in repr(query()) + str(one)
    for values in ({"ref": "p1", "name": one.name, "id_number": one.id_number[:-1]}, {"ref": one.name + " "}):
        with pytest.raises(ValidationError) as caught:
            type(one)(**values)
        malformed = Malformed.of(caught.value)
        for text in (str(caught.value), str(malformed), repr(malformed)):
            assert one.name not in text
            assert one.id_number[:-1] not in text


@given(reports())
def test_an_item_comes_back_from_its_json(one: Report) -> None:
    for item in one.items:
        again = Item.of_plain(json.loads(json.dumps(item.plain())))
        assert again.plain() == item.plain()
        assert (again.value, again.period) == (item.value, item.period)


def test_the_digest_is_of_what_is_said_and_not_of_when_it_came() -> None:
    later = NOW + dt.timedelta(days=1)
    assert report().digest == report(received_at=later).digest
    assert report().digest == report(reported_at=NOW.astimezone(dt.timezone(dt.timedelta(hours=8)))).digest
    others = [report(items=(wage(1),)), report(id="r-2"), report(person="p2"), report(reported_at=later)]
    assert report().digest not in {other.digest for other in others}
