"""Parcels: folders of files with a manifest that names each with its digest, put in place whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from app.rules.request_faults import Fault
from app.rules.values.strict_json import NotJson, parse_json
from app.verification.exchange.errors import Malformed
from app.verification.exchange.protocol import Exchanged

MANIFEST: Final = "manifest.json"
_MOST_BYTES: Final = 64 * 1024 * 1024
_MOST_MANIFEST: Final = 1024 * 1024

FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_\-]{1,80}\.(csv|xlsx)$")]


class ListedFile(Exchanged):
    """A file of a parcel: its name and the SHA-256 of its bytes."""

    name: FileName
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Manifest(Exchanged):
    """What is in a parcel: queries or answers of one batch; `complete` says that no more answers come."""

    format: Literal["doudi-exchange/1"] = "doudi-exchange/1"
    holds: Literal["queries", "answers"]
    batch: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    complete: bool = False
    files: Annotated[list[ListedFile], Field(min_length=1, max_length=100)]


def put(folder: Path, name: str, manifest: Manifest, files: Mapping[str, bytes]) -> None:
    """Place a parcel in a folder under a name. One that is there already under it stands, since it says the same.

    Whoever looks finds it whole: it is written beside under a name that begins with a dot, and renamed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / name
    if target.exists():
        return
    making = Path(tempfile.mkdtemp(dir=folder, prefix=".making-"))
    try:
        for file, body in files.items():
            _write(making / file, body)
        _write(making / MANIFEST, manifest.model_dump_json(indent=1).encode())
        _sync(making)
        making.rename(target)
        _sync(folder)
    except OSError:
        if not target.exists():  # somebody else was first, with the same
            raise
    finally:
        shutil.rmtree(making, ignore_errors=True)


def manifest_of(
    files: Mapping[str, bytes], holds: Literal["queries", "answers"], batch: str, complete: bool
) -> Manifest:
    """The manifest of some files."""
    listed = [ListedFile(name=name, sha256=hashlib.sha256(body).hexdigest()) for name, body in sorted(files.items())]
    return Manifest(holds=holds, batch=batch, complete=complete, files=listed)


def parcels(folder: Path) -> Iterator[Path]:
    """The parcels that are in a folder whole, in the order of their names; one without manifest is still being made."""
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if not path.name.startswith(".") and (path / MANIFEST).is_file():
                yield path


def read_manifest(parcel: Path) -> Manifest:
    """Reads the manifest of a parcel. Malformed if it cannot be read."""
    try:
        return Manifest.model_validate(parse_json(_read(parcel / MANIFEST, _MOST_MANIFEST)))
    except NotJson:
        raise Malformed([Fault("", "wrong_form")]) from None
    except ValidationError as error:
        raise Malformed.of(error) from None


def open_parcel(parcel: Path, manifest: Manifest) -> dict[str, bytes]:
    """The files of a parcel. Malformed if one is missing or is not what the manifest says."""
    opened: dict[str, bytes] = {}
    for number, file in enumerate(manifest.files):
        body = _read(parcel / file.name, _MOST_BYTES)
        if hashlib.sha256(body).hexdigest() != file.sha256:
            raise Malformed([Fault(f"/files/{number}/sha256", "not_allowed")])
        opened[file.name] = body
    return opened


def _read(path: Path, most: int) -> bytes:
    """A file's bytes. Malformed if it is none (a link is none: it could lead anywhere) or larger than agreed."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            body = file.read(most + 1)
    except OSError:
        raise Malformed([Fault("/files", "required")]) from None
    if len(body) > most:
        raise Malformed([Fault("/files", "too_long")])
    return body


def _write(path: Path, body: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
