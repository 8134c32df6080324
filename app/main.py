"""create_app(): puts routers, problem handlers, rules and storage together into the service."""

import gc
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI

from app.http import docs_page, openapi, problems
from app.http.catch_all import LastResort
from app.http.doors import Doors
from app.http.storage_gate import StorageGate, opener
from app.routers import (
    assessments,
    catalogue,
    decisions,
    defects,
    health,
    log,
    monitoring,
    notices,
    people,
    publications,
    replays,
    verifications,
)
from app.rules.history import RulesHistory
from app.rules.service import Rules
from app.security.tokens import Verifier
from app.security.verifiers import NoTokens, verifier_of
from app.settings import Limits, Settings

ROUTERS = (
    assessments,
    decisions,
    notices,
    people,
    replays,
    defects,
    verifications,
    monitoring,
    log,
    publications,
    catalogue,
    docs_page,
    health,
)


_TURN: Final = 0.0005  # seconds a thread that computes may keep the event loop waiting; Python's own are ten times that


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open the storage, and close it at the end. The rules live as long as the process: the garbage collector skips
    them."""
    sys.setswitchinterval(_TURN)
    gc.collect()
    gc.freeze()
    app.state.gate.open()
    yield
    await app.state.gate.close()
    gc.unfreeze()


def create_app(
    rules: Rules | None = None,
    settings: Settings | None = None,
    storage_failed: Callable[[Exception], None] = lambda _: None,
    tokens: Verifier | None = None,
) -> FastAPI:
    """Put the service together. Raises SecretRefused for a key that is not to be used.

    Without rules it loads the packs that come with it. Without settings it stores nothing, and refuses every token
    unless `tokens` verifies them. `storage_failed` is called if the storage cannot be opened.
    """
    app = FastAPI(title="兜底 doudi", version="1", openapi_url=None, lifespan=lifespan)  # docs_page has its address
    generations = app.state.generations = RulesHistory(rules or Rules.shipped())
    app.state.gate = StorageGate(opener(settings, generations) if settings else None, storage_failed)
    app.state.doors = Doors(settings or Limits())
    app.state.tokens = tokens or (verifier_of(settings) if settings else NoTokens())
    app.add_middleware(LastResort)
    problems.install(app)
    for module in ROUTERS:
        app.router.routes.extend(module.router.routes)  # not included: each router would be matched twice
    openapi.install(app)
    return app


def stored_app() -> FastAPI:
    """Put the service together with the storage that the environment names, for servers that want a factory."""
    return create_app(settings=Settings())
