"""Decisions recorded without a database: real requests, the shipped rules, and what an auditor would get of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from app.core.canonical_json import canonical_plain, digest_of, digest_text
from app.core.ids import new_id
from app.decisions.intake import read_proposal
from app.decisions.proofs.formats import AuditBundle, BundlePack, BundleRecord, BundleRuleset
from app.decisions.records import Filing, Following, body_and_digest, decision_record
from app.decisions.schemas import DecisionDetails
from app.decisions.stored_rules.pack_texts import pack_body
from app.decisions.stored_rules.recompute import compute
from app.rules.service import Question
from app.rules.values.strict_json import Json
from tests.support.decisions import rfc9162
from tests.support.decisions.bundles import ORIGIN, checkpoint, leaves_of
from tests.support.rules import rules

AT: Final = dt.datetime(2026, 11, 21, 10, tzinfo=dt.UTC)
FAMILY: Final[Json] = {
    "jurisdiction": "999900",
    "date": "2024-07-15",
    "known_at": "2024-07-15T09:00:00+08:00",
    "household": {
        "residence": "urban",
        "members": [
            {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02", "income": {"wage": "600.00"}},
            {"id": "p2", "relation": "spouse", "birth_date": "1986-11-20", "income": {}},
        ],
        "assets": {"financial": "0.00", "vehicles": 0, "dwellings": 1, "company_interest": False},
        "spending": {"medical": "0.00", "education": "0.00", "disability_rehab": "0.00"},
    },
}


def with_documents(request: Json) -> Json:
    """A request whose supplied figures name the notice they were read from."""
    parameters = (request.get("options") or {}).get("parameters") or {}
    source = {"source": "settled", "evidence": "通知"}
    return request | {"provenance": {f"/options/parameters/{id_}": source for id_ in parameters}}


@dataclass(frozen=True)
class Recorded:
    """A decision's record with the question it answers, its rules' parts beside it."""

    record: Json
    question: Question
    ruleset: BundleRuleset
    packs: list[BundlePack]

    @property
    def body(self) -> str:
        return body_and_digest(self.record)[0].decode()


def recorded_decision(request: Json, at: dt.datetime = AT, following: Following = Following()) -> Recorded:  # noqa: B008 frozen
    """A request with a decision's details, assessed and put on record."""
    proposal, details = read_proposal(request, DecisionDetails, rules(), at)
    engine = rules().engine(proposal.question)
    found = compute(rules(), proposal.question, engine=engine)
    id_ = new_id(at)
    filing = Filing(id_, id_, request["jurisdiction"], ORIGIN, at, "officer")
    packs = [_pack(code) for code in engine.ruleset.path]
    digests = [pack.digest for pack in packs]
    record = decision_record(
        filing, proposal.question, proposal.facts, found.ruleset, digests, found.results, details, [], following
    )
    content = canonical_plain(engine.ruleset.content).decode()
    ruleset = BundleRuleset(hash=engine.ruleset.hash, content=content, packs=digests)
    return Recorded(record, proposal.question, ruleset, packs)


def _pack(code: str) -> BundlePack:
    body = pack_body(rules().library.packs[code])
    return BundlePack(digest=digest_text(digest_of(body.encode())), body=body)


def bundle_of(*made: Recorded, bodies: list[str] | None = None) -> AuditBundle:
    """A sound bundle of decisions; with `bodies`, of other texts in their place, as if those had been signed."""
    bodies = bodies or [one.body for one in made]
    leaves = leaves_of(bodies)
    paths = ([digest_text(node) for node in rfc9162.path(place, leaves)] for place in range(len(leaves)))
    return AuditBundle.model_validate(
        {
            "format": "doudi/bundle/1",
            "checkpoint": checkpoint(leaves),
            "records": [
                BundleRecord(index=i, body=b, path=p) for i, (b, p) in enumerate(zip(bodies, paths, strict=True))
            ],
            "rulesets": list({one.ruleset.hash: one.ruleset for one in made}.values()),
            "packs": list({pack.digest: pack for one in made for pack in one.packs}.values()),
        }
    )
