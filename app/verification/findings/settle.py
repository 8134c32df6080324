"""Settles a household by the resolutions of persons: each fact with who stands for it.

Whatever is not resolved leaves the household as it was declared. What a register confirms to the fen counts as verified
unless another finding on the same fact is still open.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from app.rules.facts.request import china_day
from app.rules.values.strict_json import Json
from app.verification.findings.compare import Finding
from app.verification.findings.patch import changed

Action = Literal["accept_declared", "accept_found", "set_value", "dismiss"]
DISREGARDED: Final = ("accept_declared", "dismiss")
_LONGEST_REFERENCE: Final = 64


@dataclass(frozen=True)
class Resolution:
    """Decision of a person on a finding: the values that facts get by it, and why. The last one counts."""

    n: int
    action: Action
    values: Json
    reason: str
    evidence: str | None
    by: str
    at: dt.datetime


def last_resolutions(resolutions: Sequence[Resolution]) -> dict[int, Resolution]:
    """The resolution of each finding that counts."""
    return {one.n: one for one in resolutions}


def left_out(resolutions: Sequence[Resolution]) -> frozenset[int]:
    """Findings that add up to nothing, because a person disregards them."""
    return frozenset(n for n, one in last_resolutions(resolutions).items() if one.action in DISREGARDED)


def settled_values(resolutions: Sequence[Resolution]) -> Json:
    """Every value that a person settled; of two on one fact the later one."""
    return {
        pointer: value
        for one in sorted(last_resolutions(resolutions).values(), key=lambda one: one.at)
        for pointer, value in one.values.items()
    }


def settled(
    household: Json, provenance: Json, found: Sequence[Finding], resolutions: Sequence[Resolution]
) -> tuple[Json, Json]:
    """The household with every settled value, and where each fact comes from: as a decision is proposed with."""
    decided = last_resolutions(resolutions)
    confirmed = _confirmed(found, decided)
    # As declared: a register may confirm it over other months, or as a part of what all members own.
    values = {pointer: finding.declared for pointer, finding in confirmed.items()} | settled_values(resolutions)
    sources = dict(provenance)
    for pointer, finding in confirmed.items():
        sources[pointer] = {"source": "verified", "by": finding.source, "on": finding.as_of.isoformat()}
    for one in sorted(decided.values(), key=lambda one: one.at):
        sources |= dict.fromkeys(one.values, _settled_by(one))
    return changed(household, values), sources


def _confirmed(found: Sequence[Finding], decided: dict[int, Resolution]) -> dict[str, Finding]:
    """Facts that a register confirms and none contradicts, with what confirms them."""
    contested = {one.pointer for one in found if one.n not in decided and one.kind in ("differs", "undeclared")}
    return {one.pointer: one for one in found if one.equal and one.change and one.pointer not in contested}


def _settled_by(one: Resolution) -> Json:
    found: Json = {"source": "settled", "on": china_day(one.at).isoformat()}
    if len(one.by) <= _LONGEST_REFERENCE and not any(letter.isspace() for letter in one.by):
        found["by"] = one.by
    if one.evidence is not None:
        found["evidence"] = one.evidence
    return found
