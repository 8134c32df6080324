"""Shared by all commands: the console, the language, failures, JSON on standard output, common options."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from app.rules.messages import Language
from app.settings import Settings

console = Console()

LanguageOption = Annotated[Literal["zh", "en"] | None, typer.Option(help="Language of texts; by LANG if absent.")]
DataOption = Annotated[
    Path | None, typer.Option(help="The service's folder for what is stored; by default DOUDI_DATA, or else data.")
]


def language_of_terminal() -> Language:
    """Choose English where the environment asks for it, Chinese otherwise."""
    return "en" if os.environ.get("LANG", "").lower().startswith("en") else "zh"


def settings_of(data: Path | None) -> Settings:
    """Read the settings, with another data folder if one is given."""
    return Settings() if data is None else Settings(data=data)


def print_json(value: Any) -> None:
    """Write a value to standard output as indented JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def failure(message: str) -> typer.Exit:
    """Write a message to standard error, and return the exit to raise: code 1."""
    Console(stderr=True).print(message, style="red", highlight=False)
    return typer.Exit(1)
