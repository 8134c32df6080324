"""A platform over HTTP with JSON: queries are handed over, answers fetched later or posted back, both ways signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from jiter import LosslessFloat
from pydantic import ValidationError

from app.core.http_client import USUAL, Correspondent, Limits, OutboundRefused, OutboundUnavailable
from app.rules.request_faults import Fault
from app.rules.values.strict_json import NotJson, parse_json
from app.verification.exchange.errors import Forged, Malformed, OtherQuery, PlatformRefused, PlatformUnavailable
from app.verification.exchange.mapping.mapping import Mapping
from app.verification.exchange.mapping.schema import UNMAPPED
from app.verification.exchange.mapping.translate import Translator
from app.verification.exchange.protocol import ONE_BY_ONE, Answers, Callback, HandingOver, Query, Receipt, Report
from app.verification.exchange.signing import sign, verify


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class HttpJson:
    """One platform at an address, with the key shared with it. PackError if its mapping is not whole."""

    def __init__(
        self,
        mapping: Mapping,
        address: str,
        key: bytes,
        limits: Limits = USUAL,
        clock: Callable[[], dt.datetime] = _now,
    ) -> None:
        paths = mapping.content.paths
        if paths == UNMAPPED:
            raise mapping.file.fault("where it takes queries is not mapped", ("paths",))
        self._paths = paths
        self._translator = Translator(mapping)
        self._exchange = mapping.fields.exchange
        self._key = key
        self._clock = clock
        self._correspondent = Correspondent(address, limits)

    @property
    def platform(self) -> str:
        return self._translator.mapping.platform

    @property
    def handing_over(self) -> HandingOver:
        return ONE_BY_ONE

    @property
    def left_alone(self) -> bool:
        """True while the platform is not asked because it failed too often lately."""
        return self._correspondent.left_alone

    async def submit(self, query: Query) -> Receipt:
        raw = self._translator.query_out(query)
        answer = _read(await self._post(self._paths.submit, query.id, raw), {self._exchange.number})
        number = answer.get(self._exchange.number)
        try:
            return Receipt.model_validate({"platform": self.platform, "query": query.id, "number": number})
        except ValidationError as error:
            raise Malformed.of(error) from None

    async def submit_all(self, queries: Sequence[Query]) -> list[Receipt]:
        return [await self.submit(query) for query in queries]

    async def poll(self, query: Query, receipt: Receipt) -> Answers:
        raw = {self._exchange.number: receipt.number}
        fields = {self._exchange.reports, self._exchange.complete}
        answer = _read(await self._post(self._paths.poll, query.id, raw), fields)
        reports, complete = answer.get(self._exchange.reports), answer.get(self._exchange.complete)
        if not isinstance(reports, list):
            raise Malformed([Fault("/reports", "wrong_type")])
        try:
            all_said = bool(self._translator.mapping.flag.read(complete))
        except ValueError:
            raise Malformed([Fault("/complete", "not_allowed")]) from None
        taken, malformed = self._each(reports, query)
        return Answers(tuple(taken), tuple(malformed), all_said)

    def accept(self, callback: Callback, query: Query, now: dt.datetime) -> Report:
        signed = verify(self._key, callback.headers, callback.body, now)
        report = self._translator.report_in(_json(callback.body), query, now)
        if report.id != signed:
            raise Forged
        return report

    async def close(self) -> None:
        """Give connections back."""
        await self._correspondent.close()

    def _each(self, reports: list[Any], query: Query) -> tuple[list[Report], list[Malformed]]:
        taken: list[Report] = []
        malformed: list[Malformed] = []
        now = self._clock()
        for raw in reports:
            try:
                taken.append(self._translator.report_in(raw, query, now))
            except Malformed as fault:
                malformed.append(fault)
            except OtherQuery:
                malformed.append(Malformed([Fault("/query", "not_allowed")]))
        return taken, malformed

    async def _post(self, path: str, id_: str, raw: Any) -> bytes:
        body = json_bytes(raw)
        try:
            return await self._correspondent.post(path, body, lambda: sign(self._key, id_, body, self._clock()))
        except OutboundRefused:
            raise PlatformRefused from None
        except OutboundUnavailable:
            raise PlatformUnavailable from None


def json_bytes(raw: Any) -> bytes:
    """The JSON of an answer or a query, numbers as they are written."""
    return orjson.dumps(raw, default=_number)


def _number(value: Any) -> orjson.Fragment:
    if type(value) is LosslessFloat:
        return orjson.Fragment(str(value).encode())
    raise TypeError


def _json(body: bytes) -> Any:
    try:
        return parse_json(body)
    except NotJson:
        raise Malformed([Fault("", "wrong_form")]) from None


def _read(body: bytes, fields: set[str]) -> dict[str, Any]:
    answer = _json(body)
    if not isinstance(answer, dict):
        raise Malformed([Fault("", "wrong_type")])
    if not set(answer) <= fields:
        raise Malformed([Fault("", "unknown_field")])
    return answer
