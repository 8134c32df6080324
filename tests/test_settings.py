"""Settings come from the environment, are typed, and keep secrets to themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings


def test_what_holds_without_being_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    settings = Settings()
    assert (settings.data, settings.database_url, settings.origin, settings.fsync) == (
        Path("data"),
        None,
        "doudi",
        True,
    )


def test_the_environment_sets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = {"DOUDI_DATA": "elsewhere", "DOUDI_ORIGIN": "430500", "DOUDI_FSYNC": "false", "DATABASE_URL": "x://u:pw@d"}
    for name, value in chosen.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert (settings.data, settings.origin, settings.fsync) == (Path("elsewhere"), "430500", False)
    assert settings.database_url == "x://u:pw@d"


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert Settings().database_url is None


def test_no_secret_is_shown() -> None:
    settings = Settings(database_url="postgresql://u:hunter2@db/name")
    assert "hunter2" not in repr(settings) + str(settings)
    with pytest.raises(ValidationError) as refused:
        Settings(database_url="postgresql://u:hunter2@db/name", fsync="hunter3")
    assert "hunter" not in str(refused.value)
