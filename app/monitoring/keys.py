"""Under which keys the service itself begins verifications: once for each reason. No caller's key has a space."""

from __future__ import annotations


def of_review(decision: str, due: str | None) -> str:
    return f"review {decision} {due}"


def of_alert(alert: str) -> str:
    return f"alert {alert}"
