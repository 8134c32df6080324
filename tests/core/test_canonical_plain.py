"""The quick way to canonical text gives the bytes of RFC 8785 for all that records are made of."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.canonical_json import canonical, canonical_plain

TEXTS = st.text() | st.text(
    st.sampled_from('\x00\x08\t\n\x0c\r\x1f\x7f\x80\x9f"\\/\u2028\u2029\ud7ff\ue000\uffff低保𠀀😀')
)
KEYS = st.text(st.characters(max_codepoint=127))
VALUES = st.recursive(
    TEXTS | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans() | st.none(),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
)


@given(VALUES)
def test_it_is_the_text_of_rfc_8785(value: Any) -> None:
    assert canonical_plain(value) == canonical(value)


@given(VALUES)
def test_it_says_what_it_was_made_of(value: Any) -> None:
    assert json.loads(canonical_plain(value)) == value


@pytest.mark.parametrize("character", [chr(code) for code in (*range(0x20), 0x22, 0x5C, 0x7F, 0x2028, 0x1F600)])
def test_every_control_character_is_escaped_alike(character: str) -> None:
    assert canonical_plain({"note": f"a{character}b"}) == canonical({"note": f"a{character}b"})


@given(st.lists(KEYS, unique=True))
def test_the_order_of_keys_changes_nothing(keys: list[str]) -> None:
    assert canonical_plain(dict.fromkeys(keys, 1)) == canonical_plain(dict.fromkeys(reversed(keys), 1))


@pytest.mark.parametrize("value", [Decimal("1.5"), object(), b"bytes", {1}, {1: "a"}, "\ud800"])
def test_what_no_record_holds_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical_plain({"a": value})
