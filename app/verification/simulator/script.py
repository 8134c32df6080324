"""A script for the simulator: how it behaves, and people with what registers hold of them, as YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field

from app.rules.packs.strict_yaml import YamlFile
from app.verification.exchange.errors import Malformed
from app.verification.exchange.mapping.mapping import Mapping
from app.verification.registers.yaml_file import Section, checked, load
from app.verification.simulator.behaviour import Behaviour
from app.verification.simulator.registers import Registers, items_of


class Told(Section):
    """A person, and by register what it holds, each entry in the words of the simulator's mapping."""

    name: str
    id_number: str
    entries: dict[str, list[dict[str, Any]]] = Field(default_factory=dict)


class Script(Section):
    behaviour: Behaviour = Behaviour()
    persons: list[Told] = Field(default_factory=list)


def read_script(path: Path, mapping: Mapping, registers: Registers) -> Behaviour:
    """Put a script's people into the registers, and give the behaviour it asks for. PackError at the first fault."""
    file = load(path)
    script = checked(file, Script)
    for number, told in enumerate(script.persons):
        _put(file, number, told, mapping, registers)
    return script.behaviour


def _put(file: YamlFile, number: int, told: Told, mapping: Mapping, registers: Registers) -> None:
    try:
        registers.add(told.name, told.id_number, items_of(mapping, told.entries))
    except Malformed as error:
        fault = error.faults[0]
        place = tuple(int(part) if part.isdigit() else part for part in fault.pointer.split("/")[1:])
        raise file.fault(fault.code, ("persons", number, *place)) from None
    except ValueError:
        raise file.fault("not a name and an identity number", ("persons", number)) from None
