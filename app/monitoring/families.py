"""Who belongs to a household after somebody joined or left it. A changed household is a copy."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Final

from app.rules.values.strict_json import Json

_NEWBORN: Final = "newborn"
_COUPLE: Final = ("applicant", "spouse")


def born(relation: str | None, on: dt.date, household: Json) -> Json | None:
    """A child that was born: without income. None where its relation to the applicant does not follow from its parent's."""
    if relation is None:
        return None
    taken = {person["id"] for part in ("members", "obligors") for person in household.get(part) or ()}
    id_ = next(name for n in range(len(taken) + 1) if (name := f"{_NEWBORN}{n or ''}") not in taken)
    return {"id": id_, "relation": relation, "birth_date": on.isoformat(), "income": {}}


def joined(household: Json, other: Json, tied_by: str | None, person: str) -> Json:
    """The household with somebody more, who owes nobody support from outside any more. Whose child or spouse the applicant's
    own is follows from the relation; anybody else is that of the person the event is about."""
    result = copy.deepcopy(household)
    follows = {"child_of": "child", "spouse_of": "spouse"}
    if tied_by is not None and other.get(tied_by) is None and other["relation"] != follows[tied_by]:
        other = other | {tied_by: [person] if tied_by == "child_of" else person}
    result["members"].append(other)
    if result.get("obligors"):
        result["obligors"] = [one for one in result["obligors"] if one["id"] != other["id"]]
    return result


def parted(household: Json, person: str) -> Json | None:
    """The household after a divorce: of the couple the one leaves who does not apply, and owes the children who stay support,
    how much is not known. None where no couple is on record."""
    members = {one["id"]: one for one in household["members"]}
    spouse = _spouse_of(members, person)
    if spouse is None:
        return None
    gone = members[spouse if members[person]["relation"] == "applicant" else person]
    children = [one["id"] for one in members.values() if _is_child(one, gone)]
    result = without(household, gone["id"])
    if result is not None and children and result.get("obligors") is not None:
        owes = {"id": gone["id"], "of": children, "relation": "parent", "birth_date": gone["birth_date"]}
        result["obligors"].append(owes)
    return result


def _spouse_of(members: dict[str, Json], person: str) -> str | None:
    own: str | None = members[person].get("spouse_of")
    named = next((one["id"] for one in members.values() if one.get("spouse_of") == person), None)
    couple = [one["id"] for one in members.values() if one["relation"] in _COUPLE]
    others = [id_ for id_ in couple if id_ != person] if person in couple else []
    return own or named or (others[0] if others else None)


def _is_child(one: Json, parent: Json) -> bool:
    if one.get("child_of"):
        return parent["id"] in one["child_of"]
    return one["relation"] == "child" and parent["relation"] in _COUPLE


def without(household: Json, person: str) -> Json | None:
    """The household without somebody, without members if nobody is left. None where nobody applies any more."""
    result = copy.deepcopy(household)
    members = [member for member in result["members"] if member["id"] != person]
    if members and not any(member["relation"] == "applicant" for member in members):
        return None
    for member in members:
        if member.get("spouse_of") == person:
            member["spouse_of"] = None
        if member.get("child_of"):
            member["child_of"] = [parent for parent in member["child_of"] if parent != person]
    result["members"] = members
    if result.get("obligors"):
        result["obligors"] = [one for one in result["obligors"] if one["id"] != person and _owes(one, person)]
    if result.get("receiving"):
        result["receiving"] = [one for one in result["receiving"] if one.get("person") != person]
    return result


def _owes(obligor: Json, gone: str) -> bool:
    """Strikes out whoever is gone, and tells if the obligor still owes somebody support."""
    obligor["of"] = [one for one in obligor["of"] if one != gone]
    return bool(obligor["of"])
