"""Any text is either a typed tree or refused, however it was made."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.rules.language import types as t
from app.rules.language.names import SUBJECTS
from app.rules.language.parser import FormulaError, parse
from app.rules.language.tree import Node
from app.rules.packs.library import Library
from app.rules.packs.pack import Pack, load_packs

# random text


def _formulas(packs: dict[str, Pack]) -> Iterator[str]:
    for pack in packs.values():
        for rules in (pack.content.rules, pack.content.replaces):
            for rule in rules.values():
                yield from (text for text in (rule.formula, *(v.formula for v in rule.versions)) if text)
        for values in pack.content.values.values():
            yield from (value.formula for value in values if value.formula)


PACKS: Final = load_packs()
FORMULAS: Final = sorted(set(_formulas(PACKS)))
PACK_NAMES: Final = Library(PACKS).names
PIECES: Final = sorted(
    {
        *(
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            ",",
            ":",
            ".",
            " ",
            "\n",
            '"',
            "'",
            "\\",
            "#",
            "\0",
            "\t",
            "\f",
            "\r",
            "=",
            ":=",
        ),
        *(
            " for ",
            " in ",
            " if ",
            " else ",
            " and ",
            " or ",
            " not ",
            " is ",
            "lambda ",
            "await ",
            "yield ",
            "async ",
        ),
        *(
            "+",
            "-",
            "*",
            "/",
            "**",
            "//",
            "%",
            "@",
            "<",
            "<=",
            "==",
            "!=",
            "~",
            "|",
            "&",
            "^",
            ">>",
            "...",
            "->",
            ";",
        ),
        *(
            "0",
            "1",
            "1e3",
            "1_0",
            "0x1",
            "1j",
            "0.1",
            "True",
            "None",
            "__class__",
            "person",
            "members",
            "m",
            "today",
        ),
        *(
            "sum",
            "max",
            "count",
            "yuan",
            "months",
            "round_up",
            "age",
            "published",
            "unpublished",
            "band",
            "f'{m}'",
        ),
        *("residence", "standard", "dibao.standard", "\u6807\u51c6", "\u00a0", "\ud800"),
    }
)


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """A formula of the packs, cut, spliced with pieces of others and with single tokens."""
    text = draw(st.sampled_from(FORMULAS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 20)))
        other = draw(st.sampled_from(FORMULAS))
        piece = draw(st.sampled_from(PIECES) | st.just(other) | st.just(other[start:end]) | st.just(text[start:end]))
        text = text[:start] + piece + text[end:]
    return text


HOSTILE_TEXT: Final = (
    mutations()
    | st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
    | st.text(st.characters(max_codepoint=127), max_size=200)
    | st.text(max_size=50)
)


@pytest.mark.parametrize("subject", SUBJECTS)
@settings(max_examples=400, deadline=timedelta(seconds=2), suppress_health_check=[HealthCheck.too_slow])
@given(text=HOSTILE_TEXT)
def test_any_text_is_a_typed_tree_or_refused(subject: str, text: str) -> None:
    fault: FormulaError | None = None
    found: Any = None
    try:
        found = parse(text, subject, PACK_NAMES)
    except FormulaError as error:
        fault = error
    if fault is not None:
        assert fault.line >= 1
        assert fault.column >= 1
    else:
        assert isinstance(found, Node)
        assert isinstance(found.type, t.Type)


def test_every_formula_of_the_packs_is_collected() -> None:
    assert len(FORMULAS) > 100
