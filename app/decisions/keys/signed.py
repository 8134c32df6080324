"""By which public key a checkpoint was signed: the log's own, or the one before a deliberate new beginning."""

from __future__ import annotations

import base64

from app.db.connection import Connection
from app.decisions.keys import repository
from app.decisions.proofs.algorithms import key_id


async def public_keys(connection: Connection, own: bytes) -> dict[str, bytes]:
    """Read the public keys that signed here, by their names; the log's own alone if another took its place since."""
    kept = [base64.b64decode(mark) for _, mark in await repository.marks(connection, "log")]
    counts = kept if not kept or kept[-1] == own else []
    return {key_id("ed25519", key): key for key in [*counts, own]}
