"""Whole bodies as examples for OpenAPI: what callers send about decisions."""

from typing import Any, Final

from app.rules.facts.examples import FAMILY_OF_THREE

PROPOSAL: Final[dict[str, Any]] = FAMILY_OF_THREE | {
    "case": "C-2026-17",
    "household_ref": "H-0042",
    "kind": "initial",
    "accepted_on": "2026-08-10",
    "identities": [{"person": "p1", "name": "张某", "id_number": "11999919840302018X"}],
    "provenance": {"/household/members/0/income/wage": {"source": "verified", "on": "2026-08-12"}},
    "by": "officer-7",
}
SUCCESSION: Final = PROPOSAL | {"kind": "change", "date": "2026-10-15", "reason": "家庭收入变化"}
CORRECTION: Final = SUCCESSION | {"kind": "initial", "reason": "收入登记有误"}
CONFIRMATION: Final[dict[str, Any]] = {
    "outcomes": [
        {"programme": "dibao", "outcome": "granted", "amount": "2300.00", "reason": "入户核查时另有收入"},
    ],
    "by": "officer-2",
}
WITHDRAWAL: Final = {"reason": "家庭撤回申请", "by": "officer-7"}
EVENT: Final = {"kind": "hearing", "on": "2026-08-20", "note": "已当面听取意见", "by": "officer-7"}
