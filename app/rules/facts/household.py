"""Models of a household's facts, with titles in both languages, units and sources in law.

Absent and null mean the same. For the facts marked "unknown" below, absence is a question that stays open; it is never
read as zero.
"""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.rules.facts.forms import Code, Day, Flag, Hundredths, Id, Money, Month, Months
from app.rules.values.text import LINE_PATTERN

MAX_MEMBERS: Final = 30
MAX_OBLIGORS: Final = 60
MAX_SUPPORTED: Final = 30

Residence = Literal["urban", "rural"]
Relation = Literal[
    "applicant",
    "spouse",
    "child",
    "parent",
    "grandparent",
    "grandchild",
    "sibling",
    "child_in_law",
    "parent_in_law",
    "other",
]
Absence = Literal["prison", "compulsory_detox", "declared_missing", "clergy", "military_service", "boarder"]
DisabilityKind = Literal["physical", "visual", "hearing", "speech", "intellectual", "mental", "multiple"]
ComponentKind = Literal["physical", "visual", "hearing", "speech", "intellectual", "mental"]
Education = Literal["preschool", "primary", "junior_secondary", "senior_secondary", "undergraduate", "postgraduate"]
ParentState = Literal[
    "alive",
    "deceased",
    "declared_missing",
    "unknown",
    "severely_disabled",
    "seriously_ill",
    "imprisoned",
    "compulsory_detox",
    "restricted",
    "out_of_contact",
    "guardianship_revoked",
    "deported",
]
Programme = Literal[
    "orphan_subsidy",
    "unattended_child_subsidy",
    "extreme_poverty_support",
    "dibao",
    "gradual_exit",
    "edge_family",
    "single_person_dibao",
    "rigid_expenditure_family",
    "low_income_family",
    "temporary_assistance",
    "disability_living_subsidy",
    "disability_care_subsidy",
    "old_age_allowance",
    "elder_care_subsidy",
    "education_aid",
    "child_in_difficulty_subsidy",
    "low_income_child_subsidy",
    "price_subsidy",
]


def _titled(
    zh: str, en: str, *, unit: str | None = None, law: str | None = None, default: Any = ..., **more: Any
) -> Any:
    """Declares a field with its title in both languages, its unit and its source in law."""
    extra: dict[str, Any] = {"title_zh": zh}
    if unit:
        extra["unit"] = unit
    if law:
        extra["law"] = law
    if default is ...:
        return Field(title=en, json_schema_extra=extra, **more)
    return Field(default=default, title=en, json_schema_extra=extra, **more)


class Facts(BaseModel):
    """Unknown fields are faults; values are of their own type and not coerced from another."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Component(Facts):
    kind: ComponentKind = _titled("类别", "Kind")
    level: Annotated[int, Field(ge=1, le=4)] = _titled("等级", "Level")


class Disability(Facts):
    kind: DisabilityKind = _titled("残疾类别", "Kind of disability")
    level: Annotated[int, Field(ge=1, le=4)] = _titled("残疾等级", "Level on the card, 1 the most severe")
    components: list[Component] | None = _titled(
        "多重残疾的各项", "Components of a multiple disability; unknown if absent", default=None, max_length=6
    )


def _kind(zh: str, en: str, law: str | None = None) -> Any:
    return _titled(zh, en, unit="CNY", law=law, default=0)


class Income(Facts):
    """CNY over the months covered. A kind left out is 0, a kind null is unknown."""

    wage: Money | None = _kind("工资性收入", "Wage")
    business: Money | None = _kind("经营净收入", "Business income, net")
    property: Money | None = _kind("财产净收入", "Property income, net")
    pension: Money | None = _kind(
        "离退休金、养老金（含地方和个人账户部分）", "Pension, with local and personal additions"
    )
    support_received: Money | None = _kind("赡养、抚养、扶养费", "Support received")
    unemployment_benefit: Money | None = _kind("失业保险金", "Unemployment benefit")
    survivor_allowance: Money | None = _kind("遗属补助金", "Survivor allowance")
    compensation: Money | None = _kind("赔偿收入", "Compensation")
    donation: Money | None = _kind("接受捐赠", "Donations received")
    other: Money | None = _kind("其他收入", "Other income")
    basic_pension: Money | None = _kind(
        "中央确定的基础养老金", "Basic pension fixed by the centre", "民发〔2021〕57号 13"
    )
    preferential_treatment: Money | None = _kind("优待抚恤金", "Preferential treatment and pensions for service")
    family_planning_award: Money | None = _kind("计划生育奖励扶助金", "Family planning award")
    scholarship: Money | None = _kind("奖学金", "Scholarship")
    bravery_award: Money | None = _kind("见义勇为奖励", "Award for bravery")
    social_assistance: Money | None = _kind("政府发放的社会救助款物", "Social assistance")
    disability_subsidy: Money | None = _kind("残疾人两项补贴", "Disability subsidies")
    childcare_subsidy: Money | None = _kind("育儿补贴", "Childcare subsidy")
    old_age_allowance: Money | None = _kind("高龄津贴", "Old-age allowance")


IncomeKind = Literal[
    "wage",
    "business",
    "property",
    "pension",
    "support_received",
    "unemployment_benefit",
    "survivor_allowance",
    "compensation",
    "donation",
    "other",
    "basic_pension",
    "preferential_treatment",
    "family_planning_award",
    "scholarship",
    "bravery_award",
    "social_assistance",
    "disability_subsidy",
    "childcare_subsidy",
    "old_age_allowance",
]


class Outgoings(Facts):
    taxes: Money | None = _kind("缴纳的税款", "Taxes")
    social_contributions: Money | None = _kind("社会保障支出", "Social contributions")
    support_paid: Money | None = _kind("支付的赡养、抚养、扶养费", "Support paid")


class ParentClaim(Facts):
    state: ParentState = _titled("父（母）的情形", "State of the parent", law="民发〔2019〕62号")
    since: Day | None = _titled("起始日期", "Since; unknown if absent", default=None)
    term_months: Annotated[int, Field(ge=0, le=1200)] | None = _titled(
        "期限（月）", "Term in months; unknown if absent", unit="months", default=None
    )


class ParentClaims(Facts):
    father: ParentClaim = _titled("父亲", "Father")
    mother: ParentClaim = _titled("母亲", "Mother")


class Member(Facts):
    id: Id = _titled("成员编号", "Identifier, unique in the request")
    relation: Relation = _titled("与申请人关系", "Relation to the applicant")
    spouse_of: Id | None = _titled("配偶", "Married to; follows from relation if absent", default=None)
    child_of: list[Id] | None = _titled("父母", "Child of; follows from relation if absent", default=None, max_length=4)
    birth_date: Day = _titled("出生日期", "Date of birth")
    lives_together: bool | None = _titled("共同生活", "Lives with the family; true if absent", default=None)
    dependent_adult: Flag = _titled("不能独立生活的成年人", "An adult who cannot live independently", default=False)
    maintenance_duty: bool | None = _titled(
        "法定赡养、抚养、扶养关系", "Owes or is owed support by law; not stated if absent", default=None
    )
    absence: Absence | None = _titled("不在家庭的情形", "Reason of absence", default=None)
    absent_since: Day | None = _titled("离家日期", "Absent since; unknown if absent", default=None)
    employed: Flag = _titled("就业", "Employed", default=False)
    employment: Literal["employee", "flexible", "self_employed"] | None = _titled(
        "就业形式", "Form of employment; unknown if absent of somebody employed", default=None
    )
    income: Income | None = _titled(
        "收入", "Income by kind over the months; unknown if absent", unit="CNY", default=None
    )
    income_months: Months | None = _titled(
        "收入月数", "Months the figures cover; 1 if absent", unit="months", default=None
    )
    income_periods: dict[IncomeKind, Months | None] | None = _titled(
        "分项收入月数", "Months for kinds that differ", unit="months", default=None
    )
    outgoings: Outgoings | None = _titled(
        "支出", "Outgoings over income_months; none if absent", unit="CNY", default=None
    )
    disability: Disability | None = _titled("残疾", "Disability; none if absent", default=None)
    needs_long_term_care: bool | None = _titled(
        "需要长期照护", "Needs long-term care; true for levels 1 and 2 if absent", default=None
    )
    serious_illness: Flag = _titled("重特大疾病", "Serious illness on the place's list", default=False)
    own_register: Flag = _titled(
        "单独立户", "Has a household register of their own", default=False, law="民发〔2012〕220号 10"
    )
    special_hardship: Flag = _titled(
        "确有特殊困难", "Special hardship, an officer's finding", default=False, law="社会救助法 21"
    )
    self_care_failed: Annotated[int, Field(ge=0, le=6)] | None = _titled(
        "不能自理的项目数",
        "How many of eating, dressing, getting up, toilet, walking, bathing fail; unknown if absent",
        default=None,
        law="民发〔2021〕43号 21",
    )
    education: Education | None = _titled("在读教育阶段（全日制）", "Full-time education; none if absent", default=None)
    residence: Residence | None = _titled(
        "本人城乡", "Urban or rural, of one whose residence differs; the household's if absent", default=None
    )
    placement: Literal["home", "institution"] | None = _titled("养育方式", "Placement; home if absent", default=None)
    single_parent: bool | None = _titled(
        "单独抚养子女", "Raises a child alone; as the family shows it, else unknown, if absent", default=None
    )
    parents: ParentClaims | None = _titled("父母双方情形", "A claim that a child's parents cannot care", default=None)


class Assets(Facts):
    """A key left out is 0 or false, a key null is unknown. What vehicles are worth, how large their engines and the dwellings
    are is unknown too where it is left out, unless there is none."""

    financial: Money | None = _titled(
        "金融资产（全家）", "Financial assets of the whole household", unit="CNY", default=0
    )
    vehicles: Annotated[int, Field(ge=0, le=1000)] | None = _titled(
        "机动车辆", "Vehicles no exemption covers", default=0
    )
    dwellings: Annotated[int, Field(ge=0, le=1000)] | None = _titled("住房套数", "Dwellings", default=0)
    company_interest: bool | None = _titled("企业出资", "Interest in a company", default=False)
    vehicle_value: Money | None = _titled(
        "机动车辆价值", "What the vehicles that no exemption covers are worth together", unit="CNY", default=None
    )
    vehicle_displacement: Hundredths | None = _titled(
        "机动车辆排量（升）", "Displacement of the largest engine among these vehicles", unit="litre", default=None
    )
    disability_vehicles: Annotated[int, Field(ge=0, le=1000)] | None = _titled(
        "残疾人代步车", "Vehicles beside these that stand in for walking with a disability", default=0
    )
    work_vehicles: Annotated[int, Field(ge=0, le=1000)] | None = _titled(
        "生产经营必需的车辆", "Vehicles beside these that a livelihood depends on", default=0
    )
    dwelling_area: Hundredths | None = _titled(
        "住房建筑面积（平方米）", "Floor area of the dwellings together", unit="m2", default=None
    )
    shops: Annotated[int, Field(ge=0, le=1000)] | None = _titled(
        "商铺等非居住用房", "Shops and other premises nobody lives in", default=0
    )


class Spending(Facts):
    """Self-paid in the last twelve months. A key left out is 0, a key null is unknown."""

    medical: Money | None = _kind("医疗支出（报销、救助后自负）", "Medical, after insurance and medical assistance")
    education: Money | None = _kind("教育支出（按公办标准）", "Education, at public-school rates")
    disability_rehab: Money | None = _kind("残疾康复支出", "Rehabilitation of a disability")
    living: Money | None = _kind("生活支出", "Living")
    other: Money | None = _kind("其他必需支出", "Other necessary spending")


class Obligor(Facts):
    id: Id = _titled("义务人编号", "Identifier, unique in the request")
    of: Annotated[list[Id], Field(min_length=1, max_length=MAX_MEMBERS)] = _titled(
        "被赡养、抚养、扶养人", "Owes support to"
    )
    relation: Annotated[str, Field(min_length=1, max_length=40, json_schema_extra={"pattern": LINE_PATTERN})] = _titled(
        "关系", "Relation"
    )
    birth_date: Day = _titled("出生日期", "Date of birth")
    receiving: Literal["extreme_poverty_support", "dibao", "edge_family", "low_income_family"] | None = _titled(
        "正在享受的救助", "Assistance received now", default=None
    )
    disability: Disability | None = _titled("残疾", "Disability; none if absent", default=None)
    monthly_income: Money | None = _titled(
        "月收入（税后）",
        "Monthly income after tax; of the whole household where its size is given; unknown if absent",
        unit="CNY/month",
        default=None,
    )
    household_size: Annotated[int, Field(ge=1, le=MAX_MEMBERS)] | None = _titled(
        "义务人家庭人数", "Persons in the household of whoever owes support; unknown if absent", default=None
    )
    supports: Annotated[int, Field(ge=1, le=MAX_SUPPORTED)] | None = _titled(
        "应赡养、抚养、扶养的家庭数（不含其本家）",
        "Families to support, the own one not counted; 1 if absent",
        default=None,
    )
    ordered_support: Money | None = _titled(
        "判决书、调解书或者协议书确定的赡养、抚养、扶养费",
        "Support fixed by judgment, mediation or agreement; none if absent",
        unit="CNY/month",
        default=None,
    )
    paid_support: Money | None = _titled(
        "实际支付的赡养、抚养、扶养费", "Support actually paid; not stated if absent", unit="CNY/month", default=None
    )
    assets_within_limit: bool | None = _titled(
        "财产符合规定", "Assets within the limit; unknown if absent", default=None
    )
    status: Literal["no_civil_capacity", "declared_missing", "prison"] | None = _titled(
        "身份状态", "Status", default=None
    )


class Receiving(Facts):
    programme: Programme = _titled("项目", "Programme")
    person: Id | None = _titled("人员", "Who; the whole household if absent", default=None)
    since: Month | None = _titled("起始月份", "Since", default=None)
    amount: Money | None = _titled("金额", "Amount", unit="CNY", default=None)
    line_passed: Month | None = _titled(
        "收入首次超过标准的月份",
        "Month in which income first passed the line; unknown if absent",
        default=None,
        law="民发〔2021〕57号 33",
    )
    passed_by: Literal["employment", "other"] | None = _titled(
        "收入超过标准的原因", "Why it passed the line; unknown if absent", default=None
    )


class Crisis(Facts):
    """What happened and how grave it is: the officer's finding."""

    kind: Literal["emergency", "expenditure"] = _titled("类型", "Emergency or expenditure", law="民发〔2018〕23号")
    severity: Literal["light", "moderate", "grave"] = _titled("严重程度", "Severity")
    urgent: Flag = _titled("情况紧急", "Urgent", default=False)
    cause: Literal["fire", "accident", "illness", "disaster", "unemployment", "education", "other"] | None = _titled(
        "原因", "Cause; unknown if absent", default=None
    )
    loss: Money | None = _titled("损失金额", "Loss; unknown if absent", unit="CNY", default=None)
    occurred_on: Day | None = _titled("发生日期", "Occurred on", default=None)
    place: Code | None = _titled("发生地（区划代码）", "Where it happened, GB/T 2260 code", default=None)
    persons: Annotated[int, Field(ge=1, le=MAX_MEMBERS)] | None = _titled(
        "受影响人数", "Persons affected; the counted members if absent", default=None
    )


class Household(Facts):
    residence: Residence = _titled("城乡", "Urban or rural")
    members: Annotated[list[Member], Field(min_length=1, max_length=MAX_MEMBERS)] = _titled("家庭成员", "Members")
    assets: Assets | None = _titled("家庭财产", "Assets; unknown if absent", default=None)
    spending: Spending | None = _titled(
        "近十二个月自付支出", "Spending of the last 12 months; unknown if absent", default=None
    )
    obligors: Annotated[list[Obligor], Field(max_length=MAX_OBLIGORS)] | None = _titled(
        "家庭外的义务人", "People living apart who owe a member support; unknown if absent", default=None
    )
    dibao_class: Literal["A", "B", "C"] | None = _titled(
        "低保分档（A、B、C）", "The family's class where the place pays by class; unknown if absent", default=None
    )
    receiving: list[Receiving] | None = _titled(
        "正在享受的救助", "What is received now; none if absent", default=None, max_length=200
    )
    crisis: Crisis | None = _titled("急难情形", "A crisis; none if absent", default=None)
