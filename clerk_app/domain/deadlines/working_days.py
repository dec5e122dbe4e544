"""Working days: neither Saturday, Sunday nor a public holiday (VwVfG § 31 III, SGB X § 26 III, AO § 108
III).

24 and 31 December are working days in this sense.
"""

from __future__ import annotations

from datetime import date, timedelta

from clerk_app.domain.deadlines.model import DerivationStep, StepKind, WorkingDays

_ONE_DAY = timedelta(days=1)


def is_working_day(on: date, days: WorkingDays) -> bool:
    """Neither Saturday, Sunday nor a public holiday."""
    return on.weekday() < 5 and days.holiday_name(on) is None


def next_working_day(on: date, days: WorkingDays) -> date:
    """``on`` itself if it is a working day, else the first one after it."""
    return to_working_day(on, days)[0]


def previous_working_day(on: date, days: WorkingDays) -> date:
    """``on`` itself if it is a working day, else the last one before it."""
    while not is_working_day(on, days):
        on -= _ONE_DAY
    return on


def to_working_day(on: date, days: WorkingDays) -> tuple[date, list[DerivationStep]]:
    """The first working day from ``on``, and why each day before it was none.

    A day that may be a holiday in this municipality, which nobody confirmed, counts as a working day and is
    told as an assumption.
    """
    steps: list[DerivationStep] = []
    while True:
        name = days.holiday_name(on)
        if name is None and on.weekday() < 5:
            doubt = days.doubtful_name(on)
            if doubt is not None:
                steps.append(DerivationStep(StepKind.NO_HOLIDAY, on, note=doubt, assumed=True))
            return on, steps
        on += _ONE_DAY
        kind = StepKind.WEEKEND if name is None else StepKind.HOLIDAY
        if steps and steps[-1].kind is kind and kind is StepKind.WEEKEND:
            steps[-1] = DerivationStep(kind, on)
        else:
            steps.append(DerivationStep(kind, on, note=name))
