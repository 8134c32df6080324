"""doudi rules: checks, shows and compares the rules, draws what is published, begins a new place."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Table

from app.cli.coverage import coverage_rows, coverage_table
from app.cli.publish import publish
from app.cli.review import counted_in, review_rows, review_table
from app.cli.terminal import LanguageOption, console, failure, language_of_terminal, print_json, settings_of
from app.http.problems import problem_body
from app.rules.catalogue.catalogue import Catalogue, UnknownRule
from app.rules.catalogue.review import places_of_interest, review
from app.rules.catalogue.schemas import Citation, Difference, RulePage, StandardList
from app.rules.checks.run import faults_in
from app.rules.checks.warnings import Finding, warnings
from app.rules.facts.request import SHANGHAI
from app.rules.messages import Language
from app.rules.packs.library import Library, UnknownDivision
from app.rules.packs.pack import CONTENT, load_packs
from app.rules.packs.scaffold import scaffold
from app.rules.packs.strict_yaml import PackError
from app.rules.rulesets.ruleset import NoLaw
from app.rules.service import Rules

rules_app = typer.Typer(no_args_is_help=True)
rules_app.command()(publish)

_LABELS: Final = {
    "formula": "公式",
    "words": "公式释义",
    "from": "起始日期",
    "division": "所属区划",
    "needs": "引用的规则",
    "parameters": "引用的参数",
    "needed_by": "被引用于",
    "decides": "决定的项目",
    "basis": "依据",
}

JsonOption = Annotated[bool, typer.Option("--json", help="As JSON, for machines.")]
CodeArgument = Annotated[str, typer.Argument(help="GB/T 2260 code of a place.")]
DateOption = Annotated[str | None, typer.Option(help="The day, YYYY-MM-DD; today if absent.")]
KnownOption = Annotated[str | None, typer.Option(help="What was known by this day; today if absent.")]
ContentOption = Annotated[Path, typer.Option(help="Folder of packs.")]


def _day(text: str | None) -> dt.date:
    try:
        return dt.date.fromisoformat(text) if text else dt.datetime.now(SHANGHAI).date()
    except ValueError:
        wanted = "不是日期，应写作 YYYY-MM-DD" if language_of_terminal() == "zh" else "not a day, written YYYY-MM-DD"
        raise failure(f"{text}: {wanted}") from None


def _nothing_there(error: Exception, language: Language) -> str:
    """Say why there is nothing to show."""
    if isinstance(error, NoLaw):
        return "这一天还没有可适用的规定" if language == "zh" else "no rule was in force, or known, on that day"
    return f"{problem_body(error, language)['title']}: {error}"


def _words(warning: Finding, language: Language) -> str:
    message = warning.message_zh if language == "zh" else warning.message
    return f"{warning.file}:{warning.line}:{warning.column}: {message}"


@rules_app.command()
def check(content: ContentOption = CONTENT, lang: LanguageOption = None, as_json: JsonOption = False) -> None:
    """Check every pack: form, types, dates, documents, cycles, floors. Exit code 1 if there is a fault."""
    language: Language = lang or language_of_terminal()
    try:
        packs = load_packs(content)
    except (PackError, OSError) as error:
        if as_json:
            print_json({"faults": [str(error)], "warnings": []})
        raise failure(str(error)) from None
    found = faults_in(packs)
    doubtful = [] if found else warnings(Library(packs))
    if as_json:
        print_json({"faults": [str(f) for f in found], "warnings": [_words(w, language) for w in doubtful]})
    else:
        for warning in doubtful:
            console.print(_words(warning, language), style="yellow", highlight=False)
        for fault in found:
            console.print(str(fault), style="red", highlight=False)
        zh = language == "zh"
        words = "{}个规则包，{}处错误，{}条警告" if zh else "{} packs, {} faults, {} warnings"
        console.print(words.format(len(packs), len(found), len(doubtful)))
    if found:
        raise typer.Exit(1)


@rules_app.command()
def show(
    code: CodeArgument,
    rule: Annotated[str | None, typer.Argument(help="One rule; the standards of the place if absent.")] = None,
    date: DateOption = None,
    known: KnownOption = None,
    lang: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the standards of a place on a day, or one rule with its words, articles and versions."""
    language: Language = lang or language_of_terminal()
    catalogue = _catalogue()
    found: RulePage | StandardList
    try:
        if rule is not None:
            found = catalogue.rule(rule, code, _day(date), _day(known), language)
        else:
            found = catalogue.standards(code, _day(date), _day(known), language)
    except (UnknownDivision, UnknownRule, NoLaw) as error:
        raise failure(_nothing_there(error, language)) from None
    if as_json:
        print_json(found.model_dump(by_alias=True))
    elif isinstance(found, RulePage):
        console.print(_rule_table(found, language))
    else:
        console.print(_standards_table(found, language))


@rules_app.command()
def diff(
    code: CodeArgument,
    date: Annotated[str, typer.Option(help="The one day, YYYY-MM-DD.")],
    other_date: Annotated[str | None, typer.Option(help="The other day, YYYY-MM-DD; the same if absent.")] = None,
    other_place: Annotated[str | None, typer.Option(help="The other place; the same if absent.")] = None,
    known: KnownOption = None,
    other_known: Annotated[str | None, typer.Option(help="The same for the other; as --known if absent.")] = None,
    lang: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show two days, two states of knowledge or two places side by side."""
    language: Language = lang or language_of_terminal()
    left = (code, _day(date), _day(known))
    right = (other_place or code, _day(other_date or date), _day(other_known or known))
    try:
        found = _catalogue().difference(left, right, language)
    except (UnknownDivision, NoLaw) as error:
        raise failure(_nothing_there(error, language)) from None
    if as_json:
        print_json(found.model_dump(by_alias=True))
    else:
        console.print(_difference_table(found, language))


@rules_app.command()
def coverage(lang: LanguageOption = None, as_json: JsonOption = False) -> None:
    """Show which places publish which standards, year by year."""
    language: Language = lang or language_of_terminal()
    library = Library(load_packs())
    if as_json:
        print_json(coverage_rows(library, language))
    else:
        console.print(coverage_table(library, language))


@rules_app.command("review")
def review_(
    place: Annotated[str | None, typer.Option(help="GB/T 2260 code of a place; every place if absent.")] = None,
    date: DateOption = None,
    database: Annotated[
        Path | None,
        typer.Option("--database", "--data", help="The service's folder, whose stored decisions are counted."),
    ] = None,
    lang: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what is old, indirect, about to end or overtaken, and what places lack, the most asked first."""
    language: Language = lang or language_of_terminal()
    rules, day, settings = Rules.shipped(), _day(date), settings_of(database)
    stored = database is not None or settings.database_url is not None
    counted = counted_in(settings, day) if stored else {}
    try:
        places = [rules.library.division(place)] if place else places_of_interest(rules.library, counted)
        found = review(rules.library, rules.engines, places, day, _day(None), counted)
    except (UnknownDivision, NoLaw) as error:
        raise failure(_nothing_there(error, language)) from None
    if as_json:
        print_json({"date": day.isoformat(), "decisions_counted": stored, "places": review_rows(found, language)})
    else:
        console.print(review_table(found, language, stored=stored))


@rules_app.command("new-place")
def new_place(
    code: Annotated[str, typer.Argument(help="GB/T 2260 code of six digits.")],
    name_zh: Annotated[str, typer.Option(help="Name in Chinese.")],
    name_en: Annotated[str, typer.Option(help="Name in English.")],
    parent: Annotated[str | None, typer.Option(help="Code of the province's pack, if it has one.")] = None,
    content: ContentOption = CONTENT,
) -> None:
    """Write the skeleton of a place's pack, to be filled in from a published notice."""
    try:
        path = scaffold(content, code, name_zh, name_en, parent)
    except ValueError as error:
        raise failure(str(error)) from None
    zh = language_of_terminal() == "zh"
    then = "填写后请运行" if zh else "Fill it in, then:"
    console.print(f"{path}\n{then} doudi rules check", highlight=False)


def _catalogue() -> Catalogue:
    rules = Rules.shipped()
    return Catalogue(rules.library, rules.engines)


def _standards_table(found: StandardList, language: Language) -> Table:
    zh = language == "zh"
    table = Table(title=f"{found.jurisdiction.name}  {found.date}", title_justify="left")
    for name in (
        ("参数", "名称", "数值", "起止", "文件") if zh else ("Parameter", "Title", "Value", "Dates", "Document")
    ):
        table.add_column(name, overflow="fold")
    for item in found.items:
        if not item.values:
            gap = ("未公布" if zh else "gap") if item.status == "gap" else (item.rule or item.formula or "")
            table.add_row(item.parameter, item.title, gap, "", "", style="dim" if item.status == "gap" else "")
        for value in item.values:
            key = f"{value.key}: " if value.key else ""
            shown = value.value or f"{value.min}–{value.max}"
            dates = f"{value.start} – {value.until or ''}"
            table.add_row(item.parameter, item.title, f"{key}{shown}", dates, value.document_title)
    return table


def _rule_table(found: RulePage, language: Language) -> Table:
    table = Table(title=f"{found.rule}  {found.title}", title_justify="left", show_header=False)
    table.add_column()
    table.add_column(overflow="fold")
    shown = found.model_dump(by_alias=True)
    for name in ("formula", "words", "from", "division", "needs", "parameters", "needed_by", "decides"):
        value = shown[name]
        label = _LABELS[name] if language == "zh" else name
        table.add_row(label, ", ".join(value) if isinstance(value, list) else str(value))
    table.add_row(_LABELS["basis"] if language == "zh" else "basis", _cited(found.basis))
    for version in found.versions:
        table.add_row(f"{version.division} {version.start}", str(version.formula))
    return table


def _difference_table(found: Difference, language: Language) -> Table:
    table = Table()
    table.add_column("", overflow="fold")
    for side in (found.left, found.right):
        known = f"截至{side.known}所知" if language == "zh" else f"known by {side.known}"
        table.add_column(f"{side.jurisdiction.name} {side.date}\n{known}", overflow="fold")
    for programme in found.programmes:
        table.add_row(programme.programme, *("✓" if there else "–" for there in (programme.left, programme.right)))
    for value in found.values:
        table.add_row(value.parameter, _values(value.left), _values(value.right))
    for rule in found.rules:
        table.add_row(rule.rule, *(f"{side.formula}\n{_cited(side.basis)}" for side in (rule.left, rule.right)))
    return table


def _values(values: dict[str, str]) -> str:
    return "\n".join(f"{key}: {value}" if key else value for key, value in values.items()) or "–"


def _cited(basis: list[Citation]) -> str:
    return "；".join(f"{one.document} {one.article or ''}".strip() for one in basis)
