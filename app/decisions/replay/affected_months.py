"""The months a difference counts for: those in which the decision was in force and its figures were the measure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

from app.core.months import after, before, first_day
from app.decisions.grants import takes_over
from app.decisions.replay.differences import Difference, paid
from app.decisions.state import DecisionState, Key
from app.rules.explain.codes import answer_codes
from app.rules.service import Question, Rules
from app.rules.values.strict_json import Json

Ending = Literal["succeeded", "rules_changed", "this_month", "never_stood"]


@dataclass(frozen=True)
class PeriodInForce:
    """The last month a decision was in force; None if it never was. Its successors, the next one first, end it result by
    result: one that leaves a result as it was ends nothing of it."""

    last: str | None
    ending: Ending
    successors: tuple[DecisionState, ...] = ()

    def of(self, key: Key) -> tuple[str | None, Ending]:
        """The last month for one result, and why it is the last."""
        for successor in self.successors:
            if not successor.leaves(key):
                return before(takes_over(successor.decision, key)), "succeeded"
        return self.last, self.ending


def period_in_force(
    successors: tuple[DecisionState, ...], *, corrected: bool, withdrawn: bool, this_month: str
) -> PeriodInForce:
    """Finds how long a decision was in force: until its successors begin, else up to this month."""
    if withdrawn or corrected:
        return PeriodInForce(None, "never_stood")
    return PeriodInForce(this_month, "this_month", successors)


class AffectedMonths:
    """Finds the months for which the differences of one decision count, computed by some rules."""

    def __init__(self, rules: Rules, question: Question, results: Json, in_force: PeriodInForce) -> None:
        self.rules = rules
        self.question = question
        self.in_force = in_force
        own = rules.engine(question).ruleset.hash
        self._results = {own: results}

    def of(self, difference: Difference, first: str) -> tuple[list[str], Ending]:
        """The months from the first on, and why they end: when what is due changes, the next redetermination's own
        figures apply, and this difference is no longer the measure of what is owed."""
        months: list[str] = []
        last, ending = self.in_force.of(difference.key)
        month = first
        due = self._due(difference, None) if last is not None else None
        while last is not None and month <= last:
            if self._due(difference, month) != due:
                return months, "rules_changed"
            months.append(month)
            month = after(month)
        return months, ending

    def _due(self, difference: Difference, month: str | None) -> int | None:
        """Computes what the result pays, in fen, by the rules and figures of a month for the household as it was on the day."""
        results = self._in_force(month)
        found = [r for r in results["results"] if (r["programme"], r["person"]) == difference.key]
        return paid(found[0] if found else None)

    def _in_force(self, month: str | None) -> Json:
        decided = self.question.date
        asked = self.asked_on(max(first_day(month), decided) if month else decided)
        engine = self.rules.engine(asked)
        results = self._results.get(engine.ruleset.hash)
        if results is None:
            results = answer_codes(self.rules.answer(replace(asked, date=decided), "zh", engine))
            self._results[engine.ruleset.hash] = results
        return results

    def asked_on(self, day: dt.date) -> Question:
        """Puts the question to the rules and figures of a day."""
        return replace(self.question, date=day)
