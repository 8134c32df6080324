"""Codes of divisions (GB/T 2260): the digits that name one, and which lies under which."""


def significant(code: str) -> str:
    """Returns the leading digits that name a division: 500154 -> 500154, 150700 -> 1507, 500154001000 -> …001."""
    if len(code) > 6:
        head, tail = code[:6], code[6:]
        while tail.endswith("000"):
            tail = tail[:-3]
        return head + tail if tail else significant(head)
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


def elsewhere(place: str, jurisdiction: str) -> bool:
    """Tells if a place lies under another division than the jurisdiction."""
    here, there = significant(jurisdiction), significant(place)
    return not there.startswith(here) and not here.startswith(there)
