"""The figure from which a warning is given, and that one warning does not hide the next."""

import pytest

from app.rules.checks.warnings import warnings
from app.rules.packs.library import Library
from app.rules.packs.pack import CONTENT, Pack
from tests.rules.packs.texts import city


@pytest.fixture(scope="module")
def nation() -> Pack:
    return Pack.load(CONTENT / "CN")


def _found(nation: Pack, **values: list[str]) -> list[str]:
    """What is said of some values, without the place's name; `__` stands for the dots of a parameter."""
    text = "values:\n"
    for name, entries in values.items():
        text += f"  {name.replace('__', '.')}:\n" + "".join(f"    - {{{entry}, document: x}}\n" for entry in entries)
    library = Library({"CN": nation, "999900": city(text)})
    return [finding.message.removeprefix("999900 (999900) ") for finding in warnings(library)]


def test_a_change_of_a_quarter_is_plausible_and_one_of_more_is_not(nation: Pack) -> None:
    old = "from: 2022-01-01, value: 400"
    assert _found(nation, minimum_wage=[old, "from: 2022-07-01, value: 500"]) == []
    assert _found(nation, minimum_wage=[old, "from: 2022-07-01, value: 300"]) == []
    assert _found(nation, minimum_wage=[old, "from: 2022-07-01, value: 500.01"]) == [
        "minimum_wage rises by more than 25 %, from 400 a month (2022-01-01) to 500.01 a month (2022-07-01)"
    ]
    assert _found(nation, minimum_wage=[old, "from: 2022-07-01, value: 299.99"]) == [
        "minimum_wage falls by more than 25 %, from 400 a month (2022-01-01) to 299.99 a month (2022-07-01)"
    ]


def test_figures_are_compared_up_to_four_hundred_days_apart(nation: Pack) -> None:
    old = "from: 2022-01-01, value: 400"
    assert len(_found(nation, minimum_wage=[old, "from: 2023-02-05, value: 900"])) == 1
    assert _found(nation, minimum_wage=[old, "from: 2023-02-06, value: 900"]) == []


def test_each_change_is_found_though_another_is_plausible_or_long_after(nation: Pack) -> None:
    entries = [
        "from: 2014-01-01, value: 100",
        "from: 2018-01-01, value: 400",
        "from: 2018-07-01, value: 410",
        "from: 2019-01-01, value: 900",
        "from: 2019-07-01, value: 910",
    ]
    found = _found(nation, minimum_wage=entries)
    assert found == [
        "minimum_wage rises by more than 25 %, from 410 a month (2018-07-01) to 900 a month (2019-01-01)"
    ]  # fmt: skip


YEAR = "precision: year"


def test_years_without_a_value_are_named_one_or_several(nation: Pack) -> None:
    def between(last: int, first: int) -> list[str]:
        before = f"from: {last}-01-01, until: {last}-12-31, value: 400, {YEAR}"
        return _found(nation, minimum_wage=[before, f"from: {first}-01-01, value: 410, {YEAR}"])

    assert between(2015, 2016) == []
    assert between(2015, 2017) == ["minimum_wage has no value for 2016: 400 a month in 2015, 410 a month in 2017"]
    assert between(2015, 2019) == ["minimum_wage has no value for 2016-2018: 400 a month in 2015, 410 a month in 2019"]


def test_only_values_dated_by_the_year_leave_years_out_and_each_gap_is_found(nation: Pack) -> None:
    entries = [
        "from: 2010-01-01, until: 2010-12-31, value: 390",
        f"from: 2012-01-01, until: 2012-12-31, value: 395, {YEAR}",
        f"from: 2013-01-01, until: 2013-12-31, value: 396, {YEAR}",
        f"from: 2015-01-01, until: 2015-12-31, low: 390, high: 400, {YEAR}",
        f"from: 2017-01-01, value: 400, {YEAR}",
    ]
    found = _found(nation, minimum_wage=entries)
    assert found == [
        "minimum_wage has no value for 2014: a value in 2013, a value in 2015",
        "minimum_wage has no value for 2016: a value in 2015, a value in 2017",
    ]


def test_basic_living_at_one_point_three_is_plausible_and_a_fen_below_is_not(nation: Pack) -> None:
    standard = ["from: 2022-01-01, value: 500"]
    exact = {"dibao__standard__urban": standard, "extreme_poverty__basic__urban": ["from: 2022-01-01, value: 650"]}
    assert _found(nation, **exact) == []
    below = exact | {"extreme_poverty__basic__urban": ["from: 2022-01-01, value: 649.99"]}
    assert _found(nation, **below) == [
        "extreme_poverty.basic.urban on 2022-01-01: 649.99 a month is below 1.3 x dibao.standard "
        "(500 a month x 1.3 = 650 a month)"
    ]


def test_a_later_pair_of_figures_is_looked_at_after_a_plausible_one_and_each_pair_once(nation: Pack) -> None:
    standard = ["from: 2022-01-01, value: 500", "from: 2023-01-01, value: 500", "from: 2024-01-01, value: 520"]
    basic = ["from: 2022-01-01, value: 650", "from: 2022-06-01, value: 640"]
    found = _found(nation, dibao__standard__urban=standard, extreme_poverty__basic__urban=basic)
    assert sorted(message.partition(":")[0] for message in found) == [
        "extreme_poverty.basic.urban on 2022-06-01",
        "extreme_poverty.basic.urban on 2024-01-01",
    ]


def test_a_rural_figure_at_the_urban_one_is_plausible_and_one_above_is_not(nation: Pack) -> None:
    urban = ["from: 2022-01-01, value: 500"]
    assert _found(nation, dibao__standard__urban=urban, dibao__standard__rural=urban) == []
    found = _found(
        nation,
        dibao__standard__urban=urban,
        dibao__standard__rural=["from: 2022-01-01, value: 490", "from: 2022-06-01, value: 500.01"],
        disposable_income__urban=urban,
        disposable_income__rural=["from: 2022-01-01, value: 501"],
    )
    assert sorted(found) == [
        "dibao.standard on 2022-06-01: rural 500.01 a month is above urban 500 a month",
        "disposable_income on 2022-01-01: rural 501 a month is above urban 500 a month",
    ]


def test_a_rural_figure_without_an_urban_one_is_compared_with_nothing(nation: Pack) -> None:
    assert _found(nation, dibao__standard__rural=["from: 2022-01-01, value: 490"]) == []
    assert _found(nation, dibao__standard__urban=["from: 2022-01-01, value: 490"]) == []


def test_two_pairs_with_the_same_figure_on_one_side_are_both_looked_at(nation: Pack) -> None:
    found = _found(
        nation,
        dibao__standard__urban=["from: 2022-01-01, value: 500", "from: 2023-01-01, value: 490"],
        dibao__standard__rural=["from: 2022-01-01, value: 510"],
    )
    assert found == [
        "dibao.standard on 2022-01-01: rural 510 a month is above urban 500 a month",
        "dibao.standard on 2023-01-01: rural 510 a month is above urban 490 a month",
    ]
