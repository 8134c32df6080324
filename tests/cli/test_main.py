"""The command line: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final, Literal

import pytest
import uvicorn
from fastapi import FastAPI
from typer.testing import CliRunner, Result

from app.cli.demo.assess import samples
from app.cli.main import app as command_line
from app.cli.terminal import console
from app.rules.checks.run import faults
from app.rules.checks.warnings import warnings
from app.rules.packs.library import NATION, Library
from app.rules.packs.pack import load_packs
from app.rules.service import Rules
from app.rules.values.strict_json import Json
from tests.support.few_packs import copy_few
from tests.support.rules import ask, rules

LANGUAGES: Final[tuple[Literal["zh", "en"], ...]] = ("zh", "en")
EXAMPLE: Final = Path(__file__).parents[2] / "docs" / "examples" / "family-of-three.json"
COMMANDS: Final = (
    "demo",
    "serve",
    "assess",
    "rules",
    "rules check",
    "rules show",
    "rules diff",
    "rules coverage",
    "rules review",
    "rules new-place",
    "audit",
    "audit key",
    "audit bundle",
    "audit export",
    "audit verify",
    "audit check",
)


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows in one line, no colours, and the language the service falls back to."""
    monkeypatch.setattr(console, "width", 400)
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("LANG", "C")


@pytest.fixture(autouse=True)
def loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped rules, loaded for all these tests together."""
    shipped = rules()
    monkeypatch.setattr(Rules, "shipped", lambda: shipped)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of a few shipped packs."""
    return copy_few(tmp_path / "content")


def run(*words: str, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(command_line, list(words), input=given)


def good(*words: str, given: str | bytes | None = None) -> str:
    """What a command that must succeed prints."""
    result = run(*words, given=given)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return result.stdout


def bad(*words: str, given: str | bytes | None = None) -> str:
    """What a command that must fail says: on standard error alone, without a traceback."""
    result = run(*words, given=given)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    return result.stderr


def without_clock(answer: Json) -> Json:
    return {key: value for key, value in answer.items() if key != "known_at"}


def as_sent(answer: Any) -> Any:
    return json.loads(json.dumps(answer))


# demo


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_demo_assesses_explains_times_and_proves(language: Literal["zh", "en"]) -> None:
    said = good("demo", "--lang", language)
    for sample in samples():
        assert sample["name"][language] in said
    assert "2374.00" in said
    assert "社会救助法 18" in said
    assert "µs" in said
    count = len(samples())
    assert f"{count}/{count} {'逐字节相同' if language == 'zh' else 'the same to the byte'}" in said
    assert ("，无误；" if language == "zh" else ", sound;") in said
    assert "2024-08 █" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_demo_as_json_is_what_the_service_answers(language: Literal["zh", "en"]) -> None:
    answers = json.loads(good("demo", "--json", "--lang", language))
    asked = [as_sent(ask(sample["request"], language)) for sample in samples()]
    assert [without_clock(answer) for answer in answers] == [without_clock(answer) for answer in asked]


def test_the_demo_shows_five_places_and_the_fictional_one() -> None:
    path = {code for answer in json.loads(good("demo", "--json")) for code in answer["jurisdiction"]["path"]}
    assert path == {"CN", "150700", "430500", "442000", "500000", "500154", "610900", "999900"}


# the language of texts


@pytest.mark.parametrize(
    ("value", "title"),
    [("en_GB.UTF-8", "Minimum living guarantee"), ("zh_CN.UTF-8", "最低生活保障"), ("", "最低生活保障")],
)
def test_the_environment_chooses_the_language(monkeypatch: pytest.MonkeyPatch, value: str, title: str) -> None:
    monkeypatch.setenv("LANG", value)
    assert title in good("assess", str(EXAMPLE))


def test_the_option_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert "最低生活保障" in good("assess", str(EXAMPLE), "--lang", "zh")


# assess


@pytest.mark.parametrize("language", LANGUAGES)
def test_assess_reads_a_file_and_answers_as_the_service_does(language: Literal["zh", "en"]) -> None:
    answer = json.loads(good("assess", str(EXAMPLE), "--json", "--lang", language))
    request = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    assert without_clock(answer) == without_clock(as_sent(ask(request, language)))


def test_assess_reads_standard_input() -> None:
    from_input = good("assess", "-", "--json", given=EXAMPLE.read_bytes())
    assert without_clock(json.loads(from_input)) == without_clock(json.loads(good("assess", str(EXAMPLE), "--json")))


def test_assess_writes_json_where_nobody_looks() -> None:
    assert json.loads(good("assess", str(EXAMPLE)))["total_month"]["value"] == "2584.00"


@pytest.mark.parametrize("language", LANGUAGES)
def test_assess_lists_every_fault_on_standard_error(language: Literal["zh", "en"]) -> None:
    body = {"jurisdiction": "999900", "household": {"members": [{"id": "a"}], "colour": 1}}
    problem = json.loads(bad("assess", "-", "--lang", language, given=json.dumps(body)))
    assert (problem["status"], problem["code"]) == (422, "faulty_request")
    found = {(error["pointer"], error["code"]) for error in problem["errors"]}
    assert ("/household/residence", "required") in found
    assert ("/household/colour", "unknown_field") in found
    assert ("/household/members", "no_applicant") in found


def _request(**changes: Any) -> str:
    return json.dumps(json.loads(EXAMPLE.read_text(encoding="utf-8")) | changes)


def _crowd() -> str:
    request = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    request["household"]["members"] *= 11
    return json.dumps(request)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{", "not_json"),
        ("", "not_json"),
        ('{"date": 1, "date": 2}', "not_json"),
        ("[]", "faulty_request"),
        (_request(jurisdiction="810000"), "unknown_division"),
        (_request(date="2010-01-01"), "faulty_request"),
        (_crowd(), "too_many_members"),
    ],
)
def test_assess_refuses_with_a_problem(body: str, code: str) -> None:
    assert json.loads(bad("assess", "-", given=body))["code"] == code


def test_assess_does_not_repeat_what_was_submitted() -> None:
    assert "张三丰" not in bad(
        "assess", "-", given=_request(household={"members": [{"id": "张三丰", "name": "张三丰"}]})
    )


def test_assess_says_which_file_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "nobody.json"
    said = bad("assess", str(file)).replace("\n", "")
    assert str(file) in said
    assert "No such file" in said


def test_assess_takes_no_folder(tmp_path: Path) -> None:
    assert "directory" in bad("assess", str(tmp_path))


# rules check


def test_check_finds_no_fault_in_the_shipped_packs() -> None:
    said = good("rules", "check", "--lang", "en").splitlines()
    library = Library(load_packs())
    assert said[-1].startswith(f"{len(library.packs)} packs, ")
    assert said[-1].endswith(f"0 faults, {len(warnings(library))} warnings")
    assert len(said) == 1 + len(warnings(library))


@pytest.mark.parametrize("language", LANGUAGES)
def test_check_as_json_has_every_warning(language: Literal["zh", "en"]) -> None:
    found = json.loads(good("rules", "check", "--json", "--lang", language))
    expected = warnings(Library(load_packs()))
    assert found["faults"] == []
    assert len(found["warnings"]) == len(expected)
    for said, warning in zip(found["warnings"], expected, strict=True):
        assert said.startswith(f"{warning.file}:{warning.line}:")
        assert said.endswith(warning.message_zh if language == "zh" else warning.message)


def _spoil(content: Path, old: str, new: str) -> None:
    path = content / "999900" / "pack.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_check_ends_with_one_where_a_figure_is_outside_its_domain(content: Path) -> None:
    _spoil(content, "value: 720", "value: 0")
    result = run("rules", "check", "--content", str(content))
    assert result.exit_code == 1
    (fault,) = faults(Library(load_packs(content)))
    assert str(fault) in result.stdout
    assert "，1处错误，" in result.stdout


def test_check_as_json_names_the_fault(content: Path) -> None:
    _spoil(content, "value: 720", "value: 0")
    result = run("rules", "check", "--json", "--content", str(content))
    assert result.exit_code == 1
    assert [fault.split(":")[0] for fault in json.loads(result.stdout)["faults"]] == ["999900/pack.yaml"]


@pytest.mark.parametrize("as_json", [True, False])
def test_check_names_the_place_of_a_formula_that_cannot_be_read(content: Path, as_json: bool) -> None:
    _spoil(content, "standard * months(4)", "standard ** 4")
    result = run("rules", "check", "--content", str(content), *(["--json"] if as_json else []))
    assert result.exit_code == 1
    shown = json.loads(result.stdout)["faults"][0] if as_json else result.output
    assert "999900/pack.yaml:" in shown


# rules show


def test_show_lists_the_standards_of_a_place() -> None:
    said = good("rules", "show", "430500", "--date", "2020-06-15", "--lang", "en")
    rows = [line for line in said.splitlines() if line.startswith("│ dibao.standard ")]
    assert [figure in row for row, figure in zip(rows, ("urban: 570.00", "rural: 340.00"), strict=True)] == [True, True]
    assert all("2020-01-01 – 2020-12-31" in row for row in rows)
    assert any("orphan.dispersed" in line and "950" in line for line in said.splitlines())
    assert any("edge.multiple" in line and " gap " in line for line in said.splitlines())


def test_show_as_json_is_dated() -> None:
    found = json.loads(good("rules", "show", "999900", "--date", "2024-08-01", "--known", "2024-08-01", "--json"))
    later = json.loads(good("rules", "show", "999900", "--date", "2024-08-01", "--known", "2024-10-01", "--json"))
    standards = [
        {value["key"]: value["value"] for item in answer["items"] if item["parameter"] == "dibao.standard" for value in item["values"]}
        for answer in (found, later)
    ]  # fmt: skip
    assert [place["urban"] for place in standards] == ["800.00", "840.00"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_show_explains_one_rule(language: Literal["zh", "en"]) -> None:
    said = good("rules", "show", "999900", "dibao.income_test", "--date", "2026-08-15", "--lang", language)
    assert rules().library.rules["dibao.income_test"].title[language] in said
    assert "dibao.income < standard * dibao.size" in said
    assert "社会救助法 18" in said


def test_show_gives_one_rule_as_json() -> None:
    found = json.loads(good("rules", "show", "999900", "dibao.amount", "--date", "2026-08-15", "--json"))
    assert found["division"] == "999900"
    assert found["formula"] == "round_up(dibao.difference + dibao.uplift, 1)"


def test_show_answers_for_a_township_with_the_place_above_it() -> None:
    township, place = (
        json.loads(good("rules", "show", code, "--date", "2020-06-15", "--json")) for code in ("500154001", "500154")
    )
    assert township["items"] == place["items"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("show", "810000"), "810000"),
        (("show", "nowhere"), "nowhere"),
        (("show", NATION), NATION),
        (("show", "999900", "dibao.nothing"), "dibao.nothing"),
        (("show", "999900", "--date", "2026-13-01"), "2026-13-01: 不是日期，应写作 YYYY-MM-DD"),
        (("show", "999900", "--known", "yesterday"), "yesterday: 不是日期，应写作 YYYY-MM-DD"),
        (("show", "999900", "--date", "2010-01-01"), "这一天还没有可适用的规定"),
        (("diff", "810000", "--date", "2026-08-15"), "810000"),
        (("diff", "999900", "--date", "2026-08-15", "--other-place", "810000"), "810000"),
        (("diff", "999900", "--date", "soon"), "soon: 不是日期，应写作 YYYY-MM-DD"),
    ],
)
def test_what_is_not_there_is_named(words: tuple[str, ...], named: str) -> None:
    assert named in bad("rules", *words)


# rules diff


def test_diff_shows_two_days_side_by_side() -> None:
    said = good("rules", "diff", "430500", "--date", "2015-06-01", "--other-date", "2020-06-01", "--lang", "en")
    (row,) = (line for line in said.splitlines() if "dibao.standard " in line)
    assert "420" in row
    assert "570" in row


def test_diff_as_json_shows_two_places() -> None:
    words = ("430500", "--date", "2020-06-01", "--other-place", "500154", "--json")
    found = json.loads(good("rules", "diff", *words))
    assert [found[side]["jurisdiction"]["code"] for side in ("left", "right")] == ["430500", "500154"]
    assert "family.dependent_child" in {item["rule"] for item in found["rules"]}


def test_diff_shows_two_states_of_knowledge() -> None:
    words = ("999900", "--date", "2024-08-01", "--known", "2024-08-01", "--other-known", "2024-10-01", "--json")
    found = json.loads(good("rules", "diff", *words))
    assert "dibao.standard" in {item["parameter"] for item in found["values"]}


def test_diff_of_the_same_is_empty() -> None:
    found = json.loads(good("rules", "diff", "999900", "--date", "2026-08-15", "--json"))
    assert (found["values"], found["rules"]) == ([], [])


# rules coverage


@pytest.mark.parametrize("language", LANGUAGES)
def test_coverage_draws_every_place(language: Literal["zh", "en"]) -> None:
    said = good("rules", "coverage", "--lang", language)
    for pack in rules().library.packs.values():
        if pack.content.level != "nation" and "dibao.standard.urban" in pack.content.leads:
            assert (pack.content.name or {})[language] in said
    assert all(sign in said for sign in "█▒?·")


def test_coverage_as_json_tells_published_inferred_and_gap() -> None:
    rows = json.loads(good("rules", "coverage", "--json"))
    states = {(row["division"], row["parameter"]): row["years"] for row in rows}
    assert states["442000", "dibao.standard"]["2020"] == "published"
    assert states["430500", "dibao.standard"]["2020"] == "inferred"
    assert states["430500", "dibao.standard"]["2018"] == "gap"
    assert set(states["610900", "dibao.standard"].values()) == {"gap"}


# rules new-place


def _new(content: Path, code: str, *more: str) -> tuple[str, ...]:
    return ("rules", "new-place", code, "--name-zh", "甲", "--name-en", "Jia", "--content", str(content), *more)


@pytest.mark.parametrize(("code", "level"), [("810000", "province"), ("810100", "prefecture"), ("810101", "county")])
def test_new_place_writes_a_skeleton_that_passes_the_check(content: Path, code: str, level: str) -> None:
    assert str(content / code / "pack.yaml") in good(*_new(content, code)).replace("\n", "")
    pack = load_packs(content)[code].content
    assert (pack.division, pack.level, pack.name) == (code, level, {"zh": "甲", "en": "Jia"})
    assert "，0处错误" in good("rules", "check", "--content", str(content))


def test_new_place_stands_below_its_parent(content: Path) -> None:
    good(*_new(content, "500155", "--parent", "500000"))
    assert Library(load_packs(content)).path("500155") == [NATION, "500000", "500155"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("99980",), "six digits"),
        (("nowhere",), "six digits"),
        (("../../x",), "six digits"),
        (("999900",), "exists already"),
        (("999800", "--parent", "123456"), "123456"),
    ],
)
def test_new_place_says_what_is_wrong(content: Path, words: tuple[str, ...], named: str) -> None:
    before = sorted(content.rglob("*"))
    assert named in bad(*_new(content, *words)).replace("\n", " ")
    assert sorted(content.rglob("*")) == before


def test_new_place_takes_no_name_that_would_break_the_file(content: Path) -> None:
    words = ("rules", "new-place", "999800", "--name-zh", '甲"', "--name-en", "Jia", "--content", str(content))
    assert "quotation mark" in bad(*words)


# helps and the command itself


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help(command: str) -> None:
    said = good(*command.split(), "--help")
    assert f"doudi {command}" in said or f"{command} " in said
    assert "--help" in said


def test_the_command_alone_shows_its_commands() -> None:
    said = run().output
    assert all(command in said for command in COMMANDS if " " not in command)


@pytest.mark.parametrize("words", [("nonsense",), ("assess",), ("rules", "diff", "999900"), ("demo", "--lang", "fr")])
def test_a_command_line_that_cannot_be_read_ends_with_two(words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert "Usage" in result.stderr


def test_serve_gives_the_address_and_hands_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    served: list[uvicorn.Config] = []
    monkeypatch.setattr("uvicorn.Server.run", lambda server: served.append(server.config))
    said = good("serve", "--port", "8123", "--log-level", "info", "--data", str(tmp_path / "data"))
    assert "http://127.0.0.1:8123/docs" in said
    (config,) = served
    assert (config.host, config.port, config.log_level) == ("127.0.0.1", 8123, "info")
    assert isinstance(config.app, FastAPI)
    # The storage is opened by the server, not by the command.
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["keys"]


@pytest.mark.slow
def test_the_installed_command_runs() -> None:
    doudi = Path(sys.executable).with_name("doudi")
    command = [str(doudi), "assess", "-", "--json"]
    done = subprocess.run(command, input=EXAMPLE.read_bytes(), capture_output=True, check=False, timeout=60)  # noqa: S603  our own command
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["total_month"]["value"] == "2584.00"
