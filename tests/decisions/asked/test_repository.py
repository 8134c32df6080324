"""Counting what stored decisions left open and what officers typed in; the command that shows it."""

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import app as command_line
from app.cli.terminal import console
from app.db.database import Database
from app.decisions.asked.repository import asked
from app.rules.values.strict_json import Json
from tests.support.callers import OFFICER
from tests.support.storage import storage_on

FAMILY: Json = {
    "jurisdiction": "610900",
    "date": "2026-08-15",
    "household": {
        "residence": "urban",
        "members": [{"id": "p1", "relation": "applicant", "birth_date": "1984-03-02", "income": {"wage": "900.00"}}],
        "assets": {},
        "spending": {},
        "obligors": [],
    },
}
TYPED: Json = {
    "options": {"parameters": {"dibao.standard": "700.00"}},
    "provenance": {"/options/parameters/dibao.standard": {"source": "settled", "evidence": "通知"}},
}


@pytest.mark.anyio
async def test_each_decision_is_counted_once_for_each_figure(database: Database, tmp_path: Path) -> None:
    async with storage_on(database, tmp_path) as storage:
        for key, body in (("1", FAMILY), ("2", FAMILY), ("3", FAMILY | TYPED)):
            await storage.decisions.propose(OFFICER, body, key)
        async with database.connect() as connection:
            left_open, supplied = await asked(connection, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
            before, _ = await asked(connection, dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    assert left_open == {("610900", "dibao.standard"): 2}
    assert supplied == {("610900", "dibao.standard"): 1}
    assert not before


def test_the_command_says_whether_decisions_were_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "width", 300)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    words = ["rules", "review", "--place", "430500", "--date", "2020-08-15"]
    for language, said in (("zh", "间接得出"), ("en", "inferred")):
        shown = CliRunner().invoke(command_line, [*words, "--lang", language])
        assert shown.exit_code == 0, shown.output
        assert said in shown.output
    found = json.loads(CliRunner().invoke(command_line, [*words, "--json"]).stdout)
    assert found["decisions_counted"] is False
    (place,) = found["places"]
    assert {"inferred"} <= {one["kind"] for one in place["findings"]}
