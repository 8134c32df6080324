"""Chooses how a deployment verifies tokens: by its identity provider's keys, or by its own."""

from __future__ import annotations

import datetime as dt
import secrets
from pathlib import Path

from app.security.callers import Caller
from app.security.jwks import PublishedKeys
from app.security.secret_file import SecretRefused, load_or_create
from app.security.tokens import KEY_BYTES, IssuedTokens, LocalTokens, TokenRefused, Verifier
from app.settings import Settings, keys_folder, tokens_key


class NoTokens:
    """Refuses every token: for a service that stores nothing."""

    async def verify(self, token: str) -> Caller:
        raise TokenRefused


def verifier_of(settings: Settings) -> Verifier:
    """Make the verifier that the settings ask for. Raises SecretRefused if the data folder's key is not to be used."""
    if settings.token_issuer is None:
        return local_tokens(settings.data)
    from app.core.http_client import get_json  # its client takes a while to import, and few need it

    address = settings.token_keys or ""
    keys = PublishedKeys(lambda: get_json(address))
    return IssuedTokens(settings.token_issuer, settings.token_audience, keys, _now)


def local_tokens(data: Path) -> LocalTokens:
    """Read the key of a data folder, or make it, to sign and verify tokens with.

    Raises SecretRefused if others may read the key's file, or if it holds no key.
    """
    data.mkdir(mode=0o711, parents=True, exist_ok=True)
    keys_folder(data).mkdir(mode=0o700, exist_ok=True)
    path = tokens_key(data)
    key = load_or_create(path, lambda: secrets.token_bytes(KEY_BYTES))
    if len(key) != KEY_BYTES:
        raise SecretRefused(f"{path} does not hold a key of {KEY_BYTES} bytes")
    return LocalTokens(key, _now)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
