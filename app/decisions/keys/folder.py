"""Whether a folder has the keys that a database was written with. A service without them would sign the same log with
another key, open nobody's name and find nobody: it refuses to start.

The database keeps a mark of each key: of the one that signs the log its public half, of the others a keyed digest. One
from before there were marks is compared by what the keys did: the last signature, and what they wrap.
"""

from __future__ import annotations

import base64
import datetime as dt
from pathlib import Path
from typing import Final
from uuid import UUID

from app.db.connection import Connection
from app.db.database import Database
from app.decisions.keys import repository
from app.decisions.log.repository import latest_checkpoint
from app.decisions.proofs.algorithms import key_id
from app.decisions.proofs.checkpoints import Signer
from app.security.keyring import FIRST, Keyring, MasterKey
from app.security.request_fingerprints import RequestMarks
from app.security.sealing import SealedUnreadable
from app.security.secret_file import SecretRefused, load
from app.settings import keys_folder, log_key, requests_key

LOG: Final = "log"
REQUESTS: Final = "requests"
_WHAT: Final = {LOG: "signs the log", REQUESTS: "knows repeated requests again"}
_TRIED: Final = 3  # that many are not all damaged


class KeysAbsent(SecretRefused):
    """The database was written with other keys than the folder has. The text says which, and how to restore them."""


def path_of(data: Path, name: str) -> Path:
    """Give the file of a key."""
    named = {LOG: log_key(data), REQUESTS: requests_key(data)}
    return named.get(name, keys_folder(data) / f"{name}.key")


async def must_fit(connection: Connection, data: Path, origin: str) -> None:
    """Raise KeysAbsent unless the folder has every key that what is stored rests on. No key is made."""
    absent = await lost(connection, data, origin)
    if absent:
        raise KeysAbsent(
            f"{'; '.join(absent.values())}. The database was written with it: restore {keys_folder(data)} from its "
            "backup, and start again. Only if it is lost for good: doudi keys renew NAME --reason … (docs/commands.md)"
        )


async def lost(connection: Connection, data: Path, origin: str) -> dict[str, str]:
    """Find the keys that are not in the folder, or not as they were: by their names, what is wrong in words."""
    marks = dict(await repository.marks(connection))
    signed = await latest_checkpoint(connection, origin)
    names = sorted({*(name for name in marks if not name.startswith(FIRST)), *([LOG] if signed else [])})
    found = {}
    marked = any(name.startswith(FIRST) for name in marks)  # from then on each master key in use is
    for name in [*names, *await repository.masters(connection, resting=not marked)]:
        what, path = _WHAT.get(name, "seals who people are"), path_of(data, name)
        if not path.exists():
            found[name] = f"the key that {what} is not here: {path}"
        elif not await _fits(connection, data, name, marks.get(name), signed.key if signed else None):
            found[name] = f"{path} is not the key that {what} in this database"
    return found


async def _fits(connection: Connection, data: Path, name: str, mark: str | None, signed_by: str | None) -> bool:
    if mark is not None:
        return mark_of(data, name) == mark
    if name == LOG:
        return key_id("ed25519", base64.b64decode(mark_of(data, name))) == signed_by
    master = Keyring(keys_folder(data)).master(name)
    wrapped = await repository.wrapped_by(connection, name, _TRIED)
    return any(_opens(master, *one) for one in wrapped)


def _opens(master: MasterKey, id_: UUID, wrapped: bytes) -> bool:
    try:
        master.unwrap(id_, wrapped)
    except SealedUnreadable:
        return False
    return True


def mark_of(data: Path, name: str) -> str:
    """Compute the mark of a key from its file."""
    if name == LOG:
        return base64.b64encode(Signer.load_or_create(log_key(data)).public_key).decode()
    if name == REQUESTS:
        return RequestMarks(load(requests_key(data))).check
    return Keyring(keys_folder(data)).master(name).check


async def settle(database: Database, data: Path, origin: str, now: dt.datetime) -> None:
    """Keep the marks of the keys that are used from now on, which all are there. Raises KeysAbsent as `must_fit` does:
    another service may have come first with other keys."""
    async with database.begin() as connection:
        await repository.lock(connection)
        await must_fit(connection, data, origin)
        known = dict(await repository.marks(connection))
        for name in [LOG, REQUESTS, *await repository.masters(connection)]:
            if name not in known and path_of(data, name).exists():
                await repository.add_mark(connection, name, mark_of(data, name), now)
