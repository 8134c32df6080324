"""Tables as files: what is written comes back, nothing becomes a formula, and what is broken is refused whole."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from app.core.sheets import SheetForm, write_sheet
from app.verification.exchange import tables
from app.verification.exchange.errors import Malformed
from app.verification.exchange.tables import read_sheet

FORMS = get_args(SheetForm)
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://x")',
    "\t=1",
    "'=1",
    "''",
    "'",
    "=cmd|' /C calc'!A0",
    "＝1+1",
    " =1",
    "\u200b=1",
]

_CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")), max_size=20)


def workbook(*rows: list[Any], sheets: int = 1) -> bytes:
    book = Workbook(write_only=True)
    for _ in range(sheets):
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def refused(form: SheetForm, body: bytes) -> str:
    with pytest.raises(Malformed) as caught:
        read_sheet(form, body)
    return str(caught.value)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=60)
@given(rows=st.lists(st.fixed_dictionaries({"a": _CELLS, "b": _CELLS}), max_size=6))
def test_what_is_written_comes_back(form: SheetForm, rows: list[dict[str, str]]) -> None:
    kept = [row for row in rows if any(row.values())]
    read = [{"a": "", "b": "", **row} for row in read_sheet(form, write_sheet(form, ["a", "b"], rows))]
    assert read == kept


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("cell", HOSTILE)
def test_text_that_looks_like_a_formula_comes_back(form: SheetForm, cell: str) -> None:
    assert read_sheet(form, write_sheet(form, ["a"], [{"a": cell}])) == [{"a": cell}]


@pytest.mark.parametrize("cell", HOSTILE)
def test_no_cell_of_a_csv_begins_like_a_formula(cell: str) -> None:
    body = write_sheet("csv", ["a"], [{"a": cell}]).decode("utf-8-sig")
    assert body.split("\r\n")[1].lstrip('"').startswith("'")


@pytest.mark.parametrize("cell", HOSTILE)
def test_no_cell_of_a_workbook_is_a_formula(cell: str) -> None:
    body = write_sheet("xlsx", ["a"], [{"a": cell}])
    assert load_workbook(io.BytesIO(body)).worksheets[0]["A2"].data_type == "s"
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", "/ too_few"),
        (b"\xff\xfea", "/ wrong_form"),
        ("路\r\n通".encode("gbk"), "/ wrong_form"),  # could be UTF-8 as well
        (b"a\x00b\r\n1\r\n", "/ wrong_form"),
        (b"\xff\r\n1", "/ wrong_form"),
        (b'a,b\r\n"open', "/ wrong_form"),
        (b'a,b\r\n"x"y,z\r\n', "/ wrong_form"),
        (b"a,a\r\n1,2\r\n", "/0 wrong_form"),
        (b"a,\r\n1,2\r\n", "/0 wrong_form"),
        (b"a\r\n1,2\r\n", "/1 too_many"),
        (b"a\r\n" + b"x" * 200_000, "/ wrong_form"),
        (b"a" + b",b" * 120, "/0 wrong_form"),
    ],
)
def test_a_broken_csv_is_refused(body: bytes, fault: str) -> None:
    assert refused("csv", body) == fault


TABLE = '姓名,编号\r\n王小明·买买提,"00,7;8"\r\n'
READ = [{"姓名": "王小明·买买提", "编号": "00,7;8"}]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"],
)
@pytest.mark.parametrize(
    "text", [TABLE, TABLE.replace(",", ";", 1).replace(',"', ';"'), TABLE.replace(",", "\t", 1).replace(',"', '\t"')]
)
def test_a_csv_of_any_spreadsheet_is_understood(encoding: str, text: str) -> None:
    assert read_sheet("csv", text.encode(encoding)) == READ


COMMON = [bytes((first, second)).decode("gbk") for first in range(0xB0, 0xD7) for second in range(0xA1, 0xFF)]


@given(st.sampled_from(["gbk", "utf-8"]), st.text(st.sampled_from(COMMON), min_size=1))
def test_common_characters_are_read_as_what_they_are_or_refused(encoding: str, text: str) -> None:
    """Few bytes can be of both encodings: they are refused, not guessed."""
    try:
        assert read_sheet("csv", f"a,b\r\n{text},y".encode(encoding)) == [{"a": text, "b": "y"}]
    except Malformed:
        assert encoding == "gbk"


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", "/ wrong_form"),
        (b"PK\x03\x04 not a workbook", "/ wrong_form"),
        (workbook(["a"], ["x"])[:-200], "/ wrong_form"),
        (workbook(["a"], ["=1+1"]), "/1 wrong_type"),
        (workbook(["a"], [dt.date(2026, 8, 15)]), "/1 wrong_type"),
        (workbook(["a"], [True]), "/1 wrong_type"),
        (workbook(["a"], [119999200001010015]), "/1 wrong_type"),
        (workbook(["a"], [1234567.890123456]), "/1 wrong_type"),
        (workbook(["a"], [1e300]), "/1 wrong_type"),
        (workbook(["a"], ["x"], sheets=2), "/ too_many"),
        (workbook(["a"], ["x", "y"]), "/1 too_many"),
        (workbook(["a", "a"], ["x", "y"]), "/0 wrong_form"),
    ],
)
def test_a_broken_workbook_is_refused(body: bytes, fault: str) -> None:
    assert refused("xlsx", body) == fault


def test_numbers_of_a_workbook_are_taken_as_they_are_shown() -> None:
    body = workbook(["a", "b", "c"], [9600.05, 12, 3.0])
    assert read_sheet("xlsx", body) == [{"a": "9600.05", "b": "12", "c": "3"}]


def test_a_file_that_unpacks_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_UNPACKED", 1000)
    assert refused("xlsx", workbook(["a"], ["x"])) == "/ too_long"


@pytest.mark.parametrize("form", FORMS)
def test_too_many_rows_or_bytes_are_refused(form: SheetForm, monkeypatch: pytest.MonkeyPatch) -> None:
    body = write_sheet(form, ["a"], [{"a": "x"}] * 4)
    monkeypatch.setattr(tables, "MOST_ROWS", 4)
    assert len(read_sheet(form, body)) == 4
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    assert refused(form, body) == "/ too_many"
    monkeypatch.setattr(tables, "MOST_BYTES", 3)
    assert refused(form, body) == "/ too_long"


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_refused(body: bytes) -> None:
    for form in FORMS:
        try:
            read_sheet(form, body)
        except Malformed:
            continue
