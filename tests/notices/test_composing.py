"""What a notice says of what was decided, of what was not, and of what the law wants."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.decisions.state import Follower
from app.notices.sentences import Notice
from app.rules.facts.examples import FAMILY_OF_THREE as EXAMPLE
from app.rules.packs import pack as shipped
from app.rules.packs.library import Library
from app.rules.packs.pack import Pack
from app.rules.service import Rules
from app.rules.values.strict_json import Json
from tests.support.decisions.states import id_of
from tests.support.notices.factories import confirmed, heard, noticed, of_kind, proposed, section_of
from tests.support.rules import cases

DIBAO = "最低生活保障"
APPLICANT: Json = {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02"}


def family(date: str = "2026-08-15", **changes: object) -> Json:
    """One woman of the Model City without anything."""
    household = {"residence": "urban", "members": [APPLICANT | {"income": {}}], "assets": {}, "spending": {}}
    return {"jurisdiction": "999900", "date": date, "programmes": ["dibao"], "household": household | changes}


def earning(wage: str, date: str = "2026-08-15") -> Json:
    return family(date, members=[APPLICANT | {"income": {"wage": wage}}])


def texts(notice: Notice, *kinds: str) -> list[str]:
    return [sentence.text for sentence in of_kind(notice, *kinds)]


# what was decided


def test_a_grant_says_the_amount_how_it_comes_about_from_when_and_why() -> None:
    said = section_of(noticed(confirmed(proposed(EXAMPLE)))[0], DIBAO)
    told = [sentence.text for sentence in said]
    assert told[:2] == ["决定：给予，每月2374.00元。", "从2026年9月起发放。"]
    assert told[2:6] == ["金额由以下各项相加：", "补差金额：1730.00元", "分类施保：644.00元", "合计：2374.00元"]
    assert "家庭人均收入低于低保标准：每人343.33元，低于920.00元（3人合计：1030.00元，低于2760.00元）。" in told
    (income,) = (sentence for sentence in said if "人均收入" in sentence.text)
    assert income.basis[0] == "《中华人民共和国社会救助法》第18条"
    assert "/record/results/results/2/tests/1" in income.fields


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_lines_add_up_to_what_is_paid_with_the_rounding(language: str) -> None:
    """920 less a third of 1000 for one person is 586.67: rounded up to whole yuan."""
    household = APPLICANT | {"income": {"pension": "1000.00"}, "income_months": 3}
    state = confirmed(proposed(family(members=[household])))
    notice, _ = noticed(state, "zh" if language == "zh" else "en")
    record = state.decision["results"]["results"][0]
    lines = [Fraction(line["amount"]) for line in record["lines"]]
    assert record["lines"][-1]["rule"] == "dibao.rounding"
    assert sum(lines) == Fraction(record["amount"]["figure"]) == 587
    shown = texts(notice, "line", "lines.sum")
    assert [text for text, line in zip(shown, record["lines"], strict=False) if line["amount"] not in text] == []
    assert "587.00" in shown[-1]


def test_a_refusal_names_every_failed_test_with_both_figures() -> None:
    request = family(
        members=[APPLICANT | {"income": {"wage": "1500.00"}}], assets={"financial": "90000.00", "vehicles": 2}
    )
    state = confirmed(proposed(request))
    said = texts(noticed(state)[0], "test", "test.plain")
    failed = [test for test in state.decision["results"]["results"][0]["tests"] if test["holds"] is False]
    assert len(failed) == len(said) == 3
    for test, text in zip(failed, said, strict=True):
        assert test["left"] in text
        assert test["right"] in text
    assert "1500.00元，不低于920.00元" in said[0]
    assert texts(noticed(state)[0], "line", "from_month") == []


def test_a_departure_shows_the_officers_outcome_and_reason_and_never_calls_the_recommendation_the_decision() -> None:
    given = {"programme": "dibao", "outcome": "refused", "reason": "入户核查时另有收入"}
    notice, _ = noticed(confirmed(proposed(family()), given))
    told = [sentence.text for sentence in section_of(notice, DIBAO)]
    assert told[0] == "决定：不予批准。"
    assert told[1] == "经办人员写明的理由：入户核查时另有收入"
    assert told[2].endswith("建议是：符合条件，每月920.00元。以决定为准。")
    assert len(told) == 3, "neither conditions nor lines of what was not decided"


def test_another_amount_than_recommended_is_shown_without_lines_that_do_not_come_to_it() -> None:
    given = {"programme": "dibao", "outcome": "granted", "amount": "700.00", "reason": "另有收入"}
    notice, _ = noticed(confirmed(proposed(family()), given))
    assert texts(notice, "decided.amount") == ["决定：给予，每月700.00元。"]
    assert texts(notice, "line", "lines.sum") == []
    assert texts(notice, "from_month") == ["从2026年9月起发放。"]


def test_a_grant_that_the_rules_refuse_says_that_its_first_month_is_not_on_record() -> None:
    given = {"programme": "dibao", "outcome": "granted", "amount": "300.00", "reason": "确有特殊困难"}
    notice, _ = noticed(confirmed(proposed(earning("1500.00")), given))
    assert len(texts(notice, "from_month.unknown")) == 1
    assert texts(notice, "from_month", "failed", "met") == []


# what is not decided


def test_what_is_not_known_enough_is_no_refusal_and_says_what_is_missing() -> None:
    request = family(members=[APPLICANT, {"id": "p2", "relation": "spouse", "birth_date": "1986-11-20"}])
    notice, _ = noticed(confirmed(proposed(request)))
    told = [sentence.text for sentence in section_of(notice, DIBAO)]
    assert "这不是不予批准" in told[0]
    assert "还需要了解：申请人（p1）：收入。" in told
    assert "还需要了解：配偶（p2）：收入。" in told
    assert not any(text.startswith("决定") for text in told)


def test_what_the_place_has_not_published_is_named_and_is_no_refusal() -> None:
    (case,) = (case for case in cases() if case["name"] == "shaoyang-2018-no-standard")
    notice, _ = noticed(confirmed(proposed(case["request"] | {"programmes": ["dibao"]})))
    assert texts(notice, "undecided.refer") == ["这一项还没有决定：须由经办人员认定。这不是不予批准。"]
    assert len(texts(notice, "gap")) >= 1


def test_a_proposal_has_a_draft_that_says_on_top_that_nothing_is_decided() -> None:
    notice, _ = noticed(proposed(family()))
    assert notice.title.kind == "title.draft"
    assert notice.banners[0].kind == "banner.draft"
    assert texts(notice, "recommended.amount") == ["建议（尚未决定）：给予，每月920.00元。"]
    assert texts(notice, "decided", "decided.amount", "head.decided", "written.by") == []


# what became of it


@pytest.mark.parametrize(("corrects", "kind"), [(True, "banner.corrected"), (False, "banner.succeeded")])
def test_a_decision_whose_place_was_taken_says_so_on_top(corrects: bool, kind: str) -> None:
    state = confirmed(proposed(family()))
    later = id_of(7)
    state.followers = [Follower(later, corrects=corrects, decided=True)]
    first = noticed(state)[0].banners[0]
    assert (first.kind, str(later) in first.text) == (kind, True)


def test_a_follower_that_is_not_decided_takes_no_place() -> None:
    state = confirmed(proposed(family()))
    state.followers = [Follower(id_of(7), corrects=True)]
    assert texts(noticed(state)[0], "banner.corrected") == []


# hearing


def lessened(date: str, *, hearing: str | None) -> Notice:
    state = proposed(family(date))
    if hearing:
        heard(state, hearing)
    given = {"programme": "dibao", "outcome": "reduced", "amount": "500.00", "reason": "收入增加"}
    return noticed(confirmed(state, given))[0]


def test_a_reduction_says_when_the_family_was_heard_and_by_which_article() -> None:
    (said,) = of_kind(lessened("2026-08-15", hearing="2026-08-20"), "hearing.held")
    assert said.text == "作出决定以前，已于2026年8月20日听取家庭的意见。"
    assert said.basis == ("《中华人民共和国社会救助法》第48条",)


def test_before_the_law_a_hearing_is_said_without_the_article_and_needed_by_none() -> None:
    (said,) = of_kind(lessened("2026-06-15", hearing="2026-06-20"), "hearing.held")
    assert said.basis == ()
    assert of_kind(lessened("2026-06-15", hearing=None), "hearing.held", "hearing.needed") == []


def test_a_draft_of_less_than_before_says_that_a_hearing_is_needed() -> None:
    before = confirmed(proposed(family()))
    state = proposed(earning("400.00"))
    before.decision["id"] = str(id_of(1))
    state.household = {id_of(1): before}
    assert [one.kind for one in of_kind(noticed(state)[0], "hearing.held", "hearing.needed")] == ["hearing.needed"]


def test_what_gives_no_less_says_nothing_of_hearings() -> None:
    assert of_kind(noticed(heard(confirmed(proposed(family())), "2026-08-20"))[0], "hearing.held") == []


# deadlines


def test_a_refusal_is_told_in_writing_within_the_working_days_of_the_calendar() -> None:
    """Decided on Friday 2026-11-20: the third working day is Wednesday."""
    (said,) = of_kind(noticed(confirmed(proposed(earning("1500.00"))))[0], "written.by")
    assert "3个工作日内，即2026年11月25日以前" in said.text
    assert said.basis == ("《最低生活保障审核确认办法》第21条",)
    assert "国务院办公厅" in texts(noticed(confirmed(proposed(earning("1500.00"))))[0], "calendar")[0]


def test_days_that_no_calendar_tells_are_not_guessed() -> None:
    """Decided at the end of 2026: the holidays of 2027 are not known."""
    state = confirmed(proposed(earning("1500.00"), accepted_on="2026-11-19"), at="2026-12-30T02:00:00.000000Z")
    notice, _ = noticed(state)
    (said,) = of_kind(notice, "written.no_calendar")
    assert "3个工作日内" in said.text
    assert "2026年12月31日" in said.text
    assert "2027" not in "".join(sentence.text for sentence in notice.sentences())


def test_before_2021_the_days_of_a_refusal_were_counted_as_days() -> None:
    state = confirmed(
        proposed(earning("1500.00", "2020-06-15") | {"jurisdiction": "150700"}), at="2020-06-20T02:00:00Z"
    )
    assert "3日内，即2020年6月23日以前" in texts(noticed(state)[0], "written.by")[0]


def test_the_clock_of_the_application_runs_from_its_acceptance() -> None:
    state = confirmed(proposed(family(), accepted_on="2026-08-10"))
    assert "自2026年8月10日受理起20个工作日内，即2026年9月7日以前" in texts(noticed(state)[0], "clock")[0]
    assert texts(noticed(confirmed(proposed(family())))[0], "clock") == []


# remedies


@pytest.mark.parametrize(
    ("at", "basis"),
    [
        ("2026-06-30T15:59:59Z", {"《社会救助暂行办法》第65条", "《最低生活保障审核确认办法》第38条"}),
        ("2026-06-30T16:00:00Z", {"《中华人民共和国社会救助法》第76条", "《最低生活保障审核确认办法》第38条"}),
    ],
)
def test_review_is_sought_by_the_law_of_the_day_it_was_decided_on(at: str, basis: set[str]) -> None:
    """The last second of June in China, and the first of July."""
    notice, _ = noticed(confirmed(proposed(family()), at=at))
    for remedy in of_kind(notice, "remedy"):
        assert set(remedy.basis) == basis


def test_the_article_on_dibao_is_not_cited_for_others() -> None:
    request = family() | {"programmes": ["edge_family"]}
    (first, _) = of_kind(noticed(confirmed(proposed(request)))[0], "remedy")
    assert first.basis == ("《中华人民共和国社会救助法》第76条",)


def test_a_deadline_whose_text_is_not_held_is_a_gap_that_names_the_law() -> None:
    said = texts(noticed(confirmed(proposed(family())))[0], "remedy.not_held")
    assert [("行政复议法" in one, "行政诉讼法" in one) for one in said] == [(True, False), (False, True)]


def test_a_deadline_that_a_pack_prints_is_said() -> None:
    packs = shipped.load_packs()
    body = dict(packs["CN"].texts)
    body["CN/remedies.yaml"] = body["CN/remedies.yaml"].replace(
        '{from: 2026-07-01, basis: [[社会救助法, "76"]]}',
        '{from: 2026-07-01, where: {zh: 某机关, en: some office}, deadline: {value: 61, unit: days}, basis: [[社会救助法, "76"]]}',
        1,
    )
    own = Rules(Library(packs | {"CN": Pack.of_texts("CN", body)}))
    notice, _ = noticed(confirmed(proposed(family())), own=own, told_by=own.library)
    said = texts(notice, "remedy.where", "remedy.deadline", "remedy.not_held")
    assert said[:2] == ["向某机关提出。", "期限：61日。"]
    assert [kind for kind in said[2:] if "行政复议法" in kind] == []
