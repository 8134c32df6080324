"""doudi people: erases one person, or all whose time is over, and changes the key that seals identities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final, get_args

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from app.cli.database import with_database
from app.cli.terminal import DataOption, console, failure, language_of_terminal, print_json, settings_of
from app.people.schemas import Erased, Ground
from app.rules.messages import Language
from app.security.callers import COUNTRY, Caller
from app.security.keyring import KeyMissing, Keyring
from app.security.secret_file import SecretRefused
from app.settings import Settings, keys_folder

if TYPE_CHECKING:
    from app.db.database import Database
    from app.people.retention import Due

# What reaches the database is imported by the commands that need it: other commands start without.
people_app = typer.Typer(no_args_is_help=True)

OPERATOR: Final = Caller("operator", frozenset({"system"}), (COUNTRY,))  # whoever may read the data folder
_GROUNDS: Final = get_args(Ground)
_WORDS: Final[dict[str, dict[Language, str]]] = {
    "erased": {"zh": "已删除", "en": "erased"},
    "nobody": {"zh": "没有这个人员", "en": "there is no such person"},
    "no_keys": {"zh": "这里没有密钥", "en": "there are no keys here"},
    "rotated": {"zh": "新密钥，重新加密的身份信息", "en": "new key; identities wrapped anew"},
    "rotating": {"zh": "重新加密", "en": "wrapping anew"},
    "not_chosen": {
        "zh": "尚未选定姓名和公民身份号码的保存期限（DOUDI_IDENTITIES_MONTHS）",
        "en": "nobody has chosen for how long names and ID numbers are kept (DOUDI_IDENTITIES_MONTHS)",
    },
    "kept": {"zh": "保存", "en": "kept"},
    "months": {"zh": "个月", "en": "months"},
    "at_least": {"zh": "至少", "en": "at least"},
    "person": {"zh": "人员", "en": "Person"},
    "last": {"zh": "最后记录", "en": "Last recorded"},
    "due": {"zh": "到期人员", "en": "due"},
}


@people_app.command()
def erase(
    ref: Annotated[str, typer.Argument(help="The person's reference.")],
    reason: Annotated[str, typer.Option(help=f"On which ground: {', '.join(_GROUNDS)}.")],
    data: DataOption = None,
) -> None:
    """Destroy name and ID number of a person in every decision; records and proofs stay."""
    from app.core.errors import Conflict, UnknownPerson
    from app.http.problems import TITLES
    from app.people.erasure import Erasures

    ground = next((one for one in _GROUNDS if one == reason), None)
    if ground is None:
        raise typer.BadParameter(f"--reason: {' | '.join(_GROUNDS)}")

    async def made(database: Database) -> Erased:
        return await Erasures(database, _now).erase(OPERATOR, ref, ground)

    try:
        done = with_database(settings_of(data), made, signed=True)
    except UnknownPerson:
        raise failure(_word("nobody")) from None
    except Conflict as error:
        raise failure(TITLES[error.code][1][language_of_terminal()]) from None
    console.print(f"{_word('erased')}: {done.person} {done.erased_at} {done.reason}", highlight=False)


@people_app.command()
def rotate_keys(data: DataOption = None) -> None:
    """Put a new key in place of the one that seals who people are, also while a service is running."""
    from app.people.rotation import Rotated, rotate

    settings = settings_of(data)
    keyring = _keyring(settings)

    async def made(database: Database) -> Rotated:
        with _progress(_word("rotating")) as advance:
            return await rotate(database, keyring, _now(), advance)

    try:
        done = with_database(settings, made)
    except (KeyMissing, SecretRefused) as error:
        raise failure(str(error)) from None
    console.print(f"{done.name}: {_word('rotated')}: {done.keys}", highlight=False)


@people_app.command()
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show who is due, and erase nobody.")] = False,
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Who is due, as JSON.")] = False,
) -> None:
    """Erase everybody whose time is over, and say for how long what is kept."""
    from app.people.erasure import Erasures
    from app.people.retention import due

    settings = settings_of(data)
    if not as_json:
        _say_rules(settings)
    months = settings.identities_months
    if months is None:
        raise failure(_word("not_chosen"))

    async def made(database: Database) -> list[Due]:
        found = [one async for one in due(database, months, _now())]
        if not dry_run:
            erasures = Erasures(database, _now)
            for one in found:
                await erasures.erase(OPERATOR, one.ref, "period_ended")
        return found

    _say_due(with_database(settings, made, signed=not dry_run), as_json=as_json)


def _say_rules(settings: Settings) -> None:
    from app.people.retention import shipped

    language = language_of_terminal()
    for rule in shipped().values():
        months = getattr(settings, rule.chosen_by) if rule.chosen_by else rule.at_least_months
        least = "" if rule.chosen_by else _word("at_least")
        period = f"{_word('kept')} {least} {months} {_word('months')}" if months else "—"
        basis = "; ".join(f"{document} {article}" for document, article in rule.basis)
        console.print(f"{rule.title[language]}: {period} ({basis})", highlight=False, markup=False)


def _say_due(found: list[Due], *, as_json: bool) -> None:
    if as_json:
        print_json([{"person": one.ref, "last": one.last.isoformat()} for one in found])
        return
    table = Table(_word("person"), _word("last"), title=f"{_word('due')}: {len(found)}")
    for one in found:
        table.add_row(one.ref, one.last.isoformat())
    console.print(table)


def _keyring(settings: Settings) -> Keyring:
    keyring = Keyring(keys_folder(settings.data))
    if not keyring.names():
        raise failure(f"{keyring.folder}: {_word('no_keys')}")
    return keyring


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _word(name: str) -> str:
    return _WORDS[name][language_of_terminal()]


@contextmanager
def _progress(words: str) -> Iterator[Callable[[int, int], None]]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
