"""One value has one text, and a digest has one written form."""

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.canonical_json import canonical, digest_bytes, digest_of, digest_text
from app.rules.values.strict_json import parse_json

texts = st.text(st.characters(codec="utf-8"))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
)


def test_the_example_of_the_rfc() -> None:
    value = {
        "€": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew",
        "1": "One",
        "😀": "Smiley",
        "\x80": "Control",
    }
    keys = list(parse_json(canonical(value)))
    assert keys == ["\r", "1", "\x80", "€", "😀", "\ufb33"]


@given(values)
def test_the_text_says_the_value_and_is_its_own_canonical_form(value: Any) -> None:
    text = canonical(value)
    assert parse_json(text) == value
    assert canonical(parse_json(text)) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800", {"\ud800": 1}, {1: 2}, b"bytes"])
def test_what_json_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical(value)


def test_a_digest_is_sha256() -> None:
    assert digest_of(b"abc") == hashlib.sha256(b"abc").digest()
    assert digest_text(digest_of(b"")).startswith("sha256:e3b0c44298fc1c149afbf4c8996fb924")


@given(st.binary(min_size=32, max_size=32))
def test_a_digest_survives_being_written(digest: bytes) -> None:
    assert digest_bytes(digest_text(digest)) == digest


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sha256:",
        "sha256:" + "A" * 64,
        "sha256:" + "a" * 63,
        "sha256:" + "a" * 64 + "\n",
        "sm3:" + "a" * 64,
        "a" * 64,
    ],
)
def test_any_other_text_is_no_digest(text: str) -> None:
    with pytest.raises(ValueError, match="a digest is written"):
        digest_bytes(text)


def test_a_digest_of_another_length_is_not_written() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        digest_text(b"short")
