"""Taking an answer apart: what is of the form agreed is found, everything else is a fault at its place."""

from __future__ import annotations

from collections.abc import Mapping as Table
from typing import Any

from app.rules.request_faults import Fault
from app.verification.exchange.errors import Malformed
from app.verification.exchange.mapping.formats import BadForm, Form
from app.verification.exchange.mapping.schema import UNMAPPED
from app.verification.registers.yaml_file import Section


class Unpacking:
    """One answer being read: the faults found so far."""

    def __init__(self, ignored: tuple[str, ...]) -> None:
        self.faults: list[Fault] = []
        self._ignored = ignored

    def fault(self, pointer: str, code: str) -> None:
        self.faults.append(Fault(pointer, code))

    def stop(self) -> None:
        if self.faults:
            raise Malformed(self.faults)

    def section(
        self,
        raw: Any,
        fields: Section,
        forms: Table[str, Form],
        where: str,
        optional: frozenset[str] | set[str] = frozenset(),
    ) -> dict[str, Any]:
        """The fields of one object that are of the form agreed; the others are faults, as are names nobody agreed on."""
        if not isinstance(raw, dict):
            self.fault(where, "wrong_type")
            return {}
        names = {our: their for our, their in fields.model_dump().items() if their != UNMAPPED}
        if not set(raw) <= {*names.values(), *self._ignored}:
            self.fault(where, "unknown_field")
        found: dict[str, Any] = {}
        for our, their in names.items():
            given = raw.get(their)
            if given is None:
                if our not in optional and our != "value":
                    self.fault(f"{where}/{our}", "required")
            elif our in forms:
                value = self.value(given, forms[our], f"{where}/{our}")
                if value is not None:
                    found[our] = value
        return found

    def list_of(self, raw: Any, name: str, where: str) -> list[Any]:
        """A list in an object, empty if there is none."""
        given = raw.get(name) if isinstance(raw, dict) else None
        if given is not None and not isinstance(given, list):
            self.fault(where, "wrong_type")
        return given if isinstance(given, list) else []

    def value(self, raw: Any, form: Form, where: str) -> Any:
        """A value of the form agreed, None and a fault otherwise."""
        if raw is None:
            self.fault(where, "required")
            return None
        try:
            return form.read(raw)
        except BadForm as bad:
            self.fault(where, bad.code)
            return None
