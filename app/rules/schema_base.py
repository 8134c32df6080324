"""The base of every request and answer model: fields described in both languages, with units and examples."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


def described(zh: str, en: str, *examples: Any, unit: str | None = None, **more: Any) -> Any:
    """A field described in both languages, with its unit and examples; `more` goes to Pydantic's Field."""
    extra: dict[str, Any] = {"title_zh": zh} | ({"unit": unit} if unit else {})
    return Field(description=en, json_schema_extra=extra, examples=list(examples) or None, **more)


def schemas(*models: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schemas of some shapes and of those they are made of, by name."""
    found: dict[str, Any] = {}
    for model in models:
        schema = model.model_json_schema(by_alias=True, ref_template="#/components/schemas/{model}")
        found.update(schema.pop("$defs", {}))
        found[model.__name__] = schema
    return found
