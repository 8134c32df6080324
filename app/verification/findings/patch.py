"""Reads and changes a household at JSON Pointers. A changed household is a copy."""

from __future__ import annotations

import copy
from typing import Any, Final

from app.rules.facts.household import Assets, Household, Income, Outgoings
from app.rules.values.strict_json import Json

_ROOT: Final = "/household/"
_WHOLE: Final[dict[str, type[Assets] | type[Income]]] = {"assets": Assets, "income": Income}


def places_of(household: Json) -> dict[str, str]:
    """The place of each person in the household, by the person's id: `members/0`, `obligors/2`."""
    return {
        person["id"]: f"{part}/{number}"
        for part in ("members", "obligors")
        for number, person in enumerate(household.get(part) or ())
    }


def declared_at(household: Household, pointer: str) -> Any:
    """The declared fact at a pointer: fen, a flag, a day, a text, the default if left out; None while it is unknown."""
    value: Any = household
    for part in pointer.removeprefix(_ROOT).split("/"):
        if value is None:
            return None
        value = value[int(part)] if isinstance(value, list) else _attribute(value, part)
    return value


def _attribute(value: Any, name: str) -> Any:
    """Reads a part. Outgoings that are not named are none; any other part that is not named is unknown."""
    found = getattr(value, name)
    return _NO_OUTGOINGS if name == "outgoings" and found is None else found


_NO_OUTGOINGS: Final = Outgoings()


def changed(household: Json, values: Json) -> Json:
    """The household with other values at some pointers; None makes a fact unknown.

    Where nothing was said of income or assets, what is still not said of them stays unknown: an empty object would say
    that there are none.
    """
    result = copy.deepcopy(household)
    for pointer, value in values.items():
        *way, name = pointer.removeprefix(_ROOT).split("/")
        owner: Any = result
        for part in way:
            owner = owner[int(part)] if isinstance(owner, list) else _entered(owner, part)
        owner[name] = value
    return result


def _entered(owner: Json, name: str) -> Any:
    if owner.get(name) is None:
        owner[name] = dict.fromkeys(_WHOLE[name].model_fields) if name in _WHOLE else {}
    return owner[name]
