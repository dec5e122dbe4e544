"""Periods by days, weeks, months and years (BGB §§ 187 to 193, by VwVfG § 31, SGB X § 26, AO § 108)."""

from __future__ import annotations

import calendar as _months
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from clerk_app.domain.deadlines.model import Deadline, DeadlineKind, DerivationStep, StepKind, WorkingDays
from clerk_app.domain.deadlines.working_days import to_working_day

PERIOD_BASIS = "§ 31 VwVfG, § 193 BGB"


class PeriodUnit(StrEnum):
    """In what a period is measured."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_STEP_OF_UNIT = {
    PeriodUnit.DAY: StepKind.DAYS,
    PeriodUnit.WEEK: StepKind.WEEKS,
    PeriodUnit.MONTH: StepKind.MONTHS,
    PeriodUnit.YEAR: StepKind.YEARS,
}


@dataclass(frozen=True, slots=True)
class Period:
    """Frist as a length. Raises ValueError for a negative one."""

    amount: int
    unit: PeriodUnit = PeriodUnit.DAY

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("a period is not negative")

    @staticmethod
    def half_year() -> Period:
        """Six months (BGB § 189 I)."""
        return Period(6, PeriodUnit.MONTH)

    @staticmethod
    def quarter() -> Period:
        """Three months (BGB § 189 I)."""
        return Period(3, PeriodUnit.MONTH)

    @staticmethod
    def half_month() -> Period:
        """Fifteen days (BGB § 189 I)."""
        return Period(15, PeriodUnit.DAY)


def end_of(
    period: Period, start_on: date, *, day_counts: bool = False
) -> tuple[date, tuple[DerivationStep, ...]]:
    """The last day of a period, before weekends and holidays are looked at.

    ``start_on`` is the day of an event that does not count (BGB § 187 I); with ``day_counts`` it is the first
    day and counts (§ 187 II). Days end with the last of them (§ 188 I); weeks, months and years on the day of
    the same name or number, with ``day_counts`` on the day before it (§ 188 II); a month without that day
    ends it with its last (§ 188 III).
    """
    before = (DerivationStep(StepKind.DAY_COUNTS, start_on),) if day_counts and period.amount else ()
    kind, less = _STEP_OF_UNIT[period.unit], 1 if day_counts and period.amount else 0
    if period.unit in (PeriodUnit.DAY, PeriodUnit.WEEK):
        length = period.amount * (7 if period.unit is PeriodUnit.WEEK else 1)
        end_on = start_on + timedelta(days=length - less)
        return end_on, (*before, DerivationStep(kind, end_on, period.amount))
    months = period.amount * (12 if period.unit is PeriodUnit.YEAR else 1)
    wanted = start_on.day - less
    first = add_months(start_on.replace(day=1), months)
    if wanted == 0:
        end_on = first - timedelta(days=1)
        return end_on, (*before, DerivationStep(kind, end_on, period.amount))
    last = _months.monthrange(first.year, first.month)[1]
    end_on = first.replace(day=min(wanted, last))
    steps = [*before, DerivationStep(kind, end_on, period.amount)]
    if wanted > last:
        steps.append(DerivationStep(StepKind.MONTH_END, end_on))
    return end_on, tuple(steps)


def add_months(on: date, months: int) -> date:
    """The day of the same number ``months`` later, or the last day of that month if it is shorter."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, _months.monthrange(year, month + 1)[1]))


def period_end(
    kind: DeadlineKind,
    start: DerivationStep,
    period: Period,
    days: WorkingDays,
    *,
    day_counts: bool = False,
    basis: str = "",
) -> Deadline:
    """A deadline at the end of a period from ``start``, moved to a working day."""
    due_on, steps = end_of(period, start.on, day_counts=day_counts)
    due_on, moved = to_working_day(due_on, days)
    return deadline(kind, due_on, (start, *steps, *moved), basis)


def processing_due(arrived_on: date, target_days: int, days: WorkingDays) -> Deadline:
    """The office's own target: ``target_days`` calendar days after arrival, moved to a working day."""
    start = DerivationStep(StepKind.ARRIVED, arrived_on)
    return period_end(DeadlineKind.PROCESSING, start, Period(target_days), days)


def answer_due(
    sent_on: date, answer_days: int, days: WorkingDays, kind: DeadlineKind = DeadlineKind.ANSWER
) -> Deadline:
    """Until when the applicant should answer: calendar days, moved to a working day (VwVfG § 31, BGB §
    193).
    """
    start = DerivationStep(StepKind.SENT, sent_on)
    return period_end(kind, start, Period(answer_days), days, basis=PERIOD_BASIS)


def extended(previous: Deadline, period: Period, days: WorkingDays) -> Deadline:
    """A period extended (VwVfG § 31 VII): the new one is counted from the end of the old (BGB § 190)."""
    due_on, steps = end_of(period, previous.due_on)
    due_on, moved = to_working_day(due_on, days)
    start = DerivationStep(StepKind.EXTENDED, previous.due_on)
    return deadline(previous.kind, due_on, (*previous.steps, start, *steps, *moved), previous.basis)


def fixed_day(
    kind: DeadlineKind, start: DerivationStep, on: date, days: WorkingDays, *, reason: str = ""
) -> Deadline:
    """A day that was named to the other side: it stays, even on a weekend or holiday (VwVfG § 31 III 2, V).

    ``days`` only tells whether the derivation must say so.
    """
    steps = [start, DerivationStep(StepKind.CHOSEN, on, note=reason or None)]
    if to_working_day(on, days)[0] != on:
        steps.append(DerivationStep(StepKind.FIXED, on))
    return Deadline(kind, on, tuple(steps))


def deadline(
    kind: DeadlineKind,
    due_on: date,
    steps: tuple[DerivationStep, ...],
    basis: str = "",
    *,
    assumed: bool = False,
) -> Deadline:
    """A deadline that is assumed when its rule or one of its steps is."""
    return Deadline(kind, due_on, steps, basis, assumed or any(step.assumed for step in steps))
