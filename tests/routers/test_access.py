"""Role by endpoint by own and other area: each cell is tried, and the table is made from the routes themselves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pytest
from fastapi.routing import APIRoute

from app.main import ROUTERS
from app.rules.packs.pack import CONTENT
from app.rules.values.strict_json import Json
from app.security.callers import ROLES, Caller, Role
from app.security.permissions import PERMISSIONS
from app.verification.schemas import OF_A_HOUSEHOLD
from tests.support.callers import DECIDER, OFFICER, bearer
from tests.support.client import ID_NUMBER, changed
from tests.support.service import DECISIONS, START, Service, outcome, proposal
from tests.support.verification.platform import FakePlatform, answer, signed
from tests.support.verification.reports import HALF_YEAR, item

pytestmark = pytest.mark.anyio

OWN: Final = "999900001000"
OTHER: Final = "999900002000"
HIDDEN: Final = 404
OUTSIDE: Final = 403

# Answers for anybody: what is computed and not stored, and what proves without telling.
OPEN: Final = {
    "POST /v1/assessments",
    "GET /v1/jurisdictions",
    "GET /v1/jurisdictions/{code}",
    "GET /v1/jurisdictions/{code}/standards",
    "GET /v1/rules",
    "GET /v1/rules/diff",
    "GET /v1/rules/{rule}",
    "GET /v1/rulesets/{hash_}",
    "GET /v1/facts/schema",
    "GET /v1/log/checkpoint",
    "GET /v1/log/entries/{index}",
    "GET /v1/log/proofs/inclusion",
    "GET /v1/log/proofs/consistency",
    "GET /healthz",
    "GET /readyz",
    "GET /docs",
    "GET /openapi.json",
    "POST /v1/verifications/{id_}/reports",  # signed by the platform that was asked, and refused otherwise
}


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether this machine can draw a PDF does not matter here."""
    monkeypatch.setattr("app.notices.service.pdf_of", lambda _: b"%PDF-")


@dataclass
class Attempt:
    """What a cell sends, and what comes of it for somebody who may: in the own area, and from another."""

    path: str
    own: int
    other: int
    body: Json | None = None
    key: str | None = None
    areas: tuple[str, str] = ("999900001", "999900002")  # the own, and another
    # Whether an answer of 200 to a stranger tells nothing.
    nothing: Callable[[Any], bool] = field(default=lambda _: True)


Made = Callable[[Service], Awaitable[Attempt]]


async def here(service: Service) -> str:
    """A proposal in the township, of somebody who never decides in these tests."""
    return str((await service.propose(proposal(jurisdiction=OWN)))["id"])


async def decided(service: Service) -> str:
    return await service.decide(proposal(jurisdiction=OWN))


def no_items(answer: Json) -> bool:
    return not answer["items"]


async def propose(service: Service) -> Attempt:
    return Attempt(DECISIONS, 201, OUTSIDE, proposal(jurisdiction=OWN), key=f"k{(await service.rows())['record']}")


def about(path: str, body: Json, made: Callable[[Service], Awaitable[str]] = here) -> Made:
    async def attempt(service: Service) -> Attempt:
        return Attempt(f"{DECISIONS}/{await made(service)}/{path}", 201, HIDDEN, body)

    return attempt


def reading(path: str) -> Made:
    async def attempt(service: Service) -> Attempt:
        return Attempt(f"{DECISIONS}/{await decided(service)}{path}", 200, HIDDEN)

    return attempt


def listing(path: str) -> Made:
    async def attempt(service: Service) -> Attempt:
        await decided(service)
        return Attempt(path, 200, 200, nothing=no_items)

    return attempt


async def replay(service: Service) -> Attempt:
    return Attempt(f"{DECISIONS}/{await decided(service)}/replay", 200, HIDDEN, {"against": "now"})


async def timeline(service: Service) -> Attempt:
    await decided(service)
    return Attempt("/v1/households/H-42/timeline", 200, HIDDEN)


async def replays(service: Service) -> Attempt:
    await decided(service)
    return Attempt("/v1/replays", 202, 202, {"against": "now"}, nothing=lambda job: job["progress"]["total"] == 0)


DEFECT: Final = {"rule": "dibao.income_test", "from": "2026-01-01"}


async def defects(service: Service) -> Attempt:
    await decided(service)
    return Attempt("/v1/defects", 202, 202, DEFECT, nothing=lambda found: found["progress"]["total"] == 0)


def job(path: str, kind: str = "replays", body: Json | None = None) -> Made:
    async def attempt(service: Service) -> Attempt:
        await decided(service)
        made = Caller("of-the-township", frozenset(ROLES), ("999900001",))
        created = (await service.call("POST", f"/v1/{kind}", body or {"against": "now"}, caller=made)).json()
        while await service.storage.jobs.work_once():
            pass
        return Attempt(f"/v1/{kind}/{created['id']}{path}", 200, HIDDEN)

    return attempt


async def person(service: Service) -> str:
    """The reference of somebody whom a decision of the township identifies."""
    ref: str = (await service.propose(proposal(jurisdiction=OWN)))["identities"][0]["ref"]
    return ref


async def search(service: Service) -> Attempt:
    await person(service)
    return Attempt("/v1/persons/searches", 200, 200, {"id_number": ID_NUMBER}, nothing=no_items)


async def erasure(service: Service) -> Attempt:
    return Attempt(f"/v1/persons/{await person(service)}/erasures", 200, HIDDEN, {"reason": "purpose_achieved"})


async def statuses(service: Service) -> Attempt:
    path = f"/v1/statuses?person={await person(service)}&on=2026-09-01&purpose=case_handling"
    return Attempt(path, 200, 200, nothing=lambda answer: all(one["holds"] is None for one in answer["statuses"]))


async def access_log(service: Service) -> Attempt:
    of_the_township = Caller("reader", frozenset({"caseworker"}), ("999900001",))
    assert (await service.call("GET", f"{DECISIONS}/{await decided(service)}", caller=of_the_township)).is_success
    return Attempt("/v1/access-log", 200, 200, nothing=lambda answer: "reader" not in str(answer))


async def submitted(service: Service) -> str:
    """A notice that raises a standard of the city, from somebody who does not approve it here."""
    number = (await service.rows())["publication"] + 1
    body = {
        "jurisdiction": "999900",
        "documents": {f"notice-{number}": {"title": {"zh": "通知", "en": "Notice"}, "published": "2026-10-15"}},
        "values": {
            "dibao.standard.urban": [{"from": f"2026-12-{number:02}", "value": 960, "document": f"notice-{number}"}]
        },
    }
    id_: str = (await service.post("/v1/publications", body))["id"]
    return id_


async def submission(service: Service) -> Attempt:
    text = (CONTENT / "999900" / "pack.yaml").read_text(encoding="utf-8").replace("value: 920,", "value: 930,")
    return Attempt("/v1/publications", 201, OUTSIDE, {"jurisdiction": "999900", "pack": text}, areas=CITIES)


def deciding(path: str, body: Json) -> Made:
    async def attempt(service: Service) -> Attempt:
        return Attempt(f"/v1/publications/{await submitted(service)}/{path}", 201, OUTSIDE, body, areas=CITIES)

    return attempt


async def publications(service: Service) -> Attempt:
    return Attempt("/v1/publications", 200, 200)  # rules change in the open: everybody with a token sees them all


async def publication(service: Service) -> Attempt:
    return Attempt(f"/v1/publications/{await submitted(service)}", 200, 200)


def verification() -> Json:
    asked = {name: value for name, value in proposal(jurisdiction=OWN).items() if name in OF_A_HOUSEHOLD}
    consent = {
        "person": "p1",
        "sources": ["tax"],
        "purpose": "application",
        "until": "2099-12-31",
        "given_by": "self",
        "document_digest": f"sha256:{'5a' * 32}",
    }
    return asked | {"purpose": "application", "persons": ["p1"], "sources": ["tax"], "consents": [consent]}


async def begun(service: Service) -> Attempt:
    return Attempt("/v1/verifications", 202, OUTSIDE, verification())


async def begin(service: Service) -> str:
    """The address of a verification of the township."""
    return f"/v1/verifications/{(await service.post('/v1/verifications', verification(), 202))['id']}"


async def consents(service: Service) -> Attempt:
    path = await begin(service)
    return Attempt(f"{path}/consents", 202, HIDDEN, {"consents": verification()["consents"]})


async def verified(service: Service) -> Attempt:
    path = await begin(service)
    return Attempt(path, 200, HIDDEN)


async def resolution(service: Service) -> Attempt:
    """Of taxes that the register reported: the first time it is asked, later that report is used."""
    platform = FakePlatform()
    service.storage.outbox.platforms = lambda _: platform
    path = await begin(service)
    if await service.storage.outbox.work_once():
        body, headers = signed(answer(platform.submitted[0], "tax", item("tax_paid", 1, period=HALF_YEAR)), START)
        told = await service.http.post(f"{path}/reports", content=body, headers=headers)
        assert told.status_code == 200, told.text
    return Attempt(f"{path}/findings/1/resolution", 200, HIDDEN, {"action": "dismiss", "reason": "已核实"})


HAPPENED: Final = {"person": "p2", "kind": "new_job", "on": "2026-11-01"}


async def happened(service: Service) -> Attempt:
    """To somebody by its reference: a system may name no decision. Elsewhere the same is answered, and nobody found."""
    body = {"person": await person(service), "kind": "imprisonment", "on": "2026-11-01"}
    await service.confirm((await service.propose(proposal(jurisdiction=OWN)))["id"])
    return Attempt("/v1/alerts", 202, 202, body, nothing=lambda answer: not answer["alerts"])


async def alert(service: Service) -> str:
    body = HAPPENED | {"decision": await decided(service)}
    return str((await service.post("/v1/alerts", body, 202))["alerts"][0])


async def alerts(service: Service) -> Attempt:
    await alert(service)
    return Attempt("/v1/alerts?state=all", 200, 200, nothing=no_items)


async def dealt_with(service: Service) -> Attempt:
    return Attempt(f"/v1/alerts/{await alert(service)}/resolution", 201, HIDDEN, {"reason": "已核实"})


CITIES: Final = ("9999", "4305")
FOLLOWING: Final = proposal(jurisdiction=OWN) | {"reason": "有新情况"}
ATTEMPTS: Final[dict[str, Made]] = {
    "POST /v1/decisions": propose,
    "POST /v1/decisions/{id_}/corrections": about("corrections", FOLLOWING),
    "POST /v1/decisions/{id_}/successions": about("successions", FOLLOWING, decided),
    "POST /v1/decisions/{id_}/confirmations": about("confirmations", {}),
    "POST /v1/decisions/{id_}/withdrawals": about("withdrawals", {"reason": "家庭撤回申请"}),
    "POST /v1/decisions/{id_}/events": about("events", {"kind": "visit", "on": "2026-08-20"}),
    "GET /v1/decisions": listing(DECISIONS),
    "GET /v1/samples": listing("/v1/samples?seed=s"),
    "GET /v1/decisions/{id_}": reading(""),
    "GET /v1/decisions/{id_}/bundle": reading("/bundle"),
    "POST /v1/decisions/{id_}/replay": replay,
    "GET /v1/households/{ref:path}/timeline": timeline,
    "POST /v1/replays": replays,
    "POST /v1/publications": submission,
    "POST /v1/publications/{id_}/approvals": deciding("approvals", {}),
    "POST /v1/publications/{id_}/rejections": deciding("rejections", {"reason": "文件有误"}),
    "GET /v1/publications": publications,
    "GET /v1/publications/{id_}": publication,
    "GET /v1/replays/{id_}": job(""),
    "GET /v1/decisions/{id_}/notice": reading("/notice"),
    "GET /v1/decisions/{id_}/notice.pdf": reading("/notice.pdf"),
    "POST /v1/defects": defects,
    "GET /v1/defects/{id_}": job("", "defects", DEFECT),
    "GET /v1/defects/{id_}/results": job("/results", "defects", DEFECT),
    "GET /v1/decisions/{id_}/identities": reading("/identities"),
    "POST /v1/persons/searches": search,
    "POST /v1/persons/{ref}/erasures": erasure,
    "GET /v1/statuses": statuses,
    "GET /v1/access-log": access_log,
    "GET /v1/replays/{id_}/results": job("/results"),
    "POST /v1/verifications": begun,
    "POST /v1/verifications/{id_}/consents": consents,
    "GET /v1/verifications/{id_}": verified,
    "POST /v1/verifications/{id_}/findings/{n}/resolution": resolution,
    "GET /v1/reviews": listing("/v1/reviews?due=2099-12-31&undated=true"),
    "GET /v1/screenings": listing("/v1/screenings?on=2030-01-01"),
    "GET /v1/alerts": alerts,
    "POST /v1/alerts": happened,
    "POST /v1/alerts/{id_}/resolution": dealt_with,
}


def routes() -> dict[str, str | None]:
    """Every endpoint, and what it takes to call it."""
    found: dict[str, str | None] = {}
    for module in ROUTERS:
        for route in module.router.routes:
            assert isinstance(route, APIRoute)
            for method in sorted((route.methods or set()) - {"HEAD"}):
                found[f"{method} {route.path}"] = (route.openapi_extra or {}).get("x-permission")
    return found


GUARDED: Final = {name: permission for name, permission in routes().items() if permission is not None}


def test_every_endpoint_is_open_on_purpose_or_guarded() -> None:
    unguarded = {name for name, permission in routes().items() if permission is None}
    assert unguarded == OPEN
    assert set(GUARDED) == set(ATTEMPTS), "an endpoint without a row in the table, or a row without an endpoint"


@pytest.mark.parametrize("name", ATTEMPTS)
async def test_each_cell_of_an_endpoint(service: Service, name: str) -> None:
    method, permission = name.split(" ")[0], GUARDED[name]
    for role in ROLES:
        allowed = role in PERMISSIONS[permission]
        attempt = await ATTEMPTS[name](service)
        for area in reversed(attempt.areas):
            own = area == attempt.areas[0]
            caller = Caller(f"{role}-of-{area}", frozenset({role}), (area,))
            before = await service.rows()
            headers = bearer(caller) | ({"idempotency-key": attempt.key} if attempt.key else {})
            answer = await service.http.request(method, attempt.path, json=attempt.body, headers=headers)
            cell = f"{name}, {role}, {'own' if own else 'other'} area: {answer.text[:300]}"
            if not allowed:
                assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), cell
                assert await service.rows() == before, cell
            elif own:
                assert answer.status_code == attempt.own, cell
            else:
                assert answer.status_code == attempt.other, cell
                assert answer.status_code >= 400 or attempt.nothing(answer.json()), cell


def _caller(role: Role, code: str) -> Caller:
    return Caller(f"{role}-of-{code}", frozenset({role}), (code.removesuffix("000"),))


@pytest.mark.parametrize("name", ATTEMPTS)
@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", "Bearer x.y.z", "Basic b2ZmaWNlcjo=", "bearer  a b"])
async def test_without_a_good_token_nothing_is_said(service: Service, name: str, sent: str) -> None:
    """The same 401 whether the thing exists or not, and whatever the body is."""
    method, path = name.split(" ")
    for id_ in ("01a1f6ae-9900-780f-8b3c-5369bc707be7", "no-id"):
        address = path.replace("{id_}", id_).replace("{ref:path}", id_).replace("{n}", "1").replace("{ref}", id_)
        answer = await service.http.request(method, address, content=b"{", headers={"authorization": sent})
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert answer.json()["code"] == "unauthenticated"
        assert answer.json()["detail"] == answer.json()["title"]


async def test_two_tokens_at_once_are_none(service: Service) -> None:
    headers = [("authorization", service.http.headers["authorization"])] * 2
    request = service.http.build_request("GET", DECISIONS)
    del request.headers["authorization"]
    answer = await service.http.send(type(request)("GET", request.url, headers=headers))
    assert answer.status_code == 401


async def test_a_key_that_was_used_elsewhere_tells_nothing(service: Service) -> None:
    id_ = await here(service)
    body: Json = {"kind": "visit", "on": "2026-08-20"}
    await service.call("POST", f"{DECISIONS}/{id_}/events", body, key="k", caller=_caller("caseworker", OWN))
    await service.refused(
        404,
        "unknown_decision",
        "POST",
        f"{DECISIONS}/{id_}/events",
        body,
        key="k",
        caller=_caller("caseworker", OTHER),
    )


# four eyes

DEPARTURE: Final = {"outcomes": [outcome("granted", amount="2000.00", reason="入户核查时另有收入")]}


async def test_who_proposed_does_not_decide_otherwise_than_recommended(service: Service) -> None:
    id_ = (await service.propose())["id"]
    path = f"{DECISIONS}/{id_}/confirmations"
    for himself in (OFFICER, replace(OFFICER, subject=OFFICER.subject.upper())):
        await service.refused(403, "second_person_needed", "POST", path, DEPARTURE, caller=himself)
    assert (await service.post(path, DEPARTURE, caller=DECIDER))["state"] == "departed"


async def test_a_caseworker_decides_as_recommended_but_not_otherwise(service: Service) -> None:
    caseworker = Caller("another", frozenset({"caseworker"}), ("9999",))
    id_ = (await service.propose())["id"]
    path = f"{DECISIONS}/{id_}/confirmations"
    await service.refused(403, "forbidden", "POST", path, DEPARTURE, caller=caseworker)
    assert (await service.post(path, {}, caller=caseworker))["state"] == "confirmed"


async def test_who_proposed_does_not_settle_what_the_rules_leave_open(service: Service) -> None:
    """Single-person dibao of somebody in a household that earns too much is for an officer to decide."""
    rich = changed(proposal(), {"/household/members/0/income/wage": "90000.00"})
    open_results = [one for one in (await service.propose(rich))["assessment"]["results"] if one["status"] == "refer"]
    assert open_results
    settling = {
        "outcomes": [
            outcome("refused", open_results[0]["programme"], open_results[0]["person"], reason="入户核查后认定")
        ]
    }
    id_ = (await service.propose(rich))["id"]
    path = f"{DECISIONS}/{id_}/confirmations"
    await service.refused(403, "second_person_needed", "POST", path, settling, caller=OFFICER)
    colleague = Caller("another", frozenset({"caseworker"}), ("9999",))
    assert (await service.post(path, settling, caller=colleague))["state"] == "confirmed"


async def test_a_record_names_whose_token_made_it(service: Service) -> None:
    id_ = await service.decide()
    found = await service.get(f"{DECISIONS}/{id_}")
    assert found["caller"] == OFFICER.subject
    assert [entry["caller"] for entry in found["history"]] == [OFFICER.subject, DECIDER.subject]


async def test_a_key_of_another_area_is_not_taken_and_tells_nothing(service: Service) -> None:
    """Keys are often numbers of cases: another township neither learns that one is used nor loses it."""
    here, there = (Caller("c", frozenset({"caseworker"}), (area,)) for area in ("999900001", "999900002"))
    first = await service.call("POST", DECISIONS, proposal(jurisdiction=OWN), key="C-1", caller=here)
    other = await service.call("POST", DECISIONS, proposal(jurisdiction=OTHER), key="C-1", caller=there)
    assert (first.status_code, other.status_code) == (201, 201)
    colleague = Caller("d", frozenset({"caseworker"}), ("999900001",))
    again = await service.call("POST", DECISIONS, proposal(jurisdiction=OWN), key="C-1", caller=colleague)
    assert again.content == first.content
