"""Unforeseen exceptions: answered as a problem, and logged by kind and place only, since its words might tell of a person."""

import logging
import traceback

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.language import language_of
from app.http.problems import problem_response

log = logging.getLogger(__name__)


class LastResort:
    """Keeps every unforeseen exception, and its text, inside."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except ClientDisconnect:
            return  # who hung up wants no answer
        except Exception as error:
            log.error("unforeseen %s at %s", type(error).__name__, " < ".join(_places(error)))
            if not started:
                await problem_response(error, language_of(Request(scope)))(scope, receive, send)


def _places(error: Exception) -> list[str]:
    """File, line and function of each frame; never a value."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}:{frame.name}" for frame in frames[-6:]]
