"""Asking the shipped rules, as tests do it."""

import datetime as dt
import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from app.rules.messages import Language
from app.rules.service import Rules
from app.rules.values.strict_json import Json

CASES: Final = Path(__file__).parent.parent / "cases"
NOW: Final = dt.datetime(2026, 11, 21, 10, tzinfo=dt.UTC)

Key = tuple[str, str | None]


@lru_cache
def rules() -> Rules:
    return Rules.shipped()


def ask(request: Json, language: Language = "zh", **options: Any) -> Json:
    """The answer to a request, with some options set."""
    if options:
        request = request | {"options": (request.get("options") or {}) | options}
    return rules().assess(request, language, NOW)


def by_key(answer: Json) -> dict[Key, Json]:
    """The results by programme and person."""
    return {(result["programme"], result["person"]): result for result in answer["results"]}


def cases() -> list[Json]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(CASES.glob("*.json"))]
