"""Tables as CSV and XLSX, every cell a text, written so that no cell is ever taken for a formula.

Reading is strict and bounded: what is broken, too large, a formula, or a number whose digits may have been lost is
Malformed, whole.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, Literal

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

from app.rules.request_faults import Fault
from app.verification.exchange.errors import Malformed

SheetForm = Literal["csv", "xlsx"]
Row = dict[str, str]

MOST_BYTES: Final = 64 * 1024 * 1024
MOST_UNPACKED: Final = 512 * 1024 * 1024
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 100
_ACTIVE: Final = ("=", "+", "-", "@", "\t", "\r", "'")  # a spreadsheet would act on a cell that begins so
_EXACT_DIGITS: Final = 15  # a spreadsheet's number holds so many decimal digits and no more
_PLAIN: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def write_sheet(form: SheetForm, names: Sequence[str], rows: Iterable[Row]) -> bytes:
    """A table with its names in the first row. A cell that a row lacks is empty."""
    table = [list(names), *([row.get(name, "") for name in names] for row in rows)]
    return _csv(table) if form == "csv" else _xlsx(table)


def read_sheet(form: SheetForm, body: bytes) -> list[Row]:
    """The rows of a table by the names of its first row. Malformed if it is not wholly one."""
    if len(body) > MOST_BYTES:
        raise _broken("too_long")
    try:
        table = list(islice(_cells_of_csv(body) if form == "csv" else _cells_of_xlsx(body), MOST_ROWS + 2))
    except Malformed:
        raise
    except Exception:  # whatever a library says of a broken file: the text might repeat what is in it
        raise _broken("wrong_form") from None
    if not table or len(table) > MOST_ROWS + 1:
        raise _broken("too_few" if not table else "too_many")
    names = table[0]
    if not all(names) or len(set(names)) < len(names) or len(names) > MOST_COLUMNS:
        raise _broken("wrong_form", "/0")
    return [_row(names, cells, number) for number, cells in enumerate(table[1:], 1) if any(cells)]


def _row(names: list[str], cells: list[str], number: int) -> Row:
    if len(cells) > len(names):
        raise _broken("too_many", f"/{number}")
    return dict(zip(names, cells, strict=False))


def _csv(table: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([[_inert(cell) for cell in cells] for cells in table])
    return text.getvalue().encode("utf-8-sig")  # the mark by which spreadsheets know the encoding


def _cells_of_csv(body: bytes) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
    return ([_as_meant(cell) for cell in cells] for cells in reader)


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_ACTIVE) else cell


def _as_meant(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_ACTIVE) else cell


def _xlsx(table: list[list[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for cells in table:
        sheet.append([_text_cell(sheet, cell) for cell in cells])
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def _text_cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text or None)
    if text:
        cell.data_type = "s"  # otherwise "=…" would be a formula
        cell.number_format = "@"
        cell.quotePrefix = text.startswith(_ACTIVE)
    return cell


def _cells_of_xlsx(body: bytes) -> Iterator[list[str]]:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED:
            raise _broken("too_long")
    book = load_workbook(io.BytesIO(body), read_only=True, data_only=False, keep_links=False)
    if len(book.sheetnames) != 1:
        raise _broken("too_many")
    for number, row in enumerate(book.worksheets[0].iter_rows(max_col=MOST_COLUMNS + 1)):
        cells = [_text_of(cell, number) for cell in row]
        while cells and not cells[-1]:  # rows of a workbook are as wide as its widest
            cells.pop()
        yield cells


def _text_of(cell: Any, row: int) -> str:
    """A cell's text. A number is taken as it is shown if all its digits can be there; anything else is not agreed."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str) and cell.data_type in ("s", "inlineStr", "str"):
        return value
    if type(value) in (int, float):
        text = repr(value)
        if _PLAIN.fullmatch(text) and sum(map(str.isdigit, text)) <= _EXACT_DIGITS:
            return text.removesuffix(".0")
    raise _broken("wrong_type", f"/{row}")


def _broken(code: str, where: str = "") -> Malformed:
    return Malformed([Fault(where, code)])
