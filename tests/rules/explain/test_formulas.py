"""Each construct of a formula is read aloud in both languages."""

import pytest

from app.rules.explain.formulas import formula_words
from app.rules.language.parser import parse
from app.rules.language.tree import Fact
from app.rules.language.vocabulary import FACTS
from tests.support.rules import rules


@pytest.mark.parametrize(
    ("subject", "formula", "zh", "en"),
    [
        ("household", "True", "是", "true"),
        ("household", "yuan(5)", "5元", "5 yuan"),
        ("household", "months(3)", "3个月", "3 months"),
        ("household", "1.5", "1.5", "1.5"),
        ("household", "'urban'", "urban", "urban"),
        ("household", "residence", "城乡", "Urban or rural"),
        ("member", "person.income.wage", "工资性收入", "Wage"),
        ("member", "age(person)", "年龄", "age"),
        (
            "household",
            "dibao.standard[residence]",
            "〔低保标准（每人每月）〕",
            "〔Dibao standard per person and month〕",
        ),
        (
            "household",
            "published(minimum_wage)",
            "当地公布了〔最低工资标准（月）〕",
            "〔Minimum wage a month〕 is published",
        ),
        ("household", "household.size", "“计算人口数”", "“Number of counted members”"),
        ("household", "dibao.eligible", "符合最低生活保障条件", "eligible for Minimum living guarantee (dibao)"),
        (
            "household",
            "minimum_wage + yuan_month(1) * 2",
            "〔最低工资标准（月）〕 ＋ 1元 × 2",
            "〔Minimum wage a month〕 ＋ 1 yuan × 2",
        ),
        (
            "household",
            "(minimum_wage + yuan_month(1)) * 2",
            "（〔最低工资标准（月）〕 ＋ 1元） × 2",
            "(〔Minimum wage a month〕 ＋ 1 yuan) × 2",
        ),
        (
            "household",
            "(minimum_wage - yuan_month(1)) / 2",
            "（〔最低工资标准（月）〕 － 1元） ÷ 2",
            "(〔Minimum wage a month〕 － 1 yuan) ÷ 2",
        ),
        (
            "household",
            "minimum_wage < yuan_month(1)",
            "〔最低工资标准（月）〕 低于 1元",
            "〔Minimum wage a month〕 is below 1 yuan",
        ),
        ("household", "True and False", "是，且否", "true and false"),
        ("household", "True and (True or False)", "是，且（是，或否）", "true and (true or false)"),
        ("household", "not (True and False)", "不是：（是，且否）", "not (true and false)"),
        ("household", "1 if True else 2", "如果是，则为1，否则为2", "1 if true, otherwise 2"),
        (
            "household",
            "residence in ('urban', 'rural')",
            "城乡属于〔urban、rural〕",
            "Urban or rural is one of 〔urban, rural〕",
        ),
        (
            "household",
            "{'urban': 1, 'rural': 2}[residence]",
            "按城乡（urban: 1；rural: 2）",
            "by Urban or rural (urban: 1; rural: 2)",
        ),
        ("household", "min(1, 2)", "1、2中的最小者", "the smallest of 1, 2"),
        ("household", "max(1, 2, 3)", "1、2、3中的最大者", "the largest of 1, 2, 3"),
        (
            "household",
            "round_up(minimum_wage, 10)",
            "〔最低工资标准（月）〕 向上取整到10元",
            "〔Minimum wage a month〕 rounded up to 10 yuan",
        ),
        (
            "household",
            "round_down(minimum_wage + minimum_wage, 0.1)",
            "（〔最低工资标准（月）〕 ＋ 〔最低工资标准（月）〕） 向下取整到0.1元",
            "(〔Minimum wage a month〕 ＋ 〔Minimum wage a month〕) rounded down to 0.1 yuan",
        ),
        (
            "household",
            "round_half_up(minimum_wage, 1)",
            "〔最低工资标准（月）〕 四舍五入到1元",
            "〔Minimum wage a month〕 rounded to 1 yuan",
        ),
        ("member", "months_between(person.absent_since, today)", "自离家日期起的整月数", "months since Absent since"),
        (
            "household",
            "unpublished(minimum_wage)",
            "〔最低工资标准（月）〕（待认定）",
            "〔Minimum wage a month〕 (open)",
        ),
        (
            "household",
            "unpublished(minimum_wage, yuan_month(1))",
            "〔最低工资标准（月）〕（未公布，不少于1元）",
            "〔Minimum wage a month〕 (unpublished, at least 1 yuan)",
        ),
        (
            "household",
            "unpublished(minimum_wage, yuan_month(1), yuan_month(2))",
            "〔最低工资标准（月）〕（未公布，1元至2元）",
            "〔Minimum wage a month〕 (unpublished, 1 yuan to 2 yuan)",
        ),
        ("household", "count(m for m in members)", "家庭成员的人数", "the number of members"),
        (
            "household",
            "count(m for m in members if m.counted)",
            "家庭成员中“计算人口（不含特困人员）”者的人数",
            "the number of members where “Counted, persons in extreme-poverty support set apart”",
        ),
        ("household", "sum(m.income.wage for m in members)", "家庭成员合计：工资性收入", "the sum over members: Wage"),
        (
            "household",
            "any(m.counted for m in members if m.counted)",
            "家庭成员中“计算人口（不含特困人员）”者有任何一项：“计算人口（不含特困人员）”",
            "any over members where “Counted, persons in extreme-poverty support set apart”: “Counted, persons in extreme-poverty support set apart”",
        ),
        (
            "household",
            "all(m.counted for m in members)",
            "家庭成员每一项均：“计算人口（不含特困人员）”",
            "all over members: “Counted, persons in extreme-poverty support set apart”",
        ),
        ("obligor", "max(1 for d in obligor.disabilities)", "各项残疾最大者：1", "the largest over disabilities: 1"),
        ("household", "crisis.given", "申报了急难", "a crisis is reported"),
        (
            "household",
            "extreme_poverty.age_16_17",
            "〔16、17周岁人员新申请特困供养，各文件规定不一，由经办人员认定〕（待认定）",
            "〔The texts disagree on new applicants of 16 and 17 years; an officer decides〕 (open)",
        ),
    ],
)
def test_a_formula_is_read_aloud(subject: str, formula: str, zh: str, en: str) -> None:
    library = rules().library
    node = parse(formula, subject, library.names)
    assert (formula_words(node, library, "zh"), formula_words(node, library, "en")) == (zh, en)


@pytest.mark.parametrize("entity", FACTS)
def test_every_fact_has_words(entity: str) -> None:
    for path, spec in FACTS[entity].items():
        node = Fact(spec.type, "", entity, path, spec.optional)
        assert formula_words(node, rules().library, "zh") not in ("", path)
        assert formula_words(node, rules().library, "en") != ""
