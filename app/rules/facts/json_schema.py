"""Makes the JSON Schema of a household, from which an app can draw its form."""

from functools import lru_cache
from typing import Any, Final

from app.rules.facts.examples import REQUEST
from app.rules.facts.household import Household

_AMOUNT: Final = "CNY, not negative, at most two decimals; as a text it cannot lose any on the way"


@lru_cache
def facts_schema() -> dict[str, Any]:
    """Returns every field with its titles (`title` English, `title_zh` Chinese), unit, source in law and example."""
    schema = prepared(Household.model_json_schema(), REQUEST["household"])
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema


def prepared(schema: dict[str, Any], example: Any) -> dict[str, Any]:
    """Makes the JSON Schema of a model fit for forms: no binary steps, and an example for every field."""
    without_binary_steps(schema)
    add_examples(schema, schema.get("$defs", {}), example)
    return schema


def without_binary_steps(node: Any) -> None:
    """Removes `multipleOf`: few binary fractions are multiples of 0.01, so validators would refuse plain amounts."""
    if isinstance(node, dict):
        if node.get("type") == "number":
            node.pop("multipleOf", None)
            node.setdefault("description", _AMOUNT)
        for part in node.values():
            without_binary_steps(part)
    elif isinstance(node, list):
        for part in node:
            without_binary_steps(part)


def add_examples(schema: dict[str, Any], shapes: dict[str, Any], example: Any) -> None:
    """Gives every field without an example the value it has in a complete one."""
    for name, field in schema.get("properties", {}).items():
        for value in _values(example, name):
            if not _has_example(field):
                field["examples"] = [value]
            shape = _shape(field, shapes)
            if shape is not None:
                for item in value if isinstance(value, list) else [value]:
                    add_examples(shape, shapes, item)


def _values(example: Any, name: str) -> list[Any]:
    return [example[name]] if isinstance(example, dict) and name in example else []


def _has_example(node: Any) -> bool:
    if isinstance(node, dict):
        return "examples" in node or any(_has_example(part) for part in node.values())
    return isinstance(node, list) and any(_has_example(part) for part in node)


def _shape(node: Any, shapes: dict[str, Any]) -> dict[str, Any] | None:
    """Returns the shape a field refers to, alone, in a list or beside null."""
    if isinstance(node, dict):
        if "$ref" in node:
            found: dict[str, Any] = shapes[node["$ref"].rpartition("/")[2]]
            return found
        parts: list[Any] = [*node.get("anyOf", []), node.get("items")]
        return next((shape for part in parts if (shape := _shape(part, shapes)) is not None), None)
    return None
