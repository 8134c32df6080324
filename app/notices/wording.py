"""The words of notices, Chinese and English. No figure, date or article stands here: those come from the record."""

from __future__ import annotations

from typing import Final

from app.rules.messages import Language

Words = dict[str, dict[Language, str]]

OUTCOMES: Final[Words] = {
    "granted": {"zh": "给予", "en": "granted"},
    "refused": {"zh": "不予批准", "en": "refused"},
    "increased": {"zh": "增发", "en": "increased"},
    "reduced": {"zh": "减发", "en": "reduced"},
    "suspended": {"zh": "暂停", "en": "suspended"},
    "terminated": {"zh": "终止", "en": "ended"},
}
STATUSES: Final[Words] = {
    "eligible": {"zh": "符合条件", "en": "entitled"},
    "ineligible": {"zh": "不符合条件", "en": "not entitled"},
    "undetermined": {"zh": "现有情况还不能确定", "en": "not settled by what is known"},
    "refer": {"zh": "须由经办人员认定", "en": "for an officer to decide"},
    "not_applicable": {"zh": "不适用", "en": "does not apply"},
}
RELATIONS: Final[Words] = {
    "applicant": {"zh": "申请人", "en": "applicant"},
    "spouse": {"zh": "配偶", "en": "spouse"},
    "child": {"zh": "子女", "en": "child"},
    "parent": {"zh": "父母", "en": "parent"},
    "grandparent": {"zh": "祖父母、外祖父母", "en": "grandparent"},
    "grandchild": {"zh": "孙子女、外孙子女", "en": "grandchild"},
    "sibling": {"zh": "兄弟姐妹", "en": "sibling"},
    "child_in_law": {"zh": "儿媳、女婿", "en": "child-in-law"},
    "parent_in_law": {"zh": "公婆、岳父母", "en": "parent-in-law"},
    "other": {"zh": "其他成员", "en": "other member"},
}
DAY_UNITS: Final[Words] = {
    "working_days": {"zh": "{}个工作日", "en": "{} working days"},
    "days": {"zh": "{}日", "en": "{} days"},
}
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

TEMPLATES: Final[Words] = {
    # on top
    "title": {"zh": "社会救助决定告知书", "en": "Notice of a decision on social assistance"},
    "title.draft": {"zh": "社会救助决定告知书（草稿）", "en": "Draft of a notice on social assistance"},
    "banner.draft": {
        "zh": "这是草稿：还没有作出决定。下面写的是按规则计算的建议，不是决定，不得送达。",
        "en": "This is a draft: nothing is decided. What follows is what the rules recommend. It must not be delivered.",
    },
    "banner.corrected": {
        "zh": "这一决定已被更正，由决定{id}代替。",
        "en": "This decision was corrected: decision {id} takes its place.",
    },
    "banner.succeeded": {
        "zh": "这一决定已由后来的决定{id}接替。",
        "en": "A later decision, {id}, has taken over from this one.",
    },
    "banner.corrects": {
        "zh": "这一决定更正先前的决定{id}。理由：{reason}",
        "en": "This decision corrects the earlier decision {id}. Reason: {reason}",
    },
    "banner.succeeds": {
        "zh": "这一决定接替先前的决定{id}。理由：{reason}",
        "en": "This decision takes over from the earlier decision {id}. Reason: {reason}",
    },
    "banner.fictional": {
        "zh": "{place}是虚构的地方，这份告知书只作示例。",
        "en": "{place} is a fictional place: this notice is an example.",
    },
    "head.place": {"zh": "地区：{place}", "en": "Place: {place}"},
    "head.id": {"zh": "决定编号：{id}", "en": "Decision: {id}"},
    "head.case": {"zh": "案件编号：{case}", "en": "Case: {case}"},
    "head.household": {"zh": "家庭编号：{household}", "en": "Household: {household}"},
    "head.accepted": {"zh": "受理日期：{day}", "en": "Application accepted on {day}"},
    "head.decided": {"zh": "作出决定的日期：{day}", "en": "Decided on {day}"},
    "head.date": {"zh": "按{day}当日的规定和标准认定", "en": "Under the rules and standards of {day}"},
    # the household
    "household": {"zh": "家庭情况", "en": "The household"},
    "household.counted": {"zh": "计入家庭的成员：{people}。", "en": "Members of the household who count: {people}."},
    "household.left_out": {"zh": "{person}没有计入：{reason}。", "en": "{person} is not counted: {reason}."},
    "household.open": {
        "zh": "还不能确定是否计入的成员：{people}。",
        "en": "Members of whom it is not settled whether they count: {people}.",
    },
    "household.income": {
        "zh": "按规定计算的全家每月收入：{income}。",
        "en": "Monthly income of the whole household, as the rules count it: {income}.",
    },
    "household.per_capita": {
        "zh": "平均每人每月{income}。这个数只作说明；比较时用全家的合计。",
        "en": "For each person {income} a month. This is shown only; what is compared is the whole household's.",
    },
    # a result
    "result": {"zh": "{title}", "en": "{title}"},
    "result.person": {"zh": "{title}：{person}", "en": "{title}: {person}"},
    "decided": {"zh": "决定：{outcome}。", "en": "Decision: {outcome}."},
    "decided.amount": {"zh": "决定：{outcome}，{amount}。", "en": "Decision: {outcome}, {amount}."},
    "recommended": {"zh": "建议（尚未决定）：{outcome}。", "en": "Recommended, not decided: {outcome}."},
    "recommended.amount": {
        "zh": "建议（尚未决定）：{outcome}，{amount}。",
        "en": "Recommended, not decided: {outcome}, {amount}.",
    },
    "from_month": {"zh": "从{month}起发放。", "en": "Paid from {month}."},
    "from_month.unknown": {
        "zh": "从哪个月起发放，记录中没有写明，请向作出决定的机关询问。",
        "en": "The record does not say from which month it is paid: ask the office that decided.",
    },
    "reason": {"zh": "经办人员写明的理由：{reason}", "en": "The officer's reason: {reason}"},
    "departed": {
        "zh": "经办人员作出了与规则计算的建议不同的决定。建议是：{status}。以决定为准。",
        "en": "The officer decided otherwise than the rules recommend, which is: {status}. The decision holds.",
    },
    "departed.amount": {
        "zh": "经办人员作出了与规则计算的建议不同的决定。建议是：{status}，{amount}。以决定为准。",
        "en": "The officer decided otherwise than the rules recommend, which is: {status}, {amount}. The decision holds.",
    },
    "lines": {"zh": "金额由以下各项相加：", "en": "The amount is made up of:"},
    "line": {"zh": "{title}：{amount}", "en": "{title}: {amount}"},
    "lines.sum": {"zh": "合计：{amount}", "en": "Together: {amount}"},
    "referrals": {
        "zh": "其他部门的帮助，由其按各自的条件决定：",
        "en": "Help from other departments, which decide by their own conditions:",
    },
    "referral": {"zh": "{title}。", "en": "{title}."},
    "met": {"zh": "符合的条件：", "en": "Conditions that are met:"},
    "failed": {"zh": "原因：", "en": "The reasons:"},
    "test": {"zh": "{title}：{comparison}。", "en": "{title}: {comparison}."},
    "test.plain": {"zh": "{title}。", "en": "{title}."},
    "assumption": {"zh": "说明：{message}。", "en": "Note: {message}."},
    # what is not decided
    "undecided.undetermined": {
        "zh": "这一项还没有决定：现有情况还不足以确定。这不是不予批准。",
        "en": "Nothing is decided on this: what is known does not settle it. This is no refusal.",
    },
    "undecided.refer": {
        "zh": "这一项还没有决定：须由经办人员认定。这不是不予批准。",
        "en": "Nothing is decided on this: an officer has to decide. This is no refusal.",
    },
    "undecided.eligible": {
        "zh": "这一项还没有决定：条件符合，金额还不能确定。这不是不予批准。",
        "en": "Nothing is decided on this: the conditions are met, the amount is not settled. This is no refusal.",
    },
    "missing": {"zh": "还需要了解：{fact}。", "en": "Still needed: {fact}."},
    "gap": {
        "zh": "本服务没有收录当地的规定，或者须由经办人员认定：{gap}。",
        "en": "The place's own rule is not held here, or an officer has to decide: {gap}.",
    },
    # hearing
    "hearing": {"zh": "听取意见", "en": "Hearing"},
    "hearing.held": {
        "zh": "作出决定以前，已于{day}听取家庭的意见。",
        "en": "Before it was decided the family was heard, on {day}.",
    },
    "hearing.needed": {
        "zh": "减少或者终止救助以前，须先听取家庭的意见；记录中还没有。",
        "en": "The family must be heard before its support is reduced or ended; no hearing is on record.",
    },
    # deadlines
    "deadlines": {"zh": "期限", "en": "Deadlines"},
    "clock": {
        "zh": "{title}：应当自{accepted}受理起{days}内，即{due}以前作出决定。",
        "en": "{title}: to be decided within {days} of {accepted}, the day of acceptance: by {due}.",
    },
    "clock.no_calendar": {
        "zh": "{title}：应当自{accepted}受理起{days}内作出决定。到哪一天为止，所用的工作日历（到{last}为止）还算不出，这里不作推算。",
        "en": "{title}: to be decided within {days} of {accepted}, the day of acceptance. The calendar of working days "
        "in use (up to {last}) does not tell the last day, and none is guessed.",
    },
    "written": {
        "zh": "{titles}：{outcomes}的决定，应当书面告知并说明理由。",
        "en": "{titles} ({outcomes}): to be told in writing, with the reasons.",
    },
    "written.by": {
        "zh": "{titles}：{outcomes}的决定，应当自作出决定起{days}内，即{due}以前，书面告知并说明理由。",
        "en": "{titles} ({outcomes}): to be told in writing, with the reasons, within {days} of the "
        "decision: by {due}.",
    },
    "written.no_calendar": {
        "zh": "{titles}：{outcomes}的决定，应当自作出决定起{days}内书面告知并说明理由。到哪一天为止，所用的工作日历（到{last}为止）还算不出，这里不作推算。",
        "en": "{titles} ({outcomes}): to be told in writing, with the reasons, within {days} of the "
        "decision. The calendar of working days in use (up to {last}) does not tell the last day, and none "
        "is guessed.",
    },
    "written.undecided": {
        "zh": "{titles}：{outcomes}的决定，应当自作出决定起{days}内书面告知并说明理由。",
        "en": "{titles} ({outcomes}): to be told in writing, with the reasons, within {days} of the decision.",
    },
    "calendar": {
        "zh": "工作日按国务院办公厅的放假安排计算（到{last}为止）。",
        "en": "Working days follow the holidays arranged by the State Council's office (up to {last}).",
    },
    # remedies
    "remedies": {"zh": "不服决定怎么办", "en": "If you do not agree"},
    "remedy": {"zh": "对这一决定不服的，可以依法{remedy}。", "en": "Against this decision you may {remedy}."},
    "remedy.where": {"zh": "向{where}提出。", "en": "Turn to {where}."},
    "remedy.deadline": {"zh": "期限：{days}。", "en": "Deadline: {days}."},
    "remedy.not_held": {
        "zh": "向哪里提出、在多少日以内提出，由{law}规定。这里没有收录这部法律的原文，不写期限；请向作出决定的机关问明，不要耽误。",
        "en": "Where, and within how many days, is for the {law} to say. Its text is not held here, so no deadline is "
        "given: ask the office that decided, without delay.",
    },
}
