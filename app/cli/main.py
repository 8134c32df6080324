"""doudi: the commands demo, serve and assess, and the groups of other commands. Nothing is computed here."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from app.cli.audit import audit_app
from app.cli.demo.assess import run_demo
from app.cli.keys import keys_app
from app.cli.people import people_app
from app.cli.rules import rules_app
from app.cli.simulator import verification_simulator
from app.cli.tables import answer_table
from app.cli.terminal import (
    DataOption,
    LanguageOption,
    console,
    failure,
    language_of_terminal,
    print_json,
    settings_of,
)
from app.cli.token import token
from app.core.errors import LogBroken
from app.db.private_server.account import Unusable
from app.http.problems import problem_body
from app.http.protocol import guarded
from app.main import create_app
from app.rules.engine.evaluate import RuleFailure
from app.rules.messages import Language
from app.rules.packs.library import UnknownDivision
from app.rules.request_faults import FaultyRequest, TooManyMembers
from app.rules.service import Rules
from app.rules.values.strict_json import NotJson
from app.security.secret_file import SecretRefused

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="兜底: social assistance in China, to the fen, with the article."
)
app.add_typer(rules_app, name="rules", help="The rules: check, show, compare, coverage, a new place.")
app.add_typer(
    people_app, name="people", help="Persons: erase one, or all whose time is over; change the key that seals them."
)
app.add_typer(keys_app, name="keys", help="Keys that are lost for good: a deliberate new beginning.")
app.add_typer(audit_app, name="audit", help="The log: bundles and exports to take away, and checking them.")
app.command()(token)
app.command()(verification_simulator)


@app.command()
def demo(
    lang: LanguageOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="The answers as JSON.")] = False,
) -> None:
    """Assess sample households, explain one to the article, time it; store, decide, compute again and prove them."""
    run_demo(lang or language_of_terminal(), as_json=as_json)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    data: DataOption = None,
    log_level: Annotated[str, typer.Option(help="uvicorn's log level.")] = "warning",
) -> None:
    """Serve the API until it is stopped: http://HOST:PORT/docs describes it."""
    failed: list[Exception] = []

    def stop(error: Exception) -> None:
        failed.append(error)
        server.should_exit = True

    settings = settings_of(data)
    try:
        api = create_app(settings=settings, storage_failed=stop)
    except (SecretRefused, OSError) as error:
        raise failure(str(error)) from None
    console.print(f"http://{host}:{port}/docs · {'DATABASE_URL' if settings.database_url else settings.data}")
    config = uvicorn.Config(
        api, host=host, port=port, log_level=log_level, access_log=False, http=guarded(settings), ws="none"
    )
    server = uvicorn.Server(config)
    try:
        server.run()
    except SystemExit:  # the address is taken; the server has said so
        raise typer.Exit(1) from None
    if failed:
        told = isinstance(failed[0], Unusable | SecretRefused | LogBroken) and str(failed[0])
        raise failure(told or type(failed[0]).__name__)


@app.command()
def assess(
    file: Annotated[str, typer.Argument(help="A request as the API takes it, or - for standard input.")],
    lang: LanguageOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="The answer as the API gives it.")] = False,
) -> None:
    """Assess one household: the body of POST /v1/assessments in, the answer out."""
    language: Language = lang or language_of_terminal()
    body = sys.stdin.buffer.read() if file == "-" else _read(file)
    try:
        answer = Rules.shipped().assess_json(body, language, dt.datetime.now(dt.UTC))
    except (FaultyRequest, TooManyMembers, UnknownDivision, NotJson, RuleFailure) as error:
        sys.stderr.write(json.dumps(problem_body(error, language), ensure_ascii=False, indent=2) + "\n")
        raise typer.Exit(1) from None
    if as_json or not sys.stdout.isatty():
        print_json(answer)
        return
    console.print(answer_table(answer, language))


def _read(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise failure(f"{file}: {error.strerror}") from None


def main() -> None:
    """Run the command line: the entry point of `doudi`."""
    app()
