"""Derives marriages, parents and the members who are counted, from the links that a request states.

The links come from the facts (`spouse_of`, `child_of`) or, where those are absent, from the relation to the applicant.
Which links count is for the packs to say (rules `family.*`); this module only follows them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.rules.facts.household import Member

# What the closure asks of each member, in this order; each is a rule of the packs.
CLOSURE_INPUTS: Final = (
    "family.left_out",
    "family.joins_as_spouse",
    "family.joins_as_child",
    "family.joins_as_parent",
    "family.joins_by_duty",
)


@dataclass
class Links:
    """The family's links by index, for the closure."""

    start: int
    spouses: list[list[int]]
    parents: list[list[int]]
    children: list[list[int]]


def marriages(members: Sequence[Member]) -> dict[int, int]:
    """Returns marriages by index, both ways."""
    places = {member.id: index for index, member in enumerate(members)}
    pairs: dict[int, int] = {}
    for index, member in enumerate(members):
        if member.spouse_of is not None and member.spouse_of in places:
            other = places[member.spouse_of]
            pairs[index], pairs[other] = other, index
    for relations in (("applicant", "spouse"), ("parent", "parent")):
        couple = [
            i for i, m in enumerate(members) if m.relation in relations and m.spouse_of is None and i not in pairs
        ]
        if len(couple) == 2:
            pairs[couple[0]], pairs[couple[1]] = couple[1], couple[0]
    return pairs


def parentage(members: Sequence[Member]) -> list[list[int]]:
    """Returns the parents of each member, by index."""
    places = {member.id: index for index, member in enumerate(members)}
    by_relation: dict[str, list[int]] = {}
    for index, member in enumerate(members):
        by_relation.setdefault(member.relation, []).append(index)
    derived = {
        "child": by_relation.get("applicant", []) + by_relation.get("spouse", []),
        "applicant": by_relation.get("parent", []),
    }
    return [
        derived.get(member.relation, [])
        if member.child_of is None
        else [places[parent] for parent in member.child_of if parent in places]
        for member in members
    ]


def counted(
    start: int,
    spouses: Sequence[Sequence[int]],
    parents: Sequence[Sequence[int]],
    children: Sequence[Sequence[int]],
    conditions: Sequence[Sequence[bool]],
) -> list[bool]:
    """Returns the members who are counted, starting from the applicant and going on until nobody is added.

    `conditions` holds one row for each of `CLOSURE_INPUTS`. A member who is left out is neither counted nor a link to
    others, except that the walk starts from the applicant even then. Duty joins a member to the applicant alone.
    """
    left_out, as_spouse, as_child, as_parent, by_duty = conditions
    result = [False] * len(left_out)
    result[start] = not left_out[start]
    for person, owed in enumerate(by_duty):
        result[person] = result[person] or (owed and not left_out[person])
    reached = [start, *(person for person, yes in enumerate(result) if yes and person != start)]
    while reached:
        person = reached.pop()
        for links, joins in ((spouses, as_spouse), (children, as_child), (parents, as_parent)):
            for other in links[person]:
                if joins[other] and not result[other] and not left_out[other]:
                    result[other] = True
                    reached.append(other)
    return result
