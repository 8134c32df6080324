"""After an erasure no byte of the database's files, keys, logs, bundles or exports tells who it was; proofs hold."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from sqlalchemy import select

from app.db.database import Database
from app.db.private_server.embedded import EmbeddedServer
from app.decisions.audit.database import check_database
from app.decisions.audit.export import export
from app.decisions.proofs.check import check_bundle, check_export
from app.rules.history import RulesHistory
from app.settings import Settings
from app.storage import Storage
from tests.security.test_id_numbers import checked
from tests.support.byte_search import files_with, forms, found_in
from tests.support.callers import OFFICER, bearer
from tests.support.database.rows import all_tables
from tests.support.decisions.identities import identity
from tests.support.rules import rules
from tests.support.service import DECISIONS, Service, app_on, proposal

pytestmark = pytest.mark.anyio

NAME: Final = "慕容晓蓉"
NUMBER: Final = checked("43050319840302713")
WHO: Final = (NAME, NUMBER)
TOOL: Final = Path(__file__).parents[2] / "tools" / "verify_log.py"


def named(**changes: Any) -> dict[str, Any]:
    return proposal(identities=[identity("p1", NUMBER, NAME)], **changes)


async def everything_stored(database: Database) -> bytes:
    """Every value of every row: what the server compresses on disk is plain here."""
    found: list[bytes] = []
    async with database.connect() as connection:
        for table in all_tables():
            for row in await connection.execute(select(table)):
                found += [bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row]
    return b"\n".join(found)


@pytest.mark.parametrize("text", WHO)
def test_what_is_looked_for_would_be_found(text: str, tmp_path: Path) -> None:
    import base64

    for place, raw in enumerate((text.encode(), text.encode("gb18030"), text.encode("utf-16-be"))):
        for shift in range(3):
            (tmp_path / f"{place}{shift}").write_bytes(base64.b64encode(b"x" * shift + raw + b"tail"))
        (tmp_path / f"{place}hex").write_text(raw.hex())
        (tmp_path / f"{place}raw").write_bytes(b"\0" + raw)
    assert len(files_with(tmp_path, WHO)) == len(list(tmp_path.iterdir())) == 15
    assert all(len(form) >= 8 for form in forms(text))  # none so short that it stands anywhere by chance


@pytest.mark.slow
async def test_no_byte_tells_who_was_erased_and_every_proof_holds(
    data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, logger="httpx")
    settings = Settings(data=data, fsync=False)
    storage = await Storage.open(settings, RulesHistory(rules()))
    try:
        await _erased(storage, tmp_path)
        assert found_in(await everything_stored(storage.database), WHO) == []
        async with storage.database.connect() as connection:
            key = storage.signer.public_key
            checked_ = await check_database(connection, storage.writer.origin, key)
            await export(connection, storage.writer.origin, key, tmp_path / "export")
        assert checked_.findings == []
        assert checked_.recomputed == 4
    finally:
        await storage.close()  # the server goes down, and writes all it holds
    assert not EmbeddedServer(data).running()
    assert check_export(tmp_path / "export", key) == []
    for path in sorted(tmp_path.glob("*.bundle")):
        assert check_bundle(path.read_bytes(), key) == []
        _proved_elsewhere(path)
    _proved_elsewhere(tmp_path / "export")
    assert files_with(data, WHO) == []
    assert files_with(tmp_path, WHO) == []
    out, err = capfd.readouterr()
    assert found_in("\n".join([caplog.text, out, err]).encode(), WHO) == []


async def _erased(storage: Storage, folder: Path) -> None:
    """Somebody is proposed, decided on, corrected, succeeded, looked for, read and erased; what was proved of it lies in
    a folder, from before and from after."""
    app = app_on(storage)
    app.state.gate.open()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service", headers=bearer(OFFICER)) as http:
        service = Service(app, storage, http)
        first = await service.propose(named())
        ref = first["identities"][0]["ref"]
        wrong = (await service.propose(named()))["id"]
        await service.confirm_none(first, "refused")
        ids = [first["id"], wrong]
        ids.append((await service.follow(wrong, "corrections", named()))["id"])
        ids.append((await service.follow(first["id"], "successions", named(date="2026-10-15")))["id"])
        await service.post("/v1/persons/searches", {"id_number": NUMBER, "name": NAME}, 200)
        opened = await http.get(f"{DECISIONS}/{ids[0]}/identities")
        assert opened.json()["identities"][0] | {"name": NAME, "id_number": NUMBER} == opened.json()["identities"][0]
        await service.faults(
            "POST", f"{DECISIONS}/{ids[0]}/events", {"kind": "visit", "on": "2026-08-16", "note": NAME}
        )
        await _checkpoint(storage)  # all that was written lies in the files before it is erased
        for id_ in ids:
            bundle = await service.call("GET", f"{DECISIONS}/{id_}/bundle")
            (folder / f"{id_}-before.bundle").write_bytes(bundle.content)
        await service.post(f"/v1/persons/{ref}/erasures", {"reason": "consent_withdrawn"}, 200)
        for id_ in ids:
            bundle = await service.call("GET", f"{DECISIONS}/{id_}/bundle")
            (folder / f"{id_}-after.bundle").write_bytes(bundle.content)
            assert (await service.post(f"{DECISIONS}/{id_}/replay", {"against": "record"}, 200))["same"] is True
        page = await service.call("GET", f"{DECISIONS}/{ids[0]}")
        (folder / "page.json").write_bytes(page.content)
        log = await service.call("GET", "/v1/access-log")
        assert {one["action"] for one in log.json()["items"]} >= {"persons.search", "identities.read"}
        (folder / "log.json").write_bytes(log.content)


async def _checkpoint(storage: Storage) -> None:
    """The server writes its pages: only its own superuser may ask for that, and a restart does it too."""
    server = storage.database._server
    assert server is not None
    await asyncio.to_thread(server.stop)
    await asyncio.to_thread(server.start)


def _proved_elsewhere(path: Path) -> None:
    """By the tool that shares no code with the service."""
    done = subprocess.run([sys.executable, str(TOOL), str(path)], capture_output=True, text=True)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
