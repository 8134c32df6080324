"""What guards the service before a caller is known: uvicorn's protocol with bounds on headers, time and connections."""

from __future__ import annotations

import asyncio
from enum import Enum, auto
from typing import ClassVar, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.http.problems import problem_of
from app.settings import Limits

_TOLD: Final = 100  # connections beyond the cap that are told so; those beyond are just closed

_LINGER: Final = 1.0  # seconds


class _Part(Enum):
    """The part of a request that is on its way."""

    NONE = auto()
    HEAD = auto()
    BODY = auto()


def guarded(limits: Limits) -> type[HttpToolsProtocol]:
    """The protocol for uvicorn's `http`, with the limits of a deployment."""

    class Guarded(GuardedProtocol):
        pass

    Guarded.limits = limits
    return Guarded


class GuardedProtocol(HttpToolsProtocol):
    """Ends a connection whose headers are too large, or whose request or answer takes too long on its way: with a
    problem document, if no answer has begun. A request that arrives in one piece costs no timer."""

    limits: ClassVar[Limits]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._refused = False
        self._part = self._timed = _Part.HEAD
        self._began = False
        self._piece = 0  # bytes of the piece that is being read
        self._first = 0  # bytes of the piece in which the request begins
        self._head = 0  # bytes of its headers that came in later pieces
        self._taking_off: asyncio.TimerHandle | None = None
        self._timer: asyncio.TimerHandle | None = None
        beyond = len(self.connections) - self.limits.connections
        self._crowded = beyond > 0
        if beyond > _TOLD:
            self._refused = True
            transport.abort()
        else:
            self._timer = self.loop.call_later(self.limits.header_seconds, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        self._stop_taking_off()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        if self._crowded:
            self._refuse("overloaded")
            return
        self._piece, self._began = len(data), False
        super().data_received(data)
        if self._part is _Part.HEAD and not self._began:
            self._head += self._piece
            if self._head > self.limits.header_bytes:
                self._refuse("headers_too_large")
        if self._part is not self._timed:
            self._time()

    # what the parser finds

    def on_message_begin(self) -> None:
        self._part, self._began, self._first, self._head = _Part.HEAD, True, self._piece, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        most = self.limits.header_bytes
        if self._first + self._head + self._piece > most and self._measured() > most:
            self._refuse("headers_too_large")
        elif not self._refused:
            self._part = _Part.BODY
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if not self._refused:
            self._part = _Part.NONE
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        self._refuse("malformed_request")

    def _measured(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    # time

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stop_taking_off()
        self._taking_off = self.loop.call_later(self.limits.body_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        self._stop_taking_off()
        super().resume_writing()

    def _stop_taking_off(self) -> None:
        if self._taking_off is not None:
            self._taking_off.cancel()
            self._taking_off = None

    def _time(self) -> None:
        self._stop_timer()
        self._timed = self._part
        if self._part is not _Part.NONE and not self._refused:
            limits = self.limits
            seconds = limits.header_seconds if self._part is _Part.HEAD else limits.body_seconds
            self._timer = self.loop.call_later(seconds, self._too_slow)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        if self.scope is None:  # nothing was sent on it at all
            self.transport.close()
        elif self.flow.read_paused:  # it is the service that does not take it off
            self._time()
        else:
            self._refuse("too_slow")

    # refusing

    def _refuse(self, code: str) -> None:
        """Ends the connection. What was asked before on it and is not yet answered is not answered any more."""
        if self._refused:
            return
        self._refused = True
        self._stop_timer()
        cycle = self.cycle
        if cycle is None or cycle.response_complete or self._awaits_body():
            self.transport.write(_answer(code))
            self.transport.write_eof()
            # What the other side still sends is let go unread for a moment: closed on it, it might lose the answer.
            self.loop.call_later(_LINGER, self.transport.close)
        else:
            self.transport.close()
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()

    def _awaits_body(self) -> bool:
        """Whether the request that is worked on is the one that is refused, and nothing of its answer is sent."""
        return self._part is _Part.BODY and not self.pipeline and not self.cycle.response_started


def _answer(code: str) -> bytes:
    response = problem_of(code)
    headers = b"".join(b"%s: %s\r\n" % header for header in response.raw_headers)
    return b"%s%sconnection: close\r\n\r\n%s" % (STATUS_LINE[response.status_code], headers, bytes(response.body))
