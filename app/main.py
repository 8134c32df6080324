"""create_app(): wires routers, problems and the rules; nothing else."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app import openapi, problems
from app.last_resort import LastResort
from app.routers import assessments, catalogue, docs, health
from app.rules.catalogue import Catalogue
from app.rules.service import Rules


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """The rules live as long as the process: the garbage collector need not look at them again and again."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def create_app(rules: Rules | None = None) -> FastAPI:
    """The service. Without rules it loads the packs that come with it."""
    app = FastAPI(title="兜底 doudi", version="1", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.rules = rules or Rules.shipped()
    app.state.catalogue = Catalogue(app.state.rules.library, app.state.rules.engines)
    app.add_middleware(LastResort)
    problems.install(app)
    for module in (assessments, catalogue, docs, health):
        app.include_router(module.router)
    openapi.install(app)
    return app
