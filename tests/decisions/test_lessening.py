"""What a decision takes from its household: of everything that was granted and goes on, whatever its kind."""

from __future__ import annotations

from typing import Final

import pytest

from app.decisions.lessening import lessenings
from app.decisions.state import DecisionState
from app.rules.values.strict_json import Json
from tests.support.decisions.states import confirmation, decision, id_of, outcome, result, state_of
from tests.support.rules import rules

PROGRAMMES: Final = rules().library.programmes
ONCE: Final = [id_ for id_, declared in PROGRAMMES.items() if declared.unit == "CNY/once"]
LASTING: Final = [id_ for id_ in PROGRAMMES if id_ not in ONCE]
MONTH: Final = "2026-11"
FIRST, SECOND = id_of(1), id_of(2)


def granted(programme: str, figure: str = "300.00") -> tuple[Json, Json]:
    """A result and its outcome, in the unit of the programme; a status has no figure."""
    unit = PROGRAMMES[programme].unit  # type: ignore[index]
    said = None if unit is None else figure
    made = result("eligible", said, programme=programme, unit=unit or "")
    return made, outcome("granted", said, programme=programme) | {"unit": unit}


def refused(programme: str) -> tuple[Json, Json]:
    return result("ineligible", programme=programme), outcome("refused", programme=programme)


def taken(before: list[tuple[Json, Json]], now: list[tuple[Json, Json]], **more: str) -> list[tuple[str, bool]]:
    """In which ways something is taken, each with whether it is in the month of the decision or later."""
    first = decision(*(made for made, _ in before)) | {"id": str(FIRST)}
    stood = state_of(first, confirmation(*(said for _, said in before)))
    own = decision(*(made for made, _ in now), date="2026-09-20", **more) | {"id": str(SECOND)}
    state = DecisionState(own, bytes(32), household={FIRST: stood})
    found = lessenings(state, [said for _, said in now], PROGRAMMES, MONTH)
    return sorted({(one.way, one.month >= MONTH) for one in found})


ENDED: Final = [("terminated", False), ("terminated", True)]


@pytest.mark.parametrize("programme", LASTING)
def test_the_end_of_whatever_goes_on_is_a_loss(programme: str) -> None:
    assert taken([granted(programme)], [refused(programme)]) == ENDED
    assert taken([granted(programme)], [granted(programme)]) == []


@pytest.mark.parametrize("programme", [id_ for id_ in LASTING if PROGRAMMES[id_].unit])
def test_less_of_whatever_is_paid_by_the_month_or_the_year_is_a_loss(programme: str) -> None:
    lowered = [("reduced", False), ("reduced", True)]
    assert taken([granted(programme)], [granted(programme, "299.99")]) == lowered
    assert taken([granted(programme)], [granted(programme, "300.01")]) == []


@pytest.mark.parametrize("programme", ONCE)
def test_what_was_granted_once_is_taken_back_by_a_correction_alone(programme: str) -> None:
    before, corrects = [granted(programme)], {"corrects": str(FIRST)}
    assert taken(before, [refused(programme)]) == []
    assert taken(before, [granted(programme, "100.00")]) == []
    assert taken(before, [granted(programme, "100.00")], **corrects) == [("reduced", True)]
    assert taken(before, [refused(programme)], **corrects) == [("terminated", True)]
    assert taken(before, before, **corrects) == []


@pytest.mark.parametrize("status", [id_ for id_ in LASTING if PROGRAMMES[id_].unit is None])
def test_who_rises_above_a_status_loses_nothing(status: str) -> None:
    above = PROGRAMMES[status].above  # type: ignore[index]
    assert "dibao" in above
    for other in above:
        assert taken([granted(status)], [refused(status), granted(other)]) == []
        assert taken([granted(status)], [refused(status), refused(other)]) == ENDED
