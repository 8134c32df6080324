"""Answers to the acceptance cases, for tests of results and of assumptions."""

from typing import Any, Final

from app.rules.values.strict_json import Json
from tests.support.rules import ask, by_key, cases

CASES: Final = {case["name"]: case["request"] for case in cases()}


def result_of(name: str, programme: str, person: str | None = None, **changed: Any) -> Json:
    return by_key(ask(CASES[name] | changed, "en"))[programme, person]


STANDARD_ZH, STANDARD_EN = "低保标准（每人每月）", "Dibao standard per person and month: "
