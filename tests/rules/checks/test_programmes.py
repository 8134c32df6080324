"""Programmes that name rules, lines or documents that do not exist or do not fit are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.checks.changed_packs import Case, check

FIRST_TESTS = "tests: [unattended_child.of_age, unattended_child.not_orphan, unattended_child.parents_cannot_care]"
PROGRAMMES = {
    "an unknown test": Case(
        "CN/children.yaml",
        FIRST_TESTS,
        "tests: [unattended_child.not_orphan, unattended_child.alone]",
        "unattended_child.alone",
        "unattended_child.alone is not a rule",
    ),
    "a programme's eligibility as a test": Case(
        "CN/children.yaml",
        FIRST_TESTS,
        "tests: [unattended_child.not_orphan, orphan_subsidy.eligible]",
        "orphan_subsidy.eligible]",
        "orphan_subsidy.eligible is not a rule",
    ),
    "a test that is an amount": Case(
        "CN/children.yaml",
        FIRST_TESTS,
        "tests: [unattended_child.not_orphan, orphan.amount]",
        "not_orphan, orphan.amount]",
        "orphan.amount is CNY/month, a condition is wanted",
    ),
    "a rule for an obligor": Case(
        "CN/children.yaml",
        FIRST_TESTS,
        "tests: [unattended_child.not_orphan, support.unable_outside]",
        "support.unable_outside]",
        "support.unable_outside is for obligors; a rule for households or members is wanted",
    ),
    "a member's rule for a household": Case(
        "CN/edge.yaml",
        "group: low_income.band_published",
        "group: old_age.of_age",
        "group: old_age.of_age",
        "old_age.of_age is for members; a rule for households is wanted",
    ),
    "a member's rule for a household's referral": Case(
        "CN/referrals.yaml",
        "programmes: [low_income_family], when: referral.somebody_of_school",
        "programmes: [low_income_family], when: referral.of_school",
        "[low_income_family], when: referral.of_school",
        "referral.of_school is for members; a rule for households is wanted",
    ),
    "a choice of what is for a household": Case(
        "CN/alternatives.yaml",
        "pick: extreme_poverty_support",
        "pick: dibao",
        "pick: dibao",
        "dibao is for households; a choice is between programmes for a person",
    ),
    "a referral named like one above": Case(
        "500000/pack.yaml",
        "  employment.free_services:",
        "  employment.support:",
        "from: 2016-05-01, programmes",
        "employment.support is already the name of a referral above",
    ),
    "an amount that is a condition": Case(
        "CN/allowances.yaml",
        "amount: elder_care.subsidy",
        "amount: elder_care.of_age",
        "amount: elder_care.of_age",
        "elder_care.of_age is bool, CNY/month is wanted",
    ),
    "a line in other money": Case(
        "CN/allowances.yaml",
        "lines: [elder_care.subsidy]",
        "lines: [education.amount]",
        "lines: [education.amount]",
        "education.amount is CNY/year, CNY/month is wanted",
    ),
    "an amount of a mere status": Case(
        "CN/edge.yaml",
        "group: low_income.band_published",
        "group: low_income.band_published\n        amount: dibao.amount",
        "amount: dibao.amount",
        "the nation declares no unit",
    ),
    "an assumption under an unknown condition": Case(
        "CN/dibao.yaml",
        "when: assumed.any_parent",
        "when: assumed.nothing",
        "assumed.nothing",
        "is not a rule",
    ),
    "a caution under an amount": Case(
        "CN/temporary.yaml",
        "when: temporary.happened_elsewhere",
        "when: temporary.persons",
        "when: temporary.persons",
        "temporary.persons is number, a condition is wanted",
    ),
    "a step under a member's condition": Case(
        "CN/temporary.yaml",
        "pay_first: [{value: must, when: temporary.pay_first,",
        "pay_first: [{value: must, when: old_age.of_age,",
        "old_age.of_age",
        "old_age.of_age is for members",
    ),
    "a decisive rule that is no test": Case(
        "CN/temporary.yaml",
        "decisive: temporary.income_test",
        "decisive: temporary.amount",
        "decisive: temporary.amount",
        "temporary.amount is not among the tests of temporary_assistance",
    ),
    "a ground under an unknown condition": Case(
        "CN/children.yaml",
        "grounds: [{when: assumed.revoked_or_deported,",
        "grounds: [{when: assumed.nothing,",
        "assumed.nothing",
        "assumed.nothing is not a rule",
    ),
    "a count of people that is an amount": Case(
        "CN/dibao.yaml",
        "per_head: dibao.size",
        "per_head: dibao.income",
        '- {from: 2014-05-01, basis: [[社会救助暂行办法, "9"], [民发〔2012〕220号, "4"]]}',
        "dibao.income is CNY/month, number is wanted",
    ),
    "a test of a replaced programme": Case(
        "442000/pack.yaml",
        "tests: [unattended_child.not_orphan, unattended_child.own_scheme_test]",
        "tests: [unattended_child.not_orphan, unattended_child.alone]",
        "unattended_child.alone",
        "unattended_child.alone is not a rule",
    ),
}


@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_faulty_programme_is_found_where_it_stands(content: Path, name: str) -> None:
    check(content, PROGRAMMES[name])
