"""Replays as the API answers them."""

from __future__ import annotations

from app.core.canonical_json import digest_text
from app.decisions.replay.differences import REPLAY_CLASSES, money
from app.decisions.replay.replayer import NOT_A_DEBT, Owed, Replayed
from app.decisions.replay.repository import Job
from app.decisions.replay.schemas import (
    ReplayAnswer,
    ReplayCounts,
    ReplayDifference,
    ReplayJobAnswer,
    ReplayProgress,
    ResultSide,
    RuleSide,
)
from app.rules.rulesets.ruleset import ENGINE_VERSION
from app.rules.values.money import format_fen

_AS_SENT = {"start": "from"}  # how a caller names what a filter calls otherwise


def replay_answer(replayed: Replayed) -> ReplayAnswer:
    """Describes one decision computed again."""
    return ReplayAnswer(
        decision=str(replayed.id),
        state=replayed.state,
        same=replayed.same,
        digest_recorded=digest_text(replayed.recorded_digest),
        digest_now=digest_text(replayed.now_digest) if replayed.now_digest else None,
        engine_recorded=replayed.recorded["engine"],
        engine_now=ENGINE_VERSION if replayed.now_digest else None,
        ruleset_recorded=replayed.recorded["ruleset"],
        ruleset_now=replayed.ruleset_now,
        class_=replayed.cls,
        differences=[_difference(owed) for owed in replayed.owed],
        problem=replayed.problem,
        note=NOT_A_DEBT,
    )


def _difference(owed: Owed) -> ReplayDifference:
    difference = owed.difference
    return ReplayDifference(
        programme=difference.programme,
        person=difference.person,
        rule=difference.rule,
        recorded=ResultSide.of(difference.recorded),
        now=ResultSide.of(difference.now),
        months=owed.months,
        per_month=money(owed.fen) if difference.monthly else None,
        total=money(owed.total),
        ends=owed.ending,
        rules=[RuleSide.model_validate(rule) for rule in difference.rules],
    )


def job_answer(job: Job) -> ReplayJobAnswer:
    """Describes the progress of a job, with the filter as it was sent."""
    filter_ = {_AS_SENT.get(name, name): value for name, value in job.filter.plain().items() if name != "within"}
    return ReplayJobAnswer(
        id=str(job.id),
        state=job.state,
        filter=filter_,
        against=job.against,
        progress=ReplayProgress(done=job.done, total=job.total),
        counts=ReplayCounts(**{name: job.counts.get(name, 0) for name in REPLAY_CLASSES}),
        arrears_total=format_fen(job.counts.get("arrears_fen", 0)),
        overpaid_total=format_fen(job.counts.get("overpaid_fen", 0)),
        problem=job.problem,
        created_at=job.created_at.isoformat(),
        updated_at=job.updated_at.isoformat(),
    )
