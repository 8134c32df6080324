"""The registers: grounded in law, speaking on facts there are, and found by the facts they bear on."""

from __future__ import annotations

import datetime as dt

import pytest

from app.rules.language.vocabulary import FACTS
from app.rules.packs.library import NATION
from app.verification.registers.sources import facts_of, pointers_of, shipped, sources_for
from tests.support.rules import rules


def test_there_are_twelve_registers_and_each_says_something_in_both_languages() -> None:
    assert list(shipped().sources) == [
        "household",
        "tax",
        "social_insurance",
        "property",
        "vehicles",
        "provident_fund",
        "banks",
        "securities",
        "insurance",
        "business",
        "marriage",
        "deaths",
    ]
    titles = [source.title for source in shipped().sources.values()] + [fact.title for fact in shipped().facts.values()]
    assert all(text for title in titles for text in title.values())


def test_every_basis_is_a_document_of_the_national_pack_and_one_of_its_articles() -> None:
    documents = rules().library.packs[NATION].content.documents
    for source in shipped().sources.values():
        assert source.basis
        for document, article in source.basis:
            assert documents[document].has(article), (document, article)


@pytest.mark.parametrize("day", [dt.date(2014, 5, 1), dt.date(2022, 1, 1), dt.date(2026, 7, 1)])
def test_the_registers_of_income_and_assets_may_be_asked_in_every_generation_of_the_law(day: dt.date) -> None:
    documents = rules().library.packs[NATION].content.documents
    for id_ in (
        "household",
        "tax",
        "social_insurance",
        "property",
        "vehicles",
        "provident_fund",
        "banks",
        "securities",
    ):
        assert any(documents[document].in_force(day) for document, _ in shipped().sources[id_].basis), id_


def test_facts_bear_on_facts_of_a_household_that_there_are() -> None:
    known = {path.replace(".", "/") for entity in FACTS.values() for path in entity}
    for fact in shipped().facts.values():
        for pattern in fact.bears_on:
            own = pattern.removeprefix("/household/").replace("members/*/", "").replace("obligors/*/", "")
            named = own in known or own.startswith(("income/", "outgoings/", "assets/"))
            assert named or own in ("members/*", "obligors/*", "spouse_of", "residence", "birth_date", "monthly_income")


def test_a_fact_finds_the_registers_that_can_speak_on_it() -> None:
    assert list(sources_for(["/household/members/1/income/wage"])) == ["tax"]
    assert list(sources_for(["/household/assets/financial"])) == ["banks", "securities", "insurance"]
    assert list(sources_for(["/household/obligors/0/monthly_income"])) == [
        "tax",
        "social_insurance",
        "banks",
        "securities",
    ]


def test_a_pointer_above_asks_about_everything_below_it() -> None:
    income = sources_for(["/household/members/0/income"])
    assert set(income) == {"tax", "social_insurance", "banks", "securities", "business"}
    assert "deaths" in sources_for(["/household/members/0"])
    assert "deaths" not in income


def test_each_register_is_named_with_the_pointers_it_bears_on() -> None:
    asked = ["/household/assets/vehicles", "/household/residence", "/household/assets"]
    found = sources_for(asked)
    assert found["vehicles"] == ("/household/assets/vehicles", "/household/assets")
    assert found["household"] == ("/household/residence",)


@pytest.mark.parametrize("pointer", ["/household/members/0/serious_illness", "/household/spending", "/nothing", ""])
def test_no_register_speaks_on_what_only_an_officer_or_a_receipt_can_show(pointer: str) -> None:
    assert sources_for([pointer] if pointer else []) == {}


def test_a_finding_bears_on_the_facts_of_its_own_person() -> None:
    assert pointers_of("wage", "members/2") == ("/household/members/2/income/wage",)
    assert pointers_of("wage", "obligors/0") == ("/household/obligors/0/monthly_income",)
    assert pointers_of("vehicles", "members/2") == ("/household/assets/vehicles",)


def test_what_an_obligor_owns_is_not_the_households() -> None:
    assert pointers_of("vehicles", "obligors/1") == ("/household/obligors/1/assets_within_limit",)


def test_the_facts_of_a_register() -> None:
    assert facts_of("marriage") == ("married",)
    with pytest.raises(KeyError):
        facts_of("horoscope")
