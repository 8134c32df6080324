"""The facts a formula reads that came after rulesets were first stored: only rulesets that read them hash them."""

from collections.abc import Iterator
from typing import Final

from app.rules.language.tree import Aggregate, Fact, Node, walk
from app.rules.language.vocabulary import COLLECTIONS, FACTS

_ADDED_COLLECTIONS: Final = {path for specs in COLLECTIONS.values() for path, spec in specs.items() if spec.added}


def added_facts(node: Node | None) -> Iterator[tuple[str, list[object]]]:
    """Yields the facts and collections a formula reads that came after rulesets were first stored, each with its type."""
    for part in walk(node):
        if isinstance(part, Aggregate) and part.source.path in _ADDED_COLLECTIONS:
            yield part.source.path, [part.entity]
        if isinstance(part, Fact):
            spec = FACTS[part.entity].get(part.path)
            if spec is not None and spec.added:
                yield f"{part.entity}.{part.path}", [str(spec.type), list(spec.type.values)]
