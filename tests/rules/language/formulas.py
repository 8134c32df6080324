"""Names for formulas of tests, and reading them."""

from typing import Final

import pytest

from app.rules.language import types as t
from app.rules.language.names import Names, ParameterSpec, RuleSpec
from app.rules.language.parser import FormulaError, parse
from app.rules.language.tree import Node
from app.rules.language.vocabulary import COLLECTIONS, EDUCATION, FACTS, RESIDENCE

NAMES: Final = Names(
    FACTS,
    COLLECTIONS,
    parameters={
        "dibao.standard": ParameterSpec(t.MONEY_MONTH, RESIDENCE),
        "minimum_wage": ParameterSpec(t.MONEY_MONTH),
        "disability.care": ParameterSpec(t.MONEY_MONTH, t.NUMBER),
        "education_aid.amount": ParameterSpec(t.MONEY_YEAR, EDUCATION),
        "edge.multiple": ParameterSpec(t.NUMBER),
        "amount_mode": ParameterSpec(t.BOOL),
        "months_allowed": ParameterSpec(t.MONTHS),
    },
    rules={
        "standard": RuleSpec(t.MONEY_MONTH, "household"),
        "household.size": RuleSpec(t.NUMBER, "household"),
        "counted": RuleSpec(t.BOOL, "member"),
        "is_able": RuleSpec(t.BOOL, "obligor"),
    },
    questions=frozenset({"officer.doubt"}),
)


def read(text: str, subject: str = "member") -> Node:
    return parse(text, subject, NAMES)


def refused(text: str, subject: str = "member") -> FormulaError:
    with pytest.raises(FormulaError) as caught:
        read(text, subject)
    assert str(caught.value) == caught.value.message
    return caught.value
