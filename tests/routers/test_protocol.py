"""Before a caller is known: headers, time and connections have bounds, and what is beyond gets a problem document."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Final

import httptools
import pytest
import uvicorn

from app.http.problems import TITLES
from app.http.protocol import guarded
from app.main import create_app
from app.rules.values.strict_json import Json
from app.settings import Limits
from tests.support.client import ASSESSMENTS, complete
from tests.support.rules import rules

pytestmark = pytest.mark.anyio

LIMITS: Final = Limits(header_bytes=2048, header_seconds=0.4, body_seconds=0.6, connections=6)
GET: Final = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
BODY: Final = json.dumps(complete()).encode()
POST: Final = f"POST {ASSESSMENTS} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(BODY)}\r\n\r\n".encode()
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Server:
    """The service on a port of this machine, behind the guarded protocol."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def connected(self, first: bytes = b"") -> Connection:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(first)
        return reader, writer

    async def asked(self, *pieces: bytes) -> bytes:
        """All that comes back for pieces, sent one after the other, until the connection ends."""
        reader, writer = await self.connected()
        with contextlib.suppress(ConnectionError):
            for piece in pieces:
                if reader.at_eof() or len(reader._buffer):  # type: ignore[attr-defined]  # it is answered already
                    break
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.02)
        found = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        return found


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    config = uvicorn.Config(
        create_app(rules()), port=0, log_level="critical", http=guarded(LIMITS), ws="none", timeout_keep_alive=1
    )
    serving = uvicorn.Server(config)
    task = asyncio.create_task(serving.serve())
    while not serving.started:
        await asyncio.sleep(0.01)
    yield Server(serving.servers[0].sockets[0].getsockname()[1])
    serving.should_exit = True
    await task


class Answer:
    """One answer, as a parser reads it."""

    def __init__(self, sent: bytes) -> None:
        self.headers: dict[str, str] = {}
        self.body = b""
        parser = httptools.HttpResponseParser(self)
        parser.feed_data(sent)
        self.status: int = parser.get_status_code()

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.decode().lower()] = value.decode()

    def on_body(self, body: bytes) -> None:
        self.body += body


def problem(sent: bytes, code: str) -> Json:
    """The problem document that is all of an answer, after which the connection ends."""
    answer = Answer(sent)
    found: Json = json.loads(answer.body)
    assert (answer.status, found["code"], found["status"]) == (TITLES[code][0], code, answer.status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["connection"] == "close"
    assert (answer.headers.get("retry-after") is not None) == (answer.status in (429, 503))
    return found


@pytest.mark.parametrize(
    "pieces",
    [
        [GET + b"X: " + b"a" * 3000 + b"\r\n\r\n"],
        [GET, *[b"X-%d: %s\r\n" % (number, b"a" * 200) for number in range(40)]],
        [GET + b"X: ", *[b"a" * 500 for _ in range(20)]],
        [b"GET /" + b"a" * 3000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"],
    ],
    ids=["in one piece", "header by header", "one header without end", "the address"],
)
async def test_headers_have_a_bound(server: Server, pieces: list[bytes]) -> None:
    problem(await server.asked(*pieces), "headers_too_large")


async def test_headers_up_to_the_bound_are_taken(server: Server) -> None:
    sent = await server.asked(GET + b"X: " + b"a" * 1900 + b"\r\n", b"Connection: close\r\n\r\n")
    assert Answer(sent).status == 200


async def test_a_large_body_is_no_large_header(server: Server) -> None:
    large = BODY + b" " * 60_000
    post = POST.replace(str(len(BODY)).encode(), str(len(large)).encode())
    reader, writer = await server.connected(post + large + GET + b"X: 1\r\n")
    await asyncio.sleep(0.1)
    writer.write(b"Connection: close\r\n\r\n")
    assert (await reader.read()).count(b"HTTP/1.1 200 OK") == 2
    writer.close()


@pytest.mark.parametrize("first", [GET, b"G", POST[:40], POST, POST + BODY[:100]])
async def test_what_does_not_arrive_in_time_is_given_up(server: Server, first: bytes) -> None:
    problem(await server.asked(first), "too_slow")


async def test_a_trickle_is_not_arriving_in_time(server: Server) -> None:
    problem(await server.asked(GET + b"X: ", *[b"a" for _ in range(200)]), "too_slow")


async def test_a_connection_on_which_nothing_is_asked_is_closed(server: Server) -> None:
    assert await server.asked() == b""


async def test_a_kept_connection_is_timed_anew_for_each_request(server: Server) -> None:
    reader, writer = await server.connected()
    for _ in range(3):
        writer.write(GET + b"\r\n")
        assert (await reader.readuntil(b'{"status":"up"}')).startswith(b"HTTP/1.1 200 OK")
        await asyncio.sleep(0.3)
    writer.write(GET)
    problem(await reader.read(), "too_slow")
    writer.close()


@pytest.mark.parametrize(
    "sent", [b"HELLO\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", GET + b"Content-Length: x\r\n\r\n", b"\x16\x03\x01\x02\x00"]
)
async def test_what_is_no_http_is_said_to_be_none(server: Server, sent: bytes) -> None:
    problem(await server.asked(sent), "malformed_request")


async def test_connections_beyond_the_cap_are_told_so_and_others_go_on(server: Server) -> None:
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(LIMITS.connections):
            _, writer = await server.connected(GET)
            stack.callback(writer.close)
        problem(await server.asked(GET + b"\r\n"), "overloaded")
    await asyncio.sleep(0.1)
    assert Answer(await server.asked(GET + b"Connection: close\r\n\r\n")).status == 200
