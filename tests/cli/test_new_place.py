"""docs/adding-a-place.md, done to the letter in a copy of the packs."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from app.cli.main import app as command_line
from app.rules.checks.run import faults, faults_in
from app.rules.checks.warnings import warnings
from app.rules.packs.library import Library
from app.rules.packs.pack import load_packs
from app.rules.service import Rules
from tests.support.few_packs import copy_few
from tests.support.rules import NOW
from tests.test_documents import DOCS, ROOT, as_sent, blocks, commands, missing_from

pytestmark = pytest.mark.slow

PAGE: Final = DOCS / "adding-a-place.md"
CODE: Final = "999800"
READS_A_FOLDER: Final = ("new-place", "check")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of a few shipped packs."""
    return copy_few(tmp_path / "content")


@pytest.fixture
def finished(content: Path) -> Path:
    """The copy with the pack of the page."""
    (content / CODE).mkdir()
    _write_pack(content)
    return content


def _write_pack(content: Path) -> None:
    (pack,) = blocks(PAGE, "yaml")
    (content / CODE / "pack.yaml").write_text(pack, encoding="utf-8")


def _rules(content: Path) -> Rules:
    return Rules(Library(load_packs(content)))


def _run(line: str, content: Path) -> str:
    words = shlex.split(line)
    assert words[:3] == ["uv", "run", "doudi"]
    folder = ["--content", str(content)] if words[4] in READS_A_FOLDER else []
    result = CliRunner().invoke(command_line, [*words[3:], *folder])
    assert result.exit_code == 0, result.output
    return result.stdout


def _dibao(rules: Rules, **changes: Any) -> dict[str, Any]:
    request = json.loads(blocks(PAGE, "json")[0]) | {"programmes": ["dibao"]} | changes
    (result,) = rules.assess(request, "en", NOW)["results"]
    found: dict[str, Any] = result
    return found


def test_every_command_of_the_page_works_in_its_order(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("LANG", "C")
    lines = commands(PAGE)
    said = {lines[0]: _run(lines[0], content)}
    assert (content / CODE / "pack.yaml").is_file()
    _write_pack(content)
    monkeypatch.setattr(Rules, "shipped", lambda: _rules(content))
    for line in lines[1:]:
        said[line] = _run(line, content)
    (check,) = (text for line, text in said.items() if line.endswith("rules check"))
    assert "0处错误" in check
    assert CODE not in check
    (show,) = (text for line, text in said.items() if line.endswith(f"show {CODE} --date 2026-08-15"))
    assert "6600" in show or "550" in show
    (answer,) = (text for line, text in said.items() if " assess " in line)
    assert missing_from(json.loads(blocks(PAGE, "json")[1]), json.loads(answer)) == []


def test_the_request_of_the_page_is_the_example_file() -> None:
    request, _ = (json.loads(block) for block in blocks(PAGE, "json"))
    assert request == json.loads((DOCS / "examples" / "couple-in-archway.json").read_text(encoding="utf-8"))


def test_the_answer_of_the_page_is_the_answer(finished: Path) -> None:
    request, shown = (json.loads(block) for block in blocks(PAGE, "json"))
    assert missing_from(shown, as_sent(_rules(finished).assess(request, "en", NOW))) == []


def test_the_pack_of_the_page_has_neither_fault_nor_warning_and_says_it_is_made_up(finished: Path) -> None:
    library = Library(load_packs(finished))
    assert faults(library) == []
    assert [warning for warning in warnings(library) if warning.file.startswith(CODE)] == []
    assert library.packs[CODE].content.fictional
    assert "made up" in PAGE.read_text(encoding="utf-8")


def test_the_standard_is_not_known_before_the_notice_was_public(finished: Path) -> None:
    rules = _rules(finished)
    before, after = (_dibao(rules, known_at=day) for day in ("2026-07-09", "2026-07-10"))
    assert before["status"] == "refer"
    assert "dibao.standard" in before["gaps"]
    assert after["status"] == "eligible"


def test_the_figure_of_the_report_ends_with_its_year(finished: Path) -> None:
    rules = _rules(finished)
    within, beyond = (_dibao(rules, date=day) for day in ("2025-12-31", "2026-01-01"))
    assert "dibao.standard" not in within["gaps"]
    assert ("inferred", "dibao.standard") in {(note["kind"], note["id"]) for note in within["assumptions"]}
    assert "dibao.standard" in beyond["gaps"]


def test_a_published_range_makes_the_amount_a_range(finished: Path) -> None:
    request = {
        "jurisdiction": CODE,
        "date": "2026-08-15",
        "programmes": ["extreme_poverty_support", "old_age_allowance"],
        "household": {
            "residence": "rural",
            "members": [
                {"id": "a", "relation": "applicant", "birth_date": "1926-01-01", "income": {}, "self_care_failed": 2}
            ],
            "assets": {},
            "spending": {},
            "obligors": [],
        },
    }
    support, allowance = _rules(finished).assess(request, "en", NOW)["results"]
    assert (support["status"], support["amount"]["min"], support["amount"]["max"]) == ("eligible", "915.00", "1065.00")
    assert (allowance["amount"]["min"], allowance["amount"]["max"]) == ("300.00", "500.00")


def test_the_skeleton_is_a_pack_without_faults(content: Path) -> None:
    _run(commands(PAGE)[0].replace("（虚构）", "").replace(" (fictional)", ""), content)
    assert faults_in(load_packs(content)) == []


def test_no_made_up_place_of_the_page_is_shipped() -> None:
    assert CODE not in load_packs()
