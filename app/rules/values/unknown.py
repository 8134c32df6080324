"""The unknown value, which may not be used: reading it on the exact path means that bounds are needed."""

from typing import Any, Final, NoReturn


class NeedsBounds(Exception):
    """Something unknown was read; the household goes through bounded evaluation."""


class _Unknown:
    """Stands for an unknown fact; every operation on it raises `NeedsBounds`."""

    __slots__ = ()

    def _refuse(self, *_: Any) -> NoReturn:
        raise NeedsBounds

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
    __floordiv__ = __rfloordiv__ = __neg__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __bool__ = __hash__ = __iter__ = __getitem__ = _refuse

    def __eq__(self, other: object) -> bool:
        raise NeedsBounds

    def __ne__(self, other: object) -> bool:
        raise NeedsBounds

    def __getattr__(self, name: str) -> NoReturn:
        raise NeedsBounds


UNKNOWN: Final[Any] = _Unknown()
