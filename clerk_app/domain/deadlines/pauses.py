"""Pausen: the clock stands while the applicant is to bring something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from clerk_app.domain.deadlines.model import Deadline, DeadlineKind, DerivationStep, StepKind, WorkingDays
from clerk_app.domain.deadlines.periods import Period, PeriodUnit, deadline, end_of
from clerk_app.domain.deadlines.working_days import to_working_day


class PauseRule(StrEnum):
    """What an open document request does to a clock."""

    NONE = "none"  # it runs on
    SUSPEND = "suspend"  # the days in between are added (Hemmung, as in BGB § 209)
    RESTART = "restart"  # it begins anew when the documents are there (Unterbrechung)


@dataclass(frozen=True, slots=True)
class Pause:
    """Asked on ``from_on``, answered (or no longer waited for) on ``until_on``. Raises ValueError when it
    would end before it begins.
    """

    from_on: date
    until_on: date

    def __post_init__(self) -> None:
        if self.until_on < self.from_on:
            raise ValueError("a pause ends after it began")

    @property
    def days(self) -> int:
        """How many days the clock stands: the day of the request runs, the day of the answer does not."""
        return (self.until_on - self.from_on).days


def merged(pauses: Sequence[Pause]) -> list[Pause]:
    """Pauses in order, overlapping ones taken together: no day is added twice."""
    found: list[Pause] = []
    for pause in sorted(pauses, key=lambda each: (each.from_on, each.until_on)):
        if found and pause.from_on <= found[-1].until_on:
            found[-1] = Pause(found[-1].from_on, max(found[-1].until_on, pause.until_on))
        else:
            found.append(pause)
    return found


@dataclass(frozen=True, slots=True)
class CountedPause:
    """A pause that moved the target: ``due_on`` is the day it then came to (not yet moved over holidays),
    ``steps`` how."""

    pause: Pause
    due_on: date
    steps: tuple[DerivationStep, ...]


def counted_pauses(
    arrived_on: date, target_days: int, pauses: Sequence[Pause], rule: PauseRule
) -> list[CountedPause]:
    """The pauses that count, in order: those that began while the clock was running."""
    due_on, _steps = end_of(Period(target_days), arrived_on)
    found: list[CountedPause] = []
    for pause in () if rule is PauseRule.NONE else merged(pauses):
        if pause.from_on < arrived_on or pause.from_on > due_on or not pause.days:
            continue
        steps = [
            DerivationStep(StepKind.PAUSED, pause.from_on),
            DerivationStep(StepKind.RESUMED, pause.until_on, pause.days),
        ]
        if rule is PauseRule.RESTART:
            due_on, counted = end_of(Period(target_days), pause.until_on)
            steps.extend(counted)
        else:
            due_on += timedelta(days=pause.days)
            steps.append(DerivationStep(StepKind.STRETCHED, due_on, pause.days))
        found.append(CountedPause(pause, due_on, tuple(steps)))
    return found


def paused_target(
    arrived_on: date, target_days: int, pauses: Sequence[Pause], rule: PauseRule, days: WorkingDays
) -> Deadline:
    """The office's own target with its pauses. ``Deadline.paused_until`` is the end of the last one that
    counts.
    """
    steps = [DerivationStep(StepKind.ARRIVED, arrived_on)]
    due_on, counted = end_of(Period(target_days), arrived_on)
    steps.extend(counted)
    last: date | None = None
    for each in counted_pauses(arrived_on, target_days, pauses, rule):
        last, due_on = each.pause.until_on, each.due_on
        steps.extend(each.steps)
    due_on, moved = to_working_day(due_on, days)
    made = deadline(DeadlineKind.PROCESSING, due_on, (*steps, *moved))
    return Deadline(made.kind, made.due_on, made.steps, made.basis, made.assumed, paused_until=last)


@dataclass(frozen=True, slots=True)
class FictionRule:
    """Genehmigungsfiktion (VwVfG § 42a): the application counts as granted ``months`` after the documents
    were complete. ``moves_to_working_day`` and ``assumed`` as in the state profile.
    """

    months: int
    basis: str
    moves_to_working_day: bool = False
    assumed: bool = False

    def __post_init__(self) -> None:
        if self.months < 1:
            raise ValueError("a fiction needs at least one month")


def fiction_end(
    complete_on: date,
    rule: FictionRule,
    days: WorkingDays,
    *,
    arrived_on: date | None = None,
    confirmed: bool = True,
    extended_to: date | None = None,
    reason: str = "",
) -> Deadline:
    """The last day to decide before the fiction.

    The period begins when the documents are complete (§ 42a II 2), that day not counted. It may be extended
    once (§ 42a II 3): ``extended_to`` with its ``reason``. ``confirmed`` False: no clerk said that the
    documents are complete, so the result is assumed. Raises ValueError for an extension that shortens it.
    """
    steps = []
    if arrived_on is not None and arrived_on != complete_on:
        steps.append(DerivationStep(StepKind.ARRIVED, arrived_on))
    steps.append(DerivationStep(StepKind.COMPLETE, complete_on, assumed=not confirmed))
    due_on, counted = end_of(Period(rule.months, PeriodUnit.MONTH), complete_on)
    steps.extend(counted)
    if extended_to is not None:
        if extended_to < due_on:
            raise ValueError("an extension does not shorten")
        due_on = extended_to
        steps.append(DerivationStep(StepKind.EXTENDED, due_on, note=reason or None))
    elif rule.moves_to_working_day:
        due_on, moved = to_working_day(due_on, days)
        steps.extend(moved)
    return deadline(DeadlineKind.FICTION, due_on, tuple(steps), rule.basis, assumed=rule.assumed)
