"""Checking a bundle or an export wholly: its proofs, and then every decision computed again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.decisions.proofs.check import check_bundle, check_export
from app.decisions.proofs.findings import Finding, Report
from app.decisions.proofs.formats import MOST_BUNDLE_BYTES, BundlePack, RecordLine, read_bundle, read_lines
from app.decisions.proofs.recheck import Recheck

Progress = Callable[[int], None]
_STEP = 1000


@dataclass(frozen=True)
class Checked:
    """What was found, and how many decisions were computed again."""

    findings: list[Finding]
    recomputed: int

    @property
    def sound(self) -> bool:
        return not any(finding.is_fault for finding in self.findings)


def check_file(path: Path, public_key: bytes | None, *, recompute: bool = True) -> Checked:
    """All that is wrong with a bundle."""
    with path.open("rb") as file:
        text = file.read(MOST_BUNDLE_BYTES + 1)
    findings = check_bundle(text, public_key)
    bundle = read_bundle(text, Report()) if recompute else None
    if bundle is None:
        return Checked(findings, 0)
    packs = {pack.digest: pack.body for pack in bundle.packs}
    recheck = Recheck(Report(), packs)
    for record in bundle.records:
        recheck.check(record.index, record.body)
    return Checked(findings + recheck.report.findings, recheck.done)


def check_folder(
    folder: Path, public_key: bytes | None, *, recompute: bool = True, progress: Progress = lambda _: None
) -> Checked:
    """All that is wrong with an export. `progress` is told how many records are done."""
    findings = check_export(folder, public_key, progress)
    if not recompute:
        return Checked(findings, 0)
    unread = Report()  # what cannot be read was found above
    packs = {part.digest: part.body for _, part in read_lines(folder / "packs.jsonl", BundlePack, unread)}
    recheck = Recheck(Report(), packs)
    for _, record in read_lines(folder / "records.jsonl", RecordLine, unread):
        recheck.check(record.index, record.body)
        if recheck.done % _STEP == 0:
            progress(recheck.done)
    return Checked(findings + recheck.report.findings, recheck.done)
