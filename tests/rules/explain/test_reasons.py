"""The reason of a result: the test that decided, said as a family would say it, with figures that are the reason."""

import random
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import pytest

from app.rules.messages import Language
from app.rules.packs.schema import RuleDeclaration
from app.rules.values.strict_json import Json
from tests.support.oracle.households import random_request
from tests.support.rules import ask, by_key, rules

LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
DAYS: Final = ("2018-06-15", "2021-12-03", "2025-03-01", "2026-08-15")
LIMITS: Final = {"financial_months": 24, "vehicles": 0, "dwellings": 2, "company_interest": False}
NOTICE: Final = {
    **{f"{of}.property.{name}": limit for of in ("dibao", "edge", "extreme_poverty") for name, limit in LIMITS.items()},
    "dibao.standard": {"urban": "580", "rural": "580"},
    "disposable_income": {"urban": "3000", "rural": "1500"},
    "edge.multiple": "1.5",
    "extreme_poverty.basic": {"urban": "754", "rural": "754"},
    "orphan.dispersed": "1200",
    "dibao.counts_orphans": True,
    "dibao.counts.basic_pension": False,
}


def _random(first: int, count: int, *, complete: bool = True) -> Iterator[Json]:
    for seed in range(first, first + count):
        yield random_request(random.Random(seed), complete=complete)


def _elderly(day: str, **changed: Any) -> Json:
    """Somebody who is on extreme-poverty support: nobody is left to be counted."""
    member = {"id": "e", "relation": "applicant", "birth_date": "1948-01-01", "income": {}, "self_care_failed": 4}
    household = {"residence": "rural", "members": [member], "assets": {}, "spending": {}, "obligors": []}
    crisis = {"kind": "expenditure", "severity": "moderate"}
    return {
        "jurisdiction": "610900",
        "date": day,
        "household": household | {"crisis": crisis},
        "options": {"parameters": NOTICE},
    } | changed


# which test


@pytest.mark.parametrize("day", DAYS)
def test_where_nobody_is_counted_that_is_the_reason_of_every_programme_for_a_household(day: str) -> None:
    results = by_key(ask(_elderly(day), "en"))
    assert results["extreme_poverty_support", "e"]["status"] == "eligible"
    of_households = {key: result for key, result in results.items() if key[1] is None}
    assert {"dibao", "temporary_assistance"} <= {programme for programme, _ in of_households}
    for (programme, _), result in of_households.items():
        assert result["status"] == "ineligible", programme
        assert result["summary"][1].startswith("Nobody in the household is counted"), programme
        assert not re.search(r"\d", result["summary"][1]), programme
        assert [test["rule"].endswith(".somebody_counted") for test in result["tests"]] == [True], programme


@pytest.mark.parametrize("complete", [True, False])
def test_a_refusal_names_a_test_that_fails_and_its_two_figures_are_the_reason(complete: bool) -> None:
    seen = 0
    for request in _random(0, 300, complete=complete):
        answer = ask(request, "en")
        for result in answer["results"]:
            if result["status"] != "ineligible":
                continue
            named = [test for test in result["tests"] if result["summary"][1].startswith(test["said"])]
            assert named or {test["holds"] for test in result["tests"]} == {None}, result["summary"]
            for test in named[:1]:
                seen += 1
                assert test["holds"] is False
                if answer["household"]["counted"] == answer["household"]["open"] == [] and result["person"] is None:
                    assert not re.search(r"\d", result["summary"][1])
                if test["left"] is None or test["left"]["value"] is None or test["right"]["value"] is None:
                    continue
                left, right = Fraction(test["left"]["value"]), Fraction(test["right"]["value"])
                assert {"<": left >= right, "<=": left >= right, ">": left <= right, ">=": left <= right}[
                    test["relation"]
                ]
    assert seen > 300


def test_the_margin_is_that_of_the_reason() -> None:
    request = _elderly("2021-12-03")
    assert by_key(ask(request))["edge_family", None]["margin"] is None
    for request in _random(0, 60):
        for result in ask(request)["results"]:
            if result["status"] == "ineligible" and result["margin"] is not None:
                assert result["tests"][0]["left"] is not None


def test_what_somebody_has_already_is_said_before_what_else_fails() -> None:
    """A rich orphan: the subsidy for orphans takes the place of extreme-poverty support, whatever the savings."""
    parents = {"father": {"state": "deceased"}, "mother": {"state": "deceased"}}
    child = {"id": "c", "relation": "applicant", "birth_date": "2015-05-01", "income": {"pension": "9000"}}
    household = {"residence": "urban", "members": [child | {"parents": parents}], "assets": {"vehicles": 3}}
    results = by_key(ask({"jurisdiction": "999900", "date": "2026-08-15", "household": household}, "en"))
    assert results["extreme_poverty_support", "c"]["summary"][1] == (
        "Already on an orphan or unattended-child subsidy, which takes the place of this support."
    )


# how it is said


def _tested() -> dict[str, RuleDeclaration]:
    """Every test of every programme, of the nation and of places."""
    library = rules().library
    versions = (
        linked.version for by in library.programme_versions.values() for items in by.values() for linked in items
    )
    return {test: library.rules[test] for version in versions for test in version.tests}


@pytest.mark.parametrize("rule", _tested())
def test_every_test_says_its_failure_without_two_negations(rule: str) -> None:
    unmet = _tested()[rule].unmet
    assert unmet is not None
    for clause in re.split("[，,、]", unmet["zh"]):
        assert len(re.findall("不|没有|未|无|非", clause)) <= 1, clause
    for clause in unmet["en"].lower().split(","):
        assert len(re.findall(r"\b(?:not|no|nobody|neither|never|without)\b", clause)) <= 1, clause


def test_edge_status_of_a_family_on_dibao_is_not_needed() -> None:
    request = _elderly("2021-12-03")
    request["household"]["members"][0] |= {"birth_date": "1980-01-01"}
    for language, said in zip(
        LANGUAGES,
        ("已符合低保条件，不需要再作这一认定。", "Already entitled to dibao, so this status is not needed."),
        strict=True,
    ):
        assert by_key(ask(request, language))["edge_family", None]["summary"][1] == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_refusal_read_aloud_has_an_unmet_negation(language: Language) -> None:
    for request in _random(400, 150):
        for result in ask(request, language)["results"]:
            for sentence in result["summary"]:
                assert not re.search("未满足|[Nn]ot met: (?:Not|No)", sentence), sentence


# figures a head


@pytest.mark.parametrize("rule", _tested())
def test_what_is_called_per_head_is_said_per_head(rule: str) -> None:
    declared = _tested()[rule]
    sides = re.search("[<>]", "".join(linked.formula for linked in rules().library.rule_versions["CN"][rule]))
    assert (declared.per_head is not None) is ("人均" in declared.title["zh"] and sides is not None)


def test_figures_a_head_are_the_totals_divided_by_the_people_counted() -> None:
    seen = 0
    for request in _random(0, 150):
        answer = ask(request, "en")
        for result in answer["results"]:
            for test in result["tests"]:
                heads = test["per_head"]
                if heads is None or test["left"]["value"] is None:
                    continue
                for side in ("left", "right"):
                    total, one = Fraction(test[side]["value"]), Fraction(heads[side]["value"])
                    assert one * heads["persons"] <= total + Fraction(heads["persons"], 100)
                    assert total < (one + Fraction(1, 100)) * heads["persons"]
                if test["rule"] == "edge.income_test":
                    seen += 1
                    assert heads["persons"] == len(answer["household"]["counted"])
                    assert heads["left"]["value"] == answer["household"]["income_per_capita"]["value"]
    assert seen > 50


# figures that an officer supplied


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_last_sentence_names_the_standard(language: Language) -> None:
    request = _elderly("2021-12-03")
    request["household"]["members"][0] |= {"birth_date": "1980-01-01"}
    dibao = by_key(ask(request, language))["dibao", None]
    assert dibao["summary"][-1].startswith({"zh": "低保标准（每人每月）580.00元", "en": "Dibao standard"}[language])
    supplied = [note["id"] for note in dibao["assumptions"] if note["kind"] == "supplied"]
    assert supplied[0] == "dibao.standard"
    assert [id_ for id_ in supplied if not id_.startswith("dibao.")] == []


def test_a_refusal_lists_no_figure_of_a_test_that_did_not_carry_it() -> None:
    request = _elderly("2021-12-03")
    request["household"]["members"][0] |= {"birth_date": "1980-01-01"}
    request["household"]["assets"] = {"vehicles": 1}
    dibao = by_key(ask(request))["dibao", None]
    assert [(note["kind"], note["id"]) for note in dibao["assumptions"]] == [("supplied", "dibao.property.vehicles")]


def test_without_the_figures_that_are_not_listed_a_result_is_the_same() -> None:
    """Takes every supplied figure away that a result does not list: status and amount stay."""
    tried = 0
    for request in _random(0, 60):
        request |= {"jurisdiction": "610900", "options": {"parameters": NOTICE}}
        for key, result in by_key(ask(request)).items():
            listed = {note["id"] for note in result["assumptions"] if note["kind"] == "supplied"}
            if listed == NOTICE.keys():
                continue
            fewer = {id_: value for id_, value in NOTICE.items() if id_ in listed}
            other = by_key(ask(request, parameters=fewer))[key]
            tried += 1
            assert (other["status"], other["amount"]) == (result["status"], result["amount"]), (key, listed)
    assert tried > 200


# articles of the ground that held


def _articles(result: Json) -> set[str]:
    return {cited["document"] for test in result["tests"] for cited in test["basis"]}


@pytest.mark.parametrize(
    ("day", "inside"), [("2023-03-10", {"民发〔2021〕57号"}), ("2026-08-15", {"社会救助法"})], ids=["2021", "2026"]
)
def test_single_person_dibao_cites_the_articles_of_this_persons_ground(day: str, inside: set[str]) -> None:
    """A severely disabled adult: in an edge family by one article, outside dibao and edge families by another."""
    disabled: Json = {"id": "s", "relation": "applicant", "birth_date": "1990-01-01", "income": {}}
    disabled |= {"disability": {"kind": "physical", "level": 1}, "dependent_adult": True}
    for pension, documents in (("2200", inside), ("9000", {"民发〔2022〕83号"})):
        parent = {"id": "f", "relation": "parent", "birth_date": "1970-01-01", "income": {"pension": pension}}
        household = {"residence": "urban", "members": [disabled, parent], "assets": {}, "spending": {}, "obligors": []}
        result = by_key(ask({"jurisdiction": "999900", "date": day, "household": household}))[
            "single_person_dibao", "s"
        ]
        assert _articles(result) == documents, (pension, result["status"])


def test_an_unattended_child_is_told_of_the_notice_on_revoked_guardianship_only_if_that_is_the_ground() -> None:
    for state, also in (("severely_disabled", set[str]()), ("guardianship_revoked", {"民发〔2020〕125号"})):
        parents: Json = {"father": {"state": "deceased"}, "mother": {"state": state}}
        child: Json = {"id": "c", "relation": "applicant", "birth_date": "2015-05-01", "income": {}, "parents": parents}
        household = {"residence": "urban", "members": [child]}
        answer = ask({"jurisdiction": "999900", "date": "2025-03-01", "household": household})
        result = by_key(answer)["unattended_child_subsidy", "c"]
        assert (result["status"], _articles(result)) == ("eligible", {"民发〔2019〕62号"} | also)


def test_no_result_cites_the_articles_of_another_ground() -> None:
    """Over random households: single-person dibao cites the notice of 2022 for those alone who are outside edge families."""
    seen = set()
    for request in _random(0, 400):
        results = by_key(ask(request))
        edge = results.get(("edge_family", None), {"status": None})["status"]
        settled = results["dibao", None]["status"] in ("eligible", "ineligible")
        for (programme, _), result in results.items():
            if programme == "single_person_dibao" and settled and edge in ("eligible", "ineligible"):
                seen.add(edge)
                assert ("民发〔2022〕83号" in _articles(result)) is (edge == "ineligible")
    assert seen == {"eligible", "ineligible"}
