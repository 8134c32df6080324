"""doudi keys: a deliberate new beginning where a key is lost for good."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Final

import typer

from app.cli.database import with_database
from app.cli.terminal import DataOption, console, failure, language_of_terminal, settings_of
from app.rules.messages import Language

if TYPE_CHECKING:
    from app.db.database import Database

keys_app = typer.Typer(no_args_is_help=True)

_NAMES: Final = ("log", "requests", "identities")
_WORDS: Final[dict[str, dict[Language, str]]] = {
    "renewed": {"zh": "已启用新密钥", "en": "a new key is in use"},
    "closed": {
        "zh": "不能再打开的姓名和公民身份号码",
        "en": "names and ID numbers that cannot be opened any more",
    },
    "nothing_lost": {
        "zh": "所用密钥都在这里，没有更换",
        "en": "the keys in use are here; nothing was changed (doudi people rotate-keys changes the one that seals)",
    },
}


@keys_app.callback()
def _group() -> None:
    """Keep `renew` a command of its own."""


@keys_app.command()
def renew(
    name: Annotated[str, typer.Argument(help=f"Which key is lost: {', '.join(_NAMES)}.")],
    reason: Annotated[str, typer.Option(help="Why; it is kept.")],
    data: DataOption = None,
) -> None:
    """Begin anew with another key in place of one that is lost for good. Stop every service on the database first."""
    from app.decisions.keys.renewal import NothingLost
    from app.decisions.keys.renewal import renew as renewed

    if name not in _NAMES:
        raise typer.BadParameter(" | ".join(_NAMES))
    settings, language = settings_of(data), language_of_terminal()

    async def made(database: Database) -> int:
        return await renewed(database, settings.data, settings.origin, name, reason, dt.datetime.now(dt.UTC))

    try:
        closed = with_database(settings, made)
    except NothingLost:
        raise failure(_WORDS["nothing_lost"][language]) from None
    console.print(f"{name}: {_WORDS['renewed'][language]}; {_WORDS['closed'][language]}: {closed}", highlight=False)
