"""Packs that do not fit together are refused where they do not, and values are known from their publication."""

import datetime as dt
from pathlib import Path

import pytest

from app.rules.packs.library import Library, UnknownDivision
from app.rules.packs.pack import Pack, load_packs
from app.rules.packs.strict_yaml import PackError, YamlFile
from tests.rules.packs.texts import DATES, city, place_of, replacement, value, where


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


# what does not fit together


def test_the_packs_of_the_content_folder_fit_together(content: Path) -> None:
    library = Library(load_packs(content))
    assert library.path("500154") == ["CN", "500000", "500154"]
    assert library.division("500154001000") == "500154"
    with pytest.raises(UnknownDivision):
        library.division("810000")


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
