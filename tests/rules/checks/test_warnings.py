"""Warnings about the shipped packs, each by name, and about changed copies of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.rules.checks.run import faults
from app.rules.checks.warnings import Finding, warnings
from app.rules.packs.library import Library
from app.rules.packs.pack import load_packs
from tests.support.few_packs import copy_few

MODEL = "999900/pack.yaml"
KAIZHOU = "500154/pack.yaml"
CHONGQING = "500000/pack.yaml"
HULUNBUIR = "150700/pack.yaml"
BELOW = "is below 1.3 x dibao.standard"
NAMED = {
    (
        "430500/pack.yaml:18",
        "Shaoyang (430500) extreme_poverty.basic.urban on 2020-01-01: "
        f"689 a month {BELOW} (570 a month x 1.3 = 741 a month)",
    ),
    (
        "430500/pack.yaml:20",
        "Shaoyang (430500) extreme_poverty.basic.rural on 2015-01-01: "
        f"3200 a year {BELOW} (2640 a year x 1.3 = 3432 a year)",
    ),
    (
        "500154/pack.yaml:18",
        "Kaizhou (500154) extreme_poverty.basic.urban on 2015-01-01: "
        f"485 a month {BELOW} (420 a month x 1.3 = 546 a month)",
    ),
    (
        "150700/pack.yaml:19",
        "Hulunbuir (150700) dibao.standard.rural rises by more than 25 %, "
        "from 3800 a year (2017-01-01) to 5020 a year (2018-01-01)",
    ),
    (
        "150700/pack.yaml:29",
        "Hulunbuir (150700) extreme_poverty.basic.rural rises by more than 25 %, "
        "from 4940 a year (2017-01-01) to 6757 a year (2018-01-01)",
    ),
    *(
        (
            f"{code}/pack.yaml:8",
            f"{name} ({code}) extreme_poverty.basic on 2025-01-01: rural {rural} a month is above urban 2094.4 a month",
        )
        for code, name, rural in (
            ("440112", "Huangpu (Guangzhou)", 2413),
            ("440113", "Panyu (Guangzhou)", 2512),
            ("440115", "Nansha (Guangzhou)", 2121),
        )
    ),
}


BASICS = (
    "dibao.standard.urban",
    "dibao.standard.rural",
    "extreme_poverty.basic.urban",
    "extreme_poverty.basic.rural",
)


ORPHANS = ("orphan.dispersed", "orphan.institution")
DISABILITY = ("disability.living", "disability.care")
WITHOUT = {
    *(f"Shaoyang (430500) {name} has no value for 2016-2019" for name in (*BASICS, *ORPHANS)),
    *(f"Shaoyang (430500) {name} has no value for 2017-2019" for name in DISABILITY),
    *(
        f"Zhongshan (442000) {name} has no value for 2017-2019"
        for name in (*BASICS, *ORPHANS, *DISABILITY, "unattended_child.standard")
    ),
    *(f"Kaizhou (500154) {name} has no value for 2016-2019" for name in (*BASICS, *ORPHANS)),
}


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of a few shipped packs that may be changed."""
    return copy_few(tmp_path / "content")


def change(content: Path, file: str, old: str, new: str) -> None:
    path = content / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def added(content: Path) -> list[Finding]:
    """What deserves a look in the copy and does not in the shipped packs."""
    shipped = set(warnings(Library(load_packs())))
    return [finding for finding in warnings(Library(load_packs(content))) if finding not in shipped]


def test_the_shipped_packs_have_the_named_warnings_and_no_others() -> None:
    found = warnings(Library(load_packs()))
    without = {finding.message.partition(":")[0] for finding in found if "has no value" in finding.message}
    others = {(f"{f.file}:{f.line}", f.message) for f in found if "has no value" not in f.message}
    assert without == WITHOUT
    assert others == NAMED
    assert len(found) == len(WITHOUT) + len(NAMED)


def test_both_figures_and_both_years_are_named() -> None:
    messages = {finding.message for finding in warnings(Library(load_packs()))}
    assert (
        "Zhongshan (442000) orphan.institution has no value for 2017-2019: "
        "1340 a month in 2016, 1924.4 a month in 2020" in messages
    )


def test_findings_are_said_in_chinese_too() -> None:
    found = {(finding.file, finding.line): finding.message_zh for finding in warnings(Library(load_packs()))}
    assert found["150700/pack.yaml", 19] == (
        "呼伦贝尔市“低保标准（每人每月）”（农村）上升超过25%：2017-01-01起每年3800元，2018-01-01起每年5020元"
    )
    assert found["430500/pack.yaml", 20] == (
        "邵阳市“特困人员基本生活标准”（农村），2015-01-01：每年3200元，低于低保标准的1.3倍（每年2640元×1.3=每年3432元）"
    )


def test_findings_are_no_faults_and_come_in_order(content: Path) -> None:
    library = Library(load_packs(content))
    assert faults(library) == []
    assert warnings(library) == sorted(warnings(library))


def test_exactly_a_quarter_is_plausible(content: Path) -> None:
    change(content, HULUNBUIR, "value: 530,", "value: 610,")
    assert [f.message for f in added(content) if "dibao.standard.urban rises" in f.message] == []
    change(content, HULUNBUIR, "value: 610,", "value: 610.01,")
    (finding,) = (f for f in added(content) if "dibao.standard.urban rises" in f.message)
    assert (finding.file, finding.line) == (HULUNBUIR, 12)
    assert "from 488 a month (2016-01-01) to 610.01 a month (2017-01-01)" in finding.message


def test_a_standard_that_falls_by_more_than_a_quarter_is_pointed_out(content: Path) -> None:
    change(content, MODEL, "value: 920,", "value: 659,")
    (finding,) = (f for f in added(content) if "falls" in f.message)
    assert (finding.file, finding.line) == (MODEL, 18)
    assert finding.message == (
        "Model City (fictional) (999900) dibao.standard.urban falls by more than 25 %, "
        "from 880 a month (2025-07-01) to 659 a month (2026-07-01)"
    )


def test_money_of_a_year_and_of_a_month_are_compared_exactly(content: Path) -> None:
    """8,400 a year is 700 a month: 875 is a quarter more."""
    old = "value: 8900, per: year,"
    change(content, MODEL, old, "value: 875,")
    assert [finding for finding in added(content) if "rises" in finding.message] == []
    change(content, MODEL, "value: 875,", "value: 875.01,")
    assert "dibao.standard.rural rises" in added(content)[0].message


def test_values_long_apart_are_not_compared(content: Path) -> None:
    change(
        content,
        MODEL,
        "value: 2000, document: model-city-rules, published: 2026",
        "value: 4000, document: model-city-rules, published: 2026",
    )
    assert [finding for finding in added(content) if "minimum_wage" in finding.message] == []


def test_a_rural_standard_above_the_urban_one_is_pointed_out(content: Path) -> None:
    change(content, MODEL, "value: 8900, per: year,", "value: 11052, per: year,")
    (finding,) = (f for f in added(content) if "above urban" in f.message)
    assert (finding.file, finding.line) == (MODEL, 25)
    assert finding.message == (
        "Model City (fictional) (999900) dibao.standard on 2026-07-01: rural 921 a month is above urban 920 a month"
    )
    assert finding.message_zh.endswith("2026-07-01：农村每月921元，高于城镇每月920元")


def test_value_by_formula_is_computed(content: Path) -> None:
    change(
        content,
        MODEL,
        "round_up(dibao.standard[residence] * 1.3, 1)",
        "round_down(dibao.standard[residence] * 1.3, 1)",
    )
    (finding,) = added(content)
    assert (finding.file, finding.line) == (MODEL, 83)
    assert finding.message == (
        "Model City (fictional) (999900) extreme_poverty.basic.rural on 2026-07-01: "
        f"11568 a year {BELOW} (8900 a year x 1.3 = 11570 a year)"
    )


def test_formula_over_more_than_figures_is_left_alone(content: Path) -> None:
    change(content, MODEL, '"round_up(dibao.standard[residence] * 1.3, 1)"', "household.income")
    assert added(content) == []


def test_new_standard_of_the_province_against_the_value_of_a_county(content: Path) -> None:
    """The county's own value is pointed at, from the day on which the pair holds."""
    cited = 'document: 重庆市城乡居民最低生活保障条例, article: "10"'
    change(
        content,
        CHONGQING,
        "values:\n",
        f"values:\n  dibao.standard.urban:\n    - {{from: 2019-07-01, value: 630, {cited}}}\n",
    )
    text = (content / KAIZHOU).read_text(encoding="utf-8")
    kept = "\n".join(line for line in text.splitlines() if "value: 620" not in line)
    (content / KAIZHOU).write_text(kept + "\n", encoding="utf-8")
    (finding,) = (f for f in added(content) if BELOW in f.message and "on 2020-01-01" in f.message)
    assert (finding.file, finding.line) == (KAIZHOU, 18)
    assert "extreme_poverty.basic.urban on 2020-01-01: 806 a month" in finding.message
    assert "630 a month x 1.3 = 819 a month" in finding.message
