"""doudi people: erasing, changing the key, and the time that is over; also while a service is using the data."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli.main import app as command_line
from app.cli.terminal import console
from app.decisions.log import repository as log_repository
from app.rules.history import RulesHistory
from app.security.areas import scoped
from app.security.repository import open_identities
from app.settings import Settings, keys_folder
from app.storage import Storage
from tests.conftest import FOLDER
from tests.support.callers import OFFICER
from tests.support.decisions.identities import ADULT, OTHER, identity
from tests.support.rules import rules
from tests.support.storage import household

LONG_AGO = dt.datetime(2024, 3, 31, 4, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows in one line, the language the service falls back to, no settings of the machine's own."""
    monkeypatch.setattr(console, "width", 400)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("LANG", "C")
    for name in ("DATABASE_URL", "DOUDI_DATA", "DOUDI_ORIGIN", "DOUDI_IDENTITIES_MONTHS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder in which two people were withdrawn long ago."""
    folder = Path(tempfile.mkdtemp(dir=os.environ[FOLDER]))
    folder.chmod(0o711)
    asyncio.run(with_storage(folder, made))
    yield folder
    shutil.rmtree(folder)


async def with_storage(folder: Path, work: Any) -> Any:
    settings = Settings(data=folder, database_url=None, fsync=False)
    storage = await Storage.open(settings, RulesHistory(rules()), now=lambda: LONG_AGO)
    try:
        return await work(storage)
    finally:
        await storage.close()


async def made(storage: Storage) -> None:
    for key, number in (("1", ADULT), ("2", OTHER)):
        body = household() | {"date": "2024-03-31", "identities": [identity("p1", number)]}
        written, _ = await storage.decisions.propose(OFFICER, body, key)
        await storage.decisions.withdraw(OFFICER, written.id, {"reason": "家庭撤回申请"}, None)


async def people(storage: Storage) -> dict[str, str | None]:
    """By reference the ID number, or none once erased."""
    found = {}
    async with storage.database.connect() as connection:
        for key in ("1", "2"):
            claims = await log_repository.claims(connection, [scoped(storage.writer.origin, OFFICER, key)])
            ((_, id_),) = claims.values()
            (one,) = await open_identities(connection, storage.keyring, id_)
            found[str(one.ref)] = one.said.id_number if one.said else None
    return found


def refs(data: Path) -> dict[str, str | None]:
    found: dict[str, str | None] = asyncio.run(with_storage(data, people))
    return found


def run(*words: str) -> Result:
    return CliRunner().invoke(command_line, ["people", *words])


def good(*words: str) -> str:
    result = run(*words)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    assert ADULT not in result.stdout
    return result.stdout


def test_a_person_is_erased(data: Path) -> None:
    ref = next(ref for ref, number in refs(data).items() if number == ADULT)
    said = good("erase", ref, "--reason", "unlawful", "--data", str(data))
    assert ref in said
    assert "unlawful" in said
    assert refs(data)[ref] is None
    assert OTHER in refs(data).values()
    assert good("erase", ref, "--reason", "period_ended", "--data", str(data)) == said


@pytest.mark.parametrize("ref", ["0" * 32, "x", ADULT])
def test_nobody_is_erased_who_is_not_there(data: Path, ref: str) -> None:
    result = run("erase", ref, "--reason", "unlawful", "--data", str(data))
    assert result.exit_code == 1
    assert "没有这个人员" in result.stderr
    assert ADULT not in result.output


def test_an_erasure_needs_a_ground_of_the_law(data: Path) -> None:
    result = run("erase", "0" * 32, "--reason", "whim", "--data", str(data))
    assert result.exit_code == 2
    assert "purpose_achieved" in result.output


def test_a_new_key_takes_the_place_of_the_old(data: Path) -> None:
    before = refs(data)
    said = good("rotate-keys", "--data", str(data))
    (name,) = (path.stem for path in keys_folder(data).glob("identities*.key"))
    assert said.startswith(name)
    assert said.strip().endswith("2")
    assert name != "identities"
    assert refs(data) == before


def test_a_folder_without_keys_is_not_given_one(tmp_path: Path) -> None:
    result = run("rotate-keys", "--data", str(tmp_path))
    assert result.exit_code == 1
    assert "这里没有密钥" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_nobody_is_due_before_somebody_chose_a_time(data: Path) -> None:
    result = run("retention", "--data", str(data))
    assert result.exit_code == 1
    assert "DOUDI_IDENTITIES_MONTHS" in result.stderr
    assert "网络安全法 23" in result.stdout
    assert None not in refs(data).values()


def test_who_is_due_is_shown_first_and_then_erased(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOUDI_IDENTITIES_MONTHS", "12")
    before = refs(data)
    shown = json.loads(good("retention", "--dry-run", "--json", "--data", str(data)))
    assert shown == [{"person": ref, "last": "2024-03-31"} for ref in sorted(before)]
    assert refs(data) == before
    said = good("retention", "--data", str(data))
    assert all(ref in said for ref in before)
    assert refs(data) == dict.fromkeys(before)
    assert json.loads(good("retention", "--json", "--data", str(data))) == []


def test_a_running_service_goes_on_with_a_new_key(data: Path) -> None:
    """The command opens the keys and the database by itself, while the storage of the service is open."""

    async def both(storage: Storage) -> tuple[dict[str, str | None], dict[str, str | None]]:
        before = await people(storage)
        result = await asyncio.to_thread(run, "rotate-keys", "--data", str(data))
        assert result.exit_code == 0, result.output
        body = household() | {"date": "2024-03-31", "identities": [identity("p1", ADULT)]}
        written, _ = await storage.decisions.propose(OFFICER, body, "after")
        async with storage.database.connect() as connection:
            (one,) = await open_identities(connection, storage.keyring, written.id)
        assert before[str(one.ref)] == ADULT
        return before, await people(storage)

    before, after = asyncio.run(with_storage(data, both))
    assert before == after
