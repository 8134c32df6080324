"""What OpenAPI says of the endpoints that only read: their parameters, answers and problems."""

from typing import Any, Final

from app.http.documentation import CODE, DAY, INSTANT, answered, parameter, problems

_PATH_CODE: Final = parameter("code", CODE, "区划代码（GB/T 2260）", "GB/T 2260 code", "path")
_JURISDICTION: Final = parameter("jurisdiction", CODE, "区划代码（GB/T 2260）", "GB/T 2260 code")
_DATE: Final = parameter(
    "date",
    DAY,
    "适用规定的日期，缺省为今天（上海时间）",
    "The day whose rules and standards are shown; today in Shanghai if absent",
)
_KNOWN_AT: Final = parameter(
    "known_at",
    INSTANT,
    "截至何时已知的规定，RFC 3339，仅写日期为当日零时（上海时间），缺省为现在",
    "Only what was known by then counts: RFC 3339, or a date for 00:00 in Shanghai; now if absent",
)
_RULE: Final = parameter(
    "rule", {"type": "string", "maxLength": 100, "examples": ["dibao.income_test"]}, "规则编号", "A rule", "path"
)
_HASH: Final = parameter(
    "hash_",
    {"type": "string", "maxLength": 80, "examples": ["sha256:" + "0" * 64]},
    "规则集的哈希值",
    "The hash an answer names as its ruleset",
    "path",
)
_DATED: Final = (_JURISDICTION, _DATE, _KNOWN_AT)
_OF_PLACE: Final = ("faulty_request", "unknown_division")


def _get(zh: str, parameters: tuple[dict[str, Any], ...], shape: str, answer: str, *codes: str) -> dict[str, Any]:
    extra: dict[str, Any] = {"x-title-zh": zh}
    if parameters:
        extra["parameters"] = list(parameters)
    return {"openapi_extra": extra, "responses": answered(shape, answer) | problems(*codes)}


JURISDICTIONS: Final = _get("有自己规定的地区", (), "JurisdictionList", "Every place with rules of its own")
JURISDICTION: Final = _get(
    "一个地区：上下级、各项目标准的起止与空缺", (_PATH_CODE,), "JurisdictionPage", "The place", *_OF_PLACE
)
STANDARDS: Final = _get(
    "某日的各项标准，或者历年标准",
    (
        *(_PATH_CODE, _DATE, _KNOWN_AT),
        parameter(
            "from",
            DAY,
            "历年标准：起始日",
            "The series instead of one day: its first day; from the beginning if absent",
        ),
        parameter("until", DAY, "历年标准：截止日", "The series instead of one day: its last day; today if absent"),
    ),
    "StandardsOrSeries",
    "The standards of the day, or the series",
    *_OF_PLACE,
)
RULES: Final = _get("某日有效的规则", _DATED, "RuleList", "The rules in force", *_OF_PLACE)
RULE: Final = _get("一条规则及其各个版本", (_RULE, *_DATED), "RulePage", "The rule", *_OF_PLACE, "unknown_rule")
DIFFERENCE: Final = _get(
    "两个日期、两个知悉时间或者两个地区的对照",
    (
        *_DATED,
        parameter("other_jurisdiction", CODE, "对照的区划代码，缺省相同", "The other place; the same if absent"),
        parameter("other_date", DAY, "对照的日期，缺省相同", "The other day; the same if absent"),
        parameter("other_known_at", INSTANT, "对照的知悉时间，缺省相同", "The other instant; the same if absent"),
    ),
    "Difference",
    "What differs, rule by rule and figure by figure",
    *_OF_PLACE,
)
RULESET: Final = _get(
    "某一哈希值的规则集", (_HASH,), "RulesetPage", "Its rules and values", "faulty_request", "unknown_ruleset"
)
FACTS_SCHEMA: Final = _get("家庭情况的 JSON Schema", (), "JsonSchema", "The schema, as JSON Schema 2020-12")
