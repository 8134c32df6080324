"""The purposes that come with the service: grounded, named by roles that there are, and asking about statuses."""

from __future__ import annotations

import pytest

from app.people.purposes import shipped
from app.security.callers import ROLES, Caller, Role
from tests.support.callers import caller


def test_every_role_has_an_ordinary_purpose_that_it_may_name() -> None:
    for role in ROLES:
        assert shipped().may_name(caller(role), shipped().ordinary_of(caller(role)))


def test_every_purpose_rests_on_an_article() -> None:
    assert all(article and document for one in shipped().purposes.values() for document, article in one.basis)
    assert all(one.basis and one.roles for one in shipped().purposes.values())


def test_some_purpose_may_ask_about_every_status_that_other_departments_rely_on() -> None:
    asked = {status for one in shipped().purposes.values() for status in one.statuses}
    assert {"dibao", "extreme_poverty_support", "edge_family", "rigid_expenditure_family"} < asked


@pytest.mark.parametrize(
    ("role", "purpose"), [("caseworker", "audit"), ("auditor", "case_handling"), ("publisher", "retention")]
)
def test_a_role_does_not_name_the_purpose_of_another(role: Role, purpose: str) -> None:
    assert not shipped().may_name(caller(role), purpose)


def test_nobody_names_a_purpose_that_there_is_not() -> None:
    assert not shipped().may_name(caller(), "curiosity")


def test_who_has_several_roles_reads_ordinarily_by_the_first() -> None:
    both = Caller("a", frozenset({"publisher", "reviewer"}), ("",))
    assert shipped().ordinary_of(both) == shipped().ordinary_of(caller("reviewer"))
