"""Faults in packs are PackErrors that name the file, the line and the column."""

import datetime as dt
import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from app.rules.packs.library import Library, UnknownDivision
from app.rules.packs.pack import CONTENT, Pack, load_packs
from app.rules.packs.schema import Document, ParameterDeclaration, RuleDeclaration
from app.rules.packs.strict_yaml import PackError, YamlFile

Place = tuple[int, int]

HEAD = 'division: "999900"\nlevel: prefecture\n'
DATES = "versions: [{from: 2021-07-01, basis: []}]"


def place_of(text: str, words: str) -> Place:
    """The line and column at which the words stand in the text, from 1."""
    before = text[: text.index(words)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def where(error: PackError) -> Place:
    return error.line, error.column


def yaml_fault(text: str) -> PackError:
    with pytest.raises(PackError) as caught:
        _ = YamlFile("pack.yaml", text).data
    assert caught.value.file == "pack.yaml"
    return caught.value


def city(text: str) -> Pack:
    return Pack("999900", [YamlFile("999900/pack.yaml", HEAD + text)])


def pack_fault(text: str) -> PackError:
    """The fault of form of a pack; the text follows the two lines of the head."""
    with pytest.raises(PackError) as caught:
        city(text)
    assert caught.value.file == "999900/pack.yaml"
    return caught.value


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packs") / "content"
    shutil.copytree(CONTENT, folder)
    return folder


@pytest.fixture(scope="module")
def nation(content: Path) -> Pack:
    return Pack.load(content / "CN")


def link_fault(nation: Pack, text: str) -> PackError:
    """The fault of a city's pack that does not fit the nation's."""
    pack = city(text)
    with pytest.raises(PackError) as caught:
        Library({"CN": nation, "999900": pack})
    assert caught.value.file == "999900/pack.yaml"
    return caught.value


def national_fault(nation: Pack, text: str) -> PackError:
    """The fault of the nation's pack with one more file."""
    wider = Pack("CN", [*nation.files, YamlFile("CN/extra.yaml", text)])
    with pytest.raises(PackError) as caught:
        Library({"CN": wider})
    assert caught.value.file == "CN/extra.yaml"
    return caught.value


# YAML


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 1\nb: 2\na: 3\n", (3, 1)),
        ("a:\n  b: 1\n  b: 2\n", (3, 3)),
        ("a: {b: 1, b: 2}\n", (1, 11)),
        ("a: [{b: 1}, {b: 1, b: 2}]\n", (1, 20)),
    ],
)
def test_a_key_given_twice_is_refused_at_the_second(text: str, place: Place) -> None:
    error = yaml_fault(text)
    assert "duplicate key" in error.message
    assert where(error) == place


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1\nb: *x\n",
        "a: *x\n",
        "a: &x [*x]\n",
        "a: &x {b: 1}\nc: {<<: *x}\n",
        "a: &a [1]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    ],
)
def test_an_alias_is_refused(text: str) -> None:
    assert "alias" in yaml_fault(text).message


def test_an_anchor_nobody_refers_to_is_passed_over() -> None:
    assert YamlFile("pack.yaml", "a: &x 1\n").data == {"a": "1"}


def test_an_alias_is_refused_where_it_stands() -> None:
    assert where(yaml_fault("a: &x 1\nb: *x\n")) == (2, 4)


@pytest.mark.parametrize("text", ["a:\n  [b]: 1\n", "a:\n  ? {b: 1}\n  : 2\n"])
def test_a_key_that_is_no_text_is_refused_in_its_mapping(text: str) -> None:
    error = yaml_fault(text)
    assert "keys are texts" in error.message
    assert where(error) == (2, 3)


@pytest.mark.parametrize("text", ["- a\n", "a\n", "'a: 1'\n", "1\n"])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    assert where(yaml_fault(text)) == (1, 1)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 1\n\tb: 2\n", (2, 1)),
        ("a: b: c\n", (1, 5)),
        ("a: 1\n---\nb: 2\n", (2, 1)),
        ("a: 'open\n", (2, 1)),
        ("a: [1\nb: 2\n", (2, 2)),
    ],
)
def test_text_that_is_not_yaml_is_refused_where_it_goes_wrong(text: str, place: Place) -> None:
    assert where(yaml_fault(text)) == place


def test_half_a_character_is_refused() -> None:
    yaml_fault("a: \ud800")


@pytest.mark.parametrize("text", ["a: \0", "a: \x01"])
def test_a_character_yaml_does_not_know_is_refused(text: str) -> None:
    assert "not YAML" in yaml_fault(text).message


def test_content_nested_too_deeply_is_refused() -> None:
    assert "deeply" in yaml_fault("a: " + "[" * 20 + "]" * 20).message


def test_content_nested_beyond_the_stack_is_refused() -> None:
    yaml_fault("a: " + "[" * 5_000 + "]" * 5_000)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pack.yaml"
    path.write_bytes(b"division: \xff\n")
    with pytest.raises(PackError):
        YamlFile.load(path, "pack.yaml")


def test_every_scalar_is_text() -> None:
    text = "a: 1\nb: 2026-01-01\nc: yes\nd: 'null'\ne: 1.50\n0800: 7\n"
    assert YamlFile("pack.yaml", text).data == {
        "a": "1",
        "b": "2026-01-01",
        "c": "yes",
        "d": "null",
        "e": "1.50",
        "0800": "7",
    }


@pytest.mark.parametrize("tag", ["!!int", "!mine", "!!python/object/apply:os.system", "!<tag:yaml.org,2002:str>"])
def test_a_tag_is_refused_where_it_stands(tag: str) -> None:
    fault = yaml_fault(f"a: 1\nb: {tag} [x]\n")
    assert (fault.message, fault.line, fault.column) == ("tags are not used in packs", 2, 4)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_a_text_nested_without_end_is_refused(opening: str) -> None:
    """The parser has no limit of its own, and would take the whole process down."""
    assert yaml_fault("a:\n  " + opening * 300_000).message == "nested too deeply"


@pytest.mark.parametrize("nothing", ["", "null", "~"])
def test_a_plain_scalar_that_says_nothing_is_nothing(nothing: str) -> None:
    assert YamlFile("pack.yaml", f"a: {nothing}\n").data == {"a": None}


def test_an_empty_section_is_as_good_as_none() -> None:
    assert city("values:\n").content.values == {}


def test_an_empty_file_is_an_empty_mapping() -> None:
    assert YamlFile("pack.yaml", "# nothing\n").data == {}


def test_a_path_that_is_not_in_the_file_has_the_place_of_the_nearest_above() -> None:
    file = YamlFile("pack.yaml", "a:\n  b: [1, 2]\n")
    assert file.place(("a", "b", 1)) == (2, 10)
    assert file.place(("a", "b", 7, "c")) == (2, 6)
    assert file.place(("z",)) == (1, 1)


def test_an_error_says_where_it_is() -> None:
    assert str(PackError("no", "CN/pack.yaml", 3, 7)) == "CN/pack.yaml:3:7: no"
    assert str(PackError("no", "CN")) == "CN: no"
    assert str(PackError("no")) == "no"


# the form of packs


def value(fields: str) -> str:
    return f"values:\n  minimum_wage:\n    - {{{fields}, document: x}}\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("unknown: {a: 1}\n", "{a"),
        ("documents:\n  x: {title: {zh: 甲, en: A}, pages: 3}\n", "3}"),
        (value("from: 2021-07-01, value: 1, amount: 2"), "2, document"),
        ("programmes:\n  nonsense: {for: member}\n", "{for"),
        ("fictional: perhaps\n", "perhaps"),
        ("rules:\n  a.b: {title: {zh: 甲, en: A}, unit: yuan, versions: []}\n", "yuan"),
        ("rules:\n  a.b: {title: {zh: 甲, en: A}, versions: []}\n", "[]"),
        ("rules:\n  a.b: {title: {zh: 甲, en: A}}\n", "{title"),
        ("documents:\n  x: {title: {zh: 甲}}\n", "{zh"),
        ("documents:\n  x: {title: {en: A}}\n", "{en"),
        ("documents:\n  x: {title: {zh: 甲, en: A, fr: B}}\n", "{zh"),
        ("documents:\n  x: {title: A}\n", "A}"),
        ("notes:\n  - {zh: 甲}\n", "{zh"),
        (value("from: 2021-02-30, value: 1"), "2021-02-30"),
        (value("from: 2021-7-1, value: 1"), "2021-7-1"),
        (value("from: 01.07.2021, value: 1"), "01.07"),
        (value("from: 2021-07-01T00:00, value: 1"), "2021-07-01T"),
        (value("from: soon, value: 1"), "soon"),
        (value("from: [2021-07-01], value: 1"), "[2021"),
        (value("value: 1"), "{value"),
        (value("from: 2021-07-01, until: never, value: 1"), "never"),
        (value("from: 2021-07-01, published: 2021, value: 1"), "2021, value"),
        (value("from: 2021-07-01, value: 1.23456"), "1.23456"),
        (value("from: 2021-07-01, value: -1"), "-1, document"),
        (value("from: 2021-07-01, value: 1e3"), "1e3"),
        (value("from: 2021-07-01, value: 1_000"), "1_000"),
        (value("from: 2021-07-01, value: '1,000'"), "'1,000'"),
        (value("from: 2021-07-01, value: １"), "１"),
        (value("from: 2021-07-01, value: 1000000"), "1000000"),
        (value("from: 2021-07-01, value: yes"), "yes"),
        (value("from: 2021-07-01, value: [1]"), "[1]"),
        (value("from: 2021-07-01, low: 0.12345, high: 2"), "0.12345"),
        (value("from: 2021-07-01, table: {primary: 0.00001}"), "0.00001"),
        (value("from: 2021-07-01, bands: {eighty: 1}"), "1}"),
        (value("from: 2021-07-01, bands: {80: x}"), "x}"),
        (value("from: 2021-07-01, bands: {80: [1, 2, 3]}"), "[1, 2, 3]"),
        (value("from: 2021-07-01, value: 1, per: week"), "week"),
        ("rules:\n  a.b: {title: {zh: 甲, en: A}, versions: [{from: 2021-07-01, basis: [law]}]}\n", "law"),
    ],
)
def test_a_fault_of_form_is_placed_at_the_value(text: str, words: str) -> None:
    line, column = place_of(text, words)
    assert where(pack_fault(text)) == (line + 2, column)


@pytest.mark.parametrize("day", ["20210701", "2021-W27-4", "2021W274"])
def test_a_date_in_another_form_is_refused(day: str) -> None:
    pack_fault(value(f"from: {day}, value: 1"))


def test_values_are_read_exactly() -> None:
    found = city(value("from: 2021-07-01, value: 1503.9999")).content.values["minimum_wage"][0]
    assert found.value == Fraction("1503.9999")
    assert found.start == dt.date(2021, 7, 1)


@pytest.mark.parametrize(("text", "found"), [("true", True), ("false", False), ('"true"', True)])
def test_a_condition_is_read_from_its_word(text: str, found: bool) -> None:
    assert city(value(f"from: 2021-07-01, value: {text}")).content.values["minimum_wage"][0].value is found


def test_a_value_without_a_version_covers_from_its_start_to_its_end() -> None:
    found = city(value("from: 2021-07-01, until: 2021-12-31, value: 1")).content.values["minimum_wage"][0]
    days = [dt.date(2021, 6, 30), dt.date(2021, 7, 1), dt.date(2021, 12, 31), dt.date(2022, 1, 1)]
    assert [found.covers(day) for day in days] == [False, True, True, False]


def test_a_document_said_in_two_files_is_refused_in_the_second() -> None:
    said = "documents:\n  notice: {title: {zh: 通知, en: Notice}}\n"
    first, second = YamlFile("999900/a.yaml", HEAD + said), YamlFile("999900/b.yaml", said)
    with pytest.raises(PackError, match="twice") as caught:
        Pack("999900", [first, second])
    assert caught.value.file == "999900/b.yaml"
    assert where(caught.value) == second.place(("documents", "notice"))


def test_values_of_one_parameter_may_stand_in_several_files_and_keep_their_places() -> None:
    first = YamlFile(
        "999900/a.yaml",
        HEAD + value("from: 2021-07-01, value: 1") + "    - {from: 2022-07-01, value: 2, document: d}\n",
    )
    second = YamlFile("999900/b.yaml", value("from: 2023-07-01, value: 3"))
    pack = Pack("999900", [first, second])
    (name, values), *_ = pack.content.values.items()
    assert [found.value for found in values] == [1, 2, 3]
    for number, (file, line) in enumerate((("a", 1), ("a", 2), ("b", 1))):
        fault = pack.fault("wrong", "values", name, number)
        own = first if file == "a" else second
        assert (fault.file, fault.line) == (own.name, own.place(("values", name, line - 1))[0])


def test_every_fault_of_form_of_every_file_is_told() -> None:
    first = YamlFile("999900/a.yaml", HEAD.replace("prefecture", "village") + "surprise: 1\n")
    second = YamlFile("999900/b.yaml", value("from: soon, value: 1"))
    with pytest.raises(PackError) as caught:
        Pack("999900", [first, second])
    assert [(one.file, one.message.split(":")[0]) for one in caught.value.all] == [
        ("999900/a.yaml", "level"),
        ("999900/a.yaml", "surprise"),
        ("999900/b.yaml", "from in 0"),
    ]


def test_a_section_said_in_two_files_is_refused_in_the_second() -> None:
    first, second = YamlFile("999900/a.yaml", HEAD), YamlFile("999900/b.yaml", "level: county\n")
    with pytest.raises(PackError, match="twice") as caught:
        Pack("999900", [first, second])
    assert (caught.value.file, *where(caught.value)) == ("999900/b.yaml", 1, 8)


def test_files_of_a_pack_are_merged_by_section() -> None:
    first = YamlFile("999900/a.yaml", HEAD + "documents:\n  x: {title: {zh: 甲, en: A}}\n")
    second = YamlFile("999900/b.yaml", "documents:\n  y: {title: {zh: 乙, en: B}}\n")
    pack = Pack("999900", [first, second])
    assert list(pack.content.documents) == ["x", "y"]
    assert [pack.source("documents", key) for key in "xyz"] == ["999900/a.yaml", "999900/b.yaml", "999900"]


def test_a_pack_of_another_division_than_its_folder_is_refused() -> None:
    with pytest.raises(PackError, match="must say division: 430500"):
        Pack("430500", [YamlFile("430500/pack.yaml", HEAD)])


def test_a_folder_without_yaml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "430500").mkdir()
    with pytest.raises(PackError, match="no YAML file"):
        load_packs(tmp_path)


def test_a_fault_in_a_folder_names_the_folder_and_the_file(content: Path, tmp_path: Path) -> None:
    shutil.copytree(content / "430500", tmp_path / "430500")
    with (tmp_path / "430500" / "pack.yaml").open("a", encoding="utf-8") as file:
        file.write("nonsense: 1\n")
    with pytest.raises(PackError) as caught:
        load_packs(tmp_path)
    assert caught.value.file == "430500/pack.yaml"
    assert caught.value.column == len("nonsense: ") + 1


# what does not fit together


def test_the_packs_of_the_content_folder_fit_together(content: Path) -> None:
    library = Library(load_packs(content))
    assert library.path("500154") == ["CN", "500000", "500154"]
    assert library.division("500154001000") == "500154"
    with pytest.raises(UnknownDivision):
        library.division("110000")


def test_a_rule_declared_outside_the_nation_is_refused(nation: Pack) -> None:
    text = f"rules:\n  city.rule:\n    title: {{zh: 甲, en: A}}\n    formula: 'True'\n    {DATES}\n"
    error = link_fault(nation, text)
    assert "only the nation declares rules" in error.message
    assert where(error) == (5, 5)


def test_a_programme_declared_outside_the_nation_is_refused(nation: Pack) -> None:
    declared = "title: {zh: 甲, en: A}, for: household, versions: [{from: 2021-07-01}]"
    link_fault(nation, f"programmes:\n  edge_family: {{{declared}}}\n")


def test_a_parameter_declared_outside_the_nation_is_refused(nation: Pack) -> None:
    link_fault(nation, "parameters:\n  city.figure: {title: {zh: 甲, en: A}, unit: CNY}\n")


def replacement(id_: str, formula: str) -> str:
    return f"replaces:\n  {id_}:\n    formula: {formula}\n    {DATES}\n"


def test_replacing_a_rule_that_is_not_open_is_refused(nation: Pack) -> None:
    error = link_fault(nation, replacement("household.size", "1"))
    assert "does not leave household.size open to a prefecture" in error.message
    assert where(error) == (5, 5)


def test_replacing_a_rule_that_is_open_to_another_level_alone_is_refused(nation: Pack) -> None:
    assert nation.content.rules["family.away_from_family"].open is not None
    error = link_fault(nation, replacement("family.away_from_family", "'False'"))
    assert "open to a prefecture" in error.message


def test_replacing_a_rule_the_nation_does_not_declare_is_refused(nation: Pack) -> None:
    error = link_fault(nation, replacement("no.such.rule", "1"))
    assert "not declared by the nation" in error.message
    assert where(error) == (5, 5)


def test_replacing_a_programme_that_is_not_open_is_refused(nation: Pack) -> None:
    assert nation.content.programmes["low_income_family"].open is None
    error = link_fault(nation, "replaces_programmes:\n  low_income_family: {versions: [{from: 2021-07-01}]}\n")
    assert where(error) == (4, 22)


def test_a_replacement_without_a_formula_is_refused(nation: Pack) -> None:
    error = link_fault(nation, f"replaces:\n  dibao.amount:\n    {DATES}\n")
    assert "no formula from 2021-07-01" in error.message
    assert where(error) == (5, 16)


@pytest.mark.parametrize(
    "name",
    [
        "no.such.figure",
        "dibao.standard.city",
        "minimum_wage.urban",
        "disability.care.5",
        "old_age.allowance.80",
    ],
)
def test_a_value_of_a_parameter_that_is_not_declared_is_refused(nation: Pack, name: str) -> None:
    error = link_fault(nation, f"values:\n  {name}:\n    - {{from: 2021-07-01, value: 1, document: x}}\n")
    assert "not a parameter the nation declares" in error.message
    assert where(error) == (5, 5)


def formula_value(id_: str, formula: str) -> str:
    return f"values:\n  {id_}:\n    - {{from: 2021-07-01, formula: {formula}, document: x}}\n"


@pytest.mark.parametrize(
    ("id_", "formula"),
    [
        ("extreme_poverty.basic", "household.size"),
        ("extreme_poverty.basic", "yuan(1)"),
        ("extreme_poverty.basic", "minimum_wage * months(1)"),
        ("edge.multiple", "minimum_wage"),
        ("dibao.amount_mode", "minimum_wage"),
    ],
)
def test_the_formula_of_a_value_in_another_unit_is_refused(nation: Pack, id_: str, formula: str) -> None:
    text = formula_value(id_, formula)
    error = link_fault(nation, text)
    line, column = place_of(text, formula)
    assert "its formula is" in error.message
    assert where(error) == (line + 2, column)


def test_the_formula_of_a_rule_in_another_unit_is_refused(nation: Pack) -> None:
    error = link_fault(nation, replacement("dibao.amount", "household.size"))
    assert "its formula is number" in error.message
    assert where(error) == (5, 14)


@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_fault_in_a_quoted_formula_is_placed_at_the_word(nation: Pack, quote: str) -> None:
    text = replacement("dibao.amount", f"{quote}round_up(wrong, 1){quote}")
    line, column = place_of(text, "wrong")
    assert where(link_fault(nation, text)) == (line + 2, column)


def test_a_fault_in_the_formula_of_a_version_is_on_its_line(nation: Pack) -> None:
    text = (
        "replaces:\n  dibao.amount:\n    formula: yuan_month(1)\n    versions:\n"
        "      - {from: 2021-07-01, basis: []}\n      - {from: 2022-07-01, basis: [], formula: 'wrong'}\n"
    )
    line, column = place_of(text, "wrong")
    assert where(link_fault(nation, text)) == (line + 2, column)


@pytest.mark.parametrize("text", [replacement("dibao.amount", "wrong"), formula_value("minimum_wage", "0 + wrong")])
def test_a_fault_in_a_plain_formula_is_placed_at_the_word(nation: Pack, text: str) -> None:
    line, column = place_of(text, "wrong")
    assert where(link_fault(nation, text)) == (line + 2, column)


@pytest.mark.parametrize(
    "formula",
    [
        ">-\n      max(yuan_month(1), wrong)",
        ">-\n      max(yuan_month(1),\n      wrong)",
        "|-\n      max(yuan_month(1),\n      wrong)",
        "'max(yuan_month(1),\n      wrong)'",
        "max(yuan_month(1),\n      wrong)",
    ],
    ids=["block of one line", "folded block", "kept block", "quoted lines", "plain lines"],
)
def test_a_fault_in_a_formula_of_several_lines_is_placed_at_the_word(nation: Pack, formula: str) -> None:
    text = replacement("dibao.amount", formula)
    line, column = place_of(text, "wrong")
    assert where(link_fault(nation, text)) == (line + 2, column)


def test_a_national_rule_with_a_faulty_formula_is_refused(nation: Pack) -> None:
    text = f"rules:\n  extra.rule:\n    title: {{zh: 甲, en: A}}\n    formula: '1 < wrong'\n    {DATES}\n"
    assert where(national_fault(nation, text)) == place_of(text, "wrong")


def test_a_national_rule_without_a_formula_is_refused(nation: Pack) -> None:
    text = f"rules:\n  extra.rule:\n    title: {{zh: 甲, en: A}}\n    {DATES}\n"
    assert where(national_fault(nation, text)) == place_of(text, "{from")


@pytest.mark.parametrize("name", ["residence", "members", "minimum_wage"])
def test_a_rule_called_like_something_else_is_refused(nation: Pack, name: str) -> None:
    text = f"rules:\n  {name}:\n    title: {{zh: 甲, en: A}}\n    formula: 'True'\n    {DATES}\n"
    error = national_fault(nation, text)
    assert "already the name" in error.message
    assert where(error) == place_of(text, "title")


@pytest.mark.parametrize("parent", ["990000", "999900"])
def test_a_parent_that_is_not_loaded_or_is_the_pack_itself_is_refused(nation: Pack, parent: str) -> None:
    pack = city(f'parent: "{parent}"\n' + value("from: 2021-07-01, value: 1"))
    with pytest.raises(PackError, match=f"the parent {parent}"):
        Library({"CN": nation, "999900": pack})


# publication

PLAN = "documents:\n  plan: {title: {zh: 甲, en: A}, published: 2022-01-28}\n"


def known(nation: Pack, text: str) -> dt.date:
    """From when the city's one value is known."""
    return Library({"CN": nation, "999900": city(text)}).values["999900"]["minimum_wage"][0].dates.known


def planned(fields: str) -> str:
    return PLAN + f"values:\n  minimum_wage:\n    - {{from: 2020-01-01, {fields}, document: plan}}\n"


def test_a_value_is_known_from_the_publication_of_its_document_where_it_says_none(nation: Pack) -> None:
    assert known(nation, planned("value: 1")) == dt.date(2022, 1, 28)


def test_a_value_is_known_from_its_own_publication_first(nation: Pack) -> None:
    assert known(nation, planned("value: 1, published: 2019-12-01")) == dt.date(2019, 12, 1)


def test_a_value_without_any_publication_is_known_from_its_start(nation: Pack) -> None:
    assert known(nation, value("from: 2020-01-01, value: 1")) == dt.date(2020, 1, 1)


def test_what_a_pack_does_not_say_is_not_so() -> None:
    title = {"zh": "x", "en": "x"}
    rule = RuleDeclaration.model_validate({"title": title, "versions": [{"from": "2021-07-01"}]})
    assert (rule.closure, rule.cases, rule.entity, rule.unit) == (False, False, "household", "bool")
    parameter = ParameterDeclaration.model_validate({"title": title, "unit": "CNY"})
    assert (parameter.supply, parameter.basis, parameter.set_by) == (False, [], "county")
    assert Document.model_validate({"title": title}).memory is False
    assert city("").content.fictional is False


@pytest.mark.parametrize(
    ("text", "words"),
    [("a: &x [1]\nbb:   *x\n", "*x"), ("a: 1\n  \nbb:  !!python/name:os.system y\n", "!!python"), ("\n a: !x 1", "!x")],
)
def test_what_a_pack_never_holds_is_refused_where_it_stands(text: str, words: str) -> None:
    with pytest.raises(PackError) as caught:
        YamlFile("999900/pack.yaml", text)
    assert where(caught.value) == place_of(text, words)


def test_many_lists_one_after_another_are_not_deep() -> None:
    assert len(YamlFile("999900/pack.yaml", "a:\n" + "  - [[1], [2]]\n" * 200).data["a"]) == 200


def test_the_faults_of_every_file_are_told_together() -> None:
    broken = {"999900/a.yaml": HEAD + "a: [", "999900/b.yaml": "b: 1\nb: 2\n", "999900/c.yaml": "c: *x\n"}
    with pytest.raises(PackError) as caught:
        Pack.of_texts("999900", broken)
    assert [(one.file, one.line) for one in caught.value.all] == [
        ("999900/a.yaml", 4),
        ("999900/b.yaml", 2),
        ("999900/c.yaml", 1),
    ]


@pytest.mark.parametrize(
    ("number", "words"), [(0, "{from: 2021"), (1, "{from: 2022"), (2, "{from: 2023"), (3, "{from: 2024")]
)
def test_an_entry_of_a_parameter_in_several_files_is_found_where_it_stands(number: int, words: str) -> None:
    first = HEAD + value("from: 2021-07-01, value: 1") + "    - {from: 2022-07-01, value: 2, document: x}\n"
    second = value("from: 2023-07-01, value: 3") + "    - {from: 2024-07-01, value: 4, document: x}\n"
    pack = Pack("999900", [YamlFile("999900/a.yaml", first), YamlFile("999900/b.yaml", second)])
    file, text = ("999900/a.yaml", first) if number < 2 else ("999900/b.yaml", second)
    found = pack.fault("wrong", "values", "minimum_wage", number)
    assert (found.file, where(found)) == (file, place_of(text, words))
    below = pack.fault("wrong", "values", "minimum_wage", number, "value")
    assert (below.file, below.line) == (file, place_of(text, words)[0])


def test_the_path_of_a_place_is_that_of_the_innermost_value_around_it() -> None:
    file = YamlFile("999900/pack.yaml", "a: {b: 1}\nc:\n  - xyz\n  - {d: 4567}\n")
    for path in ((), ("a", "b"), ("c", 0), ("c", 1), ("c", 1, "d")):
        found = file.path_at(*file.place(path))
        assert found == path, path
    assert file.path_at(1, 6) == ("a",)
    assert file.path_at(1, 8) == ("a", "b")
    assert file.path_at(4, 13) == ("c", 1, "d")  # its end
    assert file.path_at(4, 14) == ("c", 1)
    assert file.path_at(4, 8) == ("c", 1)
    assert file.path_at(3, 4) == ("c",)
    assert file.path_at(99, 1) == ()


def test_a_fault_of_a_whole_parameter_is_found_in_the_first_of_its_files() -> None:
    first, second = HEAD + value("from: 2021-07-01, value: 1"), value("from: 2023-07-01, value: 3")
    pack = Pack("999900", [YamlFile("999900/a.yaml", first), YamlFile("999900/b.yaml", second)])
    assert pack.fault("wrong", "values", "minimum_wage").file == "999900/a.yaml"
