"""Checks the packs as they would be with a publication, in every way that packs are checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from app.publications.errors import FaultyPublication, RuleFault
from app.publications.pack_file_writer import notice_text
from app.publications.schemas import PublicationRequest
from app.rules.checks.run import faults_in
from app.rules.checks.warnings import Finding, warnings
from app.rules.packs.entries import PackFault
from app.rules.packs.library import NATION, Library
from app.rules.packs.pack import Pack
from app.rules.packs.schema import PackContent
from app.rules.packs.strict_yaml import PackError, YamlFile
from app.rules.plausibility import IMPOSSIBLE
from app.rules.request_faults import Fault, FaultyRequest
from app.rules.rulesets.dependencies import Cycle
from app.rules.rulesets.ruleset import NoLaw
from app.rules.service import Rules
from app.rules.values.text import HIDDEN
from app.security.id_numbers import stands_whole_in

PACK_FILE: Final = "pack.yaml"
MOST_FAULTS: Final = 200
MOST_FORMULAS: Final = 800  # of a pack, each dated version; the nation's has some 500
_HIDDEN_SIGN: Final = "a character that nobody can read, or a mark that reverses the order of reading"
_NOT_PUBLISHED: Final = "nobody holds a document that is made public so late"
Place = tuple[str, str, *tuple[str | int, ...]]  # a section of a pack, a name in it, and further
_MAY_CHANGE: Final = ("documents", "values")


@dataclass(frozen=True)
class Sources:
    """The texts of a pack as it would be by file, and which of them were sent, under which pointer."""

    texts: dict[str, str]
    sent: dict[str, str]


@dataclass(frozen=True)
class Candidate:
    """A pack that may be published, among all that would stand with it."""

    pack: Pack
    rules: Rules

    @property
    def packs(self) -> Mapping[str, Pack]:
        return self.rules.library.packs


def candidate(standing: Mapping[str, Pack], body: PublicationRequest, today: dt.date) -> Candidate:
    """Makes the candidate of a request. FaultyPublication with every fault; those of form and names come first, alone."""
    sources = _sources(standing.get(body.jurisdiction), body)
    try:
        pack = Pack.of_texts(body.jurisdiction, sources.texts)
    except PackError as error:
        raise _faulty(sources, PackFault.all_of(error)) from None
    _must_name_nobody(pack, sources)
    if sum(_formulas_in(pack.content)) > MOST_FORMULAS:
        message = f"more than {MOST_FORMULAS} formulas: each is compiled with all that hold beside it"
        raise _faulty(sources, [PackFault(pack.files[0].name, 1, 1, message)])
    if unreadable := [fault for file in pack.files if file.name in sources.sent for fault in _unreadable(file)]:
        raise _faulty(sources, unreadable)
    before = standing.get(body.jurisdiction)
    if before is not None and before.texts == pack.texts:
        raise _faulty(sources, [PackFault(pack.files[0].name, 1, 1, "this is what stands already")])
    last = today + dt.timedelta(days=IMPOSSIBLE.published_days_ahead)
    if too_far := published_after(pack, before, last):
        raise _faulty(sources, [PackFault.of(pack.fault(_NOT_PUBLISHED, *path)) for path in too_far])
    found = checked(standing, pack, sources)
    if before is None or _formulas(before) != _formulas(pack):
        wrong = _not_computable(found.rules, pack)
        if wrong:
            raise _faulty(sources, wrong)
    return found


def _must_name_nobody(pack: Pack, sources: Sources) -> None:
    """Refuses an ID number that only shows once the text is read, written with escapes, say: FaultyRequest."""
    sent = [(sources.sent[file.name], str(file.content)) for file in pack.files if file.name in sources.sent]
    if faults := [Fault(where, "personal_data") for where, read in sent if stands_whole_in(read)]:
        raise FaultyRequest(faults)


def _unreadable(file: YamlFile) -> Iterator[PackFault]:
    """Yields a fault for each text with a character that nobody can read, in comments and written with escapes too."""
    for number, line in enumerate(file.text.split("\n"), 1):
        if found := HIDDEN.search(line):
            yield PackFault(file.name, number, found.start() + 1, _HIDDEN_SIGN)
    for path, text in file.texts():
        if HIDDEN.search(text):
            yield PackFault.of(file.fault(_HIDDEN_SIGN, path))


def checked(standing: Mapping[str, Pack], pack: Pack, sources: Sources | None = None) -> Candidate:
    """Checks a pack among those in force. FaultyPublication with every fault of the whole."""
    sources = sources or Sources(pack.texts, {})
    packs = {**standing, pack.code: pack}
    found = faults_in(packs)
    if found:
        raise _faulty(sources, found)
    rules = Rules(Library(packs))
    return Candidate(pack, rules)


def published_after(pack: Pack, before: Pack | None, day: dt.date) -> list[Place]:
    """Lists where a pack says that something is made public after a day, unless the pack before said so too."""
    said = {} if before is None else dict(_published(before))
    return [path for path, on in _published(pack) if on > day and said.get(path) != on]


def _published(pack: Pack) -> Iterator[tuple[Place, dt.date]]:
    content = pack.content
    for name, document in content.documents.items():
        if document.published is not None:
            yield ("documents", name, "published"), document.published
    for name, values in content.values.items():
        yield from (
            (("values", name, at, "published"), one.published) for at, one in enumerate(values) if one.published
        )
    for name, rule in content.rules.items():
        versions = enumerate(rule.versions)
        yield from (
            (("rules", name, "versions", at, "published"), one.published) for at, one in versions if one.published
        )


def new_warnings(before: Library, after: Library, code: str) -> list[Finding]:
    """Lists the warnings of a place's pack that were not there before."""
    known = {(one.file, one.message) for one in warnings(before)}
    found = [one for one in warnings(after) if one.file.partition("/")[0] == code]
    return [one for one in found if (one.file, one.message) not in known]


def _sources(before: Pack | None, body: PublicationRequest) -> Sources:
    code = body.jurisdiction
    if isinstance(body.pack, str):
        return Sources({f"{code}/{PACK_FILE}": body.pack}, {f"{code}/{PACK_FILE}": "/pack"})
    if body.pack is not None:
        texts = {f"{code}/{name}": text for name, text in sorted(body.pack.items())}
        return Sources(texts, {f"{code}/{name}": f"/pack/{name}" for name in body.pack})
    text, pointer = body.change, "/change"
    if text is None:
        text, pointer = notice_text(body.documents, body.values), ""
    texts = before.texts if before else {}
    name = next(name for number in count(1) if (name := f"{code}/published-{number:04}.yaml") not in texts)
    sources = Sources(texts | {name: text}, {name: pointer})
    if before is None:
        raise _faulty(sources, [PackFault(name, 1, 1, f"no pack of {code} stands; publish a whole one")])
    _must_be_a_change(sources, name, text)
    return sources


def _must_be_a_change(sources: Sources, name: str, text: str) -> None:
    """Refuses a change that says more than documents and values, or nothing: FaultyPublication."""
    try:
        file = YamlFile(name, text)
        said = file.data
    except PackError as error:
        raise _faulty(sources, PackFault.all_of(error)) from None
    message = "a change gives documents and values; for anything else publish the whole pack"
    wrong = [PackFault.of(file.fault(message, (section,))) for section in said if section not in _MAY_CHANGE]
    if not wrong and not any(said.values()):
        wrong = [PackFault(name, 1, 1, "nothing is changed")]
    if wrong:
        raise _faulty(sources, wrong)


def _formulas_in(content: PackContent) -> Iterator[int]:
    """Counts the dated formulas of a pack, section by section."""
    for rules in (content.rules, content.replaces):
        yield from (len(rule.versions) for rule in rules.values())
    yield from (sum(one.formula is not None for one in values) for values in content.values.values())


def _formulas(pack: Pack) -> tuple[Any, ...]:
    """Gives the parts of a pack that programs are compiled from; figures are none."""
    content = pack.content
    formulas = {name: [one.formula for one in values] for name, values in content.values.items()}
    return (
        content.rules,
        content.replaces,
        content.programmes,
        content.replaces_programmes,
        content.parameters,
        {name: said for name, said in formulas.items() if any(said)},
    )


def _not_computable(rules: Rules, pack: Pack) -> list[PackFault]:
    """Finds rules that read well and yet make no program, on any day on which something begins or ends."""
    seen: set[object] = set()
    divisions = [code for code in rules.library.packs if code != NATION]
    for code in divisions:
        path = rules.library.path(code)
        if pack.code not in path:
            continue
        for day in rules.library.breakpoints(path)[0]:
            try:
                ruleset = rules.engines.rulesets.at(code, day, dt.date.max)
                if (structure := ruleset.structure) not in seen:
                    seen.add(structure)
                    rules.engines.of(ruleset)
            except NoLaw:
                continue
            except (ValueError, LookupError, ArithmeticError, RecursionError, SyntaxError, Cycle) as error:
                message = f"the rules of {code} cannot be computed on {day}: {type(error).__name__}"
                return [PackFault(pack.files[0].name, 1, 1, message)]
    return []


def _faulty(sources: Sources, faults: Iterable[PackFault]) -> FaultyPublication:
    """Makes the error of the first faults; a text may have as many as it has letters."""
    shown = _Shown(sources)
    return FaultyPublication([shown.fault(fault) for fault in list(faults)[:MOST_FAULTS]])


class _Shown:
    """Shows faults beside the texts they stand in, each text taken apart once."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self._lines: dict[str, list[str]] = {}
        self._parsed: dict[str, YamlFile | None] = {}

    def fault(self, fault: PackFault) -> RuleFault:
        """Gives a fault its pointer into the request; the whole request's for one in a file that was not sent."""
        lines = self._lines.setdefault(fault.file, self.sources.texts.get(fault.file, "").splitlines())
        text = lines[fault.line - 1].strip()[:500] if 0 < fault.line <= len(lines) else ""
        pointer = self.sources.sent.get(fault.file, "")
        if pointer == "" and fault.file in self.sources.sent:
            pointer = self._pointer_into_json(fault)
        return RuleFault(pointer, fault.file, fault.line, fault.column, fault.message, text)

    def _pointer_into_json(self, fault: PackFault) -> str:
        """Finds where a fault of a file that was made of JSON stands in that JSON."""
        if fault.file not in self._parsed:
            self._parsed[fault.file] = _parsed(fault.file, self.sources.texts[fault.file])
        file = self._parsed[fault.file]
        path = file.path_at(fault.line, fault.column) if file else ()
        return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def _parsed(name: str, text: str) -> YamlFile | None:
    try:
        return YamlFile(name, text)
    except PackError:
        return None
