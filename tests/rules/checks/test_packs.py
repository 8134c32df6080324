"""Wrong codes, names, levels and parents of packs are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.checks.changed_packs import CHONGQING, KAIZHOU, MODEL, Case, change, check, found_in

PACKS = {
    "a parent that is not loaded": Case(
        KAIZHOU,
        'parent: "500000"',
        'parent: "810000"',
        "parent:",
        "the parent 810000 of 500154 is not loaded",
    ),
    "a fictional pack that does not say so in Chinese": Case(
        MODEL,
        '{zh: "示例市（虚构）", en: "Model',
        '{zh: "示例市", en: "Model',
        "name:",
        "999900 is fictional",
    ),
    "a fictional pack that does not say so in English": Case(
        MODEL, "Model City (fictional)", "Model City", "name:", "999900 is fictional"
    ),
}


@pytest.mark.parametrize("name", PACKS)
def test_a_faulty_head_of_a_pack_is_found_where_it_stands(content: Path, name: str) -> None:
    check(content, PACKS[name])


@pytest.mark.parametrize("code", ["50015", "5001540", "050154", "kaizhou"])
def test_a_code_of_no_division_is_found(content: Path, code: str) -> None:
    (content / "500154").rename(content / code)
    check(
        content,
        Case(f"{code}/pack.yaml", '"500154"', f'"{code}"', "division:", f"{code} is not a GB/T 2260 code"),
    )


def test_packs_above_one_another_are_found(content: Path) -> None:
    change(content, CHONGQING, "level: province", 'level: province\nparent: "500154"')
    found = found_in(content)
    below = [CHONGQING, KAIZHOU]
    assert [fault.file for fault in found] == below
    assert {fault.message for fault in found} == {f"{file[:6]} is above itself" for file in below}


def test_formula_that_cannot_be_linked_is_the_only_fault(content: Path) -> None:
    case = Case(
        MODEL,
        "formula: age(person) >= 60",
        "formula: age(person) >= size",
        "age(person) >= size",
        "unknown name",
    )
    check(content, case)
