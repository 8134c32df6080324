"""The page on decisions is true: what it shows is what the service answers, and it names what there is."""

from __future__ import annotations

import json
import re
from typing import Final, get_args

import pytest
from fastapi import FastAPI

from app.decisions.replay.affected_months import Ending
from app.decisions.replay.differences import REPLAY_CLASSES
from app.decisions.schemas import EventKind
from app.decisions.state import StateName
from app.http.problems import TITLES
from tests.support.service import DECISIONS, Service
from tests.test_documents import DOCS, blocks, missing_from, named, text_of

PAGE: Final = DOCS / "decisions.md"


@pytest.mark.anyio
async def test_the_example_is_what_the_service_answers(service: Service) -> None:
    proposal, proposed, confirmation, confirmed, against, replayed = map(json.loads, blocks(PAGE, "json"))
    answer = await service.post(DECISIONS, proposal, key="example")
    assert missing_from(proposed, answer) == []
    address = f"{DECISIONS}/{answer['id']}"
    granted = await service.post(f"{address}/confirmations", confirmation)
    assert missing_from(confirmed, granted) == []
    assert missing_from(replayed, await service.post(f"{address}/replay", against, 200)) == []


@pytest.mark.parametrize(
    "values", [REPLAY_CLASSES, get_args(Ending), get_args(StateName)], ids=["class", "ends", "state"]
)
def test_every_value_is_explained(values: tuple[str, ...]) -> None:
    assert {*values} <= named(text_of(PAGE))


def test_every_address_the_page_names_exists(service_paths: set[str]) -> None:
    shown = {re.sub(r"\{id\}", "{id_}", one) for one in re.findall(r"/v1/[a-z/_{}]+", text_of(PAGE))}
    assert shown
    assert {one.rstrip("/") for one in shown} <= service_paths


@pytest.fixture
def service_paths(app: FastAPI) -> set[str]:
    return {*app.openapi()["paths"]}


def test_the_codes_and_kinds_the_page_names_exist() -> None:
    codes = set(re.findall(r"(?:409|503) `(\w+)`", text_of(PAGE)))
    assert codes
    assert codes <= TITLES.keys()
    assert "hearing" in get_args(EventKind)
