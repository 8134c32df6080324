"""Every setting of the service, typed, in one place. Each can be set in the environment."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a deployment may choose. Neither printing it nor a faulty value shows a secret."""

    model_config = SettingsConfigDict(
        env_prefix="DOUDI_", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    data: Path = Path("data")
    """The folder for stored things: the lock, and the private database server if there is one."""

    # The alias is what the environment calls it; a URL holds a password.
    database_url: str | None = Field(default=None, validation_alias="database_url", repr=False)
    """A PostgreSQL to use instead of a private server: its URL for the user that owns the tables."""

    origin: str = "doudi"
    """The name of the log."""

    fsync: bool = True
    """Whether the private server waits for the disk. Only tests may go without."""


def keys_folder(data: Path) -> Path:
    """Where the keys of a data folder lie."""
    return data / "keys"


def log_key(data: Path) -> Path:
    """The key that signs the log."""
    return keys_folder(data) / "log.pem"


def requests_key(data: Path) -> Path:
    """The key that marks requests."""
    return keys_folder(data) / "requests.key"
