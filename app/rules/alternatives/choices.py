"""Works out each lawful combination of what law leaves a family, or an officer, to choose, with its results and money.

What a family may choose is declared in packs (`choices`); officer's questions are found where they keep results open.
Every combination is computed by the engine anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, NamedTuple

from app.rules.engine.evaluate import Answers
from app.rules.explain.citations import Articles
from app.rules.facts.household import Household
from app.rules.language import tree
from app.rules.language.tree import walk
from app.rules.messages import Language
from app.rules.packs.forms import Citation
from app.rules.packs.library import Library
from app.rules.packs.schema_beside import Choice
from app.rules.rulesets.ruleset import Ruleset
from app.rules.values.strict_json import Json

MOST_COMBINED: Final = 4  # choices that are combined with one another; where there are more, each is varied alone
_ANSWERS: Final[dict[bool, dict[Language, str]]] = {True: {"zh": "是", "en": "yes"}, False: {"zh": "否", "en": "no"}}

Asked = tuple[str, int | None]  # an officer's question, and the member it is asked of
Assess = Callable[[Household, Answers], Json]


class Pick(NamedTuple):
    """One side of a choice: what is shown of it, the answer or the facts that stand for it, the status it must lead to."""

    shown: Json
    answer: tuple[Asked, bool] | None = None
    forgone: tuple[int, Sequence[str]] | None = None
    leads_to: tuple[str, str] | None = None


@dataclass(frozen=True)
class Chooser:
    """Finds the choices of households in one ruleset and language."""

    library: Library
    ruleset: Ruleset
    articles: Articles
    assess: Assess

    def choices(self, household: Household, answer: Json, asked: Iterable[Asked]) -> list[Json]:
        """Returns the results of each lawful combination; none where there is nothing to choose."""
        points = [*self._of_family(household, answer), *self._of_officer(household, answer, asked)]
        return [found for picks in _combined(points) if (found := self._chosen(household, picks))]

    def _chosen(self, household: Household, picks: Sequence[Pick]) -> Json | None:
        """Returns one combination with its results; None if it does not lead to what was picked."""
        chosen = self._assessed(household, picks)
        status = {(result["programme"], result["person"]): result["status"] for result in chosen["results"]}
        if any(pick.leads_to and status.get(pick.leads_to) != "eligible" for pick in picks):
            return None
        return {
            "question": ", ".join(dict.fromkeys(pick.shown["question"] for pick in picks)),
            "picked": [pick.shown for pick in picks],
            "results": chosen["results"],
            "total_month": chosen["total_month"],
        }

    def _assessed(self, household: Household, picks: Sequence[Pick]) -> Json:
        members = list(household.members)
        for pick in picks:
            if pick.forgone:
                index, facts = pick.forgone
                members[index] = members[index].model_copy(update=dict.fromkeys(facts))
        answers = dict(pick.answer for pick in picks if pick.answer)
        return self.assess(household.model_copy(update={"members": members}), answers)

    def _of_family(self, household: Household, answer: Json) -> Iterator[tuple[Pick, Pick]]:
        """Yields what the law lets the family choose, for each member who has something to choose from."""
        held = {(one["programme"], one["person"]) for one in answer["results"] if one["status"] == "eligible"}
        for id_, choice, basis in self._declared():
            for index, member in enumerate(household.members):
                programme = next((one for one in choice.held if (one, member.id) in held), None)
                if programme is None:
                    continue
                kept = Pick(
                    self._shown(id_, choice.title, member.id, programme, basis), None, None, (programme, member.id)
                )
                other = Pick(
                    self._shown(id_, choice.title, member.id, choice.pick, basis),
                    forgone=(index, choice.forgo),
                    leads_to=(choice.pick, member.id),
                )
                if self._chosen(household, [other]):
                    yield kept, other

    def _declared(self) -> Iterator[tuple[str, Choice, list[Citation]]]:
        for code in self.ruleset.path:
            for id_, choice in self.library.packs[code].content.choices.items():
                basis = next((one.basis for one in reversed(choice.versions) if one.covers(self.articles.date)), None)
                if basis is not None:
                    yield id_, choice, basis

    def _shown(self, id_: str, title: Mapping[str, str], person: str, programme: str, basis: list[Citation]) -> Json:
        language = self.articles.language
        return {
            "question": id_,
            "title": title[language],
            "person": person,
            "pick": programme,
            "words": self.library.programmes[programme].title[language],  # type: ignore[index]
            "by": "family",
            "basis": self.articles.basis(basis),
        }

    def _of_officer(self, household: Household, answer: Json, asked: Iterable[Asked]) -> Iterator[tuple[Pick, Pick]]:
        """Yields officer's questions that keep results open, for each person of whom the answer makes a difference."""
        gaps = {gap for result in answer["results"] for gap in result["gaps"]}
        for question, index in sorted(asked, key=lambda one: (one[0], -1 if one[1] is None else one[1])):
            if question in gaps:
                no, yes = (self._answered(household, question, index, said) for said in (False, True))
                if _decided(self._assessed(household, [no])) != _decided(self._assessed(household, [yes])):
                    yield no, yes

    def _answered(self, household: Household, question: str, index: int | None, said: bool) -> Pick:
        shown = {
            "question": question,
            "title": self.library.nation.questions[question][self.articles.language],
            "person": None if index is None else household.members[index].id,
            "pick": "yes" if said else "no",
            "words": _ANSWERS[said][self.articles.language],
            "by": "officer",
            "basis": self._basis_of(question),
        }
        return Pick(shown, ((question, index), said))

    def _basis_of(self, question: str) -> list[Json]:
        """Returns the articles of the rules that ask a question, each once."""
        cited = [
            one
            for rule in self.ruleset.rules.values()
            if any(isinstance(part, tree.Unpublished) and part.parameter == question for part in walk(rule.node))
            for one in rule.version.cited()
        ]
        return self.articles.uncached_basis(dict.fromkeys(cited))


def _decided(answer: Json) -> list[Json]:
    return [{name: one[name] for name in ("programme", "person", "status", "amount")} for one in answer["results"]]


def _combined(points: list[tuple[Pick, Pick]]) -> Iterator[Sequence[Pick]]:
    """Yields the combinations: all of a few choices, of many the first of all and then each varied alone."""
    if not points:
        return
    if len(points) <= MOST_COMBINED:
        yield from product(*points)
        return
    first = [point[0] for point in points]
    yield first
    for place, point in enumerate(points):
        yield [*first[:place], point[1], *first[place + 1 :]]
