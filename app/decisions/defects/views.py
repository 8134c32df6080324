"""Defect notices as the API answers them."""

from __future__ import annotations

from app.decisions.defects.corrections import DefectEffects, Effect
from app.decisions.defects.intake import Defect
from app.decisions.defects.schemas import (
    DEFECT_CLASSES,
    DefectAnswer,
    DefectCounts,
    DefectEffect,
    DefectMonth,
    DefectResult,
    DefectStated,
)
from app.decisions.replay.differences import money
from app.decisions.replay.replayer import NOT_A_DEBT
from app.decisions.replay.repository import Job
from app.decisions.replay.schemas import ReplayProgress, ResultSide
from app.rules.values.money import format_fen


def defect_answer(job: Job) -> DefectAnswer:
    """Describes a notice and the progress of its search."""
    counts = {name: job.counts.get(name, 0) for name in DEFECT_CLASSES}
    months = sorted(job.counts.get("months", {}).items())
    return DefectAnswer(
        id=str(job.id),
        state=job.state,
        defect=_stated(Defect.of(job.against["defect"])),
        progress=ReplayProgress(done=job.done, total=job.total),
        touched=sum(counts.values()),
        counts=DefectCounts(**counts),
        months=[
            DefectMonth(month=month, harmed=format_fen(sums["harmed"]), benefited=format_fen(sums["benefited"]))
            for month, sums in months
        ],
        harmed_total=format_fen(sum(sums["harmed"] for _, sums in months)),
        benefited_total=format_fen(sum(sums["benefited"] for _, sums in months)),
        problem=job.problem,
        created_at=job.created_at.isoformat(),
        updated_at=job.updated_at.isoformat(),
    )


def _stated(defect: Defect) -> DefectStated:
    """Repeats what is wrong and what is right, as it was sent."""
    right = {"parameters": defect.parameters, "ruleset": defect.ruleset, "known_at": defect.known_at}
    wrong = {defect.kind: defect.name}
    return DefectStated(
        **wrong,
        key=defect.key,
        jurisdiction=defect.jurisdiction,
        start=defect.start.isoformat(),
        until=defect.until.isoformat() if defect.until else None,
        corrected={name: value for name, value in right.items() if value is not None} or None,
    )


def result_answer(found: DefectEffects) -> DefectResult:
    """Describes the effects of a defect on one decision."""
    record = found.record
    totals = [effect.total for effect in found.effects if effect.cls in ("harmed", "benefited")]
    settled = found.cls in ("harmed", "benefited", "unchanged")
    return DefectResult(
        decision=str(found.id),
        case=record["case"],
        household_ref=record["household_ref"],
        jurisdiction=record["jurisdiction"],
        date=record["date"],
        state=found.state,
        class_=found.cls,
        total=money(sum(total or 0 for total in totals)) if settled else None,
        results=[_effect(effect) for effect in found.effects],
        problem=found.problem,
        note=NOT_A_DEBT,
    )


def _effect(effect: Effect) -> DefectEffect:
    difference = effect.difference
    return DefectEffect(
        programme=difference.programme,
        person=difference.person,
        class_=effect.cls,
        rule=difference.rule,
        recorded=ResultSide.of(difference.recorded),
        corrected=ResultSide.of(difference.now),
        months=effect.months,
        per_month=money(effect.fen) if difference.monthly else None,
        total=money(effect.total),
        ends=effect.ending,
    )
