"""Rules together: names, circles, chains, and how long they take at worst."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from clerk_app.domain.localized import Localized
from clerk_app.domain.rules import ReferenceKind, RuleReason
from clerk_app.domain.service_package import CheckPoint
from clerk_app.services.rules.bounds import MOST_RULES, KnownNames, RuleFault, most_steps, rule_faults
from clerk_app.services.rules.evaluate import Evaluator, RuleTooLongError
from clerk_app.services.rules.language import DEEPEST_RULE, parse_rule
from clerk_app.services.rules.matter import LONGEST_CHAIN, MOST_ELEMENTS, MOST_INNER_ELEMENTS, MOST_STEPS
from tests.services.rules.samples import matter

KNOWN = KnownNames(frozenset({"lease"}), frozenset({"streets"}), frozenset({"income"}))
WORDS = Localized({"de": "x"})


def point(check_id: str, rule: str, when: str | None = None) -> CheckPoint:
    return CheckPoint(
        check_id,
        parse_rule(rule),
        WORDS,
        WORDS,
        when=None if when is None else parse_rule(when),
    )


def faults(rules: Mapping[str, str], *points: CheckPoint, **more: Any) -> tuple[RuleFault, ...]:
    return rule_faults({name: parse_rule(rule) for name, rule in rules.items()}, points, KNOWN, **more)


def test_rules_that_name_what_is_there_have_no_faults() -> None:
    found = faults(
        {"r": 'attached("lease") and a in list("streets") and b < limit("income")'},
        point("c", 'rule("r") and parameter("whatever") = 1'),
        point("d", 'check("c")', 'rule("r")'),
        required={"lease": parse_rule('check("d")')},
    )
    assert found == ()


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ('true and rule("none")', RuleReason.UNKNOWN_RULE),
        ('true and check("none")', RuleReason.UNKNOWN_CHECK),
        ('true and attached("none")', RuleReason.UNKNOWN_EVIDENCE),
        ('a = 1 and b in list("none")', RuleReason.UNKNOWN_LIST),
        ('true and limit("none") > 1', RuleReason.UNKNOWN_LIMIT),
    ],
)
def test_unknown_names_are_found_where_they_stand(rule: str, reason: RuleReason) -> None:
    column = rule.index('"none"') + 1
    (named,) = faults({"r": rule})
    assert (named.owner.kind, named.owner.name, named.part) == (ReferenceKind.RULE, "r", "rule")
    (when,) = faults({}, point("c", "true", rule))
    assert (when.owner.kind, when.owner.name, when.part) == (ReferenceKind.CHECK, "c", "when")
    (required,) = faults({}, required={"lease": parse_rule(rule)})
    assert (required.owner.kind, required.part) == (ReferenceKind.EVIDENCE, "required")
    for fault in (named, when, required):
        assert (fault.reason, fault.column, fault.params) == (reason, column, {"name": "none"})


def test_a_circle_is_named_with_its_way() -> None:
    (found,) = faults({"a": 'true and rule("b")', "b": 'check("c")'}, point("c", "true", 'rule("a")'))
    assert found.reason is RuleReason.CYCLE
    around = found.params["names"].split(" → ")
    assert around[0] == around[-1]
    assert set(around) == {'rule("a")', 'rule("b")', 'check("c")'}
    follows = {'rule("a")': 'rule("b")', 'rule("b")': 'check("c")', 'check("c")': 'rule("a")'}
    assert all(follows[one] == other for one, other in pairwise(around))
    assert f'{found.owner.kind.value}("{found.owner.name}")' == around[0]
    assert found.part == ("when" if found.owner.name == "c" else "rule")


def test_every_circle_is_found_even_the_smallest() -> None:
    found = faults({"a": 'rule("a")', "b": 'rule("c")', "c": 'rule("b")', "d": 'rule("a")'})
    assert [each.reason for each in found] == [RuleReason.CYCLE] * 2
    assert 'rule("a") → rule("a")' in {each.params["names"] for each in found}


def test_circles_that_nobody_looked_for_end_as_too_long() -> None:
    rules = {"a": parse_rule('rule("b")'), "b": parse_rule('rule("a")')}
    checks = {"c": point("c", 'check("c")')}
    for source in ('rule("a")', 'check("c")'):
        with pytest.raises(RuleTooLongError):
            Evaluator(matter(rules=rules, checks=checks)).holds(parse_rule(source))


def chain(length: int, body: str = "true") -> dict[str, str]:
    return {"r0": body} | {f"r{at}": f'rule("r{at - 1}")' for at in range(1, length + 1)}


def test_a_chain_has_an_end() -> None:
    assert faults(chain(LONGEST_CHAIN)) == ()
    (found,) = faults(chain(LONGEST_CHAIN + 3))
    assert (found.reason, found.owner.name) == (RuleReason.CHAIN_TOO_LONG, f"r{LONGEST_CHAIN + 1}")
    rules = {name: parse_rule(rule) for name, rule in chain(LONGEST_CHAIN + 1).items()}
    assert Evaluator(matter(rules=rules)).holds(rules[f"r{LONGEST_CHAIN}"]) is True
    with pytest.raises(RuleTooLongError):
        Evaluator(matter(rules=rules)).holds(rules[f"r{LONGEST_CHAIN + 1}"])


def test_the_deepest_rules_in_the_longest_chain_can_be_evaluated() -> None:
    """Recursion is bounded by the language, so that the interpreter never reaches its own bound."""
    deep = "{inner}"
    for _ in range((DEEPEST_RULE - 2) // 2):
        deep = deep.replace("{inner}", "(true and (false or {inner}))")
    rules = {"r0": parse_rule(deep.replace("{inner}", "true"))}
    for at in range(1, LONGEST_CHAIN + 1):
        rules[f"r{at}"] = parse_rule(deep.replace("{inner}", f'rule("r{at - 1}")'))
    assert rule_faults(rules, (), KNOWN) == ()
    assert Evaluator(matter(rules=rules)).holds(rules[f"r{LONGEST_CHAIN}"]) is True


def test_a_rule_that_would_take_too_long_is_refused() -> None:
    inner = " or ".join(f".x = {number}" for number in range(5))
    (found,) = faults({"r": f"every(a, every(.b, {inner}))"})
    assert found.reason is RuleReason.TOO_MANY_STEPS
    assert int(found.params["steps"]) > MOST_STEPS == int(found.params["most"])
    assert faults({"r": "every(a, every(.b, .x = 1 or .y = 2))"}) == ()


def test_a_rule_takes_as_long_as_what_it_asks() -> None:
    half = "every(a, every(.b, .x = 1 or .y = 2))"  # each alone stays below, both together do not
    rules = {"one": half, "two": half + " or a"}
    assert faults(rules) == ()
    (found,) = faults(rules, point("c", 'rule("one")', 'rule("two")'))
    assert (found.reason, found.owner.name) == (RuleReason.TOO_MANY_STEPS, "c")
    assert faults(rules, point("c", 'rule("one") and rule("one")', 'rule("one")')) == (), "asked once"


def test_too_many_rules() -> None:
    rules = {f"r{number}": "true" for number in range(MOST_RULES)}
    assert faults(rules) == ()
    (found,) = faults(rules, point("c", "true"))
    assert (found.reason, found.params["count"]) == (RuleReason.TOO_MANY_RULES, str(MOST_RULES + 1))


def worst(form: Any, source: str) -> Evaluator:
    evaluator = Evaluator(matter(form))
    evaluator.holds(parse_rule(source))
    return evaluator


@pytest.mark.parametrize(
    "source",
    [
        "every(a, some(.b, .x = 1))",
        "some(a, .y = 1 or count(.b) > 99)",
        "sum(a.*.n) = 0 and count(a) > 0",
        "not every(a, present(.z, .n)) or present(q, r)",
    ],
)
def test_the_worst_case_is_reached_but_not_passed(source: str) -> None:
    form = {"a": [{"b": [{"x": 2}] * (MOST_INNER_ELEMENTS - 1) + [{"x": 1}], "n": 0}] * MOST_ELEMENTS}
    reckoned = most_steps([parse_rule(source)], {}, {})
    assert 0.5 * reckoned < worst(form, source).steps <= reckoned


@pytest.mark.parametrize(
    ("source", "form"),
    [
        ("count(a) > 0", {"a": [1] * (MOST_ELEMENTS + 1)}),
        ("sum(a) > 0", {"a": [1] * (MOST_ELEMENTS + 1)}),
        ("every(a, .x = 1)", {"a": [{"x": 1}] * (MOST_ELEMENTS + 1)}),
        ("every(a, some(.b, .x = 1))", {"a": [{"b": [{"x": 0}] * (MOST_INNER_ELEMENTS + 1)}]}),
        ("some(a, count(.b) > 30)", {"a": [{"b": [1] * (MOST_INNER_ELEMENTS + 1)}]}),
    ],
)
def test_a_longer_list_is_not_looked_at_by_half(source: str, form: Any) -> None:
    with pytest.raises(RuleTooLongError):
        worst(form, source)


def test_a_rule_that_is_asked_has_its_own_bounds() -> None:
    """What is reckoned for a named rule must not depend on where it is asked."""
    form = {"a": [{"x": 1}, {"x": 2}], "b": [1] * (MOST_INNER_ELEMENTS + 1)}
    rules = {"many": parse_rule("count(b) > 20")}
    evaluator = Evaluator(matter(form, rules=rules))
    assert evaluator.holds(parse_rule('every(a, rule("many") and .x < 3)')) is True
    assert evaluator.steps <= most_steps([parse_rule('every(a, rule("many") and .x < 3)')], rules, {})
    with pytest.raises(RuleTooLongError):
        evaluator.holds(parse_rule("every(a, count(b) > 20)"))


def test_a_rule_nobody_reckoned_stops_at_its_budget() -> None:
    source = "every(a, every(.b, " + " or ".join(f".x = {number}" for number in range(20)) + "))"
    form = {"a": [{"b": [{"x": 19}] * MOST_INNER_ELEMENTS}] * MOST_ELEMENTS}
    evaluator = Evaluator(matter(form))
    with pytest.raises(RuleTooLongError):
        evaluator.holds(parse_rule(source))
    assert evaluator.steps == MOST_STEPS + 1
    assert evaluator.holds(parse_rule("count(a) = 200")) is True, "the next rule has its own"


def test_a_huge_form_is_not_searched_without_end() -> None:
    """What is looked at is bounded for all rules of a case together, whatever the form holds."""
    form = {"a": [{"b": [{"c": 1}] * 1000}] * 400, "small": {"d": 1}}
    evaluator = Evaluator(matter(form))
    assert evaluator.holds(parse_rule("small.d = 1")) is True
    for source in ("**.x = 1", "a.*.b.*.c = 2", "present(a.b.d)", "count(a.*.b.*.c) = 1"):
        with pytest.raises(RuleTooLongError):
            evaluator.holds(parse_rule(source))
    assert evaluator.holds(parse_rule("small.d = 1")) is True, "what was found before is still known"


def test_a_long_text_costs_what_many_values_cost() -> None:
    form = {"a": ["x" * 1_000_000] * 19}
    evaluator = Evaluator(matter(form))
    assert evaluator.holds(parse_rule('some(a, . = "x")')) is False
    with pytest.raises(RuleTooLongError):
        evaluator.holds(parse_rule('some(a, . = "x")'))
