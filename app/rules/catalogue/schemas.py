"""The answers of the catalogue: places, standards, rules, differences, rulesets, the schema of the facts."""

from typing import Any, Literal

from pydantic import RootModel

from app.rules.explain.schemas import GapDetail
from app.rules.facts.household import Programme
from app.rules.packs.schema import Index
from app.rules.schema_base import Shape, described

Level = Literal["province", "prefecture", "county"] | None


class Place(Shape):
    """How a place is named wherever it is named."""

    code: str = described("区划代码", "GB/T 2260 code", "999900")
    name: str = described("名称", "Its name in the language asked for", "示例市（虚构）")
    level: Level = described("级别", "What kind of division", "prefecture")
    fictional: bool = described("虚构", "True for the model city, which does not exist", True)
    parent: str = described("上级", "The division above it; CN for the nation", "CN")


class ListedPlace(Place):
    """A place with what is held of it."""

    figures: int = described("标准数", "How many dated figures of its own count", 12)
    leads: int = described("线索数", "How many were collected without the official text: shown, never used", 2)


class JurisdictionList(Shape):
    """Every place with a pack: figures of its own, or leads to look for them by."""

    items: list[ListedPlace] = described("地区", "The places")
    next: None = described("下一页", "Always null: everything is here")


class Period(Shape):
    """Days over which a place has a figure or a rule of its own."""

    parameter: str = described("参数", "The parameter's id", "dibao.standard")
    key: str | None = described("分项", "Residence or level; null for all", "urban")
    start: str = described("起", "The first day on which it holds", "2026-07-01", alias="from")
    until: str | None = described("止", "The last day on which it holds; null if it holds on", "2027-06-30")


class ProgrammeStandards(Shape):
    """The standards of a programme in a place."""

    programme: Programme = described("项目", "The programme", "dibao")
    standards: list[Period] = described("标准起止", "When the place has a standard for it")


class PlaceDocument(Shape):
    """A document on which figures or rules of a place rest."""

    document: str = described("文件代号", "Its name in the pack", "model-city-rules")
    title: str = described("文件名称", "Its title in the language asked for")
    number: str | None = described("文号", "Its number", "示例〔2021〕1号")
    published: str | None = described("发布日期", "When it was published", "2021-06-30")
    note: str | None = described("备注", "What is to be known of it")


class JurisdictionPage(ListedPlace):
    """A place, with its programmes and gaps."""

    asked: str = described("所问代码", "The code asked for, at or below this place", "999900001")
    children: list[str] = described("下级", "Codes of the loaded places below it")
    programmes: list[ProgrammeStandards] = described("有标准的项目", "Programmes with standards of the place's own")
    without_standard: list[Programme] = described("没有标准的项目", "Programmes without one")
    documents: list[PlaceDocument] = described("文件", "What its rules and figures rest on")
    lead_details: list[GapDetail] = described("线索", "Figures collected without the official text, by parameter")


class Citation(Shape):
    """A document and article."""

    document: str = described("文件", "Title, number or name of the document", "社会救助法")
    article: str | None = described("条款", "Its article", "18")


class Numbers(Shape):
    """A figure in the parameter's unit, or the range of it."""

    key: str | None = described(
        "分项", "Residence, level, stage of education, or the age from which; null for all", "urban"
    )
    value: str | None = described(
        "数值", "The figure in the parameter's unit, money with two decimals (floored); null if open", "741.66"
    )
    min: str | None = described("下限", "The least it can be", "741.66")
    max: str | None = described("上限", "The most it can be", "741.66")
    exact: str | None = described("精确值", "Where two decimals do not hold it: the exact number", "2225/3")


class Source(Shape):
    """Where a figure is printed, and the days over which it holds."""

    printed: str | None = described("原文数值", "As printed, in CNY for `printed_per` if it is money", "8900")
    printed_per: Literal["month", "year", "once"] | None = described("原文口径", "For what time it is printed", "year")
    printed_until: str | None = described("原文截止日", "The last day the document itself names", "2027-06-30")
    start: str = described("起", "The first day on which it holds", "2026-07-01", alias="from")
    until: str | None = described("止", "The last day on which it holds; null if it holds on", "2027-06-30")
    known_from: str = described("知悉日", "The day from which it was known", "2026-06-20")
    precision: Literal["day", "year"] = described(
        "日期精度", "Whether the dates are known to the day or the year", "day"
    )
    status: Literal["published", "inferred"] = described("来源性质", "Published as such, or inferred", "published")
    document: str = described("文件代号", "The document's name in its pack", "model-city-rules")
    document_title: str = described("文件名称", "The document's title in the language asked for")
    article: str | None = described("条款", "Its article")
    division: str = described("公布地区", "The division whose pack has it", "999900")


class StandardFigure(Source, Numbers):
    """A figure in force."""

    words: str | None = described("文字", "The figure in words", "8900.00 yuan a year")


class Standard(Shape):
    """A parameter on a day."""

    parameter: str = described("参数", "The parameter's id", "dibao.standard")
    title: str = described("名称", "What it is, in the language asked for")
    unit: str = described("单位", "CNY, CNY/month, CNY/year, months, number or bool", "CNY/month")
    by: Index | None = described("分项方式", "By what it differs", "residence")
    status: Literal["in_force", "gap"] = described(
        "状态", "Whether the place has it, or nobody published it", "in_force"
    )
    rule: str | None = described("规则", "The place's own rule that settles it", "uplift.minor")
    formula: str | None = described("公式", "The formula that gives it", "orphan.dispersed")
    values: list[StandardFigure] = described("数值", "Its figures, by key")
    basis: list[Citation] = described("依据", "What leaves it to the place")


class InForce(Shape):
    """The place and the day, and the ruleset in force there."""

    jurisdiction: Place = described("地区", "The place that answers")
    date: str = described("日期", "The day", "2026-08-15")
    ruleset: str = described("规则集", "The hash of the exact rules and values", "sha256:…")


class StandardList(InForce):
    """Every parameter on a day."""

    items: list[Standard] = described("标准", "Every parameter, in force or a gap")
    next: None = described("下一页", "Always null: everything is here")


class SeriesItem(Source, Numbers):
    """A figure and the days over which it held."""

    parameter: str = described("参数", "The parameter's id", "dibao.standard")
    title: str = described("名称", "What it is, in the language asked for")
    unit: str = described("单位", "CNY, CNY/month, CNY/year, months, number or bool", "CNY/month")
    formula: str | None = described("公式", "The formula that gives it")
    table: dict[str, str] | None = described("表", "Figures by key, in the unit")
    bands: dict[str, str | list[str]] | None = described(
        "年龄档", "Figures by the age from which they hold, in the unit; two for a range"
    )


class Series(Shape):
    """The figures over the years."""

    jurisdiction: Place = described("地区", "The place that answers")
    items: list[SeriesItem] = described("历年标准", "Every figure that holds on some day of the stretch")
    next: None = described("下一页", "Always null: everything is here")


class StandardsOrSeries(RootModel[StandardList | Series]):
    """The standards of a day, or with `from` or `until` the series."""


class RuleItem(Shape):
    """A rule in force, as people read it."""

    rule: str = described("规则", "The rule's id", "dibao.income_test")
    title: str = described("名称", "What it says, in the language asked for")
    entity: Literal["household", "member", "obligor"] = described("对象", "Of what it speaks", "household", alias="for")
    unit: str = described("单位", "CNY, CNY/month, CNY/year, months, number or bool", "bool")
    formula: str | None = described("公式", "The formula", "dibao.income < standard * dibao.size")
    words: str | None = described("文字", "The formula in words")
    basis: list[Citation] = described("依据", "Documents and articles")
    start: str = described("起", "The first day of this version", "2026-07-01", alias="from")
    until: str | None = described("止", "The last day on which it holds; null if it holds on")
    division: str = described("规定地区", "The division whose pack has it; CN for the nation", "CN")
    open_to: list[Literal["province", "prefecture", "county"]] = described("可由谁另定", "Who may replace it")
    needs: list[str] = described("所需规则", "Rules it reads")
    parameters: list[str] = described("所需参数", "Parameters it reads")
    needed_by: list[str] = described("被引用", "Rules that read it")
    decides: list[str] = described("决定项目", "Programmes it decides")


class RuleList(InForce):
    """The rules in force."""

    items: list[RuleItem] = described("规则", "Every rule in force")
    next: None = described("下一页", "Always null: everything is here")


class RuleVersionShown(Shape):
    """One version of a rule."""

    division: str = described("规定地区", "The division whose pack has it", "CN")
    start: str = described("起", "Its first day", "2026-07-01", alias="from")
    until: str | None = described("止", "Its last day, if it names one")
    known_from: str = described("知悉日", "The day from which it was known", "2026-04-30")
    formula: str | None = described("公式", "Its formula")
    basis: list[Citation] = described("依据", "Documents and articles")


class RulePage(RuleItem, InForce):
    """A rule with all its versions."""

    versions: list[RuleVersionShown] = described("各版本", "Every version along the path, the nation first")


class DifferenceSide(Shape):
    """What one side was asked with."""

    jurisdiction: Place = described("地区", "The place that answers")
    date: str = described("日期", "The day", "2026-08-15")
    known: str = described("知悉日", "The day, in Shanghai, by which it was known", "2026-11-21")
    ruleset: str = described("规则集", "The hash of the exact rules and values", "sha256:…")


class FormulaSide(Shape):
    """A rule on one side."""

    formula: str | None = described("公式", "The formula")
    basis: list[Citation] = described("依据", "Documents and articles")


class RuleDifference(Shape):
    """A rule that differs."""

    rule: str = described("规则", "The rule's id", "dibao.income_test")
    title: str = described("名称", "What it says, in the language asked for")
    left: FormulaSide = described("左边", "On the one side")
    right: FormulaSide = described("右边", "On the other")


class ValueDifference(Shape):
    """A parameter that differs."""

    parameter: str = described("参数", "The parameter's id", "dibao.standard")
    title: str = described("名称", "What it is, in the language asked for")
    unit: str = described("单位", "CNY, CNY/month, CNY/year, months, number or bool", "CNY/month")
    left: dict[str, str] = described("左边", "By key (empty for all) in words; without any it is a gap")
    right: dict[str, str] = described("右边", "By key (empty for all) in words; without any it is a gap")


class ProgrammeDifference(Shape):
    """A programme that exists on one side only."""

    programme: Programme = described("项目", "The programme", "edge_family")
    left: bool = described("左边", "Whether it exists on the one side")
    right: bool = described("右边", "Whether it exists on the other")


class Difference(Shape):
    """Two states side by side: only what differs."""

    left: DifferenceSide = described("左边", "The one side")
    right: DifferenceSide = described("右边", "The other side")
    same: bool = described("相同", "Whether both have the same ruleset")
    programmes: list[ProgrammeDifference] = described("项目", "Programmes that differ")
    rules: list[RuleDifference] = described("规则", "Rules that differ")
    values: list[ValueDifference] = described("标准", "Figures that differ")


class RulesetPage(Shape):
    """The exact rules and values of a hash."""

    jurisdiction: Place = described("地区", "A place in which it holds")
    ruleset: str = described("规则集", "The hash", "sha256:…")
    path: list[str] = described("层级", "The divisions whose packs hold, the nation first", ["CN", "999900"])
    content: dict[str, Any] = described(
        "内容", "What is hashed (RFC 8785): rules, values, programmes, vocabulary, grammar"
    )


class JsonSchema(RootModel[dict[str, Any]]):
    """A JSON Schema (2020-12)."""
