"""What a caller is told to see to."""

from typing import Any

import pytest

from app.rules.messages import Language
from tests.rules.asking import ask, by_key


def _request(crisis: dict[str, Any]) -> dict[str, Any]:
    member = {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02", "income": {}}
    household = {
        "residence": "urban",
        "members": [member],
        "assets": {},
        "spending": {},
        "obligors": [],
        "crisis": crisis,
    }
    return {"jurisdiction": "999900", "date": "2026-08-15", "household": household}


@pytest.mark.parametrize(("language", "place"), [("zh", "（430500）"), ("en", " (430500)")])
def test_a_crisis_elsewhere_is_pointed_out_with_its_place(language: Language, place: str) -> None:
    crisis = {"kind": "emergency", "severity": "grave", "place": "430500"}
    result = by_key(ask(_request(crisis), language))["temporary_assistance", None]
    assert [warning["message"].endswith(place) for warning in result["warnings"]] == [True]
    assert result["warnings"][0]["basis"]


def test_a_crisis_in_the_place_itself_needs_no_warning() -> None:
    crisis = {"kind": "emergency", "severity": "grave", "place": "999900"}
    assert by_key(ask(_request(crisis), "en"))["temporary_assistance", None]["warnings"] == []


@pytest.mark.parametrize(("day", "said"), [("2026-06-30", []), ("2026-07-01", ["temporary.elsewhere"])])
def test_a_crisis_elsewhere_is_pointed_out_from_the_first_day_of_the_law(day: str, said: list[str]) -> None:
    request = _request({"kind": "emergency", "severity": "grave", "place": "430500"}) | {"date": day}
    warnings = by_key(ask(request, "en"))["temporary_assistance", None]["warnings"]
    assert [warning["id"] for warning in warnings] == said
