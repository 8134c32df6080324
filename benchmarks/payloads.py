"""The requests that are timed: the worked example of the documentation and the same family in one of the five places."""

from __future__ import annotations

import copy
from typing import Any, Final

from app.rules.facts.examples import FAMILY_OF_THREE as EXAMPLE

PLACE: Final = ("430500", "2020-06-15")  # a real place, on a day for which it published its standard


def worked_example() -> dict[str, Any]:
    """The documented example as it stands, asking for reasons."""
    return copy.deepcopy(EXAMPLE) | {"options": {"explain": "reasons"}}


def household_of_three() -> dict[str, Any]:
    """The worked example with every question answered: nobody outside the household owes support."""
    request = worked_example()
    request["household"]["obligors"] = []
    return request


def in_a_real_place() -> dict[str, Any]:
    """The same household of three in one of the five places."""
    jurisdiction, date = PLACE
    return household_of_three() | {"jurisdiction": jurisdiction, "date": date}
