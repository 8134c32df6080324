"""doudi token: signs a bearer token with the key of a data folder."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Annotated

import typer

from app.cli.terminal import DataOption, failure, language_of_terminal, settings_of
from app.security.callers import ROLES, area_of
from app.security.secret_file import SecretRefused
from app.security.tokens import LIFETIME, TokenRefused
from app.security.verifiers import local_tokens

MOST_HOURS = 24 * 31


def _roles(given: list[str]) -> list[str]:
    if unknown := set(given) - set(ROLES):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: {' | '.join(ROLES)}")
    return given


def token(
    role: Annotated[
        list[str],
        typer.Option(help=f"What it allows (docs/access.md): {', '.join(ROLES)}; may be repeated.", callback=_roles),
    ],
    area: Annotated[
        list[str],
        typer.Option(help="Where: a GB/T 2260 code and all below it, or CN for the whole country; may be repeated."),
    ],
    subject: Annotated[
        str | None, typer.Option(help="For whom it speaks; somebody new with each token if absent.")
    ] = None,
    hours: Annotated[int, typer.Option(min=1, max=MOST_HOURS, help="For how long it is good.")] = LIFETIME
    // dt.timedelta(hours=1),
    data: DataOption = None,
) -> None:
    """Sign a token for a deployment without an identity provider: send it as `Authorization: Bearer …`."""
    zh = language_of_terminal() == "zh"
    settings = settings_of(data)
    if settings.token_issuer is not None:
        raise failure("令牌由身份提供方签发" if zh else "tokens of this deployment come from its identity provider")
    try:
        for code in area:
            area_of(code)
    except ValueError as error:
        raise failure("--area：2、4、6、9或12位区划代码，或者 CN" if zh else f"--area: {error}") from None
    try:
        signed = local_tokens(settings.data).sign(
            [one for one in ROLES if one in role], area, subject, dt.timedelta(hours=hours)
        )
    except TokenRefused:
        words = "--subject：1至120个可打印的ASCII字符" if zh else "--subject: 1 to 120 printable ASCII characters"
        raise failure(words) from None
    except (SecretRefused, OSError) as error:
        raise failure(str(error)) from None
    sys.stdout.write(signed + "\n")
