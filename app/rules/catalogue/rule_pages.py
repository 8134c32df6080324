"""Rule pages: the law as it is executed, programme by programme, for people to read and approve.

A page shows who is in the group, the tests, how the amount comes about, every rule behind them with all its versions,
articles and words, a graph of what needs what, and worked scenarios. It is made from the packs alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.rules.explain.formulas import formula_words
from app.rules.messages import Language
from app.rules.packs.forms import Citation
from app.rules.packs.library import NATION, Library, LinkedRule
from app.rules.packs.schema import ProgrammeVersion
from app.rules.rulesets.dependencies import programme_rules, references

Scenario = tuple[str, dict[str, Any], dict[str, Any]]  # name, request, result


class Pages:
    """Writes the pages of a library in one language."""

    def __init__(self, library: Library, language: Language) -> None:
        self.library = library
        self.language: Language = language

    def page(self, programme: str, scenarios: list[Scenario]) -> str:
        """Writes one programme's page in Markdown."""
        declared = self.library.programmes[programme]  # type: ignore[index]
        ids = programme_rules(self.library, programme)
        lines = [
            f"# {declared.title['zh']} · {declared.title['en']}",
            "",
            f"`{programme}` — for each {declared.entity}, {declared.unit or 'a status without cash'}.",
            "Generated from the packs; a change here is a change of the law as executed.",
            "",
            "## Versions",
            "",
            *self._versions(programme),
            *self._referrals(programme),
            "## What needs what",
            "",
            *self._graph(programme, ids),
            "## Rules",
            "",
            *(line for id_ in ids for line in self._rule(id_)),
            "## Worked scenarios",
            "",
            *(line for scenario in scenarios for line in _scenario(scenario)),
        ]
        return "\n".join(lines).rstrip() + "\n"

    def _versions(self, programme: str) -> Iterator[str]:
        for code, linked in self.library.programme_versions.items():
            for item in linked.get(programme, []):
                until = f" to {item.version.until}" if item.version.until else ""
                yield f"- **{self._place(code)}, from {item.version.start}{until}** ({_cited(item.version.basis)})"
                yield from self._parts(item.version)
        yield ""

    def _parts(self, version: ProgrammeVersion) -> Iterator[str]:
        if version.group:
            yield f"  - group: `{version.group}` {self._title(version.group)}"
        for test in version.tests:
            yield f"  - test: `{test}` {self._title(test)}"
        if version.amount:
            yield f"  - amount: `{version.amount}` ({', '.join(f'`{line}`' for line in version.lines)})"
            yield f"  - first paid: {version.first_month} month"

    def _referrals(self, programme: str) -> Iterator[str]:
        """Lists what other departments owe to the holder of the status."""
        found = [
            (code, one)
            for code, linked in self.library.referral_versions.items()
            for items in linked.values()
            for one in items
            if one.programme == programme
        ]
        if found:
            yield from ("## Referrals", "")
            for code, one in found:
                until = f" to {one.version.until}" if one.version.until else ""
                where = f", unless `{one.version.when}` fails" if one.version.when else ""
                title = one.declared.title[self.language]
                yield f"- `{one.id}` {title} — {self._place(code)}, from {one.version.start}{until}{where} ({_cited(one.version.basis)})"
            yield ""

    def _graph(self, programme: str, ids: list[str]) -> Iterator[str]:
        """Draws an arrow from each rule to those that need it."""
        yield "```mermaid"
        yield "flowchart LR"
        names = {id_: f"r{number}" for number, id_ in enumerate(ids)}
        for id_, name in names.items():
            yield f'  {name}["{id_}"]'
        yield f'  result(["{programme}"])'
        version = self.library.programme_versions[NATION][programme][-1].version
        for id_ in dict.fromkeys([*([version.group] if version.group else []), *version.tests, *version.lines]):
            yield f"  {names[id_]} --> result"
        for id_, name in names.items():
            for need in self._needs(id_):
                if need in names:
                    yield f"  {names[need]} --> {name}"
        yield "```"
        yield ""

    def _needs(self, id_: str) -> list[str]:
        latest = self.library.rule_versions[NATION][id_][-1]
        return sorted(set(references(latest.node)))

    def _rule(self, id_: str) -> Iterator[str]:
        declared = self.library.rules[id_]
        yield f"### `{id_}`"
        yield ""
        yield f"{declared.title['zh']} · {declared.title['en']} — for each {declared.entity}, {declared.unit}."
        yield ""
        for code, versions in self.library.rule_versions.items():
            for rule in versions.get(id_, []):
                yield from self._rule_version(code, rule)
        yield ""

    def _rule_version(self, code: str, rule: LinkedRule) -> Iterator[str]:
        until = f" to {rule.version.until}" if rule.version.until else ""
        yield f"- {self._place(code)}, from {rule.version.start}{until} ({_cited(rule.version.basis)})"
        for ground in rule.version.grounds:
            yield f"  - where `{ground.when}` holds: {_cited(ground.basis) if ground.basis else 'its articles'}"
        if rule.node is None:
            yield "  - the closure over marriage and parentage"
            return
        yield f"  - `{' '.join(rule.formula.split())}`"
        yield f"  - {formula_words(rule.node, self.library, self.language)}"

    def _place(self, code: str) -> str:
        return (self.library.packs[code].content.name or {}).get(self.language, code)

    def _title(self, id_: str) -> str:
        return self.library.rules[id_].title[self.language]


def _cited(basis: list[Citation]) -> str:
    return "；".join(f"{document} {article}".strip() for document, article in basis) or "no article of the nation's"


def _scenario(scenario: Scenario) -> Iterator[str]:
    name, request, result = scenario
    amount = result["amount"] or {}
    shown = amount.get("value") or (f"{amount.get('min')} to {amount.get('max') or 'open'}" if amount else "none")
    yield f"- **{name}** ({request['jurisdiction']}, {request['date']}): `{result['status']}`, amount {shown}"
    for test in result["tests"]:
        sides = ""
        if test["left"] is not None:
            sides = f": {_side(test['left'])} {test['relation']} {_side(test['right'])}"
        sign = {True: "holds", False: "fails", None: "open"}[test["holds"]]
        yield f"  - {sign}: `{test['rule']}`{sides}"
    for line in result["lines"]:
        yield f"  - line: `{line['rule']}` {line['amount']['value'] or 'open'}"


def _side(side: dict[str, Any]) -> str:
    return str(side["value"] or f"[{side['min']}, {side['max'] or '…'}]")
