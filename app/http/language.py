"""The language of an answer, by the caller's Accept-Language."""

from typing import Annotated

from fastapi import Depends, Request

from app.rules.messages import Language


def language_of(request: Request) -> Language:
    """Chinese unless the caller prefers English (Accept-Language)."""
    header = request.headers.get("accept-language", "")
    if not header:
        return "zh"
    best: tuple[float, Language] = (0.0, "zh")
    for part in header.split(",")[:10]:
        tag, _, weight = part.strip().partition(";")
        language: Language | None = (
            "zh" if tag.lower().startswith("zh") else "en" if tag.lower().startswith("en") else None
        )
        quality = _quality(weight)
        if language is not None and quality > best[0]:
            best = (quality, language)
    return best[1]


def _quality(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0


async def _language(request: Request) -> Language:
    return language_of(request)


LanguageDep = Annotated[Language, Depends(_language)]
"""The language of titles and messages."""
