"""Pages of lists: how many items, and where a page goes on."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field

from app.core.errors import ForeignCursor
from app.core.paging import PAGE, NamedFilter, cursor_after, read_cursor
from app.http.params import DIGITS, parameter
from app.http.problems import raises
from app.rules.request_faults import Fault, FaultyRequest

MOST_ON_A_PAGE: Final = 1000
PageSize = Annotated[
    int,
    Field(ge=1, le=MOST_ON_A_PAGE),
    DIGITS,
    Query(examples=[20], **parameter("最多返回的项数", "At most so many")),
]


@dataclass(frozen=True)
class Page:
    """The page of a list a caller asks for."""

    size: int
    cursor: str | None

    def after(self, filter_: NamedFilter) -> UUID | None:
        """The id the page before ended with. FaultyRequest for a cursor of another filter."""
        try:
            return read_cursor(filter_, self.cursor) if self.cursor is not None else None
        except ForeignCursor:
            raise FaultyRequest([Fault("/query/cursor", "foreign_cursor")]) from None


def next_cursor(filter_: NamedFilter, last: UUID | None) -> str | None:
    """The cursor of the next page of the same filter; None at the end of the list."""
    return cursor_after(filter_, last) if last else None


@raises("faulty_request")
async def _page(
    size: PageSize = PAGE,
    cursor: Annotated[
        str | None,
        Query(**parameter("上一页的 next，查询条件须相同", "The `next` of the page before, of the same query")),
    ] = None,
) -> Page:
    return Page(size, cursor)


PageDep = Annotated[Page, Depends(_page)]
