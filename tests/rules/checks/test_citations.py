"""Cited documents and articles that are missing or not in force are found, and so are faults of notices and remedies."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from app.rules.packs.library import Library
from app.rules.packs.pack import load_packs
from app.rules.packs.strict_yaml import PackError
from tests.rules.checks.changed_packs import Case, change, check, found_in, line_of

SHAOYANG = "430500/pack.yaml"
DOCUMENTS = {
    "a document of another place": Case(
        SHAOYANG,
        "value: 420, document: shaoyang-plan",
        "value: 420, document: kaizhou-plan",
        "value: 420",
        "no pack along the path holds the document kaizhou-plan",
    ),
    "an article of a value": Case("CN/edge.yaml", 'article: "8"', 'article: "99"', '"99"', "has no article '99'"),
    "an article of a rule": Case(
        "CN/income.yaml",
        '[[社会救助暂行办法, "10"]]',
        '[[社会救助暂行办法, "71"]]',
        '"71"',
        "has no article '71'",
    ),
    "an article of a step": Case(
        "CN/dibao.yaml",
        '[[民发〔2012〕220号, "25"]]',
        '[[民发〔2012〕220号, "41"]]',
        '"41"',
        "has no article '41'",
    ),
    "an article of a choice": Case(
        "CN/alternatives.yaml",
        '[[民发〔2021〕43号, "9"]]',
        '[[民发〔2021〕43号, "30"]]',
        '"30"',
        "民发〔2021〕43号 has no article '30'",
    ),
    "an older document that is not held": Case(
        "CN/pack.yaml",
        "comes_before: [民发〔2012〕220号]",
        "comes_before: [民发〔2012〕222号]",
        "222号",
        "no pack along the path holds the document 民发〔2012〕222号",
    ),
    "an article of a referral": Case(
        "CN/referrals.yaml",
        'basis: [[国办发〔2010〕54号, "四（二）"]]',
        'basis: [[国办发〔2010〕54号, "四（四）"]]',
        '54号, "四（四）"',
        "国办发〔2010〕54号 has no article '四（四）'",
    ),
    "a referral before its law": Case(
        "CN/referrals.yaml",
        "- {from: 2026-07-01, programmes: [extreme_poverty_support], basis: [[社会救助法",
        "- {from: 2026-06-30, programmes: [extreme_poverty_support], basis: [[社会救助法",
        "2026-06-30, programmes",
        "社会救助法 was not in force on 2026-06-30",
    ),
    "an article of a parameter": Case(
        "CN/parameters.yaml",
        '[[社会救助法, "44"]]',
        '[[社会救助法, "79"]]',
        '"79"',
        "社会救助法 has no article '79'",
    ),
    "an article of an opening": Case(
        "CN/family.yaml",
        'basis: [[民发〔2021〕57号, "40"], [民发〔2012〕220号, "37"]]',
        'basis: [[民发〔2021〕57号, "43"], [民发〔2012〕220号, "37"]]',
        '"43"',
        "民发〔2021〕57号 has no article '43'",
    ),
    "not yet in force": Case(
        "CN/edge.yaml",
        "- {from: 2021-07-01, value: 1.5",
        "- {from: 2021-06-30, value: 1.5",
        "value: 1.5",
        "民发〔2021〕57号 was not in force on 2021-06-30",
    ),
    "ended and still relied on": Case(
        "CN/family.yaml",
        'formula: "True"\n    versions:\n      - {from: 2014-05-01, basis: [[民发〔2012〕220号, "5"]]}\n'
        '      - {from: 2021-07-01, basis: [[民发〔2021〕57号, "7"]]}\n',
        'formula: "True"\n    versions:\n      - {from: 2014-05-01, basis: [[民发〔2012〕220号, "05"]]}\n',
        '"05"',
        "民发〔2012〕220号 ended on 2021-06-30 and is relied on until further notice",
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_citation_that_does_not_hold_is_found_where_it_stands(content: Path, name: str) -> None:
    check(content, DOCUMENTS[name])


# safeguards

HEARING = '    outcomes: [reduced, terminated]\n    basis: [[社会救助法, "48"]]'
SAFEGUARDS = {
    "a safeguard citing a document nobody holds": (
        '[[无此法, "48"]]',
        "no pack along the path holds the document 无此法",
    ),
    "a safeguard citing an article the law has not": ('[[社会救助法, "999"]]', "社会救助法 has no article '999'"),
}


@pytest.mark.parametrize(("basis", "message"), SAFEGUARDS.values(), ids=SAFEGUARDS)
def test_a_safeguard_is_checked_like_what_it_rests_on(content: Path, basis: str, message: str) -> None:
    new = HEARING.replace('[[社会救助法, "48"]]', basis)
    check(content, Case("CN/pack.yaml", HEARING, new, f"basis: {basis}", message))


REMEDY = """    law: 行政诉讼法
    versions:
      - {from: 2014-05-01, until: 2026-06-30, basis: [[社会救助暂行办法, "65"]]}"""


REFUSAL = '    outcomes: [refused]\n    basis: [[社会救助法, "45"]]'
NOTICES = {
    "a remedy citing an article the document has not": (
        REMEDY,
        REMEDY.replace('"65"', '"99"'),
        "社会救助暂行办法 has no article '99'",
    ),
    "a remedy citing a law that had not begun": (
        REMEDY,
        REMEDY.replace("社会救助暂行办法", "社会救助法"),
        "社会救助法 was not in force on 2014-05-01",
    ),
    "a written notice citing a document nobody holds": (
        REFUSAL,
        REFUSAL.replace("社会救助法", "无此法"),
        "no pack along the path holds the document 无此法",
    ),
}


@pytest.mark.parametrize(("old", "new", "message"), NOTICES.values(), ids=NOTICES)
def test_what_notices_cite_is_checked_like_what_results_rest_on(
    content: Path, old: str, new: str, message: str
) -> None:
    change(content, "CN/remedies.yaml", old, new)
    assert message in {fault.message for fault in found_in(content)}


def test_a_remedy_that_leaves_the_rest_to_a_document_nobody_holds_is_found(content: Path) -> None:
    change(content, "CN/remedies.yaml", "law: 行政复议法", "law: 无此法")
    assert "no pack along the path holds the document 无此法" in {fault.message for fault in found_in(content)}


def test_a_safeguard_of_an_unknown_event_cannot_be_read(content: Path) -> None:
    change(content, "CN/pack.yaml", "event: hearing", "event: party")
    with pytest.raises(PackError, match="event in hearing") as caught:
        load_packs(content)
    assert caught.value.line == line_of(content, "CN/pack.yaml", "event: party")


@pytest.mark.parametrize(("day", "heard"), [("2026-06-30", False), ("2026-07-01", True), ("2030-01-01", True)])
def test_the_hearing_is_demanded_from_the_day_the_law_begins(day: str, heard: bool) -> None:
    library = Library(load_packs())
    for division in ("999900", "430500", "500154"):
        found = library.safeguards(library.path(division), dt.date.fromisoformat(day))
        assert [(one.event, set(one.outcomes)) for one in found] == ([("hearing", {"reduced", "terminated"})] * heard)
