"""Faults of form in a pack, and files merged by section; each fault has its file, line and column."""

import datetime as dt
import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from app.rules.packs.pack import Pack, load_packs
from app.rules.packs.strict_yaml import PackError, YamlFile
from tests.rules.packs.texts import HEAD, city, place_of, value, where


def pack_fault(text: str) -> PackError:
    """The fault of form of a pack; the text follows the two lines of the head."""
    with pytest.raises(PackError) as caught:
        city(text)
    assert caught.value.file == "999900/pack.yaml"
    return caught.value


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


def test_a_fault_of_a_whole_parameter_is_found_in_the_first_of_its_files() -> None:
    first, second = HEAD + value("from: 2021-07-01, value: 1"), value("from: 2023-07-01, value: 3")
    pack = Pack("999900", [YamlFile("999900/a.yaml", first), YamlFile("999900/b.yaml", second)])
    assert pack.fault("wrong", "values", "minimum_wage").file == "999900/a.yaml"
