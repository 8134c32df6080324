"""The OpenAPI document: valid, complete, true to its own examples, and kept by the service."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case as AnyCase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.core.paging import Filter
from app.db.database import Database
from app.db.private_server.embedded import EmbeddedServer
from app.http.problems import TITLES
from app.monitoring.schemas import EventReported
from app.publications.schemas import PUBLICATION_EXAMPLE
from app.rules.values.money import MONEY_PATTERN
from app.rules.values.strict_json import Json
from app.storage import Storage
from tests.support.callers import DECIDER, OFFICER
from tests.support.client import Client, schema_faults
from tests.support.database.server import clone, drop
from tests.support.event_loop import InLoop, Loop
from tests.support.service import app_on, proposal, storage_on

Case = AnyCase[Any]

GETS: Final = (
    "/v1/jurisdictions",
    "/v1/jurisdictions/{code}",
    "/v1/jurisdictions/{code}/standards",
    "/v1/rules",
    "/v1/rules/diff",
    "/v1/rules/{rule}",
    "/v1/rulesets/{hash_}",
    "/v1/facts/schema",
    "/v1/decisions",
    "/v1/decisions/{id_}",
    "/v1/decisions/{id_}/bundle",
    "/v1/decisions/{id_}/notice",
    "/v1/decisions/{id_}/notice.pdf",
    "/v1/samples",
    "/v1/households/{ref}/timeline",
    "/v1/replays/{id_}",
    "/v1/replays/{id_}/results",
    "/v1/defects/{id_}",
    "/v1/defects/{id_}/results",
    "/v1/log/checkpoint",
    "/v1/log/entries/{index}",
    "/v1/log/proofs/inclusion",
    "/v1/log/proofs/consistency",
    "/v1/decisions/{id_}/identities",
    "/v1/statuses",
    "/v1/access-log",
    "/v1/publications",
    "/v1/publications/{id_}",
    "/v1/verifications/{id_}",
    "/v1/reviews",
    "/v1/alerts",
    "/v1/screenings",
    "/healthz",
    "/readyz",
)
PAGES: Final = {  # what they answer is no JSON
    "/v1/decisions/{id_}/notice": "text/html",
    "/v1/decisions/{id_}/notice.pdf": "application/pdf",
}
RULE_GETS: Final = GETS[1:7]
STORED_GETS: Final = GETS[8:-2]
POSTS: Final = (
    "/v1/assessments",
    "/v1/decisions",
    "/v1/decisions/{id_}/confirmations",
    "/v1/decisions/{id_}/withdrawals",
    "/v1/decisions/{id_}/events",
    "/v1/decisions/{id_}/corrections",
    "/v1/decisions/{id_}/successions",
    "/v1/decisions/{id_}/replay",
    "/v1/replays",
    "/v1/persons/searches",
    "/v1/persons/{ref}/erasures",
    "/v1/defects",
    "/v1/publications",
    "/v1/publications/{id_}/approvals",
    "/v1/publications/{id_}/rejections",
    "/v1/verifications",
    "/v1/verifications/{id_}/consents",
    "/v1/verifications/{id_}/reports",
    "/v1/verifications/{id_}/findings/{n}/resolution",
    "/v1/alerts",
    "/v1/alerts/{id_}/resolution",
)
CONFORMS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@pytest.fixture(scope="module")
def document(client: Client) -> Json:
    response = client.get("/openapi.json")
    assert response.status_code == 200
    body: Json = response.json()
    return body


@pytest.fixture(scope="module")
def api(app: FastAPI) -> BaseSchema:
    return schemathesis.openapi.from_asgi("/openapi.json", app)


def _request_fields(document: Json) -> Iterator[tuple[str, Json]]:
    for name in sorted(_bodies(document)):
        for field, schema in document["components"]["schemas"][name].get("properties", {}).items():
            yield f"{name}.{field}", schema


def _nodes(value: Any, where: str = "") -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        yield where, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _nodes(item, f"{where}/{key}")


def _operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


# the document


def test_the_document_is_valid(api: BaseSchema, document: Json) -> None:
    api.validate()
    assert document["openapi"].startswith("3.1")


def test_every_schema_of_the_document_is_valid_and_every_reference_leads_somewhere(document: Json) -> None:
    for name, schema in document["components"]["schemas"].items():
        schema_faults(schema | {"components": document["components"]}, None)
        assert name
    for where, node in _nodes(document):
        if isinstance(node.get("$ref"), str):
            target: Any = document
            for part in node["$ref"].removeprefix("#/").split("/"):
                assert part in target, where
                target = target[part]


def test_every_endpoint_is_documented_and_says_what_it_does(document: Json) -> None:
    operations = dict(_operations(document))
    assert operations.keys() == {f"POST {path}" for path in POSTS} | {f"GET {path}" for path in GETS}
    assert all(operation["description"] for operation in operations.values())
    ids = [operation["operationId"] for operation in operations.values()]
    assert len(set(ids)) == len(ids)


def test_every_example_validates_against_its_schema(document: Json) -> None:
    components = {"components": document["components"]}
    checked = 0
    for where, node in _nodes(document):
        examples = node["examples"] if isinstance(node.get("examples"), list) else []
        for example in examples:
            checked += 1
            assert schema_faults(node | components, example) == [], where
        if "schema" in node and "example" in node:
            checked += 1
            assert schema_faults(node["schema"] | components, node["example"]) == [], where
    assert checked > 20


def test_the_example_of_the_assessment_is_answered_as_documented(client: Client, document: Json) -> None:
    content = document["paths"]["/v1/assessments"]["post"]["requestBody"]["content"]["application/json"]
    answer = client.assessed(content["example"])
    schema = {"$ref": "#/components/schemas/Assessment", "components": document["components"]}
    assert schema_faults(schema, answer) == []


def test_every_field_of_a_request_is_explained(document: Json) -> None:
    """A title that only repeats the name of the field explains nothing: the Chinese one or a description does."""
    unsaid = [
        name for name, schema in _request_fields(document) if not (schema.get("description") or schema.get("title_zh"))
    ]
    assert unsaid == []


@pytest.mark.parametrize("name", ["AssessmentRequest.household", "AssessmentRequest.options"])
def test_every_part_of_a_request_is_explained(document: Json, name: str) -> None:
    schema = dict(_request_fields(document))[name]
    assert schema.get("description") or schema.get("title")


def test_every_amount_of_a_request_has_its_unit(document: Json) -> None:
    amounts = [(name, schema) for name, schema in _request_fields(document) if MONEY_PATTERN in _patterns(schema)]
    assert len(amounts) > 26
    assert [name for name, schema in amounts if not schema.get("unit", "").startswith("CNY")] == []


def _patterns(schema: Json) -> list[str]:
    return [node["pattern"] for _, node in _nodes(schema) if isinstance(node.get("pattern"), str)]


def test_every_field_of_a_request_has_an_example(document: Json) -> None:
    without = [
        n
        for n, schema in _request_fields(document)
        if not any({"examples", "example"} & x.keys() for _, x in _nodes(schema))
    ]
    assert without == []


def test_every_field_of_an_answer_is_explained(document: Json) -> None:
    fields = [
        (f"{name}.{field}", schema)
        for name, shape in document["components"]["schemas"].items()
        if name not in _bodies(document)
        for field, schema in shape.get("properties", {}).items()
    ]
    assert len(fields) > 300
    assert [name for name, schema in fields if not (schema.get("description") and schema.get("title_zh"))] == []


def test_fastapis_own_faults_which_the_service_does_not_send_are_not_documented(document: Json) -> None:
    assert document["components"]["schemas"].keys().isdisjoint({"HTTPValidationError", "ValidationError"})


def test_the_shape_of_a_problem_names_every_code(document: Json) -> None:
    assert document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"] == list(TITLES)


@pytest.mark.parametrize("path", GETS)
def test_the_answer_of_a_get_has_a_schema(document: Json, path: str) -> None:
    content = document["paths"][path]["get"]["responses"]["200"]["content"]
    assert content.get("application/json", content.get(PAGES.get(path)))["schema"]


@pytest.mark.parametrize("path", POSTS)
def test_the_body_and_the_answer_of_a_post_have_a_schema_and_an_example(document: Json, path: str) -> None:
    operation = document["paths"][path]["post"]
    content = operation["requestBody"]["content"]["application/json"]
    assert content["schema"]
    assert content["example"]
    (good,) = (answer for status, answer in operation["responses"].items() if status.startswith("2"))
    assert good["content"]["application/json"]["schema"]["$ref"]


def test_every_field_of_a_body_is_explained_in_both_languages(document: Json) -> None:
    """The fields of an assessment apart, which every body that asks for one has as well."""
    schemas = document["components"]["schemas"]
    asked = schemas["AssessmentRequest"]
    unsaid = [
        f"{name}.{field}"
        for name in sorted(_bodies(document) - _reached(document, [asked]) - {"AssessmentRequest"})
        for field, schema in schemas[name].get("properties", {}).items()
        if not (schema.get("description") and schema.get("title_zh"))
        and not (name.endswith("Request") and field in asked["properties"])
    ]
    assert unsaid == []


def _bodies(document: Json) -> set[str]:
    """The names of all schemas that bodies are made of."""
    bodies = [operation["requestBody"] for _, operation in _operations(document) if "requestBody" in operation]
    return _reached(document, bodies)


def _reached(document: Json, parts: list[Json]) -> set[str]:
    """The names of all schemas that parts of the document refer to, through others as well."""
    found: set[str] = set()
    while parts:
        for _, node in _nodes(parts.pop()):
            name = str(node.get("$ref", "")).removeprefix("#/components/schemas/")
            if name and name not in found:
                found.add(name)
                parts.append(document["components"]["schemas"][name])
    return found


def test_every_parameter_is_explained_in_both_languages(document: Json) -> None:
    unsaid = [
        f"{label} {parameter['name']}"
        for label, operation in _operations(document)
        for parameter in operation.get("parameters", [])
        if not (parameter.get("description") and parameter.get("x-description-zh"))
    ]
    assert unsaid == []


@pytest.mark.parametrize("status", ["400", "404", "413", "422", "500"])
def test_every_problem_of_an_assessment_is_documented(document: Json, status: str) -> None:
    response = document["paths"]["/v1/assessments"]["post"]["responses"][status]
    schema = response["content"]["application/problem+json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/Problem"}


@pytest.mark.parametrize(("path", "status"), [(path, status) for path in RULE_GETS for status in ("404", "422")])
def test_every_problem_of_a_get_is_documented(document: Json, path: str, status: str) -> None:
    assert "application/problem+json" in document["paths"][path]["get"]["responses"][status]["content"]


@pytest.mark.parametrize("code", sorted(TITLES))
def test_every_problem_code_is_named_with_its_status(document: Json, code: str) -> None:
    status = str(TITLES[code][0])
    assert [label for label, operation in _operations(document) if code in str(operation["responses"].get(status, ""))]


# the service keeps it


@dataclass(frozen=True)
class StoredApi:
    """The documented service, and identifiers of what it has stored."""

    schema: BaseSchema
    known: dict[str, str]

    def attack(self, method: str, path: str, mode: GenerationMode) -> None:
        """As _attacked; every second time at something that there is."""
        turns = itertools.count()

        def check(case: Case) -> None:
            if "{id_}" in path and next(turns) % 2:
                case.path_parameters = {**case.path_parameters, "id_": self.known[path.partition("/{id_}")[0]]}
            _conforms_if_answered(case)

        _attacked(self.schema, method, path, mode, 12, check)


@pytest.fixture(scope="module")
def stored_api(server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredApi]:
    """The documented service with storage, one database for all that is asked."""
    loop = Loop()
    name = loop.run(clone(server))
    database = Database(server.url("owner", name), server.url("app", name))
    storage = storage_on(database, tmp_path_factory.mktemp("keys"))
    app = app_on(storage)
    known = loop.run(_opened(app, storage))
    yield StoredApi(schemathesis.openapi.from_asgi("/openapi.json", InLoop(app, loop)), known)
    loop.run(storage.close())
    loop.run(drop(server, name))
    loop.close()


async def _opened(app: FastAPI, storage: Storage) -> dict[str, str]:
    """The gate is open, and there is something to be found: its identifiers by the beginning of its address."""
    app.state.gate.open()
    written, _ = await storage.decisions.propose(OFFICER, proposal(), "first")
    job = await storage.jobs.create(Filter(), {"against": "now"})
    search = await storage.defects.begin(OFFICER, {"rule": "dibao.income_test", "from": "2026-01-01"})
    publication = await storage.publications.submit(OFFICER, PUBLICATION_EXAMPLE, None, "zh")
    begun = await storage.verifications.begin(OFFICER, {"decision": str(written.id), "purpose": "review"}, None)
    decided, _ = await storage.decisions.propose(OFFICER, proposal(programmes=["dibao"]), "second")
    await storage.decisions.confirm(DECIDER, decided.id, {}, None)
    happened = {"decision": str(decided.id), "person": "p2", "kind": "new_job", "on": "2026-11-01"}
    taken = await storage.event_reports.take(OFFICER, EventReported.model_validate(happened))
    (alert,) = taken.alerts or [""]
    return {
        "/v1/alerts": alert,
        "/v1/decisions": str(written.id),
        "/v1/replays": str(job.id),
        "/v1/defects": search.id,
        "/v1/publications": publication.id,
        "/v1/verifications": begun.id,
    }


def _attacked(
    api: BaseSchema, method: str, path: str, mode: GenerationMode, examples: int, check: Callable[[Case], None]
) -> None:
    operation = api[path][method]

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Case) -> None:
        check(case)

    run()


def _conforms(case: Case) -> None:
    case.validate_response(case.call(), checks=CONFORMS)


def _conforms_if_answered(case: Case) -> None:
    """Without negative_data_rejection: a date or an instant has forms that a schema's formats do not tell."""
    case.validate_response(case.call(), checks=CONFORMS[:-1])


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_assessments_answer_as_documented(api: BaseSchema, mode: GenerationMode) -> None:
    _attacked(api, "POST", "/v1/assessments", mode, 20, _conforms)


@pytest.mark.slow
@pytest.mark.parametrize("path", RULE_GETS)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_a_get_answers_as_documented(api: BaseSchema, path: str, mode: GenerationMode) -> None:
    _attacked(api, "GET", path, mode, 10, _conforms_if_answered)


@pytest.mark.parametrize("path", ["/v1/jurisdictions", "/v1/facts/schema", "/healthz", "/readyz"])
def test_a_get_without_parameters_answers_as_documented(api: BaseSchema, path: str) -> None:
    _attacked(api, "GET", path, GenerationMode.POSITIVE, 1, _conforms)


@pytest.mark.slow
@pytest.mark.parametrize("path", STORED_GETS)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_a_get_of_stored_things_answers_as_documented(stored_api: StoredApi, path: str, mode: GenerationMode) -> None:
    if path != "/v1/log/checkpoint" or mode is GenerationMode.POSITIVE:
        stored_api.attack("GET", path, mode)


@pytest.mark.slow
@pytest.mark.parametrize("path", POSTS[1:])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_a_post_that_stores_answers_as_documented(stored_api: StoredApi, path: str, mode: GenerationMode) -> None:
    stored_api.attack("POST", path, mode)
