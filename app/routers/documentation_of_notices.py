"""What OpenAPI says of notices."""

from typing import Any, Final

from app.http.admission_old import guarded
from app.http.documentation import GUARDED, PURPOSE, parameter, problems
from app.routers.documentation_of_decisions import PATH_ID

HTML: Final = "text/html"
PDF: Final = "application/pdf"
_DRAFT: Final = parameter(
    "draft",
    {"type": "string", "enum": ["true", "false"], "examples": ["true"]},
    "未作出决定时是否给出草稿",
    "Of a proposal: `true` for a page that is marked as a draft; otherwise there is none before it is decided",
)
_NO_NOTICE: Final = (
    *GUARDED,
    "faulty_request",
    "unknown_decision",
    "not_decided",
    "already_withdrawn",
    "already_corrected",
    "cannot_recompute",
    "storage_unavailable",
    "rule_failure",
)


def _page(kind: str, description: str, schema: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": description, "content": {kind: {"schema": schema}}}}


NOTICE: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "决定告知书（网页）",
        **guarded("decisions.read"),
        "parameters": [PATH_ID, _DRAFT, PURPOSE],
    },
    "responses": _page(
        HTML,
        "The notice as a page that prints. `data-fields` of a sentence holds JSON Pointers to what it says",
        {"type": "string"},
    )
    | problems(*_NO_NOTICE),
}
NOTICE_PDF: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "决定告知书（PDF）",
        **guarded("decisions.read"),
        "parameters": [PATH_ID, _DRAFT, PURPOSE],
    },
    "responses": _page(PDF, "The same page as PDF, its fonts embedded", {"type": "string", "contentMediaType": PDF})
    | problems(*_NO_NOTICE, "no_pdf"),
}
