"""Draws answers as tables for the terminal."""

from typing import Any, Final

from rich.table import Table
from rich.text import Text

from app.rules.messages import Language

STATUS_WORDS: Final[dict[str, dict[Language, str]]] = {
    "eligible": {"zh": "符合", "en": "eligible"},
    "ineligible": {"zh": "不符合", "en": "ineligible"},
    "undetermined": {"zh": "待补充", "en": "undetermined"},
    "refer": {"zh": "待认定", "en": "refer"},
    "not_applicable": {"zh": "不适用", "en": "not applicable"},
}
_STYLES: Final = {
    "eligible": "green",
    "ineligible": "dim",
    "undetermined": "yellow",
    "refer": "magenta",
    "not_applicable": "dim",
}


def status_text(status: str, language: Language) -> Text:
    """Word a status, in its colour."""
    return Text(STATUS_WORDS[status][language], style=_STYLES[status])


def amount_text(amount: dict[str, Any] | None, language: Language) -> str:
    """Write an amount as a figure or a range, with its period."""
    if amount is None:
        return ""
    per = {"CNY/month": ("/月", " a month"), "CNY/year": ("/年", " a year"), "CNY/once": ("（一次性）", " once")}
    suffix = per.get(amount["unit"], ("", ""))[0 if language == "zh" else 1]
    if amount["value"] is not None:
        return f"{amount['value']}{suffix}"
    top = amount["max"] or "…"
    return f"{amount['min']}–{top}{suffix}"


def answer_table(answer: dict[str, Any], language: Language) -> Table:
    """Draw an answer, one row for each result."""
    head = answer["jurisdiction"]["name"]
    table = Table(title=f"{head}  {answer['date']}", title_justify="left")
    for name in (
        ("项目", "人员", "结果", "金额", "说明")
        if language == "zh"
        else ("Programme", "Person", "Status", "Amount", "In words")
    ):
        table.add_column(name, overflow="fold")
    for result in answer["results"]:
        table.add_row(
            result["title"],
            result["person"] or "",
            status_text(result["status"], language),
            amount_text(result["amount"], language),
            " ".join(result.get("summary", [])[1:]) or " ".join(result.get("summary", [])),
        )
    return table
