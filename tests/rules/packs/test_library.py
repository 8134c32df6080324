"""The division that answers for a code, the packs along a path, and the days on which something changes."""

import datetime as dt
import json
from typing import get_args

import pytest

from app.rules.engine.compiler.writer import variable
from app.rules.facts.household import Education
from app.rules.language.parser import FormulaError
from app.rules.packs.indexes import INDEX_KEYS
from app.rules.packs.library import NATION, Library, UnknownDivision
from app.rules.packs.pack import CONTENT, Pack, load_packs
from app.rules.packs.schema import Document
from app.rules.packs.strict_yaml import PackError, YamlFile
from tests.rules.packs.texts import HEAD, city, value

TITLE = {"zh": "甲", "en": "A"}


@pytest.fixture(scope="module")
def nation() -> Pack:
    return Pack.load(CONTENT / "CN")


def _place(code: str) -> Pack:
    return Pack(code, [YamlFile(f"{code}/pack.yaml", f'division: "{code}"\nlevel: county\n')])


# divisions


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("430500001002", "430500001002"),
        ("430500001003", "430500001"),
        ("430500001", "430500001"),
        ("430500002", "4305"),
        ("430521", "4305"),
        ("430000", "43"),
        ("431000", "43"),
    ],
)
def test_the_nearest_division_above_a_code_answers(nation: Pack, code: str, found: str) -> None:
    packs = [_place(place) for place in ("430500001002", "430500001", "430500", "430000")]
    library = Library({"CN": nation, **{pack.code: pack for pack in packs}})
    assert library.division(code) == found.ljust(6, "0")


def test_no_division_above_answers_for_another_province(nation: Pack) -> None:
    with pytest.raises(UnknownDivision):
        Library({"CN": nation, "430000": _place("430000")}).division("440000")


def test_a_place_may_replace_a_programme_that_is_open_to_it(nation: Pack) -> None:
    opened = [
        id_ for id_, declared in nation.content.programmes.items() if declared.open and "prefecture" in declared.open.to
    ]
    text = f"replaces_programmes:\n  {opened[0]}: {{versions: [{{from: 2021-07-01}}, {{from: 2022-07-01}}]}}\n"
    versions = Library({"CN": nation, "999900": city(text)}).programme_versions["999900"][opened[0]]
    assert [(version.pack, version.dates.start.year) for version in versions] == [("999900", 2021), ("999900", 2022)]


def test_a_version_without_a_formula_of_its_own_has_that_of_the_rule(nation: Pack) -> None:
    library = Library({"CN": nation})
    for id_, declared in nation.content.rules.items():
        if declared.formula and not declared.versions[0].formula:
            assert library.rule_versions["CN"][id_][0].formula == declared.formula


# the days on which something changes


def _days(nation: Pack, text: str) -> tuple[set[dt.date], set[dt.date]]:
    library = Library({"CN": nation, "999900": city(text)})
    dates, known = library.breakpoints(library.path("999900"))
    assert dates == sorted(set(dates))
    assert known == sorted(set(known))
    before, known_before = Library({"CN": nation, "999900": city("")}).breakpoints(["CN", "999900"])
    return set(dates) - set(before), set(known) - set(known_before)


def test_a_value_changes_something_on_its_first_day_and_after_its_last(nation: Pack) -> None:
    text = value("from: 2022-03-05, until: 2022-04-09, published: 2022-03-20, value: 1")
    assert _days(nation, text) == ({dt.date(2022, 3, 5), dt.date(2022, 4, 10)}, {dt.date(2022, 3, 20)})


def test_a_document_changes_something_on_its_first_day_and_after_its_last(nation: Pack) -> None:
    text = "documents:\n  x: {title: {zh: 甲, en: A}, from: 2022-05-03, until: 2022-06-07}\n"
    assert _days(nation, text) == ({dt.date(2022, 5, 3), dt.date(2022, 6, 8)}, set())


def test_an_assumption_changes_something_on_its_first_day_and_after_its_last(nation: Pack) -> None:
    changed = nation.content.model_copy(deep=True)
    assumption = next(a for p in changed.programmes.values() for a in p.assumptions)
    assumption.start, assumption.until = dt.date(2022, 7, 5), dt.date(2022, 8, 9)
    pack = Pack.load(CONTENT / "CN")
    pack.content = changed
    dates, _ = Library({"CN": pack}).breakpoints(["CN"])
    assert {dt.date(2022, 7, 5), dt.date(2022, 8, 10)} <= set(dates)
    assert not {dt.date(2022, 7, 6), dt.date(2022, 8, 8), dt.date(2022, 8, 9), dt.date(2022, 8, 11)} & set(dates)


# packs


def test_a_document_has_the_articles_up_to_its_number() -> None:
    document = Document(title=TITLE, articles=12)
    assert [document.has(article) for article in ("0", "1", "12", "13", "x")] == [False, True, True, False, False]
    named = Document(title=TITLE, articles=["总则"])
    assert [named.has(article) for article in ("总则", "1")] == [True, False]
    assert Document(title=TITLE).has("anything")


def test_a_document_is_in_force_from_its_first_day_to_its_last() -> None:
    document = Document.model_validate({"title": TITLE, "from": "2022-01-01", "until": "2022-12-31"})
    days = [dt.date(2021, 12, 31), dt.date(2022, 1, 1), dt.date(2022, 12, 31), dt.date(2023, 1, 1)]
    assert [document.in_force(day) for day in days] == [False, True, True, False]
    assert Document(title=TITLE).in_force(days[0])


def test_a_fault_of_what_no_file_says_is_the_packs() -> None:
    pack = city("")
    for error in (pack.fault("no", "values", "x"), pack.formula_fault(FormulaError("no"), "values", "x")):
        assert (error.message, error.file, error.line) == ("no", "999900", 0)


def test_a_pack_without_a_file_or_of_another_division_names_what_there_is() -> None:
    with pytest.raises(PackError) as caught:
        Pack("430500", [])
    assert caught.value.file == "430500"
    with pytest.raises(PackError) as caught:
        Pack("430500", [YamlFile("430500/pack.yaml", HEAD)])
    assert caught.value.file == "430500/pack.yaml"


def test_a_fault_of_form_names_the_last_two_steps_to_it() -> None:
    with pytest.raises(PackError) as caught:
        city(value("from: 2021-07-01, value: x"))
    assert caught.value.message.startswith("value in 0: ")
    assert "values" not in caught.value.message.partition(":")[0]
    with pytest.raises(PackError) as caught:
        city("documents:\n  x: {title: 1}\n")
    assert caught.value.message.startswith("title in x: ")


def test_packs_without_the_nations_are_refused() -> None:
    with pytest.raises(PackError, match="no pack of the nation"):
        load_packs(CONTENT / "CN")


def test_what_ends_on_the_last_day_there_is_changes_nothing_after_it(nation: Pack) -> None:
    assert _days(nation, value("from: 2022-03-05, until: 9999-12-31, published: 2022-03-20, value: 1"))[0] == {
        dt.date(2022, 3, 5)
    }


def test_what_must_be_on_record_is_so_from_its_first_day(nation: Pack) -> None:
    library = Library({"CN": nation})
    assert library.safeguards(["CN"], dt.date(2026, 6, 30)) == []
    (hearing,) = library.safeguards(["CN"], dt.date(2026, 7, 1))
    assert (hearing.event, hearing.outcomes) == ("hearing", ["reduced", "terminated"])


def test_how_review_is_sought_depends_on_the_day(nation: Pack) -> None:
    library = Library({"CN": nation})
    assert library.remedies(["CN"], dt.date(2014, 4, 30)) == []
    for day, document in ((dt.date(2026, 6, 30), "社会救助暂行办法"), (dt.date(2026, 7, 1), "社会救助法")):
        for remedy, versions in library.remedies(["CN"], day):
            assert document in {name for version in versions for name, _ in version.basis}, remedy.law


def test_who_is_told_in_writing_depends_on_the_day(nation: Pack) -> None:
    library = Library({"CN": nation})

    def cited(day: dt.date) -> set[tuple[str, str]]:
        return {one for notice in library.written_notices(["CN"], day) for one in notice.basis}

    assert ("社会救助法", "45") not in cited(dt.date(2026, 6, 30))
    assert {("社会救助法", "45"), ("社会救助法", "48")} <= cited(dt.date(2026, 7, 1))


HOSTILE = "x: 0\n    __import__('os').abort()\n    y"


@pytest.mark.parametrize("name", [HOSTILE, "x y", "x;y", "_x", "x__y", "x.", "X", "规则", "9x", "x\n"])
@pytest.mark.parametrize("section", ["rules", "parameters", "questions"])
def test_a_name_that_could_be_more_than_a_name_is_refused_where_it_stands(section: str, name: str) -> None:
    """Names of rules become part of the program that computes them."""
    shapes = {
        "rules": "{title: {zh: 规则, en: Rule}, formula: 1 < 2, versions: [{from: 2014-05-01}]}",
        "parameters": "{title: {zh: 参数, en: Parameter}, unit: bool}",
        "questions": "{zh: 问, en: Question}",
    }
    files = load_packs()[NATION].files
    more = YamlFile("CN/more.yaml", f"{section}:\n  {json.dumps(name)}: {shapes[section]}\n")
    with pytest.raises(PackError, match="a name is small letters") as caught:
        Library(load_packs() | {NATION: Pack(NATION, [*files, more])})
    assert (caught.value.file, caught.value.line) == ("CN/more.yaml", 2)


def test_no_program_is_written_with_what_is_no_name() -> None:
    with pytest.raises(ValueError, match="not a name"):
        variable(HOSTILE)


def test_every_fault_that_keeps_packs_apart_is_told(nation: Pack) -> None:
    text = (
        "replaces:\n"
        "  dibao.amount: {formula: income +, versions: [{from: 2021-07-01}]}\n"
        "  household.income: {formula: income, versions: [{from: 2021-07-01}]}\n"
        "  nothing.such: {formula: income, versions: [{from: 2021-07-01}]}\n"
        "values:\n"
        "  nothing.such: [{from: 2021-07-01, value: 1, document: d}]\n"
        "  dibao.standard: [{from: 2021-07-01, formula: open(1), document: d}]\n"
    )
    with pytest.raises(PackError) as caught:
        Library({NATION: nation, "999900": city(text)})
    assert [one.line for one in caught.value.all] == [4, 5, 6, 8, 9]


def test_a_figure_is_published_for_each_level_of_a_card_and_each_stage_of_education() -> None:
    assert INDEX_KEYS["level"] == (1, 2, 3, 4)
    assert INDEX_KEYS["education"] == get_args(Education)


def test_every_rule_and_programme_that_a_place_may_not_declare_is_told(nation: Pack) -> None:
    text = (
        "rules:\n"
        "  one: {title: {zh: 一, en: One}, formula: 1 < 2, versions: [{from: 2021-07-01}]}\n"
        "  two: {title: {zh: 二, en: Two}, formula: 1 < 2, versions: [{from: 2021-07-01}]}\n"
        "replaces:\n"
        "  counted_share: {versions: [{from: 2021-07-01}, {from: 2022-07-01}]}\n"
    )
    with pytest.raises(PackError) as caught:
        Library({NATION: nation, "999900": city(text)})
    assert [one.line for one in caught.value.all][:2] == [4, 5]


def test_every_version_without_a_formula_is_told(nation: Pack) -> None:
    files = load_packs()[NATION].files
    text = (
        "rules:\n"
        "  without: {title: {zh: 无, en: None}, unit: bool, versions: [{from: 2014-05-01}, {from: 2015-05-01}]}\n"
    )
    with pytest.raises(PackError, match="has no formula from") as caught:
        Library(load_packs() | {NATION: Pack(NATION, [*files, YamlFile("CN/more.yaml", text)])})
    assert ["2014" in str(one) for one in caught.value.all] == [True, False]


def test_every_programme_that_a_place_may_not_declare_is_told(nation: Pack) -> None:
    pack = city("")
    declared = dict(list(nation.content.programmes.items())[:2])
    pack.content = pack.content.model_copy(update={"programmes": declared})
    with pytest.raises(PackError, match="only the nation declares programmes") as caught:
        Library({NATION: nation, "999900": pack})
    assert len(caught.value.all) == 2
