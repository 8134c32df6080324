"""The JSON Schema from which an app draws its form: steps, examples and shapes."""

from typing import Any

from app.rules.facts.examples import REQUEST
from app.rules.facts.json_schema import facts_schema, prepared
from app.rules.facts.request import AssessmentRequest


def request_schema() -> dict[str, Any]:
    return prepared(AssessmentRequest.model_json_schema(), REQUEST)


def _parts(node: Any) -> list[dict[str, Any]]:
    """Every object of a schema, the outermost first."""
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    own = [node] if isinstance(node, dict) else []
    return own + [part for value in inner for part in _parts(value)]


def test_no_amount_has_a_binary_step_and_each_is_described() -> None:
    for schema in (facts_schema(), request_schema()):
        numbers = [part for part in _parts(schema) if part.get("type") == "number"]
        assert numbers
        assert not [part for part in _parts(schema) if "multipleOf" in part]
        assert all(part["description"].startswith("CNY, not negative") for part in numbers)


def test_a_description_of_its_own_stays() -> None:
    schema = {"properties": {"a": {"anyOf": [{"type": "number", "multipleOf": 0.01, "description": "own"}]}}}
    assert prepared(schema, {})["properties"]["a"]["anyOf"] == [{"type": "number", "description": "own"}]


def test_a_field_takes_its_example_from_the_complete_one_unless_it_has_its_own() -> None:
    own = {"anyOf": [{"type": "string", "examples": ["x"]}, {"type": "null"}]}
    schema = {
        "properties": {
            "own": own,
            "plain": {"type": "string"},
            "absent": {"type": "string"},
            "list": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
            "one": {"anyOf": [{"$ref": "#/$defs/Other"}, {"type": "null"}]},
        },
        "$defs": {
            "Part": {"properties": {"inner": {"type": "integer"}}},
            "Other": {"properties": {"inner": {"type": "integer"}}},
        },
    }
    example = {"own": "y", "plain": "z", "list": [{"inner": 1}], "one": {"inner": 2}}
    found = prepared(schema, example)
    assert "examples" not in found["properties"]["own"]
    assert found["properties"]["plain"]["examples"] == ["z"]
    assert "examples" not in found["properties"]["absent"]
    assert found["$defs"]["Part"]["properties"]["inner"]["examples"] == [1]
    assert found["$defs"]["Other"]["properties"]["inner"]["examples"] == [2]


def test_the_parts_of_a_request_have_titles_in_both_languages() -> None:
    properties = request_schema()["properties"]
    assert (properties["household"]["title_zh"], properties["options"]["title_zh"]) == ("家庭", "选项")
    assert facts_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_only_what_has_a_unit_or_a_source_in_law_names_one() -> None:
    income = facts_schema()["$defs"]["Income"]["properties"]
    assert (income["basic_pension"]["unit"], income["basic_pension"]["law"]) == ("CNY", "民发〔2021〕57号 13")
    assert income["wage"]["unit"] == "CNY"
    assert "law" not in income["wage"]
    member = facts_schema()["$defs"]["Member"]["properties"]
    assert member["special_hardship"]["law"] == "社会救助法 21"
    assert not {"unit", "law"} & set(member["employed"])
