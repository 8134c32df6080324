"""Figures that were typed in for want of a published one, in replays: what was published since takes their place."""

from typing import Any, Final

import pytest

from app.rules.values.strict_json import Json
from tests.decisions.replay.test_api import replay
from tests.support.service import Service, proposal

pytestmark = pytest.mark.anyio

MEMBERS: Final = [
    {"id": "p1", "relation": "applicant", "birth_date": "1975-01-01", "income": {"pension": "1500.00"}},
    {"id": "p2", "relation": "spouse", "birth_date": "1978-01-01", "income": {}},
]
CHILD: Final = {"id": "p3", "relation": "child", "birth_date": "2015-01-01", "income": {}, "education": "primary"}
EVIDENCE: Final = {"source": "settled", "evidence": "穗民规字〔2024〕5号"}


def typed_in(members: list[Json], **parameters: Any) -> Json:
    """A decision of February 2025 in Guangzhou, whose standard was printed on 30 May for the time from 1 January."""
    given = {id_.replace("__", "."): value for id_, value in parameters.items()}
    return proposal(
        jurisdiction="440100",
        date="2025-02-10",
        known_at="2025-02-10",
        accepted_on=None,
        identities=None,
        provenance={f"/options/parameters/{id_}": EVIDENCE for id_ in given},
        household={"residence": "urban", "members": members, "assets": {}, "spending": {}, "obligors": []},
        options={"parameters": given},
    )


async def test_a_standard_printed_later_for_the_time_before_makes_arrears(service: Service) -> None:
    """1309 in place of the 1238 that the officer typed in, for two: 142 a month, while both hold."""
    id_ = (await service.propose(typed_in(MEMBERS, dibao__standard={"urban": "1238.00"})))["id"]
    await service.confirm(id_)
    (dibao,) = [
        one for one in (await replay(service, id_, against="now"))["differences"] if one["programme"] == "dibao"
    ]
    assert (dibao["recorded"]["amount"]["figure"], dibao["now"]["amount"]["figure"]) == ("976.00", "1118.00")
    assert (dibao["per_month"], dibao["months"][0], dibao["months"][-1]) == ("142.00", "2025-03", "2026-05")
    assert dibao["ends"] == "rules_changed"


async def test_arrears_are_without_uplifts(service: Service) -> None:
    """二（一）: 不含分类救济金. The child's uplift, typed in as a sum, stays what it was."""
    parameters: dict[str, Any] = {"dibao__standard": {"urban": "1238.00"}, "dibao__uplift__minor": "247.60"}
    id_ = (await service.propose(typed_in([*MEMBERS, CHILD], **parameters)))["id"]
    await service.confirm(id_)
    (dibao,) = [
        one for one in (await replay(service, id_, against="now"))["differences"] if one["programme"] == "dibao"
    ]
    assert dibao["per_month"] == "213.00"


@pytest.mark.parametrize("known_at", ["2025-05-29", "2025-05-30"])
async def test_before_the_day_of_the_notice_the_typed_in_figure_stands(service: Service, known_at: str) -> None:
    id_ = (await service.propose(typed_in(MEMBERS, dibao__standard={"urban": "1238.00"})))["id"]
    found = await replay(service, id_, known_at=known_at)
    assert bool(found["differences"]) is (known_at == "2025-05-30")


async def test_a_figure_that_an_analyst_asks_for_stands(service: Service) -> None:
    id_ = (await service.propose(typed_in(MEMBERS, dibao__standard={"urban": "1238.00"})))["id"]
    found = await replay(service, id_, parameters={"dibao.standard": {"urban": "1238.00"}})
    assert [one for one in found["differences"] if one["programme"] == "dibao"] == []


async def test_a_figure_typed_in_over_a_published_one_stands(service: Service) -> None:
    """On 15 August 2026 Model City's standard was published, and the officer put another in its place."""
    body = proposal(
        options={"parameters": {"dibao.standard": {"urban": "950.00"}}},
        provenance={"/options/parameters/dibao.standard": EVIDENCE},
    )
    found = await replay(service, (await service.propose(body))["id"], against="now")
    assert found["differences"] == []
