"""Bearbeitungsdauer as an authority promises it (Routing API 2.0.0 ``processingDuration``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from clerk_app.domain.deadlines import WorkingDays, add_months, is_working_day

_HOURS_A_DAY, _MINUTES_A_DAY, _SECONDS_A_DAY = 24, 1_440, 86_400


class DurationUnit(StrEnum):
    """In what it is measured."""

    YEAR = "year"
    MONTH = "month"
    WEEK = "week"
    DAY = "day"
    WORKDAY = "workday"
    HOUR = "hour"
    MINUTE = "minute"
    SECOND = "second"


_PARTS_OF_A_DAY = {
    DurationUnit.HOUR: _HOURS_A_DAY,
    DurationUnit.MINUTE: _MINUTES_A_DAY,
    DurationUnit.SECOND: _SECONDS_A_DAY,
}


@dataclass(frozen=True, slots=True)
class ProcessingDuration:
    """``max_duration`` is the office's target; ``min_duration`` is told to applicants only. Raises ValueError
    unless 1 <= min <= max."""

    max_duration: int
    unit: DurationUnit
    min_duration: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.min_duration <= self.max_duration:
            raise ValueError("a duration is positive, and its least is not more than its most")

    def days_from(self, start_on: date, days: WorkingDays) -> int:
        """The target as calendar days after ``start_on``, which does not count itself (BGB § 187 (1))."""
        amount = self.max_duration
        match self.unit:
            case DurationUnit.DAY:
                return amount
            case DurationUnit.WEEK:
                return 7 * amount
            case DurationUnit.MONTH:
                return (add_months(start_on, amount) - start_on).days
            case DurationUnit.YEAR:
                return (add_months(start_on, 12 * amount) - start_on).days
            case DurationUnit.WORKDAY:
                return (_working_day(start_on, amount, days) - start_on).days
            case _:
                return -(-amount // _PARTS_OF_A_DAY[self.unit])  # begun days count whole


def _working_day(start_on: date, amount: int, days: WorkingDays) -> date:
    on = start_on
    while amount:
        on += timedelta(days=1)
        amount -= is_working_day(on, days)
    return on
