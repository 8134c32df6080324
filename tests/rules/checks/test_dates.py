"""Gaps and overlaps between dated values and versions are found where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.checks.changed_packs import HULUNBUIR, MODEL, Case, change, check, found_in, line_of

DATES = {
    "a gap between two versions": Case(
        "CN/income.yaml",
        '- {from: 2014-05-01, basis: [[社会救助暂行办法, "10"]]}',
        '- {from: 2014-05-01, until: 2026-05-31, basis: [[社会救助暂行办法, "10"]]}',
        "until: 2026-05-31",
        "standard has no version on 2026-06-01",
    ),
    "a rule that begins after the framework": Case(
        "CN/family.yaml",
        'formula: "True"\n    versions:\n      - {from: 2014-05-01,',
        'formula: "True"\n    versions:\n      - {from: 2015-01-01,',
        "from: 2015-01-01",
        "family.joins_as_spouse begins on 2015-01-01; the framework begins on 2014-05-01",
    ),
    "an ended last version": Case(
        "CN/income.yaml",
        '- {from: 2026-07-01, basis: [[社会救助法, "19"]]}',
        '- {from: 2026-07-01, until: 2030-12-31, basis: [[社会救助法, "19"]]}',
        "until: 2030-12-31",
        "standard has no version on 2031-01-01",
    ),
    "the same first day and publication": Case(
        MODEL,
        "- {from: 2022-07-01, value: 760, document: model-city-rules, published: 2022-07-01}",
        "- {from: 2021-07-01, value: 760, document: model-city-rules, published: 2021-07-01}",
        "value: 760",
        "dibao.standard.urban is said twice from 2021-07-01",
    ),
    "an end before the beginning": Case(
        HULUNBUIR,
        "until: 2020-12-31, value: 660,",
        "until: 2019-12-31, value: 660,",
        "value: 660",
        "dibao.standard.urban ends on 2019-12-31, before it begins on 2020-01-01",
    ),
    "an overlap within one document": Case(
        HULUNBUIR,
        "until: 2019-12-31, value: 620,",
        "until: 2020-06-30, value: 620,",
        "value: 620",
        "dibao.standard.urban is said until 2020-06-30, but again from 2020-01-01",
    ),
    "an overlap of which nothing says when it was published": Case(
        MODEL,
        "- {from: 2021-07-01, value: 1.5, document: model-city-rules}",
        "- {from: 2021-07-01, until: 2023-12-31, value: 1.5, document: model-city-rules}\n"
        "    - {from: 2022-07-01, value: 1.6, document: model-city-rules}",
        "until: 2023-12-31",
        "edge.multiple is said until 2023-12-31, but again from 2022-07-01",
    ),
}


@pytest.mark.parametrize("name", DATES)
def test_a_gap_or_an_overlap_is_found_where_it_stands(content: Path, name: str) -> None:
    check(content, DATES[name])


def test_a_document_that_ends_before_it_begins_is_found(content: Path) -> None:
    """Everything that rests on it is at fault too."""
    change(content, MODEL, "    from: 2021-07-01\n", "    from: 2021-07-01\n    until: 2020-01-01\n")
    first, *others = found_in(content)
    assert first.line == line_of(content, MODEL, "until: 2020-01-01")
    assert first.message == "model-city-rules ends before it begins"
    assert all("model-city-rules was not in force" in fault.message for fault in others)


def test_one_value_for_all_keys_beside_those_of_each_key_is_found(content: Path) -> None:
    new = "  dibao.standard:\n    - {from: 2021-07-01, value: 700, document: model-city-rules}\n"
    change(content, MODEL, "  dibao.standard.urban:\n", f"{new}  dibao.standard.urban:\n")
    lines = {line_of(content, MODEL, "value: 720"), line_of(content, MODEL, "value: 6480")}
    assert {fault.line for fault in found_in(content)} == lines


def test_later_publication_may_take_over_before_the_end(content: Path) -> None:
    change(
        content,
        MODEL,
        "- {from: 2022-07-01, value: 760,",
        "- {from: 2022-07-01, until: 2023-12-31, value: 760,",
    )
    assert found_in(content) == []
