"""Dates, times, amounts and sizes as people write them, by the language in force.

German follows DIN 5008: ``24.11.2026`` in lists, ``24. November 2026`` in running text, ``1.234,50 €``. Years
always have four digits. Times are shown in the office's zone.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from clerk_app.domain.deadlines import office_time
from clerk_app.texts.catalogue import gettext as _
from clerk_app.texts.catalogue import language

_MONTHS = {
    "de": [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "hsb": [
        "januara",
        "februara",
        "měrca",
        "apryla",
        "meje",
        "junija",
        "julija",
        "awgusta",
        "septembra",
        "oktobra",
        "nowembra",
        "decembra",
    ],
}
_WEEKDAYS = {
    "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "hsb": ("pón", "wut", "srj", "štw", "pja", "sob", "nje"),
}
_SPACE = "\u00a0"  # keeps number and unit on one line
_MINUS = "-"


def day(on: date) -> str:
    """A date in a list: ``24.11.2026`` (en ``24 Nov 2026``). An aware datetime is taken in the office's
    zone.
    """
    on = _as_date(on)
    if language() == "en":
        return f"{on.day} {_month(on)[:3]} {on.year:04d}"
    return f"{on.day:02d}.{on.month:02d}.{on.year:04d}"


def day_long(on: date) -> str:
    """A date in running text: ``24. November 2026`` (en ``24 November 2026``)."""
    on = _as_date(on)
    dot = "" if language() == "en" else "."
    return f"{on.day}{dot} {_month(on)} {on.year:04d}"


def weekday_day(on: date) -> str:
    """A date with its weekday: ``Fr 20.11.2026``."""
    on = _as_date(on)
    return f"{_weekday(on)} {day(on)}"


def clock_time(at: datetime) -> str:
    """Hours and minutes in the office's zone: ``08:14``."""
    local = office_time(at)
    return f"{local.hour:02d}:{local.minute:02d}"


def moment(at: datetime) -> str:
    """Date and time in the office's zone: ``24.11.2026, 08:14``."""
    return f"{day(at)}, {clock_time(at)}"


def moment_exact(at: datetime) -> str:
    """The same with seconds: ``24.11.2026, 08:14:05``."""
    return f"{moment(at)}:{office_time(at).second:02d}"


def relative_day(on: date, today: date) -> str:
    """How a list names a day: heute, gestern, morgen, within six days ``Fr 20.11.``, else the full date."""
    on, today = _as_date(on), _as_date(today)
    distance = (on - today).days
    if distance == 0:
        return _("heute")
    if distance == -1:
        return _("gestern")
    if distance == 1:
        return _("morgen")
    if abs(distance) <= 6 and on.year == today.year:
        if language() == "en":
            return f"{_weekday(on)} {on.day} {_month(on)[:3]}"
        return f"{_weekday(on)} {on.day:02d}.{on.month:02d}."
    return day(on)


def relative_moment(at: datetime, now: datetime) -> str:
    """How a list names a moment: the time today, otherwise the day as ``relative_day`` does."""
    at, now = office_time(at), office_time(now)
    return clock_time(at) if at.date() == now.date() else relative_day(at.date(), now.date())


def amount(euros: Decimal | int) -> str:
    """A sum of money in euros with two decimals: ``1.234,50 €`` (en ``€1,234.50``). Half cents go to even."""
    value = Decimal(euros).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    sign = _MINUS if value < 0 else ""
    digits = f"{abs(value):,.2f}"
    if language() == "en":
        return f"{sign}€{digits}"
    return f"{sign}{_german_separators(digits)}{_SPACE}€"


def number(value: int) -> str:
    """A whole number with grouped thousands: ``12.345`` (en ``12,345``)."""
    digits = f"{value:,d}"
    return digits if language() == "en" else _german_separators(digits)


def decimal(value: Decimal) -> str:
    """A number with as many places as it was given: ``1.234,5`` (en ``1,234.5``)."""
    digits = f"{value:,f}"
    return digits if language() == "en" else _german_separators(digits)


def yes_no(value: bool) -> str:
    """``ja`` or ``nein``."""
    return _("ja") if value else _("nein")


def size(size_bytes: int) -> str:
    """A size on disk in decimal units: ``512 Byte``, ``1,2 MB``."""
    if size_bytes < 0:
        raise ValueError("a size is not negative")
    if size_bytes < 1000:
        return _("{count} Byte").format(count=size_bytes).replace(" ", _SPACE)
    value, unit = Decimal(size_bytes), "kB"
    for unit in ("kB", "MB", "GB", "TB"):  # noqa: B007 - the last unit reached is used below
        value /= 1000
        if value < Decimal("999.95"):
            break
    digits = f"{value:,.1f}" if value < Decimal("99.95") else f"{value:,.0f}"
    digits = digits.removesuffix(".0")
    return f"{digits if language() == 'en' else _german_separators(digits)}{_SPACE}{unit}"


def _as_date(on: date) -> date:
    return office_time(on).date() if isinstance(on, datetime) else on


def _month(on: date) -> str:
    return _MONTHS[language()][on.month - 1]


def _weekday(on: date) -> str:
    return _WEEKDAYS[language()][on.weekday()]


def _german_separators(digits: str) -> str:
    return digits.translate(str.maketrans(",.", ".,"))
