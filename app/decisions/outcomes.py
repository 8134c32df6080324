"""What an officer's outcomes come to beside the recommendation: confirmed, or departed from with reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from app.decisions.schemas import Confirmation, OfficerOutcome
from app.decisions.state import Key
from app.rules.request_faults import Fault
from app.rules.values.money import format_fen, parse_fen
from app.rules.values.strict_json import Json

Decided = Literal["confirmed", "departed"]

PAYING: Final = frozenset({"granted", "increased", "reduced"})
_REFUSING: Final = frozenset({"refused", "suspended", "terminated"})


@dataclass(frozen=True)
class Settled:
    """A confirmation's state, what is decided on every result, and the faults that forbid it."""

    state: Decided
    outcomes: list[Json]
    faults: list[Fault]
    decides_open: bool = False  # whether something is decided that the rules left open, a status or an amount


def settle(results: list[Json], body: Confirmation, units: Mapping[str, str | None]) -> Settled:
    """An officer's outcomes beside the recommended results. `units` says in which unit each programme pays, if it does.

    Results that are not named are decided as recommended: granted if eligible, refused if ineligible; what the rules
    leave open (undetermined, refer) stays undecided. A departure needs a reason, and so does deciding what was open.
    """
    by_key: dict[Key, Json] = {(result["programme"], result["person"]): result for result in results}
    named: dict[Key, Json] = {}
    faults: list[Fault] = []
    departed = decides_open = False
    for place, outcome in enumerate(body.outcomes):
        key, where = (outcome.programme, outcome.person), f"/outcomes/{place}"
        result = by_key.get(key)
        if result is None:
            faults.append(Fault(where, "unknown_result"))
        elif key in named:
            faults.append(Fault(where, "decided_twice"))
        else:
            unit = units.get(outcome.programme)
            faults.extend(_faults(where, outcome, result, unit))
            unlike = _unlike(outcome, result)
            if outcome.reason is None and unlike:
                faults.append(Fault(f"{where}/reason", "reason_needed"))
            departs = unlike and result["status"] != "refer"  # what the rules refer to an officer they do not recommend
            departed = departed or departs
            decides_open = decides_open or _is_open(result)
            named[key] = _decided(outcome, result, unit, departs=departs)
    outcomes = [
        named.get(key) or _as_recommended(result, units.get(result["programme"])) for key, result in by_key.items()
    ]
    decided = [one for one in outcomes if one is not None]
    return Settled("departed" if departed else "confirmed", decided, faults, decides_open)


def _is_open(result: Json) -> bool:
    """Whether the rules recommend no status, or no settled amount."""
    if result["status"] not in ("eligible", "ineligible"):
        return True
    return result["amount"] is not None and _recommended_figure(result) is None


def _faults(where: str, outcome: OfficerOutcome, result: Json, unit: str | None) -> list[Fault]:
    """An amount where none is paid, and none where one must be said."""
    if outcome.outcome in _REFUSING or unit is None:
        return [Fault(f"{where}/amount", "amount_not_paid")] if outcome.amount else []
    if outcome.amount is None and _recommended_figure(result) is None:
        return [Fault(f"{where}/amount", "amount_needed")]
    return []


def _unlike(outcome: OfficerOutcome, result: Json) -> bool:
    """Whether an outcome is not what the engine recommends; what it leaves open it does not recommend."""
    pays = outcome.outcome in PAYING
    if result["status"] == "eligible":
        return not pays or not _within(outcome.amount, result)
    if result["status"] == "ineligible":
        return pays or outcome.outcome == "suspended"
    return True


def _within(amount: int | None, result: Json) -> bool:
    """Whether an amount is what the rules came to, or within what they leave open."""
    recommended = result["amount"]
    if amount is None or recommended is None:
        return amount is None
    figure = recommended["figure"]
    if isinstance(figure, str):
        return amount == parse_fen(figure)
    low, high = figure["min"], figure["max"]
    return (low is None or amount >= parse_fen(low)) and (high is None or amount <= parse_fen(high))


def _recommended_figure(result: Json) -> str | None:
    figure = result["amount"]["figure"] if result["amount"] else None
    return figure if isinstance(figure, str) else None


def _decided(outcome: OfficerOutcome, result: Json, unit: str | None, *, departs: bool) -> Json:
    amount = None
    if outcome.outcome in PAYING:
        amount = format_fen(outcome.amount) if outcome.amount is not None else _recommended_figure(result)
    return {
        "programme": outcome.programme,
        "person": outcome.person,
        "outcome": outcome.outcome,
        "amount": amount,
        "unit": unit if amount is not None else None,
        "reason": outcome.reason,
        "departs": departs,
    }


def _as_recommended(result: Json, unit: str | None) -> Json | None:
    """Granted or refused as the engine recommends; None where it recommends neither, or no settled amount."""
    figure = _recommended_figure(result)
    if result["status"] == "ineligible":
        outcome = "refused"
    elif result["status"] == "eligible" and (result["amount"] is None or figure is not None):
        outcome = "granted"
    else:
        return None
    return {
        "programme": result["programme"],
        "person": result["person"],
        "outcome": outcome,
        "amount": figure,
        "unit": unit if figure is not None else None,
        "reason": None,
        "departs": False,
    }
