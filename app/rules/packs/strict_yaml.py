"""Reads YAML strictly: scalars are text; duplicate keys, aliases and tags are refused; every value has its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

Place = tuple[int, int]
_DEEPEST: Final = 12  # the parser goes down as deep as a text does, and has no limit of its own


class PackError(ValueError):
    """A fault in a pack, with the file, the line and the column (from 1) where it stands."""

    def __init__(self, message: str, file: str = "", line: int = 0, column: int = 0) -> None:
        where = f"{file}:{line}:{column}: " if line else f"{file}: " if file else ""
        super().__init__(where + message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.all: tuple[PackError, ...] = (self,)

    @classmethod
    def together(cls, errors: Sequence[PackError]) -> PackError:
        """Joins several faults to one error: the first, with all of them in `all`."""
        first = errors[0]
        found = cls(first.message, first.file, first.line, first.column)
        found.all = tuple(errors)
        return found


class YamlFile:
    """A file's content as mappings, lists and texts, and the place of each by its path."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._nodes: dict[tuple[str | int, ...], yaml.Node] = {}
        try:
            self._must_be_plain()
            node = yaml.compose(text, Loader=yaml.CBaseLoader)
        except yaml.MarkedYAMLError as error:
            raise self._at(error.problem_mark, error.problem or "not YAML") from None
        except (yaml.YAMLError, UnicodeError) as error:
            raise PackError(f"not YAML: {type(error).__name__}", name, 1, 1) from None
        self.content = None if node is None else self._read(node, ())

    @property
    def data(self) -> dict[str, Any]:
        """Returns the content of a file that is a mapping. Raises PackError for any other content."""
        if self.content is None:
            return {}
        if not isinstance(self.content, dict):
            raise PackError("a mapping is wanted", self.name, 1, 1)
        return self.content

    @classmethod
    def load(cls, path: Path, name: str) -> YamlFile:
        try:
            return cls(name, path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            raise PackError("not UTF-8", name, 1, 1) from None

    def texts(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yields every text as it reads, keys too, by the path of its value."""
        for path, node in self._nodes.items():
            if isinstance(node, yaml.ScalarNode):
                yield path, node.value
            yield from ((path, name) for name in path[-1:] if isinstance(name, str))

    def place(self, path: tuple[str | int, ...]) -> Place:
        """Returns line and column of the value at a path, or of the nearest value above it."""
        while path and path not in self._nodes:
            path = path[:-1]
        node = self._nodes.get(path)
        return (1, 1) if node is None else (node.start_mark.line + 1, node.start_mark.column + 1)

    def place_within(self, path: tuple[str | int, ...], line: int, column: int) -> Place:
        """Returns the place in the file of a line and column of a scalar's value, however the scalar is written."""
        node = self._nodes.get(path)
        if not isinstance(node, yaml.ScalarNode):
            return self.place(path)
        start = sum(len(text) + 1 for text in node.value.split("\n")[: line - 1]) + column - 1
        before = len("".join(node.value[:start].split()))
        body = node.start_mark.index + (1 if node.style in ("'", '"') else 0)
        if node.style in ("|", ">"):
            body = self.text.index("\n", body) + 1
        return self._place_of(body, node.end_mark.index, before)

    def _place_of(self, index: int, end: int, letters: int) -> Place:
        """Returns the place after a number of letters, white space not counted, or the end."""
        while index < min(end, len(self.text)) and (letters or self.text[index].isspace()):
            letters -= not self.text[index].isspace()
            index += 1
        head = self.text[:index]
        return head.count("\n") + 1, index - (head.rfind("\n") + 1) + 1

    def fault(self, message: str, path: tuple[str | int, ...] = ()) -> PackError:
        return PackError(message, self.name, *self.place(path))

    def fault_within(self, message: str, path: tuple[str | int, ...], line: int, column: int) -> PackError:
        return PackError(message, self.name, *self.place_within(path, line, column))

    def path_at(self, line: int, column: int) -> tuple[str | int, ...]:
        """Returns the path of the innermost value around a place; the empty path where there is none."""
        found: tuple[str | int, ...] = ()
        for path, node in self._nodes.items():
            start, end = node.start_mark, node.end_mark
            around = (start.line + 1, start.column + 1) <= (line, column) <= (end.line + 1, end.column + 1)
            if around and len(path) > len(found):
                found = path
        return found

    def _must_be_plain(self) -> None:
        """Raises PackError for YAML that a pack never holds, before anything is built from the text."""
        depth = 0
        for event in yaml.parse(self.text, Loader=yaml.CBaseLoader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > _DEEPEST:
                raise self._at(event.start_mark, "nested too deeply")
            if isinstance(event, yaml.AliasEvent):
                raise self._at(event.start_mark, "aliases are not used in packs")
            if getattr(event, "tag", None) is not None:
                raise self._at(event.start_mark, "tags are not used in packs")

    def _at(self, mark: Any, message: str) -> PackError:
        return PackError(message, self.name, *((mark.line + 1, mark.column + 1) if mark else (1, 1)))

    def _read(self, node: yaml.Node, path: tuple[str | int, ...]) -> Any:
        self._nodes[path] = node
        if isinstance(node, yaml.ScalarNode):
            return None if not node.style and node.value in ("", "null", "~") else node.value
        if isinstance(node, yaml.SequenceNode):
            return [self._read(item, (*path, index)) for index, item in enumerate(node.value)]
        result: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self.fault("keys are texts", path)
            if key.value in result:
                raise PackError(
                    f"duplicate key {key.value!r}", self.name, key.start_mark.line + 1, key.start_mark.column + 1
                )
            result[key.value] = self._read(value, (*path, key.value))
        return result
