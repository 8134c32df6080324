"""Runs every check that must stop a publication of packs; warnings that stop nothing are in warnings.py."""

from __future__ import annotations

from collections.abc import Iterable

from app.rules.checks.citations import faults_of_documents
from app.rules.checks.dates import faults_of_dates
from app.rules.checks.packs import faults_of_packs
from app.rules.checks.programmes import faults_of_programmes
from app.rules.checks.rules import faults_of_rules
from app.rules.checks.values import faults_of_floors, faults_of_values
from app.rules.packs.entries import PackFault
from app.rules.packs.library import Library
from app.rules.packs.pack import Pack
from app.rules.packs.strict_yaml import PackError

__all__ = ["PackFault", "faults", "faults_in"]


def faults_in(packs: dict[str, Pack]) -> list[PackFault]:
    """Checks packs that are not linked yet; faults that keep them from being linked are returned alone."""
    found = _sorted(faults_of_packs(packs))
    if found:
        return found
    try:
        library = Library(packs)
    except PackError as error:
        return PackFault.all_of(error)
    return faults(library)


def faults(library: Library) -> list[PackFault]:
    """Checks linked packs; returns each fault once, by file and line, and none if they may be published.

    Rules are looked at together once every pack, value and programme is sound by itself.
    """
    found = list(faults_of_packs(library.packs))
    if found:
        return _sorted(found)
    blocking = [*faults_of_values(library), *faults_of_programmes(library)]
    found = [*blocking, *faults_of_dates(library), *faults_of_documents(library), *faults_of_floors(library)]
    if not blocking:
        found += faults_of_rules(library)
    return _sorted(found)


def _sorted(found: Iterable[PackFault]) -> list[PackFault]:
    return sorted(set(found))
