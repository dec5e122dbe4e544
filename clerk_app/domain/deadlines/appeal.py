"""Rechtsbehelfsfrist: until when an objection or an action is possible."""

from __future__ import annotations

from clerk_app.domain.deadlines.model import Deadline, DeadlineKind, DerivationStep, StepKind, WorkingDays
from clerk_app.domain.deadlines.periods import Period, PeriodUnit, deadline, end_of
from clerk_app.domain.deadlines.working_days import to_working_day


def appeal_end(notification: Deadline, months: int, days: WorkingDays, basis: str = "") -> Deadline:
    """The last day for an objection: months after notification, to the next working day.

    The day of notification does not count (BGB § 187 I); the month ends on the day of the same number, or on
    the last day of a shorter month (BGB § 188 II, III); Saturday, Sunday and holidays move it (VwVfG § 31
    III, VwGO § 57 with ZPO § 222, AO § 108, SGG § 64).
    """
    return _after(notification, months, days, basis, None)


def appeal_end_uninstructed(
    notification: Deadline, months: int, days: WorkingDays, basis: str = ""
) -> Deadline:
    """The same where the appeal notice was missing or wrong (VwGO § 58 II, AO § 356 II, SGG § 66 II): a
    year, given in ``months``.
    """
    return _after(notification, months, days, basis, StepKind.UNINSTRUCTED)


def _after(
    notification: Deadline, months: int, days: WorkingDays, basis: str, kind: StepKind | None
) -> Deadline:
    due_on, counted = end_of(Period(months, PeriodUnit.MONTH), notification.due_on)
    if kind is not None:
        counted = (DerivationStep(kind, counted[0].on, months), *counted[1:])
    due_on, moved = to_working_day(due_on, days)
    steps = (*notification.steps, *counted, *moved)
    return deadline(DeadlineKind.APPEAL, due_on, steps, basis, assumed=notification.assumed)
