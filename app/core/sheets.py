"""The one writer of tables for people, CSV and XLSX: a text stays the text it was in any spreadsheet, and none is a formula."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, Literal

SheetForm = Literal["csv", "xlsx"]
Row = dict[str, str]

_BYTE_ORDER: Final = "\ufeff"  # the mark by which spreadsheets know UTF-8
_SETS_APART: Final = re.compile('[",;\t\r\n]')  # a comma for most; elsewhere the others part cells as well
_FIGURE: Final = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,2})?", re.ASCII)
_AS_WRITTEN: Final = re.compile(r"0|[1-9][0-9]{0,10}", re.ASCII)  # a number that is shown with just these digits
_MONTH: Final = "jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|january|february|march|april|august|september|october|november|december"
# Numbers, sums of money, shares, days, months and times, as spreadsheets in Chinese and English know them.
_NO_TEXT: Final = re.compile(
    rf"true|false|(?=.*[0-9])(?:[0-9\s.,:/⁄%()$¥€£+\-年月日时時分秒点]|[上下]午|(?:{_MONTH})(?![a-z])"
    r"|(?<=[0-9.])e(?=[0-9+\-])|(?<=[0-9\s])[ap]m?(?![a-z]))+",
    re.IGNORECASE | re.DOTALL,
)
_ESCAPED: Final = re.compile("[\x00-\x08\x0b-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")  # how workbooks write what XML cannot hold


def write_sheet(form: SheetForm, names: Sequence[str], rows: Iterable[Row]) -> bytes:
    """A table with its names in the first row. A cell that a row lacks is empty."""
    if form == "csv":
        return "".join([csv_head(names), *(csv_line(names, row) for row in rows)]).encode()
    from openpyxl import Workbook  # not needed before a workbook is: the service answers sooner

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (dict(zip(names, names, strict=True)), *rows):
        sheet.append([_cell(sheet, row.get(name) or "") for name in names])
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def csv_head(names: Sequence[str]) -> str:
    """The beginning of a CSV table: the mark of its encoding and its names."""
    return _BYTE_ORDER + csv_line(names, dict(zip(names, names, strict=True)))


def csv_line(names: Sequence[str], row: Mapping[str, str | None], figures: Collection[str] = ()) -> str:
    """A row of a CSV table. In the columns `figures` plain amounts stay numbers, to be added up."""
    cells = ((row.get(name) or "", name in figures) for name in names)
    plain = (text if counted and _FIGURE.fullmatch(text) else inert(text) for text, counted in cells)
    return ",".join(map(_quoted, plain)) + "\r\n"


def inert(text: str) -> str:
    """A text with an apostrophe before it if a spreadsheet would act on it, or keep it as something else."""
    return f"'{text}" if _changes(text) else text


def as_meant(cell: str) -> str:
    """The text that `inert` wrote. An apostrophe before anything else is part of the text."""
    return cell[1:] if cell.startswith("'") and _changes(cell[1:]) else cell


def _changes(text: str) -> bool:
    """Tell if a spreadsheet would make a formula, a number, a day or a time of a text.

    It looks through blanks, invisible signs and full-width forms, as spreadsheets do. Whole numbers of few digits pass:
    they come back as they are. More than two hyphens are of no day, but of an id.
    """
    if not text or _AS_WRITTEN.fullmatch(text):
        return False
    seen = text
    if not (text.isascii() and text.isprintable()):
        plain = unicodedata.normalize("NFKC", text)
        seen = "".join(sign for sign in plain if sign.isspace() or not unicodedata.category(sign).startswith("C"))
    seen = seen.strip()
    return (
        text[0] in "'\t\r\n"
        or seen.startswith(("=", "+", "-", "@", "'"))
        or (seen.count("-") <= 2 and _NO_TEXT.fullmatch(seen) is not None)
    )


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _SETS_APART.search(cell) else cell


def _cell(sheet: Any, text: str) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=_ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", text) or None)
    if text:
        cell.data_type = "s"  # otherwise "=…" would be a formula
        cell.number_format = "@"
        cell.quotePrefix = _changes(text)
    return cell
