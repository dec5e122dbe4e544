"""The functions a rule may call: how many arguments of which kind, and what they give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from clerk_app.domain.rules import (
    Call,
    Expression,
    FieldPath,
    Literal,
    Product,
    ReferenceKind,
    Sum,
)


class Kind(StrEnum):
    """What an expression gives. ``VALUE`` is only known when the form is."""

    TRUTH = "truth"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    VALUE = "value"


class Wanted(Enum):
    """What an argument must be."""

    PATH = "path"
    RULE = "rule"
    NUMBER = "number"
    COUNT = "count"  # a whole number written there
    DATE = "date"
    TEXT = "text"  # anything that can be read as text
    NAME = "name"  # a text written there, that names something outside
    WORD = "word"  # a text written there, one of a few


@dataclass(frozen=True, slots=True)
class Function:
    """``wants`` are its arguments; ``least`` of them are needed, the last may repeat with ``repeats``."""

    gives: Kind
    wants: tuple[Wanted, ...] = ()
    least: int = 0
    repeats: bool = False
    words: tuple[str, ...] = ()
    names: ReferenceKind | None = None

    @property
    def most(self) -> int | None:
        """How many arguments it takes at most; None: as many as fit into a rule."""
        return None if self.repeats else len(self.wants)

    def wanted(self, at: int) -> Wanted:
        """What the argument at that place must be."""
        return self.wants[min(at, len(self.wants) - 1)]


SHAPES = ("iban", "email", "postcode", "plate", "digits-15")
UNITS = ("days", "months", "years")
ELEMENTWISE = frozenset({"every", "some"})
"""Functions whose second argument is looked at once for each element of the first."""
LISTING = frozenset({"count", "sum"})
"""Functions that look at every element of a list."""
ALTERNATIVES = frozenset({"present", "first"})
"""Functions whose arguments are one value, found in one of several places."""

_DAY, _PATH = Wanted.DATE, Wanted.PATH
FUNCTIONS: Mapping[str, Function] = {
    "present": Function(Kind.TRUTH, (_PATH,), 1, repeats=True),
    "first": Function(Kind.VALUE, (_PATH,), 1, repeats=True),
    "arrival": Function(Kind.DATE),
    "applied": Function(Kind.DATE),
    "age": Function(Kind.NUMBER, (_DAY, _DAY), 1),
    "days": Function(Kind.NUMBER, (_DAY, _DAY), 2),
    "months": Function(Kind.NUMBER, (_DAY, _DAY), 2),
    "plus": Function(Kind.DATE, (_DAY, Wanted.NUMBER, Wanted.WORD), 3, words=UNITS),
    "count": Function(Kind.NUMBER, (_PATH,), 1),
    "sum": Function(Kind.NUMBER, (_PATH,), 1),
    "length": Function(Kind.NUMBER, (Wanted.TEXT,), 1),
    "valid": Function(Kind.TRUTH, (Wanted.WORD, Wanted.TEXT), 2, words=SHAPES),
    "every": Function(Kind.TRUTH, (_PATH, Wanted.RULE), 2),
    "some": Function(Kind.TRUTH, (_PATH, Wanted.RULE), 2),
    "attached": Function(Kind.TRUTH, (Wanted.NAME, Wanted.COUNT), 1, names=ReferenceKind.EVIDENCE),
    "ours": Function(Kind.TRUTH, (Wanted.TEXT,), 1),
    "limit": Function(Kind.NUMBER, (Wanted.NAME,), 1, names=ReferenceKind.LIMIT),
    "parameter": Function(Kind.VALUE, (Wanted.NAME,), 1, names=ReferenceKind.PARAMETER),
    "rule": Function(Kind.TRUTH, (Wanted.NAME,), 1, names=ReferenceKind.RULE),
    "check": Function(Kind.TRUTH, (Wanted.NAME,), 1, names=ReferenceKind.CHECK),
}

_LITERALS: Mapping[str, Kind] = {"bool": Kind.TRUTH, "Decimal": Kind.NUMBER, "date": Kind.DATE}


def kind_of(node: Expression) -> Kind:
    """What an expression gives."""
    match node:
        case Literal(value):
            return _LITERALS.get(type(value).__name__, Kind.TEXT)
        case FieldPath():
            return Kind.VALUE
        case Sum() | Product():
            return Kind.NUMBER
        case Call(function, _):
            return FUNCTIONS[function].gives
    return Kind.TRUTH
