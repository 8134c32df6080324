"""docs/access.md says what the service allows, and nothing else."""

from __future__ import annotations

from pathlib import Path

from app.security.callers import ROLES
from app.security.permissions import PERMISSIONS

PAGE = Path(__file__).parents[1] / "docs" / "access.md"


def test_the_table_of_roles_is_the_one_that_is_applied() -> None:
    written: dict[str, set[str]] = {}
    for line in PAGE.read_text().splitlines():
        if line.startswith("| `") and line.count("|") == len(ROLES) + 2:
            action, *cells = (cell.strip() for cell in line.strip("|").split("|"))
            permission = action.split("`")[1]
            written[permission] = {role for role, cell in zip(ROLES, cells, strict=True) if cell == "yes"}
    assert written == {permission: set(roles) for permission, roles in PERMISSIONS.items()}
