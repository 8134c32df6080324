"""Texts of packs for tests, and the faults that reading or linking them raises."""

from app.rules.packs.pack import Pack
from app.rules.packs.strict_yaml import PackError, YamlFile

Place = tuple[int, int]
HEAD = 'division: "999900"\nlevel: prefecture\n'
DATES = "versions: [{from: 2021-07-01, basis: []}]"


def place_of(text: str, words: str) -> Place:
    """The line and column at which the words stand in the text, from 1."""
    before = text[: text.index(words)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def where(error: PackError) -> Place:
    return error.line, error.column


def city(text: str) -> Pack:
    return Pack("999900", [YamlFile("999900/pack.yaml", HEAD + text)])


# the form of packs


def value(fields: str) -> str:
    return f"values:\n  minimum_wage:\n    - {{{fields}, document: x}}\n"


def replacement(id_: str, formula: str) -> str:
    return f"replaces:\n  {id_}:\n    formula: {formula}\n    {DATES}\n"
