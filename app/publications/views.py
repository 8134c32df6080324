"""Shows stored publications as answers."""

from __future__ import annotations

from app.publications.repository import Published
from app.publications.schemas import Outcome, PlausibilityWarning, PublicationRow
from app.rules.checks.warnings import Finding
from app.rules.messages import Language


def publication_row(found: Published) -> PublicationRow:
    """Shows a publication as a list does."""
    outcome = Outcome(
        by=found.decided_by,
        at=found.decided_at.isoformat() if found.decided_at else None,
        known_from=found.known_from.isoformat() if found.known_from else None,
        reason=found.reason,
    )
    return PublicationRow(
        id=str(found.id),
        form=found.form,
        jurisdiction=found.jurisdiction,
        state=found.state,
        packs=found.packs,
        submitted_by=found.submitted_by,
        submitted_at=found.submitted_at.isoformat(),
        note=found.note,
        outcome=outcome if found.outcome else None,
    )


def warning_shown(warning: Finding, language: Language) -> PlausibilityWarning:
    """Shows a warning in a language."""
    message = warning.message_zh if language == "zh" else warning.message
    return PlausibilityWarning(file=warning.file, line=warning.line, column=warning.column, message=message)
