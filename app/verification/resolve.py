"""Values that a resolution settles, checked against its finding and the rules."""

from __future__ import annotations

from app.rules.request_faults import Fault, FaultyRequest
from app.rules.values.strict_json import Json
from app.verification.findings.compare import Finding
from app.verification.findings.effects import Assess
from app.verification.findings.patch import changed
from app.verification.schemas import ResolutionSent


def values_of(body: ResolutionSent, finding: Finding, declared: Json, household: Json, assess: Assess) -> Json:
    """The values that a resolution settles, by pointer. `household` is as it is settled so far, `declared` as it was sent.

    FaultyRequest if the finding has nothing to accept or to set, or if no household can be as it says.
    """
    values = _values(body, finding)
    if body.action != "accept_found":
        values |= _own_months(values, declared, household)
    try:
        assess(changed(household, values))
    except FaultyRequest as error:
        where = "/value" if body.action == "set_value" else "/action"
        codes = dict.fromkeys(fault.code for fault in error.faults)
        raise FaultyRequest([Fault(where, code) for code in codes]) from None
    return values


def _own_months(values: Json, declared: Json, household: Json) -> Json:
    """Months of an income figure that a person sets or lets stand: the household's own, where another finding on the
    figure was accepted over other months."""
    found: Json = {}
    for pointer in values:
        _, _, part, number, *rest = [*pointer.split("/"), "", ""]
        if part == "members" and rest[0] == "income":
            own, settled = (_months(home["members"][int(number)], rest[1]) for home in (declared, household))
            if own != settled:
                found[f"/household/members/{number}/income_periods/{rest[1]}"] = own
    return found


def _months(member: Json, kind: str) -> int:
    months: int = (member.get("income_periods") or {}).get(kind) or member.get("income_months") or 1
    return months


def _values(body: ResolutionSent, finding: Finding) -> Json:
    if body.action != "set_value" and body.value is not None:
        raise FaultyRequest([Fault("/value", "not_allowed")])
    match body.action:
        case "accept_found":
            if finding.change is None:
                raise FaultyRequest([Fault("/action", "nothing_to_settle")])
            if not finding.change.definite:
                raise FaultyRequest([Fault("/action", "value_needed")])
            return finding.change.values
        case "set_value":
            if finding.change is None:
                raise FaultyRequest([Fault("/action", "nothing_to_settle")])
            if body.value is None:
                raise FaultyRequest([Fault("/value", "required")])
            return {finding.pointer: body.value}
        case "accept_declared" if finding.change is not None and finding.declared is not None:
            return {finding.pointer: finding.declared}
    return {}
