"""docs/personal-data.md says of purposes, ages and times what the data say."""

from __future__ import annotations

import re
from pathlib import Path

from app.people.purposes import shipped as purposes
from app.people.retention import shipped as retention
from app.people.rotation import BATCH
from app.security.callers import ROLES
from app.security.sensitive_ages import is_sensitive

PAGE = (Path(__file__).parents[1] / "docs" / "personal-data.md").read_text(encoding="utf-8")


def test_the_table_of_purposes_is_the_one_that_is_applied() -> None:
    written = {}
    for id_, basis, roles in re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE):
        articles = []
        for part in basis.strip().split("; "):
            document, _, numbers = part.partition(" ")
            articles += [(document, number) for number in numbers.split(", ")]
        written[id_] = (articles, set(roles.strip().split(", ")))
    assert written == {
        id_: (list(one.basis), {role for role in ROLES if role in one.roles})
        for id_, one in purposes().purposes.items()
    }


def test_the_time_that_is_fixed_and_the_setting_that_is_not_are_named() -> None:
    assert retention()["access_log"].at_least_months == 6
    assert "six months at least" in PAGE
    assert f"DOUDI_{retention()['identities'].chosen_by}".upper() in PAGE
    assert f"batches of {BATCH}" in PAGE


def test_the_age_is_the_one_that_is_applied() -> None:
    import datetime as dt

    assert "under 14 on the day" in PAGE
    born = dt.date(2012, 5, 5)
    assert is_sensitive(born, dt.date(2026, 5, 4))
    assert not is_sensitive(born, dt.date(2026, 5, 5))


def test_every_endpoint_about_people_is_named() -> None:
    for path in ("/v1/persons/searches", "/v1/persons/{ref}/erasures", "/v1/statuses", "/v1/access-log", "/identities"):
        assert path in PAGE
