"""What rules may not do together: name what is not there, go round in circles, take too long.

Judged before a package is taken over, from its text alone; a rule without faults stays within its bounds on
every form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Protocol, TypeAlias

from clerk_app.domain.rules import (
    Call,
    Expression,
    Reference,
    ReferenceKind,
    Rule,
    RuleReason,
    children,
)
from clerk_app.services.rules.functions import ELEMENTWISE, LISTING
from clerk_app.services.rules.matter import (
    LONGEST_CHAIN,
    MOST_ELEMENTS,
    MOST_INNER_ELEMENTS,
    MOST_STEPS,
)

MOST_RULES = 300
"""Rules and check points of a package, with those of the base."""

_UNKNOWN = {
    ReferenceKind.RULE: RuleReason.UNKNOWN_RULE,
    ReferenceKind.CHECK: RuleReason.UNKNOWN_CHECK,
    ReferenceKind.EVIDENCE: RuleReason.UNKNOWN_EVIDENCE,
    ReferenceKind.LIST: RuleReason.UNKNOWN_LIST,
    ReferenceKind.LIMIT: RuleReason.UNKNOWN_LIMIT,
}


@dataclass(frozen=True)
class KnownNames:
    """What rules may name beside one another. Parameters are the authority's: any name may be asked for."""

    evidence: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    limits: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RuleFault:
    """What is wrong with rules together. ``owner`` is the rule, check point or kind of evidence it stands in,
    ``part`` the key there (``rule``, ``when``, ``required``); ``column`` counts from 1."""

    owner: Reference
    part: str
    reason: RuleReason
    column: int = 1
    params: Mapping[str, str] = field(default_factory=dict)


class Pointed(Protocol):
    """A check point, as far as its rules go."""

    @property
    def check_id(self) -> str:
        """Its name."""
        ...

    @property
    def rule(self) -> Rule:
        """What it checks."""
        ...

    @property
    def when(self) -> Rule | None:
        """Where it applies."""
        ...


Name: TypeAlias = tuple[ReferenceKind, str]


@dataclass(frozen=True)
class _Place:
    """A rule where it stands."""

    kind: ReferenceKind
    name: str
    part: str
    rule: Rule

    def fault(self, reason: RuleReason, column: int = 1, **params: str) -> RuleFault:
        return RuleFault(Reference(self.kind, self.name), self.part, reason, column, params)


def rule_faults(
    rules: Mapping[str, Rule],
    checks: Iterable[Pointed],
    known: KnownNames,
    required: Mapping[str, Rule] | None = None,
) -> tuple[RuleFault, ...]:
    """Everything wrong with these rules: named ones, those of check points, and those that say when a kind of
    evidence is ``required`` (by its key). Empty: they may be used.
    """
    points = {point.check_id: point for point in checks}
    count = len(rules) + len(points)
    places = list(_places(rules, points, required or {}))
    if count > MOST_RULES and places:
        return (places[0].fault(RuleReason.TOO_MANY_RULES, count=str(count), most=str(MOST_RULES)),)
    found = [fault for place in places for fault in _unknown(place, rules, points, known)]
    cycles = _cycles(places)
    if cycles:
        return (*found, *cycles)
    return (*found, *_chains(places), *_long_ones(places, rules, points))


def most_steps(started: Iterable[Rule], rules: Mapping[str, Rule], checks: Mapping[str, Pointed]) -> int:
    """How many steps these rules take at worst, whatever the form: their own and those of every rule they can
    reach, each once, because an answer is remembered.
    """
    waiting = list(started)
    steps = sum(_cost(rule.tree) for rule in waiting)
    reached: set[Name] = set()
    while waiting:
        for name in _asked(waiting.pop()):
            if name not in reached:
                reached.add(name)
                behind = _behind(name, rules, checks)
                steps += sum(_cost(rule.tree) for rule in behind)
                waiting += behind
    return steps


def _places(
    rules: Mapping[str, Rule], points: Mapping[str, Pointed], required: Mapping[str, Rule]
) -> Iterator[_Place]:
    for name, rule in rules.items():
        yield _Place(ReferenceKind.RULE, name, "rule", rule)
    for name, point in points.items():
        yield _Place(ReferenceKind.CHECK, name, "rule", point.rule)
        if point.when is not None:
            yield _Place(ReferenceKind.CHECK, name, "when", point.when)
    for name, rule in required.items():
        yield _Place(ReferenceKind.EVIDENCE, name, "required", rule)


def _unknown(
    place: _Place, rules: Mapping[str, Rule], points: Mapping[str, Pointed], known: KnownNames
) -> Iterator[RuleFault]:
    names = {
        ReferenceKind.RULE: rules,
        ReferenceKind.CHECK: points,
        ReferenceKind.EVIDENCE: known.evidence,
        ReferenceKind.LIST: known.lists,
        ReferenceKind.LIMIT: known.limits,
    }
    for refers in place.rule.refers:
        if refers.kind in names and refers.name not in names[refers.kind]:
            yield place.fault(_UNKNOWN[refers.kind], refers.column, name=refers.name)


def _asked(rule: Rule) -> tuple[Name, ...]:
    return tuple(
        (each.kind, each.name)
        for each in rule.refers
        if each.kind in (ReferenceKind.RULE, ReferenceKind.CHECK)
    )


def _behind(name: Name, rules: Mapping[str, Rule], checks: Mapping[str, Pointed]) -> list[Rule]:
    """The rules that are evaluated when that name is asked; none when it is not known."""
    kind, key = name
    if kind is ReferenceKind.RULE:
        return [rules[key]] if key in rules else []
    point = checks.get(key)
    return [rule for rule in (point.rule, point.when) if rule is not None] if point is not None else []


def _graph(places: Iterable[_Place]) -> dict[Name, set[Name]]:
    """Who asks whom."""
    graph: dict[Name, set[Name]] = {}
    for place in places:
        graph.setdefault((place.kind, place.name), set()).update(_asked(place.rule))
    return graph


def _cycles(places: list[_Place]) -> list[RuleFault]:
    graph, found = _graph(places), []
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            round_trip: list[Name] = list(reversed(error.args[1]))
            asking = next(place for place in places if round_trip[1] in _asks(place, round_trip[0]))
            column = next(
                each.column for each in asking.rule.refers if (each.kind, each.name) == round_trip[1]
            )
            found.append(asking.fault(RuleReason.CYCLE, column, names=_said(round_trip)))
            graph[round_trip[0]].discard(round_trip[1])
        else:
            return found


def _asks(place: _Place, name: Name) -> tuple[Name, ...]:
    return _asked(place.rule) if (place.kind, place.name) == name else ()


def _chains(places: list[_Place]) -> Iterator[RuleFault]:
    """Rules whose answer needs too many others in a row. Only the first of a chain is named."""
    graph = _graph(places)
    longest: dict[Name, list[Name]] = {}
    for name in TopologicalSorter(graph).static_order():
        behind = max((longest[each] for each in graph.get(name, ())), key=len, default=[])
        longest[name] = [name, *behind]
        if len(behind) == LONGEST_CHAIN + 1:
            place = next(each for each in places if (each.kind, each.name) == name)
            yield place.fault(RuleReason.CHAIN_TOO_LONG, names=_said(longest[name]), most=str(LONGEST_CHAIN))


def _said(names: Iterable[Name]) -> str:
    return " → ".join(f'{kind.value}("{name}")' for kind, name in names)


def _long_ones(
    places: list[_Place], rules: Mapping[str, Rule], points: Mapping[str, Pointed]
) -> Iterator[RuleFault]:
    together: dict[Name, list[_Place]] = {}
    for place in places:
        together.setdefault((place.kind, place.name), []).append(place)
    for first, *others in together.values():
        steps = most_steps((each.rule for each in (first, *others)), rules, points)
        if steps > MOST_STEPS:
            yield first.fault(RuleReason.TOO_MANY_STEPS, steps=str(steps), most=str(MOST_STEPS))


def _cost(node: Expression, inner: bool = False) -> int:
    """Steps of one expression at worst, without those of rules it asks."""
    most = MOST_INNER_ELEMENTS if inner else MOST_ELEMENTS
    match node:
        case Call(function, (_, body)) if function in ELEMENTWISE:
            return 1 + most + most * _cost(body, inner=True)
        case Call(function, _) if function in LISTING:
            return 1 + most
    return 1 + sum(_cost(child, inner) for child in children(node))
