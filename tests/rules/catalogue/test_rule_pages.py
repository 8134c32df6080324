"""The rule pages in docs/rules are what the packs say today.

After a change of the packs, `UPDATE_PAGES=1 uv run pytest tests/rules/catalogue/test_rule_pages.py` writes them anew; the difference is
for a person to read and approve.
"""

import os
from pathlib import Path

import pytest

from app.rules.catalogue.rule_pages import Pages, Scenario
from app.rules.language.vocabulary import PROGRAMMES
from tests.support.rules import ask, by_key, cases, rules

FOLDER = Path(__file__).parents[3] / "docs" / "rules"
MOST_SCENARIOS = 4


def _scenarios(programme: str) -> list[Scenario]:
    """A few cases of the programme, of as many statuses as there are."""
    found: list[Scenario] = []
    seen: set[str] = set()
    for case in cases():
        for (id_, _), result in by_key(ask(case["request"])).items():
            named = any(expected["programme"] == programme for expected in case["expect"])
            if id_ == programme and named and result["status"] not in seen and len(found) < MOST_SCENARIOS:
                seen.add(result["status"])
                found.append((case["name"], case["request"], result))
    return found


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_the_page_is_approved(programme: str) -> None:
    page = Pages(rules().library, "zh").page(programme, _scenarios(programme))
    path = FOLDER / f"{programme}.md"
    if os.environ.get("UPDATE_PAGES"):
        FOLDER.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == page


def test_there_is_no_page_of_a_programme_that_is_gone() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == set(PROGRAMMES)
