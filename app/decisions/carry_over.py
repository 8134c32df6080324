"""What a decision that follows another takes over from it where nothing was sent: whose case it is, and who they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from app.decisions.intake import Proposal
from app.decisions.schemas import DecisionDetails, Identity
from app.rules.values.strict_json import Json
from app.security.identities import Identified


def taken_over(proposal: Proposal, before: Json, people: Iterable[Identified], *, corrects: bool) -> DecisionDetails:
    """The details with the case and the household of the earlier decision, and the identities of whoever is still in the
    household and not erased. A correction is of the same application: its kind and its day of acceptance stand."""
    details = proposal.details
    found: Json = {name: before[name] for name in ("case", "household_ref") if getattr(details, name) is None}
    if details.identities is None:
        found["identities"] = _still_there(proposal, before["facts"]["household"], people) or None
    if "kind" not in details.model_fields_set:
        found["kind"] = before["decision_kind"] if corrects else "change"
    if corrects and details.accepted_on is None and before["accepted_on"] is not None:
        found["accepted_on"] = dt.date.fromisoformat(before["accepted_on"])
    return details.model_copy(update=found)


def _still_there(proposal: Proposal, household_before: Json, people: Iterable[Identified]) -> list[Identity]:
    """Whoever has the same id and the same day of birth: an id may have passed to somebody else."""
    household = proposal.question.request.household
    births = {one.id: one.birth_date.isoformat() for one in (*household.members, *(household.obligors or ()))}
    earlier = [*household_before["members"], *(household_before.get("obligors") or ())]
    there = {one["id"] for one in earlier if births.get(one["id"]) == one["birth_date"]}
    return [
        Identity.model_construct(person=one.person, name=one.said.name, id_number=one.said.id_number)
        for one in people
        if one.said is not None and one.person in there
    ]
