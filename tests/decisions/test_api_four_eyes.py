"""Four eyes: nobody grants alone by a figure of his own in place of a published one."""

from __future__ import annotations

from typing import Any

import pytest

from app.rules.values.strict_json import Json
from tests.support.callers import DECIDER, OFFICER
from tests.support.service import DECISIONS, Service, proposal

pytestmark = pytest.mark.anyio

PUBLISHED = "920.00"  # dibao.standard of 999900 for towns, from 2026-07
STANDARD = "dibao.standard"


def supplying(value: Any, **more: Any) -> Json:
    pointer = f"/options/parameters/{STANDARD}"
    provenance = {pointer: {"source": "settled", "evidence": "市政府通知"}}
    return proposal(options={"parameters": {STANDARD: value}}, provenance=provenance, **more)


@pytest.mark.parametrize("value", [{"urban": "50000.00"}, {"urban": "920.01"}, "50000.00"])
async def test_whoever_supplied_another_figure_than_the_published_does_not_decide(service: Service, value: Any) -> None:
    id_ = (await service.propose(supplying(value)))["id"]
    path = f"{DECISIONS}/{id_}/confirmations"
    await service.refused(403, "second_person_needed", "POST", path, {}, caller=OFFICER)
    await service.post(path, {}, caller=DECIDER)


async def test_a_figure_of_a_year_for_a_month_takes_a_second_person_where_none_is_published(service: Service) -> None:
    body = supplying({"urban": "8400.00"}, jurisdiction="430500", household_ref="H-43")
    proposed = await service.propose(body)
    assert [one["code"] for one in proposed["assessment"]["warnings"]] == ["unlikely_figure"]
    path = f"{DECISIONS}/{proposed['id']}/confirmations"
    await service.refused(403, "second_person_needed", "POST", path, {}, caller=OFFICER)
    await service.post(path, {}, caller=DECIDER)


async def test_a_figure_in_place_of_a_published_one_is_always_warned_of(service: Service) -> None:
    proposed = await service.propose(supplying({"urban": "920.01"}))
    pointer = f"/options/parameters/{STANDARD}"
    assert [(one["pointer"], one["code"]) for one in proposed["assessment"]["warnings"]] == [
        (pointer, "replaces_published")
    ]


@pytest.mark.parametrize(
    "body",
    [
        supplying({"urban": PUBLISHED}),
        supplying({"urban": "700.00"}, jurisdiction="430500", household_ref="H-43"),
        proposal(),
    ],
    ids=["the published figure", "a figure where none is published", "no figure"],
)
async def test_without_a_figure_in_place_of_a_published_one_the_proposer_may_decide(
    service: Service, body: Json
) -> None:
    id_ = (await service.propose(body))["id"]
    await service.post(f"{DECISIONS}/{id_}/confirmations", {}, caller=OFFICER)
