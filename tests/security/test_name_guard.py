"""Names and ID numbers in what people write, however they are written."""

from __future__ import annotations

import pytest

from app.rules.request_faults import Fault
from app.security.name_guard import naming_faults
from tests.support.decisions.identities import ADULT

NAME = "张三丰"


def refused(text: str) -> bool:
    return list(naming_faults({"reason": text}, [NAME, ADULT])) == [Fault("/reason", "personal_data")]


@pytest.mark.parametrize("between", ["", " ", "-", "_", ",", "，", "/", "—", "\u200b", "\u3000", "*"])
def test_an_id_number_is_found_whatever_stands_between_its_digits(between: str) -> None:
    assert refused(f"据{ADULT[:6]}{between}{ADULT[6:14]}{between}{ADULT[14:]}查询")


def test_an_id_number_is_found_in_digits_of_another_script() -> None:
    assert refused("".join("٠١٢٣٤٥٦٧٨٩"[int(sign)] if sign.isdigit() else sign.lower() for sign in ADULT))


def test_words_that_end_and_begin_with_parts_of_a_name_are_no_name() -> None:
    assert not refused("已联系张三，丰收后再去")
    assert refused("已联系张 三·丰")


def test_other_figures_are_no_id_number() -> None:
    assert not refused(f"{ADULT[:6]}，共 {ADULT[6:10]} 元")
