"""doudi rules review: what is old, indirect, about to end or overtaken, and what places lack, the most asked first."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table

from app.cli.database import with_database
from app.rules.catalogue.review import Asked, Kind, PlaceReview
from app.rules.messages import Language
from app.settings import Settings

if TYPE_CHECKING:
    from app.db.database import Database

_A_YEAR: Final = dt.timedelta(days=366)
_KINDS: Final[dict[Kind, dict[Language, str]]] = {
    "stale": {"zh": "陈旧", "en": "stale"},
    "inferred": {"zh": "间接得出", "en": "inferred"},
    "reported": {"zh": "仅据报道", "en": "reported only"},
    "ends_soon": {"zh": "即将到期", "en": "ends soon"},
    "overtaken": {"zh": "已有更新的文件", "en": "a newer document"},
    "supplied": {"zh": "常由经办人员录入", "en": "typed in"},
}
_LACKING: Final[dict[Language, str]] = {"zh": "尚缺", "en": "lacking"}
_COLUMNS: Final[dict[Language, tuple[str, ...]]] = {
    "zh": ("地区", "情况", "编号", "名称", "文件", "日期", "决定数", "线索"),
    "en": ("Place", "What", "Id", "Title", "Document", "Day", "Decisions", "Leads"),
}
_NOT_ASKED: Final[dict[Language, str]] = {
    "zh": "没有查看已存的决定（--database 指定数据目录，或设置 DATABASE_URL）",
    "en": "Stored decisions were not looked at (--database names the data folder, or set DATABASE_URL)",
}

Counted = dict[str, dict[str, Asked]]


def counted_in(settings: Settings, date: dt.date) -> Counted:
    """Count what the stored decisions of the year up to a day left open, and what was typed in. Ends with code 1 if the
    database cannot be opened."""
    from app.decisions.asked.repository import asked

    async def read(database: Database) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
        async with database.connect() as connection:
            return await asked(connection, date - _A_YEAR, date)

    left_open, supplied = with_database(settings, read)
    found: Counted = {}
    for division, name in left_open | supplied:
        found.setdefault(division, {})[name] = Asked(left_open[division, name], supplied[division, name])
    return found


def review_rows(reviews: list[PlaceReview], language: Language) -> list[dict[str, Any]]:
    """List each place with its findings and what it lacks, in one language."""
    return [
        {
            "division": one.code,
            "name": one.name[language],
            "findings": [
                {
                    "kind": found.kind,
                    "id": found.id,
                    "title": found.title[language],
                    "document": found.document,
                    "day": found.day.isoformat() if found.day else None,
                    "decisions": found.count,
                }
                for found in one.findings
            ],
            "lacking": [
                {
                    "id": lack.id,
                    "title": lack.title[language],
                    "asked": lack.asked.open,
                    "supplied": lack.asked.supplied,
                    "leads": lack.leads,
                }
                for lack in one.lacking
            ],
        }
        for one in reviews
    ]


def review_table(reviews: list[PlaceReview], language: Language, *, stored: bool) -> Table:
    """Draw the review as a table, place by place."""
    table = Table(caption=None if stored else _NOT_ASKED[language], caption_justify="left")
    for name in _COLUMNS[language]:
        table.add_column(name, overflow="fold")
    for one in review_rows(reviews, language):
        table.add_section()
        for number, row in enumerate(_rows(one, language)):
            table.add_row(one["name"] if number == 0 else "", *row)
    return table


def _rows(one: dict[str, Any], language: Language) -> Iterator[tuple[str, ...]]:
    for found in one["findings"]:
        kind = _KINDS[found["kind"]][language]
        count = str(found["decisions"] or "")
        yield kind, found["id"], found["title"], found["document"] or "", found["day"] or "", count, ""
    for lack in one["lacking"]:
        count, leads = str(lack["asked"] or ""), str(lack["leads"] or "")
        yield _LACKING[language], lack["id"], lack["title"], "", "", count, leads
