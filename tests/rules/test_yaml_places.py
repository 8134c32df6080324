"""Where faults of YAML stand: at the edges of lines, of depth and of what a file holds at all."""

from pathlib import Path

import pytest

from app.rules.packs.strict_yaml import PackError, YamlFile


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
