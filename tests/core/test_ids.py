"""Identifiers tell when a record was made, and so under which month it is kept."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid1, uuid4, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.ids import is_record_id, month_of_id, new_id, time_of
from app.core.months import month_of

INSTANTS = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2200, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001 bounds


@given(INSTANTS)
def test_an_id_is_of_version_7_and_of_the_variant_of_rfc_9562(now: dt.datetime) -> None:
    id_ = new_id(now)
    assert (id_.version, id_.variant) == (7, "specified in RFC 4122")


@given(INSTANTS)
def test_an_id_tells_its_time_to_the_millisecond(now: dt.datetime) -> None:
    assert abs(time_of(new_id(now)) - now) <= dt.timedelta(milliseconds=1)


@given(INSTANTS)
def test_an_id_tells_the_month_of_its_record(now: dt.datetime) -> None:
    assert month_of_id(new_id(now)) == month_of(now)


@pytest.mark.parametrize(
    ("instant", "month"),
    [
        ("2026-07-31T15:59:59.999999+00:00", "2026-07-01"),
        ("2026-07-31T16:00:00+00:00", "2026-08-01"),
        ("2026-12-31T23:59:59.999999+08:00", "2026-12-01"),
        ("2027-01-01T00:00:00+08:00", "2027-01-01"),
    ],
)
def test_the_month_turns_at_midnight_in_china(instant: str, month: str) -> None:
    assert month_of_id(new_id(dt.datetime.fromisoformat(instant))) == dt.date.fromisoformat(month)


@given(INSTANTS, st.integers(1, 10**9))
def test_a_later_millisecond_sorts_later(now: dt.datetime, later: int) -> None:
    # Two milliseconds apart: the time is cut to whole ones.
    assert new_id(now) < new_id(now + dt.timedelta(milliseconds=later + 1))


def test_ids_of_one_instant_differ() -> None:
    now = dt.datetime(2026, 8, 1, tzinfo=dt.UTC)
    assert len({new_id(now) for _ in range(1000)}) == 1000


@pytest.mark.parametrize("id_", [uuid1(), uuid4(), uuid5(UUID(int=0), "x"), UUID(int=0), UUID(int=2**128 - 1)])
def test_an_id_of_another_kind_tells_nothing(id_: UUID) -> None:
    with pytest.raises(ValueError, match="not an identifier of a record"):
        month_of_id(id_)


@pytest.mark.parametrize("beyond", ["ffffffff-ffff-7fff-bfff-ffffffffffff", "e677d21f-dbff-7fff-bfff-ffffffffffff"])
def test_an_id_of_a_time_beyond_the_calendar_is_no_record_s(beyond: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        month_of_id(UUID(beyond))
    assert not is_record_id(UUID(beyond))
    assert is_record_id(new_id(dt.datetime(2026, 8, 1, tzinfo=dt.UTC)))
