"""Vorfrist, Wiedervorlage and days a clerk sets: reminders, no law."""

from __future__ import annotations

from datetime import date, timedelta

from clerk_app.domain.deadlines.model import Deadline, DeadlineKind, DerivationStep, StepKind, WorkingDays
from clerk_app.domain.deadlines.working_days import previous_working_day


def early_warning(of: Deadline, lead_days: int, days: WorkingDays) -> Deadline:
    """Vorfrist: ``lead_days`` before a deadline, on a working day not later than that."""
    if lead_days < 1:
        raise ValueError("a warning comes before")
    on = of.due_on - timedelta(days=lead_days)
    steps = [*of.steps, DerivationStep(StepKind.BEFORE, on, lead_days)]
    if (back := previous_working_day(on, days)) != on:
        steps.append(DerivationStep(StepKind.BACK, back))
    return Deadline(DeadlineKind.WARNING, back, tuple(steps), assumed=of.assumed, entry_id=of.entry_id)


def chosen(kind: DeadlineKind, on: date, reason: str, date_id: str = "") -> Deadline:
    """A day a clerk set, with the reason in their own words."""
    step = DerivationStep(StepKind.CHOSEN, on)
    return Deadline(kind, on, (step,), text=reason, date_id=date_id)
