"""The open questions of one assessment, and how cases that depend on them are joined, split and combined."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.rules.values.open_values import AnyOf, Cases, Maybe, Value, causes_of, merged, same, span

MAX_CASES: Final = 4096


@dataclass
class Space:
    """The open questions of one assessment: the causes and the axes that stand for them."""

    causes: list[str] = field(default_factory=list)
    axis_causes: list[int] = field(default_factory=list)
    _bits: dict[str, int] = field(default_factory=dict)
    answers: Mapping[tuple[str, int | None], bool] = field(default_factory=dict)
    asked: set[tuple[str, int | None]] = field(default_factory=set)
    _maps: dict[tuple[tuple[int, ...], tuple[int, ...]], list[int]] = field(default_factory=dict)

    def copy(self) -> Space:
        """Copies the questions, so that one household can add its own."""
        return Space(list(self.causes), list(self.axis_causes), dict(self._bits))

    def cause(self, name: str) -> int:
        """Returns the bit of a cause: a JSON Pointer (starts with "/"), a parameter or an officer's question."""
        bit = self._bits.get(name)
        if bit is None:
            bit = self._bits[name] = 1 << len(self.causes)
            self.causes.append(name)
        return bit

    def ask(self, question: str, person: int | None) -> Value:
        """Returns an officer's answer to a question, of one person by index or of the household; open without one."""
        answer = self.answers.get((question, person))
        self.asked.add((question, person))
        return Maybe(self.cause(question)) if answer is None else answer

    def names(self, causes: int) -> list[str]:
        return [name for index, name in enumerate(self.causes) if causes >> index & 1]

    def split(self, value: Value) -> Value:
        """Makes an open condition a case of its own, so that everything that follows from it stays together."""
        if type(value) is Maybe:
            return self.axis(value.causes)
        if type(value) is Cases:
            return self._reduce(*self._split_cells(value))
        return value

    def settle(self, value: Value) -> Value:
        """Removes the axes that make no difference to a value."""
        if type(value) is Cases:
            return self._reduce(value.axes, value.cells)
        return value

    def hull(self, value: Value) -> Value:
        """Joins a value to one range, condition or constant, with the causes of every case that differs."""
        value = self.settle(value)
        if type(value) is not Cases:
            return value
        return self.join(value.cells, self.axes_causes(value.axes))

    def axes_causes(self, axes: tuple[int, ...]) -> int:
        causes = 0
        for axis in axes:
            causes |= self.axis_causes[axis]
        return causes

    def too_many(self, values: Sequence[Value]) -> bool:
        """Tells if values have more combinations than MAX_CASES, or an open condition without a case."""
        axes = {axis for value in values if type(value) is Cases for axis in value.axes}
        return 1 << len(axes) > MAX_CASES or any(type(value) is Maybe for value in values)

    def causes_within(self, values: Sequence[Value]) -> int:
        """Returns the causes of everything open in values."""
        causes = 0
        for value in values:
            if type(value) is Cases:
                causes |= self.axes_causes(value.axes)
            causes |= causes_of(value)
        return causes

    def axis(self, causes: int) -> Cases:
        self.axis_causes.append(causes)
        return Cases((len(self.axis_causes) - 1,), [False, True])

    def _split_cells(self, value: Cases) -> tuple[tuple[int, ...], list[Any]]:
        """Gives the open cells of a condition one new axis; too many cases stay as they are."""
        causes = 0
        for cell in value.cells:
            causes |= causes_of(cell)
        if not causes or 2 * len(value.cells) > MAX_CASES:
            return value.axes, value.cells
        axis = self.axis(causes).axes[0]
        sides = [(False, True) if type(cell) is Maybe else (cell, cell) for cell in value.cells]
        return (*value.axes, axis), [side for pair in sides for side in pair]

    def _reduce(self, axes: tuple[int, ...], cells: list[Any]) -> Value:
        for position in range(len(axes) - 1, -1, -1):
            step = 1 << (len(axes) - 1 - position)
            block = 2 * step
            low = [c for start in range(0, len(cells), block) for c in cells[start : start + step]]
            high = [c for start in range(0, len(cells), block) for c in cells[start + step : start + block]]
            if all(same(a, b) for a, b in zip(low, high, strict=True)):
                cells = [merged(a, b) for a, b in zip(low, high, strict=True)]
                axes = axes[:position] + axes[position + 1 :]
        return Cases(axes, cells) if axes else cells[0]

    def join(self, cells: Sequence[Any], causes: int) -> Value:
        first = cells[0]
        if isinstance(first, (bool, Maybe)):
            return self._join_conditions(cells, causes)
        if any(isinstance(cell, str | dt.date | AnyOf) for cell in cells):
            return self._join_words(cells, causes)
        result = first
        for cell in cells[1:]:
            result = span(result, cell, causes)
        return result

    def _join_words(self, cells: Sequence[Any], causes: int) -> Value:
        """Joins words or dates: to the one they all are, or to an unknown one."""
        if all(type(cell) is not AnyOf and cell == cells[0] for cell in cells):
            return cells[0]
        for cell in cells:
            causes |= causes_of(cell)
        return AnyOf(causes)

    def _join_conditions(self, cells: Sequence[Any], causes: int) -> Value:
        if all(cell is True for cell in cells) or all(cell is False for cell in cells):
            return cells[0]
        for cell in cells:
            if type(cell) is Maybe:
                causes |= cell.causes
        return Maybe(causes)

    def lift(self, operation: Callable[..., Any], *values: Value) -> Value:
        """Applies an operation in every combination of the cases of its arguments."""
        axes: tuple[int, ...] = ()
        arguments = list(values)
        for position, value in enumerate(arguments):
            if type(value) is not Cases:
                continue
            wider = tuple(sorted({*axes, *value.axes}))
            if 1 << len(wider) > MAX_CASES:
                arguments[position] = self.hull(value)
            else:
                axes = wider
        if not axes:
            return operation(*arguments)
        columns = [self._spread(value, axes) for value in arguments]
        return Cases(axes, [operation(*row) for row in zip(*columns, strict=True)])

    def _spread(self, value: Value, axes: tuple[int, ...]) -> Sequence[Any]:
        if type(value) is not Cases:
            return [value] * (1 << len(axes))
        if value.axes == axes:
            return value.cells
        key = (value.axes, axes)
        indexes = self._maps.get(key)
        if indexes is None:
            indexes = self._maps[key] = _indexes(value.axes, axes)
        cells = value.cells
        return [cells[index] for index in indexes]


def _indexes(narrow: tuple[int, ...], wide: tuple[int, ...]) -> list[int]:
    """Returns, for each combination of the wide axes, the index of its combination of the narrow ones."""
    weights = {axis: 1 << (len(narrow) - 1 - i) for i, axis in enumerate(narrow)}
    indexes = [0]
    for axis in wide:
        weight = weights.get(axis, 0)
        indexes = [index + bit * weight for index in indexes for bit in (0, 1)]
    return indexes
