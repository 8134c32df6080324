"""SQL of defect notices."""

from __future__ import annotations

from typing import Final

from sqlalchemy import exists, select
from sqlmodel import col

from app.db.connection import Connection
from app.db.tables import Decision, Scope
from app.decisions.defects.intake import DefectKind

_SCOPES: Final = {"rule": col(Scope.rules), "parameter": col(Scope.parameters), "document": col(Scope.documents)}


async def rests_on(connection: Connection, kind: DefectKind, name: str) -> bool:
    """Tells if any decision rests on a rule, parameter or document, or was computed by a version of the engine."""
    if kind == "engine":
        known = exists().where(col(Decision.engine) == name)
    else:
        known = exists().where(_SCOPES[kind].contains([name]))
    return bool((await connection.execute(select(known))).scalar_one())
