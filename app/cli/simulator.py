"""doudi verification-simulator: serves a platform with invented registers, in a process of its own."""

from __future__ import annotations

import datetime as dt
import secrets
from pathlib import Path
from typing import Annotated, Final

import typer
import uvicorn

from app.cli.terminal import console, failure, language_of_terminal
from app.rules.facts.request import SHANGHAI
from app.rules.messages import Language
from app.rules.packs.strict_yaml import PackError
from app.security.secret_file import SecretRefused, load_or_create
from app.settings import Settings, keys_folder
from app.verification.exchange.mapping.mapping import load_mapping
from app.verification.exchange.signing import load_key
from app.verification.simulator.behaviour import Behaviour
from app.verification.simulator.platform import Simulated
from app.verification.simulator.registers import Registers
from app.verification.simulator.script import read_script
from app.verification.simulator.service import create_simulator

_INVENTED: Final[dict[Language, str]] = {
    "zh": "模拟核对平台：其中的人员、登记和金额全部是虚构的",
    "en": "Simulated platform: every person, register and amount in it is invented",
}


def _share(help_: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(min=0.0, max=1.0, help=help_)
    return option


def verification_simulator(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 for any that is free.")] = 8100,
    seed: Annotated[int, typer.Option(help="The same seed gives the same registers and the same faults.")] = 1,
    people: Annotated[int, typer.Option(min=0, max=1_000_000, help="How many people the registers know.")] = 1000,
    as_of: Annotated[str | None, typer.Option(help="The registers' day, YYYY-MM-DD; by default today.")] = None,
    latency: Annotated[float, typer.Option(min=0.0, max=3600.0, help="Seconds until an answer is there.")] = 0.0,
    lateness: Annotated[float, typer.Option(min=0.0, max=3600.0, help="Seconds more until a late one is.")] = 5.0,
    errors: Annotated[float, _share("Share of answers that are errors, and of requests answered 503.")] = 0.0,
    duplicates: Annotated[float, _share("Share of answers told twice.")] = 0.0,
    late: Annotated[float, _share("Share of answers that are late.")] = 0.0,
    malformed: Annotated[float, _share("Share of answers that are malformed the first time.")] = 0.0,
    partial: Annotated[float, _share("Share of answers of which a part comes first.")] = 0.0,
    wrong_matches: Annotated[float, _share("Share of answers about another person of the same name.")] = 0.0,
    callback_key: Annotated[
        Path | None, typer.Option(help="File of the key shared with the service; made if there is none.")
    ] = None,
    script: Annotated[Path | None, typer.Option(help="People and behaviour as YAML (docs/verification.md).")] = None,
    exchange: Annotated[Path | None, typer.Option(help="Folder with outbox and inbox, to exchange files too.")] = None,
    platform: Annotated[Path | None, typer.Option(help="Mapping of another platform to speak by.")] = None,
) -> None:
    """Be a platform with invented registers, to try verification with: nothing in it is true of anybody."""
    behaviour = Behaviour(
        latency=latency,
        lateness=lateness,
        errors=errors,
        duplicates=duplicates,
        late=late,
        malformed=malformed,
        partial=partial,
        wrong_matches=wrong_matches,
    )
    try:
        mapping = load_mapping(platform or "simulator").whole()
        registers = Registers.invented(seed, people, _day(as_of))
        if script is not None:
            told = read_script(script, mapping, registers)
            behaviour = behaviour.model_copy(update=told.model_dump(exclude_unset=True))
        key_file = callback_key or keys_folder(Settings().data) / "simulator.key"
        load_or_create(key_file, lambda: secrets.token_hex(32).encode())
        key = load_key(key_file)
    except (PackError, SecretRefused, OSError) as error:
        raise failure(str(error)) from None
    app = create_simulator(mapping, Simulated(mapping, registers, behaviour, seed), key, exchange)
    _serve(uvicorn.Config(app, host=host, port=port, log_level="warning", access_log=False), key_file)


class _Announcing(uvicorn.Server):
    """A server that prints its address once it listens, and that everything in it is invented."""

    def __init__(self, config: uvicorn.Config, key_file: Path) -> None:
        super().__init__(config)
        self._key_file = key_file

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(None)
        address = self.servers[0].sockets[0].getsockname()
        console.print(_INVENTED[language_of_terminal()], highlight=False)
        console.print(f"http://{address[0]}:{address[1]} · {self._key_file}", highlight=False, soft_wrap=True)


def _serve(config: uvicorn.Config, key_file: Path) -> None:
    try:
        _Announcing(config, key_file).run()
    except SystemExit:  # the address is taken; the server has said so
        raise typer.Exit(1) from None


def _day(text: str | None) -> dt.date:
    if text is None:
        return dt.datetime.now(SHANGHAI).date()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("--as-of: YYYY-MM-DD") from None
