"""Takes facts away from a complete request, as a caseworker who has not asked yet would leave them out."""

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any, Final

from app.rules.values.strict_json import Json

Removal = tuple[str, Callable[[Json], None]]

ASSETS: Final = (
    *("financial", "vehicles", "dwellings", "company_interest", "vehicle_value", "vehicle_displacement"),
    *("disability_vehicles", "work_vehicles", "dwelling_area", "shops"),
)
SPENDING: Final = ("medical", "education", "disability_rehab", "living", "other")


def forget(request: Json, rng: random.Random, count: int) -> tuple[Json, set[str]]:
    """A copy with some facts unknown, and their JSON Pointers."""
    removals = list(_removals(request))
    chosen = rng.sample(removals, min(count, len(removals)))
    forgotten = copy.deepcopy(request)
    for _, remove in sorted(chosen, key=lambda removal: -removal[0].count("/")):
        remove(forgotten)
    return forgotten, {pointer for pointer, _ in chosen}


def _removals(request: Json) -> Iterator[Removal]:
    household = request["household"]
    for key in ("assets", "spending", "obligors"):
        if household.get(key) is not None:
            yield _null(f"/household/{key}")
    for key in ASSETS:
        yield _null(f"/household/assets/{key}")
    for key in SPENDING:
        yield _null(f"/household/spending/{key}")
    for place, member in enumerate(household["members"]):
        yield from _of_member(f"/household/members/{place}", member)
    for place, entry in enumerate(household.get("receiving") or []):
        if entry.get("line_passed") and entry.get("passed_by"):  # without both nothing is said of an exit
            for key in ("line_passed", "passed_by", "amount"):
                yield _null(f"/household/receiving/{place}/{key}")
    for place, obligor in enumerate(household.get("obligors") or []):
        for key in ("monthly_income", "assets_within_limit", "household_size"):
            yield _null(f"/household/obligors/{place}/{key}")
        if (obligor.get("disability") or {}).get("components"):
            yield _null(f"/household/obligors/{place}/disability/components")


def _of_member(where: str, member: Json) -> Iterator[Removal]:
    yield _null(f"{where}/income")
    for kind in member.get("income") or {}:
        yield _null(f"{where}/income/{kind}")
    yield _null(f"{where}/self_care_failed")
    if member.get("absent_since"):
        yield _null(f"{where}/absent_since")
    if (member.get("disability") or {}).get("components"):
        yield _null(f"{where}/disability/components")
    for parent in ("father", "mother") if member.get("parents") else ():
        for key in ("since", "term_months"):
            if key in member["parents"][parent]:
                yield _null(f"{where}/parents/{parent}/{key}")


def _null(pointer: str) -> Removal:
    parts: list[Any] = [int(part) if part.isdigit() else part for part in pointer.split("/")[1:]]

    def remove(request: Json) -> None:
        target: Any = request
        for part in parts[:-1]:
            target = target[part] if isinstance(target, list) else target.get(part)
            if target is None:
                return
        target[parts[-1]] = None

    return pointer, remove
