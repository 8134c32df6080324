"""Running a module with other code than its file's: imported functions, or the module anew."""

from __future__ import annotations

import gc
import importlib.abc
import importlib.machinery
import importlib.util
import types
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

Key = tuple[str, int, int]


class Imported:
    """The functions that have been imported from a file, to be given code out of another compilation of it."""

    def __init__(self, path: Path, code: types.CodeType) -> None:
        gc.unfreeze()  # a server in a test may have hidden them
        every = [thing for thing in gc.get_objects() if type(thing) is types.FunctionType]
        codes = _by_key(code)
        mine = [function for function in every if function.__code__.co_filename == str(path)]
        self.functions = [(function, key) for function in mine for key in codes if _same(codes[key], function.__code__)]

    def exchange(self, code: types.CodeType) -> bool:
        """Whether every function could take its code."""
        codes = _by_key(code)
        for function, key in self.functions:
            other = codes.get(key)
            if other is None or len(other.co_freevars) != len(function.__code__.co_freevars):
                return False
            function.__code__ = other
        return True


def _by_key(code: types.CodeType) -> dict[Key, types.CodeType]:
    """Every code by name, line and number: a line may hold several without a name."""
    seen: Counter[tuple[str, int]] = Counter()
    found = {}
    for inner in _codes(code):
        named = (inner.co_qualname, inner.co_firstlineno)
        found[*named, seen[named]] = inner
        seen[named] += 1
    return found


def _same(one: types.CodeType, other: types.CodeType) -> bool:
    """Codes that have run are no longer equal to those that have not, but their parts are."""
    return (one.co_qualname, one.co_firstlineno, one.co_code) == (
        other.co_qualname,
        other.co_firstlineno,
        other.co_code,
    )


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from code that is given."""

    def __init__(self, name: str, path: Path, code: types.CodeType) -> None:
        self.name, self.path, self.code = name, path, code

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        return (
            importlib.util.spec_from_file_location(fullname, self.path, loader=self) if fullname == self.name else None
        )

    def exec_module(self, module: types.ModuleType) -> None:
        exec(self.code, module.__dict__)  # noqa: S102  the module's own code, changed in one place
