"""For which kind of assistance it is asked, in the words platforms share."""

from __future__ import annotations

from typing import Final

from app.rules.values.strict_json import Json
from app.verification.exchange.protocol import Business

_OF: Final[dict[str, dict[str, Business]]] = {
    "dibao": {"urban": "dibao_urban", "rural": "dibao_rural"},
    "single_person_dibao": {"urban": "dibao_urban", "rural": "dibao_rural"},
    "extreme_poverty_support": {"urban": "extreme_poverty_urban", "rural": "extreme_poverty_rural"},
    "temporary_assistance": {"urban": "temporary_assistance", "rural": "temporary_assistance"},
    "edge_family": {"urban": "edge_family", "rural": "edge_family"},
    "rigid_expenditure_family": {"urban": "rigid_expenditure_family", "rural": "rigid_expenditure_family"},
    "low_income_family": {"urban": "low_income_family", "rural": "low_income_family"},
}


def business_of(body: Json) -> Business:
    """The first programme that was asked for and has a word; minimum living allowance for all others, whose families
    are checked in the same way."""
    wanted = [programme for programme in body.get("programmes") or () if programme in _OF]
    return _OF[wanted[0] if wanted else "dibao"][body["household"]["residence"]]
