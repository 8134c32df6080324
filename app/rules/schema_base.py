"""The base of every request and answer model: fields described in both languages, with units and examples."""

from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_after_validator_function

from app.rules.values.text import LINE_PATTERN, LINES_PATTERN, WORD_PATTERN, is_readable


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


def described(zh: str, en: str, *examples: Any, unit: str | None = None, **more: Any) -> Any:
    """Declares a field described in both languages, with its unit and examples; `more` goes to Pydantic's Field."""
    extra: dict[str, Any] = {"title_zh": zh} | ({"unit": unit} if unit else {})
    return Field(description=en, json_schema_extra=extra, examples=list(examples) or None, **more)


@dataclass(frozen=True)
class Readable:
    """Refuses texts with characters that nobody can read, and documents what it refuses."""

    pattern: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"pattern": self.pattern} | handler(schema)

    def _checked(self, text: str) -> str:
        if not is_readable(text, self.pattern):
            raise PydanticCustomError("wrong_form", "a character that may not stand here")
        return text


WORD: Final = Readable(WORD_PATTERN)
"""A text without white space: `Annotated[str, Field(min_length=1, max_length=64), WORD]`."""
PRINTABLE: Final = Readable(LINE_PATTERN)
"""A text of one line."""
PROSE: Final = Readable(LINES_PATTERN)
"""A text of several lines."""
