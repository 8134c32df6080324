"""Names in one form, and names and ID numbers in what people write, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.security.id_numbers import names_a_person
from app.security.name_guard import naming_faults
from app.security.names import same_name, unified
from tests.support.decisions.identities import ADULT

DOTS = "·•‧∙⋅・･●◦⸱ꞏ\u0387"
UIGHUR = "买买提·依明"
NUMERALS = dict(zip("0123456789", "〇一二三四五六七八九", strict=True))
FORMAL = dict(zip("0123456789", "零壹贰叁肆伍陆柒捌玖", strict=True))


def refused(text: str, *said: str) -> bool:
    return any(naming_faults({"note": text}, said))


@pytest.mark.parametrize("dot", DOTS, ids=ascii)
def test_the_dot_within_a_name_is_one_however_it_is_typed(dot: str) -> None:
    typed = f"买买提 {dot}依明"
    assert unified(typed) == UIGHUR
    assert same_name(typed, UIGHUR)
    assert refused(f"见{typed}本人", UIGHUR)
    assert refused(f"见{UIGHUR}本人", typed)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张　三", "张三"),
        (" 张 三 ", "张三"),
        ("葛\U000e0100某", "葛某"),
        ("张\ufe00三", "张三"),
        ("张\u200b三\ufeff", "张三"),
        ("\u3164张三\uffa0", "张三"),
        ("⽅\u2f2f某", "方工某"),
        ("Ｊｏｈｎ　Ｓｍｉｔｈ", "John Smith"),
        ("John F. Kennedy", "John F. Kennedy"),
        ("买买提.依明", UIGHUR),
        ("买买提．依明", UIGHUR),
        ("欧阳\t某", "欧阳某"),
        ("古丽\x00某", "古丽某"),
        ("𠮷某", "𠮷某"),
        ("\ue863某", "\ue863某"),
    ],
    ids=ascii,
)
def test_a_name_is_written_as_registers_write_it(typed: str, name: str) -> None:
    assert unified(typed) == name
    assert unified(name) == name
    assert same_name(typed, name)


@given(st.text(max_size=30))
def test_the_one_form_of_a_name_is_one(name: str) -> None:
    assert unified(unified(name)) == unified(name)
    assert same_name(unified(name), name)


def test_other_names_are_other_names() -> None:
    assert not same_name("张三", "张三丰")
    assert not same_name("José", "Jose")
    assert not same_name("张丰", "张豐")


@pytest.mark.parametrize(
    "text",
    [
        *("张\u0301三丰", "张三\u20dd丰", "张\u3099三丰", "张\u0e31三丰"),  # marks on other letters
        *("张\u3164三丰", "张\u115f三\u1160丰", "张\uffa0三丰"),  # fillers
        *("張三豐", "张三豐", "張\u0301 三\ufe00豐"),  # traditional forms
        *(
            "张三\u2800丰",
            "张★三＋丰",
            "张_三*丰",
            "张三\U000e0001丰",
            "Zhang 张 三 丰",
        ),
    ],
    ids=ascii,
)
def test_no_way_of_writing_a_name_passes(text: str) -> None:
    assert refused(f"已联系{text}。", "张三丰")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("张三", "已联系張三"),
        ("張三", "已联系张三"),
        ("钱锺书", "錢鍾書"),
        ("José Díaz", "JOSE DIAZ"),
        ("Jose Diaz", "Jose\u0301 Di\u0301az"),
        ("བསོད་ནམས", "བསོད་ནམས་ལགས"),
        ("김철수", "김\u3164철수"),
    ],
)
def test_it_is_found_from_either_side(name: str, text: str) -> None:
    assert refused(text, name)


def test_words_that_only_begin_and_end_with_parts_of_a_name_are_none() -> None:
    assert not refused("已联系张三，丰收后再去", "张三丰")
    assert not refused("བསམ་གྲུབ", "བསོད་ནམས")
    assert not refused("", "张三丰")


@pytest.mark.parametrize("between", ["x", "X", "零", "三", "xx", "号", "、", "\u0301", "ab", "—— "])
def test_a_number_is_found_whatever_stands_between_its_digits(between: str) -> None:
    assert refused(f"据{between.join(ADULT[:17])}{between}{ADULT[17]}查询", ADULT)
    assert refused(f"据{ADULT[:6]}{between}{ADULT[6:14]}{between}{ADULT[14:]}查询", ADULT)


@pytest.mark.parametrize("numerals", [NUMERALS, FORMAL])
def test_a_number_is_found_in_chinese_numerals(numerals: dict[str, str]) -> None:
    written = "".join(numerals.get(sign, sign) for sign in ADULT)
    assert refused(written, ADULT)
    assert refused(ADULT[:6] + written[6:14] + ADULT[14:], ADULT)
    assert names_a_person(f"证号{written}")


@pytest.mark.parametrize("written", ["{0}", "{0[0]}-{0[1]}", "第{0}号"])
def test_the_number_of_fifteen_digits_that_somebody_once_had_is_found(written: str) -> None:
    old = ADULT[:6] + ADULT[8:17]
    assert refused(written.format(old if "[" not in written else (old[:6], old[6:])), ADULT)


@pytest.mark.parametrize("text", ["{}-{}-{}", "{} {} {}", "{}/{}/{}", "{}x{}x{}", "证{}，生{}，{}"])
def test_anybodys_right_number_is_found_in_pieces(text: str) -> None:
    assert names_a_person(text.format(ADULT[:6], ADULT[6:14], ADULT[14:]))


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-01 至 2026-12-31，每月 920 元，3 人",
        "工资 3200.00、3150.50、2980.00，社保 412.30",
        "民发〔2021〕57号第23条，文号 2026-000123-0045-01",
        "6228480402564890018",
    ],
)
def test_figures_of_other_kinds_are_no_number(text: str) -> None:
    assert not names_a_person(text)
    assert not refused(text, ADULT)
