"""Writes results in plain sentences for the family, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

from pydantic import BaseModel

from app.rules.engine.outcomes import Outcome
from app.rules.facts import household as f
from app.rules.language import types as t
from app.rules.messages import Language
from app.rules.packs.library import Library
from app.rules.rulesets.ruleset import Figure
from app.rules.rulesets.scales import unscaled
from app.rules.values.money import exact_text

RELATIONS: Final[dict[str, dict[Language, str]]] = {
    "<": {"zh": "低于", "en": "is below"},
    "<=": {"zh": "不高于", "en": "is at most"},
    ">": {"zh": "高于", "en": "is above"},
    ">=": {"zh": "不低于", "en": "is at least"},
    "==": {"zh": "等于", "en": "equals"},
    "!=": {"zh": "不等于", "en": "differs from"},
}
_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_UNITS: Final[dict[str, dict[Language, str]]] = {
    "CNY/month": {"zh": "每月{}元", "en": "{} yuan a month"},
    "CNY/year": {"zh": "每年{}元", "en": "{} yuan a year"},
    "CNY/once": {"zh": "一次性{}元", "en": "{} yuan once"},
    "CNY": {"zh": "{}元", "en": "{} yuan"},
}
_COUNT: Final = re.compile(r"^\d+$")


def money_words(text: str, unit: str, language: Language) -> str:
    template = _UNITS.get(unit)
    return template[language].format(text) if template else text


def side_words(side: dict[str, Any], language: Language) -> str:
    """Returns a side of a comparison in words: a figure, or its range."""
    unit = "CNY" if side["unit"] == "CNY/month" else side["unit"]
    if side["value"] is not None:
        return money_words(side["value"], unit, language)
    low = money_words(side["min"] or "0.00", unit, language)
    if side["max"] is None:
        return f"至少{low}" if language == "zh" else f"at least {low}"
    high = money_words(side["max"], unit, language)
    return f"{low}至{high}" if language == "zh" else f"{low} to {high}"


def comparison_words(test: dict[str, Any], language: Language) -> str:
    """Returns a test with both figures in words: 1030.00元，低于2760.00元. Figures a head come first, if it has them."""
    relation = test["relation"] if test["holds"] is not False else _OPPOSITE[test["relation"]]
    total, heads = _compared(test, relation, language), test.get("per_head")
    if heads is None or heads["persons"] == 1:
        return total
    total = f"{heads['persons']}人合计：{total}" if language == "zh" else f"for {heads['persons']} together: {total}"
    alike = heads["left"]["value"] is not None and heads["left"]["value"] == heads["right"]["value"]
    if alike and relation in ("<", ">", "!="):  # the difference is less than a fen a head
        return total
    one = _compared(heads, relation, language)
    return f"每人{one}（{total}）" if language == "zh" else f"per head {one} ({total})"


def tells_more(test: dict[str, Any]) -> bool:
    """Tells if the two figures of a test say more than its sentence: it has them, and they are no count that is required."""
    return test["left"] is not None and not (test["left"]["unit"] == "count" and test["relation"] == ">=")


def _compared(sides: dict[str, Any], relation: str, language: Language) -> str:
    left, right = side_words(sides["left"], language), side_words(sides["right"], language)
    if sides["left"]["value"] is None or sides["right"]["value"] is None:  # a range beside a relation reads badly
        return f"{left}，对照{right}" if language == "zh" else f"{left}, against {right}"
    between = "，" if language == "zh" else " "
    words = RELATIONS[relation][language]
    return f"{left}{between}{words}{right}" if language == "zh" else f"{left} {words} {right}"


def fact_words(pointer: str, language: Language) -> str:
    """Names an unknown fact: /household/members/1/income -> 第2位成员的收入."""
    who, title = _fact(pointer, language)
    if not who:
        return title
    return f"{who}的{title}" if language == "zh" else f"{title} of {who}"


def fact_title(pointer: str, language: Language) -> str:
    """Names an unknown fact without its person: 收入."""
    return _fact(pointer, language)[1]


def _fact(pointer: str, language: Language) -> tuple[str, str]:
    """Returns the person a fact belongs to (empty for the household) and the title of the fact."""
    parts = pointer.split("/")[2:]
    who = ""
    model: type[BaseModel] | None = f.Household
    title = ""
    for part in parts:
        if _COUNT.match(part):
            if parts[0] in ("members", "obligors"):
                who = _person_words(parts[0], int(part) + 1, language)
            continue
        if model is None or part not in model.model_fields:
            break
        title = field_title(model, part, language)
        model = _model_of(model, part)
    return who, title


def _person_words(kind: str, number: int, language: Language) -> str:
    if kind == "members":
        return f"第{number}位成员" if language == "zh" else f"member {number}"
    return f"第{number}位义务人" if language == "zh" else f"obligor {number}"


def field_title(model: type[BaseModel], name: str, language: Language) -> str:
    field = model.model_fields[name]
    extra = field.json_schema_extra
    if language == "zh" and isinstance(extra, dict):
        return str(extra["title_zh"])
    return (field.title or name).split(";")[0]


def _model_of(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    found = _NESTED.get((model.__name__, name))
    return getattr(f, found) if found else None


_NESTED: Final = {
    ("Household", "members"): "Member",
    ("Household", "obligors"): "Obligor",
    ("Household", "assets"): "Assets",
    ("Household", "spending"): "Spending",
    ("Household", "receiving"): "Receiving",
    ("Member", "income"): "Income",
    ("Member", "outgoings"): "Outgoings",
    ("Member", "disability"): "Disability",
    ("Member", "parents"): "ParentClaims",
    ("ParentClaims", "father"): "ParentClaim",
    ("ParentClaims", "mother"): "ParentClaim",
    ("Obligor", "disability"): "Disability",
}


def gap_words(library: Library, id_: str, language: Language) -> str:
    question = library.nation.questions.get(id_)
    if question is not None:
        return question[language]
    declared = library.parameters.get(id_)
    return declared.title[language] if declared else id_


def _listed(words: Sequence[str], language: Language) -> str:
    shown = list(dict.fromkeys(words))
    more = len(shown) - 4
    shown = shown[:4]
    text = ("、" if language == "zh" else ", ").join(shown)
    if more > 0:
        text += f"等{more + 4}项" if language == "zh" else f" and {more} more"
    return text


class Teller:
    """Writes two or three plain sentences on one programme's result, as they would be said to the family."""

    def __init__(self, library: Library, place: str, title: str, language: Language) -> None:
        self.library = library
        self.language: Language = language
        self.openings = {status: text[language].format(place=place, title=title) for status, text in _OPENINGS.items()}
        self.stop = "。" if language == "zh" else "."

    def summary(
        self, outcome: Outcome, shaped: dict[str, Any], reason: dict[str, Any] | None, notes: list[dict[str, Any]]
    ) -> list[str]:
        """Returns sentences on the result, the reason, facts still needed, and a figure that an officer supplied."""
        language = self.language
        sentences = [self._opening(outcome.status, shaped["amount"])]
        if outcome.status == "ineligible":
            sentences += self._refusal(reason, shaped["tests"])
        elif reason is not None and reason["holds"] and reason["left"] is not None:
            met = _MET[language] if outcome.status in ("undetermined", "refer") else "{}"
            sentences.append(met.format(self._said(reason)) + self.stop)
        if outcome.missing:
            text = _listed([fact_words(pointer, language) for pointer in outcome.missing], language)
            sentences.append(f"还需要了解：{text}。" if language == "zh" else f"Still needed: {text}.")
        if outcome.gaps:
            text = _listed([gap_words(self.library, gap, language) for gap in outcome.gaps], language)
            sentences.append(_OPEN_HERE[language].format(text))
        sentences += [note["message"] + self.stop for note in notes if note["kind"] == "supplied"][:1]
        return sentences

    def _refusal(self, reason: dict[str, Any] | None, tests: list[dict[str, Any]]) -> list[str]:
        """Returns the sentence on the test that fails, or on those of which one fails in each case."""
        if reason is not None:
            return [self._said(reason) + self.stop]
        titles = ("；" if self.language == "zh" else "; ").join(test["title"] for test in tests)
        return [_NEVER_ALL[self.language].format(titles)] if tests else []

    def _said(self, test: dict[str, Any]) -> str:
        """Returns a test as it came out, with its two figures if they say more."""
        if not tells_more(test):
            return str(test["said"])
        between = "：" if self.language == "zh" else ": "
        return f"{test['said']}{between}{comparison_words(test, self.language)}"

    def _opening(self, status: str, amount: dict[str, Any] | None) -> str:
        opening = self.openings[status]
        if amount is None:
            return opening + self.stop
        return opening + _BEFORE_AMOUNT[self.language][status] + _amount_words(amount, self.language) + self.stop


_OPENINGS: Final[dict[str, dict[Language, str]]] = {
    "eligible": {"zh": "按{place}的规定，符合{title}的条件", "en": "Under the rules of {place}, entitled to: {title}"},
    "ineligible": {
        "zh": "按{place}的规定，目前不符合{title}的条件",
        "en": "Under the rules of {place}, not entitled at present to: {title}",
    },
    "undetermined": {
        "zh": "按{place}的规定，现有情况还不能确定是否符合{title}的条件",
        "en": "Under the rules of {place}, what is known does not yet decide: {title}",
    },
    "refer": {
        "zh": "是否符合{title}的条件，需由{place}的经办人员认定",
        "en": "An officer of {place} has to decide on: {title}",
    },
    "not_applicable": {
        "zh": "{title}在{place}不适用于这一情形",
        "en": "{title} does not apply to this case in {place}",
    },
}
_IF_SO: Final[dict[Language, str]] = {"zh": "；如符合，", "en": "; if entitled, "}
_BEFORE_AMOUNT: Final[dict[Language, dict[str, str]]] = {
    "zh": {"eligible": "，", "undetermined": _IF_SO["zh"], "refer": _IF_SO["zh"]},
    "en": {"eligible": ", ", "undetermined": _IF_SO["en"], "refer": _IF_SO["en"]},
}
_MET: Final[dict[Language, str]] = {"zh": "已满足的条件：{}", "en": "Already met: {}"}
_NEVER_ALL: Final[dict[Language, str]] = {
    "zh": "尚缺的情况无论如何，以下条件都不能全部满足：{}。",
    "en": "Whatever the open facts are, not all of these can be met: {}.",
}
_OPEN_HERE: Final[dict[Language, str]] = {
    "zh": "本服务没有收录当地的规定，或者须由经办人员认定：{}。",
    "en": "The place's own rule is not held here, or an officer has to decide: {}.",
}


def _amount_words(amount: dict[str, Any], language: Language) -> str:
    unit = amount["unit"]
    if amount["value"] is not None:
        return money_words(amount["value"], unit, language)
    low, high = amount["min"] or "0.00", amount["max"]
    if high is None and low == "0.00":
        return "金额待定" if language == "zh" else "the amount is still open"
    if high is None:
        words = money_words(low, unit, language)
        return f"至少{words}" if language == "zh" else f"at least {words}"
    if language == "zh":
        return money_words(f"{low}至{high}", unit, language)
    return money_words(f"{low} to {high}", unit, language)


def figure_words(figure: Figure, unit: t.Type, language: Language) -> str:
    """Returns a figure in force in words."""
    number = unscaled(figure.low, unit)
    if isinstance(number, bool):
        yes, no = ("是", "否") if language == "zh" else ("yes", "no")
        return yes if number else no
    if unit.kind == "money":
        cents = Fraction(number * 100)
        text = exact_text(number) if cents.denominator != 1 else f"{cents.numerator // 100}.{cents.numerator % 100:02d}"
        return money_words(text, "CNY", language)
    return exact_text(number)
