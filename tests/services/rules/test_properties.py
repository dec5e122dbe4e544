"""What holds for every rule and every form."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clerk_app.domain.rules import Rule, RuleError
from clerk_app.services.form_tree import read_form
from clerk_app.services.rules.bounds import most_steps
from clerk_app.services.rules.evaluate import Evaluator, RuleMatter, RuleTooLongError
from clerk_app.services.rules.language import parse_rule
from tests.services.rules import writing
from tests.services.rules.samples import holds

Truth = float  # 0 false, 0.5 unknown, 1 true: then "and" is the least, "or" the most, "not" what lacks to one
Known = tuple[str, Truth]
ATOMS: dict[str, Truth] = {
    "t": 1.0, "f": 0.0, "u": 0.5, "true": 1.0, "false": 0.0, "present(t)": 1.0, "present(u)": 0.0,
    "drei < fünf": 1.0, "drei > fünf": 0.0, "drei < nichts": 0.5, "nichts = nichts": 0.5, "drei = 3.0": 1.0,
    "drei + fünf = 8": 1.0, "drei * nichts = 0": 0.5, "fünf != 5": 0.0, "fünf in (3, nichts)": 0.5,
    "fünf in (5, nichts)": 1.0, "fünf in (3, 4)": 0.0,
}  # fmt: skip
FORM = {"t": True, "f": False, "drei": 3, "fünf": "5"}


def combined(inner: st.SearchStrategy[Known]) -> st.SearchStrategy[Known]:
    def both(word: str, choose: Callable[[Truth, Truth], Truth]) -> st.SearchStrategy[Known]:
        return st.builds(
            lambda left, right: (f"({left[0]} {word} {right[0]})", choose(left[1], right[1])), inner, inner
        )

    return st.one_of(
        both("and", min), both("or", max), inner.map(lambda one: (f"(not ({one[0]}))", 1 - one[1]))
    )


@given(st.recursive(st.sampled_from(sorted(ATOMS.items())), combined, max_leaves=6))
@settings(max_examples=300, deadline=None)
def test_three_valued_logic_is_kleenes(known: Known) -> None:
    source, truth = known
    try:
        found = holds(source, FORM)
    except RuleError:
        assume(False)  # deeper than the language allows
        raise
    assert {True: 1.0, None: 0.5, False: 0.0}[found] == truth


@given(st.lists(st.sampled_from([True, False, None]), max_size=5))
@settings(deadline=None)
def test_every_and_some_are_and_and_or_over_elements(told: list[bool | None]) -> None:
    form = {"liste": [{"x": "ja" if each is None else each, "y": 1} for each in told]}
    truths = [0.5 if each is None else float(each) for each in told]
    scale = {True: 1.0, None: 0.5, False: 0.0}
    assert scale[holds("every(liste, .x)", form)] == min([1.0, *truths])
    assert scale[holds("some(liste, .x)", form)] == max([0.0, *truths])


def _matter(form: Any, rules: dict[str, Rule] | None = None) -> RuleMatter:
    return RuleMatter(
        read_form(json.dumps(form).encode(), "application/json"),
        {"x": 2},
        date(2026, 3, 2),
        date(2026, 3, 1),
        ("Dresden",),
        {"werte": ("x", "5")},
        {"grenze": Decimal("12.5")},
        lambda name: Decimal(3) if name == "p" else None,
        rules or {},
    )


@given(writing.rules, writing.forms)
@settings(max_examples=400, deadline=None)
def test_no_form_makes_a_rule_fail_or_take_more_steps_than_reckoned(source: str, form: Any) -> None:
    rule = parse_rule(source)
    evaluator = Evaluator(_matter(form))
    try:
        assert evaluator.holds(rule) in (True, False, None)
    except RuleTooLongError:
        return
    assert 0 < evaluator.steps <= most_steps([rule], {}, {})


@given(
    st.tuples(
        writing.truths(False, 1, ()),
        writing.truths(False, 1, ("eins",)),
        writing.truths(False, 1, ("eins", "zwei")),
    ),
    writing.forms,
)
@settings(max_examples=200, deadline=None)
def test_the_reckoned_steps_hold_with_the_rules_a_rule_asks(sources: tuple[str, ...], form: Any) -> None:
    rules = {name: parse_rule(source) for name, source in zip(writing.RULE_NAMES, sources, strict=True)}
    for rule in rules.values():
        evaluator = Evaluator(_matter(form, rules))
        try:
            evaluator.holds(rule)
        except RuleTooLongError:
            continue
        assert evaluator.steps <= most_steps([rule], rules, {})


@given(writing.truths(False, 1, ()), writing.truths(False, 1, ()))
@settings(max_examples=100, deadline=None)
def test_a_longer_rule_is_never_reckoned_cheaper(one: str, other: str) -> None:
    try:
        longer = parse_rule(f"({one}) and ({other})")
    except RuleError:
        assume(False)
        raise
    steps = [most_steps([rule], {}, {}) for rule in (parse_rule(one), parse_rule(other), longer)]
    assert steps[2] > max(steps[:2])


WORDS = [
    "and", "or", "not", "in", "list", "(", ")", ",", ".", ".x", "a", "a.b", "**.a", "**", "*", "-", "+", "=",
    "<=", "12", "0.5", "2026-01-31", "2026-02-30", '"x"', '"', "true", "every", "count", "attached", "rule",
    "§", "\n", "ä",
]  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)))
@settings(max_examples=500, deadline=None)
def test_whatever_is_written_is_a_rule_or_says_why_not(source: str) -> None:
    refused: RuleError | None = None
    try:
        rule = parse_rule(source)
    except RuleError as error:
        refused = error
    if refused is None:
        assert rule.source == source
        assert holds(source) in (True, False, None)
    else:
        assert 1 <= refused.column <= len(source) + 1
        assert all(isinstance(value, str) for value in refused.params.values())


@given(writing.rules)
@settings(max_examples=100, deadline=None)
def test_the_same_text_is_the_same_rule(source: str) -> None:
    assert parse_rule(source) is parse_rule(str(source))
    assert hash(parse_rule(source)) == hash(parse_rule(source))
