"""create_app(): wires routers, problems and the rules; nothing else."""

from fastapi import FastAPI

from app import openapi, problems
from app.routers import assessments, catalogue, health
from app.rules.catalogue import Catalogue
from app.rules.service import Rules


def create_app(rules: Rules | None = None) -> FastAPI:
    """The service. Without rules it loads the packs that come with it."""
    app = FastAPI(title="兜底 doudi", version="1", docs_url="/docs", redoc_url=None)
    app.state.rules = rules or Rules.shipped()
    app.state.catalogue = Catalogue(app.state.rules.library, app.state.rules.engines)
    problems.install(app)
    for module in (assessments, catalogue, health):
        app.include_router(module.router)
    openapi.install(app)
    return app
