"""JSON Schema of the household, from which an app can draw its form."""

from functools import lru_cache
from typing import Any

from app.rules.facts import Household


@lru_cache
def facts_schema() -> dict[str, Any]:
    """Every field with its titles (`title` English, `title_zh` Chinese), its unit, and its source in law where it has one."""
    schema = Household.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema
