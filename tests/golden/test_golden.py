"""What was once decided is computed again to the byte, from the rules as they were stored with it, whatever the packs in
the tree say by now.

If this fails after a change of the engine, the change altered what an old decision comes to: give it a new engine
version and keep the old one running. Never make the corpus anew.
"""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import orjson
import pytest
from sqlalchemy import insert

from app.core.canonical_json import canonical_plain, digest_of, digest_text
from app.core.errors import CannotRecompute
from app.db.database import Database
from app.db.tables import Pack, Ruleset
from app.decisions.replay.replayer import Replayer
from app.decisions.state import DecisionState
from app.decisions.stored_rules.pack_texts import pack_body
from app.decisions.stored_rules.recompute import compute, question_of
from app.decisions.stored_rules.rule_store import KeptRules
from app.rules.history import RulesHistory
from app.rules.packs import pack as shipped
from app.rules.packs.library import Library
from app.rules.packs.pack import Pack as PackText
from app.rules.service import Rules
from app.rules.values.strict_json import Json
from tests.golden.corpus import Corpus, corpora, rules_from
from tests.golden.make import GENERATIONS, PLACES, generation
from tests.support.rules import NOW

pytestmark = pytest.mark.slow

FOLDER = pytest.mark.parametrize("corpus", corpora(), ids=lambda corpus: corpus.name)


def of_places(corpus: Corpus, each: int) -> list[tuple[bytes, Json]]:
    """Some decisions of every place."""
    return [one for place in PLACES for one in [two for two in corpus.decisions if two[1]["division"] == place][:each]]


# for ever


@FOLDER
def test_every_decision_is_computed_again_to_the_byte(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the stored texts alone: the packs in the tree cannot even be loaded."""

    def unread(*_: object) -> None:
        raise AssertionError("the packs in the tree have nothing to do with it")

    monkeypatch.setattr(shipped, "load_packs", unread)
    for body, record in corpus.decisions:
        assert canonical_plain(record) == body
        rules = rules_from(corpus.bodies(record))
        question = question_of(rules, record)
        engine = rules.engine(question)
        assert engine.ruleset.hash == record["ruleset"], record["id"]
        assert canonical_plain(engine.ruleset.content).decode() == corpus.rulesets[record["ruleset"]]["content"]
        for language in ("zh", "en"):
            assert compute(rules, question, language, engine).body(record) == body, record["id"]


@FOLDER
def test_what_is_stored_is_what_it_is_called(corpus: Corpus) -> None:
    for digest, body in corpus.packs.items():
        assert digest_text(digest_of(body.encode())) == digest
    for hash_, ruleset in corpus.rulesets.items():
        assert digest_text(digest_of(ruleset["content"].encode())) == hash_
        assert set(ruleset["packs"]) <= set(corpus.packs)
    assert {record["ruleset"] for _, record in corpus.decisions} == set(corpus.rulesets)
    assert {digest for _, record in corpus.decisions for digest in record["packs"]} == set(corpus.packs)


def test_the_corpus_covers_the_law() -> None:
    records = [record for corpus in corpora() for _, record in corpus.decisions]
    results = [(record, result) for record in records for result in record["results"]["results"]]
    met = {(record["division"], generation(record["date"])) for record in records}
    expected = {(place, generation(date)) for place in PLACES for date in GENERATIONS}
    assert met >= expected
    of_their_time = (rules_from(corpus.bodies(corpus.decisions[0][1])) for corpus in corpora())
    declared = {programme for rules in of_their_time for programme in rules.library.programmes}
    assert {result["programme"] for _, result in results if result["status"] == "eligible"} == declared
    assert {result["status"] for _, result in results} >= {"eligible", "ineligible", "undetermined", "refer"}
    assert any(result["missing"] for _, result in results)
    assert any(result["gaps"] for _, result in results)
    options = [record["facts"]["options"] or {} for record in records]
    assert any(option.get("carry_forward") for option in options)
    assert any(option.get("parameters") for option in options)
    assert all(any(record[link] for record in records) for link in ("corrects", "succeeds", "identities"))


# as the service does it


async def stored(database: Database, corpus: Corpus, packs: dict[str, str] | None = None) -> None:
    """A corpus's rules in a database."""
    rows = [
        {"digest": digest, "division": orjson.loads(body)["division"], "body": body}
        for digest, body in (corpus.packs | (packs or {})).items()
    ]
    rulesets = [ruleset | {"stored_at": NOW} for ruleset in corpus.rulesets.values()]
    async with database.engine.begin() as connection:
        await connection.execute(insert(Pack), rows)
        await connection.execute(insert(Ruleset), rulesets)


def of_other_figures() -> Rules:
    """The rules in the tree with another standard in every place's pack."""
    packs = {}
    for code, pack in shipped.load_packs().items():
        texts = {name: re.sub(r"value: (\d+)", r"value: 1\1", text) for name, text in pack.texts.items()}
        packs[code] = PackText.of_texts(code, texts) if code == "999900" else pack
    return Rules(Library(packs))


@pytest.mark.anyio
@FOLDER
async def test_other_packs_in_the_tree_do_not_matter(corpus: Corpus, database: Database) -> None:
    await stored(database, corpus)
    others = of_other_figures()
    replayer = Replayer(KeptRules(database, RulesHistory(others)))
    for body, record in of_places(corpus, 3):
        state = DecisionState(record, digest_of(body))
        found = await replayer.against_record(UUID(record["id"]), state, body)
        assert (found.same, found.cls, found.problem) == (True, "same", None), record["id"]
    changed = [record for _, record in corpus.decisions if record["division"] == "999900"]
    assert any(compute(others, question_of(others, record)).ruleset != record["ruleset"] for record in changed)


@pytest.mark.anyio
@FOLDER
async def test_a_stored_pack_that_was_altered_is_noticed(corpus: Corpus, database: Database) -> None:
    """One figure: under the digest of the pack as it was, or under its own, by which the ruleset has another hash."""
    body, record = next(
        one for one in corpus.decisions if one[1]["division"] == "999900" and one[1]["date"] >= "2026-07-01"
    )
    *others, digest = record["packs"]
    altered = re.sub(r"value: 920\b", "value: 921", corpus.packs[digest])
    assert altered != corpus.packs[digest]
    named = digest_text(digest_of(altered.encode()))
    await stored(database, corpus, {digest: altered, named: altered})
    kept = KeptRules(database, RulesHistory(of_other_figures()))
    for packs in ([*others, digest], [*others, named]):
        with pytest.raises(CannotRecompute):
            await kept.recompute(record | {"packs": packs})
    replayed = await Replayer(kept).against_record(UUID(record["id"]), DecisionState(record, digest_of(body)), body)
    assert (replayed.same, replayed.cls, replayed.problem) == (False, "other", "cannot_recompute")


def test_a_corpus_is_never_made_again(tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        corpora()[0].write(tmp_path)


def test_a_pack_is_kept_as_it_is_written() -> None:
    """A pack read from its stored text is stored as the same text."""
    for corpus in corpora():
        for body in corpus.packs.values():
            content = orjson.loads(body)
            assert pack_body(PackText.of_texts(content["division"], content["files"])) == body
