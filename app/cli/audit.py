"""doudi audit: bundles and exports for auditors, and the checks of them and of the database."""

from __future__ import annotations

import base64
import binascii
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final
from uuid import UUID

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn

from app.cli.database import with_database
from app.cli.terminal import (
    DataOption,
    LanguageOption,
    console,
    failure,
    language_of_terminal,
    print_json,
    settings_of,
)
from app.core.errors import NoSuchEntry, UnknownDecision
from app.decisions.proofs.checkpoints import Signer
from app.rules.messages import Language
from app.security.keyring import Keyring
from app.settings import keys_folder, log_key

if TYPE_CHECKING:
    from app.db.database import Database
    from app.decisions.proofs.verify import Checked

# What reaches the database is imported by the commands that need it: other commands start without.
audit_app = typer.Typer(no_args_is_help=True)

JsonOption = Annotated[bool, typer.Option("--json", help="The findings as JSON.")]
RecomputeOption = Annotated[bool, typer.Option(help="Compute every decision again by its stored rules.")]

_WORDS: Final[dict[str, dict[Language, str]]] = {
    "sound": {"zh": "无误", "en": "sound"},
    "not_sound": {"zh": "有问题", "en": "not sound"},
    "recomputed": {"zh": "重新计算的认定", "en": "decisions computed again"},
    "exported": {"zh": "条记录", "en": "records"},
    "no_log": {"zh": "这里没有日志", "en": "there is no log here"},
    "no_id": {"zh": "不是认定的编号", "en": "not the id of a decision"},
    "no_decision": {"zh": "没有这一认定", "en": "there is no such decision"},
    "no_path": {"zh": "没有这个文件或文件夹", "en": "there is no such file or folder"},
    "no_file": {"zh": "既不是文件也不是文件夹", "en": "neither a file nor a folder"},
    "no_base64": {"zh": "不是 base64", "en": "not base64"},
    "done": {"zh": "已核验记录", "en": "records checked"},
}


@audit_app.command()
def key(data: DataOption = None) -> None:
    """Print the public key of the log, for auditors to compare."""
    sys.stdout.write(base64.b64encode(_signer(data).public_key).decode() + "\n")


@audit_app.command()
def bundle(
    decision: Annotated[str, typer.Argument(help="The id of a decision.")],
    data: DataOption = None,
) -> None:
    """Print one file with all that is needed to check a decision elsewhere."""
    from app.decisions.audit.export import bundle as bundle_of

    try:
        id_ = UUID(decision)
    except ValueError:
        raise failure(_word("no_id")) from None
    settings, signer = settings_of(data), _signer(data)

    async def made(database: Database) -> str:
        async with database.connect() as connection:
            found = await bundle_of(connection, settings.origin, id_, signer.public_key)
        return found.model_dump_json()

    try:
        sys.stdout.write(with_database(settings, made) + "\n")
    except (UnknownDecision, NoSuchEntry):
        raise failure(_word("no_decision")) from None


@audit_app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="A folder to write to; it is made if it is not there.")],
    data: DataOption = None,
    lang: LanguageOption = None,
) -> None:
    """Write the whole log to a folder."""
    from app.decisions.audit.export import export as export_to

    settings, signer = settings_of(data), _signer(data)

    language: Language = lang or language_of_terminal()

    async def made(database: Database) -> int:
        with _progress(language) as advance:
            async with database.connect() as connection:
                return await export_to(connection, settings.origin, signer.public_key, folder, advance)

    console.print(f"{with_database(settings, made)} {_WORDS['exported'][language]} → {folder}", highlight=False)


@audit_app.command()
def verify(
    path: Annotated[Path, typer.Argument(help="A bundle, or the folder of an export.")],
    public_key: Annotated[str | None, typer.Option("--key", help="The log's public key in base64.")] = None,
    recompute: RecomputeOption = True,
    lang: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a bundle or an export without service, database or network."""
    from app.decisions.proofs.verify import check_file, check_folder

    language: Language = lang or language_of_terminal()
    pinned = _pinned(public_key)
    if not path.exists():
        raise typer.Exit(_unread(f"{path}: {_WORDS['no_path'][language]}"))
    if not (path.is_dir() or path.is_file()):  # a pipe might never end
        raise typer.Exit(_unread(f"{path}: {_WORDS['no_file'][language]}"))
    if path.is_dir():
        with _progress(language) as advance:
            checked = check_folder(path, pinned, recompute=recompute, progress=advance)
    else:
        checked = check_file(path, pinned, recompute=recompute)
    _report(checked, language, as_json=as_json)


@audit_app.command()
def check(
    data: DataOption = None,
    recompute: RecomputeOption = True,
    lang: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the database itself, also while a service is using it."""
    from app.decisions.audit.database import check_database

    language: Language = lang or language_of_terminal()
    settings, signer = settings_of(data), _signer(data)
    keyring = Keyring(keys_folder(settings.data))

    async def made(database: Database) -> Checked:
        with _progress(language) as advance:
            async with database.connect() as connection:
                return await check_database(
                    connection,
                    settings.origin,
                    signer.public_key,
                    recompute=recompute,
                    keyring=keyring,
                    progress=advance,
                )

    _report(with_database(settings, made), language, as_json=as_json)


def _word(name: str) -> str:
    return _WORDS[name][language_of_terminal()]


def _signer(data: Path | None) -> Signer:
    path = log_key(settings_of(data).data)
    if not path.exists():
        raise failure(f"{path}: {_word('no_log')}")
    return Signer.load_or_create(path)


def _pinned(text: str | None) -> bytes | None:
    if text is None:
        return None
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise typer.Exit(_unread(f"--key: {_word('no_base64')}")) from None


def _unread(message: str) -> int:
    sys.stderr.write(message + "\n")
    return 2


@contextmanager
def _progress(language: Language) -> Iterator[Callable[[int], None]]:
    columns = (SpinnerColumn(), TextColumn("{task.description} {task.completed:.0f}"))
    # Nothing but the result is written where nobody watches.
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(_WORDS["done"][language], total=None)
        yield lambda done: bar.update(task, completed=done)


def _report(checked: Checked, language: Language, *, as_json: bool) -> None:
    """Print the findings; end with code 1 if the log is not sound."""
    if as_json:
        shown = [vars(finding) | {"message": finding.message(language)} for finding in checked.findings]
        print_json({"sound": checked.sound, "recomputed": checked.recomputed, "findings": shown})
    else:
        for finding in checked.findings:
            console.print(f"{finding.code}: {finding.message(language)}", markup=False, highlight=False)
        console.print(f"{_WORDS['recomputed'][language]}: {checked.recomputed}")
        console.print(_WORDS["sound" if checked.sound else "not_sound"][language])
    if not checked.sound:
        raise typer.Exit(1)
