"""Regeln: what a service package may ask of a form, as a tree. The language stands in
``resources/packages/FORMAT.md``, section 4.

A tree is data and knows nothing of how it is evaluated. It has no loops of its own and no variables, so
every rule ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias


class RuleReason(StrEnum):
    """Why a rule is refused: stable words that texts turn into sentences."""

    # one rule by itself
    EMPTY = "empty"
    TOO_LONG = "too-long"
    TOO_DEEP = "too-deep"
    UNEXPECTED = "unexpected"  # found
    UNFINISHED = "unfinished"
    TEXT_OPEN = "text-open"
    NO_DATE = "no-date"  # found
    NUMBER_TOO_LARGE = "number-too-large"  # found
    UNKNOWN_FUNCTION = "unknown-function"  # found
    ARGUMENT_COUNT = "argument-count"  # function, least, most
    ARGUMENT_MISSING = "argument-missing"  # function; it takes as many as one likes, but not none
    WRONG_KIND = "wrong-kind"  # wanted, found
    WRONG_WORD = "wrong-word"  # found, allowed
    ELEMENT_OUTSIDE = "element-outside"  # found: ".name" without every or some around it
    NESTED_TOO_DEEP = "nested-too-deep"  # every and some in one another
    # rules with one another
    UNKNOWN_RULE = "unknown-rule"  # name
    UNKNOWN_CHECK = "unknown-check"  # name
    UNKNOWN_EVIDENCE = "unknown-evidence"  # name
    UNKNOWN_LIST = "unknown-list"  # name
    UNKNOWN_LIMIT = "unknown-limit"  # name
    CYCLE = "cycle"  # names
    CHAIN_TOO_LONG = "chain-too-long"  # names: one rule asks the next that asks the next …
    TOO_MANY_STEPS = "too-many-steps"  # steps, most
    TOO_MANY_RULES = "too-many-rules"  # count, most


class RuleError(Exception):
    """A rule that cannot be read. ``column`` counts characters of its source from 1."""

    def __init__(self, reason: RuleReason, column: int, params: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{reason.value} at {column}: {dict(params or {})}")
        self.reason = reason
        self.column = column
        self.params = dict(params or {})


class Operator(StrEnum):
    """Vergleich."""

    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


class ReferenceKind(StrEnum):
    """What a rule may name that stands outside it."""

    RULE = "rule"
    CHECK = "check"
    EVIDENCE = "evidence"
    LIST = "list"
    LIMIT = "limit"
    PARAMETER = "parameter"


@dataclass(frozen=True, slots=True)
class Reference:
    """A name in a rule. ``column`` is where it stands, from 1."""

    kind: ReferenceKind
    name: str
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written into the rule."""

    value: Decimal | date | str | bool


@dataclass(frozen=True, slots=True)
class FieldPath:
    """Pfad of a form field. ``parts`` are folded names, numbers and ``*``; ``anywhere`` looks at every depth
    (``**.``), ``of_element`` begins at the element that ``every`` or ``some`` looks at (``.name``)."""

    source: str
    parts: tuple[str, ...]
    anywhere: bool = False
    of_element: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """``a and b and c``."""

    terms: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """``a or b or c``."""

    terms: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """``not a``."""

    term: Expression


@dataclass(frozen=True, slots=True)
class Comparison:
    """``a <= b``."""

    operator: Operator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class OneOf:
    """``a in (b, c)``."""

    value: Expression
    members: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class InList:
    """``a in list("name")``."""

    value: Expression
    name: str


@dataclass(frozen=True, slots=True)
class Sum:
    """``a + b - c``; ``minus`` says of each term whether it is taken away."""

    terms: tuple[Expression, ...]
    minus: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """``a * b``."""

    factors: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """``function(arguments)``; the function is one of the language's own."""

    function: str
    arguments: tuple[Expression, ...]


Expression: TypeAlias = (
    Literal | FieldPath | AllOf | AnyOf | Not | Comparison | OneOf | InList | Sum | Product | Call
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Regel as written and as read.

    ``fields`` are the paths it names, in order, each once; those of elements are completed with the list they
    belong to. ``shown`` are the paths whose first filled one a text shows as ``{value}``: the first field the
    rule names, with its alternatives where it stands in ``first`` or ``present``.
    """

    source: str
    tree: Expression
    fields: tuple[str, ...] = ()
    shown: tuple[FieldPath, ...] = ()
    refers: tuple[Reference, ...] = ()

    def names(self, kind: ReferenceKind) -> tuple[str, ...]:
        """The names of that kind the rule mentions, in order, each once."""
        return tuple(dict.fromkeys(each.name for each in self.refers if each.kind is kind))


def children(node: Expression) -> tuple[Expression, ...]:
    """The expressions right below one."""
    match node:
        case AllOf(terms) | AnyOf(terms) | Sum(terms, _):
            return terms
        case Not(term):
            return (term,)
        case Comparison(_, left, right):
            return left, right
        case OneOf(value, members):
            return (value, *members)
        case InList(value, _):
            return (value,)
        case Product(factors):
            return factors
        case Call(_, arguments):
            return arguments
    return ()
