"""Filters say which decisions are meant; a cursor goes on with its own filter only."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import ForeignCursor
from app.core.paging import Filter, cursor_after, read_cursor
from tests.support.decisions.states import id_of

TEXTS = st.none() | st.text(max_size=20)
DAYS = st.none() | st.dates()
FILTERS = st.builds(
    Filter,
    **{name: DAYS if name in ("start", "until") else TEXTS for name in Filter.__dataclass_fields__ if name != "within"},
    within=st.none() | st.lists(st.text("0123456789", max_size=12), max_size=3).map(tuple),
)
FILTER = Filter(jurisdiction="999900", start=dt.date(2026, 7, 1), programme="dibao")


@given(FILTERS)
def test_a_filter_comes_back_from_its_plain_values(filter_: Filter) -> None:
    assert Filter.of(orjson.loads(orjson.dumps(filter_.plain()))) == filter_


@given(FILTERS, FILTERS)
def test_filters_have_one_name_exactly_if_they_are_one(one: Filter, other: Filter) -> None:
    assert (one.name == other.name) == (one == other)


def test_what_is_not_said_is_left_out() -> None:
    assert Filter().plain() == {}
    assert FILTER.plain() == {"jurisdiction": "999900", "start": "2026-07-01", "programme": "dibao"}


@given(FILTERS, st.uuids())
def test_a_cursor_leads_back_to_the_last_decision(filter_: Filter, last: UUID) -> None:
    cursor = cursor_after(filter_, last)
    assert read_cursor(filter_, cursor) == last
    assert not set(cursor) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize("other", [Filter(), Filter(jurisdiction="999900"), Filter(jurisdiction="430500")])
def test_a_cursor_of_another_filter_is_refused(other: Filter) -> None:
    with pytest.raises(ForeignCursor):
        read_cursor(other, cursor_after(FILTER, id_of(1)))


def _cursor(value: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).decode().rstrip("=")


NONSENSE = {
    "nothing": "",
    "no base64": "*",
    "another script": "低保",
    "no JSON": base64.urlsafe_b64encode(b"{").decode(),
    "null": _cursor(None),
    "a number": _cursor(5),
    "an object": _cursor({"a": 1, "b": 2}),
    "one value": _cursor([FILTER.name]),
    "three values": _cursor([FILTER.name, str(id_of(1)), 1]),
    "a number for an id": _cursor([FILTER.name, 5]),
    "null for an id": _cursor([FILTER.name, None]),
    "no id": _cursor([FILTER.name, "x"]),
    "names swapped": _cursor([str(id_of(1)), FILTER.name]),
}


@pytest.mark.parametrize("cursor", NONSENSE.values(), ids=NONSENSE)
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    with pytest.raises(ForeignCursor):
        read_cursor(FILTER, cursor)


@given(st.text(max_size=100))
def test_no_text_breaks_the_reading_of_a_cursor(cursor: str) -> None:
    with pytest.raises(ForeignCursor):
        read_cursor(FILTER, cursor)
