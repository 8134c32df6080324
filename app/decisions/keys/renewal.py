"""A new key in place of one that is lost for good: what the old one sealed stays closed, what it signed stays signed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from app.db.connection import Connection
from app.db.database import Database
from app.decisions.keys import folder, repository
from app.decisions.keys.folder import LOG, REQUESTS, mark_of, path_of
from app.decisions.proofs.checkpoints import Signer
from app.security.keyring import FIRST, Keyring
from app.security.repository import add_master_key, lock_identities
from app.security.request_fingerprints import RequestMarks
from app.settings import keys_folder, log_key

NAMES = (LOG, REQUESTS, FIRST)


class NothingLost(ValueError):
    """Every key of this kind that is in use is here."""


async def renew(database: Database, data: Path, origin: str, name: str, reason: str, now: dt.datetime) -> int:
    """Put a new key in the place of a lost one; return how many names and ID numbers cannot be opened any more.

    Raises NothingLost if the keys in use are here. A foreign file is put aside, never deleted.
    """
    async with database.begin() as connection:
        await repository.lock(connection)
        await lock_identities(connection)
        lost = await folder.lost(connection, data, origin)
        if name == FIRST:
            return await _identities(connection, data, [one for one in lost if one not in (LOG, REQUESTS)], reason, now)
        if name not in lost:
            raise NothingLost
        path = path_of(data, name)
        if path.exists():
            path.rename(path.with_name(f"{path.name}.until-{now:%Y%m%dT%H%M%S}"))
        if name == LOG:
            Signer.load_or_create(log_key(data))
        else:
            RequestMarks.load_or_create(path, path)  # none that it could be derived from
        await repository.add_mark(connection, name, mark_of(data, name), now, reason)
        return 0


async def _identities(connection: Connection, data: Path, lost: list[str], reason: str, now: dt.datetime) -> int:
    if not lost:
        raise NothingLost
    added = Keyring(keys_folder(data)).add()
    closed = await repository.count_wrapped_by(connection, lost)
    await repository.give_up(connection, lost)
    await add_master_key(connection, added.id, now)
    await repository.add_mark(connection, added.id, added.check, now, reason)
    return closed
