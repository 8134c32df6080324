"""The backend of a place without a platform: it says so, each time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from app.verification.exchange.errors import NoPlatform
from app.verification.exchange.protocol import ONE_BY_ONE, Answers, Callback, Query, Receipt, Report


class Null:
    """Takes nothing and answers nothing, so that a person verifies by visits and letters instead."""

    platform: Final = "none"
    handing_over: Final = ONE_BY_ONE

    async def submit(self, query: Query) -> Receipt:
        raise NoPlatform

    async def submit_all(self, queries: Sequence[Query]) -> list[Receipt]:
        raise NoPlatform

    async def poll(self, query: Query, receipt: Receipt) -> Answers:
        raise NoPlatform

    def accept(self, callback: Callback, query: Query, now: dt.datetime) -> Report:
        raise NoPlatform
