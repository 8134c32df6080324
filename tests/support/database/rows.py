"""Rows for any table: of each type of column a value."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine
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
    bool: False,
    object: {"a": [1, None]},  # JSON
}
KEEPS_CHANGING = ("identity_key", "master_key", "person_mark", "replay_job", "verification_query")


def all_tables() -> list[Table]:
    assert tables.Record.metadata is SQLModel.metadata
    return SQLModel.metadata.sorted_tables


def insert_only() -> list[str]:
    return [table.name for table in all_tables() if table.name not in KEEPS_CHANGING]


def row(table: Table, **given: Any) -> dict[str, Any]:
    """A row of a table, every column filled."""
    return {column.name: _value(column.type) for column in table.columns} | given


def _value(type_: TypeEngine[Any]) -> Any:
    if isinstance(type_, ARRAY) and type_.item_type.python_type is UUID:
        return [uuid4()]
    return uuid4() if type_.python_type is UUID else BY_TYPE[type_.python_type]
