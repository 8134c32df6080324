"""The provider's keys: kept, asked for again, never trusted for too long."""

from __future__ import annotations

from typing import Any

import pytest

from app.security.jwks import FRESH, QUIET, PublishedKeys
from app.security.tokens import KeysUnavailable

pytestmark = pytest.mark.anyio


class Provider:
    """A provider that counts how often it is asked, and a clock."""

    def __init__(self, *kids: str) -> None:
        self.answer: Any = {"keys": [{"kid": kid} for kid in kids]}
        self.asked = 0
        self.time = 0.0
        self.keys = PublishedKeys(self._fetch, lambda: self.time)

    async def _fetch(self) -> Any:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def test_keys_are_asked_for_once() -> None:
    provider = Provider("a", "b")
    assert [await provider.keys.key(kid) for kid in ("a", "b", "a")] == [{"kid": "a"}, {"kid": "b"}, {"kid": "a"}]
    assert provider.asked == 1


async def test_an_unknown_key_makes_it_ask_again_but_not_at_once() -> None:
    provider = Provider("a")
    await provider.keys.key("a")
    provider.answer = {"keys": [{"kid": "b"}]}
    assert await provider.keys.key("b") is None
    provider.time = QUIET
    assert await provider.keys.key("b") == {"kid": "b"}
    assert await provider.keys.key("a") is None  # it was taken back
    assert provider.asked == 2


async def test_many_unknown_keys_do_not_make_it_ask_often() -> None:
    provider = Provider("a")
    for number in range(100):
        assert await provider.keys.key(f"x{number}") is None
    assert provider.asked == 1


async def test_a_provider_that_is_away_is_not_needed_for_a_while() -> None:
    provider = Provider("a")
    await provider.keys.key("a")
    provider.answer = OSError("away")
    provider.time = FRESH - 1
    assert await provider.keys.key("a") == {"kid": "a"}
    provider.time = FRESH
    with pytest.raises(KeysUnavailable):
        await provider.keys.key("a")


@pytest.mark.parametrize("answer", [OSError("away"), [], {}, {"keys": 5}, None])
async def test_without_keys_nothing_is_said_of_a_token(answer: Any) -> None:
    provider = Provider()
    provider.answer = answer
    with pytest.raises(KeysUnavailable):
        await provider.keys.key("a")


async def test_keys_without_an_id_are_left_out() -> None:
    provider = Provider("a")
    provider.answer = {"keys": [{"kty": "RSA"}, 5, {"kid": 7}, {"kid": "a"}]}
    assert await provider.keys.key("a") == {"kid": "a"}
