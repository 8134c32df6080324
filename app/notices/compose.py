"""Chooses the sentences of a notice and their order: the decision, its reasons, and how to seek review."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.decisions.outcomes import PAYING
from app.decisions.state import DecisionState
from app.notices.material import material_of
from app.notices.sentences import Notice, Part, Section, Sentence, Teller
from app.notices.wording import OUTCOMES, STATUSES
from app.rules.explain.numbers import MONTHLY
from app.rules.explain.sentences import tells_more
from app.rules.messages import Language
from app.rules.packs.library import Library
from app.rules.values.strict_json import Json

_TOLD: Final = ("supplied", "carried", "inferred", "reported")  # assumptions on figures, which a family can check
_UNDECIDED: Final = ("undetermined", "refer", "eligible")


def notice_of(state: DecisionState, answer: Json, library: Library, language: Language) -> tuple[Notice, Json]:
    """Compose the notice of a decision; return it with the material its pointers lead into.

    `answer` holds the words of the stored rules for the recorded facts, in `language`. `library` has the law on notices
    and remedies. The notice of a proposal that nobody decided is a draft, marked as such.
    """
    material = material_of(state, answer, library, language)
    return _Composer(Teller(material, language), draft=state.confirmation is None).notice(state), material


class _Composer:
    def __init__(self, teller: Teller, *, draft: bool) -> None:
        self.tell = teller
        self.draft = draft
        results = teller.at("record", "results", "results")
        self.indices = {result["programme"]: index for index, result in reversed(list(enumerate(results)))}
        outcomes = teller.at("confirmation", "outcomes")
        self.outcomes = {(outcome["programme"], outcome["person"]): index for index, outcome in enumerate(outcomes)}

    def notice(self, state: DecisionState) -> Notice:
        results = self.tell.at("record", "results", "results")
        shown = [index for index, result in enumerate(results) if result["status"] != "not_applicable"]
        sections = [
            self._household(),
            *(Section(self._heading(index), tuple(self._result(index))) for index in sorted(shown, key=self._rank)),
            Section(self.tell.say("hearing"), tuple(self._hearing())),
            Section(self.tell.say("deadlines"), tuple(self._deadlines(shown))),
            Section(self.tell.say("remedies"), tuple(self._remedies())),
        ]
        return Notice(
            self.tell.language,
            self.tell.say("title.draft" if self.draft else "title"),
            tuple(self._banners(state)),
            tuple(self._head()),
            tuple(section for section in sections if section.sentences),
        )

    def _rank(self, index: int) -> int:
        """Rank a result: support that is given first, then open results, then refusals."""
        result = self.tell.at("record", "results", "results", index)
        number = self.outcomes.get((result["programme"], result["person"]))
        if number is None:
            return 1
        return 0 if self.tell.at("confirmation", "outcomes", number, "outcome") in PAYING else 2

    # on top

    def _banners(self, state: DecisionState) -> Iterator[Sentence]:
        tell = self.tell
        if self.draft:
            yield tell.say("banner.draft")
        if tell.at("superseded_by") is not None:
            corrected = any(one.corrects for one in state.followers if one.id == state.superseded_by)
            yield tell.say("banner.corrected" if corrected else "banner.succeeded", id=tell.text("superseded_by"))
        for link in ("corrects", "succeeds"):
            if tell.at("record", link) is not None:
                yield tell.say(f"banner.{link}", id=tell.text("record", link), reason=tell.text("record", "reason"))
        if tell.at("words", "jurisdiction", "fictional"):
            place = tell.text("words", "jurisdiction", "name")
            yield tell.say("banner.fictional", place=place)

    def _head(self) -> Iterator[Sentence]:
        tell = self.tell
        yield tell.say("head.place", place=tell.text("words", "jurisdiction", "name"))
        yield tell.say("head.id", id=tell.text("record", "id"))
        if tell.at("record", "case"):
            yield tell.say("head.case", case=tell.text("record", "case"))
        if tell.at("record", "household_ref"):
            yield tell.say("head.household", household=tell.text("record", "household_ref"))
        if tell.at("record", "accepted_on"):
            yield tell.say("head.accepted", day=tell.day("record", "accepted_on"))
        if tell.at("decided_on"):
            yield tell.say("head.decided", day=tell.day("decided_on"))
        yield tell.say("head.date", day=tell.day("record", "date"))

    def _household(self) -> Section:
        return Section(self.tell.say("household"), tuple(self._of_household()))

    def _of_household(self) -> Iterator[Sentence]:
        tell, household = self.tell, ("record", "results", "household")
        if tell.at(*household, "counted"):
            yield tell.say("household.counted", people=tell.people(*household, "counted"))
        for index, left_out in enumerate(tell.at(*household, "left_out")):
            words = ("words", "household", "left_out", index)
            person = tell.person(left_out["person"], *household, "left_out", index, "person")
            yield tell.say(
                "household.left_out", tell.cited(*words, "basis"), person=person, reason=tell.text(*words, "title")
            )
        if tell.at(*household, "open"):
            yield tell.say("household.open", people=tell.people(*household, "open"))
        yield tell.say("household.income", income=tell.income("income_month"))
        yield tell.say("household.per_capita", income=tell.income("income_per_capita"))

    # results

    def _heading(self, index: int) -> Sentence:
        title, id_ = self._title(index), self.tell.at("record", "results", "results", index, "person")
        if id_ is None:
            return self.tell.say("result", title=title)
        person = self.tell.person(id_, "record", "results", "results", index, "person")
        return self.tell.say("result.person", title=title, person=person)

    def _title(self, index: int) -> Part:
        return self.tell.text("words", "results", index, "title")

    def _result(self, index: int) -> Iterator[Sentence]:
        result = self.tell.at("record", "results", "results", index)
        number = self.outcomes.get((result["programme"], result["person"]))
        if number is None:
            yield from self._undecided(index, result)
            return
        outcome = self.tell.at("confirmation", "outcomes", number)
        yield self._decided(number, outcome)
        if outcome["outcome"] in PAYING:
            yield from self._from_month(index, result, outcome)
        if outcome["reason"]:
            yield self.tell.say("reason", reason=self.tell.text("confirmation", "outcomes", number, "reason"))
        if outcome["departs"]:
            yield self._departed(index, result)
        yield from self._reasons(index, result, outcome)
        if outcome["outcome"] in PAYING and result["status"] == "eligible":
            yield from self._referrals(index)

    def _decided(self, number: int, outcome: Json) -> Sentence:
        kind, where = "recommended" if self.draft else "decided", ("confirmation", "outcomes", number)
        said = self.tell.word(OUTCOMES, *where, "outcome")
        if outcome["amount"] is None:
            return self.tell.say(kind, outcome=said)
        return self.tell.say(f"{kind}.amount", outcome=said, amount=self.tell.money(outcome["unit"], *where, "amount"))

    def _from_month(self, index: int, result: Json, outcome: Json) -> Iterator[Sentence]:
        if outcome["unit"] != MONTHLY:
            return
        amount = ("record", "results", "results", index, "amount")
        if result["amount"] and result["amount"]["from_month"]:
            yield self.tell.say("from_month", month=self.tell.month(*amount, "from_month"))
        else:
            yield self.tell.say("from_month.unknown")

    def _departed(self, index: int, result: Json) -> Sentence:
        where = ("record", "results", "results", index)
        status = self.tell.word(STATUSES, *where, "status")
        if result["amount"] is None:
            return self.tell.say("departed", status=status)
        return self.tell.say("departed.amount", status=status, amount=self.tell.amount(*where, "amount"))

    def _reasons(self, index: int, result: Json, outcome: Json) -> Iterator[Sentence]:
        """Say how an amount comes about and which conditions are met; of a refusal, those that are not met."""
        pays = outcome["outcome"] in PAYING
        if pays and result["status"] == "eligible":
            if result["amount"] and result["amount"]["figure"] == outcome["amount"]:
                yield from self._lines(index, result)
            yield from self._tests("met", index, result, holds=True)
        if not pays and result["status"] == "ineligible":
            yield from self._tests("failed", index, result, holds=False)
        for number, note in enumerate(self.tell.at("words", "results", index, "assumptions")):
            if note["kind"] in _TOLD:
                message = self.tell.text("words", "results", index, "assumptions", number, "message")
                yield self.tell.say("assumption", message=message)

    def _lines(self, index: int, result: Json) -> Iterator[Sentence]:
        if not result["lines"]:
            return
        tell, where = self.tell, ("record", "results", "results", index)
        yield tell.say("lines")
        for number in range(len(result["lines"])):
            words = ("words", "results", index, "lines", number)
            amount = tell.money("CNY", *where, "lines", number, "amount")
            yield tell.say("line", tell.cited(*words, "basis"), title=tell.text(*words, "title"), amount=amount)
        yield tell.say("lines.sum", amount=tell.money("CNY", *where, "amount", "figure"))

    def _tests(self, heading: str, index: int, result: Json, *, holds: bool) -> Iterator[Sentence]:
        numbers = [number for number, test in enumerate(result["tests"]) if test["holds"] is holds]
        if numbers:
            yield self.tell.say(heading)
        for number in numbers:
            words = ("words", "results", index, "tests", number)
            title, figures = self.tell.text(*words, "said"), self.tell.cited(*words, "figures")
            cited = [*self.tell.cited(*words, "basis"), *figures]
            if tells_more(self.tell.at(*words)):
                yield self.tell.say("test", cited, title=title, comparison=self.tell.comparison(index, number))
            else:
                yield self.tell.say("test.plain", cited, title=title)

    def _referrals(self, index: int) -> Iterator[Sentence]:
        """Say what other departments owe to the holder of the status."""
        found = self.tell.at("words", "results", index, "referrals")
        if found:
            yield self.tell.say("referrals")
        for number in range(len(found)):
            words = ("words", "results", index, "referrals", number)
            yield self.tell.say("referral", self.tell.cited(*words, "basis"), title=self.tell.text(*words, "title"))

    def _undecided(self, index: int, result: Json) -> Iterator[Sentence]:
        where = ("record", "results", "results", index)
        if result["status"] in _UNDECIDED:
            yield self.tell.say(f"undecided.{result['status']}")
        for number in range(len(result["missing"])):
            yield self.tell.say("missing", fact=self.tell.fact(*where, "missing", number))
        for number in range(len(result["gaps"])):
            yield self.tell.say("gap", gap=self.tell.term(*where, "gaps", number))

    # what the law wants

    def _hearing(self) -> Iterator[Sentence]:
        if self.tell.at("law", "hearing") is None:
            return
        cited = self.tell.cited("law", "hearing", "basis")
        held = [index for index, event in enumerate(self.tell.at("events")) if event["event"] == "hearing"]
        for index in held:
            yield self.tell.say("hearing.held", cited, day=self.tell.day("events", index, "on"))
        if cited and not held:
            yield self.tell.say("hearing.needed", cited)

    def _deadlines(self, shown: list[int]) -> Iterator[Sentence]:
        said = list({sentence.text: sentence for sentence in (*self._written(), *self._clocks(shown))}.values())
        yield from said
        if any(sentence.kind in ("clock", "written.by") for sentence in said):
            yield self.tell.say("calendar", **self._calendar())

    def _calendar(self) -> dict[str, Part]:
        return {"last": self.tell.day("calendar", "until")}

    def _written(self) -> Iterator[Sentence]:
        for index, notice in enumerate(self.tell.at("law", "written_notices")):
            where = ("law", "written_notices", index)
            said = [self.tell.word(OUTCOMES, *where, "outcomes", n) for n in range(len(notice["outcomes"]))]
            titles = [self._title(self.indices[programme]) for programme in notice["programmes"]]
            parts = {"outcomes": self.tell.listed(said), "titles": self.tell.listed(titles)}
            kind = "written"
            if notice["deadline"]:
                parts["days"] = self.tell.days(*where, "deadline")
                kind = "written.undecided" if self.draft else "written.by" if notice["due"] else "written.no_calendar"
            if kind == "written.by":
                parts["due"] = self.tell.day(*where, "due")
            if kind == "written.no_calendar":
                parts |= self._calendar()
            yield self.tell.say(kind, self.tell.cited(*where, "basis"), **parts)

    def _clocks(self, shown: list[int]) -> Iterator[Sentence]:
        """Say by when each result was due; nothing if nobody said when the application was accepted."""
        if self.tell.at("record", "accepted_on") is None:
            return
        results = self.tell.at("record", "results", "results")
        indices = {(results[index]["programme"], results[index]["person"]): index for index in shown}
        for number, clock in enumerate(self.tell.at("clocks")):
            index = indices.get((clock["programme"], clock["person"]))
            if index is not None:
                yield self._clock(number, clock, index)

    def _clock(self, number: int, clock: Json, index: int) -> Sentence:
        parts = {
            "title": self._title(index),
            "accepted": self.tell.day("record", "accepted_on"),
            "days": self.tell.days("clocks", number, "deadline"),
        }
        cited = self.tell.cited("words", "results", index, "procedure", "basis", "deadline")
        if clock["due"] is None:
            return self.tell.say("clock.no_calendar", cited, **parts, **self._calendar())
        return self.tell.say("clock", cited, **parts, due=self.tell.day("clocks", number, "due"))

    def _remedies(self) -> Iterator[Sentence]:
        tell = self.tell
        for index, remedy in enumerate(tell.at("law", "remedies")):
            where = ("law", "remedies", index)
            yield tell.say("remedy", tell.cited(*where, "basis"), remedy=tell.text(*where, "title"))
            if remedy["where"]:
                yield tell.say("remedy.where", where=tell.text(*where, "where"))
            if remedy["deadline"]:
                yield tell.say("remedy.deadline", days=tell.days(*where, "deadline"))
            if not (remedy["where"] and remedy["deadline"]):
                yield tell.say("remedy.not_held", law=tell.document(*where, "law"))
