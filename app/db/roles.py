"""The two roles: one owns the tables and migrates, the other is what the service works as."""

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from asyncpg import Connection

OWNER: Final = "doudi_owner"
APP: Final = "doudi_app"


async def ensure_app_role(connection: "Connection[Any]") -> None:
    """On a given database: the app role exists and the user of this connection may take it on.

    The role cannot log in: the service logs in as the owner and sets the role. Where the user may not create roles,
    whoever administers the server does both beforehand: CREATE ROLE doudi_app; GRANT doudi_app TO the user.
    """
    if not await connection.fetchval("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1", APP):
        await connection.execute(
            # Another service may do the same at this moment.
            f"DO $$ BEGIN CREATE ROLE {APP} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
    if not await _may_set(connection):
        await connection.execute(f"GRANT {APP} TO CURRENT_USER")


async def _may_set(connection: "Connection[Any]") -> bool:
    from asyncpg import InsufficientPrivilegeError

    try:
        async with connection.transaction():
            await connection.execute(f"SET LOCAL ROLE {APP}")
    except InsufficientPrivilegeError:
        return False
    return True
