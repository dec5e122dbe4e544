"""Evaluates rules over one case, in Kleene's three-valued logic: what is unknown stays unknown unless the
rest decides.

Never raises for odd form data. Bounded: steps for each rule, elements for each list, values looked at for
each case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from clerk_app.services.rules.calls import CALLED, every, some
from clerk_app.services.rules.matter import (
    LONGEST_CHAIN,
    MOST_ELEMENTS,
    MOST_INNER_ELEMENTS,
    MOST_STEPS,
    MOST_VALUES,
    SIGNS_OF_A_VALUE,
    RuleMatter,
    RuleTooLongError,
)
from clerk_app.services.rules.values import (
    Comparable,
    Value,
    as_number,
    as_text,
    as_truth,
    bounded,
    comparable,
    comparable_texts,
    ordered,
    same,
)

__all__ = ["Evaluator", "RuleMatter", "RuleTooLongError"]


class Evaluator:
    """Evaluates rules over one matter and remembers what they had in common. For one thread."""

    def __init__(self, matter: RuleMatter) -> None:
        self.matter = matter
        self._form = FormPaths(matter.tree, MOST_VALUES)
        self._found: dict[str, list[Node]] = {}
        self._texts: dict[str, str | None] = {}
        self._lists: dict[str, frozenset[Comparable]] = {}
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
            return as_truth(self.value(rule.tree))
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

    def value(self, node: Expression) -> Value:
        """What an expression gives, for a step."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise RuleTooLongError
        return _EVALUATED[type(node)](self, node)

    def _truth(self, node: Expression) -> bool | None:
        return as_truth(self.value(node))

    def _all_of(self, node: AllOf) -> bool | None:
        return every(self._truth(term) for term in node.terms)

    def _any_of(self, node: AnyOf) -> bool | None:
        return some(self._truth(term) for term in node.terms)

    def _not(self, node: Not) -> bool | None:
        found = self._truth(node.term)
        return None if found is None else not found

    def _comparison(self, node: Comparison) -> bool | None:
        left, right = self.value(node.left), self.value(node.right)
        if node.operator is Operator.EQUAL:
            return same(left, right)
        if node.operator is Operator.UNEQUAL:
            equal = same(left, right)
            return None if equal is None else not equal
        return ordered(node.operator, left, right)

    def _one_of(self, node: OneOf) -> bool | None:
        value = self.value(node.value)
        return some(same(value, self.value(member)) for member in node.members)

    def _in_list(self, node: InList) -> bool | None:
        value = as_text(self.value(node.value))
        members = self.matter.lists.get(node.name)
        if value is None or members is None:
            return None
        if node.name not in self._lists:
            self._lists[node.name] = comparable_texts(tuple(members))
        return comparable(value) in self._lists[node.name]

    def _sum(self, node: Sum) -> Decimal | None:
        total = Decimal(0)
        for term, minus in zip(node.terms, node.minus, strict=True):
            number = as_number(self.value(term))
            if number is None:
                return None
            total += -number if minus else number
        return bounded(total)

    def _product(self, node: Product) -> Decimal | None:
        total: Decimal | None = Decimal(1)
        for factor in node.factors:
            number = as_number(self.value(factor))
            if number is None or total is None:
                return None
            total = bounded(total * number)
        return total

    def _call(self, node: Call) -> Value:
        return CALLED[node.function](self, *node.arguments)

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
        for found in self._nodes(path):
            for each in self._form.elements([found]) if isinstance(found, list) else (found,):
                text = text_of(each)
                if text:
                    if len(text) > SIGNS_OF_A_VALUE:
                        self._form.spend(len(text) // SIGNS_OF_A_VALUE)
                    return text
        return None

    def filled(self, path: FieldPath) -> bool:
        """Whether anything stands at the path or below it."""
        return self._form.filled(self._nodes(path))

    def elements(self, path: Expression) -> list[Node]:
        """What is in the list a path leads to, without what is empty. Costs a step for each."""
        assert isinstance(path, FieldPath)  # noqa: S101 - the language sees to it
        found = self._form.elements(self._nodes(path))
        if len(found) > (MOST_INNER_ELEMENTS if self._elements else MOST_ELEMENTS):
            raise RuleTooLongError
        self._steps += len(found)
        return found

    # -- for functions ---------------------------------------------------------------------------------------

    def of_element(self, element: Node, rule: Expression) -> bool | None:
        """Whether a rule holds of one element."""
        self._elements.append(element)
        found = self._truth(rule)
        self._elements.pop()
        return found

    def asked(self, key: tuple[str, str], rule: Rule) -> bool | None:
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
