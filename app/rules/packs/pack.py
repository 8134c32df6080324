"""Reads one division's pack: a folder of YAML files merged by section, each part with its place in its file.

The dated values of one parameter may stand in several files, so that each notice can have one of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from app.rules.language.parser import FormulaError
from app.rules.packs.schema import PackContent
from app.rules.packs.strict_yaml import PackError, YamlFile

CONTENT: Final = Path(__file__).parents[1] / "content"


@dataclass(frozen=True)
class _Part:
    """A file with entries of a list, and the number of entries in files before it."""

    file: YamlFile
    first: int


class Pack:
    """One division's pack: its content and where each part of it stands."""

    def __init__(self, code: str, files: list[YamlFile]) -> None:
        self.code = code
        self.files = files
        self._sources: dict[tuple[str, str], list[_Part]] = {}
        self.content = self._merge()
        if self.content.division != code:
            raise PackError(f"the pack in folder {code} must say division: {code}", files[0].name if files else code)

    @classmethod
    def load(cls, folder: Path) -> Pack:
        paths = sorted(folder.glob("*.yaml"))
        if not paths:
            raise PackError("the folder holds no YAML file", folder.name)
        return cls(folder.name, [YamlFile.load(path, f"{folder.name}/{path.name}") for path in paths])

    @classmethod
    def of_texts(cls, code: str, texts: dict[str, str]) -> Pack:
        """Makes a pack from the texts of its files by name. Raises PackError with the faults of every file."""
        files: list[YamlFile] = []
        wrong: list[PackError] = []
        for name, text in texts.items():
            try:
                files.append(YamlFile(name, text))
            except PackError as error:
                wrong += error.all
        if wrong:
            raise PackError.together(wrong)
        return cls(code, files)

    @property
    def texts(self) -> dict[str, str]:
        """Returns the text of each file by its name."""
        return {file.name: file.text for file in self.files}

    def fault(self, message: str, section: str, key: str, *rest: str | int) -> PackError:
        """Makes a fault at a place of this pack."""
        found = self._place(section, key, rest)
        if found is None:
            return PackError(message, self.code)
        file, path = found
        return file.fault(message, path)

    def formula_fault(self, error: FormulaError, section: str, key: str, *rest: str | int) -> PackError:
        """Makes a fault in a formula of this pack, at its own line and column."""
        found = self._place(section, key, rest)
        if found is None:
            return PackError(error.message, self.code)
        file, path = found
        return file.fault_within(error.message, path, error.line, error.column)

    def source(self, section: str, key: str) -> str:
        parts = self._sources.get((section, key))
        return parts[0].file.name if parts else self.code

    def _place(
        self, section: str, key: str, rest: tuple[str | int, ...]
    ) -> tuple[YamlFile, tuple[str | int, ...]] | None:
        """Returns the file and path of a part of the pack; entries of a list are counted through all files."""
        parts = self._sources.get((section, key))
        if not parts:
            return None
        number = rest[0] if rest and isinstance(rest[0], int) else 0
        part = next(part for part in reversed(parts) if part.first <= number)
        if rest and isinstance(rest[0], int):
            rest = (number - part.first, *rest[1:])
        return part.file, (section, key, *rest)

    def _merge(self) -> PackContent:
        merged: dict[str, Any] = {}
        wrong: list[PackError] = []
        for file in self.files:
            try:
                content = self._validated(file)
                for section in content.model_fields_set:
                    self._add(merged, section, getattr(content, section), file)
            except PackError as error:
                wrong += error.all
        if wrong:
            raise PackError.together(wrong)
        return PackContent.model_construct(**{**_DEFAULTS, **merged})

    def _add(self, merged: dict[str, Any], section: str, value: Any, file: YamlFile) -> None:
        if not isinstance(value, dict) or section == "name":
            if section in merged:
                raise file.fault(f"{section} is said twice", (section,))
            merged[section] = value
            return
        target = merged.setdefault(section, {})
        for key, item in value.items():
            if section == "values":
                self._sources.setdefault((section, key), []).append(_Part(file, len(target.get(key, ()))))
                target[key] = [*target.get(key, ()), *item]
                continue
            if key in target:
                raise file.fault(f"{key} is said twice", (section, key))
            target[key] = item
            self._sources[(section, key)] = [_Part(file, 0)]

    def _validated(self, file: YamlFile) -> PackContent:
        given = {section: value for section, value in file.data.items() if value is not None}
        try:
            return PackContent.model_validate(given)
        except ValidationError as error:
            raise PackError.together([_of_form(file, one) for one in error.errors(include_url=False)]) from None


def _of_form(file: YamlFile, error: Any) -> PackError:
    path = tuple(part for part in error["loc"] if part != "[key]")
    names = " in ".join(str(part) for part in reversed(path[-2:]))
    return file.fault(f"{names}: {error['msg']}", path)


_DEFAULTS: Final = {name: field.get_default() for name, field in PackContent.model_fields.items()}


def load_packs(folder: Path = CONTENT) -> dict[str, Pack]:
    """Loads every pack below a folder, by code. Raises PackError for faults of form or if the nation's is missing."""
    packs = {path.name: Pack.load(path) for path in sorted(folder.iterdir()) if path.is_dir()}
    if "CN" not in packs:
        raise PackError("there is no pack of the nation (CN)", str(folder))
    return packs
