"""Words for codes: faults, reasons and statuses, in Chinese and English."""

from typing import Final, Literal

Language = Literal["zh", "en"]

FAULTS: Final[dict[str, dict[Language, str]]] = {
    "required": {"zh": "缺少必填字段", "en": "this field is required"},
    "unknown_field": {"zh": "没有这个字段", "en": "there is no such field"},
    "not_allowed": {"zh": "不在允许的取值范围内", "en": "not one of the allowed values"},
    "too_many": {"zh": "项数过多", "en": "too many items"},
    "too_few": {"zh": "项数过少", "en": "too few items"},
    "too_long": {"zh": "文字过长", "en": "the text is too long"},
    "too_short": {"zh": "文字过短", "en": "the text is too short"},
    "wrong_form": {"zh": "格式不正确", "en": "not of the wanted form"},
    "out_of_range": {"zh": "超出范围", "en": "out of range"},
    "wrong_type": {"zh": "类型不正确", "en": "of the wrong type"},
    "money_format": {
        "zh": "金额不得为负，最多两位小数，不用科学记数法",
        "en": "an amount is not negative, has at most two decimals and no exponent",
    },
    "number_format": {"zh": "数字最多四位小数，不用科学记数法", "en": "a plain number with at most four decimals"},
    "date_format": {"zh": "日期写作 YYYY-MM-DD，且须存在", "en": "a date that exists, written YYYY-MM-DD"},
    "month_format": {"zh": "月份写作 YYYY-MM", "en": "a month is written YYYY-MM"},
    "instant_format": {"zh": "时刻按 RFC 3339 书写并带时区", "en": "an instant is RFC 3339 with an offset"},
    "months_not_allowed": {"zh": "月数只能是 1 至 12、18 或 24", "en": "figures cover 1 to 12, 18 or 24 months"},
    "no_applicant": {"zh": "没有申请人", "en": "nobody is the applicant"},
    "two_applicants": {"zh": "申请人只能有一名", "en": "there is exactly one applicant"},
    "two_spouses": {"zh": "申请人的配偶最多一名", "en": "the applicant has at most one spouse"},
    "duplicate_id": {"zh": "编号重复", "en": "this identifier is used twice"},
    "two_marriages": {"zh": "婚姻关系前后不一致", "en": "somebody would be married to two people"},
    "own_relative": {"zh": "不能是本人的配偶或者子女", "en": "nobody is a relative of himself"},
    "own_ancestor": {"zh": "亲子关系成环", "en": "nobody is an ancestor of himself"},
    "unknown_person": {"zh": "没有这个成员", "en": "there is no such member"},
    "components_of_single_kind": {"zh": "只有多重残疾才有分项", "en": "only a multiple disability has components"},
    "component_more_severe": {"zh": "分项等级不能重于残疾证等级", "en": "no component is more severe than the card"},
    "after_date": {"zh": "晚于认定日期", "en": "later than the day that decides"},
    "too_long_ago": {"zh": "日期过早，不可能成立", "en": "so long ago that it cannot be"},
    "before_birth": {"zh": "早于本人出生", "en": "earlier than the person was born"},
    "not_employed": {"zh": "已说明本人未就业", "en": "the person is said not to be employed"},
    "birth_differs": {
        "zh": "与所报出生日期不一致",
        "en": "the number has another date of birth than the facts",
    },
    "before_any_law": {"zh": "这一天还没有可适用的规定", "en": "no rule was in force on that day"},
    "too_far_ahead": {"zh": "日期过远，无法适用现行规定", "en": "too far ahead for today's rules to be applied"},
    "nothing_known": {"zh": "截至该时刻没有已知的规定", "en": "no rule was known by then"},
    "parameter_not_supplied_here": {"zh": "没有这个可录入的参数", "en": "not a parameter that can be supplied"},
    "parameter_shape": {"zh": "参数的分项不正确", "en": "not given by the right residence or level"},
    "parameter_given_twice": {"zh": "同一事项以两种方式录入", "en": "the same is given in another way, too"},
    "in_the_future": {"zh": "日期尚未到来", "en": "this day is yet to come"},
    "not_an_id_number": {
        "zh": "不是有效的公民身份号码或者居住证号码",
        "en": "not a valid identity number of a resident or of a residence permit",
    },
    "same_person": {
        "zh": "两人的身份证件号码相同",
        "en": "somebody else has this ID number already: nobody is two people of a household",
    },
    "personal_data": {
        "zh": "此处不得有身份证件号码或者姓名",
        "en": "no ID number, and no name of somebody identified here, may stand in this place",
    },
    "wrong_pointer": {"zh": "未指向请求中的情况", "en": "does not point at a fact of the request"},
    "document_needed": {
        "zh": "录入的标准须注明所依据的文件",
        "en": "a figure that is supplied needs the document that prints it",
    },
    "unknown_result": {"zh": "没有这一项认定结果", "en": "there is no such result to decide"},
    "decided_twice": {"zh": "同一结果重复决定", "en": "this result is decided twice"},
    "reason_needed": {"zh": "与建议不一致时须说明理由", "en": "a departure from the recommendation needs a reason"},
    "amount_needed": {"zh": "须写明金额", "en": "an amount must be said"},
    "amount_not_paid": {"zh": "不给付的决定不写金额", "en": "nothing is paid under this outcome"},
    "foreign_cursor": {"zh": "翻页标记不属于这一查询", "en": "the cursor is not of this query"},
    "nothing_rests_on_it": {"zh": "没有一项认定以此为据", "en": "no decision on record rests on anything of this name"},
    "identity_needed": {"zh": "须先提供该人员的身份信息", "en": "nobody can be asked about without name and ID number"},
    "other_purpose": {
        "zh": "授权的目的与本次核对不同",
        "en": "the consent is for another purpose than this verification",
    },
    "in_the_past": {"zh": "日期已过", "en": "this day has passed"},
    "guardian_needed": {
        "zh": "这一年龄的未成年人须由监护人授权",
        "en": "for a child of this age its guardian has to consent",
    },
    "nothing_to_settle": {
        "zh": "这一核对发现不对应家庭的某项情况",
        "en": "this finding is about no fact that could be set",
    },
    "value_needed": {
        "zh": "核对结果不能直接采用，须核定数值",
        "en": "what was found cannot be taken over as it stands: a value has to be set",
    },
    "one_needed": {"zh": "须写明其中一项，且只能一项", "en": "exactly one of these must be said"},
    "rule_fault": {"zh": "规则有错误", "en": "a fault in the rules"},
    "outside_domain": {"zh": "参数超出允许范围", "en": "outside the parameter's domain"},
}

DOUBTS: Final[dict[str, dict[Language, str]]] = {
    "very_old": {"zh": "年龄过大，请核对出生日期", "en": "hardly anybody is this old: check the date of birth"},
    "unusual_at_age": {"zh": "这一年龄少有此情形，请核对", "en": "seldom so at this age: check it"},
    "close_to_parent": {
        "zh": "与父母年龄相差过小或者年长于父母，继子女除外请核对",
        "en": "hardly younger than a parent, or older: check it unless it is a stepchild",
    },
    "very_young_spouse": {"zh": "未到可以结婚的年龄，请核对", "en": "too young to be married: check it"},
    "birth_differs": {
        "zh": "公民身份号码中的出生日期与所报出生日期不一致，请核对",
        "en": "the number has another date of birth than the facts: check both",
    },
    "before_birth": {"zh": "早于本人出生，请核对", "en": "earlier than the person was born: check it"},
    "long_ago": {"zh": "发生已久，请核对日期", "en": "long ago: check the day"},
    "unlikely_amount": {
        "zh": "每月金额过大，请核对金额和所属月数",
        "en": "a great deal for a month: check the amount and the months it covers",
    },
    "replaces_published": {
        "zh": "已有公布的标准，录入的数值与其不同，请核对",
        "en": "another figure is published for this place and day: check which one holds",
    },
    "not_read": {
        "zh": "这一天没有规则用到录入的这一数值，对结论没有影响，请核对参数和日期",
        "en": "no rule reads this figure on the day, so it changes nothing: check the parameter and the day",
    },
    "unlikely_figure": {
        "zh": "与已公布的或者一并录入的标准相差过大，请核对是否把年标准当作月标准录入",
        "en": "far from what is published, or supplied beside it: check that it is not a year's figure for a month's",
    },
}

LEFT_OUT: Final[dict[str, dict[Language, str]]] = {
    "prison": {"zh": "在监狱服刑", "en": "in prison"},
    "compulsory_detox": {"zh": "强制隔离戒毒", "en": "in compulsory detoxification"},
    "declared_missing": {"zh": "被宣告失踪", "en": "declared missing"},
    "clergy": {"zh": "脱离家庭独立生活的宗教教职人员", "en": "clergy living apart from the family"},
    "military_service": {"zh": "现役军人", "en": "in military service"},
    "boarder": {"zh": "寄宿、寄居他处", "en": "boarding elsewhere"},
    "not_in_family": {"zh": "不属于共同生活的家庭成员", "en": "not a member of the family living together"},
    "extreme_poverty_support": {
        "zh": "纳入特困人员供养，不再计入家庭",
        "en": "in extreme-poverty support and set apart",
    },
}


def fault_message(code: str, language: Language) -> str:
    return FAULTS.get(code, FAULTS["wrong_form"])[language]
