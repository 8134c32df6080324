"""doudi rules publish: checks a pack or a notice beside the packs in force, and sends it to a running service."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Table

from app.cli.terminal import LanguageOption, console, failure, language_of_terminal
from app.core.http_client import OutboundFailed, post_json
from app.publications.candidate import candidate, new_warnings
from app.publications.comparison import comparison
from app.publications.errors import FaultyPublication
from app.publications.intake import read_publication
from app.rules.facts.request import china_day
from app.rules.messages import Language, fault_message
from app.rules.packs.library import Library
from app.rules.packs.pack import CONTENT, load_packs
from app.rules.packs.strict_yaml import PackError, YamlFile
from app.rules.request_faults import FaultyRequest
from app.rules.values.strict_json import Json
from app.settings import Settings

_WHOLE: Final = ("name", "level", "parent")  # what only a whole pack says
_KINDS: Final = {"added": "新增", "changed": "变更", "ended": "终止", "removed": "删除"}


def publish(
    file: Annotated[Path, typer.Argument(help="A pack, a notice with documents and values, or a folder of a pack.")],
    place: Annotated[str | None, typer.Option(help="Whose notice it is: a code of six digits, or CN.")] = None,
    note: Annotated[str | None, typer.Option(help="Why, in words.")] = None,
    to: Annotated[
        str | None, typer.Option(help="A service to send it to, https://…; the token is DOUDI_TOKEN.")
    ] = None,
    impact: Annotated[bool, typer.Option(help="With --to: compute whom it touches.")] = False,
    content: Annotated[Path, typer.Option(help="Folder of packs that stand.")] = CONTENT,
    lang: LanguageOption = None,
) -> None:
    """Check a pack or a notice and show it beside what stands; with --to, submit it for a second person to approve."""
    language: Language = lang or language_of_terminal()
    body = _body(file, place, note, language)
    if to is None:
        _show_beside(body, content, language)
    else:
        _send(to, body, language, impact=impact)


def _body(file: Path, place: str | None, note: str | None, language: Language) -> Json:
    """Read the files into the body of a publication, with their texts unchanged."""
    try:
        paths = sorted(file.glob("*.yaml")) if file.is_dir() else [file]
        texts = {path.name: path.read_text(encoding="utf-8") for path in paths}
        said: Json = {}
        for name, text in texts.items():
            said |= YamlFile(name, text).data
    except (OSError, UnicodeDecodeError) as error:
        raise failure(f"{file}: {type(error).__name__}") from None
    except PackError as error:
        raise failure(str(error)) from None
    code = place or said.get("division")
    if not isinstance(code, str):
        raise failure("需要 --place：哪个地区" if language == "zh" else "--place is needed: whose is it?")
    whole = file.is_dir() or any(section in said for section in _WHOLE)
    sent: Json = {"pack" if whole else "change": texts if file.is_dir() else texts[file.name]}
    return {"jurisdiction": code, **sent} | ({"note": note} if note else {})


def _show_beside(body: Json, content: Path, language: Language) -> None:
    try:
        standing = load_packs(content)
        found = candidate(standing, read_publication(body), china_day(dt.datetime.now(dt.UTC)))
    except FaultyPublication as error:
        for fault in error.faults:
            console.print(f"{fault.file}:{fault.line}:{fault.column}: {fault.reason}", style="red", highlight=False)
        raise typer.Exit(1) from None
    except FaultyRequest as error:
        raise failure(
            "; ".join(f"{one.pointer}: {fault_message(one.code, language)}" for one in error.faults)
        ) from None
    except (PackError, OSError) as error:
        raise failure(str(error)) from None
    library = found.rules.library
    code = found.pack.code
    for warning in new_warnings(Library(standing), library, code):
        message = warning.message_zh if language == "zh" else warning.message
        console.print(f"{warning.file}:{warning.line}:{warning.column}: {message}", style="yellow", highlight=False)
    beside = comparison(standing.get(code), found.pack, library, language)
    console.print(comparison_table(beside.model_dump(by_alias=True), code, language))


def _send(to: str, body: Json, language: Language, *, impact: bool) -> None:
    zh = language == "zh"
    token = Settings().token
    if token is None:
        raise failure("需要环境变量 DOUDI_TOKEN" if zh else "DOUDI_TOKEN is needed in the environment")
    url = f"{to.rstrip('/')}/v1/publications" + ("?impact=true" if impact else "")
    try:
        status, answer = asyncio.run(post_json(url, body, token.get_secret_value(), language))
    except OutboundFailed:
        raise failure("服务没有答复" if zh else "the service did not answer") from None
    if status != 201:
        for error in answer.get("errors", ()):
            where = f"{error['file']}:{error['line']}:{error['column']}" if error.get("file") else error["pointer"]
            console.print(f"{where}: {error['message']}", style="red", highlight=False)
        raise failure(f"{status} {answer.get('code')}: {answer.get('detail')}")
    for warning in answer["warnings"]:
        place = f"{warning['file']}:{warning['line']}:{warning['column']}"
        console.print(f"{place}: {warning['message']}", style="yellow", highlight=False)
    console.print(comparison_table(answer["comparison"], answer["jurisdiction"], language))
    if answer["impact"]:
        console.print(_impact_table(answer["impact"], language))
    waits = "已提交，等待第二人批准：" if zh else "Submitted; it waits for a second person:"
    console.print(f"{waits} {answer['id']}", highlight=False)


def comparison_table(found: Json, title: str, language: Language) -> Table:
    """Draw what differs from the packs in force, one row for each entry."""
    zh = language == "zh"
    table = Table(title=title, title_justify="left")
    for name in ("", "变化", "现行", "提交") if zh else ("", "Change", "Stands", "Submitted"):
        table.add_column(name, overflow="fold")
    for one in found["documents"]:
        table.add_row(one["document"], _kind(one["kind"], language), "", one["title"])
    for one in found["values"]:
        table.add_row(one["value"], _kind(one["kind"], language), _value(one["left"]), _value(one["right"]))
    for one in found["rules"]:
        table.add_row(one["rule"], _kind(one["kind"], language), _rule(one["left"]), _rule(one["right"]))
    for name in (*found["programmes"], *found["other"]):
        table.add_row(name, _kind("changed", language), "", "")
    return table


def _kind(kind: str, language: Language) -> str:
    return _KINDS[kind] if language == "zh" else kind


def _value(side: Json | None) -> str:
    if side is None:
        return "–"
    per = f" / {side['per']}" if side["per"] else ""
    return f"{side['figure']}{per}\n{_days(side)}\n{side['document']} {side['article'] or ''}".strip()


def _rule(side: Json | None) -> str:
    return "–" if side is None else f"{side['formula']}\n{_days(side)}"


def _days(side: Json) -> str:
    return f"{side['from']} – {side['until'] or ''}"


def _impact_table(impact: Json, language: Language) -> Table:
    zh = language == "zh"
    seen = f"{impact['seen']} / {impact['decisions']}"
    table = Table(title=f"影响（已查看{seen}）" if zh else f"Whom it touches (looked at {seen})", title_justify="left")
    for name in (
        ("增加", "减少", "兼有", "不变", "待定", "每月净额")
        if zh
        else (*("Gain", "Loss", "Mixed", "Unchanged", "Undetermined", "Net a month"),)
    ):
        table.add_column(name, justify="right")
    table.add_row(*(str(count) for count in impact["counts"].values()), impact["net_month"])
    return table
