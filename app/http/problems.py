"""Problem documents (RFC 9457): what went wrong, at once and in full, and never the submitted values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, Final, TypeVar

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from app.http.language import language_of
from app.notices.pdf import KINDS, NoGlyph
from app.publications.errors import FaultyPublication, RuleFault
from app.rules.engine.evaluate import RuleFailure
from app.rules.errors import CodedError
from app.rules.messages import FAULTS, Language, fault_message
from app.rules.request_faults import Fault, FaultyRequest, TooManyMembers, fault_code, pointer
from app.rules.schema_base import Shape, described

TYPE_BASE: Final = "https://doudi.invalid/problems/"  # documented in docs/problems.md; a name, not an address

TITLES: Final[dict[str, tuple[int, dict[Language, str]]]] = {
    "not_json": (400, {"zh": "请求体不是 JSON", "en": "The body is not JSON"}),
    "too_large": (413, {"zh": "请求过大", "en": "The request is too large"}),
    "too_many_members": (413, {"zh": "家庭成员超过上限", "en": "The household has too many members"}),
    "malformed_request": (400, {"zh": "不是合格的 HTTP 请求", "en": "The request is not well-formed HTTP"}),
    "too_slow": (408, {"zh": "请求未在限定时间内送达", "en": "The request did not arrive in time"}),
    "headers_too_large": (431, {"zh": "请求头过大", "en": "The request's headers are too large"}),
    "too_many_requests": (
        429,
        {"zh": "同时提出的请求过多，请稍后重试", "en": "Too many requests of one caller at once; try again later"},
    ),
    "overloaded": (
        503,
        {"zh": "服务繁忙，未作任何处理，请稍后重试", "en": "The service is busy and did nothing; try again later"},
    ),
    "took_too_long": (
        503,
        {
            "zh": "处理超时，可用同一幂等键重试",
            "en": "It took too long and was given up; send it again with the same key",
        },
    ),
    "faulty_request": (422, {"zh": "请求中有错误", "en": "The request has faults"}),
    "unauthenticated": (401, {"zh": "请提供有效的令牌", "en": "A valid token is needed"}),
    "faulty_publication": (422, {"zh": "所提交的规则有错误", "en": "What was submitted cannot be published"}),
    "unknown_publication": (404, {"zh": "没有这一发布", "en": "There is no such publication"}),
    "already_approved": (409, {"zh": "已经批准", "en": "It is approved already"}),
    "already_rejected": (409, {"zh": "已经驳回", "en": "It is rejected already"}),
    "standing_changed": (
        409,
        {"zh": "现行规则在提交之后已有变化，请重新提交", "en": "What stands has changed since; submit it again"},
    ),
    "published_ahead": (
        409,
        {
            "zh": "所载公布日期尚未到来，公布后再批准",
            "en": "It says a day of publication that is yet to come; approve it then",
        },
    ),
    "nothing_before": (
        409,
        {"zh": "随服务提供的内容没有可比较的前版", "en": "What came with the service was compared with nothing"},
    ),
    "forbidden": (403, {"zh": "该角色不得进行此操作", "en": "This role may not do this"}),
    "outside_area": (403, {"zh": "该区划不在职责范围内", "en": "This place is outside the caller's area"}),
    "second_person_needed": (
        403,
        {"zh": "须由提出人以外的人员决定", "en": "Somebody else than who proposed it must decide this"},
    ),
    "keys_unavailable": (
        503,
        {"zh": "暂时无法核验令牌", "en": "Tokens cannot be verified now: the issuer's keys cannot be had"},
    ),
    "unknown_division": (404, {"zh": "没有适用于该区划的规定", "en": "No loaded division stands above this code"}),
    "unknown_rule": (404, {"zh": "没有这条规则", "en": "There is no such rule"}),
    "unknown_ruleset": (
        404,
        {"zh": "无法由现有内容重建这一规则集", "en": "This ruleset cannot be rebuilt from what is loaded"},
    ),
    "unknown_decision": (404, {"zh": "没有这一认定", "en": "There is no such decision"}),
    "unknown_person_ref": (404, {"zh": "没有这个人员", "en": "There is no such person"}),
    "unknown_verification": (404, {"zh": "没有这一核对", "en": "There is no such verification"}),
    "unknown_finding": (404, {"zh": "没有这一核对发现", "en": "The verification has no such finding"}),
    "unknown_alert": (404, {"zh": "没有这一预警", "en": "There is no such alert"}),
    "report_forged": (401, {"zh": "报告的签名无效", "en": "The report is not signed by the platform that was asked"}),
    "report_elsewhere": (
        404,
        {"zh": "报告不属于这一核对", "en": "The report answers nothing that was asked here"},
    ),
    "report_stale": (410, {"zh": "报告的签名已过时", "en": "The report was signed too long ago"}),
    "report_contradicts": (
        409,
        {"zh": "同一编号的报告内容不同", "en": "A report of this id said something else before"},
    ),
    "unknown_job": (404, {"zh": "没有这一任务", "en": "There is no such job"}),
    "unknown_entry": (404, {"zh": "日志中没有这一项", "en": "The log has no such entry or size"}),
    "already_decided": (409, {"zh": "已经作出决定", "en": "It is decided already"}),
    "already_withdrawn": (409, {"zh": "已经撤回", "en": "It is withdrawn already"}),
    "already_corrected": (409, {"zh": "已有更正", "en": "Another decision corrects it already"}),
    "already_succeeded": (409, {"zh": "已有后续认定", "en": "Another decision succeeds it already"}),
    "recorded_elsewhere": (
        409,
        {
            "zh": "该人员在职责区划以外也有记录，须由上级删除",
            "en": "The person is on record outside the caller's areas as well; it is erased everywhere or not at all",
        },
    ),
    "support_stands": (
        409,
        {
            "zh": "该人员仍有按月发放的救助，须待其终止或者更正之后再删除",
            "en": "The person is paid support every month; erasing waits until a decision ends it or corrects it",
        },
    ),
    "already_resolved": (409, {"zh": "已有人处理", "en": "Somebody dealt with it already"}),
    "not_decided": (409, {"zh": "尚未作出决定", "en": "It is not decided yet"}),
    "hearing_needed": (
        409,
        {
            "zh": "减发或者终止之前须听取意见并记录（社会救助法第48条）",
            "en": "A hearing must be on record before support is reduced or ended (Social Assistance Law, article 48)",
        },
    ),
    "several_households": (
        409,
        {
            "zh": "几个县都有这一家庭编号，须用 jurisdiction 指明",
            "en": "Several counties have a household of this reference: `jurisdiction` says which is meant",
        },
    ),
    "key_reused": (
        409,
        {"zh": "幂等键已用于另一请求", "en": "The idempotency key was used for another request"},
    ),
    "cannot_recompute": (
        409,
        {"zh": "所存规则无法在此重算", "en": "The stored rules cannot be computed here; nothing is guessed"},
    ),
    "sealed_unreadable": (
        409,
        {
            "zh": "所封存的姓名或者公民身份号码无法打开：内容被改动，或者缺少密钥",
            "en": "A sealed name or ID number does not open: it was altered, or its key is not here",
        },
    ),
    "storage_unavailable": (
        503,
        {"zh": "暂时无法保存，可用同一幂等键重试", "en": "Nothing can be stored now; send it again with the same key"},
    ),
    "no_pdf": (
        501,
        {
            "zh": "这里不能生成 PDF（缺少附加组件 pdf、Pango 或者中文字体），请用网页版",
            "en": "No PDF can be made here (the extra `pdf`, Pango or a Chinese font is missing); use the page",
        },
    ),
    "no_glyph": (
        501,
        {
            "zh": "这里的字体缺少告知书中的生僻字，不能生成 PDF，请用网页版或者安装字体",
            "en": "The fonts here lack rare characters of the notice, so no PDF is made; use the page, or install a font",
        },
    ),
    "log_broken": (
        500,
        {"zh": "日志与签名不符，已停止写入", "en": "The log is not what was signed; nothing more is written"},
    ),
    "not_found": (404, {"zh": "没有这个地址", "en": "There is nothing here"}),
    "method_not_allowed": (405, {"zh": "不支持这一方法", "en": "This method is not allowed here"}),
    "rule_failure": (
        500,
        {"zh": "规则计算失败，不作任何认定", "en": "A rule could not be computed; nothing was decided"},
    ),
    "internal": (500, {"zh": "服务内部错误", "en": "Something failed in the service"}),
}


class FaultFound(Shape):
    """One fault of a request."""

    pointer: str = described(
        "位置", "JSON Pointer into the body, or /path/… and /query/…", "/household/members/0/income/wage"
    )
    code: str = described("代码", f"One of {', '.join(FAULTS)}", "money_format")
    message: str = described("说明", "What is wrong, in the language asked for")
    file: str | None = described("规则文件", "For rules: the file", "999900/published-0001.yaml", default=None)
    line: int | None = described("行", "For rules: the line, from 1", 5, default=None)
    column: int | None = described("列", "For rules: the column, from 1", 7, default=None)
    text: str | None = described("原文", "For rules: the line itself", default=None)


class Problem(BaseModel):
    """RFC 9457. The submitted values are never repeated."""

    type: str = described("类型", "The kind of problem, as a URI", "https://doudi.invalid/problems/faulty_request")
    title: str = described("标题", "The kind of problem, in the language asked for")
    status: int = described("状态码", "The HTTP status", 422)
    detail: str = described("详情", "What happened, in the language asked for")
    code: str = Field(
        description="The kind of problem, as a code",
        examples=["faulty_request"],
        json_schema_extra={"title_zh": "代码", "enum": list(TITLES)},
    )
    errors: list[FaultFound] = described("错误", "Every fault at once", default=[])
    rule: str | None = described("规则", "The rule that could not be computed", "dibao.income", default=None)


def _body(
    code: str, language: Language, detail: str | None = None, extra: dict[str, Any] | None = None
) -> dict[str, Any]:
    status, titles = TITLES[code]
    return {
        "type": TYPE_BASE + code,
        "title": titles[language],
        "status": status,
        "detail": detail or titles[language],
        "code": code,
        **(extra or {}),
    }


def problem_body(error: Exception, language: Language) -> dict[str, Any]:
    """The problem document of a failure; what nobody foresaw is `internal` and says nothing more."""
    if isinstance(error, FaultyRequest):
        return _faulty(error.code, [_shown(fault, language) for fault in error.faults], language)
    if isinstance(error, FaultyPublication):
        return _faulty(error.code, [_of_rules(fault) for fault in error.faults], language)
    if isinstance(error, TooManyMembers):
        fault = Fault("/household/members", "too_many")
        return _body(error.code, language, extra={"errors": [_shown(fault, language)]})
    if isinstance(error, NoGlyph):
        return _body(error.code, language, ", ".join(KINDS[kind][language] for kind in error.kinds))
    if isinstance(error, RuleFailure):
        return _body(error.code, language, extra={"rule": error.rule})
    if isinstance(error, CodedError):
        return _body(error.code, language)
    return _body("internal", language)


def _faulty(code: str, errors: list[dict[str, Any]], language: Language) -> dict[str, Any]:
    count = len(errors)
    detail = f"共{count}处错误" if language == "zh" else f"{count} fault{'s' if count != 1 else ''}"
    return _body(code, language, detail, {"errors": errors})


_RETRY_AFTER: Final = 3  # seconds
_HEADERS: Final = {
    401: {"www-authenticate": "Bearer"},
    429: {"retry-after": str(_RETRY_AFTER)},
    503: {"retry-after": str(_RETRY_AFTER)},
}
_NOT_KEPT: Final = {"cache-control": "no-store"}  # it may tell that somebody is on record


def _shown(fault: Fault, language: Language) -> dict[str, str]:
    return {"pointer": fault.pointer, "code": fault.code, "message": fault_message(fault.code, language)}


def _of_rules(fault: RuleFault) -> dict[str, Any]:
    """A fault of rules, in the words of the checks. The line it stands in is no personal data."""
    return {
        "pointer": fault.pointer,
        "code": "rule_fault",
        "message": fault.reason,
        "file": fault.file,
        "line": fault.line,
        "column": fault.column,
        "text": fault.text,
    }


def _response(body: dict[str, Any]) -> Response:
    status = body["status"]
    headers = _NOT_KEPT | _HEADERS.get(status, {})
    return Response(orjson.dumps(body), status, headers, media_type="application/problem+json")


def problem_of(code: str, language: Language = "zh") -> Response:
    """A problem that nobody raised: of a request that no endpoint has seen yet, in Chinese since its headers were not
    read."""
    return _response(_body(code, language))


def problem_response(error: Exception, language: Language) -> Response:
    """A failure as an answer."""
    return _response(problem_body(error, language))


def install(app: FastAPI) -> None:
    """Every failure leaves as a problem document; nothing leaves with the values that caused it."""

    async def on_error(request: Request, error: Exception) -> Response:
        return problem_response(error, language_of(request))

    app.add_exception_handler(CodedError, on_error)

    @app.exception_handler(RequestValidationError)
    async def on_faults(request: Request, error: RequestValidationError) -> Response:
        return problem_response(
            FaultyRequest([*unknown_parameters.get(), *_declared_faults(error)]), language_of(request)
        )

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        response = _response(_body(_CODES_OF_HTTP.get(error.status_code, "internal"), language_of(request)))
        response.headers.update(error.headers or {})
        return response


_CODES_OF_HTTP: Final = {400: "not_json", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
_CODES_OF_PARAMETERS: Final = {"date_format": "wrong_form", "wrong_type": "wrong_form"}


def _declared_faults(error: RequestValidationError) -> Iterator[Fault]:
    """Turns the faults FastAPI found in a declared request into pointers and codes: in the body by its own place, elsewhere below /path, /query or
    /header."""
    for item in error.errors():
        where, *rest = item["loc"]
        code = fault_code(item["type"])
        if where == "body":
            yield Fault(pointer(rest), code)
        elif where == "path":
            yield Fault(f"/path/{rest[0]}", "wrong_form")
        else:
            yield Fault(f"/{where}/{rest[0]}".lower(), _CODES_OF_PARAMETERS.get(code, code))


unknown_parameters: ContextVar[list[Fault]] = ContextVar("unknown_parameters", default=[])  # noqa: B039  never changed
"""The faults of query parameters that the endpoint does not know; set for each request (app/http/route.py)."""


def unknown_query_faults(request: Request, known: frozenset[str]) -> list[Fault]:
    """A fault for each query parameter that is not among the known ones; a name that might be anything is left out."""
    if not request.scope["query_string"]:
        return []
    return [Fault(pointer(("query", name)), "unknown_field") for name in request.query_params if name not in known]


T = TypeVar("T", bound=Callable[..., Any])
_EVERYWHERE: Final = (
    "not_found",
    "method_not_allowed",
    "internal",
    "malformed_request",
    "too_slow",
    "headers_too_large",
    "overloaded",
)


def raises(*codes: str) -> Callable[[T], T]:
    """Marks a dependency with the problems it can end a request with: each endpoint that depends on it documents them."""

    def marked(dependency: T) -> T:
        dependency.problem_codes = codes  # type: ignore[attr-defined]
        return dependency

    return marked


def may_raise(dependency: Callable[..., Any]) -> tuple[str, ...]:
    """The problems a dependency was marked with."""
    codes: tuple[str, ...] = getattr(dependency, "problem_codes", ())
    return codes


def problem_responses(*codes: str) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's responses for the problems an endpoint can answer with, by status, each named by its code."""
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys((*codes, *_EVERYWHERE)):
        status, titles = TITLES[code]
        by_status.setdefault(status, []).append(f"`{code}`: {titles['en']}")
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": "; ".join(by_status[status]), "content": content, **_documented_headers(status)}
        for status in sorted(by_status)
    }


def _documented_headers(status: int) -> dict[str, Any]:
    if status not in (429, 503):
        return {}
    said = {"description": "After how many seconds to send it again", "schema": {"type": "integer", "minimum": 0}}
    return {"headers": {"Retry-After": said}}
