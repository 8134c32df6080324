"""Rows for any table: of each type of column a value."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Table
from sqlmodel import SQLModel

from app.db import tables

NOW = dt.datetime(2026, 8, 15, 12, tzinfo=dt.UTC)
BY_TYPE: dict[type, Any] = {
    str: "text",
    int: 7,
    bytes: b"\x00bytes",
    dt.date: dt.date(2026, 8, 1),
    dt.datetime: NOW,
    list: ["one", "two"],
    object: {"a": [1, None]},  # JSON
}
KEEPS_CHANGING = ("identity_key", "replay_job")


def all_tables() -> list[Table]:
    assert tables.Record.metadata is SQLModel.metadata
    return SQLModel.metadata.sorted_tables


def insert_only() -> list[str]:
    return [table.name for table in all_tables() if table.name not in KEEPS_CHANGING]


def row(table: Table, **given: Any) -> dict[str, Any]:
    """A row of a table, every column filled."""
    return {
        column.name: uuid4() if column.type.python_type is UUID else BY_TYPE[column.type.python_type]
        for column in table.columns
    } | given
