"""Facts are kept as they were sent, in values with one canonical text that mean the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.canonical_json import canonical, canonical_plain, with_exact_numbers
from app.rules.facts.forms import read_money
from app.rules.values.strict_json import parse_json


@pytest.mark.parametrize(
    ("sent", "stays"),
    [
        ("1500.50", "1500.50"),
        ("1500.0", "1500.0"),
        ("0.1", "0.1"),
        ("1e3", "1e3"),
        ("1500", 1500),
        ("9007199254740991", 2**53 - 1),
        ("9007199254740992", "9007199254740992"),
        ("-9007199254740992", "-9007199254740992"),
        ("true", True),
        ("false", False),
        ("null", None),
        ('"1500.50"', "1500.50"),
    ],
)
def test_a_number_with_more_than_one_form_becomes_its_text(sent: str, stays: Any) -> None:
    found = with_exact_numbers(parse_json(sent.encode()))
    assert (found, type(found)) == (stays, type(stays))


def test_what_lies_within_lists_and_objects_is_kept_too() -> None:
    sent = b'{"members": [{"income": {"wage": 1.50, "months": [1, 2.5, "3.5"]}}]}'
    assert with_exact_numbers(parse_json(sent)) == {
        "members": [{"income": {"wage": "1.50", "months": [1, "2.5", "3.5"]}}]
    }


@given(st.integers(0, 10**13))
def test_an_amount_of_money_means_the_same_when_kept(fen: int) -> None:
    sent = parse_json(f"{fen // 100}.{fen % 100:02d}".encode())
    assert read_money(with_exact_numbers(sent)) == read_money(sent) == fen


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcXYZ_09"), inner),
)


@given(JSON)
def test_what_is_kept_has_one_canonical_text(value: Any) -> None:
    found = with_exact_numbers(parse_json(json.dumps(value).encode()))
    assert canonical_plain(found) == canonical(found)


@given(JSON)
def test_keeping_again_changes_nothing(value: Any) -> None:
    found = with_exact_numbers(parse_json(json.dumps(value).encode()))
    assert with_exact_numbers(found) == found
