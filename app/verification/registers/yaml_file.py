"""Reading the YAML files of this package: every fault of form with its file, line and column."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from app.rules.packs.strict_yaml import PackError, YamlFile


class Section(BaseModel):
    """A part of such a file. Its scalars are texts; a key that is not declared is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


Model = TypeVar("Model", bound=BaseModel)


def load(path: Path) -> YamlFile:
    """A file as it is written. PackError if it cannot be read or is not strict YAML."""
    try:
        return YamlFile.load(path, path.name)
    except OSError as error:
        raise PackError(error.strerror or "cannot be read", path.name) from None


def checked(file: YamlFile, model: type[Model], content: dict[str, Any] | None = None) -> Model:
    """A file's content (or what became of it) in its shape. PackError at the first fault."""
    try:
        return model.model_validate(file.data if content is None else content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        path = tuple(part for part in first["loc"] if part != "[key]")
        names = " in ".join(str(part) for part in reversed(path[-2:]))
        raise file.fault(f"{names}: {first['msg']}" if names else first["msg"], path) from None
