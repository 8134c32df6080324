"""Database URLs: as a setting gives them, for SQLAlchemy, and for asyncpg."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import URL


def given(text: str) -> "URL":
    """Read the URL of a setting. Raises ValueError, which never repeats the text, since the text holds a password."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(text)
    except ArgumentError:
        raise ValueError("DATABASE_URL is not a URL") from None
    if url.drivername not in ("postgresql", "postgres", "postgresql+asyncpg"):
        raise ValueError("DATABASE_URL must begin with postgresql:// or postgresql+asyncpg://")
    query = {"ssl" if name == "sslmode" else name: value for name, value in url.query.items()}
    return url.set(drivername="postgresql+asyncpg", query=query)


def arguments(url: "URL") -> dict[str, Any]:
    """Give the arguments with which asyncpg's connect() reaches a URL."""
    found = {**url.translate_connect_args(username="user"), **url.query}
    return found | {"port": int(found["port"])} if "port" in found else found
