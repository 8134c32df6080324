"""Collects everything a notice may say in one plain document, the material, that its pointers lead into.

`record` and `confirmation` are stored for ever; `events` happened before the decision. `words` is the answer that the
stored rules give to the recorded facts: titles and articles. `law` holds what the packs say of written notices, hearing
and review on the day of the decision, with the last days where a calendar tells them. `terms` names missing facts and
figures, `documents` gives the titles of all cited documents.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from app.decisions.deadlines import calendar_until, clocks, last_day
from app.decisions.hearings import wanted
from app.decisions.outcomes import settle
from app.decisions.schemas import Confirmation
from app.decisions.state import DecisionState
from app.rules.explain.sentences import fact_title, gap_words
from app.rules.facts.request import china_day
from app.rules.messages import Language
from app.rules.packs.forms import Citation
from app.rules.packs.library import Library
from app.rules.packs.schema_beside import NoticeDeadline, Safeguard
from app.rules.values.strict_json import Json


def material_of(state: DecisionState, answer: Json, library: Library, language: Language) -> Json:
    """Collect the material of a decision. A proposal is taken as if it were decided as recommended."""
    record = state.decision
    path = library.path(library.division(record["jurisdiction"]))
    confirmation = state.confirmation or _as_recommended(record, library)
    decided_on = _day_of(confirmation["recorded_at"]) if state.confirmation else None
    day = decided_on or dt.date.fromisoformat(record["date"])
    accepted_on = dt.date.fromisoformat(record["accepted_on"]) if record["accepted_on"] else None
    law = {
        "hearing": _hearing(wanted(state, confirmation["outcomes"], library, day)),
        "written_notices": list(_written_notices(confirmation["outcomes"], library, path, day, decided_on)),
        "remedies": list(_remedies(confirmation["outcomes"], library, path, day, language)),
    }
    material = {
        "record": record,
        "confirmation": confirmation,
        "decided_on": decided_on.isoformat() if decided_on else None,
        "events": list(_before_deciding(state)),
        "words": answer,
        "law": law,
        "clocks": clocks(record["results"]["results"], accepted_on),
        "terms": _terms(record["results"]["results"], library, language),
        "calendar": {"until": calendar_until().isoformat()},
        "superseded_by": str(state.superseded_by) if state.superseded_by else None,
    }
    return material | {"documents": _documents(material, library, path, language)}


def _as_recommended(record: Json, library: Library) -> Json:
    units: dict[str, str | None] = {id_: declared.unit for id_, declared in library.programmes.items()}
    return {"outcomes": settle(record["results"]["results"], Confirmation(), units).outcomes}


def _day_of(instant: str) -> dt.date:
    return china_day(dt.datetime.fromisoformat(instant))


def _before_deciding(state: DecisionState) -> Iterator[Json]:
    """Yield the events recorded before the decision; all events of a proposal."""
    for record in state.records:
        if record["kind"] == "confirmation":
            return
        if record["kind"] == "event":
            yield record


def _hearing(found: list[Safeguard] | None) -> Json | None:
    """Cite the law on hearing a family that gets less; None for a family that does not."""
    return None if found is None else {"basis": [one for safeguard in found for one in _basis(safeguard.basis)]}


def _written_notices(
    outcomes: list[Json], library: Library, path: list[str], day: dt.date, decided_on: dt.date | None
) -> Iterator[Json]:
    for notice in library.written_notices(path, day):
        concerned = [o for o in outcomes if o["outcome"] in notice.outcomes and _concerns(notice.programmes, o)]
        if concerned:
            due = last_day(decided_on, notice.deadline.model_dump()) if notice.deadline and decided_on else None
            yield {
                "programmes": list(dict.fromkeys(outcome["programme"] for outcome in concerned)),
                "outcomes": list(dict.fromkeys(outcome["outcome"] for outcome in concerned)),
                "deadline": _deadline(notice.deadline),
                "due": due.isoformat() if due else None,
                "basis": _basis(notice.basis),
            }


def _remedies(
    outcomes: list[Json], library: Library, path: list[str], day: dt.date, language: Language
) -> Iterator[Json]:
    for remedy, versions in library.remedies(path, day):
        holding = [v for v in versions if v.programmes is None or any(_concerns(v.programmes, o) for o in outcomes)]
        if holding:
            where = next((version.where for version in holding if version.where), None)
            yield {
                "title": remedy.title[language],
                "law": remedy.law,
                "where": where[language] if where else None,
                "deadline": _deadline(next((version.deadline for version in holding if version.deadline), None)),
                "basis": [one for version in holding for one in _basis(version.basis)],
            }


def _concerns(programmes: Iterable[str] | None, outcome: Json) -> bool:
    return programmes is None or outcome["programme"] in programmes


def _deadline(deadline: NoticeDeadline | None) -> Json | None:
    return deadline.model_dump() if deadline else None


def _basis(citations: list[Citation]) -> list[Json]:
    return [{"document": document, "article": article} for document, article in citations]


def _terms(results: list[Json], library: Library, language: Language) -> Json:
    """Name missing facts and figures, by their ids in a result."""
    facts = {fact: fact_title(fact, language) for result in results for fact in result["missing"]}
    return facts | {gap: gap_words(library, gap, language) for result in results for gap in result["gaps"]}


def _documents(material: Json, library: Library, path: list[str], language: Language) -> Json:
    """Give the titles of all documents cited anywhere in the material."""
    titles = {
        name: document.title[language]
        for code in path
        for name, document in library.packs[code].content.documents.items()
    }
    return {name: {"title": titles.get(name, name)} for name in sorted(set(_cited_in(material)))}


def _cited_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name in ("document", "law"):
            if isinstance(value.get(name), str):
                yield value[name]
        for inner in value.values():
            yield from _cited_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _cited_in(inner)
