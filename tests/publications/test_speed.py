"""The work of checking a publication grows with its size, not with the square of it, whatever it has many of."""

from __future__ import annotations

import cProfile
import datetime as dt
from collections.abc import Callable
from typing import Any, Final

import pytest

from app.publications.candidate import MOST_FORMULAS, candidate, new_warnings
from app.publications.comparison import comparison, first_days
from app.publications.errors import FaultyPublication
from app.publications.intake import read_publication
from app.rules.values.strict_json import Json
from tests.support.rules import rules

MANY: Final = 60
URBAN: Final = "dibao.standard.urban"
DOCUMENT: Final = {
    "title": {"zh": "通知（虚构）", "en": "Notice (fictional)"},
    "published": "2027-06-20",
    "articles": 3,
}


def day(number: int) -> str:
    return (dt.date(2027, 8, 1) + dt.timedelta(days=number)).isoformat()


def notice(values: Json, *documents: str) -> Json:
    return {"jurisdiction": "999900", "documents": dict.fromkeys(documents or ("n",), DOCUMENT), "values": values}


def entries(many: int, **more: Callable[[int], Any]) -> list[Json]:
    plain: dict[str, Callable[[int], Any]] = {"from": day, "value": lambda _: 960, "document": lambda _: "n"}
    return [{name: value(number) for name, value in (plain | more).items()} for number in range(many)]


def of_formulas(many: int) -> list[Json]:
    found = entries(many, formula=lambda _: "dibao.standard[residence] * 0.3")
    return [{name: said for name, said in one.items() if name != "value"} for one in found]


SHAPES: Final[dict[str, Callable[[int], Json]]] = {
    "values": lambda many: notice({URBAN: entries(many)}),
    "values that all overlap, each corrected": lambda many: notice(
        {URBAN: entries(many, until=lambda number: day(number + 9 * many), published=lambda number: day(-number))}
    ),
    "values of alternate years": lambda many: notice(
        {
            URBAN: entries(
                many,
                **{"from": lambda number: day(800 * number)},
                until=lambda number: day(800 * number + 1),
                value=lambda number: 960 + 500 * (number % 2),
                precision=lambda _: "year",
            )
        }
    ),
    "documents": lambda many: notice(
        {URBAN: entries(many, document=lambda number: f"n{number}")}, *(f"n{number}" for number in range(many))
    ),
    "formulas": lambda many: notice({"dibao.uplift.minor": of_formulas(many)}),
    "faults": lambda many: notice({URBAN: entries(many, value=lambda _: 0)}, "other"),
}


def calls(body: Json) -> int:
    """How many functions are called from a request to what is shown of it: the same on every machine."""
    library = rules().library
    profile = cProfile.Profile()
    profile.enable()
    try:
        found = candidate(library.packs, read_publication(body), dt.date(2026, 11, 20))
        new_warnings(library, found.rules.library, "999900")
        comparison(library.packs["999900"], found.pack, found.rules.library, "zh")
        comparison(found.pack, found.pack, found.rules.library, "zh")
        first_days(found.pack, library.packs["999900"])
    except FaultyPublication:
        pass
    finally:
        profile.disable()
    return sum(one.callcount for one in profile.getstats())


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_as_much_is_twice_the_work(shape: str) -> None:
    once, twice, four_times = (calls(SHAPES[shape](MANY * factor)) for factor in (1, 2, 4))
    assert four_times - twice < 2.4 * (twice - once)  # 2 if it is linear, 4 if it is quadratic


def test_more_formulas_than_can_be_compiled_are_a_fault() -> None:
    with pytest.raises(FaultyPublication) as refused:
        candidate(rules().library.packs, read_publication(SHAPES["formulas"](MOST_FORMULAS)), dt.date(2026, 11, 20))
    assert "formulas" in refused.value.faults[0].reason
