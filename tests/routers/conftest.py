"""One service and one client for every test of the endpoints."""

import logging
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from app.main import create_app
from tests.routers.support import Client, traces


@pytest.fixture(scope="session")
def app() -> FastAPI:
    return create_app()


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[Client]:
    """Starlette's own test client warns on import unless httpx2 is installed, and warnings are errors here."""
    client = Client(app)
    yield client
    client.close()


@pytest.fixture(autouse=True)
def nothing_said(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Whatever a test submits, nothing of it reaches a log or an output."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, logger="httpx")  # the client's own log names the address it calls
    yield
    out, err = capfd.readouterr()
    said = "\n".join([caplog.text, out, err])
    assert traces(said) == []
