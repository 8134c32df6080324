"""The comparison of OpenAPI documents finds what callers would notice, and nothing else."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Final

import pytest

from app.rules.values.strict_json import Json
from tools.compare_openapi import differences, main

DOCUMENT: Final[Json] = {
    "paths": {
        "/v1/things": {
            "get": {
                "parameters": [{"in": "query", "name": "on", "schema": {"title": "On", "type": "string"}}],
                "responses": {"422": {"description": "`faulty_request`, `other_code`"}},
            }
        }
    },
    "components": {"schemas": {"Thing": {"title": "Thing", "required": ["a", "b"], "properties": {"a": {}, "b": {}}}}},
}


def test_titles_and_orders_are_no_difference() -> None:
    other = copy.deepcopy(DOCUMENT)
    other["components"]["schemas"]["Thing"] |= {"title": "Other", "required": ["b", "a"]}
    other["paths"]["/v1/things"]["get"]["responses"]["422"]["description"] = "`other_code`, `faulty_request`"
    assert differences(DOCUMENT, other) == []


def test_what_is_new_gone_or_different_is_named_with_its_place() -> None:
    other = copy.deepcopy(DOCUMENT)
    endpoint = other["paths"]["/v1/things"]["get"]
    endpoint["parameters"][0] |= {"name": "day"}
    endpoint["responses"]["422"]["description"] = "`faulty_request`"
    other["components"]["schemas"]["Thing"]["properties"]["c"] = {"type": "string"}
    assert [line.partition(": ")[0] for line in differences(DOCUMENT, other)] == [
        "+ get /v1/things/parameters/query:day",
        "- get /v1/things/parameters/query:on",
        "~ get /v1/things/responses/422/description",
        "+ schema Thing/properties/c",
    ]


def test_the_present_document_does_not_differ_from_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "before.json"
    assert main(["save", str(saved)]) == 0
    assert main(["against", str(saved)]) == 0
    assert capsys.readouterr().out == "no difference\n"
    saved.write_text(saved.read_text(encoding="utf-8").replace("/v1/assessments", "/v1/judgments"), encoding="utf-8")
    assert main(["against", str(saved)]) == 1
    assert "+ post /v1/assessments" in capsys.readouterr().out
