"""What is sent to decide: the facts of a decision beside the household, confirmations, withdrawals, events."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.rules.facts import Day, Facts, Money, Programme
from app.rules.requests import Instant

ID_NUMBER: Final = r"^[0-9]{17}[0-9Xx]$"
WITHOUT_NUL: Final = r"^[^\x00]*$"  # no text of the database holds it
MOST_PROVENANCE: Final = 500
MOST_OUTCOMES: Final = 200

DecisionKind = Literal["initial", "review", "change", "termination"]
OutcomeKind = Literal["granted", "refused", "increased", "reduced", "suspended", "terminated"]
EventKind = Literal["notice", "objection", "visit", "hearing", "delivery"]
Source = Literal["declared", "verified", "settled", "assumed"]


def _no_id_number(text: str) -> str:
    """A reference stays in the record for ever: it must not be somebody's ID number."""
    if len(text) == 18 and text[:17].isascii() and text[:17].isdigit():
        raise PydanticCustomError("personal_data", "a reference must not be an ID number")
    return text


Reference = Annotated[
    str, Field(min_length=1, max_length=64, pattern=r"^[^\s\x00-\x1f\x7f]+$"), AfterValidator(_no_id_number)
]
Note = Annotated[str, Field(min_length=1, max_length=2000)]


class Identity(Facts):
    """Who a member or an obligor is. Kept apart from the record, sealed under a key that can be destroyed."""

    person: str = Field(description="The id of a member or an obligor", examples=["p1"])
    name: Annotated[str, Field(min_length=1, max_length=100)] = Field(description="Full name", examples=["张某"])
    id_number: Annotated[str, Field(pattern=ID_NUMBER)] = Field(
        description="Resident identity number, 18 characters", examples=["11010519491231002X"]
    )


class Provenance(Facts):
    """Where a fact comes from."""

    source: Source = Field(description="declared by the family, verified, settled by a person, or assumed")
    by: Reference | None = Field(default=None, description="Who says so: a reference of the caller's")
    on: Day | None = Field(default=None, description="The day it was found out")
    evidence: Annotated[str, Field(min_length=1, max_length=500)] | None = Field(
        default=None, description="The document it rests on; for a supplied figure the notice that prints it"
    )


class DecisionDetails(Facts):
    """What a decision has beside the assessment it rests on."""

    case: Reference | None = Field(default=None, description="The caller's number of the case", examples=["C-2026-17"])
    household_ref: Reference | None = Field(
        default=None, description="The caller's reference of the household", examples=["H-0042"]
    )
    kind: DecisionKind = Field(default="initial", description="Why it is decided")
    accepted_on: Day | None = Field(
        default=None, description="The day the application was accepted: clocks run from it"
    )
    identities: Annotated[list[Identity], Field(max_length=200)] | None = Field(
        default=None, description="Names and ID numbers of members and obligors"
    )
    provenance: Annotated[dict[str, Provenance], Field(max_length=MOST_PROVENANCE)] | None = Field(
        default=None, description="By JSON Pointer: where the fact comes from; a fact not named here was declared"
    )
    by: Reference | None = Field(default=None, description="The officer who proposes: a reference of the caller's")


class FollowingDetails(DecisionDetails):
    """A decision that corrects or succeeds another."""

    reason: Note = Field(description="Why the earlier decision is corrected or succeeded", examples=["收入登记有误"])


class OfficerOutcome(Facts):
    """What an officer decides on one result."""

    programme: Programme = Field(description="The programme", examples=["dibao"])
    person: str | None = Field(default=None, description="The member's id; null for the household", examples=["p1"])
    outcome: OutcomeKind = Field(description="What is decided", examples=["granted"])
    amount: Money | None = Field(
        default=None, description="CNY in the unit of the programme; as recommended if absent", examples=["2374.00"]
    )
    reason: Note | None = Field(default=None, description="Why the officer decides otherwise than recommended")


class Confirmation(Facts):
    """What an officer decides on a proposal. A result that is not named is decided as recommended."""

    outcomes: Annotated[list[OfficerOutcome], Field(max_length=MOST_OUTCOMES)] = Field(
        default=[], description="Results decided one by one"
    )
    by: Reference | None = Field(default=None, description="The officer who decides: a reference of the caller's")


class Withdrawal(Facts):
    reason: Note = Field(description="Why the proposal is withdrawn", examples=["家庭撤回申请"])
    by: Reference | None = Field(default=None, description="Who withdraws: a reference of the caller's")


class Event(Facts):
    """Something that happened in a case."""

    kind: EventKind = Field(description="What happened", examples=["hearing"])
    on: Day = Field(description="The day it happened", examples=["2026-08-20"])
    note: Note | None = Field(default=None, description="A short note without names or ID numbers")
    by: Reference | None = Field(default=None, description="Who says so: a reference of the caller's")


class ReplayParameters(Facts):
    """Against what a decision is computed again."""

    against: Literal["record", "now"] | None = Field(
        default=None, description="`record`: the stored rules; `now`: all that is known now", examples=["record"]
    )
    known_at: Instant | None = Field(default=None, description="With what was known by then", examples=["2024-10-01"])
    date: Day | None = Field(default=None, description="Another day whose law and standards decide")
    ruleset: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")] | None = Field(
        default=None, description="Exactly these rules and figures"
    )
    parameters: dict[str, Any] | None = Field(default=None, description="Other figures, as in options.parameters")


class ReplayFilter(Facts):
    """Which decisions are computed again; all of them if nothing is named."""

    jurisdiction: Annotated[str, Field(pattern=r"^[0-9]{2,12}$")] | None = Field(
        default=None, description="This place and all below it", examples=["999900"]
    )
    case: Reference | None = None
    household_ref: Reference | None = None
    start: Day | None = Field(default=None, alias="from", description="Decided for this day or later")
    until: Day | None = Field(default=None, description="Decided for this day or earlier")
    programme: Programme | None = None
    status: Annotated[str, Field(max_length=20, pattern=WITHOUT_NUL)] | None = None
    ruleset: Annotated[str, Field(max_length=80, pattern=WITHOUT_NUL)] | None = None
    rule: Annotated[str, Field(max_length=100, pattern=WITHOUT_NUL)] | None = None
    parameter: Annotated[str, Field(max_length=100, pattern=WITHOUT_NUL)] | None = None
    document: Annotated[str, Field(max_length=200, pattern=WITHOUT_NUL)] | None = None
    engine: Annotated[str, Field(max_length=20, pattern=WITHOUT_NUL)] | None = None


class BulkReplay(ReplayParameters):
    """Many decisions computed again in the background."""

    filter: ReplayFilter | None = Field(default=None, description="Which decisions; all of them if absent")
