"""German spelling of days and sums in letters (DIN 5008), whatever language the window speaks."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from clerk_app.domain.deadlines import office_time
from clerk_app.services.form_view import ValueWords

_NO_BREAK = "\u00a0"


def day(on: date) -> str:
    """``24.11.2026``."""
    return f"{on.day:02d}.{on.month:02d}.{on.year:04d}"


def moment(at: datetime) -> str:
    """``24.11.2026, 08:14 Uhr`` in the office's zone."""
    local = office_time(at)
    return f"{day(local)}, {local.hour:02d}:{local.minute:02d} Uhr"


def decimal(value: Decimal) -> str:
    """``1.234,5``: as many places as were given."""
    return f"{value:,f}".translate(str.maketrans(",.", ".,"))


def euros(value: object) -> str:
    """``1.234,50 €``. Takes what Decimal takes, but no float."""
    amount = Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    return f"{decimal(amount)}{_NO_BREAK}€"


def yes_no(value: bool) -> str:
    """``ja`` or ``nein``."""
    return "ja" if value else "nein"


GERMAN = ValueWords(day, moment, yes_no, decimal, euros)
