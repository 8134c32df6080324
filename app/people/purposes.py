"""Purposes for which personal data may be read, from purposes.yaml, and which of them a caller may name."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from app.rules.facts.household import Programme
from app.rules.packs.forms import Citation, Text
from app.rules.packs.strict_yaml import YamlFile
from app.security.callers import ROLES, Caller, Role

_FILE: Final = Path(__file__).with_name("purposes.yaml")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Purpose(_Section):
    """Why something is read: on which ground, by which roles, and which statuses it may ask about."""

    title: Text
    basis: tuple[Citation, ...]
    roles: frozenset[Role]
    statuses: tuple[Programme, ...]


class Purposes(_Section):
    """All purposes, and for what each role ordinarily reads."""

    ordinary: dict[Role, str]
    purposes: dict[str, Purpose]

    def ordinary_of(self, caller: Caller) -> str:
        """The purpose of a caller that names none: the ordinary one of the first of its roles."""
        return next(self.ordinary[role] for role in ROLES if role in caller.roles)

    def may_name(self, caller: Caller, purpose: str) -> bool:
        """Tells if there is such a purpose and the caller may name it."""
        found = self.purposes.get(purpose)
        return found is not None and not found.roles.isdisjoint(caller.roles)


@cache
def shipped() -> Purposes:
    """The purposes that come with the service."""
    return Purposes.model_validate(YamlFile.load(_FILE, _FILE.name).data)
