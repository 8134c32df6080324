"""Numbers of GB 11643 are told from texts that only look like one."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.security.id_numbers import NotAnIdNumber, birth_date, plain

GOOD = ("11010519491231002X", "110105194912310038")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999, table 1
LETTERS = "10X98765432"  # the same, table 2


def checked(body: str) -> str:
    """Seventeen digits with their check character, reckoned by the tables of the standard."""
    return body + LETTERS[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


@pytest.mark.parametrize("number", GOOD)
def test_the_examples_of_the_standard_are_numbers(number: str) -> None:
    assert plain(number) == number == checked(number[:17])


def test_a_small_check_letter_is_the_same_number() -> None:
    assert plain(GOOD[0].lower()) == GOOD[0]


@pytest.mark.parametrize("province", ["81", "82", "83"])
def test_a_residence_permit_has_a_number_of_the_same_form(province: str) -> None:
    number = checked(f"{province}000019900102123")
    assert plain(number) == number
    assert birth_date(number) == dt.date(1990, 1, 2)


@pytest.mark.parametrize("county", ["430111", "110103", "654226", "460036"])
def test_a_county_that_is_no_more_stays_in_the_numbers_of_its_people(county: str) -> None:
    assert plain(checked(f"{county}19490203001"))


@pytest.mark.parametrize("province", ["00", "10", "19", "47", "60", "70", "80", "84", "90", "99"])
def test_no_province_no_number(province: str) -> None:
    with pytest.raises(NotAnIdNumber):
        plain(checked(f"{province}010519491231002"))


@pytest.mark.parametrize("day", ["19490229", "19491301", "19490431", "19490100", "00000101"])
def test_no_such_day_no_number(day: str) -> None:
    with pytest.raises(NotAnIdNumber):
        plain(checked(f"110105{day}002"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "110105491231002",
        "11010519491231002",
        GOOD[0] + "1",
        " " + GOOD[0],
        GOOD[0] + "\n",
        GOOD[0][:17] + "Y",
        "１１010519491231002X",
        "X10105194912310020",
    ],
)
def test_another_form_is_no_number(text: str) -> None:
    with pytest.raises(NotAnIdNumber) as refused:
        plain(text)
    assert not text or text.strip() not in str(refused.value)


@given(place=st.integers(0, 16), other=st.integers(1, 9))
def test_every_single_wrong_digit_is_found(place: int, other: int) -> None:
    digits = GOOD[0]
    wrong = digits[:place] + str((int(digits[place]) + other) % 10) + digits[place + 1 :]
    with pytest.raises(NotAnIdNumber):
        plain(wrong)


@given(place=st.integers(0, 15))
def test_two_neighbours_that_changed_places_are_found(place: int) -> None:
    digits = GOOD[1]
    wrong = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    if wrong != digits:
        with pytest.raises(NotAnIdNumber):
            plain(wrong)


def test_it_says_the_day_of_birth() -> None:
    assert birth_date(GOOD[0]) == dt.date(1949, 12, 31)
