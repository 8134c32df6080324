"""Reads formulas aloud, in Chinese or English."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from pydantic import BaseModel

from app.rules.explain.sentences import field_title
from app.rules.facts.household import (
    Assets,
    Crisis,
    Disability,
    Household,
    Income,
    Member,
    Obligor,
    Outgoings,
    ParentClaim,
    Spending,
)
from app.rules.language import tree
from app.rules.messages import Language
from app.rules.packs.library import Library
from app.rules.values.money import exact_text

_SIGNS: Final = {"+": " ＋ ", "-": " － ", "*": " × ", "/": " ÷ "}
_RELATIONS: Final[dict[str, dict[Language, str]]] = {
    "<": {"zh": "低于", "en": "is below"},
    "<=": {"zh": "不高于", "en": "is at most"},
    ">": {"zh": "高于", "en": "is above"},
    ">=": {"zh": "不低于", "en": "is at least"},
    "==": {"zh": "是", "en": "is"},
    "!=": {"zh": "不是", "en": "is not"},
}
_COLLECTIONS: Final[dict[str, dict[Language, str]]] = {
    "members": {"zh": "家庭成员", "en": "members"},
    "spouses": {"zh": "配偶", "en": "spouses"},
    "parents": {"zh": "父母", "en": "parents"},
    "children": {"zh": "子女", "en": "children"},
    "obligors": {"zh": "家庭外的义务人", "en": "obligors outside"},
    "supporters": {"zh": "已说明的家庭外的义务人", "en": "people outside who are said to owe support"},
    "owed": {"zh": "被赡养、抚养、扶养的成员", "en": "members who are owed support"},
    "disabilities": {"zh": "各项残疾", "en": "disabilities"},
    "parent_states": {"zh": "父母的情形", "en": "states of the parents"},
}
_AGGREGATES: Final[dict[str, dict[Language, str]]] = {
    "sum": {"zh": "合计", "en": "the sum"},
    "count": {"zh": "人数", "en": "the number"},
    "any": {"zh": "有任何一项", "en": "any"},
    "all": {"zh": "每一项均", "en": "all"},
    "min": {"zh": "最小者", "en": "the smallest"},
    "max": {"zh": "最大者", "en": "the largest"},
}
_GROUPS: Final[dict[str, dict[str, type[BaseModel]]]] = {
    "household": {"assets": Assets, "spending": Spending, "crisis": Crisis, "": Household},
    "member": {"income": Income, "outgoings": Outgoings, "disability": Disability, "": Member},
    "obligor": {"disability": Disability, "": Obligor},
    "disability": {"": Disability},
    "claim": {"": ParentClaim},
}
_OTHERS: Final[dict[str, dict[Language, str]]] = {
    "age": {"zh": "年龄", "en": "age"},
    "disability.any": {"zh": "有残疾", "en": "disabled"},
    "parents.claimed": {"zh": "已申报父母双方情形", "en": "parents claimed"},
    "receiving.extreme_poverty_support": {"zh": "正在享受特困供养", "en": "on extreme-poverty support"},
    "receiving.dibao": {"zh": "正在享受低保", "en": "on dibao"},
    "receiving.low_income": {
        "zh": "正在享受低收入（低保边缘）家庭救助",
        "en": "recognised as a low-income or edge family",
    },
    "obligors_told": {"zh": "说明了家庭外的义务人", "en": "who owes support outside is told"},
    "obligors_named": {"zh": "有家庭外的义务人", "en": "somebody outside owes support"},
    "supported": {"zh": "说明了家庭外的义务人", "en": "somebody outside is said to owe support"},
    "supports_stated": {"zh": "说明了应赡养、抚养、扶养的家庭数", "en": "the families to support are stated"},
    "support_ordered": {
        "zh": "有判决书、调解书或者协议书",
        "en": "support is fixed by judgment, mediation or agreement",
    },
    "crisis.given": {"zh": "申报了急难", "en": "a crisis is reported"},
    "crisis.persons_stated": {"zh": "写明了受影响人数", "en": "the persons affected are stated"},
    "exit.given": {"zh": "正在享受低保且收入已超过标准", "en": "on dibao, and income has passed the line"},
    "exit.line_passed": {"zh": "收入首次超过标准的月份", "en": "the month in which income first passed the line"},
    "exit.passed_by": {"zh": "收入超过标准的原因", "en": "why it passed the line"},
    "exit.amount": {"zh": "原低保金", "en": "the dibao that was paid"},
    "crisis.elsewhere": {"zh": "急难发生在其他区划", "en": "the crisis happened elsewhere"},
}


def formula_words(node: tree.Node, library: Library, language: Language) -> str:
    """Returns a formula in words."""
    return _Teller(library, language).say(node)


class _Teller:
    def __init__(self, library: Library, language: Language) -> None:
        self.library = library
        self.language: Language = language
        self.zh = language == "zh"

    def say(self, node: tree.Node) -> str:
        method = getattr(self, f"say_{type(node).__name__.lower()}")
        return str(method(node))

    def inner(self, node: tree.Node) -> str:
        text = self.say(node)
        compound = isinstance(node, tree.Logic | tree.Choice) or (
            isinstance(node, tree.Arithmetic) and node.operator in "+-"
        )
        return f"（{text}）" if compound and self.zh else f"({text})" if compound else text

    def say_literal(self, node: tree.Literal) -> str:
        if isinstance(node.value, bool):
            return ("是" if node.value else "否") if self.zh else str(node.value).lower()
        if isinstance(node.value, Fraction):
            units = {"money": ("元", " yuan"), "months": ("个月", " months")}
            unit = units.get(node.type.kind, ("", ""))
            return exact_text(node.value) + unit[0 if self.zh else 1]
        return node.value

    def say_fact(self, node: tree.Fact) -> str:
        if node.path in _OTHERS:
            return _OTHERS[node.path][self.language]
        group, _, name = node.path.rpartition(".")
        return field_title(_GROUPS[node.entity][group], name, self.language)

    def say_parameter(self, node: tree.Parameter) -> str:
        return "〔" + self.library.parameters[node.id].title[self.language] + "〕"

    def say_published(self, node: tree.Published) -> str:
        title = self.library.parameters[node.id].title[self.language]
        return f"当地公布了〔{title}〕" if self.zh else f"〔{title}〕 is published"

    def say_rulereference(self, node: tree.RuleReference) -> str:
        declared = self.library.rules.get(node.id)
        if declared is not None:
            return f"“{declared.title[self.language]}”"
        programme = self.library.programmes[node.id.removesuffix(".eligible")]  # type: ignore[index]
        title = programme.title[self.language]
        return f"符合{title}条件" if self.zh else f"eligible for {title}"

    def say_arithmetic(self, node: tree.Arithmetic) -> str:
        return f"{self.inner(node.left)}{_SIGNS[node.operator]}{self.inner(node.right)}"

    def say_comparison(self, node: tree.Comparison) -> str:
        words = _RELATIONS[node.operator][self.language]
        left, right = self.inner(node.left), self.inner(node.right)
        return f"{left} {words} {right}"

    def say_logic(self, node: tree.Logic) -> str:
        words = {"and": "，且", "or": "，或"} if self.zh else {"and": " and ", "or": " or "}
        return words[node.operator].join(self.inner(term) for term in node.terms)

    def say_not(self, node: tree.Not) -> str:
        return f"不是：{self.inner(node.term)}" if self.zh else f"not {self.inner(node.term)}"

    def say_choice(self, node: tree.Choice) -> str:
        condition, then, otherwise = self.say(node.condition), self.inner(node.then), self.inner(node.otherwise)
        if self.zh:
            return f"如果{condition}，则为{then}，否则为{otherwise}"
        return f"{then} if {condition}, otherwise {otherwise}"

    def say_oneof(self, node: tree.OneOf) -> str:
        values = ("、" if self.zh else ", ").join(node.values)
        return f"{self.say(node.term)}属于〔{values}〕" if self.zh else f"{self.say(node.term)} is one of 〔{values}〕"

    def say_pick(self, node: tree.Pick) -> str:
        entries = ("；" if self.zh else "; ").join(f"{name}: {self.say(value)}" for name, value in node.table)
        return f"按{self.say(node.key)}（{entries}）" if self.zh else f"by {self.say(node.key)} ({entries})"

    def say_extreme(self, node: tree.Extreme) -> str:
        terms = ("、" if self.zh else ", ").join(self.say(term) for term in node.terms)
        words = _AGGREGATES[node.function][self.language]
        return f"{terms}中的{words}" if self.zh else f"{words} of {terms}"

    def say_rounded(self, node: tree.Rounded) -> str:
        step = exact_text(Fraction(node.step_fen, 100))
        how = {
            "round_up": ("向上取整到{}元", "rounded up to {} yuan"),
            "round_down": ("向下取整到{}元", "rounded down to {} yuan"),
            "round_half_up": ("四舍五入到{}元", "rounded to {} yuan"),
        }[node.function][0 if self.zh else 1]
        return f"{self.inner(node.term)} {how.format(step)}"

    def say_monthsbetween(self, node: tree.MonthsBetween) -> str:
        since = self.say(node.since)
        return f"自{since}起的整月数" if self.zh else f"months since {since}"

    def say_unpublished(self, node: tree.Unpublished) -> str:
        declared = self.library.parameters.get(node.parameter)
        title = (
            declared.title[self.language] if declared else self.library.nation.questions[node.parameter][self.language]
        )
        if node.low is None:
            return f"〔{title}〕（待认定）" if self.zh else f"〔{title}〕 (open)"
        low = self.say(node.low)
        if node.high is None:
            return f"〔{title}〕（未公布，不少于{low}）" if self.zh else f"〔{title}〕 (unpublished, at least {low})"
        high = self.say(node.high)
        return f"〔{title}〕（未公布，{low}至{high}）" if self.zh else f"〔{title}〕 (unpublished, {low} to {high})"

    def say_aggregate(self, node: tree.Aggregate) -> str:
        collection = _COLLECTIONS[node.source.path][self.language]
        words = _AGGREGATES[node.function][self.language]
        where = self.say(node.condition) if node.condition is not None else ""
        if self.zh:
            who = f"{collection}中{where}者" if where else collection
            return f"{who}的{words}" if node.function == "count" else f"{who}{words}：{self.say(node.element)}"
        who = f"{collection} where {where}" if where else collection
        return f"{words} of {who}" if node.function == "count" else f"{words} over {who}: {self.say(node.element)}"
