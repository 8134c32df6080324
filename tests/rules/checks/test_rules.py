"""Circles among rules and rules that nothing uses are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.checks.changed_packs import MODEL, Case, change, check, found_in, line_of

UNUSED_RULE = """rules:
  spare.rule:
    title: {zh: "无用", en: "Spare"}
    formula: "True"
    versions:
      - {from: 2014-05-01}
"""


RULES = {
    "a rule no result uses": Case(
        "CN/edge.yaml", "rules:\n", UNUSED_RULE, 'en: "Spare"', "no result uses the rule spare.rule"
    ),
    "a parameter nobody reads": Case(
        "CN/parameters.yaml",
        "questions:\n",
        '  spare.figure:\n    title: {zh: "无用", en: "Spare"}\n    unit: number\nquestions:\n',
        'en: "Spare"',
        "nothing reads the parameter spare.figure",
    ),
    "a question nobody asks": Case(
        "CN/parameters.yaml",
        "questions:\n",
        'questions:\n  spare.question: {zh: "无用", en: "Spare"}\n',
        'en: "Spare"',
        "no rule asks the question spare.question",
    ),
    "a test where an unknown parameter is printed": Case(
        "CN/property.yaml",
        "where: [dibao.property.shops]",
        "where: [dibao.property.stalls]",
        "dibao.property.stalls",
        "dibao.property.stalls is not a parameter",
    ),
    "an opening for an unknown parameter": Case(
        "CN/edge.yaml",
        "parameter: rigid.kinds",
        "parameter: rigid.sorts",
        "rigid.sorts",
        "rigid.sorts is not a parameter",
    ),
    "a circle of values by formula": Case(
        MODEL,
        "- {from: 2021-07-01, value: 1400, document: model-city-rules, published: 2021-07-01}",
        "- {from: 2021-07-01, until: 2021-12-31, formula: unattended_child.standard,"
        " document: model-city-rules}\n"
        "    - {from: 2022-01-01, value: 1400, document: model-city-rules}",
        "formula: unattended_child.standard",
        "value.orphan.dispersed needs value.unattended_child.standard needs value.orphan.dispersed",
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_that_cannot_stand_is_found_where_it_stands(content: Path, name: str) -> None:
    check(content, RULES[name])


def test_circle_in_one_place_is_found_in_its_version(content: Path) -> None:
    change(content, MODEL, "dibao.difference + dibao.uplift, 1)", "dibao.difference + dibao.per_head, 1)")
    (fault,) = found_in(content)
    assert (fault.file, fault.line) == (MODEL, line_of(content, MODEL, "dibao.per_head") + 1)
    assert fault.message == "dibao.amount needs dibao.per_head needs dibao.amount"


def test_circle_of_national_rules_is_found_in_every_version(content: Path) -> None:
    somebody = "formula: any(m.dibao.counted for m in members)"
    change(content, "CN/dibao.yaml", somebody, "formula: dibao.size >= 1")
    change(
        content,
        "CN/dibao.yaml",
        "formula: count(m for m in members if m.dibao.counted)",
        "formula: 1 if dibao.somebody_counted else 0",
    )
    first = line_of(content, "CN/dibao.yaml", "formula: 1 if") + 2
    found = found_in(content)
    assert {(fault.file, fault.line) for fault in found} == {
        ("CN/dibao.yaml", first),
        ("CN/dibao.yaml", first + 1),
    }
    assert {fault.message for fault in found} == {"dibao.size needs dibao.somebody_counted needs dibao.size"}
