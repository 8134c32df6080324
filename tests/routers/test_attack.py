"""Whatever is sent, the service answers: never a failure of its own, never a repeated value, never out of time."""

import json
import time
from typing import Any, Final
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.rules.values.strict_json import Json
from tests.support.client import (
    ID_NUMBER,
    NAME,
    Client,
    assert_problem,
    assert_silent,
    changed,
    complete,
    example,
    faults,
    places,
)

SECONDS: Final = 10  # of the processor, within which any household must be answered, however busy the machine is
BODY: Final = complete()
POINTERS: Final = [where for where, _ in places(BODY) if where]
THOROUGH: Final = settings(max_examples=50, deadline=None, database=None, suppress_health_check=list(HealthCheck))

HOSTILE: Final = [
    "'; DROP TABLE decisions; --",
    "' OR '1'='1",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "%s%s%s%n",
    "{0.__class__.__mro__}",
    "{{7*7}}",
    "${jndi:ldap://example.invalid/a}",
    "<script>alert(1)</script>",
    "$(id)",
    "`id`",
    "\u0000",
    "\r\nSet-Cookie: a=b",
    "\u202e\u2066",
    "\ufeff",
    "a" * 100_000,
    "字" * 10_000,
    "💥" * 1000,
    "__proto__",
    "__class__",
    "null",
    "NaN",
    NAME,
]

texts: Final = st.sampled_from(
    [NAME, ID_NUMBER, "", "p1", "applicant", "2026-08-15", "-1", "1e3", *HOSTILE[:15]]
) | st.text(max_size=20)
numbers: Final = (
    st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([0, -0.0, 1e308])
)
scalars: Final = st.none() | st.booleans() | numbers | texts
keys: Final = texts | st.sampled_from(sorted({where.rpartition("/")[2] for where in POINTERS}))
values: Final = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5), max_leaves=15
)


def _answered(response: httpx.Response) -> None:
    """An answer, or a problem that repeats nothing. Ids come back in an answer, and only ids."""
    assert response.status_code in {200, 400, 404, 413, 422}, response.text
    if response.status_code == 200:
        assert NAME not in response.text
    else:
        assert_silent(response)
        assert response.headers["content-type"] == "application/problem+json"


# anything


@THOROUGH
@given(values)
def test_any_json_is_answered(client: Client, value: Any) -> None:
    _answered(client.assess(value))


@THOROUGH
@given(values)
def test_any_household_is_answered(client: Client, value: Any) -> None:
    _answered(client.assess(example() | {"household": value}))


@THOROUGH
@given(st.lists(values, max_size=4))
def test_any_members_are_answered(client: Client, members: list[Any]) -> None:
    _answered(client.assess(changed(example(), {"/household/members": members})))


@THOROUGH
@given(
    st.dictionaries(st.sampled_from(["dibao.standard", "edge.multiple", "disability.care"]) | keys, values, max_size=4)
)
def test_any_supplied_figures_are_answered(client: Client, parameters: Json) -> None:
    _answered(client.assess(example() | {"options": {"parameters": parameters}}))


@THOROUGH
@given(st.binary(max_size=200))
def test_any_bytes_are_answered(client: Client, body: bytes) -> None:
    _answered(client.post(body))


@THOROUGH
@given(st.data())
def test_a_request_cut_or_overwritten_anywhere_is_answered(client: Client, data: st.DataObject) -> None:
    body = bytearray(json.dumps(BODY, ensure_ascii=False).encode())
    place = data.draw(st.integers(0, len(body) - 1))
    body[place : place + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))
    _answered(client.post(bytes(body)))


# valid requests with mutations


@st.composite
def mutated(draw: st.DrawFn) -> Json:
    """The complete request with one to four of its values replaced, doubled, moved or taken away."""
    body = changed(BODY, {})
    for _ in range(draw(st.integers(1, 4))):
        found = [(where, value) for where, value in places(body) if where]
        where, value = draw(st.sampled_from(found))
        *path, last = (part.replace("~1", "/").replace("~0", "~") for part in where.split("/")[1:])
        target: Any = body
        for part in path:
            target = target[int(part)] if isinstance(target, list) else target[part]
        key: Any = int(last) if isinstance(target, list) else last
        match draw(st.sampled_from(["replace", "remove", "other", "extra"])):
            case "replace":
                target[key] = draw(values)
            case "remove":
                del target[key]
            case "other":
                target[key] = json.loads(json.dumps(draw(st.sampled_from([other for _, other in found]))))
            case _:
                if isinstance(target, list):
                    target.append(json.loads(json.dumps(value)))
                else:
                    target[draw(keys)] = draw(scalars)
        if not body:
            break
    return body


@settings(THOROUGH, max_examples=150)
@given(mutated())
def test_a_mutated_request_is_answered(client: Client, body: Json) -> None:
    _answered(client.assess(body))


@THOROUGH
@given(
    st.sampled_from(["2014-05-01", "2016-05-01", "2018-01-23", "2020-06-15", "2021-07-01", "2026-06-30", "2026-07-01"]),
    st.sampled_from(["999900", "500154", "500000", "150700", "430500", "442000", "610900"]),
    st.lists(st.sampled_from(sorted(set(POINTERS) - {"/jurisdiction", "/date", "/household"})), max_size=6),
)
def test_a_request_with_facts_unknown_is_answered_anywhere_on_any_day(
    client: Client, day: str, place: str, forgotten: list[str]
) -> None:
    body = changed(
        BODY, {"/household/members/2/birth_date": "2013-05-05", "/household/members/0/absent_since": "2014-01-01"}
    )
    body["household"]["crisis"]["occurred_on"] = "2014-01-01"
    for parent in ("father", "mother"):
        body["household"]["members"][2]["parents"][parent]["since"] = "2014-01-01"
    for where in forgotten:
        *path, last = where.split("/")[1:]
        target: Any = body
        for part in path:
            target = None if target is None else target[int(part)] if isinstance(target, list) else target[part]
        if target is not None:
            target[int(last) if isinstance(target, list) else last] = None
    _answered(client.assess(body | {"date": day, "jurisdiction": place}))


# addresses


@THOROUGH
@given(
    st.sampled_from(["/v1/jurisdictions/", "/v1/rules/", "/v1/rulesets/", "/v1/"]),
    st.text(max_size=40),
    st.dictionaries(texts, texts),
)
def test_any_address_and_query_is_answered(client: Client, path: str, rest: str, query: dict[str, str]) -> None:
    response = client.get(f"{path}{quote(rest, safe='/')}?{urlencode(query)}")
    assert response.status_code in {200, 307, 404, 405, 422}


# hostile words


@pytest.mark.parametrize("word", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize(
    "where",
    [
        *("/household/members/0/id", "/household/members/0/spouse_of", "/household/members/2/child_of/0"),
        *("/household/obligors/0/id", "/household/obligors/0/of/0", "/household/receiving/0/person"),
    ],
)
def test_a_hostile_id_is_a_fault_and_comes_back_nowhere(client: Client, where: str, word: str) -> None:
    response = client.assess(changed(BODY, {where: word}))
    if word in {"__class__", "__proto__", "null", "NaN"}:  # words like any other
        assert response.status_code in {200, 422}
        return
    assert where in {pointer for pointer, _ in faults(response)}
    assert word not in response.json()["detail"]
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize("word", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_relation_of_an_obligor_comes_back_nowhere(client: Client, word: str) -> None:
    response = client.assess(changed(BODY, {"/household/obligors/0/relation": word}))
    assert response.status_code in {200, 422}
    assert json.dumps(word, ensure_ascii=False)[1:-1] not in response.text or word in {"null", "NaN"}


@pytest.mark.parametrize("word", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_key_is_not_in_the_pointer(client: Client, word: str) -> None:
    found = faults(client.assess(changed(BODY, {"/household": BODY["household"] | {word: 1}})))
    allowed = {"/household"} if word != "null" else {"/household/null"}
    assert {pointer for pointer, _ in found} == allowed


def test_an_id_of_the_longest_allowed_form_is_answered(client: Client) -> None:
    body = example()
    body["household"]["members"][0]["id"] = "a" * 64
    assert client.assessed(body)["household"]["counted"][0] == "a" * 64


# time


def _crowd(relations: list[str], **facts: Any) -> Json:
    """Thirty members of whom nothing is known but when they were born."""
    births = ("1940-01-01", "2012-01-01", "1990-01-01", "2004-01-01")
    others = [
        {"id": f"m{i}", "relation": relations[i % len(relations)], "birth_date": births[i % 4]} | facts
        for i in range(29)
    ]
    applicant = {"id": "a", "relation": "applicant", "birth_date": "1980-01-01"} | facts
    return {"residence": "rural", "members": [applicant, *others]}


CLAIM: Final = {"father": {"state": "imprisoned"}, "mother": {"state": "out_of_contact"}}
CROWDS: Final = {
    "strangers": _crowd(["other"]),
    "children": _crowd(["child"]),
    "everybody": _crowd(
        ["other", "child", "sibling", "grandchild", "parent", "grandparent", "child_in_law", "parent_in_law"]
    ),
    "disabled": _crowd(["other", "child", "sibling", "parent"], disability={"kind": "multiple", "level": 2}),
    "clergy": _crowd(["child", "sibling", "parent"], absence="clergy"),
    "claims": _crowd(["child", "grandchild", "sibling"], parents=CLAIM),
    "all": _crowd(
        ["child", "grandchild", "sibling"], parents=CLAIM, absence="clergy", disability={"kind": "multiple", "level": 2}
    ),
}


PLACES_AND_DAYS: Final = {"999900": "2026-08-15", "500154": "2020-06-15", "610900": "2022-06-15"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("crowd", "place", "explain"),
    [
        *((crowd, "999900", "reasons") for crowd in CROWDS),
        *(("all", place, "full") for place in PLACES_AND_DAYS),
        ("disabled", "610900", "none"),
    ],
)
def test_thirty_members_of_whom_nothing_is_known_are_answered_in_time(
    client: Client, crowd: str, place: str, explain: str
) -> None:
    day = PLACES_AND_DAYS[place]
    household = CROWDS[crowd] | {"crisis": {"kind": "emergency", "severity": "grave"}}
    began = time.process_time()
    client.assessed({"jurisdiction": place, "date": day, "household": household, "options": {"explain": explain}})
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize("of", ["0" * 5000, "1" * 4301, "1e5000", "1" + "0" * 1000 + ".5"])
def test_a_number_of_very_many_digits_is_refused_in_time(client: Client, of: str) -> None:
    text = json.dumps(changed(example(), {"/household/spending/medical": "@"})).replace('"@"', of)
    began = time.process_time()
    response = client.post(text.encode())
    assert response.status_code in {400, 422}
    assert time.process_time() - began < SECONDS


def test_very_many_faults_are_listed_in_time(client: Client) -> None:
    body = changed(example(), {"/household/receiving": [{"programme": NAME} for _ in range(40_000)]})
    began = time.process_time()
    response = client.assess(body)
    assert time.process_time() - began < SECONDS
    assert response.status_code in {413, 422}
    assert_silent(response)


def test_very_long_parentage_is_followed_in_time(client: Client) -> None:
    body = example()
    members = [
        {"id": f"m{i}", "relation": "other", "birth_date": "1980-01-01", "child_of": [f"m{i + 1}"]} for i in range(28)
    ]
    members += [{"id": "m28", "relation": "applicant", "birth_date": "1980-01-01", "child_of": ["m0"] * 30_000}]
    body["household"]["members"] = members
    began = time.process_time()
    assert client.assess(body).status_code == 422
    assert time.process_time() - began < SECONDS


def test_a_place_named_by_a_very_long_code_is_refused(client: Client) -> None:
    assert faults(client.assess(example() | {"jurisdiction": "9" * 100_000})) == {("/jurisdiction", "wrong_form")}
    assert_problem(client.get("/v1/jurisdictions/" + "9" * 10_000), 422, "faulty_request")
