"""The months that records are kept by."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from asyncpg import Connection

# Asia/Shanghai has known no summer time since 1991, and small machines may have no table of zones.
SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")

BACK: Final = 1
AHEAD: Final = 24


def month_of(at: datetime) -> date:
    """The first day of the month, in China, of an instant that names its zone. ValueError if it names none."""
    if at.tzinfo is None:
        raise ValueError("an instant without a zone belongs to no month")
    return at.astimezone(SHANGHAI).date().replace(day=1)


async def ensure_months(connection: "Connection[Any]", now: datetime | None = None) -> int:
    """Partitions for the month before this one up to two years ahead. How many had to be made."""
    this = month_of(now or datetime.now(UTC))
    first = (this - timedelta(days=1)).replace(day=1)
    made: int = await connection.fetchval("SELECT ensure_months($1, $2)", first, BACK + 1 + AHEAD)
    return made
