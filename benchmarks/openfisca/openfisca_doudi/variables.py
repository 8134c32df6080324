"""Facts and formulas. Money is CNY; a month stands for the day of assessment in it.

Rounding up leaves out less than a tenth of a fen, which is noise of OpenFisca's float32.
"""

import datetime

import numpy as np
from openfisca_core.model_api import ETERNITY, MONTH, Enum, Variable, max_, min_, not_, select, where

from openfisca_doudi.entities import Household, Person

NOISE = 0.001


def up_to_yuan(amount):
    return np.ceil(amount - NOISE)


# --- Facts -----------------------------------------------------------------------------------


class Residence(Enum):
    urban = "Urban"
    rural = "Rural"


class Absence(Enum):
    none = "None"
    prison = "In prison"
    compulsory_detox = "In compulsory detoxification"
    declared_missing = "Declared missing by a court"


class DisabilityKind(Enum):
    none = "None"
    physical = "Physical"
    visual = "Visual"
    hearing = "Hearing"
    speech = "Speech"
    intellectual = "Intellectual"
    mental = "Mental"


class Education(Enum):
    none = "Not in full-time education"
    preschool = "Preschool"
    primary = "Primary"
    junior_secondary = "Junior secondary"
    senior_secondary = "Senior secondary"
    undergraduate = "Undergraduate"
    postgraduate = "Postgraduate"


class ParentState(Enum):
    alive = "Alive, or no claim made"
    deceased = "Deceased"
    unknown = "Cannot be found"
    other = "Alive but cannot care"


class Placement(Enum):
    home = "In a family"
    institution = "In an institution"


class CrisisKind(Enum):
    none = "No crisis"
    emergency = "Emergency"
    expenditure = "Expenditure"


class Severity(Enum):
    light = "Light"
    moderate = "Moderate"
    grave = "Grave"


def fact(name, entity, value_type, label, default=None, period=MONTH):
    """An input: a variable without a formula."""
    body = {"value_type": value_type, "entity": entity, "definition_period": period, "label": label}
    if issubclass(value_type, Enum):
        body.update(value_type=Enum, possible_values=value_type)
        default = default or next(iter(value_type))
    if default is not None:
        body["default_value"] = default
    return type(name, (Variable,), {**body, "__module__": __name__})


COUNTED_INCOME = [
    "wage", "business", "property", "pension", "support_received", "unemployment_benefit",
    "survivor_allowance", "compensation", "donation", "other_income",
]  # fmt: skip
OUTGOINGS = ["taxes", "social_contributions", "support_paid"]
SPENDING = [
    "medical_spending", "disability_rehab_spending", "education_spending", "living_spending",
    "other_spending",
]  # fmt: skip

FACTS = [
    fact("birth_date", Person, datetime.date, "Date of birth", period=ETERNITY),
    fact("lives_together", Person, bool, "Lives with the applicant", True),
    fact("dependent_adult", Person, bool, "Adult who cannot live independently"),
    fact("maintenance_duty", Person, bool, "Owes or is owed support (relatives)", True),
    fact("absence", Person, Absence, "Why the person is away"),
    fact("employed", Person, bool, "Is employed"),
    fact("education", Person, Education, "Full-time education"),
    fact("disability_kind", Person, DisabilityKind, "Kind of disability"),
    fact("disability_level", Person, int, "Level of disability, 1 the severest, 0 none"),
    fact("serious_illness", Person, bool, "Has an illness of the city's list"),
    fact("self_care_failed", Person, int, "Self-care items failed, 0 to 6"),
    fact("father_state", Person, ParentState, "State of the father"),
    fact("mother_state", Person, ParentState, "State of the mother"),
    fact("placement", Person, Placement, "Where the child lives"),
    fact("other_able_obligor", Person, bool, "Somebody outside these roles owes support and can pay"),
    fact("receives_extreme_poverty_support", Person, bool, "Receives it already"),
    fact("receives_dibao", Person, bool, "Receives dibao already"),
    fact("income_months", Person, int, "Months that income and outgoings cover", 1),
    *(fact(name, Person, float, "Over income_months, CNY") for name in COUNTED_INCOME + OUTGOINGS),
    fact("residence", Household, Residence, "Residence of the household"),
    fact("financial_assets", Household, float, "Financial assets, CNY"),
    fact("vehicles", Household, int, "Vehicles"),
    fact("dwellings", Household, int, "Dwellings"),
    fact("company_interest", Household, bool, "Holds an interest in a company"),
    *(fact(name, Household, float, "Self-paid in the last 12 months, CNY") for name in SPENDING),
    fact("crisis_kind", Household, CrisisKind, "Kind of crisis"),
    fact("crisis_severity", Household, Severity, "Severity of the crisis, as the officer finds it"),
    fact("crisis_persons", Household, int, "Persons affected; 0 means the counted members"),
]


class assessment_date(Variable):
    value_type = datetime.date
    entity = Household
    definition_period = MONTH
    label = "Day of assessment; the first of the month unless given"

    def formula(household, period):
        return np.full(household.count, str(period.start), dtype="datetime64[D]")


# --- The person ------------------------------------------------------------------------------


class age(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Completed years on the day of assessment"

    def formula(person, period):
        def parts(day):
            month = day.astype("datetime64[M]")
            return month.astype(int), (day - month.astype("datetime64[D]")).astype(int)

        born_month, born_day = parts(person("birth_date", period))
        month, day = parts(person.household("assessment_date", period))
        return (month - born_month - (day < born_day)) // 12


class severely_disabled(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Level 1 or 2 of any kind, or 3 intellectual or mental"

    def formula(person, period):
        kind, level = person("disability_kind", period), person("disability_level", period)
        mind = (kind == DisabilityKind.intellectual) + (kind == DisabilityKind.mental)
        return (level >= 1) * (level <= where(mind, 3, 2))


class in_family(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Counted in the family, before extreme-poverty support is looked at"

    def formula(person, period):
        education = person("education", period)
        studies = (education != Education.none) * (education != Education.postgraduate)
        child = (person("age", period) < 18) + person("dependent_adult", period) + studies
        together = person("lives_together", period)
        belongs = select(
            [
                person.has_role(Household.APPLICANT) + person.has_role(Household.SPOUSE),
                person.has_role(Household.CHILD),
                person.has_role(Household.PARENT),
            ],
            [True, child + together, together],
            default=together * person("maintenance_duty", period),
        )
        return belongs * (person("absence", period) == Absence.none)


class counted(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Counted in the household"

    def formula(person, period):
        return person("in_family", period) * not_(person("extreme_poverty_eligible", period))


class own_income(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH
    label = "Countable income of a month, before work cost"

    def formula(person, period):
        total = sum(person(name, period) for name in COUNTED_INCOME)
        total = total - sum(person(name, period) for name in OUTGOINGS)
        return total / person("income_months", period)


class work_cost(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH
    label = "Deduction for the cost of working"

    def formula(person, period, parameters):
        p = parameters(period).dibao.work_cost
        wage = person("wage", period) / person("income_months", period)
        cap = p.at_most_share_of_standard * person.household("dibao_standard", period)
        return person("employed", period) * min_(p.share_of_wage * wage, cap)


# --- The household ---------------------------------------------------------------------------


class dibao_standard(Variable):
    value_type = float
    entity = Household
    definition_period = MONTH
    label = "Dibao standard per person and month"

    def formula(household, period, parameters):
        p = parameters(period).dibao.standard
        urban = household("residence", period) == Residence.urban
        return where(urban, p.urban, p.rural_year / 12)


class disposable_income(Variable):
    value_type = float
    entity = Household
    definition_period = MONTH
    label = "Disposable income of the place per person and month"

    def formula(household, period, parameters):
        p = parameters(period).temporary_assistance.disposable_income
        return p[household("residence", period)] / 12


class family_size(Variable):
    value_type = int
    entity = Household
    definition_period = MONTH
    label = "Members of the family, before extreme-poverty support is looked at"

    def formula(household, period):
        return household.sum(household.members("in_family", period))


class counted_members(Variable):
    value_type = int
    entity = Household
    definition_period = MONTH
    label = "Counted members"

    def formula(household, period):
        return household.sum(household.members("counted", period))


class household_income(Variable):
    value_type = float
    entity = Household
    definition_period = MONTH
    label = "Income of a month after work cost and rigid cost"

    def formula(household, period):
        members = household.members
        net = members("own_income", period) - members("work_cost", period)
        rigid = household("medical_spending", period) + household("disability_rehab_spending", period)
        return max_(0, household.sum(net * members("counted", period)) - rigid / 12)


def property_within(household, period, limits, size):
    """Whether the household's property is within limits; equal is within."""
    financial = limits.financial_months * household("dibao_standard", period) * size
    return (
        (household("financial_assets", period) <= financial)
        * (household("vehicles", period) <= limits.vehicles)
        * (household("dwellings", period) <= limits.dwellings)
        * (limits.company_interest | not_(household("company_interest", period)))
    )


# --- Dibao -----------------------------------------------------------------------------------


class uplift_share(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH
    label = "Highest share of the standard that a member of a group adds"

    def formula(person, period, parameters):
        p = parameters(period).dibao.uplift
        years, level = person("age", period), person("disability_level", period)
        severe = (level >= 1) * (level <= p.severe_disability_level_to)
        return np.maximum.reduce(
            [
                (years >= p.elderly_age_from) * p.elderly,
                (years < p.minor_age_below) * p.minor,
                severe * p.severe_disability,
                person("serious_illness", period) * p.serious_illness,
            ]
        )


class dibao_eligible(Variable):
    value_type = bool
    entity = Household
    definition_period = MONTH
    label = "Eligible for dibao"

    def formula(household, period, parameters):
        size = household("counted_members", period)
        line = household("dibao_standard", period) * size
        income_ok = household("household_income", period) < line - NOISE
        limits = parameters(period).property.dibao
        return (size >= 1) * income_ok * property_within(household, period, limits, size)


class dibao(Variable):
    value_type = float
    entity = Household
    definition_period = MONTH
    label = "Dibao of the household: difference and uplift, up to a whole yuan"

    def formula(household, period):
        standard = household("dibao_standard", period)
        line = standard * household("counted_members", period)
        difference = max_(0, line - household("household_income", period))
        members = household.members
        shares = household.sum(members("uplift_share", period) * members("counted", period))
        return household("dibao_eligible", period) * up_to_yuan(difference + shares * standard)


# --- Extreme-poverty support -----------------------------------------------------------------


class no_work_ability(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Has no ability to work"

    def formula(person, period):
        years, level = person("age", period), person("disability_level", period)
        kind, education = person("disability_kind", period), person("education", period)
        up_to_level = select(
            [
                (kind == DisabilityKind.intellectual) + (kind == DisabilityKind.mental),
                kind == DisabilityKind.physical,
                kind == DisabilityKind.visual,
            ],
            [3, 2, 1],
            default=0,
        )
        secondary = (education == Education.junior_secondary) + (education == Education.senior_secondary)
        goes_on = person("receives_extreme_poverty_support", period) * ((years < 18) + secondary)
        return (years >= 60) + (years < 16) + (level >= 1) * (level <= up_to_level) + goes_on


class can_support(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Adult who is able to support those he owes support"

    def formula(person, period, parameters):
        years, absence = person("age", period), person("absence", period)
        poor = person("own_income", period) < person.household("disposable_income", period)
        gone = (absence == Absence.prison) + (absence == Absence.declared_missing)
        frail = ((years >= 70) + person("severely_disabled", period)) * poor
        unable = (
            person("receives_extreme_poverty_support", period)
            + (years >= 60) * person("receives_dibao", period)
            + person.household("assets_of_edge", period) * (frail + gone)
        )
        return (years >= 18) * not_(unable)


class assets_of_edge(Variable):
    value_type = bool
    entity = Household
    definition_period = MONTH
    label = "Property of the family within the edge limits"

    def formula(household, period, parameters):
        size = max_(1, household("family_size", period))
        return property_within(household, period, parameters(period).property.edge, size)


class has_able_obligor(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Somebody who owes the person support is able to give it"

    def formula(person, period):
        household = person.household
        able = person("can_support", period)

        def others(*roles):
            """Able members with one of the roles, the person left out."""
            found = household.sum(able * sum(person.has_role(role) for role in roles))
            return found - able * sum(person.has_role(role) for role in roles)

        applicant, spouse = Household.APPLICANT, Household.SPOUSE
        child, parent = Household.CHILD, Household.PARENT
        inside = select(
            [person.has_role(role) for role in (applicant, spouse, child, parent)],
            [
                others(spouse, child, parent),
                others(applicant, child),
                others(applicant, spouse),
                others(applicant, parent),
            ],
            default=0,
        )
        return (inside > 0) + person("other_able_obligor", period)


class extreme_poverty_eligible(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Eligible for extreme-poverty support"

    def formula(person, period):
        return (
            person("no_work_ability", period)
            * (person("own_income", period) < person.household("dibao_standard", period) - NOISE)
            * person.household("assets_of_extreme_poverty", period)
            * not_(person("has_able_obligor", period))
            * not_(person("is_orphan", period))
            * (person("absence", period) == Absence.none)
        )


class assets_of_extreme_poverty(Variable):
    value_type = bool
    entity = Household
    definition_period = MONTH
    label = "Property of the family within the limits of extreme-poverty support"

    def formula(household, period, parameters):
        size = max_(1, household("family_size", period))
        return property_within(household, period, parameters(period).property.extreme_poverty, size)


class extreme_poverty_support(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH
    label = "Extreme-poverty support: basic living and care"

    def formula(person, period, parameters):
        p = parameters(period).extreme_poverty
        basic = up_to_yuan(p.basic_multiple_of_standard * person.household("dibao_standard", period))
        failed = person("self_care_failed", period)
        share = select([failed == 0, failed <= 3], [p.care.able, p.care.partial], default=p.care.total)
        return person("extreme_poverty_eligible", period) * (basic + share * p.minimum_wage)


# --- Orphans ---------------------------------------------------------------------------------


class is_orphan(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Minor whose parents are both deceased or cannot be found"

    def formula(person, period):
        def lost(state):
            return (state == ParentState.deceased) + (state == ParentState.unknown)

        both = lost(person("father_state", period)) * lost(person("mother_state", period))
        return both * (person("age", period) < 18) * (person("absence", period) == Absence.none)


class orphan_subsidy(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH
    label = "Orphan subsidy"

    def formula(person, period, parameters):
        amount = parameters(period).orphan[person("placement", period)]
        return person("is_orphan", period) * amount


# --- Temporary assistance --------------------------------------------------------------------


class temporary_assistance_emergency(Variable):
    value_type = float
    entity = Household
    definition_period = MONTH
    label = "What an emergency of this severity gives, once"

    def formula(household, period, parameters):
        months = parameters(period).temporary_assistance.emergency_months
        named = household("crisis_persons", period)
        persons = where(named > 0, named, max_(1, household("counted_members", period)))
        months = months[household("crisis_severity", period)]
        return up_to_yuan(months * household("dibao_standard", period) * persons)


class temporary_assistance_expenditure(Variable):
    value_type = float
    entity = Household
    definition_period = MONTH
    label = "What the spending of 12 months gives, once; 0 when income or property is too high"

    def formula(household, period, parameters):
        p = parameters(period)
        size, standard = household("counted_members", period), household("dibao_standard", period)
        line = household("disposable_income", period) * size
        passes = (household("household_income", period) < line - NOISE) * property_within(
            household, period, p.property.edge, size
        )
        e = p.temporary_assistance.expenditure
        spent = sum(household(name, period) for name in SPENDING)
        amount = e.share * max_(0, spent - e.above_months * standard * size)
        return passes * up_to_yuan(min_(amount, e.cap_months * standard))


class temporary_assistance(Variable):
    value_type = float
    entity = Household
    definition_period = MONTH
    label = "Temporary assistance, once"

    def formula(household, period):
        kind = household("crisis_kind", period)
        return select(
            [kind == CrisisKind.emergency, kind == CrisisKind.expenditure],
            [
                household("temporary_assistance_emergency", period),
                household("temporary_assistance_expenditure", period),
            ],
            default=0,
        )


ALL = FACTS + [
    assessment_date, age, severely_disabled, in_family, counted, own_income, work_cost,
    dibao_standard, disposable_income, family_size, counted_members, household_income,
    uplift_share, dibao_eligible, dibao, no_work_ability, can_support, assets_of_edge,
    has_able_obligor, extreme_poverty_eligible, assets_of_extreme_poverty, extreme_poverty_support,
    is_orphan, orphan_subsidy, temporary_assistance_emergency, temporary_assistance_expenditure,
    temporary_assistance,
]  # fmt: skip
