"""POST /v1/assessments: what a request without faults is answered with."""

import copy
import datetime as dt
import json
from pathlib import Path
from typing import Any, Final

import pytest

from app.rules.explain.schemas import Assessment
from app.rules.facts.household import Member
from app.rules.facts.request import SHANGHAI
from app.rules.values.strict_json import Json
from tests.support.client import Client, changed, example, places, with_parameters

CASES: Final = sorted((Path(__file__).parent.parent / "cases").glob("*.json"))
LANGUAGES: Final = ("zh", "en")
TEXTS: Final = {"title", "said", "message", "summary", "name"}  # what a language may change


def _result(answer: Json, programme: str, person: str | None = None) -> Json:
    (found,) = [r for r in answer["results"] if r["programme"] == programme and r["person"] == person]
    result: Json = found
    return result


def _without_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: None if key in TEXTS else _without_texts(item) for key, item in value.items()}
    return [_without_texts(item) for item in value] if isinstance(value, list) else value


def _request(case: Path) -> Json:
    request: Json = json.loads(case.read_text(encoding="utf-8"))["request"]
    return request


def _supplied(answer: Json) -> set[str]:
    return {a["id"] for result in answer["results"] for a in result["assumptions"] if a["kind"] == "supplied"}


# the household of the contract


def test_the_household_of_the_contract_gets_what_the_contract_says(client: Client) -> None:
    answer = client.assessed(example())
    dibao = _result(answer, "dibao")
    assert dibao["status"] == "eligible"
    assert dibao["amount"] == {
        "value": "2374.00",
        "min": "2374.00",
        "max": "2374.00",
        "unit": "CNY/month",
        "from_month": "2026-09",
    }
    assert [(line["rule"], line["amount"]["value"]) for line in dibao["lines"]] == [
        ("dibao.difference", "1730.00"),
        ("dibao.uplift", "644.00"),
    ]
    assert dibao["margin"]["value"] == "1730.00"
    assert answer["household"]["counted"] == ["p1", "p2", "p3"]
    assert answer["household"]["income_month"]["value"] == "1030.00"
    assert answer["household"]["income_per_capita"]["value"] == "343.33"
    assert answer["total_month"]["value"] == "2584.00"


def test_the_income_test_shows_both_sides_and_its_articles(client: Client) -> None:
    (test,) = [t for t in _result(client.assessed(example()), "dibao")["tests"] if t["rule"] == "dibao.income_test"]
    assert (test["holds"], test["left"]["value"], test["relation"], test["right"]["value"]) == (
        True,
        "1030.00",
        "<",
        "2760.00",
    )
    assert test["basis"] == [{"document": "社会救助法", "article": "18", "from": "2026-07-01"}]


def test_chinese_is_the_default_language(client: Client) -> None:
    assert client.assess(example()).content == client.assess(example(), language="zh").content


@pytest.mark.parametrize("header", ["en", "en-GB", "zh;q=0.5, en", "fr, en;q=0.1", "EN"])
def test_english_is_chosen_when_it_is_preferred(client: Client, header: str) -> None:
    assert client.assess(example(), language=header).content == client.assess(example(), language="en").content


@pytest.mark.parametrize("header", ["", "fr", "*", "zh-CN, en;q=0.9", "en;q=0", "en;q=nan", ",;=,,q=1", "en;q=x"])
def test_chinese_answers_any_other_preference(client: Client, header: str) -> None:
    assert client.assess(example(), language=header).content == client.assess(example(), language="zh").content


@pytest.mark.parametrize("explain", ["none", "reasons", "full"])
def test_codes_and_values_do_not_change_with_the_language_and_titles_do(client: Client, explain: str) -> None:
    body = example() | {"options": {"explain": explain}}
    zh, en = (client.assessed(body, language=language) for language in LANGUAGES)
    assert _without_texts(zh) == _without_texts(en)
    assert zh["jurisdiction"]["name"] == "示例市（虚构）"
    assert en["jurisdiction"]["name"] == "Model City (fictional)"
    for one, other in zip(zh["results"], en["results"], strict=True):
        assert one["title"] != other["title"]


def test_the_same_request_gets_the_same_bytes_when_known_at_is_given(client: Client) -> None:
    first = client.assess(example())
    client.assess(changed(example(), {"/jurisdiction": "500154", "/date": "2020-06-15"}))
    assert client.assess(example()).content == first.content


def test_an_answer_says_what_was_known_when_and_for_which_day(client: Client) -> None:
    body = example()
    del body["known_at"], body["date"]
    before = dt.datetime.now(SHANGHAI).replace(microsecond=0)
    answer = client.assessed(body)
    after = dt.datetime.now(SHANGHAI)
    assert before <= dt.datetime.fromisoformat(answer["known_at"]) <= after
    assert answer["known_at"].endswith("+08:00")
    assert answer["date"] in {before.date().isoformat(), after.date().isoformat()}


def test_a_date_as_instant_stands_for_midnight_in_shanghai(client: Client) -> None:
    answer = client.assessed(example() | {"known_at": "2026-08-15"})
    assert answer["known_at"] == "2026-08-15T00:00:00+08:00"


def test_an_instant_of_another_offset_is_shown_in_shanghai(client: Client) -> None:
    answer = client.assessed(example() | {"known_at": "2026-08-15T20:00:00Z"})
    assert answer["known_at"] == "2026-08-16T04:00:00+08:00"


@pytest.mark.parametrize("written", ['"3000.00"', '"3000"', "3000", "3000.0", "3000.00"])
def test_an_amount_may_be_written_as_text_or_number(client: Client, written: str) -> None:
    body = json.dumps(changed(example(), {"/household/spending/medical": "@"})).replace('"@"', written)
    assert client.post(body.encode()).content == client.assess(example()).content


def test_a_tenth_of_a_yuan_is_exact(client: Client) -> None:
    body = changed(example(), {"/household/members/0/income_months": 1, "/household/members/0/employed": False})
    body["household"]["spending"] = {}
    text = json.dumps(changed(body, {"/household/members/0/income/wage": "@"})).replace('"@"', "1030.07")
    assert client.post(text.encode()).json()["household"]["income_month"]["value"] == "1030.07"


# programmes


def test_only_the_programmes_asked_for_are_answered(client: Client) -> None:
    answer = client.assessed(example() | {"programmes": ["edge_family", "dibao"]})
    assert [r["programme"] for r in answer["results"]] == ["dibao", "edge_family"]


def test_a_programme_that_does_not_apply_is_answered_when_asked_for(client: Client) -> None:
    answer = client.assessed(example() | {"programmes": ["orphan_subsidy"]})
    assert {(r["programme"], r["status"]) for r in answer["results"]} == {("orphan_subsidy", "not_applicable")}
    assert all(r["amount"] is None for r in answer["results"])


def test_programmes_that_do_not_apply_are_left_out_unless_asked_for(client: Client) -> None:
    assert "not_applicable" not in {r["status"] for r in client.assessed(example())["results"]}


def test_a_programme_asked_for_twice_is_answered_once(client: Client) -> None:
    answer = client.assessed(example() | {"programmes": ["dibao", "dibao"]})
    assert [r["programme"] for r in answer["results"]] == ["dibao"]


def test_asking_for_some_programmes_changes_no_result_of_theirs(client: Client) -> None:
    one = _result(client.assessed(example() | {"programmes": ["dibao"]}), "dibao")
    assert one == _result(client.assessed(example()), "dibao")


# explain

REASONS: Final = {"lines", "tests", "summary", "margin", "assumptions", "warnings", "procedure"}


def test_explain_none_gives_results_without_reasons(client: Client) -> None:
    answer = client.assessed(example() | {"options": {"explain": "none"}})
    assert "rules" not in answer
    assert all(not REASONS & result.keys() for result in answer["results"])


def test_reasons_are_the_default(client: Client) -> None:
    plain = client.assess(example())
    assert plain.content == client.assess(example() | {"options": {"explain": "reasons"}}).content
    assert "rules" not in plain.json()
    assert all(result.keys() >= REASONS for result in plain.json()["results"])


def test_explain_full_adds_every_rule_evaluated(client: Client) -> None:
    answer = client.assessed(example() | {"options": {"explain": "full"}})
    rules = {entry["rule"] for entry in answer["rules"]}
    assert {"dibao.income_test", "dibao.income", "dibao.size"} <= rules
    assert {t["rule"] for result in answer["results"] for t in result["tests"]} <= rules


def test_explaining_more_changes_no_status_and_no_amount(client: Client) -> None:
    answers = [
        client.assessed(example() | {"options": {"explain": explain}}) for explain in ("none", "reasons", "full")
    ]
    decided = [
        [(r["programme"], r["person"], r["status"], r["amount"]) for r in answer["results"]] for answer in answers
    ]
    assert decided[0] == decided[1] == decided[2]


# places


@pytest.mark.parametrize("code", ["9999", "999900", "999901", "999900001", "999900001002"])
def test_a_place_below_answers_with_the_rules_of_the_place_above(client: Client, code: str) -> None:
    answer = client.assessed(example() | {"jurisdiction": code})
    assert answer["results"] == client.assessed(example())["results"]
    assert answer["jurisdiction"]["fictional"] is True


@pytest.mark.parametrize("code", ["500154001", "500154001002"])
def test_a_township_or_village_answers_with_the_rules_of_its_district(client: Client, code: str) -> None:
    day = {"/date": "2020-06-15", "/jurisdiction": "500154"}
    district = client.assessed(changed(example(), day))
    answer = client.assessed(changed(example(), day | {"/jurisdiction": code}))
    assert answer["ruleset"] == district["ruleset"]
    assert answer["results"] == district["results"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_model_city_is_always_fictional(client: Client, language: str) -> None:
    jurisdiction = client.assessed(example(), language=language)["jurisdiction"]
    assert (jurisdiction["fictional"], jurisdiction["path"]) == (True, ["CN", "999900"])


def test_a_real_place_is_not_fictional(client: Client) -> None:
    answer = client.assessed(changed(example(), {"/jurisdiction": "150700"}))
    assert answer["jurisdiction"]["fictional"] is False


# options


def _year_without_standard(carry: bool) -> Json:
    return {
        "jurisdiction": "500154",
        "date": "2021-06-15",
        "known_at": "2026-08-15",
        "household": {
            "residence": "rural",
            "members": [
                {"id": "p1", "relation": "applicant", "birth_date": "1980-01-01", "income": {"business": "96.00"}}
            ],
            "assets": {},
            "spending": {},
        },
        "options": {"carry_forward": carry},
    }


def test_a_date_without_a_standard_is_a_gap_unless_carried(client: Client) -> None:
    dibao = _result(client.assessed(_year_without_standard(False)), "dibao")
    assert (dibao["status"], dibao["gaps"]) == ("refer", ["dibao.standard"])


def test_a_standard_carried_forward_decides_and_is_named(client: Client) -> None:
    dibao = _result(client.assessed(_year_without_standard(True)), "dibao")
    assert (dibao["status"], dibao["amount"]["value"], dibao["gaps"]) == ("eligible", "400.00", [])
    assert ("carried", "dibao.standard") in {(a["kind"], a["id"]) for a in dibao["assumptions"]}


@pytest.mark.parametrize("written", ['"600.50"', '"600.5"', "600.5", "600.50"])
@pytest.mark.parametrize("shape", ["%s", '{"urban": %s}'])
def test_a_supplied_standard_takes_the_place_of_the_published_one(client: Client, written: str, shape: str) -> None:
    text = json.dumps(with_parameters(dibao__standard="@")).replace('"@"', shape % written)
    response = client.post(text.encode())
    assert response.status_code == 200
    dibao = _result(response.json(), "dibao")
    right = next(t["right"]["value"] for t in dibao["tests"] if t["rule"] == "dibao.income_test")
    assert right == "1801.50"
    assert ("supplied", "dibao.standard") in {(a["kind"], a["id"]) for a in dibao["assumptions"]}


def test_a_supplied_standard_of_another_residence_does_not_decide(client: Client) -> None:
    answer = client.assessed(with_parameters(dibao__standard={"rural": "600.00"}))
    assert _result(answer, "dibao") == _result(client.assessed(example()), "dibao")


@pytest.mark.parametrize("written", ['"2"', "2", "2.0", "2.0000"])
def test_a_supplied_multiple_may_be_an_integer_or_a_decimal(client: Client, written: str) -> None:
    body = changed(with_parameters(edge__multiple="@"), {"/household/members/0/income/wage": "30000.00"})
    text = json.dumps(body).replace('"@"', written)  # above the dibao line, where the multiple decides
    response = client.post(text.encode())
    assert response.status_code == 200
    assert "edge.multiple" in _supplied(response.json())


def test_a_supplied_amount_without_levels_is_named(client: Client) -> None:
    answer = client.assessed(with_parameters(disability__living="80.00"))
    assert _result(answer, "disability_living_subsidy", "p2")["amount"]["value"] == "80.00"
    assert "disability.living" in _supplied(answer)


@pytest.mark.parametrize("key", ["2", "level_2"])
def test_a_supplied_amount_by_level_decides(client: Client, key: str) -> None:
    answer = client.assessed(with_parameters(disability__care={key: "80.00"}))
    assert _result(answer, "disability_care_subsidy", "p2")["amount"]["value"] == "80.00"


def test_a_supplied_amount_by_level_is_named(client: Client) -> None:
    assert "disability.care" in _supplied(client.assessed(with_parameters(disability__care={"2": "80.00"})))


# absent and null

NULLABLE: Final = [
    *(f"/{name}" for name in ("programmes", "options")),
    *(f"/household/{name}" for name in ("assets", "spending", "obligors", "receiving", "crisis")),
    *(f"/household/members/1/{name}" for name, field in Member.model_fields.items() if not field.is_required()),
    *(f"/options/{name}" for name in ("carry_forward", "accept_reported", "explain", "parameters")),
]


@pytest.mark.parametrize("pointer", NULLABLE)
def test_null_means_the_same_as_absent(client: Client, pointer: str) -> None:
    absent = changed(example(), {pointer: None})
    *path, last = pointer.split("/")[1:]
    target: Any = absent
    for part in path:
        target = target[int(part)] if isinstance(target, list) else target[part]
    del target[last]
    assert client.assess(absent).content == client.assess(changed(example(), {pointer: None})).content


def test_a_null_income_period_means_the_same_as_absent(client: Client) -> None:
    null = client.assess(changed(example(), {"/household/members/0/income_periods": {"wage": None}}))
    assert null.content == client.assess(example()).content


@pytest.mark.parametrize("kind", ["taxes", "social_contributions", "support_paid"])
def test_null_outgoings_mean_the_same_as_absent(client: Client, kind: str) -> None:
    null = client.assess(changed(example(), {"/household/members/0/outgoings": {kind: None}}))
    assert null.content == client.assess(example()).content


def test_an_income_of_unknown_amount_is_missing_and_not_zero(client: Client) -> None:
    dibao = _result(client.assessed(changed(example(), {"/household/members/0/income/wage": None})), "dibao")
    assert dibao["status"] == "undetermined"
    assert "/household/members/0/income/wage" in dibao["missing"]


# every case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_answer_to_a_case_has_the_documented_shape(client: Client, case: Path) -> None:
    for language in LANGUAGES:
        for explain in ("none", "reasons", "full"):
            body = copy.deepcopy(_request(case))
            body["options"] = (body.get("options") or {}) | {"explain": explain}
            answer = client.assessed(body, language=language)
            Assessment.model_validate(answer)
            assert answer["jurisdiction"]["fictional"] is (answer["jurisdiction"]["code"].startswith("9999"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_range_of_a_case_has_a_value_exactly_when_it_is_settled(client: Client, case: Path) -> None:
    for where, value in places(client.assessed(_request(case))):
        if isinstance(value, dict) and {"value", "min", "max"} <= value.keys():
            settled = value["min"] == value["max"]
            assert (value["value"] == value["min"]) if settled else value["value"] is None, where


# choices and changes


@pytest.mark.parametrize("language", LANGUAGES)
def test_choices_and_changes_are_as_their_models_say(client: Client, language: str) -> None:
    child = {"id": "p1", "relation": "applicant", "birth_date": "2014-03-02", "income": {}, "self_care_failed": 0}
    lost = {"father": {"state": "deceased"}, "mother": {"state": "unknown"}}
    old = {"id": "p2", "relation": "other", "birth_date": "1966-12-01", "income": {}, "maintenance_duty": False}
    home = {
        "residence": "urban",
        "members": [child | {"parents": lost}, old],
        "assets": {},
        "spending": {},
        "obligors": [],
    }
    request = {
        "jurisdiction": "999900",
        "date": "2026-08-15",
        "household": home,
        "options": {"choices": True, "changes": True},
    }
    answer = client.assessed(request, language=language)
    found = Assessment.model_validate(answer)
    assert {choice.picked[0].pick for choice in found.choices or ()} == {"orphan_subsidy", "extreme_poverty_support"}
    assert ("/date", "p2", "2026-12-01") in {(one.pointer, one.person, one.to) for one in found.changes or ()}
