"""Checking who people are said to be: what is sealed opens, is what the records commit to, and is found by its mark."""

from __future__ import annotations

import orjson

from app.db.connection import Connection
from app.decisions.audit import repository
from app.decisions.proofs.findings import Report
from app.rules.values.strict_json import Json
from app.security.keyring import Keyring
from app.security.sealing import SealedUnreadable, committed, opened


async def check_identities(connection: Connection, keyring: Keyring, report: Report) -> None:
    """Find everybody whose name and number do not open, or are not those of the record, and marks that lead astray."""
    marks = await repository.marks(connection)
    right: set[tuple[str, bytes]] = set()
    masters = [keyring.master(name) for name in keyring.names()]
    async for decision, person, sealed, ref, key_id, wrapped, master, erased, body in repository.identities(connection):
        subject = f"{decision} {person}"
        if key_id is None:
            if erased is None:
                report.add("identity", subject=subject)
            continue
        try:
            key = keyring.master(master).unwrap(key_id, bytes(wrapped))
            commitment = committed(decision, person, bytes(sealed), key)
            number = opened(decision, person, bytes(sealed), key).id_number
        except SealedUnreadable:
            report.add("identity", subject=subject)
            continue
        if body is not None and commitment not in _commitments(bytes(body), person):
            report.add("identity", subject=subject)
        own = {(one.id, one.mark(number)) for one in masters}
        if ref is not None and ref not in {marks.get(one) for one in own}:
            report.add("person_mark", subject=ref)
        right |= {one for one in own if marks.get(one) == ref}
    for (master, mark), ref in marks.items():
        if (master, mark) not in right:
            report.add("person_mark", subject=ref)


def _commitments(body: bytes, person: str) -> set[str]:
    try:
        record: Json = orjson.loads(body)
        return {one["commitment"] for one in record["identities"] if one["person"] == person}
    except (ValueError, LookupError, TypeError):
        return set()
