"""SQL that counts, place by place, what stored decisions left open and what officers typed in."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from sqlalchemy import text

from app.db.connection import Connection

MOST_COUNTED = 50_000  # decisions, the newest ones

_NEWEST = """
    WITH newest AS (
        SELECT d.division, convert_from(r.body, 'UTF8')::jsonb AS record
        FROM decision d JOIN record r ON r.jurisdiction = d.jurisdiction AND r.month = d.month AND r.id = d.id
        WHERE d.date > :since AND d.date <= :until
        ORDER BY d.month DESC, d.id DESC LIMIT :most
    )
"""
_OPEN = text(
    _NEWEST  # noqa: S608  made of constants alone
    + """
    SELECT division, name, count(*) FROM (
        SELECT DISTINCT division, record ->> 'id' AS id, gap.name FROM newest
        CROSS JOIN LATERAL jsonb_array_elements(record #> '{results,results}') AS result
        CROSS JOIN LATERAL jsonb_array_elements_text(result -> 'gaps') AS gap(name)
    ) AS open GROUP BY division, name
"""
)
_SUPPLIED = text(
    _NEWEST  # noqa: S608  made of constants alone
    + """
    SELECT division, key.name, count(*) FROM newest
    CROSS JOIN LATERAL jsonb_object_keys(
        CASE jsonb_typeof(record #> '{facts,options,parameters}') WHEN 'object' THEN record #> '{facts,options,parameters}'
        ELSE '{}' END
    ) AS key(name) GROUP BY division, key.name
"""
)


async def asked(
    connection: Connection, since: dt.date, until: dt.date
) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """Counts decisions of days after one day up to another, by division and figure: left open by it, typed in."""
    span = {"since": since, "until": until, "most": MOST_COUNTED}
    left_open, supplied = [await connection.execute(one, span) for one in (_OPEN, _SUPPLIED)]
    return (
        Counter({(division, name): count for division, name, count in left_open}),
        Counter({(division, name): count for division, name, count in supplied}),
    )
