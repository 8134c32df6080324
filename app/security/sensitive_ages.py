"""Ages at which personal data is sensitive by age alone (个人信息保护法, article 28)."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from app.rules.engine.days import age_on
from app.rules.packs.forms import Citation
from app.rules.packs.strict_yaml import YamlFile

_FILE: Final = Path(__file__).with_name("sensitive_ages.yaml")


class _Sensitive(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    under: int
    basis: tuple[Citation, ...]


def is_sensitive(birth: dt.date, on: dt.date) -> bool:
    """Tell if a person is, on a day, of an age at which personal data is sensitive."""
    return age_on(birth, on) < _shipped().under


@cache
def _shipped() -> _Sensitive:
    return _Sensitive.model_validate(YamlFile.load(_FILE, _FILE.name).data)
