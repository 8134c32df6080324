"""Links referrals: what other departments owe to the holder of a status, for each programme its own dated versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.rules.packs.forms import Citation
from app.rules.packs.pack import Pack
from app.rules.packs.periods import Known
from app.rules.packs.schema_beside import Referral, ReferralVersion

Dates = Callable[[Pack, dt.date, dt.date | None, dt.date | None, Iterable[Citation]], Known]


@dataclass(frozen=True)
class LinkedReferral:
    """One version of a referral, for one of the programmes it names."""

    id: str
    programme: str
    pack: str
    number: int
    dates: Known
    declared: Referral
    version: ReferralVersion


def link_referrals(pack: Pack, dates: Dates) -> dict[str, list[LinkedReferral]]:
    """Returns the versions of each referral of a pack, under its id and a programme's: `dibao education.support`."""
    linked: dict[str, list[LinkedReferral]] = {}
    for id_, declared in pack.content.referrals.items():
        for number, version in enumerate(declared.versions):
            known = dates(pack, version.start, version.until, version.published, version.basis)
            for programme in version.programmes:
                one = LinkedReferral(id_, programme, pack.code, number, known, declared, version)
                linked.setdefault(f"{programme} {id_}", []).append(one)
    return linked
