"""Signatures: what the key did not sign is forged, what it signed at another time is stale."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.security.secret_file import SecretRefused
from app.verification.exchange.errors import Forged, Stale
from app.verification.exchange.signing import REPORT, SIGNATURE, TIMESTAMP, TOLERANCE, load_key, sign, verify
from tests.support.verification.exchange import KEY, NOW

BODY = b'{"report_id":"r-1"}'


def test_what_was_signed_is_believed_until_the_tolerance_is_over() -> None:
    headers = sign(KEY, "r-1", BODY, NOW)
    for apart in (-TOLERANCE, dt.timedelta(0), TOLERANCE):
        assert verify(KEY, headers, BODY, NOW + apart) == "r-1"


@pytest.mark.parametrize("seconds", [-301, 301, 86_400, -86_400])
def test_a_good_signature_of_another_time_is_stale(seconds: int) -> None:
    with pytest.raises(Stale):
        verify(KEY, sign(KEY, "r-1", BODY, NOW), BODY, NOW + dt.timedelta(seconds=seconds))


def test_headers_sent_again_with_another_body_are_forged() -> None:
    with pytest.raises(Forged):
        verify(KEY, sign(KEY, "r-1", BODY, NOW), BODY + b" ", NOW)


def test_another_key_is_forged_whatever_the_time_says() -> None:
    headers = sign(KEY[::-1], "r-1", BODY, NOW)
    for now in (NOW, NOW + dt.timedelta(days=1)):
        with pytest.raises(Forged):
            verify(KEY, headers, BODY, now)


def test_a_stale_signature_with_a_new_time_is_forged() -> None:
    later = NOW + dt.timedelta(days=1)
    headers = {**sign(KEY, "r-1", BODY, NOW), TIMESTAMP: str(int(later.timestamp()))}
    with pytest.raises(Forged):
        verify(KEY, headers, BODY, later)


def test_the_id_is_signed() -> None:
    with pytest.raises(Forged):
        verify(KEY, {**sign(KEY, "r-1", BODY, NOW), REPORT: "r-2"}, BODY, NOW)


@pytest.mark.parametrize("missing", [TIMESTAMP, REPORT, SIGNATURE])
def test_without_one_of_the_headers_it_is_forged(missing: str) -> None:
    headers = {name: value for name, value in sign(KEY, "r-1", BODY, NOW).items() if name != missing}
    with pytest.raises(Forged):
        verify(KEY, headers, BODY, NOW)


@given(
    st.dictionaries(st.sampled_from((TIMESTAMP, REPORT, SIGNATURE)), st.text(max_size=80)),
    st.binary(max_size=80),
)
def test_no_headers_that_the_key_did_not_make_are_believed(headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(Forged):
        verify(KEY, headers, body, NOW)


def test_moving_text_between_id_and_body_changes_the_signature() -> None:
    headers = sign(KEY, "r", b"1\nx", NOW)
    with pytest.raises(Forged):
        verify(KEY, {**headers, REPORT: "r\n1"}, b"x", NOW)


def test_a_key_others_may_read_or_that_is_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "platform.key"
    path.write_bytes(KEY + b"\n")
    path.chmod(0o644)
    with pytest.raises(SecretRefused):
        load_key(path)
    path.chmod(0o600)
    assert load_key(path) == KEY
    path.write_bytes(KEY[:31])
    with pytest.raises(SecretRefused, match="32"):
        load_key(path)
