"""Texts of open values."""

from app.rules.values.open_values import Cases, Maybe, Range


def test_an_open_value_says_what_it_is() -> None:
    assert repr(Maybe(5)) == "Maybe(101)"
    assert repr(Range(1, None, 2)) == "Range(1..None, 10)"
    assert repr(Range(1, 3, 2, True)) == "Range(>1..3, 10)"
    assert repr(Cases((0,), [False, True])) == "Cases((0,), [False, True])"
