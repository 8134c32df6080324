"""Places, standards, rules in force, rulesets and the schema of the facts."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.decisions.stored_rules.ruleset_page import ruleset_page
from app.http.language import LanguageDep
from app.http.law import CodeInPath, HistoryDep, LawOfPath, LawOfQuery, StretchDep, TwoLaws, must_be_known
from app.http.openapi import titled
from app.http.params import now, parameter
from app.http.problems import raises
from app.http.route import Route
from app.http.storage_gate import OptionalStorageDep
from app.rules.catalogue.schemas import (
    Difference,
    JsonSchema,
    JurisdictionList,
    JurisdictionPage,
    RuleList,
    RulePage,
    RulesetPage,
    StandardsOrSeries,
)
from app.rules.facts.json_schema import facts_schema

router = APIRouter(prefix="/v1", tags=["rules"], route_class=Route)

RuleId = Annotated[str, Path(max_length=100, examples=["dibao.income_test"], **parameter("规则编号", "A rule"))]
RulesetHash = Annotated[
    str,
    Path(
        max_length=80,
        examples=["sha256:" + "0" * 64],
        **parameter("规则集的哈希值", "The hash an answer names as its ruleset"),
    ),
]


@router.get("/jurisdictions", **titled("有自己规定的地区", "Every place with rules of its own"))
async def jurisdictions(history: HistoryDep, language: LanguageDep) -> JurisdictionList:
    """Every place with rules of its own."""
    return history.at(now()).catalogue.divisions(language)


@router.get("/jurisdictions/{code}", **titled("一个地区：上下级、各项目标准的起止与空缺", "The place"))
@raises("faulty_request", "unknown_division")
async def jurisdiction(code: CodeInPath, history: HistoryDep, language: LanguageDep) -> JurisdictionPage:
    """A place: its parent and children, which programmes have standards and over which dates, and the gaps."""
    known_at = now()
    return history.at(known_at).catalogue.division(code, known_at.date(), language)


@router.get(
    "/jurisdictions/{code}/standards",
    **titled("某日的各项标准，或者历年标准", "The standards of the day, or the series"),
)
async def standards(law: LawOfPath, stretch: StretchDep, language: LanguageDep) -> StandardsOrSeries:
    """Every parameter in force on a day, or with `from` and `until` the series of figures over the years."""
    must_be_known(law)
    return law.catalogue.figures(law.side, stretch, language)


@router.get("/rules", **titled("某日有效的规则", "The rules in force"))
async def rules(law: LawOfQuery, language: LanguageDep) -> RuleList:
    """The rules in force as people read them: title, formula, words, articles, what they need and what needs them."""
    must_be_known(law)
    return law.catalogue.rules(*law.side, language)


@router.get(
    "/rules/diff",
    **titled("两个日期、两个知悉时间或者两个地区的对照", "What differs, rule by rule and figure by figure"),
)
async def difference(laws: TwoLaws, language: LanguageDep) -> Difference:
    """Two dates, two states of knowledge or two places side by side."""
    must_be_known(*laws)
    left, right = laws
    return left.catalogue.difference(left.side, right.side, language, right.catalogue)


@router.get("/rules/{rule}", **titled("一条规则及其各个版本", "The rule"))
@raises("unknown_rule")
async def rule(rule: RuleId, law: LawOfQuery, language: LanguageDep) -> RulePage:
    """One rule in force, with all its versions."""
    must_be_known(law)
    return law.catalogue.rule(rule, *law.side, language)


@router.get("/rulesets/{hash_}", **titled("某一哈希值的规则集", "Its rules and values"))
@raises("faulty_request", "unknown_ruleset")
async def ruleset(
    hash_: RulesetHash, history: HistoryDep, storage: OptionalStorageDep, language: LanguageDep
) -> RulesetPage:
    """The exact rules and values of a hash, as far as they can be built from what is loaded."""
    return await ruleset_page(hash_, language, history, storage.kept if storage else None)


@router.get("/facts/schema", **titled("家庭情况的 JSON Schema", "The schema, as JSON Schema 2020-12"))
async def schema() -> JsonSchema:
    """JSON Schema of the household, with titles in both languages."""
    return JsonSchema(facts_schema())
