"""Evaluates rules over one case, in Kleene's three-valued logic: what is unknown stays unknown unless the
rest decides.

Never raises for odd form data. Bounded: steps for each rule, elements for each list, values looked at for
each case.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from clerk_app.domain.rules import (
    AllOf,
    AnyOf,
    Call,
    Comparison,
    Expression,
    FieldPath,
    InList,
    Literal,
    Not,
    OneOf,
    Operator,
    Product,
    Rule,
    Sum,
)
from clerk_app.domain.service_package import CheckPoint
from clerk_app.services.form_paths import FormPaths, FormTooLargeError
from clerk_app.services.form_tree import Node, text_of
from clerk_app.services.rules.shapes import VALID
from clerk_app.services.rules.values import (
    Value,
    age_on,
    as_day,
    as_number,
    as_text,
    as_truth,
    bounded,
    months_between,
    moved,
    ordered,
    same,
)

MOST_STEPS = 50_000
"""Steps one rule may take, with everything it asks."""
MOST_ELEMENTS = 200
"""Elements of a list that ``every``, ``some``, ``count`` and ``sum`` look at."""
MOST_INNER_ELEMENTS = 20
"""The same within ``every`` and ``some``."""
LONGEST_CHAIN = 8
"""How often a rule may ask a rule that asks a rule …"""
_MOST_VALUES = 1_000_000
_SIGNS_OF_A_VALUE = 100  # a long text costs as much as one short value for each so many characters


class RuleTooLongError(Exception):
    """The rule could not be evaluated within its bounds; nothing follows from that."""


@dataclass(frozen=True)
class RuleMatter:
    """What rules are asked of. ``attached`` counts attachments by kind of evidence; ``lists`` and ``limits``
    are those in force on the day of arrival; ``parameter`` is the authority's value of that name.
    """

    tree: Node
    attached: Mapping[str, int]
    arrived_on: date
    applied_on: date
    places: tuple[str, ...] = ()
    lists: Mapping[str, Collection[str]] = field(default_factory=dict)
    limits: Mapping[str, Decimal] = field(default_factory=dict)
    parameter: Callable[[str], Decimal | str | None] | None = None
    rules: Mapping[str, Rule] = field(default_factory=dict)
    checks: Mapping[str, CheckPoint] = field(default_factory=dict)


class Evaluator:
    """Evaluates rules over one matter and remembers what they had in common. For one thread."""

    def __init__(self, matter: RuleMatter) -> None:
        self._matter = matter
        self._form = FormPaths(matter.tree, _MOST_VALUES)
        self._found: dict[str, list[Node]] = {}
        self._texts: dict[str, str | None] = {}
        self._named: dict[tuple[str, str], bool | None] = {}
        self._chain: list[tuple[str, str]] = []
        self._elements: list[Node] = []
        self._steps = 0

    @property
    def steps(self) -> int:
        """How many steps the last rule took."""
        return self._steps

    def holds(self, rule: Rule) -> bool | None:
        """Whether the rule holds; None: unknown.

        :raises RuleTooLongError: it took more than ``MOST_STEPS``, or looked at too much
        """
        self._steps = 0
        self._chain.clear()
        self._elements.clear()
        try:
            return as_truth(self._value(rule.tree))
        except FormTooLargeError as error:
            raise RuleTooLongError from error

    def applies(self, point: CheckPoint) -> bool | None:
        """Whether a check point has nothing to warn of; None: it does not apply, or is unknown.

        :raises RuleTooLongError: see ``holds``
        """
        if point.when is not None and self.holds(point.when) is not True:
            return None
        return self.holds(point.rule)

    def shown(self, rule: Rule) -> tuple[str, str] | None:
        """The path and value a text about the rule shows; None when the form does not have it.

        :raises RuleTooLongError: finding it would mean looking at too much
        """
        try:
            for path in rule.shown:
                text = self._text(path)
                if text is not None:
                    return path.source, text
        except FormTooLargeError as error:
            raise RuleTooLongError from error
        return None

    # -- expressions -----------------------------------------------------------------------------------------

    def _value(self, node: Expression) -> Value:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise RuleTooLongError
        return _EVALUATED[type(node)](self, node)

    def _truth(self, node: Expression) -> bool | None:
        return as_truth(self._value(node))

    def _all_of(self, node: AllOf) -> bool | None:
        return _every(self._truth(term) for term in node.terms)

    def _any_of(self, node: AnyOf) -> bool | None:
        return _some(self._truth(term) for term in node.terms)

    def _not(self, node: Not) -> bool | None:
        found = self._truth(node.term)
        return None if found is None else not found

    def _comparison(self, node: Comparison) -> bool | None:
        left, right = self._value(node.left), self._value(node.right)
        if node.operator is Operator.EQUAL:
            return same(left, right)
        if node.operator is Operator.UNEQUAL:
            equal = same(left, right)
            return None if equal is None else not equal
        return ordered(node.operator, left, right)

    def _one_of(self, node: OneOf) -> bool | None:
        value = self._value(node.value)
        return _some(same(value, self._value(member)) for member in node.members)

    def _in_list(self, node: InList) -> bool | None:
        value = as_text(self._value(node.value))
        members = self._matter.lists.get(node.name)
        if value is None or members is None:
            return None
        return any(same(value, member) for member in members)

    def _sum(self, node: Sum) -> Decimal | None:
        total = Decimal(0)
        for term, minus in zip(node.terms, node.minus, strict=True):
            number = as_number(self._value(term))
            if number is None:
                return None
            total += -number if minus else number
        return bounded(total)

    def _product(self, node: Product) -> Decimal | None:
        total: Decimal | None = Decimal(1)
        for factor in node.factors:
            number = as_number(self._value(factor))
            if number is None or total is None:
                return None
            total = bounded(total * number)
        return total

    def _call(self, node: Call) -> Value:
        return _CALLED[node.function](self, *node.arguments)

    def _literal(self, node: Literal) -> Value:
        return node.value

    def _field(self, node: FieldPath) -> Value:
        return self._text(node)

    # -- fields ----------------------------------------------------------------------------------------------

    def _nodes(self, path: FieldPath) -> list[Node]:
        if path.of_element:
            return self._form.nodes(path.parts, self._elements[-1]) if path.parts else [self._elements[-1]]
        found = self._found.get(path.source)
        if found is None:
            found = self._found[path.source] = self._form.nodes(path.parts, anywhere=path.anywhere)
        return found

    def _text(self, path: FieldPath) -> str | None:
        """The first filled value."""
        if path.of_element:
            return self._first_text(path)
        if path.source not in self._texts:
            self._texts[path.source] = self._first_text(path)
        return self._texts[path.source]

    def _first_text(self, path: FieldPath) -> str | None:
        for found in self._form.elements(self._nodes(path)):
            text = text_of(found)
            if text:
                self._form.spend(len(text) // _SIGNS_OF_A_VALUE)
                return text
        return None

    def _list(self, path: Expression) -> list[Node]:
        assert isinstance(path, FieldPath)  # noqa: S101 - the language sees to it
        found = self._form.elements(self._nodes(path))
        if len(found) > (MOST_INNER_ELEMENTS if self._elements else MOST_ELEMENTS):
            raise RuleTooLongError
        self._steps += len(found)
        return found

    # -- functions -------------------------------------------------------------------------------------------

    def _present(self, *paths: FieldPath) -> bool:
        return any(self._value(path) is not None or self._form.filled(self._nodes(path)) for path in paths)

    def _first(self, *paths: FieldPath) -> Value:
        return next((text for path in paths if (text := self._value(path)) is not None), None)

    def _arrival(self) -> date:
        return self._matter.arrived_on

    def _applied(self) -> date:
        return self._matter.applied_on

    def _age(self, born: Expression, on: Expression | None = None) -> Value:
        first = as_day(self._value(born))
        last = self._matter.arrived_on if on is None else as_day(self._value(on))
        return None if first is None or last is None else Decimal(age_on(first, last))

    def _days(self, first: Expression, last: Expression) -> Value:
        one, other = as_day(self._value(first)), as_day(self._value(last))
        return None if one is None or other is None else Decimal((other - one).days)

    def _months(self, first: Expression, last: Expression) -> Value:
        one, other = as_day(self._value(first)), as_day(self._value(last))
        return None if one is None or other is None else Decimal(months_between(one, other))

    def _plus(self, start: Expression, amount: Expression, unit: Expression) -> Value:
        on, number = as_day(self._value(start)), as_number(self._value(amount))
        return None if on is None or number is None else moved(on, number, str(self._value(unit)))

    def _count(self, path: Expression) -> Value:
        return Decimal(len(self._list(path)))

    def _sum_of(self, path: Expression) -> Value:
        found = [as_number(text_of(node)) for node in self._list(path)]
        total = Decimal(0)
        for number in found:
            if number is None:
                return None
            total += number
        return bounded(total) if found else None

    def _length(self, value: Expression) -> Value:
        text = as_text(self._value(value))
        return None if text is None else Decimal(len(text))

    def _valid(self, shape: Expression, value: Expression) -> bool | None:
        text = as_text(self._value(value))
        return None if text is None else VALID[str(self._value(shape))](text)

    def _every_element(self, path: Expression, rule: Expression) -> bool | None:
        return _every(self._of_element(element, rule) for element in self._list(path))

    def _some_element(self, path: Expression, rule: Expression) -> bool | None:
        return _some(self._of_element(element, rule) for element in self._list(path))

    def _of_element(self, element: Node, rule: Expression) -> bool | None:
        self._elements.append(element)
        found = self._truth(rule)
        self._elements.pop()
        return found

    def _attached(self, name: Expression, least: Expression | None = None) -> bool:
        wanted = Decimal(1) if least is None else as_number(self._value(least)) or Decimal(0)
        return self._matter.attached.get(str(self._value(name)), 0) >= wanted

    def _ours(self, value: Expression) -> bool | None:
        place = as_text(self._value(value))
        if place is None or not self._matter.places:
            return None
        wanted = place.casefold()
        ours = [own.casefold() for own in self._matter.places if own]
        return any(wanted in own or own in wanted for own in ours)

    def _limit(self, name: Expression) -> Value:
        return self._matter.limits.get(str(self._value(name)))

    def _parameter(self, name: Expression) -> Value:
        asked = self._matter.parameter
        return None if asked is None else asked(str(self._value(name)))

    def _rule(self, name: Expression) -> bool | None:
        key = str(self._value(name))
        rule = self._matter.rules.get(key)
        return None if rule is None else self._asked(("rule", key), rule)

    def _check(self, name: Expression) -> bool | None:
        key = str(self._value(name))
        point = self._matter.checks.get(key)
        if point is None:
            return None
        if point.when is not None and self._asked(("when", key), point.when) is not True:
            return None
        return self._asked(("check", key), point.rule)

    def _asked(self, key: tuple[str, str], rule: Rule) -> bool | None:
        """Another rule's answer, found once. It stands alone: the element around the call is not its own."""
        if key not in self._named:
            if key in self._chain or len(self._chain) == LONGEST_CHAIN:
                raise RuleTooLongError
            around, self._elements = self._elements, []
            self._chain.append(key)
            self._named[key] = self._truth(rule.tree)
            self._chain.pop()
            self._elements = around
        return self._named[key]


def _every(found: Any) -> bool | None:
    """False as soon as one is; else unknown when one is."""
    result: bool | None = True
    for each in found:
        if each is False:
            return False
        if each is None:
            result = None
    return result


def _some(found: Any) -> bool | None:
    """True as soon as one is; else unknown when one is."""
    result: bool | None = False
    for each in found:
        if each is True:
            return True
        if each is None:
            result = None
    return result


_EVALUATED: Mapping[type, Callable[[Evaluator, Any], Value]] = {
    AllOf: Evaluator._all_of,
    AnyOf: Evaluator._any_of,
    Not: Evaluator._not,
    Comparison: Evaluator._comparison,
    OneOf: Evaluator._one_of,
    InList: Evaluator._in_list,
    Sum: Evaluator._sum,
    Product: Evaluator._product,
    Call: Evaluator._call,
    Literal: Evaluator._literal,
    FieldPath: Evaluator._field,
}

_CALLED: Mapping[str, Callable[..., Value]] = {
    "present": Evaluator._present,
    "first": Evaluator._first,
    "arrival": Evaluator._arrival,
    "applied": Evaluator._applied,
    "age": Evaluator._age,
    "days": Evaluator._days,
    "months": Evaluator._months,
    "plus": Evaluator._plus,
    "count": Evaluator._count,
    "sum": Evaluator._sum_of,
    "length": Evaluator._length,
    "valid": Evaluator._valid,
    "every": Evaluator._every_element,
    "some": Evaluator._some_element,
    "attached": Evaluator._attached,
    "ours": Evaluator._ours,
    "limit": Evaluator._limit,
    "parameter": Evaluator._parameter,
    "rule": Evaluator._rule,
    "check": Evaluator._check,
}
