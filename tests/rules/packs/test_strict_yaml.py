"""YAML that a pack may not hold is refused at its line and column."""

from pathlib import Path

import pytest

from app.rules.packs.schema import Document, ParameterDeclaration, RuleDeclaration
from app.rules.packs.strict_yaml import PackError, YamlFile
from tests.rules.packs.texts import Place, city, place_of, where


def yaml_fault(text: str) -> PackError:
    with pytest.raises(PackError) as caught:
        _ = YamlFile("pack.yaml", text).data
    assert caught.value.file == "pack.yaml"
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


def fault(text: str) -> PackError:
    with pytest.raises(PackError) as caught:
        _ = YamlFile("pack.yaml", text).data
    return caught.value


def test_twelve_steps_deep_is_read_and_a_thirteenth_is_refused_where_it_begins() -> None:
    assert YamlFile("pack.yaml", "a:\n  " + "[" * 11 + "x" + "]" * 11).data
    deep = fault("a:\n  " + "[" * 12 + "x" + "]" * 12)
    assert (deep.message, deep.line, deep.column) == ("nested too deeply", 2, 14)


def test_what_stands_beside_each_other_is_no_deeper_and_no_less_deep() -> None:
    beside = "a:\n" + "  - [{b: [c]}]\n" * 13
    assert YamlFile("pack.yaml", beside).data
    assert fault(beside + "  - " + "[" * 11 + "x" + "]" * 11).message == "nested too deeply"


def test_a_file_that_is_not_utf_8_is_refused_at_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "pack.yaml"
    path.write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(PackError) as caught:
        YamlFile.load(path, "pack.yaml")
    assert (caught.value.message, caught.value.line, caught.value.column) == ("not UTF-8", 1, 1)


def test_what_yaml_cannot_read_as_text_is_refused_at_the_beginning() -> None:
    found = fault("a: 1\nb: \x01\n")
    assert found.message.startswith("not YAML")
    assert (found.line, found.column) == (1, 1)


def test_what_is_no_yaml_is_refused_in_the_words_of_the_parser_where_it_saw_it() -> None:
    found = fault("a: [b\nc: d")
    assert "expected ',' or ']'" in found.message
    assert (found.line, found.column) == (2, 2)


def test_everything_in_an_empty_file_stands_at_its_beginning() -> None:
    assert YamlFile("pack.yaml", "").place(("a", 1)) == (1, 1)
    assert YamlFile("pack.yaml", "# nothing\n").place(()) == (1, 1)


def test_a_place_within_what_is_no_scalar_is_its_own() -> None:
    file = YamlFile("pack.yaml", "a: 1\nb:\n  - c\n")
    assert file.place_within(("b",), 1, 3) == (3, 3)
    assert file.place_within(("b", 7), 1, 3) == (3, 3)


def test_a_place_within_a_scalar_counts_letters_over_its_lines() -> None:
    kept = YamlFile("pack.yaml", "a: |\n  one\n  two\n")
    assert [kept.place_within(("a",), line, column) for line, column in ((1, 1), (1, 3), (2, 1), (2, 3))] == [
        (2, 3), (2, 5), (3, 3), (3, 5),
    ]  # fmt: skip
    plain = YamlFile("pack.yaml", "a: one two")
    assert [plain.place_within(("a",), 1, column) for column in (1, 5, 7)] == [(1, 4), (1, 8), (1, 10)]
    assert plain.place_within(("a",), 1, 99) == (1, 11)


def test_a_second_alias_is_refused_where_the_first_stands() -> None:
    found = fault("x: &a 1\ny:\n  - *a\n  - *a\n")
    assert "aliases" in found.message
    assert (found.line, found.column) == (3, 5)


def test_a_fault_of_no_place_stands_nowhere() -> None:
    found = PackError("not there", "pack.yaml")
    assert (str(found), found.line, found.column) == ("pack.yaml: not there", 0, 0)
