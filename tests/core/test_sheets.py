"""The writer of tables: what a spreadsheet makes of each cell when it opens the file, and how it comes back."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from app.core.sheets import SheetForm, as_meant, csv_head, csv_line, inert, write_sheet
from app.verification.exchange.tables import read_sheet

DESTROYED = [
    *("110101199003078515", "11010119900307851X"[:17], "007", "1E5", "1e-5", "2.5E+10", "3-4", "1/2", "1.50", "123456789012"),
    *("2026-08-15", "2026-08", "2026/8/15", "8.15", "12:30", "3 pm", "2026-08-15 12:30", "MAR1", "1-Sept", "Jan 5, 2020"),
    *("2026年8月", "8月15日", "上午9时30分", "10%", "¥5", "1,000", "(5)", " 12", "１２３", "½", "true", "FALSE"),
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'", "'x", " =1", "＝1", "\u200b=1", "\ufeff@x", "\x01=1"),
]  # fmt: skip
TEXTS = [
    "",
    "0",
    "12",
    "999900",
    "12345678901",
    "C-17",
    "p1",
    "e5",
    "1号楼",
    "王小明",
    "may",
    "x=1",
    "2026-08-15T12:00:00Z",
]


@pytest.mark.parametrize("text", DESTROYED)
def test_what_a_spreadsheet_would_change_is_marked(text: str) -> None:
    assert inert(text) == f"'{text}"
    assert as_meant(inert(text)) == text


@pytest.mark.parametrize("text", TEXTS)
def test_what_stays_as_it_is_is_not(text: str) -> None:
    assert inert(text) == text == as_meant(text)


@given(st.text(max_size=40))
def test_every_text_comes_back(text: str) -> None:
    assert as_meant(inert(text)) == text


@given(st.from_regex(re.compile(r"[ ]?[-+]?[0-9]{1,20}([.,/:\-eE][0-9]{1,6}){0,2}%?", re.ASCII), fullmatch=True))
def test_what_looks_like_a_number_or_a_day_is_marked_or_a_plain_whole_number(text: str) -> None:
    if inert(text) == text:
        assert str(int(text)) == text
        assert len(text) < 12


@given(st.uuids(version=4))
def test_an_id_is_never_marked(id_: UUID) -> None:
    assert inert(str(id_)) == str(id_)


@pytest.mark.parametrize("form", get_args(SheetForm))
@pytest.mark.parametrize("text", [*DESTROYED, "a\r\nb", "a\rb", "_x0041_", "\x02", 'say "no";', "a;=1"])
def test_a_table_holds_what_was_written(form: SheetForm, text: str) -> None:
    assert read_sheet(form, write_sheet(form, ["a", "b"], [{"a": text, "b": "x"}])) == [{"a": text, "b": "x"}]


def test_a_workbook_says_of_every_cell_that_it_is_text() -> None:
    body = write_sheet("xlsx", DESTROYED, [{text: text for text in DESTROYED}])
    cells = [cell for row in load_workbook(io.BytesIO(body)).worksheets[0].iter_rows() for cell in row]
    assert {(cell.data_type, cell.number_format, cell.quotePrefix) for cell in cells} == {("s", "@", True)}
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")


def test_a_csv_says_its_encoding_and_sets_its_cells_apart_in_every_country() -> None:
    assert csv_head(["a", "b"]).encode() == b"\xef\xbb\xbfa,b\r\n"
    line = csv_line(["a", "b"], {"a": "x;=1", "b": "\t"})
    assert line == '"x;=1","\'\t"\r\n'
    assert next(csv.reader(io.StringIO(line, newline=""))) == ["x;=1", "'\t"]


def test_amounts_stay_numbers_in_the_columns_that_are_added_up() -> None:
    said = {"a": "-12.50", "b": "-12.50"}
    assert csv_line(["a", "b"], said, ["a"]) == "-12.50,'-12.50\r\n"
    assert csv_line(["a"], {"a": "=1"}, ["a"]) == "'=1\r\n"
    assert csv_line(["a"], {"a": "12345678901234567"}, ["a"]) == "'12345678901234567\r\n"
