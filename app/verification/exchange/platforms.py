"""The platform of each place, from one file of the deployment that is read when the service starts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from app.rules.facts.forms import Code
from app.rules.packs.divisions import significant
from app.verification.exchange.errors import NoPlatform
from app.verification.exchange.folders import FileExchange
from app.verification.exchange.http import HttpJson
from app.verification.exchange.mapping.mapping import Mapping, load_mapping, shipped_platforms
from app.verification.exchange.protocol import ONE_BY_ONE, Answers, Backend, Callback, Query, Receipt, Report
from app.verification.exchange.signing import load_key
from app.verification.registers.yaml_file import Section, checked, load

_ADDRESS = r"^(https://[^\s/?#@]+|http://(127\.0\.0\.1|localhost)(:[0-9]+)?)(/[A-Za-z0-9._~/\-]*)?$"


class PlatformOfPlace(Section):
    """A platform: its mapping by name or file, and either its address with the shared key, or two folders."""

    mapping: str
    address: Annotated[str, Field(pattern=_ADDRESS)] | None = None
    key: Path | None = None
    outbox: Path | None = None
    inbox: Path | None = None
    form: Literal["csv", "xlsx"] = "csv"
    gathered_for: Annotated[int, Field(ge=0, le=7 * 24 * 60)] = 0  # minutes for which a batch is gathered

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        by_http, by_files = (self.address, self.key), (self.outbox, self.inbox)
        if not any(
            None not in one and set(other) == {None} for one, other in ((by_http, by_files), (by_files, by_http))
        ):
            raise ValueError("either address and key, or outbox and inbox")
        if self.gathered_for and None not in by_http:
            raise ValueError("only files are gathered")
        return self


class Content(Section):
    """Platforms by the code of their place, and where they reach this service."""

    callbacks: Annotated[str, Field(pattern=_ADDRESS)] | None = None
    platforms: dict[Code, PlatformOfPlace]


class Null:
    """Takes nothing and answers nothing, so that a person verifies by visits and letters instead."""

    platform: Final = "none"
    handing_over: Final = ONE_BY_ONE

    async def submit(self, query: Query) -> Receipt:
        raise NoPlatform

    async def submit_all(self, queries: Sequence[Query]) -> list[Receipt]:
        raise NoPlatform

    async def poll(self, query: Query, receipt: Receipt) -> Answers:
        raise NoPlatform

    def accept(self, callback: Callback, query: Query, now: dt.datetime) -> Report:
        raise NoPlatform


class Directory:
    """The platforms of a deployment. A place that has none, and lies in none that has, is verified by persons."""

    def __init__(self, backends: dict[str, Backend], callbacks: str | None = None) -> None:
        self._backends = sorted(backends.items(), key=lambda item: -len(item[0]))
        self.callbacks = callbacks

    @classmethod
    def read(cls, path: Path | None) -> Directory:
        """Reads the file; without one there is no platform. PackError for faults of the file or of a mapping, SecretRefused
        for keys. Paths in it are from its folder."""
        if path is None:
            return cls({})
        content = checked(load(path), Content)
        backends = {significant(code): _backend(one, path.parent) for code, one in content.platforms.items()}
        return cls(backends, content.callbacks)

    def of(self, code: str) -> Backend:
        """The platform of the nearest division above a place."""
        digits = significant(code)
        return next((backend for area, backend in self._backends if digits.startswith(area)), Null())

    def serves(self, code: str) -> bool:
        """True if a place has a platform."""
        return not isinstance(self.of(code), Null)

    async def close(self) -> None:
        """Give connections back."""
        for _, backend in self._backends:
            if isinstance(backend, HttpJson):
                await backend.close()


def _backend(one: PlatformOfPlace, folder: Path) -> Backend:
    mapping = _mapping(one.mapping, folder)
    if one.address is not None and one.key is not None:
        return HttpJson(mapping, one.address, load_key(folder / one.key))
    assert one.outbox is not None and one.inbox is not None  # noqa: S101, PT018  the model sees to it
    gathered_for = dt.timedelta(minutes=one.gathered_for)
    return FileExchange(mapping, folder / one.outbox, folder / one.inbox, one.form, gathered_for=gathered_for)


def _mapping(name: str, folder: Path) -> Mapping:
    return load_mapping(name if name in shipped_platforms() else folder / name)
