"""What values in a form mean to a rule: plain numbers and ISO days, nothing guessed.

None is unknown. A text stays a text until something asks for a number, a day or a truth.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from clerk_app.domain.deadlines import add_months
from clerk_app.domain.rules import Operator

Value: TypeAlias = Decimal | date | str | bool | None
Comparable: TypeAlias = Decimal | date | str

_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T Z+-].*)?", re.DOTALL)
_LARGEST = Decimal(10) ** 18
_MOST_UNITS = 100_000


def as_number(value: Value) -> Decimal | None:
    """A plain number: digits and at most one point. ``1.234,56`` and ``1e3`` are none."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    return None


def as_day(value: Value) -> date | None:
    """A day as ISO 8601 writes it, with or without a time behind it."""
    if isinstance(value, date):
        return value
    found = _DAY.fullmatch(value) if isinstance(value, str) else None
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def as_truth(value: Value) -> bool | None:
    """``true`` or ``false``."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def as_text(value: Value) -> str | None:
    """The spelling of a value."""
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
    return value.isoformat()


_READ: tuple[tuple[type, Callable[[Value], object]], ...] = (
    (bool, as_truth),
    (Decimal, as_number),
    (date, as_day),
)


def bounded(number: Decimal) -> Decimal | None:
    """A result of arithmetic, unknown beyond 10^18."""
    return number if abs(number) < _LARGEST else None


def comparable(text: str) -> Comparable:
    """What a text is compared by: what looks like a number or a day as such, anything else without regard to
    case and to how accents are composed. ``01067`` is no number but a postcode.
    """
    digits = text.lstrip("+-")
    number = None if digits[:1] == "0" and digits[1:2].isdecimal() else as_number(text)
    if number is not None:
        return number
    day = as_day(text)
    if day is not None:
        return day
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text.casefold())


@lru_cache(maxsize=256)
def comparable_texts(texts: tuple[str, ...]) -> frozenset[Comparable]:
    """The texts of a list of values, to find one in them at once."""
    return frozenset(comparable(text) for text in texts)


def same(left: Value, right: Value) -> bool | None:
    """Whether two values are equal; unknown when one of them is."""
    if left is None or right is None:
        return None
    if isinstance(left, str) and isinstance(right, str):
        return comparable(left) == comparable(right)
    for kind, read in _READ:
        if isinstance(left, kind) or isinstance(right, kind):
            one = read(left)
            return one is not None and one == read(right)
    return False


def ordered(operator: Operator, left: Value, right: Value) -> bool | None:
    """``<``, ``<=``, ``>``, ``>=`` between numbers or between days; unknown for anything else."""
    one: Decimal | date | None = as_number(left)
    other: Decimal | date | None = as_number(right)
    if one is None or other is None:
        one, other = as_day(left), as_day(right)
        if one is None or other is None:
            return None
    match operator:
        case Operator.LESS:
            return one < other  # type: ignore[operator]  # both numbers or both days
        case Operator.AT_MOST:
            return one <= other  # type: ignore[operator]
        case Operator.MORE:
            return one > other  # type: ignore[operator]
    return one >= other  # type: ignore[operator]


def age_on(born: date, on: date) -> int:
    """Full years (BGB § 187 II 2, § 188 II): who was born on 29 February is a year older on 1 March of
    other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def months_between(first: date, last: date) -> int:
    """Full months from one day to another, negative when it lies before."""
    if last < first:
        return -months_between(last, first)
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - (last.day < first.day and last != add_months(first, months))


def moved(on: date, amount: Decimal, unit: str) -> date | None:
    """A day moved by whole days, months or years; unknown beyond the calendar."""
    if amount != amount.to_integral_value() or abs(amount) > _MOST_UNITS:
        return None
    try:
        if unit == "days":
            return on + timedelta(days=int(amount))
        return add_months(on, int(amount) * (12 if unit == "years" else 1))
    except (ValueError, OverflowError):
        return None
