"""The two roles of the database: the owner migrates the tables, the service works as the other."""

from typing import TYPE_CHECKING, Any, Final

from app.db.private_server.account import Unusable

if TYPE_CHECKING:
    from asyncpg import Connection

OWNER: Final = "doudi_owner"
APP: Final = "doudi_app"

# Another service may create it at this moment.
_CREATE: Final = f"""
DO $$ BEGIN CREATE ROLE {APP} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
"""


async def ensure_app_role(connection: "Connection[Any]") -> None:
    """Create the app role on a given database, and let the user of this connection take it on.

    The role cannot log in: the service logs in as the owner and sets the role. Raises Unusable, with what an
    administrator has to run, if the user may not create it.
    """
    from asyncpg import InsufficientPrivilegeError

    try:
        if not await connection.fetchval("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1", APP):
            await connection.execute(_CREATE)
        if not await _may_become_app(connection):
            await connection.execute(f"GRANT {APP} TO CURRENT_USER")
    except InsufficientPrivilegeError:
        user = await connection.fetchval("SELECT quote_ident(current_user)")
        raise Unusable(
            f"an administrator of the database must first run: CREATE ROLE {APP}; GRANT {APP} TO {user};"
        ) from None


async def _may_become_app(connection: "Connection[Any]") -> bool:
    from asyncpg import InsufficientPrivilegeError

    try:
        async with connection.transaction():
            await connection.execute(f"SET LOCAL ROLE {APP}")
    except InsufficientPrivilegeError:
        return False
    return True
