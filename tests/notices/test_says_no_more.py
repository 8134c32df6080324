"""No sentence of any notice says a figure, a day, an article or a document that does not stand at its pointers."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import orjson
import pytest

from app.core.canonical_json import digest_of
from app.decisions.schemas import OutcomeKind
from app.decisions.state import DecisionState, Follower
from app.notices import wording
from app.notices.sentences import Notice
from app.rules.engine.outcomes import Status
from app.rules.facts.examples import FAMILY_OF_THREE as EXAMPLE
from app.rules.facts.household import Relation
from app.rules.messages import Language
from app.rules.service import Rules
from app.rules.values.strict_json import Json
from tests.golden.corpus import Corpus, corpora, rules_from
from tests.support.decisions.states import id_of
from tests.support.notices.factories import confirmed, heard, noticed, proposed
from tests.support.notices.unfounded import unfounded
from tests.support.oracle.households import random_request
from tests.support.rules import cases

BOTH = pytest.mark.parametrize("language", ["zh", "en"])


def must_be_founded(notice: Notice, material: Json) -> None:
    for sentence in notice.sentences():
        assert unfounded(sentence, material) == [], (sentence.kind, sentence.text, sentence.basis)


def golden(corpus: Corpus) -> Iterator[tuple[DecisionState, Rules]]:
    """What is kept: each that was decided as recommended, and each that still is a proposal."""
    kinds = {(record["decision"], record["kind"]) for record in map(orjson.loads, corpus.records)}
    for body, record in corpus.decisions:
        state = DecisionState(record, digest_of(body))
        decided = (record["id"], "confirmation") in kinds
        yield confirmed(state) if decided else state, rules_from(corpus.bodies(record))


@BOTH
@pytest.mark.parametrize("corpus", corpora(), ids=lambda corpus: corpus.name)
def test_in_notices_of_what_was_once_recorded(corpus: Corpus, language: Language) -> None:
    kinds = set()
    for state, own in golden(corpus):
        notice, material = noticed(state, language, own)
        must_be_founded(notice, material)
        kinds |= {sentence.kind for sentence in notice.sentences()}
    assert kinds >= {"title", "title.draft", "decided.amount", "lines.sum", "test", "missing", "gap", "remedy.not_held"}


@BOTH
def test_in_notices_of_the_cases_worked_out_by_hand(language: Language) -> None:
    for case in cases():
        state = confirmed(proposed(case["request"], accepted_on="2026-11-02"))
        must_be_founded(*noticed(state, language))


@BOTH
def test_in_notices_of_random_households(language: Language) -> None:
    rng = random.Random(48)
    for number in range(40):
        state = proposed(random_request(rng, complete=number % 2 == 0), case=f"C-{number}", accepted_on="2026-11-02")
        must_be_founded(*noticed(state if number % 5 == 0 else confirmed(state), language))


@BOTH
def test_in_the_notice_of_a_departure_that_followed_another_decision(language: Language) -> None:
    state = heard(proposed(EXAMPLE), "2026-11-12")
    state.decision |= {"corrects": str(id_of(1)), "reason": "收入登记有误：原记1700.00元"}
    state.followers = [Follower(id_of(9), corrects=False, decided=True)]
    reduced = {"programme": "dibao", "outcome": "reduced", "amount": "1900.00", "reason": "另有收入474.00元"}
    notice, material = noticed(confirmed(state, reduced), language)
    must_be_founded(notice, material)
    assert {"banner.succeeded", "banner.corrects", "departed.amount", "hearing.held", "reason"} <= {
        sentence.kind for sentence in notice.sentences()
    }


# the check itself can fail

PLANTED = {
    "an amount": "，另加50.00元",
    "a count": "，共17人",
    "a day": "，2026年12月24日",
    "a month": "，从2031年1月起",
    "an English day": " on 24 December 2026",
    "an article": "，第77条",
    "a document": "，依据《某某办法》",
}


@pytest.mark.parametrize("more", PLANTED.values(), ids=PLANTED)
def test_a_sentence_that_says_more_is_found_out(more: str) -> None:
    notice, material = noticed(confirmed(proposed(EXAMPLE)))
    for sentence in notice.sentences():
        assert unfounded(replace(sentence, text=sentence.text + more), material) != [], sentence.kind
        assert unfounded(replace(sentence, basis=(*sentence.basis, more)), material) != [], sentence.kind


def test_a_sentence_that_hides_where_a_figure_comes_from_is_found_out() -> None:
    notice, material = noticed(confirmed(proposed(EXAMPLE)))
    with_figures = [
        s for s in notice.sentences() if s.kind in ("decided.amount", "from_month", "line", "test", "clock")
    ]
    assert with_figures
    for sentence in with_figures:
        assert unfounded(replace(sentence, fields=()), material) != [], sentence.text


def test_a_sentence_tied_to_another_field_is_found_out() -> None:
    notice, material = noticed(confirmed(proposed(EXAMPLE)))
    amounts = [s for s in notice.sentences() if s.kind == "decided.amount"]
    assert len({s.text for s in amounts}) > 1
    for one, other in zip(amounts, [*amounts[1:], amounts[0]], strict=True):
        assert unfounded(replace(one, fields=other.fields), material) != []


def test_no_figure_stands_in_the_wording_itself() -> None:
    texts = [text for both in wording.TEMPLATES.values() for text in both.values()]
    assert [text for text in texts if re.search(r"\d|第.{1,6}条|《|article", text)] == []
    assert all(set(both) == {"zh", "en"} for both in wording.TEMPLATES.values())


def test_both_languages_are_filled_with_the_same_parts() -> None:
    def parts(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", text))

    assert [kind for kind, both in wording.TEMPLATES.items() if parts(both["zh"]) != parts(both["en"])] == []


def test_every_fact_of_a_relation_has_a_word() -> None:
    assert set(wording.RELATIONS) == set(get_args(Relation))
    assert set(wording.OUTCOMES) == set(get_args(OutcomeKind))
    assert set(wording.STATUSES) == set(get_args(Status))


def test_a_notice_in_another_language_says_the_same_fields() -> None:
    state = confirmed(proposed(EXAMPLE))
    said = [[(s.kind, s.fields) for s in noticed(state, language)[0].sentences()] for language in ("zh", "en")]
    assert said[0] == said[1]
