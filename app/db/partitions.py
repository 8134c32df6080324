"""Partitions by month, in which records are stored."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from asyncpg import Connection

from app.core.months import month_of

BACK: Final = 1
AHEAD: Final = 24
SHAPING: Final = 0x646F756469  # the lock of those who change tables; any number that others do not lock


async def ensure_months(connection: "Connection[Any]", now: datetime | None = None) -> int:
    """Make the partitions from last month to two years ahead. Returns how many were missing.

    Services that start at once take turns before they look: a session that found a month missing keeps believing it.
    """
    this = month_of(now or datetime.now(UTC))
    first = (this - timedelta(days=1)).replace(day=1)
    async with connection.transaction():
        await connection.execute(f"SELECT pg_advisory_xact_lock({SHAPING})")
        made: int = await connection.fetchval("SELECT ensure_months($1, $2)", first, BACK + 1 + AHEAD)
    return made
