"""The shapes of what the GET endpoints answer with, for OpenAPI; checked by tests, not used to serialise."""

from typing import Any, Literal

from pydantic import RootModel

from app.rules.facts.household import Programme
from app.rules.schema_base import Shape, said, schemas

Level = Literal["province", "prefecture", "county"] | None


class Place(Shape):
    """How a place is named wherever it is named."""

    code: str = said("区划代码", "GB/T 2260 code", "999900")
    name: str = said("名称", "Its name in the language asked for", "示例市（虚构）")
    level: Level = said("级别", "What kind of division", "prefecture")
    fictional: bool = said("虚构", "True for the model city, which does not exist", True)
    parent: str = said("上级", "The division above it; CN for the nation", "CN")


class JurisdictionList(Shape):
    """Every place with rules of its own."""

    items: list[Place] = said("地区", "The places")
    next: None = said("下一页", "Always null: everything is here")


class Period(Shape):
    """Days over which a place has a figure or a rule of its own."""

    parameter: str = said("参数", "The parameter's id", "dibao.standard")
    key: str | None = said("分项", "Residence or level; null for all", "urban")
    start: str = said("起", "The first day on which it holds", "2026-07-01", alias="from")
    until: str | None = said("止", "The last day on which it holds; null if it holds on", "2027-06-30")


class ProgrammeStandards(Shape):
    """The standards of a programme in a place."""

    programme: Programme = said("项目", "The programme", "dibao")
    standards: list[Period] = said("标准起止", "When the place has a standard for it")


class PlaceDocument(Shape):
    """A document on which figures or rules of a place rest."""

    document: str = said("文件代号", "Its name in the pack", "model-city-rules")
    title: str = said("文件名称", "Its title in the language asked for")
    number: str | None = said("文号", "Its number", "示例〔2021〕1号")
    published: str | None = said("发布日期", "When it was published", "2021-06-30")
    note: str | None = said("备注", "What is to be known of it")


class JurisdictionPage(Place):
    """A place, with its programmes and gaps."""

    asked: str = said("所问代码", "The code asked for, at or below this place", "999900001")
    children: list[str] = said("下级", "Codes of the loaded places below it")
    programmes: list[ProgrammeStandards] = said("有标准的项目", "Programmes with standards of the place's own")
    without_standard: list[Programme] = said("没有标准的项目", "Programmes without one")
    documents: list[PlaceDocument] = said("文件", "What its rules and figures rest on")


class Citation(Shape):
    """A document and article."""

    document: str = said("文件", "Title, number or name of the document", "社会救助法")
    article: str | None = said("条款", "Its article", "18")


class Numbers(Shape):
    """A figure in the parameter's unit, or the range of it."""

    key: str | None = said("分项", "Residence, level, stage of education, or the age from which; null for all", "urban")
    value: str | None = said(
        "数值", "The figure in the parameter's unit, money with two decimals (floored); null if open", "741.66"
    )
    min: str | None = said("下限", "The least it can be", "741.66")
    max: str | None = said("上限", "The most it can be", "741.66")
    exact: str | None = said("精确值", "Where two decimals do not hold it: the exact number", "2225/3")


class Source(Shape):
    """Where a figure is printed, and the days over which it holds."""

    printed: str | None = said("原文数值", "As printed, in CNY for `printed_per` if it is money", "8900")
    printed_per: Literal["month", "year", "once"] | None = said("原文口径", "For what time it is printed", "year")
    printed_until: str | None = said("原文截止日", "The last day the document itself names", "2027-06-30")
    start: str = said("起", "The first day on which it holds", "2026-07-01", alias="from")
    until: str | None = said("止", "The last day on which it holds; null if it holds on", "2027-06-30")
    known_from: str = said("知悉日", "The day from which it was known", "2026-06-20")
    precision: Literal["day", "year"] = said("日期精度", "Whether the dates are known to the day or the year", "day")
    status: Literal["published", "inferred"] = said("来源性质", "Published as such, or inferred", "published")
    document: str = said("文件代号", "The document's name in its pack", "model-city-rules")
    document_title: str = said("文件名称", "The document's title in the language asked for")
    article: str | None = said("条款", "Its article")
    division: str = said("公布地区", "The division whose pack has it", "999900")


class StandardFigure(Numbers, Source):
    """A figure in force."""

    words: str | None = said("文字", "The figure in words", "8900.00 yuan a year")


class Standard(Shape):
    """A parameter on a day."""

    parameter: str = said("参数", "The parameter's id", "dibao.standard")
    title: str = said("名称", "What it is, in the language asked for")
    unit: str = said("单位", "CNY, CNY/month, CNY/year, months, number or bool", "CNY/month")
    by: Literal["residence", "level", "education", "age"] | None = said("分项方式", "By what it differs", "residence")
    status: Literal["in_force", "gap"] = said("状态", "Whether the place has it, or nobody published it", "in_force")
    rule: str | None = said("规则", "The place's own rule that settles it", "uplift.minor")
    formula: str | None = said("公式", "The formula that gives it", "orphan.dispersed")
    values: list[StandardFigure] = said("数值", "Its figures, by key")
    basis: list[Citation] = said("依据", "What leaves it to the place")


class StandardList(Shape):
    """Every parameter on a day."""

    jurisdiction: Place = said("地区", "The place that answers")
    date: str = said("日期", "The day", "2026-08-15")
    ruleset: str = said("规则集", "The hash of the exact rules and values", "sha256:…")
    items: list[Standard] = said("标准", "Every parameter, in force or a gap")
    next: None = said("下一页", "Always null: everything is here")


class SeriesItem(Numbers, Source):
    """A figure and the days over which it held."""

    parameter: str = said("参数", "The parameter's id", "dibao.standard")
    title: str = said("名称", "What it is, in the language asked for")
    unit: str = said("单位", "CNY, CNY/month, CNY/year, months, number or bool", "CNY/month")
    formula: str | None = said("公式", "The formula that gives it")
    table: dict[str, str] | None = said("表", "Figures by key, in the unit")
    bands: dict[str, str | list[str]] | None = said(
        "年龄档", "Figures by the age from which they hold, in the unit; two for a range"
    )


class Series(Shape):
    """The figures over the years."""

    jurisdiction: Place = said("地区", "The place that answers")
    items: list[SeriesItem] = said("历年标准", "Every figure that holds on some day of the stretch")
    next: None = said("下一页", "Always null: everything is here")


class StandardsOrSeries(RootModel[StandardList | Series]):
    """The standards of a day, or with `from` or `until` the series."""


class RuleItem(Shape):
    """A rule in force, as people read it."""

    rule: str = said("规则", "The rule's id", "dibao.income_test")
    title: str = said("名称", "What it says, in the language asked for")
    entity: Literal["household", "member", "obligor"] = said("对象", "Of what it speaks", "household", alias="for")
    unit: str = said("单位", "CNY, CNY/month, CNY/year, months, number or bool", "bool")
    formula: str | None = said("公式", "The formula", "dibao.income < standard * dibao.size")
    words: str | None = said("文字", "The formula in words")
    basis: list[Citation] = said("依据", "Documents and articles")
    start: str = said("起", "The first day of this version", "2026-07-01", alias="from")
    until: str | None = said("止", "The last day on which it holds; null if it holds on")
    division: str = said("规定地区", "The division whose pack has it; CN for the nation", "CN")
    open_to: list[Literal["province", "prefecture", "county"]] = said("可由谁另定", "Who may replace it")
    needs: list[str] = said("所需规则", "Rules it reads")
    parameters: list[str] = said("所需参数", "Parameters it reads")
    needed_by: list[str] = said("被引用", "Rules that read it")
    decides: list[str] = said("决定项目", "Programmes it decides")


class RuleList(Shape):
    """The rules in force."""

    jurisdiction: Place = said("地区", "The place that answers")
    date: str = said("日期", "The day", "2026-08-15")
    ruleset: str = said("规则集", "The hash of the exact rules and values", "sha256:…")
    items: list[RuleItem] = said("规则", "Every rule in force")
    next: None = said("下一页", "Always null: everything is here")


class RuleVersionShown(Shape):
    """One version of a rule."""

    division: str = said("规定地区", "The division whose pack has it", "CN")
    start: str = said("起", "Its first day", "2026-07-01", alias="from")
    until: str | None = said("止", "Its last day, if it names one")
    known_from: str = said("知悉日", "The day from which it was known", "2026-04-30")
    formula: str | None = said("公式", "Its formula")
    basis: list[Citation] = said("依据", "Documents and articles")


class RulePage(RuleItem):
    """A rule with all its versions."""

    jurisdiction: Place = said("地区", "The place that answers")
    date: str = said("日期", "The day", "2026-08-15")
    ruleset: str = said("规则集", "The hash of the exact rules and values", "sha256:…")
    versions: list[RuleVersionShown] = said("各版本", "Every version along the path, the nation first")


class DifferenceSide(Shape):
    """What one side was asked with."""

    jurisdiction: Place = said("地区", "The place that answers")
    date: str = said("日期", "The day", "2026-08-15")
    known: str = said("知悉日", "The day, in Shanghai, by which it was known", "2026-11-21")
    ruleset: str = said("规则集", "The hash of the exact rules and values", "sha256:…")


class FormulaSide(Shape):
    """A rule on one side."""

    formula: str | None = said("公式", "The formula")
    basis: list[Citation] = said("依据", "Documents and articles")


class RuleDifference(Shape):
    """A rule that differs."""

    rule: str = said("规则", "The rule's id", "dibao.income_test")
    title: str = said("名称", "What it says, in the language asked for")
    left: FormulaSide = said("左边", "On the one side")
    right: FormulaSide = said("右边", "On the other")


class ValueDifference(Shape):
    """A parameter that differs."""

    parameter: str = said("参数", "The parameter's id", "dibao.standard")
    title: str = said("名称", "What it is, in the language asked for")
    unit: str = said("单位", "CNY, CNY/month, CNY/year, months, number or bool", "CNY/month")
    left: dict[str, str] = said("左边", "By key (empty for all) in words; without any it is a gap")
    right: dict[str, str] = said("右边", "By key (empty for all) in words; without any it is a gap")


class ProgrammeDifference(Shape):
    """A programme that exists on one side only."""

    programme: Programme = said("项目", "The programme", "edge_family")
    left: bool = said("左边", "Whether it exists on the one side")
    right: bool = said("右边", "Whether it exists on the other")


class Difference(Shape):
    """Two states side by side: only what differs."""

    left: DifferenceSide = said("左边", "The one side")
    right: DifferenceSide = said("右边", "The other side")
    same: bool = said("相同", "Whether both have the same ruleset")
    programmes: list[ProgrammeDifference] = said("项目", "Programmes that differ")
    rules: list[RuleDifference] = said("规则", "Rules that differ")
    values: list[ValueDifference] = said("标准", "Figures that differ")


class RulesetPage(Shape):
    """The exact rules and values of a hash."""

    jurisdiction: Place = said("地区", "A place in which it holds")
    ruleset: str = said("规则集", "The hash", "sha256:…")
    path: list[str] = said("层级", "The divisions whose packs hold, the nation first", ["CN", "999900"])
    content: dict[str, Any] = said("内容", "What is hashed (RFC 8785): rules, values, programmes, vocabulary, grammar")


class JsonSchema(RootModel[dict[str, Any]]):
    """A JSON Schema (2020-12)."""


class Up(Shape):
    """The process is up."""

    status: Literal["up"] = said("状态", "Always up", "up")


class Ready(Shape):
    """The service can answer."""

    status: Literal["ready"] = said("状态", "Always ready", "ready")
    divisions: int = said("地区数", "How many packs are loaded, the nation's included", 8)
    storage: bool = said(
        "可以保存", "Whether decisions can be stored; false where the service runs without storage", True
    )


CATALOGUE_SCHEMAS = schemas(
    *(JurisdictionList, JurisdictionPage, StandardsOrSeries, RuleList, RulePage, Difference, RulesetPage),
    *(JsonSchema, Up, Ready),
)
