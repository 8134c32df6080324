"""People to identify in tests, born as the family of the examples: none is anybody's."""

from __future__ import annotations

from typing import Final

from app.rules.values.strict_json import Json
from tests.security.test_id_numbers import checked

ADULT: Final = checked("33010619840302002")
OTHER: Final = checked("43050319861120001")
CHILD: Final = checked("43050320150505002")


def identity(person: str = "p1", id_number: str = ADULT, name: str = "张三丰") -> Json:
    return {"person": person, "name": name, "id_number": id_number}
