"""Values of each construct of the formula language on both compiled paths."""

import datetime as dt
import re
from fractions import Fraction
from typing import Any, Final

import pytest

from app.rules.checks.rules import structures
from app.rules.engine.compiler.bounded import BoundedWriter
from app.rules.engine.compiler.exact import ExactWriter
from app.rules.engine.compiler.writer import Expression, Writer, _side_type
from app.rules.engine.evaluate import Engine
from app.rules.engine.household import EngineHousehold
from app.rules.facts.household import Household
from app.rules.language import parser
from app.rules.language import types as t
from app.rules.language.tree import Comparison
from app.rules.rulesets.dependencies import CLOSURE, ordered, sources
from app.rules.values.algebra import Algebra
from app.rules.values.open_values import Maybe, Range
from app.rules.values.unknown import NeedsBounds
from tests.support.rules import NOW, cases, rules

DAY: Final = dt.date(2026, 8, 15)
PATHS: Final = {"fast": ExactWriter, "bounded": BoundedWriter}
HOUSEHOLD: Final = {
    "residence": "urban",
    "members": [
        {
            "id": "p1",
            "relation": "applicant",
            "birth_date": "1936-01-01",
            "income": {"wage": "1000.05"},
            "income_months": 3,
            "absence": "clergy",
            "absent_since": "2026-01-15",
            "education": "undergraduate",
        },
        {"id": "p2", "relation": "spouse", "birth_date": "1990-01-01", "income": {"wage": "500.00"}, "employed": True},
    ],
    "assets": {"financial": "10.01", "vehicles": 2},
    "spending": {},
    "obligors": [],
}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return rules().engines.at("999900", DAY, NOW.date())


def _writer(engine: Engine, path: str) -> Writer:
    found = sources(engine.library, engine.ruleset)
    made: Writer = PATHS[path](engine.library, engine.ruleset, found, ordered(found), set())
    return made


def _computed(engine: Engine, path: str, formula: str, household: Any = HOUSEHOLD) -> tuple[Any, Expression]:
    """The value in fen, in months or in itself, for the first member, and how it is written."""
    writer = _writer(engine, path)
    written = writer.expression(parser.parse(formula, "member", engine.library.names))
    asked = EngineHousehold(Household.model_validate(household), DAY, "999900")
    space = engine.figures.space()
    figures = engine.figures.known
    if path == "bounded":
        asked, figures = asked.opened(space), engine.figures.open
    names = writer.environment() | {
        "household": asked, "members": asked.members, "person": asked.members[0], "today": DAY,
        "p": figures, "published": engine.figures.published, "space": space, "algebra": Algebra(space),
    }  # fmt: skip
    exec("\n".join(writer.preamble()), names)  # noqa: S102  text made by the writer
    value = eval(written.text, names)  # noqa: S307  likewise
    return Fraction(value, written.scale) if type(value) is int else value, written


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("formula", "value", "plain"),
    [
        ("5", 5, True),
        ("yuan(2.505)", Fraction("250.5"), True),
        ("yuan(2.505) + yuan(1)", Fraction("350.5"), True),
        ("yuan(1) - yuan(2.505)", Fraction("-150.5"), True),
        ("yuan(0.01) + 0", 1, True),
        ("yuan_month(1.5) * months(3)", 450, True),
        ("yuan(3) * 0.5", 150, True),
        ("yuan(3) * 1", 300, True),
        ("yuan(3) / 0.5", 600, True),
        ("yuan(3) / 7", Fraction(300, 7), True),
        ("person.income.wage", 33335, False),
        ("person.income.wage * 2", 66670, False),
        ("person.income.wage * 0.3 + yuan_month(0.01)", Fraction("10001.5"), False),
        ("yuan_month(1) - person.income.wage", -33235, False),
        ("person.income.wage / max(1, count(m for m in members))", Fraction(33335, 2), False),
        ("yuan(10) / max(1, count(m for m in members))", 500, False),
        ("assets.financial", 1001, False),
        ("assets.vehicles", 2, False),
        ("age(person)", 90, True),
        ("age(person) + 1", 91, True),
        ("months_between(person.absent_since, today)", 7, False),
        ("months_between(person.absent_since, today) * 2", 14, False),
        ("residence in ('urban', 'rural')", True, True),
        ("residence in ('rural',)", False, True),
        ("residence == 'urban'", True, True),
        ("person.employed", False, True),
        ("not person.employed", True, True),
        ("not assets.vehicles > 1", False, False),
        ("age(person) > 90", False, True),
        ("age(person) >= 90 and residence == 'urban'", True, True),
        ("age(person) < 90 or residence == 'rural'", False, True),
        ("age(person) >= 90 and assets.vehicles > 2", False, False),
        ("age(person) < 90 or assets.vehicles == 2", True, False),
        ("person.income.wage > yuan_month(333.349)", True, False),
        ("person.income.wage > yuan_month(333.35)", False, False),
        ("person.income.wage >= yuan_month(333.35)", True, False),
        ("person.income.wage <= yuan_month(333.35)", True, False),
        ("person.income.wage < yuan_month(333.351)", True, False),
        ("person.income.wage < yuan_month(333.35)", False, False),
        ("person.income.wage == yuan_month(333.35)", True, False),
        ("person.income.wage != yuan_month(333.35)", False, False),
        ("yuan(2.505) < yuan(2.51)", True, True),
        ("1 if person.employed else 2", 2, True),
        ("yuan(1) if age(person) > 0 else yuan(2.505)", 100, True),
        ("yuan(1) if assets.vehicles > 0 else yuan(2.505)", 100, False),
        ("yuan(1) if assets.vehicles > 2 else yuan(2.505)", Fraction("250.5"), False),
        ("yuan(1) if age(person) < 0 else assets.financial", 1001, False),
        ("min(yuan(1), yuan(2.505))", 100, True),
        ("max(yuan(1), yuan(2.505), yuan(2))", Fraction("250.5"), True),
        ("min(yuan(20), assets.financial)", 1001, False),
        ("max(yuan(20.005), assets.financial)", Fraction("2000.5"), False),
        ("round_up(yuan(2.505), 0.01)", 251, True),
        ("round_up(yuan(2.505), 1)", 300, True),
        ("round_down(yuan(2.505), 0.5)", 250, True),
        ("round_half_up(yuan(2.505), 0.01)", 251, True),
        ("round_half_up(yuan(2.499), 1)", 200, True),
        ("round_up(person.income.wage, 1)", 33400, False),
        ("round_down(person.income.wage, 1)", 33300, False),
        ("round_half_up(person.income.wage, 0.1)", 33340, False),
        ("{'urban': yuan(1), 'rural': yuan(2.505)}[residence]", 100, True),
        ("{'urban': assets.financial, 'rural': yuan(2.505)}[residence]", 1001, False),
        ("count(m for m in members)", 2, False),
        ("count(m for m in members if m.employed)", 1, False),
        ("sum(m.income.wage for m in members)", 83335, False),
        ("sum(m.income.wage for m in members if m.employed)", 50000, False),
        ("max(m.income.wage for m in members)", 50000, False),
        ("min(m.income.wage for m in members)", 33335, False),
        ("max(m.income.wage for m in members if age(m) > 100)", 0, False),
        ("any(m.employed for m in members)", True, False),
        ("all(m.employed for m in members)", False, False),
        ("all(m.employed for m in members if age(m) < 60)", True, False),
        ("any(m.employed for m in person.spouses)", True, False),
        ("all(m.employed for m in person.spouses)", True, False),
        ("any(m.employed for m in person.children)", False, False),
        ("all(m.employed for m in person.children)", True, False),
        ("count(m for m in person.children)", 0, False),
        ("count(m for m in person.spouses)", 1, False),
        ("sum(m.income.wage for m in person.children)", 0, False),
        ("sum(m.income.wage for m in person.spouses)", 50000, False),
        ("dibao.standard[residence]", 92000, False),
        ("dibao.standard[residence] * 1.3", 119600, False),
        ("published(dibao.standard)", True, True),
        ("published(dibao.standard, residence)", True, True),
        ("published(old_age.allowance, age(person))", True, True),
        ("published(old_age.allowance, 79)", False, True),
        ("published(old_age.allowance, 80)", True, True),
        ("published(old_age.allowance, 85)", True, True),
        ("published(education_aid.amount, person.education)", True, True),
        ("band(old_age.allowance, age(person))", 12000, False),
        ("band(old_age.allowance, 79)", 0, False),
        ("band(old_age.allowance, 80)", 6000, False),
        ("band(old_age.allowance, 89)", 6000, False),
        ("band(old_age.allowance, 100)", 40000, False),
        ("education_aid.amount[person.education]", 500000, False),
        ("disability.care[1]", 13000, False),
        ("dibao.standard['rural']", Fraction(222500, 3), False),
        ("edge.multiple", Fraction("1.5"), False),
        ("edge.multiple * 3", Fraction("4.5"), False),
        ("decision_authority", True, False),
    ],
)
def test_a_formula_comes_to_the_same_on_both_paths(
    engine: Engine, path: str, formula: str, value: Any, plain: bool
) -> None:
    found, written = _computed(engine, path, formula)
    assert found == value
    assert type(found) is bool or not isinstance(value, bool)
    assert written.plain is plain
    assert written.scale == 1 or not isinstance(value, bool)


DISABLED: Final = {
    "id": "p1", "relation": "applicant", "birth_date": "1936-01-01", "absence": "clergy",
    "disability": {"kind": "multiple", "level": 2},
}  # fmt: skip


UNKNOWN: Final = {"residence": "urban", "members": [DISABLED, HOUSEHOLD["members"][1]]}  # type: ignore[index]
OPEN: Final = object()


def _shown(value: Any, scale: int) -> Any:
    if type(value) is Maybe:
        return OPEN
    if type(value) is Range:
        low, high = (None if end is None else Fraction(end, scale) for end in (value.low, value.high))
        return low, high, value.above
    return value


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("not assets.vehicles > 1", OPEN),
        ("assets.vehicles == 2", OPEN),
        ("assets.vehicles == 2 and age(person) > 95", False),
        ("assets.vehicles == 2 and age(person) > 5", OPEN),
        ("assets.vehicles == 2 or age(person) > 5", True),
        ("assets.vehicles < 0", False),
        ("assets.vehicles >= 0", True),
        ("assets.financial > yuan(1)", OPEN),
        ("assets.financial + yuan(2.505)", (Fraction("250.5"), None, False)),
        ("yuan(2.505) - assets.financial", (None, Fraction("250.5"), False)),
        ("assets.financial * 2 + yuan(1)", (100, None, False)),
        ("yuan(1) if assets.vehicles > 1 else yuan(2.505)", (100, Fraction("250.5"), False)),
        ("min(yuan(2.505), assets.financial)", (0, Fraction("250.5"), False)),
        ("max(yuan(2.505), assets.financial)", (Fraction("250.5"), None, False)),
        ("round_up(min(yuan(2.505), assets.financial), 0.5)", (0, 300, False)),
        ("months_between(person.absent_since, today)", (0, None, False)),
        ("count(m for m in members if m.income.wage > yuan_month(1))", (1, 2, False)),
        ("max(m.income.wage for m in members)", (50000, None, False)),
        ("min(m.income.wage for m in members)", (0, 50000, False)),
        ("sum(m.income.wage for m in members if m.employed)", 50000),
        ("any(m.income.wage > yuan_month(600) for m in members)", OPEN),
        ("all(m.income.wage > yuan_month(600) for m in members)", False),
        ("all(m.income.wage > yuan_month(400) for m in members)", OPEN),
        ("any(d.kind in ('mental', 'visual') for d in person.disabilities)", OPEN),
        ("any(d.kind not in ('mental', 'visual') for d in person.disabilities)", OPEN),
        ("any(d.kind in ('mental', 'visual') and d.kind in ('mental', 'hearing') for d in person.disabilities)", OPEN),
        ("any(o.disability.any for o in person.obligors)", OPEN),
        ("all(o.disability.any for o in person.obligors)", OPEN),
        ("unpublished(temporary.emergency)", OPEN),
        ("unpublished(temporary.emergency, 0)", (0, None, False)),
        ("unpublished(elder_care.amount, 0)", (0, None, True)),
        ("unpublished(elder_care.amount, yuan_month(1))", (100, None, False)),
        ("unpublished(temporary.emergency, yuan(1))", (100, None, False)),
        ("unpublished(temporary.emergency, yuan(1), yuan(2.505))", (100, Fraction("250.5"), False)),
    ],
)
def test_what_is_not_known_leaves_bounds_and_the_fast_path_refuses_it(engine: Engine, formula: str, value: Any) -> None:
    found, written = _computed(engine, "bounded", formula, UNKNOWN)
    shown = _shown(found, written.scale)
    assert shown is OPEN if value is OPEN else shown == value
    assert not written.plain
    if isinstance(value, tuple) or value is OPEN:
        with pytest.raises(NeedsBounds):
            _computed(engine, "fast", formula, UNKNOWN)


def test_an_unpublished_figure_whose_bounds_agree_is_that_figure(engine: Engine) -> None:
    formula = "unpublished(temporary.emergency, yuan(1), yuan(1))"
    for path in PATHS:
        assert _computed(engine, path, formula)[0] == 100


@pytest.mark.parametrize("path", PATHS)
def test_an_amount_is_not_divided_by_parts_of_a_number(engine: Engine, path: str) -> None:
    with pytest.raises(ValueError, match="whole number"):
        _computed(engine, path, "yuan(10) / max(1, sum(age(m) / 2 for m in members))")


@pytest.mark.parametrize("path", PATHS)
def test_children_are_those_of_the_person(engine: Engine, path: str) -> None:
    child = {"id": "p3", "relation": "child", "birth_date": "2015-01-01", "income": {}}
    household = HOUSEHOLD | {"members": [*HOUSEHOLD["members"], child]}
    assert _computed(engine, path, "sum(age(m) for m in person.children)", household)[0] == 11
    assert _computed(engine, path, "count(m for m in person.parents)", household)[0] == 0


@pytest.mark.parametrize("path", PATHS)
def test_the_closure_may_be_open_and_counts_no_units(engine: Engine, path: str) -> None:
    written = _writer(engine, path).expression(parser.parse("person.family.counted", "member", engine.library.names))
    assert (written.scale, written.plain) == (1, False)


def test_the_sides_of_a_comparison_with_nothing_are_of_the_others_type(engine: Engine) -> None:
    def side(formula: str) -> t.Type:
        node = parser.parse(formula, "member", engine.library.names)
        assert isinstance(node, Comparison)
        return _side_type(node)

    assert side("0 < person.income.wage") == side("person.income.wage > 0") == t.MONEY_MONTH
    assert side("person.disability.level <= 2") == t.NUMBER


SEVERAL: Final = (
    "model-2022-10-19-disabled-in-rich-household",
    "model-employment-cap",
    "model-expenditure-cap",
    "model-ninety-not-counted",
    "model-rural-exact",
    "model-single-person",
    "model-six-months-out-of-contact",
    "model-whoever-applies",
    "model-worked-example",
)


@pytest.mark.parametrize("name", SEVERAL)
def test_households_of_several_people_of_whom_all_is_known_come_to_the_same_on_both_paths(name: str) -> None:
    case = next(case for case in cases() if case["name"] == name)
    question = rules().question(case["request"], NOW)
    engine = rules().engine(question)
    household = question.request.household
    fast, bounded = (
        engine.assess(
            EngineHousehold(household, question.date, question.request.jurisdiction),
            question.date,
            always_bounded=always,
        )
        for always in (False, True)
    )
    assert (fast.bounded, bounded.bounded, len(household.members) > 1) == (False, True, True)
    assert sorted(fast.outcomes, key=repr) == sorted(bounded.outcomes, key=repr)
    assert fast.counts() == bounded.counts()
    for index in range(len(household.members)):
        assert fast.value_of(CLOSURE, index) is bounded.value_of(CLOSURE, index)
    for rule in ("household.size", "household.income"):
        assert fast.of_household(rule) == bounded.of_household(rule)


def test_open_eligibilities_and_what_the_packs_mark_are_cases_and_all_else_is_settled(engine: Engine) -> None:
    writer = _writer(engine, "bounded")
    assert isinstance(writer, BoundedWriter)
    found = sources(engine.library, engine.ruleset)
    marked = next(id_ for id_, rule in engine.library.rules.items() if rule.cases and id_ in found)
    shown = {
        id_: writer.finished(found[id_], Expression("x", 1, False))
        for id_ in ("dibao.eligible", marked, "dibao.income_test", "value.extreme_poverty.basic", "dibao.amount")
    }
    assert list(shown.values()) == ["split(x)", "split(x)", "settle(x)", "settle(x)", "settle(x)"]
    assert writer.finished(found["dibao.eligible"], Expression("x")) == "x"


@pytest.mark.parametrize("path", PATHS)
def test_what_a_rule_reads_of_other_people_was_computed_for_all_of_them(path: str) -> None:
    """In the program of each structure that any place has on any day: the loop that computes it ended before."""
    library, crossed = rules().library, 0
    for ruleset in structures(library):
        found = sources(library, ruleset)
        tested = {test for programme in ruleset.programmes.values() for test in programme.version.tests}
        writer: Writer = PATHS[path](library, ruleset, found, ordered(found), tested)
        computed: set[str] = set()
        for line in writer.write().splitlines():
            if line[4:5] != " ":  # a loop begins, or a line that stands in none
                computed.clear()
            result = re.match(r"^        (?:[a-z]+\.r_\w+ = )?(?:[a-z]+\.)?(r_\w+) = (.*)", line)
            if result:
                read = set(re.findall(r"(?<![a-z])[a-o q-z]\.(r_\w+)", result[2]))
                assert not read & computed, line
                crossed += bool(read)
                computed.add(result[1])
    assert crossed > 0
