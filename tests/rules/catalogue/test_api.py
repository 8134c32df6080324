"""The GET endpoints: places, standards, rules, rulesets, the schema of the facts, and health."""

import json
from typing import Any, Final

import pytest

from app.rules.language.vocabulary import PROGRAMMES
from app.rules.values.strict_json import Json
from tests.support.client import (
    ID_NUMBER,
    NAME,
    Client,
    assert_problem,
    changed,
    complete,
    example,
    faults,
    places,
    schema_faults,
)

MODEL_CITY: Final = "999900"
DAY: Final = "2026-08-15"
DOTTED: Final = ("dibao.income_test", "dibao.amount", "on_dibao")
BY_PLACE: Final = ("/v1/jurisdictions/{}", "/v1/jurisdictions/{}/standards", "/v1/rules?jurisdiction={}")
BY_PLACE_TOO: Final = ("/v1/rules/dibao.income_test?jurisdiction={}", "/v1/rules/diff?jurisdiction={}")
DATED: Final = (
    "/v1/jurisdictions/999900/standards?",
    "/v1/rules?jurisdiction=999900&",
    "/v1/rules/dibao.income_test?jurisdiction=999900&",
    "/v1/rules/diff?jurisdiction=999900&",
)


def _got(client: Client, path: str, *, language: str | None = None, **query: str) -> Json:
    response = client.get(path, language=language, **query)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    body: Json = response.json()
    return body


def _item(body: Json, key: str, value: str) -> Json:
    (found,) = [item for item in body["items"] if item[key] == value]
    item: Json = found
    return item


# places


def test_every_loaded_place_is_listed_and_the_nation_is_none(client: Client) -> None:
    body = _got(client, "/v1/jurisdictions")
    assert body.keys() == {"items", "next"}
    assert body["next"] is None
    codes = [item["code"] for item in body["items"]]
    assert len(set(codes)) == len(codes)
    assert {MODEL_CITY, "500000", "500154", "150700", "430500", "442000", "610900"} <= set(codes)
    assert "CN" not in codes
    for item in body["items"]:
        assert item.keys() == {"code", "name", "level", "fictional", "parent", "figures", "leads"}
        assert item["fictional"] is (item["code"] == MODEL_CITY)
        assert item["parent"] == "CN" or item["parent"] in codes


def test_every_listed_place_has_a_page(client: Client) -> None:
    for head in _got(client, "/v1/jurisdictions")["items"]:
        body = _got(client, f"/v1/jurisdictions/{head['code']}")
        assert body.items() >= head.items()
        assert body["asked"] == head["code"]
        with_standard = {entry["programme"] for entry in body["programmes"]}
        assert with_standard.isdisjoint(body["without_standard"])
        assert len(with_standard) + len(body["without_standard"]) == len(PROGRAMMES)
        for entry in body["programmes"]:
            for period in entry["standards"]:
                assert period["until"] is None or period["from"] <= period["until"]


def test_parent_and_children_name_each_other(client: Client) -> None:
    assert "500154" in _got(client, "/v1/jurisdictions/500000")["children"]
    assert _got(client, "/v1/jurisdictions/500154")["parent"] == "500000"


def test_a_district_says_over_which_years_it_has_a_standard(client: Client) -> None:
    body = _got(client, "/v1/jurisdictions/500154")
    (dibao,) = [entry for entry in body["programmes"] if entry["programme"] == "dibao"]
    urban = [(p["from"], p["until"]) for p in dibao["standards"] if p["key"] == "urban"]
    assert ("2015-01-01", "2015-12-31") in urban
    assert "edge_family" in body["without_standard"]


@pytest.mark.parametrize(("code", "found"), [("999900001", "999900"), ("500154001002", "500154"), ("50", "500000")])
def test_a_code_below_a_loaded_place_answers_with_that_place(client: Client, code: str, found: str) -> None:
    body = _got(client, f"/v1/jurisdictions/{code}")
    assert (body["code"], body["asked"]) == (found, code)


def test_names_and_titles_follow_the_language_and_codes_do_not(client: Client) -> None:
    zh, en = (_got(client, f"/v1/jurisdictions/{MODEL_CITY}", language=language) for language in ("zh", "en"))
    assert (zh["name"], en["name"]) == ("示例市（虚构）", "Model City (fictional)")
    assert zh["programmes"] == en["programmes"]
    assert zh["documents"][0]["title"] != en["documents"][0]["title"]


@pytest.mark.parametrize("path", BY_PLACE + BY_PLACE_TOO)
@pytest.mark.parametrize("code", ["81", "000000", "810101001", "999800"])
def test_a_place_under_none_that_is_loaded_is_404(client: Client, path: str, code: str) -> None:
    assert_problem(client.get(path.format(code)), 404, "unknown_division")


@pytest.mark.parametrize("path", BY_PLACE + BY_PLACE_TOO)
@pytest.mark.parametrize("code", ["CN", "9", "99990", "999900%0A", "%EF%BC%99%EF%BC%99", NAME, ID_NUMBER])
def test_a_code_of_another_form_is_422(client: Client, path: str, code: str) -> None:
    where = "/query/jurisdiction" if "jurisdiction=" in path else "/path/code"
    assert faults(client.get(path.format(code))) == {(where, "wrong_form")}


def test_the_other_place_of_a_difference_is_404_or_422_too(client: Client) -> None:
    path = f"/v1/rules/diff?jurisdiction={MODEL_CITY}&other_jurisdiction="
    assert_problem(client.get(path + "81"), 404, "unknown_division")
    assert faults(client.get(path + "x")) == {("/query/other_jurisdiction", "wrong_form")}


# days and instants


@pytest.mark.parametrize("path", DATED)
@pytest.mark.parametrize("day", ["2026-13-01", "2026-02-30", "15/08/2026", "", NAME])
def test_a_day_that_does_not_exist_is_422(client: Client, path: str, day: str) -> None:
    assert faults(client.get(f"{path}date={day}")) == {("/query/date", "wrong_form")}


@pytest.mark.parametrize("day", ["1596240000", "2026-08-15T00:00:00", "2026-08-15 00:00"])
def test_a_day_of_another_form_is_422(client: Client, day: str) -> None:
    assert client.get(f"{DATED[0]}date={day}").status_code == 422


@pytest.mark.parametrize("path", DATED)
def test_a_day_before_any_law_is_422(client: Client, path: str) -> None:
    assert faults(client.get(f"{path}date=2014-04-30")) == {("/query/date", "before_any_law")}
    assert client.get(f"{path}date=2014-05-01").status_code == 200


@pytest.mark.parametrize("path", DATED)
def test_a_day_too_far_ahead_is_422(client: Client, path: str) -> None:
    assert faults(client.get(f"{path}date=2100-01-01")) == {("/query/date", "too_far_ahead")}


@pytest.mark.parametrize("path", DATED)
@pytest.mark.parametrize("instant", ["now", "", "2026-08-15T10:00:00", "9999-12-31T23:59:59Z", NAME])
def test_an_instant_of_another_form_is_422(client: Client, path: str, instant: str) -> None:
    assert faults(client.get(f"{path}known_at={instant}")) == {("/query/known_at", "instant_format")}


@pytest.mark.parametrize("path", DATED)
@pytest.mark.parametrize(
    "instant", ["2026-07-01", "2026-07-01T00:00:00%2B08:00", "2026-07-01T00:00:00+08:00", "2026-06-30T16:00:00Z"]
)
def test_the_same_instant_in_any_form_gets_the_same_answer(client: Client, path: str, instant: str) -> None:
    one = client.get(f"{path}date={DAY}&known_at={instant}")
    assert one.status_code == 200
    assert one.content == client.get(f"{path}date={DAY}&known_at=2026-07-01").content


@pytest.mark.parametrize("path", DATED)
def test_an_instant_before_anything_was_known_is_a_fault_of_known_at(client: Client, path: str) -> None:
    assert faults(client.get(f"{path}date={DAY}&known_at=2000-01-01")) == {("/query/known_at", "nothing_known")}


@pytest.mark.parametrize("path", ["/v1/rules", "/v1/rules/diff", "/v1/rules/dibao.amount"])
def test_a_missing_jurisdiction_is_required(client: Client, path: str) -> None:
    assert faults(client.get(path)) == {("/query/jurisdiction", "required")}


def test_faults_of_path_and_query_are_named_at_once(client: Client) -> None:
    found = faults(client.get(f"/v1/jurisdictions/{NAME}/standards?date=x&from=y&until=z"))
    assert found == {(where, "wrong_form") for where in ("/path/code", "/query/date", "/query/from", "/query/until")}


def test_a_fault_of_known_at_is_named_with_the_others(client: Client) -> None:
    assert {pointer for pointer, _ in faults(client.get(f"{DATED[0]}date=x&known_at=y"))} == {
        "/query/date",
        "/query/known_at",
    }


def test_a_fault_of_the_other_instant_is_pointed_at(client: Client) -> None:
    assert faults(client.get(f"{DATED[3]}other_known_at=x")) == {("/query/other_known_at", "instant_format")}


def test_a_fault_of_the_other_day_is_pointed_at(client: Client) -> None:
    assert faults(client.get(f"{DATED[3]}date={DAY}&other_date=2000-01-01")) == {
        ("/query/other_date", "before_any_law")
    }


# standards


def test_a_standard_in_force_has_value_unit_dates_precision_and_document(client: Client) -> None:
    body = _got(client, f"/v1/jurisdictions/{MODEL_CITY}/standards", date=DAY)
    assert (body["jurisdiction"]["fictional"], body["date"]) == (True, DAY)
    standard = _item(body, "parameter", "dibao.standard")
    assert (standard["unit"], standard["by"], standard["status"]) == ("CNY/month", "residence", "in_force")
    (urban,) = [value for value in standard["values"] if value["key"] == "urban"]
    expected = {"printed": "920", "from": "2026-07-01", "until": None, "precision": "day", "status": "published"}
    assert urban.items() >= (expected | {"document": "model-city-rules", "division": MODEL_CITY}).items()
    assert urban["known_from"] <= "2026-07-01"


def test_the_standard_of_the_day_before_a_change_is_the_old_one(client: Client) -> None:
    for day, printed in (("2026-06-30", "880"), ("2026-07-01", "920")):
        standard = _item(
            _got(client, f"/v1/jurisdictions/{MODEL_CITY}/standards", date=day), "parameter", "dibao.standard"
        )
        assert [value["printed"] for value in standard["values"] if value["key"] == "urban"] == [printed]


def test_a_standard_not_yet_known_is_not_in_force(client: Client) -> None:
    body = _got(client, f"/v1/jurisdictions/{MODEL_CITY}/standards", date=DAY, known_at="2026-06-01")
    urban = [v["printed"] for v in _item(body, "parameter", "dibao.standard")["values"] if v["key"] == "urban"]
    assert "920" not in urban


def test_what_nobody_published_is_a_gap(client: Client) -> None:
    standard = _item(
        _got(client, "/v1/jurisdictions/500154/standards", date="2021-06-15"), "parameter", "dibao.standard"
    )
    assert (standard["status"], standard["values"]) == ("gap", [])


def test_the_standards_of_a_township_are_those_of_its_district(client: Client) -> None:
    day = "2020-06-15"
    one, other = (_got(client, f"/v1/jurisdictions/{code}/standards", date=day) for code in ("500154001", "500154"))
    assert one == other


def test_a_series_gives_every_figure_that_held_in_a_stretch(client: Client) -> None:
    body = _got(client, f"/v1/jurisdictions/{MODEL_CITY}/standards", **{"from": "2024-01-01", "until": DAY})
    urban = [i for i in body["items"] if (i["parameter"], i["key"]) == ("dibao.standard", "urban")]
    assert [item["from"] for item in urban] == sorted(item["from"] for item in urban)
    assert {"880", "920"} <= {item["printed"] for item in urban}
    for item in body["items"]:
        assert item["from"] <= DAY
        assert item["until"] is None or item["until"] >= "2024-01-01"


def test_a_series_may_be_open_on_either_side(client: Client) -> None:
    path = f"/v1/jurisdictions/{MODEL_CITY}/standards"
    assert _got(client, path, until="2013-12-31")["items"] == []
    every = _got(client, path, **{"from": "0001-01-01", "until": "9999-12-31"})["items"]
    assert _got(client, path, **{"from": "0001-01-01"})["items"] == every
    assert 0 < len(_got(client, path, until="2025-06-30")["items"]) < len(every)


def test_a_series_leaves_out_what_was_superseded_before_it_begins(client: Client) -> None:
    body = _got(client, f"/v1/jurisdictions/{MODEL_CITY}/standards", **{"from": "2026-07-01", "until": DAY})
    urban = [i["printed"] for i in body["items"] if (i["parameter"], i["key"]) == ("dibao.standard", "urban")]
    assert urban == ["920"]


def test_a_series_that_ends_before_it_begins_is_empty(client: Client) -> None:
    body = _got(client, f"/v1/jurisdictions/{MODEL_CITY}/standards", **{"from": DAY, "until": "2020-01-01"})
    assert body["items"] == []


def test_an_amount_of_money_among_the_standards_has_two_decimals(client: Client) -> None:
    body = _got(client, f"/v1/jurisdictions/{MODEL_CITY}/standards", date=DAY)
    money = [value["value"] for item in body["items"] if item["unit"].startswith("CNY") for value in item["values"]]
    assert money
    assert [text for text in money if text is not None and text[-3:-2] != "."] == []


@pytest.mark.parametrize(
    "path", [DATED[0] + f"date={DAY}", DATED[0] + f"from=2024-01-01&until={DAY}", DATED[1] + f"date={DAY}"]
)
def test_a_list_says_whether_more_follows(client: Client, path: str) -> None:
    assert "next" in _got(client, path)


# rules


def test_every_rule_in_force_is_listed_as_people_read_it(client: Client) -> None:
    body = _got(client, "/v1/rules", jurisdiction=MODEL_CITY, date=DAY)
    ids = [item["rule"] for item in body["items"]]
    assert len(set(ids)) == len(ids)
    assert set(DOTTED) <= set(ids)
    for item in body["items"]:
        assert item["title"]
        assert item["from"] <= DAY
        assert item["until"] is None or item["until"] >= DAY
        assert bool(item["formula"]) == bool(item["words"])
        assert {"basis", "needs", "needed_by", "parameters", "decides", "unit", "for"} <= item.keys()


def test_what_a_rule_needs_says_that_it_is_needed(client: Client) -> None:
    rules = {item["rule"]: item for item in _got(client, "/v1/rules", jurisdiction=MODEL_CITY, date=DAY)["items"]}
    for id_, item in rules.items():
        for needed in item["needs"]:
            if needed in rules:
                assert id_ in rules[needed]["needed_by"]


def test_a_rule_page_has_formula_words_articles_and_all_its_versions(client: Client) -> None:
    body = _got(client, "/v1/rules/dibao.income_test", jurisdiction=MODEL_CITY, date=DAY)
    assert body["formula"] == "dibao.income < standard * dibao.size"
    assert body["basis"] == [{"document": "社会救助法", "article": "18"}]
    assert body["decides"] == ["dibao"]
    assert [version["from"] for version in body["versions"]] == ["2014-05-01", "2021-07-01", "2026-07-01"]
    assert all(version["known_from"] for version in body["versions"])


def test_a_rule_page_is_the_entry_of_the_list_with_its_versions(client: Client) -> None:
    listed = _got(client, "/v1/rules", jurisdiction="500154", date="2020-06-15")["items"]
    for item in listed[::10]:
        page = _got(client, f"/v1/rules/{item['rule']}", jurisdiction="500154", date="2020-06-15")
        assert page.items() >= item.items()


def test_a_rule_has_words_in_both_languages(client: Client) -> None:
    path = f"/v1/rules/dibao.income_test?jurisdiction={MODEL_CITY}&date={DAY}"
    zh, en = (_got(client, path, language=language) for language in ("zh", "en"))
    assert zh["formula"] == en["formula"]
    assert (zh["title"], en["title"]) == ("家庭人均收入低于低保标准", "Income per head is below the dibao standard")
    assert "低于" in zh["words"]
    assert "is below" in en["words"]


@pytest.mark.parametrize(
    "rule", ["nope", "nope.nope", "dibao", "DIBAO.AMOUNT", "__class__", "%00", "..%2F..%2Fetc", NAME, ID_NUMBER]
)
def test_a_rule_that_does_not_exist_is_404(client: Client, rule: str) -> None:
    response = client.get(f"/v1/rules/{rule}?jurisdiction={MODEL_CITY}")
    assert_problem(response, 404, "not_found" if "%2F" in rule else "unknown_rule")


def test_a_rule_whose_name_is_too_long_is_422(client: Client) -> None:
    assert faults(client.get(f"/v1/rules/{'a' * 101}?jurisdiction={MODEL_CITY}")) == {("/path/rule", "wrong_form")}


def test_a_rule_page_of_the_model_city_says_that_it_is_fictional(client: Client) -> None:
    body = _got(client, f"/v1/rules/dibao.amount?jurisdiction={MODEL_CITY}&date={DAY}")
    assert body["division"] == MODEL_CITY
    assert '"fictional": true' in json.dumps(body)


# differences


def test_a_difference_of_two_days_shows_rules_and_figures_side_by_side(client: Client) -> None:
    body = _got(client, "/v1/rules/diff", jurisdiction=MODEL_CITY, date="2026-06-30", other_date="2026-07-01")
    assert body.keys() == {"left", "right", "same", "programmes", "rules", "values"}
    assert (body["left"]["date"], body["right"]["date"], body["same"]) == ("2026-06-30", "2026-07-01", False)
    (standard,) = [value for value in body["values"] if value["parameter"] == "dibao.standard"]
    assert "880" in standard["left"]["urban"]
    assert "920" in standard["right"]["urban"]
    assert all(rule["left"] != rule["right"] for rule in body["rules"])
    assert body["left"]["jurisdiction"]["fictional"] is body["right"]["jurisdiction"]["fictional"] is True


def test_a_difference_of_two_states_of_knowledge_shows_what_was_published_between(client: Client) -> None:
    query = {"jurisdiction": MODEL_CITY, "date": DAY, "known_at": "2026-06-01", "other_known_at": "2026-08-01"}
    body = _got(client, "/v1/rules/diff", **query)
    assert (body["left"]["known"], body["right"]["known"]) == ("2026-06-01", "2026-08-01")
    assert "dibao.standard" in {value["parameter"] for value in body["values"]}


def test_a_difference_of_two_places_shows_both(client: Client) -> None:
    body = _got(client, "/v1/rules/diff", jurisdiction=MODEL_CITY, other_jurisdiction="500154", date="2020-06-15")
    assert (body["left"]["jurisdiction"]["code"], body["right"]["jurisdiction"]["code"]) == (MODEL_CITY, "500154")
    assert body["right"]["jurisdiction"]["fictional"] is False


def test_a_difference_with_itself_is_empty(client: Client) -> None:
    body = _got(client, "/v1/rules/diff", jurisdiction=MODEL_CITY, date=DAY)
    assert (body["same"], body["rules"], body["values"], body["programmes"]) == (True, [], [], [])


def test_a_difference_follows_the_language(client: Client) -> None:
    path = f"/v1/rules/diff?jurisdiction={MODEL_CITY}&date=2026-06-30&other_date=2026-07-01"
    zh, en = (_got(client, path, language=language) for language in ("zh", "en"))
    assert [rule["rule"] for rule in zh["rules"]] == [rule["rule"] for rule in en["rules"]]
    assert zh["rules"][0]["title"] != en["rules"][0]["title"]


# rulesets


def test_the_ruleset_of_an_answer_is_found_by_its_hash(client: Client) -> None:
    hash_ = client.assessed(example())["ruleset"]
    body = _got(client, f"/v1/rulesets/{hash_}")
    assert body["ruleset"] == hash_
    assert body["path"] == ["CN", MODEL_CITY]
    assert "dibao.income_test" in body["content"]["rules"]


def test_the_ruleset_is_the_same_wherever_it_is_named(client: Client) -> None:
    hash_ = client.assessed(example())["ruleset"]
    query = {"date": example()["date"], "known_at": example()["known_at"]}
    assert _got(client, f"/v1/jurisdictions/{MODEL_CITY}/standards", **query)["ruleset"] == hash_
    assert _got(client, "/v1/rules", jurisdiction=MODEL_CITY, **query)["ruleset"] == hash_


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("hash_", ["sha256:" + "0" * 64, "sha256:", "0" * 64, "nope", "%00", NAME, ID_NUMBER])
def test_a_ruleset_that_cannot_be_rebuilt_is_404_saying_so(client: Client, hash_: str, language: str) -> None:
    body = assert_problem(client.get(f"/v1/rulesets/{hash_}", language=language), 404, "unknown_ruleset")
    assert ("重建" if language == "zh" else "cannot be rebuilt") in body["detail"]


def test_a_hash_that_is_too_long_is_422(client: Client) -> None:
    assert {code for _, code in faults(client.get("/v1/rulesets/" + "a" * 81))} == {"wrong_form"}


def test_a_ruleset_of_the_model_city_says_that_it_is_fictional(client: Client) -> None:
    hash_ = client.assessed(example())["ruleset"]
    assert '"fictional": true' in json.dumps(_got(client, f"/v1/rulesets/{hash_}"))


# the schema of the facts


@pytest.fixture(scope="module")
def schema(client: Client) -> Json:
    return _got(client, "/v1/facts/schema")


def test_every_field_of_the_household_has_titles_in_both_languages(schema: Json) -> None:
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for shape in (schema, *schema["$defs"].values()):
        for name, field in shape.get("properties", {}).items():
            assert field.get("title"), name
            assert field["title"].isascii(), name
            assert field.get("title_zh"), name
            assert not field["title_zh"].isascii(), name


def test_the_schema_has_every_field_of_the_contract_and_no_other(schema: Json) -> None:
    body = complete()["household"]
    assert schema["properties"].keys() == body.keys()
    members: set[str] = {name for member in body["members"] for name in member}
    assert schema["$defs"]["Member"]["properties"].keys() == members
    assert schema["$defs"]["Obligor"]["properties"].keys() == body["obligors"][0].keys()
    assert schema["$defs"]["Income"]["properties"].keys() == body["members"][0]["income"].keys()


def test_a_household_without_faults_validates(schema: Json) -> None:
    for body in (example(), complete()):
        assert schema_faults(schema, body["household"]) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"/residence": "sea"},
        {"/members": []},
        {"/members/0/not_a_field": 1},
        {"/members/0/birth_date": "2026-13-01"},
        {"/members/0/employed": "true"},
        {"/members/0/income_months": 13},
        {"/members/1/disability/level": 9},
        {"/members/0/id": NAME},
        {"/spending/medical": "-1"},
        {"/spending/medical": "0.001"},
        {"/spending/medical": "1e3"},
        {"/spending/medical": -1},
        {"/assets/dwellings": 1.5},
        {"/crisis": {}},
        {"/obligors": [{"id": "o1"}]},
    ],
)
def test_a_household_with_faults_does_not_validate_and_is_refused(
    client: Client, schema: Json, changes: dict[str, Any]
) -> None:
    household = changed(example()["household"], changes)
    assert schema_faults(schema, household) != []
    assert client.assess(example() | {"household": household}).status_code == 422


@pytest.mark.parametrize("amount", [0.07, 8.2, 19.99, 1030.07])
def test_an_amount_as_a_number_with_decimals_validates(client: Client, schema: Json, amount: float) -> None:
    household = changed(example()["household"], {"/spending/medical": amount})
    assert client.assess(example() | {"household": household}).status_code == 200
    assert schema_faults(schema, household) == []


# health


def test_the_process_is_up(client: Client) -> None:
    assert _got(client, "/healthz") == {"status": "up"}


def test_the_service_is_ready_once_the_rules_are_loaded(client: Client) -> None:
    body = _got(client, "/readyz")
    assert body["status"] == "ready"
    assert body["divisions"] == len(_got(client, "/v1/jurisdictions")["items"]) + 1


# all of them


EVERY: Final = (
    *("/v1/jurisdictions", f"/v1/jurisdictions/{MODEL_CITY}", f"/v1/jurisdictions/{MODEL_CITY}/standards"),
    *(f"/v1/rules?jurisdiction={MODEL_CITY}", f"/v1/rules/dibao.amount?jurisdiction={MODEL_CITY}"),
    *(f"/v1/rules/diff?jurisdiction={MODEL_CITY}&other_date=2020-06-15", "/v1/facts/schema", "/healthz", "/readyz"),
)


@pytest.mark.parametrize("path", EVERY)
def test_no_answer_holds_a_binary_float(client: Client, path: str) -> None:
    assert [
        where for where, value in places(_got(client, path)) if isinstance(value, float) and path != "/v1/facts/schema"
    ] == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", EVERY)
def test_what_is_read_cannot_be_written(client: Client, path: str, method: str) -> None:
    response = client.request(method, path)
    assert_problem(response, 405, "method_not_allowed")
    assert response.headers["allow"] == "GET"
