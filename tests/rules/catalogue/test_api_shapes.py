"""Real answers of the GET endpoints have the shapes that OpenAPI documents, and a series holds what really held."""

import datetime as dt
from itertools import pairwise
from typing import Any, Final

import pytest
from pydantic import BaseModel

from app.http.schemas import Ready, Up
from app.rules.catalogue import schemas as shapes
from app.rules.values.strict_json import Json
from tests.support.client import Client, example, faults, schema_faults

PLACES: Final = ("999900", "500154", "500000", "150700", "430500", "442000", "610900")
DAYS: Final = ("2014-05-01", "2020-06-15", "2026-08-15")
DAY: Final = dt.date(2026, 8, 15)
EVER: Final = {"from": "0001-01-01", "until": "9999-12-31"}
SHAPES: Final[dict[str, type[BaseModel]]] = {
    "/v1/jurisdictions": shapes.JurisdictionList,
    "/v1/jurisdictions/{code}": shapes.JurisdictionPage,
    "/v1/jurisdictions/{code}/standards": shapes.StandardsOrSeries,
    "/v1/rules": shapes.RuleList,
    "/v1/rules/{rule}": shapes.RulePage,
    "/v1/rules/diff": shapes.Difference,
    "/v1/rulesets/{hash_}": shapes.RulesetPage,
    "/v1/facts/schema": shapes.JsonSchema,
    "/healthz": Up,
    "/readyz": Ready,
}


def _got(client: Client, path: str, **query: str) -> Json:
    response = client.get(path, **query)
    assert response.status_code == 200, response.text
    body: Json = response.json()
    return body


@pytest.fixture(scope="module")
def components(client: Client) -> Json:
    found: Json = _got(client, "/openapi.json")["components"]
    return found


def _conforms(components: Json, template: str, answer: Json) -> None:
    shape = SHAPES[template]
    shape.model_validate(answer)
    schema = {"$ref": f"#/components/schemas/{shape.__name__}", "components": components}
    assert schema_faults(schema, answer) == []


@pytest.mark.parametrize("template", ["/v1/jurisdictions", "/v1/facts/schema", "/healthz", "/readyz"])
def test_an_answer_without_parameters_has_its_shape(client: Client, components: Json, template: str) -> None:
    _conforms(components, template, _got(client, template))


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("code", PLACES)
def test_the_answers_of_a_place_on_a_day_have_their_shapes(
    client: Client, components: Json, code: str, day: str
) -> None:
    place = {"jurisdiction": code, "date": day}
    standards = f"/v1/jurisdictions/{code}/standards"
    _conforms(components, "/v1/jurisdictions/{code}", _got(client, f"/v1/jurisdictions/{code}"))
    _conforms(components, "/v1/jurisdictions/{code}/standards", _got(client, standards, date=day))
    _conforms(components, "/v1/jurisdictions/{code}/standards", _got(client, standards, **EVER))
    _conforms(components, "/v1/rules", _got(client, "/v1/rules", **place))
    _conforms(components, "/v1/rules/{rule}", _got(client, "/v1/rules/dibao.amount", **place))
    difference = _got(client, "/v1/rules/diff", **place, other_jurisdiction="999900", other_date="2026-07-01")
    _conforms(components, "/v1/rules/diff", difference)


def test_a_ruleset_has_its_shape(client: Client, components: Json) -> None:
    hash_ = client.assessed(example())["ruleset"]
    _conforms(components, "/v1/rulesets/{hash_}", _got(client, f"/v1/rulesets/{hash_}"))


def test_the_document_refers_to_the_shapes(client: Client) -> None:
    paths = _got(client, "/openapi.json")["paths"]
    for template, shape in SHAPES.items():
        schema = paths[template]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert schema == {"$ref": f"#/components/schemas/{shape.__name__}"}


# what held, and when


def _series(client: Client, code: str, **query: str) -> list[Json]:
    items: list[Json] = _got(client, f"/v1/jurisdictions/{code}/standards", **query)["items"]
    return items


def _figures(values: list[Json]) -> list[tuple[Any, ...]]:
    return [(v["key"], v["value"], v["exact"], v["from"], v["until"]) for v in values if v["value"] is not None]


@pytest.mark.parametrize("code", PLACES)
def test_the_figures_of_one_key_never_hold_on_the_same_day(client: Client, code: str) -> None:
    ends: dict[tuple[str, str | None], str] = {}
    for item in _series(client, code, **EVER):
        key = (item["parameter"], item["key"])
        assert item["from"] > ends.get(key, "")
        assert item["until"] is None or item["until"] >= item["from"]
        ends[key] = item["until"] or "9999-12-31"


@pytest.mark.parametrize("day", ["2015-06-15", "2020-06-15", "2024-08-01", "2026-06-30", "2026-07-01"])
@pytest.mark.parametrize("code", ["999900", "430500", "150700"])
def test_a_series_of_one_day_is_what_the_standards_of_that_day_show(client: Client, code: str, day: str) -> None:
    standards = _got(client, f"/v1/jurisdictions/{code}/standards", date=day)["items"]
    series = _series(client, code, **{"from": day, "until": day})
    for standard in standards:
        if standard["formula"] is None and standard["by"] in ("residence", None):
            of_series = [item for item in series if item["parameter"] == standard["parameter"]]
            assert {f[1:] for f in _figures(of_series)} == {f[1:] for f in _figures(standard["values"])}


def test_a_figure_ends_where_the_next_one_takes_over(client: Client) -> None:
    urban = [i for i in _series(client, "999900", **EVER) if (i["parameter"], i["key"]) == ("dibao.standard", "urban")]
    assert [(i["value"], i["from"], i["until"], i["printed_until"]) for i in urban[-2:]] == [
        ("880.00", "2025-07-01", "2026-06-30", None),
        ("920.00", "2026-07-01", None, None),
    ]


def test_what_was_not_known_takes_over_from_nothing(client: Client) -> None:
    query = EVER | {"known_at": "2026-06-01"}
    urban = [i for i in _series(client, "999900", **query) if (i["parameter"], i["key"]) == ("dibao.standard", "urban")]
    assert (urban[-1]["value"], urban[-1]["until"]) == ("880.00", None)


def test_a_figure_of_the_nation_that_the_place_replaces_is_not_in_its_series(client: Client) -> None:
    multiples = [i for i in _series(client, "999900", **EVER) if i["parameter"] == "edge.multiple"]
    assert [item["division"] for item in multiples] == ["999900"]


def test_a_figure_of_a_year_is_shown_as_printed_and_exactly_by_the_month(client: Client) -> None:
    (rural,) = [
        item
        for item in _series(client, "999900", **{"from": "2026-07-01", "until": "2026-08-15"})
        if (item["parameter"], item["key"]) == ("dibao.standard", "rural")
    ]
    expected = {"printed": "8900", "printed_per": "year", "value": "741.66", "exact": "2225/3"}
    assert rural.items() >= expected.items()


def test_a_figure_of_a_year_is_said_for_the_year_on_both_sides_of_a_difference(client: Client) -> None:
    query = {"jurisdiction": "999900", "date": "2026-06-30", "other_date": "2026-07-01"}
    values = _got(client, "/v1/rules/diff", **query)["values"]
    (standard,) = [value for value in values if value["parameter"] == "dibao.standard"]
    assert (standard["left"]["rural"], standard["right"]["rural"]) == ("每年8400.00元", "每年8900.00元")


def test_the_periods_of_a_place_end_where_the_next_begin(client: Client) -> None:
    body = _got(client, "/v1/jurisdictions/999900")
    (dibao,) = [entry for entry in body["programmes"] if entry["programme"] == "dibao"]
    urban = [(p["from"], p["until"]) for p in dibao["standards"] if p["key"] == "urban"]
    assert urban[-2:] == [("2025-07-01", "2026-06-30"), ("2026-07-01", None)]
    for (_, until), (start, _) in pairwise(urban):
        assert dt.date.fromisoformat(start) - dt.date.fromisoformat(until) == dt.timedelta(days=1)


def test_a_rule_in_force_ends_where_the_next_version_begins(client: Client) -> None:
    for day, until in (("2020-06-15", "2021-06-30"), ("2026-06-30", "2026-06-30"), ("2026-07-01", None)):
        page = _got(client, "/v1/rules/dibao.income_test", jurisdiction="999900", date=day)
        assert page["until"] == until


# faults at once


def test_faults_of_form_and_of_sense_are_named_at_once(client: Client) -> None:
    query = "jurisdiction=x&date=2100-01-01&known_at=y&other_date=2000-01-01&other_known_at=z&other_jurisdiction=1"
    assert faults(client.get(f"/v1/rules/diff?{query}")) == {
        ("/query/jurisdiction", "wrong_form"),
        ("/query/date", "too_far_ahead"),
        ("/query/known_at", "instant_format"),
        ("/query/other_date", "before_any_law"),
        ("/query/other_known_at", "instant_format"),
        ("/query/other_jurisdiction", "wrong_form"),
    }


def test_a_fault_of_the_one_day_is_not_said_of_the_other(client: Client) -> None:
    found = faults(client.get("/v1/rules/diff?jurisdiction=999900&date=2100-01-01"))
    assert found == {("/query/date", "too_far_ahead")}


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ("known_at=2000-01-01", {"/query/known_at"}),
        ("other_known_at=2000-01-01", {"/query/other_known_at"}),
        ("known_at=2000-01-01&other_known_at=2000-01-01", {"/query/known_at", "/query/other_known_at"}),
        ("known_at=2000-01-01&other_known_at=2026-07-01", {"/query/known_at"}),
    ],
)
def test_the_side_of_a_difference_of_which_nothing_was_known_is_named(
    client: Client, query: str, pointers: set[str]
) -> None:
    found = faults(client.get(f"/v1/rules/diff?jurisdiction=999900&date={DAY}&{query}"))
    assert found == {(pointer, "nothing_known") for pointer in pointers}
