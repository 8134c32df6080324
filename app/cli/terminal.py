"""The terminal: one console, one way to fail, and the language people set for it."""

import os

import typer
from rich.console import Console

from app.rules.messages import Language

console = Console()


def language_of_terminal() -> Language:
    """English where the environment asks for it, Chinese otherwise."""
    return "en" if os.environ.get("LANG", "").lower().startswith("en") else "zh"


def failure(message: str) -> typer.Exit:
    """Says what is wrong and gives the exit to raise."""
    Console(stderr=True).print(message, style="red", highlight=False)
    return typer.Exit(1)
