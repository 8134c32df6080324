"""The base of every request and answer model: fields described in both languages, with units and examples."""

from typing import Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


def described(zh: str, en: str, *examples: Any, unit: str | None = None, **more: Any) -> Any:
    """Declares a field described in both languages, with its unit and examples; `more` goes to Pydantic's Field."""
    extra: dict[str, Any] = {"title_zh": zh} | ({"unit": unit} if unit else {})
    return Field(description=en, json_schema_extra=extra, examples=list(examples) or None, **more)


def _printable(text: str) -> str:
    if not text.isprintable():
        raise PydanticCustomError("wrong_form", "printable characters only")
    return text


PRINTABLE: Final = AfterValidator(_printable)
"""Refuses control characters: `Annotated[str, Field(min_length=1, max_length=64), PRINTABLE]`."""
