"""Invented registers: the same for the same seed, nobody's numbers, and fates that are drawn once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from app.rules.packs.strict_yaml import PackError
from app.security.id_numbers import birth_date, plain
from app.verification.exchange.mapping.mapping import load_mapping
from app.verification.registers.sources import shipped
from app.verification.simulator.behaviour import Behaviour, fate
from app.verification.simulator.registers import NOWHERE, Registers
from app.verification.simulator.script import read_script
from tests.support.verification.exchange import DAY, RESIDENTS


def test_the_same_seed_and_day_give_the_same_registers() -> None:
    assert list(Registers.invented(7, 40, DAY).residents.values()) == RESIDENTS
    assert list(Registers.invented(8, 40, DAY).residents.values()) != RESIDENTS


def test_more_people_leave_the_first_as_they_are() -> None:
    assert list(Registers.invented(7, 200, DAY).residents.values())[:40] == RESIDENTS


def test_numbers_are_well_formed_say_the_birth_date_and_belong_to_no_county() -> None:
    for one in RESIDENTS:
        assert plain(one.id_number) == one.id_number
        assert one.id_number.startswith(NOWHERE)
        assert one.entries["household"][1].value == birth_date(one.id_number)


def test_every_register_holds_something_of_somebody_and_only_what_it_can_speak_on() -> None:
    many = Registers.invented(1, 1000, DAY).residents.values()
    assert {source for one in many for source in one.entries} == set(shipped().sources)
    for one in many:
        for source, items in one.entries.items():
            assert {item.fact for item in items} <= set(shipped().sources[source].facts)


def test_there_are_namesakes() -> None:
    registers = Registers.invented(1, 1000, DAY)
    one = next(iter(registers.residents.values()))
    found = registers.namesake(one.name, one.id_number)
    assert found is not None
    assert found.on == ("name",)
    assert found.resident.id_number != one.id_number


def test_a_number_with_another_name_is_not_an_exact_match() -> None:
    registers = Registers.invented(7, 40, DAY)
    found = registers.find("别人", RESIDENTS[0].id_number)
    assert found is not None
    assert found.on == ("id_number",)


def test_somebody_who_is_added_takes_the_place_of_that_number() -> None:
    registers = Registers.invented(7, 40, DAY)
    registers.add("新来", RESIDENTS[0].id_number, {})
    found = registers.find("新来", RESIDENTS[0].id_number)
    assert found is not None
    assert found.resident.entries == {}
    with pytest.raises(ValueError, match="valid"):
        registers.add("新来", "1", {})


@pytest.mark.parametrize("share", [0.0, 0.05, 0.2, 1.0])
def test_shares_come_out_as_they_are_asked_for(share: float) -> None:
    behaviour = Behaviour(errors=share, malformed=share)
    fates = [fate(behaviour, 1, f"q-{n}", "p1", "tax") for n in range(4000)]
    assert sum(one.error for one in fates) / 4000 == pytest.approx(share, abs=0.02)
    assert sum(one.malformed for one in fates) / 4000 == pytest.approx(share, abs=0.02)
    assert fates == [fate(behaviour, 1, f"q-{n}", "p1", "tax") for n in range(4000)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("persons:\n  - name: 甲\n", 2),
        ("persons:\n  - {name: 甲, id_number: '1'}\n", 2),
        ("persons:\n  - name: 甲\n    id_number: '119999200001010015'\n    entries: {luck: []}\n", 4),
        ("behaviour: {errors: '2'}\n", 1),
        ("mood: bad\n", 1),
    ],
)
def test_a_faulty_script_is_refused_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "script.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        read_script(path, load_mapping("simulator"), Registers(dt.date(2026, 8, 15)))
    assert (caught.value.file, caught.value.line) == ("script.yaml", line)
