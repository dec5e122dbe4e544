"""The functions of the language over a case. Arguments come unevaluated: some look at paths, some at a rule
for each element. What a rule may pass them, ``functions`` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Protocol

from clerk_app.domain.rules import Expression, FieldPath, Literal, Rule
from clerk_app.services.competence import is_among
from clerk_app.services.form_tree import Node, text_of
from clerk_app.services.rules.matter import RuleMatter
from clerk_app.services.rules.shapes import VALID
from clerk_app.services.rules.values import (
    Value,
    age_on,
    as_day,
    as_number,
    as_text,
    bounded,
    months_between,
    moved,
)


class Asking(Protocol):
    """The evaluator, as functions see it."""

    @property
    def matter(self) -> RuleMatter:
        """What is asked about."""
        ...

    def value(self, node: Expression) -> Value:
        """What an expression gives."""
        ...

    def filled(self, path: FieldPath) -> bool:
        """Whether anything stands at the path or below it."""
        ...

    def elements(self, path: Expression) -> list[Node]:
        """What is in the list a path leads to, without what is empty. Costs a step for each."""
        ...

    def of_element(self, element: Node, rule: Expression) -> bool | None:
        """Whether a rule holds of one element."""
        ...

    def asked(self, key: tuple[str, str], rule: Rule) -> bool | None:
        """Another rule's answer."""
        ...


def every(found: Iterable[bool | None]) -> bool | None:
    """Kleene's and: False as soon as one is; else unknown when one is."""
    result: bool | None = True
    for each in found:
        if each is False:
            return False
        if each is None:
            result = None
    return result


def some(found: Iterable[bool | None]) -> bool | None:
    """Kleene's or: True as soon as one is; else unknown when one is."""
    result: bool | None = False
    for each in found:
        if each is True:
            return True
        if each is None:
            result = None
    return result


# -- fields --------------------------------------------------------------------------------------------------


def _present(ask: Asking, *paths: FieldPath) -> bool:
    return any(ask.value(path) is not None or ask.filled(path) for path in paths)


def _first(ask: Asking, *paths: FieldPath) -> Value:
    for path in paths:
        found = ask.value(path)
        if found is not None:
            return found
    return None


def _length(ask: Asking, value: Expression) -> Value:
    text = as_text(ask.value(value))
    return None if text is None else Decimal(len(text))


def _valid(ask: Asking, shape: Expression, value: Expression) -> bool | None:
    text = as_text(ask.value(value))
    return None if text is None else VALID[_written(ask, shape)](text)


# -- days ----------------------------------------------------------------------------------------------------


def _arrival(ask: Asking) -> date:
    return ask.matter.arrived_on


def _applied(ask: Asking) -> date:
    return ask.matter.applied_on


def _age(ask: Asking, born: Expression, on: Expression | None = None) -> Value:
    first = as_day(ask.value(born))
    last = ask.matter.arrived_on if on is None else as_day(ask.value(on))
    return None if first is None or last is None else Decimal(age_on(first, last))


def _days(ask: Asking, first: Expression, last: Expression) -> Value:
    one, other = as_day(ask.value(first)), as_day(ask.value(last))
    return None if one is None or other is None else Decimal((other - one).days)


def _months(ask: Asking, first: Expression, last: Expression) -> Value:
    one, other = as_day(ask.value(first)), as_day(ask.value(last))
    return None if one is None or other is None else Decimal(months_between(one, other))


def _plus(ask: Asking, start: Expression, amount: Expression, unit: Expression) -> Value:
    on, number = as_day(ask.value(start)), as_number(ask.value(amount))
    return None if on is None or number is None else moved(on, number, _written(ask, unit))


# -- lists ---------------------------------------------------------------------------------------------------


def _count(ask: Asking, path: Expression) -> Value:
    return Decimal(len(ask.elements(path)))


def _sum(ask: Asking, path: Expression) -> Value:
    found = [as_number(text_of(node)) for node in ask.elements(path)]
    total = Decimal(0)
    for number in found:
        if number is None:
            return None
        total += number
    return bounded(total) if found else None


def _every(ask: Asking, path: Expression, rule: Expression) -> bool | None:
    return every(ask.of_element(element, rule) for element in ask.elements(path))


def _some(ask: Asking, path: Expression, rule: Expression) -> bool | None:
    return some(ask.of_element(element, rule) for element in ask.elements(path))


# -- what stands outside the form ----------------------------------------------------------------------------


def _attached(ask: Asking, name: Expression, least: Expression | None = None) -> bool:
    wanted = Decimal(1) if least is None else as_number(ask.value(least)) or Decimal(0)
    return ask.matter.attached.get(_written(ask, name), 0) >= wanted


def _ours(ask: Asking, value: Expression) -> bool | None:
    place = as_text(ask.value(value))
    if place is None or not ask.matter.places:
        return None
    return is_among(place, ask.matter.places)


def _limit(ask: Asking, name: Expression) -> Value:
    return ask.matter.limits.get(_written(ask, name))


def _parameter(ask: Asking, name: Expression) -> Value:
    given = ask.matter.parameter
    return None if given is None else given(_written(ask, name))


def _rule(ask: Asking, name: Expression) -> bool | None:
    key = _written(ask, name)
    rule = ask.matter.rules.get(key)
    return None if rule is None else ask.asked(("rule", key), rule)


def _check(ask: Asking, name: Expression) -> bool | None:
    key = _written(ask, name)
    point = ask.matter.checks.get(key)
    if point is None:
        return None
    if point.when is not None and ask.asked(("when", key), point.when) is not True:
        return None
    return ask.asked(("check", key), point.rule)


def _written(ask: Asking, node: Expression) -> str:
    """A name that stands in the rule."""
    assert isinstance(node, Literal)  # noqa: S101 - the language sees to it
    return str(ask.value(node))


CALLED: Mapping[str, Callable[..., Value]] = {
    "present": _present,
    "first": _first,
    "arrival": _arrival,
    "applied": _applied,
    "age": _age,
    "days": _days,
    "months": _months,
    "plus": _plus,
    "count": _count,
    "sum": _sum,
    "length": _length,
    "valid": _valid,
    "every": _every,
    "some": _some,
    "attached": _attached,
    "ours": _ours,
    "limit": _limit,
    "parameter": _parameter,
    "rule": _rule,
    "check": _check,
}
