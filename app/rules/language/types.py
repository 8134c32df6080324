"""Types of the formula language, which decide the values that may be added, compared and chosen between."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["money", "months", "number", "bool", "enum", "date", "zero"]
Per = Literal["once", "month", "year"]


@dataclass(frozen=True)
class Type:
    """A value's type. `per` tells money a month, a year or once apart; `values` are those of an enumeration."""

    kind: Kind
    per: Per = "once"
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.kind == "money":
            return {"once": "CNY", "month": "CNY/month", "year": "CNY/year"}[self.per]
        return self.kind

    @property
    def countable(self) -> bool:
        """Tells if values of this type can be ordered and added."""
        return self.kind in ("money", "months", "number", "zero")


MONEY = Type("money", "once")
MONEY_MONTH = Type("money", "month")
MONEY_YEAR = Type("money", "year")
MONTHS = Type("months")
NUMBER = Type("number")
BOOL = Type("bool")
DATE = Type("date")
ZERO = Type("zero")  # a literal 0, which fits money, months and numbers alike

BY_NAME: dict[str, Type] = {
    "CNY": MONEY,
    "CNY/month": MONEY_MONTH,
    "CNY/year": MONEY_YEAR,
    "months": MONTHS,
    "number": NUMBER,
    "bool": BOOL,
}


def enum(*values: str) -> Type:
    return Type("enum", values=values)


def unify(left: Type, right: Type) -> Type | None:
    """Returns the common type of two values that are added, compared or chosen between; None if they have none."""
    if left == right:
        return left
    if left.kind == "zero" and right.countable:
        return right
    if right.kind == "zero" and left.countable:
        return left
    if left.kind == right.kind == "enum" and set(left.values) & set(right.values):
        return enum(*dict.fromkeys(left.values + right.values))
    return None
