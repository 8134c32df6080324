"""Two computations of one household side by side: result by result, rule by rule, in money by month.

A difference is not a debt: what follows from it is for a person to decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from app.decisions.state import Key
from app.rules.explain.numbers import MONTHLY
from app.rules.values.money import format_fen, parse_fen
from app.rules.values.strict_json import Json

ReplayClass = Literal["same", "arrears", "overpaid", "other"]
REPLAY_CLASSES: Final[tuple[ReplayClass, ...]] = ("same", "arrears", "overpaid", "other")
_NOT_PAID: Final = ("ineligible", "not_applicable")


@dataclass(frozen=True)
class Difference:
    """One result that differs. `fen` is what it makes in its unit, None where either side is not settled."""

    programme: str
    person: str | None
    rule: str
    recorded: Json | None
    now: Json | None
    fen: int | None
    monthly: bool
    rules: list[Json]

    @property
    def key(self) -> Key:
        return self.programme, self.person


def differences(recorded: Json, now: Json) -> list[Difference]:
    """Lists the differences between two results of one household (app/rules/explain/codes.py), in the order they decide."""
    left, right = _by_key(recorded), _by_key(now)
    keys = [*left, *(key for key in right if key not in left)]
    return [_difference(key, left.get(key), right.get(key)) for key in keys if left.get(key) != right.get(key)]


def _by_key(results: Json) -> dict[Key, Json]:
    return {(result["programme"], result["person"]): result for result in results["results"]}


def _difference(key: Key, left: Json | None, right: Json | None) -> Difference:
    rules = list(_rules(left, right))
    before, after = paid(left), paid(right)
    fen = None if before is None or after is None else after - before
    rule = rules[0]["rule"] if rules else f"{key[0]}.eligible"
    return Difference(*key, rule, _shown(left), _shown(right), fen, _monthly(left) and _monthly(right), rules)


def paid(result: Json | None) -> int | None:
    """Reads what a result pays, in fen: 0 for a refusal, None where it is not settled."""
    if result is None or result["status"] in _NOT_PAID:
        return 0
    if result["status"] != "eligible":
        return None
    if result["amount"] is None:
        return 0
    figure = result["amount"]["figure"]
    return parse_fen(figure) if isinstance(figure, str) else None


def _monthly(result: Json | None) -> bool:
    return result is None or result["amount"] is None or result["amount"]["unit"] == MONTHLY


def _shown(result: Json | None) -> Json | None:
    return None if result is None else {"status": result["status"], "amount": result["amount"]}


def _rules(left: Json | None, right: Json | None) -> Iterator[Json]:
    """Every line and test that differs, lines first: with money, then with conditions."""
    for kind in ("lines", "tests"):
        one, other = _entries(left, kind), _entries(right, kind)
        for rule in [*one, *(rule for rule in other if rule not in one)]:
            if one.get(rule) != other.get(rule):
                yield {"rule": rule, "recorded": one.get(rule), "now": other.get(rule)}


def _entries(result: Json | None, kind: str) -> dict[str, Json]:
    if result is None:
        return {}
    return {entry["rule"]: {k: v for k, v in entry.items() if k != "rule"} for entry in result[kind]}


def class_of(amounts: list[int | None]) -> ReplayClass:
    """Classes differences in fen: more for the family, less, nothing, or not settled (None)."""
    if any(fen is None for fen in amounts):
        return "other"
    known = [fen for fen in amounts if fen]
    if not known:
        return "same"
    if all(fen > 0 for fen in known):
        return "arrears"
    return "overpaid" if all(fen < 0 for fen in known) else "other"


def money(fen: int | None) -> str | None:
    return None if fen is None else format_fen(fen)
