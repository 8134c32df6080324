"""Every setting of the service, typed, in one place. Each can be set in the environment."""

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Limits(BaseSettings):
    """How much one process takes on at once, and how long it waits: beyond it refuses at once and says when to come
    again, so that what it has taken on is done."""

    model_config = SettingsConfigDict(
        env_prefix="DOUDI_", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    connections: int = Field(default=500, ge=1)
    """At most so many connections; who comes beyond is answered 503."""

    header_bytes: int = Field(default=32 * 1024, ge=1024)
    """The most that a request's line and headers may measure; beyond it is answered 431."""

    header_seconds: float = Field(default=10.0, gt=0)
    """Within so many seconds a connection has to send a request's headers; else 408."""

    body_seconds: float = Field(default=60.0, gt=0)
    """Within so many seconds after its headers a request's body has to come, and an answer has to be taken off."""

    request_seconds: float = Field(default=30.0, gt=0)
    """After so many seconds a request that reads or stores is answered 503, whatever it waits for."""

    heavy_request_seconds: float = Field(default=120.0, gt=0)
    """The same for requests that compute over many decisions or lay out a document."""

    statement_seconds: float = Field(default=10.0, gt=0)
    """After so many seconds a statement is given up, here and by the database."""

    requests: int = Field(default=64, ge=1)
    """At most so many requests that read or store are worked on at once."""

    waiting: int = Field(default=256, ge=0)
    """At most so many more wait for their turn; beyond they are answered 503."""

    heavy_requests: int = Field(default=2, ge=1)
    """At most so many requests that compute over many decisions or lay out a document are worked on at once."""

    heavy_waiting: int = Field(default=8, ge=0)
    """At most so many more of them wait for their turn; beyond they are answered 503."""

    caller_requests: int = Field(default=64, ge=1)
    """At most so many requests of one caller are taken on at once; beyond they are answered 429."""

    caller_heavy_requests: int = Field(default=4, ge=1)
    """At most so many of them that compute over many decisions or lay out a document; beyond they are answered 429."""


class Settings(Limits):
    """The choices of a deployment. Neither printing them nor a faulty value shows a secret."""

    data: Path = Path("data")
    """The folder for stored things: the lock, and the private database server if there is one."""

    # The alias is what the environment calls it; a URL holds a password.
    database_url: str | None = Field(default=None, validation_alias="database_url", repr=False)
    """A PostgreSQL to use instead of a private server: its URL for the user that owns the tables."""

    origin: str = "doudi"
    """The name of the log."""

    identities_months: int | None = Field(default=None, ge=1)
    """After how many months without a record, and with nothing that stands, `doudi people retention` erases a person.
    No law fixes it: it is for a deployment to choose."""

    platforms: Path | None = None
    """The file that says which verification platform asks the registers of which place (docs/verification.md)."""

    fsync: bool = True
    """True: the private server waits for the disk. Only tests may go without."""

    token_issuer: str | None = None
    """The identity provider (OpenID Connect) whose tokens are taken; without one, those of `doudi token`."""

    token_audience: str = "doudi"  # noqa: S105  not a secret
    """The audience that the provider's tokens must name."""

    token_keys: str | None = None
    """The address of the provider's published keys (JWKS): https, or http on this machine."""

    token: SecretStr | None = None
    """The bearer token with which `doudi rules publish` calls a service."""

    @model_validator(mode="after")
    def _provider_is_whole(self) -> Self:
        """An issuer without keys would let nobody in, and keys that came openly might be anybody's."""
        if (self.token_issuer is None) != (self.token_keys is None):
            raise ValueError("the issuer of tokens and the address of its keys go together")
        if self.token_keys is not None:
            address = urlsplit(self.token_keys)
            local = address.scheme == "http" and address.hostname in ("127.0.0.1", "localhost", "::1")
            if not (local or (address.scheme == "https" and address.hostname)):
                raise ValueError("keys of tokens come over https")
        return self


def keys_folder(data: Path) -> Path:
    """Give the folder of a data folder's keys."""
    return data / "keys"


def log_key(data: Path) -> Path:
    """Give the file of the key that signs the log."""
    return keys_folder(data) / "log.pem"


def requests_key(data: Path) -> Path:
    """Give the file of the key for fingerprints of requests."""
    return keys_folder(data) / "requests.key"


def tokens_key(data: Path) -> Path:
    """Give the file of the key that signs tokens where there is no identity provider."""
    return keys_folder(data) / "tokens.key"
