"""The simulated platform's behaviour: the share of its answers that go wrong, and in which way."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0, le=3600)]
_STEPS: Final = 2**32


class Behaviour(BaseModel):
    """Shares between 0 and 1, times in seconds.

    `errors` is also the share of requests that are answered 503, `late` answers come `lateness` later than `latency`
    says, a `malformed` answer is malformed the first time it is told, a `partial` one is followed by the whole, and a
    `wrong_matches` answer is about another person of the same name, as a weak match.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    latency: Seconds = 0.0
    lateness: Seconds = 5.0
    errors: Share = 0.0
    duplicates: Share = 0.0
    late: Share = 0.0
    malformed: Share = 0.0
    partial: Share = 0.0
    wrong_matches: Share = 0.0
    down: bool = False


@dataclass(frozen=True)
class Fate:
    """The fate of one answer."""

    error: bool
    duplicate: bool
    late: bool
    malformed: bool
    partial: bool
    wrong_match: bool


def fate(behaviour: Behaviour, seed: int, *of: str) -> Fate:
    """The fate of the answer to one query about one person from one register: always the same for the same seed."""
    digest = hashlib.sha256("\n".join((str(seed), *of)).encode()).digest()
    drawn = [int.from_bytes(digest[4 * n : 4 * n + 4]) / _STEPS for n in range(6)]
    b = behaviour
    shares = (b.errors, b.duplicates, b.late, b.malformed, b.partial, b.wrong_matches)
    return Fate(*(number < share for number, share in zip(drawn, shares, strict=True)))
