"""Referrals: what other departments owe to the holder of a status, with articles of the day."""

import datetime as dt
import random
from typing import Any, Final

import pytest

from app.rules.explain.codes import answer_codes
from app.rules.packs.library import Library
from app.rules.packs.pack import Pack, load_packs
from app.rules.service import Rules
from app.rules.values.strict_json import Json
from tests.support.oracle.households import random_request
from tests.support.rules import NOW, ask, by_key, cases, rules

PUPIL: Final = {"id": "p2", "relation": "child", "birth_date": "2016-05-05", "income": {}, "education": "primary"}


def family(date: str, place: str = "999900", **changed: Any) -> Json:
    adult = {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02", "income": {}} | changed
    nothing = {"financial": "0.00", "vehicles": 0, "dwellings": 1, "company_interest": False}
    spent = dict.fromkeys(("medical", "education", "disability_rehab", "living", "other"), "0.00")
    home = {"residence": "urban", "members": [adult, PUPIL], "assets": nothing, "spending": spent, "obligors": []}
    parameters = {"dibao.standard": "600.00", "dibao.amount_mode": True} if place != "999900" else {}
    options = {"options": {"parameters": parameters}} if parameters else {}
    return {"jurisdiction": place, "date": date, "household": home} | options


def referred(request: Json, programme: str, person: str | None = None) -> dict[str, list[str]]:
    """The articles of each referral of a result."""
    found = by_key(ask(request))[programme, person]["referrals"]
    return {one["id"]: [f"{b['document']} {b['article']}" for b in one["basis"]] for one in found}


def test_a_family_on_dibao_is_referred_by_the_law_of_each_generation() -> None:
    law = referred(family("2026-08-15"), "dibao")
    assert law["medical.costs"] == ["社会救助法 24", "国办发〔2023〕39号 四（二）1"]
    assert law["education.support"] == ["社会救助法 25", "社会救助法 38", "中办发〔2020〕18号 二（三）9"]
    assert law["housing.support"] == ["社会救助法 26"]
    assert law["employment.support"] == ["社会救助法 27"]
    assert {"heating.support", "legal_aid.support", "funeral.fees"} <= law.keys()
    assert referred(family("2016-08-15", "610900"), "dibao") == {
        "medical.insurance": ["社会救助暂行办法 28", "社会救助暂行办法 29"],
        "medical.costs": ["社会救助暂行办法 28", "社会救助暂行办法 29"],
        "education.support": ["社会救助暂行办法 33", "社会救助暂行办法 36"],
        "housing.support": ["社会救助暂行办法 37", "社会救助暂行办法 38"],
        "employment.support": ["社会救助暂行办法 42", "社会救助暂行办法 44"],
    }


@pytest.mark.parametrize(
    ("changed", "gone"),
    [
        ({"employed": True, "income": {"wage": "100.00"}}, "employment.support"),
        ({"disability": {"kind": "physical", "level": 1}}, "employment.support"),
        ({"birth_date": "1950-01-01", "income": {}}, "employment.support"),
    ],
)
def test_nobody_is_sent_to_look_for_work_who_has_it_or_cannot(changed: Json, gone: str) -> None:
    assert gone not in referred(family("2026-08-15", **changed), "dibao")
    assert gone in referred(family("2026-08-15"), "dibao")


def test_a_family_without_pupils_is_not_sent_to_school() -> None:
    request = family("2026-08-15")
    request["household"]["members"][1] = PUPIL | {"education": None}
    assert "education.support" not in referred(request, "dibao")
    request["household"]["members"][1] |= {"disability": {"kind": "intellectual", "level": 3}}
    assert "education.support" in referred(request, "dibao")


def test_a_place_adds_its_own() -> None:
    assert referred(family("2020-06-01", "500154"), "dibao")["employment.free_services"] == [
        "重庆市城乡居民最低生活保障条例 23",
        "重庆市城乡居民最低生活保障条例 24",
    ]
    assert "employment.free_services" not in referred(family("2020-06-01", "610900"), "dibao")


def test_what_is_not_known_yet_is_not_said() -> None:
    request = family("2026-08-15") | {"known_at": "2026-04-29T12:00:00+08:00"}
    articles = [one for basis in referred(request, "dibao").values() for one in basis]
    assert not any(one.startswith("社会救助法") for one in articles)


def _sound(request: Json) -> int:
    """Checks every referral of an answer; returns how many there were."""
    answer, library = ask(request), rules().library
    on = dt.date.fromisoformat(answer["date"])
    documents = {
        name: one
        for code in answer["jurisdiction"]["path"]
        for name, one in library.packs[code].content.documents.items()
    }
    count = 0
    for result in answer["results"]:
        assert not result["referrals"] or result["status"] == "eligible"
        for one in result["referrals"]:
            count += 1
            assert one["basis"], (one["id"], result["programme"], on)
            assert all(documents[b["document"]].in_force(on) for b in one["basis"])
            assert all(documents[b["document"]].has(b["article"]) for b in one["basis"])
    return count


def test_every_referral_cites_articles_in_force_on_the_day() -> None:
    assert sum(_sound(random_request(random.Random(seed))) for seed in range(400)) > 100
    assert sum(_sound(case["request"]) for case in cases()) > 100


def test_a_record_of_rules_without_referrals_is_what_it_was() -> None:
    """An older pack declares none: neither its ruleset nor what is recorded names them."""
    packs = load_packs()
    texts = {name: text for name, text in packs["CN"].texts.items() if name != "CN/referrals.yaml"}
    chongqing = {name: text.split("\nreferrals:")[0] + "\n" for name, text in packs["500000"].texts.items()}
    older = Rules(Library(packs | {"CN": Pack.of_texts("CN", texts), "500000": Pack.of_texts("500000", chongqing)}))
    question = older.question(family("2026-08-15"), NOW)
    assert "referrals" not in older.engine(question).ruleset.content
    codes = answer_codes(older.answer(question, "zh"))
    assert all("referrals" not in result for result in codes["results"])
    now = answer_codes(ask(family("2026-08-15")))
    (dibao,) = [result for result in now["results"] if result["programme"] == "dibao"]
    assert dibao.pop("referrals")[0] == "medical.insurance"
    assert codes["results"] == [
        {name: value for name, value in result.items() if name != "referrals"} for result in now["results"]
    ]
