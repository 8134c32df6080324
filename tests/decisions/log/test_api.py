"""The log, checked by whoever wants to: checkpoints, entries, proofs, and bundles with both verifiers."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from app.decisions.proofs.check import check_bundle
from app.decisions.proofs.checkpoints import verify_checkpoint
from app.decisions.proofs.formats import SignedPart
from app.decisions.proofs.merkle import Frontier, leaf_hash, verify_consistency, verify_inclusion
from app.rules.values.strict_json import Json
from tests.support.service import DECISIONS, ORIGIN, Service, late
from tools.verify_log import check

pytestmark = pytest.mark.anyio

LOG = "/v1/log"
EMPTY = f"sha256:{Frontier.empty().root().hex()}"


def raw(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("sha256:"))


async def grown(service: Service) -> int:
    """The size of a log in which every kind of record stands."""
    id_ = (await service.propose())["id"]
    await service.post(f"{DECISIONS}/{id_}/events", {"kind": "visit", "on": "2026-08-16"})
    await service.confirm(id_)
    later = await service.follow(id_, "successions")
    await service.post(f"{DECISIONS}/{later['id']}/withdrawals", {"reason": "撤回"})
    await service.decide(late())
    size: int = (await service.get(f"{LOG}/checkpoint"))["size"]
    return size


async def leaf(service: Service, index: int) -> bytes:
    return raw((await service.get(f"{LOG}/entries/{index}"))["leaf"])


# checkpoints and entries


async def test_the_checkpoint_is_signed_and_states_the_log(service: Service) -> None:
    size = await grown(service)
    answer = await service.get(f"{LOG}/checkpoint")
    signed = SignedPart(**{name: answer[name] for name in ("body", "signature", "key", "public_key")}).signed()
    assert verify_checkpoint(signed, base64.b64decode(answer["public_key"]))
    head = signed.head
    assert (head.origin, head.size, head.root, head.time) == tuple(
        answer[n] for n in ("origin", "size", "root", "time")
    )
    assert (size, answer["origin"]) == (7, ORIGIN)


async def test_every_record_is_an_entry_and_the_entries_come_to_the_root(service: Service) -> None:
    size, tree = await grown(service), Frontier.empty()
    kinds = []
    for index in range(size):
        entry = await service.get(f"{LOG}/entries/{index}")
        assert (entry["index"], entry["origin"]) == (index, ORIGIN)
        assert raw(entry["leaf"]) == leaf_hash(raw(entry["digest"]))
        kinds.append(entry["kind"])
        tree, _ = tree.append(raw(entry["leaf"]))
    assert kinds == ["decision", "event", "confirmation", "decision", "withdrawal", "decision", "confirmation"]
    assert f"sha256:{tree.root().hex()}" == (await service.get(f"{LOG}/checkpoint"))["root"]


async def test_an_answer_names_the_leaf_where_its_record_stands(service: Service) -> None:
    await service.propose()
    answer = await service.propose()
    entry = await service.get(f"{LOG}/entries/{answer['log']['index']}")
    assert (entry["leaf"], entry["digest"], entry["id"]) == (answer["log"]["leaf"], answer["digest"], answer["id"])


async def test_an_entry_tells_nothing_of_the_household(service: Service) -> None:
    await service.propose()
    entry = await service.get(f"{LOG}/entries/0")
    assert entry.keys() == {"origin", "index", "id", "kind", "decision", "digest", "leaf"}


# proofs


async def test_every_record_is_proven_to_be_in_every_tree_that_has_it(service: Service) -> None:
    size = await grown(service)
    for tree in range(1, size + 1):
        for index in range(tree):
            proof = await service.get(f"{LOG}/proofs/inclusion?leaf={index}&size={tree}")
            path = [raw(one) for one in proof["path"]]
            assert verify_inclusion(await leaf(service, index), index, tree, path, raw(proof["root"]))
            assert not verify_inclusion(bytes(32), index, tree, path, raw(proof["root"]))


async def test_every_tree_is_proven_to_begin_with_every_earlier_one(service: Service) -> None:
    size = await grown(service)
    for old in range(size + 1):
        for new in range(old, size + 1):
            proof = await service.get(f"{LOG}/proofs/consistency?from={old}&to={new}")
            path = [raw(one) for one in proof["path"]]
            assert verify_consistency(old, raw(proof["root_from"]), new, raw(proof["root_to"]), path)


async def test_a_checkpoint_that_was_kept_is_a_beginning_of_the_later_log(service: Service) -> None:
    await service.propose()
    kept = await service.get(f"{LOG}/checkpoint")
    await grown(service)
    now = await service.get(f"{LOG}/checkpoint")
    proof = await service.get(f"{LOG}/proofs/consistency?from={kept['size']}&to={now['size']}")
    assert (proof["root_from"], proof["root_to"]) == (kept["root"], now["root"])


async def test_the_tree_of_no_record_has_the_root_of_nothing(service: Service) -> None:
    await service.propose()
    proof = await service.get(f"{LOG}/proofs/consistency?from=0&to=1")
    assert (proof["root_from"], proof["path"]) == (EMPTY, [])


@pytest.mark.parametrize(
    "path",
    [
        "/entries/1",
        "/entries/-1",
        "/entries/x",
        "/entries/99999999999999999",
        "/proofs/inclusion?leaf=1&size=1",
        "/proofs/inclusion?leaf=0&size=2",
        "/proofs/consistency?from=1&to=2",
        "/proofs/consistency?from=1&to=0",
        "/checkpoint?origin=other",
        "/entries/0?origin=other",
        "/proofs/inclusion?leaf=0&size=1&origin=other",
        "/proofs/consistency?from=0&to=1&origin=other",
    ],
)
async def test_what_the_log_never_had_is_not_found(service: Service, path: str) -> None:
    await service.propose()
    await service.refused(404, "unknown_entry", "GET", LOG + path)


@pytest.mark.parametrize("path", ["/checkpoint", "/entries/0", "/proofs/inclusion?leaf=0&size=1"])
async def test_an_empty_log_has_nothing(service: Service, path: str) -> None:
    await service.refused(404, "unknown_entry", "GET", LOG + path)


@pytest.mark.parametrize(
    ("path", "faults"),
    [
        ("/proofs/inclusion", {("/query/leaf", "required"), ("/query/size", "required")}),
        ("/proofs/inclusion?leaf=a&size=0", {("/query/leaf", "wrong_form"), ("/query/size", "out_of_range")}),
        ("/proofs/consistency?from=0", {("/query/to", "required")}),
        ("/proofs/consistency?from=-1&to=1.0", {("/query/from", "wrong_form"), ("/query/to", "wrong_form")}),
        ("/checkpoint?origin=", {("/query/origin", "too_short")}),
        ("/checkpoint?origin=%00", {("/query/origin", "wrong_form")}),
    ],
)
async def test_a_faulty_question_to_the_log_is_refused(service: Service, path: str, faults: set[Any]) -> None:
    await service.propose()
    assert await service.faults("GET", LOG + path) == faults


async def test_the_origin_may_be_named(service: Service) -> None:
    await service.propose()
    assert await service.get(f"{LOG}/entries/0?origin={ORIGIN}") == await service.get(f"{LOG}/entries/0")


# bundles


async def bundle(service: Service) -> tuple[Json, bytes]:
    """The bundle of a decision with a history, in a log that went on, and the log's public key."""
    id_ = (await service.propose())["id"]
    await grown(service)
    await service.confirm(id_)
    await service.propose()
    found = await service.get(f"{DECISIONS}/{id_}/bundle")
    return found, base64.b64decode((await service.get(f"{LOG}/checkpoint"))["public_key"])


async def test_a_bundle_is_sound_to_both_verifiers(service: Service, tmp_path: Path) -> None:
    found, key = await bundle(service)
    text = json.dumps(found).encode()
    (tmp_path / "bundle.json").write_bytes(text)
    assert check_bundle(text, key) == []
    assert check(tmp_path / "bundle.json", key).findings.items == []


async def test_a_bundle_holds_the_decision_all_about_it_and_its_rules(service: Service) -> None:
    found, _ = await bundle(service)
    bodies = [json.loads(record["body"]) for record in found["records"]]
    assert [body["kind"] for body in bodies] == ["decision", "confirmation"]
    assert [one["hash"] for one in found["rulesets"]] == [bodies[0]["ruleset"]]
    assert {json.loads(pack["body"])["division"] for pack in found["packs"]} == {"CN", "999900"}


async def test_a_bundle_whose_record_was_altered_is_found_out_by_both(service: Service, tmp_path: Path) -> None:
    found, key = await bundle(service)
    found["records"][0]["body"] = found["records"][0]["body"].replace('"2374.00"', '"2375.00"')
    text = json.dumps(found).encode()
    (tmp_path / "bundle.json").write_bytes(text)
    assert {finding.code for finding in check_bundle(text, key)} == {"inclusion"}
    assert {code for code, _ in check(tmp_path / "bundle.json", key).findings.items} == {"inclusion"}


@pytest.mark.parametrize("hash_", ["%00", "sha256:x", "sha256%3A%00"])
async def test_a_ruleset_that_is_none_is_not_found(service: Service, hash_: str) -> None:
    await service.refused(404, "unknown_ruleset", "GET", f"/v1/rulesets/{hash_}")


async def test_the_ruleset_of_a_decision_can_be_asked_for_by_its_hash(service: Service) -> None:
    answer = await service.propose()
    page = await service.get(f"/v1/rulesets/{answer['assessment']['ruleset']}")
    assert page["path"] == ["CN", "999900"]
    assert page["content"]["engine"] == "1"
