"""The acceptance cases: households whose answers were worked out by hand or by an independent reading."""

from typing import Any

import pytest

from tests.support.rules import ask, by_key, cases

CASES = cases()


@pytest.mark.parametrize("explain", ["reasons", "full"], ids=["as-asked", "bounded"])
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_case_comes_out_as_worked_out(case: dict[str, Any], explain: str) -> None:
    results = by_key(ask(case["request"], explain=explain))
    for expected in case["expect"]:
        result = results.get((expected["programme"], expected["person"]))
        if result is None:
            assert expected["status"] == "not_applicable"
            continue
        assert set(expected.get("gaps_include", ())) <= set(result["gaps"])
        plain = {key: value for key, value in expected.items() if key != "gaps_include"}
        assert {key: _found(result, key) for key in plain} == {key: _sorted(value) for key, value in plain.items()}


def _sorted(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


def _found(result: dict[str, Any], key: str) -> Any:
    if key in ("value", "min", "max", "from_month"):
        return (result["amount"] or {}).get(key)
    return sorted(result[key]) if key in ("missing", "gaps") else result[key]
