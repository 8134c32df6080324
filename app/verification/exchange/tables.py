"""Tables read from CSV and XLSX, every cell a text, as app/core/sheets.py or a platform's own spreadsheet wrote them.

Reading is strict and bounded: what is broken, too large, a formula, or a number whose digits may have been lost is
Malformed, whole.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from openpyxl import load_workbook

from app.core.sheets import Row, SheetForm, as_meant
from app.rules.request_faults import Fault
from app.verification.exchange.errors import Malformed

MOST_BYTES: Final = 64 * 1024 * 1024
MOST_UNPACKED: Final = 512 * 1024 * 1024
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 100
_MARKS: Final = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_BEYOND_TWO_BYTES: Final = re.compile("[\u0800-\U0010ffff]")
_ESCAPED: Final = re.compile("_x(00[01][0-9A-Fa-f]|005[Ff])_")
_EXACT_DIGITS: Final = 15  # a spreadsheet's number holds so many decimal digits and no more
_PLAIN: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


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


def _cells_of_csv(body: bytes) -> Iterator[list[str]]:
    text = _decoded(body)
    names = next(csv.reader(io.StringIO(text, newline="")), [])
    # Spreadsheets of other countries set cells apart by semicolons, and write UTF-16 with tabs.
    apart = next((sign for sign in (";", "\t") if len(names) == 1 and sign in names[0]), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=apart, strict=True)
    return ([as_meant(cell) for cell in cells] for cells in reader)


def _decoded(body: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or GB 18030, of which GBK is a part; Malformed if it could be in two."""
    encoding = next((name for mark, name in _MARKS.items() if body.startswith(mark)), None)
    if encoding:
        return body.decode(encoding)
    if b"\0" in body:
        return _one_of(text for text in _readings(body, "utf-16-le", "utf-16-be") if "\n" in text)
    readings = list(_readings(body, "utf-8", "gb18030"))
    if body.isascii() or (len(readings) == 2 and _BEYOND_TWO_BYTES.search(readings[0])):
        return readings[0]  # Chinese in UTF-8 has three bytes a character: so many of GBK's are not that by chance
    return _one_of(readings)


def _readings(body: bytes, *encodings: str) -> Iterator[str]:
    for encoding in encodings:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            yield text


def _one_of(readings: Iterable[str]) -> str:
    found = list(readings)
    if len(found) != 1:
        raise _broken("wrong_form")
    return found[0]


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
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    if type(value) in (int, float):
        text = repr(value)
        if _PLAIN.fullmatch(text) and sum(map(str.isdigit, text)) <= _EXACT_DIGITS:
            return text.removesuffix(".0")
    raise _broken("wrong_type", f"/{row}")


def _broken(code: str, where: str = "") -> Malformed:
    return Malformed([Fault(where, code)])
