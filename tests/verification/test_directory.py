"""Which platform is for which place."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from app.rules.packs.strict_yaml import PackError
from app.security.secret_file import SecretRefused
from app.verification.exchange.folders import FileExchange
from app.verification.exchange.http import HttpJson
from app.verification.exchange.platforms import (
    Directory,
    Null,
)
from app.verification.exchange.protocol import HandingOver
from tests.support.verification.platform import KEY

HTTP = '{mapping: simulator, address: "https://platform.example", key: shared.key}'
FILES = "{mapping: simulator, outbox: out, inbox: in}"


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    key = folder / "shared.key"
    key.write_bytes(KEY)
    key.chmod(mode)
    path = folder / "platforms.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.anyio
async def test_the_nearest_division_counts(tmp_path: Path) -> None:
    text = f'callbacks: https://doudi.example\nplatforms: {{"430000": {HTTP}, "430500": {FILES}}}'
    directory = Directory.read(written(tmp_path, text))
    assert isinstance(directory.of("430500001000"), FileExchange)
    assert isinstance(directory.of("430600"), HttpJson)
    assert isinstance(directory.of("440000"), Null)
    assert directory.callbacks == "https://doudi.example"
    await directory.close()


def test_files_are_gathered_for_as_long_as_is_said(tmp_path: Path) -> None:
    for text, minutes in ((FILES, 0), (FILES.replace("}", ", gathered_for: 90}"), 90)):
        directory = Directory.read(written(tmp_path, f'platforms: {{"430500": {text}}}'))
        assert directory.of("430500").handing_over == HandingOver(500, dt.timedelta(minutes=minutes))


def test_without_a_file_there_is_none() -> None:
    assert isinstance(Directory.read(None).of("430500"), Null)


@pytest.mark.parametrize(
    "platform",
    [
        "{mapping: simulator}",
        '{mapping: simulator, address: "https://platform.example"}',
        '{mapping: simulator, address: "http://platform.example", key: shared.key}',
        '{mapping: simulator, address: "https://platform.example", key: shared.key, outbox: out}',
        "{mapping: simulator, outbox: out}",
        "{mapping: minzheng, outbox: out, inbox: in}",
        "{mapping: simulator, outbox: out, inbox: in, colour: red}",
        "{mapping: simulator, outbox: out, inbox: in, gathered_for: -1}",
        '{mapping: simulator, address: "https://platform.example", key: shared.key, gathered_for: 5}',
    ],
)
def test_faulty_files(tmp_path: Path, platform: str) -> None:
    with pytest.raises(PackError):
        Directory.read(written(tmp_path, f'platforms: {{"430500": {platform}}}'))


def test_a_key_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, f'platforms: {{"430500": {HTTP}}}')
    (tmp_path / "shared.key").unlink()
    with pytest.raises(SecretRefused, match=r"shared\.key is not there"):
        Directory.read(path)


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SecretRefused):
        Directory.read(written(tmp_path, f'platforms: {{"430500": {HTTP}}}', 0o644))
