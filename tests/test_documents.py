"""The documents are true: what they name exists, what exists is named, and the answers they show are the answers."""

from __future__ import annotations

import ast
import itertools
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args

import pytest
import typer
import yaml

from app.cli.main import app as command_line
from app.http.problems import TITLES, problem_body
from app.rules.language.calls import FUNCTIONS
from app.rules.language.names import SUBJECTS
from app.rules.language.parser import parse
from app.rules.language.vocabulary import COLLECTIONS, FACTS, PROGRAMMES
from app.rules.messages import DOUBTS, FAULTS, Language
from app.rules.packs.library import NATION
from app.rules.packs.schema import AssumptionKind
from app.rules.request_faults import FaultyRequest
from app.settings import Settings
from tests.support.rules import NOW, ask, cases, rules

ROOT: Final = Path(__file__).parent.parent
DOCS: Final = ROOT / "docs"
READMES: Final[dict[Language, Path]] = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
LEFT_OUT: Final = "…"  # in a JSON block of a document: here something is left out
DEMO: Final = "python3 -m pip install -q --target .uv uv && .uv/bin/uv run doudi demo"
TESTS: Final = ".uv/bin/uv run pytest"
DOCUMENTS: Final = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")])

_BLOCK: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK: Final = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")
_HEADING: Final = re.compile(r"^(#+) ", re.MULTILINE)
_STRANGE: Final = re.compile(
    r"(?<![\w.])/(work|root|tmp|home|usr|var)\b|\b(session|subagent|prompt|pypi)\b", re.IGNORECASE
)


def blocks(path: Path, kind: str) -> list[str]:
    """The code blocks of one kind in a document."""
    return [text for name, text in _BLOCK.findall(path.read_text(encoding="utf-8")) if name == kind]


def commands(path: Path) -> list[str]:
    """The command lines of a document, those broken over lines put together."""
    lines = "".join(blocks(path, "sh")).replace("\\\n", " ").splitlines()
    return [line.strip() for line in lines if line.strip()]


def missing_from(shown: Any, actual: Any, where: str = "") -> list[str]:
    """Where what a document shows is not what the service answers; what it leaves out does not matter."""
    if isinstance(shown, dict):
        if not isinstance(actual, dict):
            return [where]
        told = {key: value for key, value in shown.items() if key != LEFT_OUT}
        surplus = [f"{where}/{key} left out" for key in actual if key not in shown and LEFT_OUT not in shown]
        inner = (missing_from(value, actual.get(key), f"{where}/{key}") for key, value in told.items())
        return surplus + [fault for faults in inner for fault in faults]
    if isinstance(shown, list) and any(isinstance(item, dict) for item in shown):
        return [
            f"{where}/{place}"
            for place, item in enumerate(shown)
            if not any(not missing_from(item, other) for other in actual or ())
        ]
    return [] if shown == actual else [where]


def as_sent(answer: Any) -> Any:
    """An answer as it arrives: through JSON."""
    return json.loads(json.dumps(answer))


def text_of(*paths: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def named(text: str) -> set[str]:
    """Everything a document sets in code."""
    return set(re.findall(r"`([^`\n]+)`", text))


# commands and settings


def _commands() -> Iterator[tuple[str, list[str]]]:
    """Every command with its options, as typer has them."""
    waiting: list[tuple[str, Any]] = [("doudi", typer.main.get_command(command_line))]
    while waiting:
        name, command = waiting.pop(0)
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name, [o for p in command.params if p.param_type_name == "option" for o in p.opts]
        else:
            waiting.extend((f"{name} {part}", child) for part, child in inner.items())


@pytest.mark.parametrize(
    ("command", "options"), list(_commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_and_option_is_described(command: str, options: list[str]) -> None:
    text = text_of(DOCS / "commands.md")
    row = next(line for line in text.splitlines() if re.match(rf"\| `{command}[` ]", line))
    assert [option for option in options if option not in named(row) | {"--lang"}] == []
    assert command.removeprefix("doudi ") in text_of(ROOT / "CHANGELOG.md")


def test_the_commands_the_documents_show_exist() -> None:
    known = dict(_commands())
    shown = [
        part for path in DOCUMENTS for line in commands(path) for part in re.findall(r"uv run doudi ([^&|<>]*)", line)
    ]
    assert shown
    for line in shown:
        words = line.split()
        name = next(f"doudi {' '.join(words[:n])}" for n in (2, 1) if f"doudi {' '.join(words[:n])}" in known)
        assert [word for word in words if word.startswith("--") and word not in known[name]] == [], line


def _environment_names() -> set[str]:
    """The names of environment variables that the service reads."""
    found = set()
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("os.environ.get", "os.getenv", "environ.get"):
                found.add(ast.literal_eval(node.args[0]))
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) in ("os.environ", "environ"):
                found.add(ast.literal_eval(node.slice))
    return found


def test_every_environment_variable_is_described() -> None:
    names = _environment_names()
    assert names == {"LANG"}, "commands.md says that there is no other but the settings"
    assert names <= named(text_of(DOCS / "commands.md"))


def test_every_setting_is_described_and_no_other() -> None:
    prefix = Settings.model_config["env_prefix"]
    names = {str(field.validation_alias or prefix + name).upper() for name, field in Settings.model_fields.items()}
    described = _first_cells(DOCS / "commands.md")
    assert {name for name in described if name.isupper()} == names


# codes, functions, facts, assumptions, places


def _first_cells(path: Path) -> set[str]:
    """What stands in the first column of the tables of a document."""
    rows = [line.split("|")[1] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return named("\n".join(rows))


def test_every_problem_and_fault_is_described_and_no_other() -> None:
    assert _first_cells(DOCS / "problems.md") - {"code"} == set(TITLES) | set(FAULTS)
    assert _first_cells(DOCS / "assumptions.md") >= DOUBTS.keys()


def test_every_problem_is_described_with_its_status() -> None:
    rows = text_of(DOCS / "problems.md").splitlines()
    for code, (status, _) in TITLES.items():
        assert any(row.startswith(f"| `{code}` | {status} |") for row in rows), code


def test_every_function_of_the_language_is_described_and_no_other() -> None:
    text = text_of(DOCS / "language.md")
    section = text[text.index("## Functions") : text.index("## Names")]
    assert set(re.findall(r"`(\w+)\(", section)) - {"age"} == set(FUNCTIONS) - {"age"}
    assert "`age(person)`" in section


def test_every_fact_and_collection_a_formula_may_name_is_described() -> None:
    described = named(text_of(DOCS / "language.md"))
    facts = {path for entity in FACTS.values() for path in entity}
    assert facts <= described
    assert {name for entity in COLLECTIONS.values() for name in entity} <= described
    assert {variable for entity, variable in SUBJECTS.items() if variable and entity != "claim"} <= described


def test_every_example_of_a_formula_can_be_read() -> None:
    for text in blocks(DOCS / "language.md", "python"):
        subject = "member" if "person." in text else "household"
        parse(text, subject, rules().library.names)


def _described_assumptions() -> set[tuple[str, str]]:
    rows = re.findall(r"^\| `([\w.]+)` \| (\w+) \|", text_of(DOCS / "assumptions.md"), re.MULTILINE)
    return {(id_, kind) for id_, kind in rows if kind in get_args(AssumptionKind)}


def test_every_assumption_and_caution_of_the_packs_is_described_and_no_other() -> None:
    programmes = rules().library.programmes.values()
    declared = {(note.id, note.kind) for programme in programmes for note in programme.assumptions}
    assert _described_assumptions() - {("rounding", "choice")} == declared
    cautions = {caution.id for programme in programmes for caution in programme.warnings}
    assert cautions | set(get_args(AssumptionKind)) <= _first_cells(DOCS / "assumptions.md")


def test_the_assumptions_of_answers_are_described() -> None:
    """In every third of the worked-out cases, which are many."""
    described, met = _described_assumptions(), set()
    for case in cases()[::3]:
        for result in ask(case["request"])["results"]:
            met |= {(note["id"], note["kind"]) for note in result["assumptions"]}
    of_figures = {(id_, kind) for id_, kind in met if kind in ("inferred", "carried", "supplied", "convention")}
    assert {id_ for id_, _ in of_figures} <= set(rules().library.parameters)
    assert met - of_figures <= described
    assert met & described


@pytest.mark.parametrize("readme", READMES.values(), ids=READMES)
def test_every_place_stands_in_the_readme(readme: Path) -> None:
    text, library = text_of(readme), rules().library
    held = [code for code in library.packs if library.has_own(code) or not library.leads[code]]
    for code in held:
        assert code in text, code
    shown = set(re.findall(r"^\| (\d{6}) \|", text, re.MULTILINE))
    assert {code for code in held if code != NATION} - shown == {"500000", "440112", "440113", "440115"}
    assert shown < set(held)
    fictional = [code for code, pack in library.packs.items() if pack.content.fictional]
    assert fictional == ["999900"]


def test_every_place_and_programme_stands_in_the_changelog() -> None:
    text = text_of(ROOT / "CHANGELOG.md")
    library = rules().library
    held = [code for code in library.packs if library.has_own(code)]
    assert [code for code in held if code != NATION and code not in text] == []
    words = {"dibao": "dibao", "edge_family": "edge family", "low_income_family": "low-income family"}
    assert [id_ for id_ in PROGRAMMES if words.get(id_, id_.split("_")[0]) not in text] == []


# the text itself


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    links = [link for link, _ in _LINK.findall(path.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_document_speaks_of_the_machine_it_was_written_on(path: Path) -> None:
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    assert [f"{number}: {line}" for number, line in lines if _STRANGE.search(line)] == []


def test_every_decision_on_the_design_is_listed() -> None:
    pages = [path.name for path in sorted((DOCS / "adr").glob("0*.md"))]
    assert [int(name[:4]) for name in pages] == list(range(1, len(pages) + 1))
    assert re.findall(r"\((\d{4}[^)]*)\)", text_of(DOCS / "adr" / "README.md")) == pages


def test_both_readmes_have_the_same_shape() -> None:
    english, chinese = (text_of(READMES[language]) for language in ("en", "zh"))
    assert _HEADING.findall(english) == _HEADING.findall(chinese)
    assert commands(READMES["en"]) == [
        line.replace("-Language: zh", "-Language: en").replace("--lang zh", "--lang en")
        for line in commands(READMES["zh"])
    ]
    assert [line.count("|") for line in english.splitlines() if line.startswith("|")] == [
        line.count("|") for line in chinese.splitlines() if line.startswith("|")
    ]


@pytest.mark.parametrize("readme", READMES.values(), ids=READMES)
def test_the_readme_opens_with_the_two_commands(readme: Path) -> None:
    assert commands(readme)[:2] == [DEMO, TESTS]


@pytest.mark.parametrize("language", READMES)
def test_the_request_of_the_readme_is_the_example_file(language: Language) -> None:
    example = json.loads((DOCS / "examples" / "family-of-three.json").read_text(encoding="utf-8"))
    assert json.loads(blocks(READMES[language], "json")[0]) == example


@pytest.mark.parametrize("language", READMES)
def test_the_answer_of_the_readme_is_the_answer(language: Language) -> None:
    request, shown = (json.loads(block) for block in blocks(READMES[language], "json"))
    assert missing_from(shown, as_sent(ask(request, language))) == []


def test_a_document_that_shows_something_else_is_found_out() -> None:
    actual = {"a": [{"b": 1, "c": 2}], "d": None}
    assert missing_from({"a": [{"b": 1, LEFT_OUT: LEFT_OUT}], "d": None}, actual) == []
    assert missing_from({"a": [{"b": 1}], "d": None}, actual) == ["/a/0"]
    assert missing_from({"a": [{"b": 3, LEFT_OUT: LEFT_OUT}], LEFT_OUT: LEFT_OUT}, actual) == ["/a/0"]
    assert missing_from({"d": 0}, actual) == ["/a left out", "/d"]


def test_the_problem_shown_is_the_problem() -> None:
    (shown,) = (json.loads(block) for block in blocks(DOCS / "problems.md", "json"))
    body = {"jurisdiction": "999900", "household": {"members": [{"id": "a"}], "colour": 1}}
    with pytest.raises(FaultyRequest) as refused:
        rules().assess(body, "en", NOW)
    assert missing_from(shown, problem_body(refused.value, "en")) == []


@pytest.mark.parametrize("readme", READMES.values(), ids=READMES)
def test_the_rule_of_the_readme_is_the_rule(readme: Path) -> None:
    (block,) = blocks(readme, "yaml")
    pack = yaml.safe_load((ROOT / "app/rules/content/CN/dibao.yaml").read_text(encoding="utf-8"))
    for id_, shown in yaml.safe_load(block).items():
        assert shown == pack["rules"][id_]


# what those who carry on rely on


def _checks(text: str) -> list[str]:
    """The commands of a file that uv runs, in their order."""
    return re.findall(r"^\s*(?:uv|\$\(UV\)) run (.*)$", text, re.MULTILINE)


def test_every_way_to_check_runs_the_same_commands() -> None:
    recipe = text_of(ROOT / "Makefile").partition("check:")[2].partition("\n\n")[0]
    checks = _checks(recipe)
    assert len(checks) == 5
    assert _checks(text_of(ROOT / ".ci" / "run")) == ["pytest", *checks]
    hooks = yaml.safe_load(text_of(ROOT / ".pre-commit-config.yaml"))["repos"][0]["hooks"]
    assert [hook["entry"].removeprefix("uv run ") for hook in hooks] == checks


_PATH: Final = re.compile(r"(?<![\w/.-])(?:app|benchmarks|docs|migrations|tests|tools)/[\w./-]*\w/?")
MADE_UP: Final = frozenset(
    {"app/rules/content/999800/pack.yaml", "tests/cases/model-my-case.json"}
)  # the reader makes them


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_of_the_project_that_a_document_names_exists(path: Path) -> None:
    named_paths = set(_PATH.findall(path.read_text(encoding="utf-8"))) - MADE_UP
    assert sorted(name for name in named_paths if not (ROOT / name).exists()) == []


def _drawn(drawing: str) -> list[tuple[str, str]]:
    """The arrows of a mermaid drawing, those of a chain one by one."""
    chains = [re.split(r"\s*-->\s*", line.strip()) for line in drawing.splitlines() if "-->" in line]
    return [arrow for chain in chains for arrow in itertools.pairwise(chain)]


def _layers(container: str) -> list[list[str]]:
    """The layers that import-linter holds within a package, the highest first."""
    contracts = tomllib.loads(text_of(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    contract = next(one for one in contracts if one.get("containers") == [container] and one["exhaustive"])
    return [layer.split(" | ") for layer in contract["layers"]]


@pytest.mark.parametrize(("number", "container"), [(0, "app"), (1, "app.rules")])
def test_the_drawings_of_the_architecture_are_held_by_contracts(number: int, container: str) -> None:
    arrows, layers = _drawn(blocks(DOCS / "architecture.md", "mermaid")[number]), _layers(container)
    height = {room: -level for level, layer in enumerate(layers) for room in layer}
    assert {room for arrow in arrows for room in arrow} == height.keys(), "every room is drawn, and no other"
    assert [arrow for arrow in arrows if height[arrow[0]] <= height[arrow[1]]] == []
    folder = ROOT / container.replace(".", "/")
    assert [(one, other) for one, other in arrows if f"{container}.{other}" not in _imports(folder, one)] == []


def _imports(folder: Path, room: str) -> str:
    """The code of a room: one module, or a folder of them."""
    return text_of(*(folder / room).rglob("*.py"), *folder.glob(f"{room}.py"))
