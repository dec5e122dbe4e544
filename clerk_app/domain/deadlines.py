"""Frist: when something is due, and how that day was found.

Pure functions over days. The calendar of working days and the dated rules of a Land are handed in; nothing
here is a constant of law. Every result carries its derivation as steps, which ``texts`` puts into words.
"""

from __future__ import annotations

import calendar as _months
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class ProcedureLaw(StrEnum):
    """Verfahrensrecht: which act governs the procedure (VwVfG § 2 leaves taxes and social matters out)."""

    VWVFG = "VwVfG"
    AO = "AO"
    SGB_X = "SGB X"


class DispatchWay(StrEnum):
    """Versandweg: by which way a notice leaves the office; the fiction of notification depends on it."""

    LETTER = "letter"  # by post within Germany
    ELECTRONIC = "electronic"  # sent electronically, made available in a mailbox


class DeadlineKind(StrEnum):
    """What a deadline is about."""

    PROCESSING = "processing"  # the office's own target
    ANSWER = "answer"  # what the applicant is asked for
    NOTIFICATION = "notification"  # Bekanntgabe, deemed
    APPEAL = "appeal"  # Widerspruch or Einspruch


class StepKind(StrEnum):
    """One step of a derivation."""

    ARRIVED = "arrived"
    SENT = "sent"
    NOTIFIED = "notified"
    DAYS = "days"  # amount: days added
    NTH_DAY = "nth-day"  # amount: the n-th day after sending
    MONTHS = "months"  # amount: months added
    MONTH_END = "month-end"  # the month has no such day: its last day (BGB § 188 III)
    WEEKEND = "weekend"  # moved on over a weekend
    CHOSEN = "chosen"  # a clerk set the day
    HOLIDAY = "holiday"  # moved on over a public holiday; note: its name


@dataclass(frozen=True, slots=True)
class DerivationStep:
    """One step: what was done and the day it led to."""

    kind: StepKind
    on: date
    amount: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day with its derivation. ``basis`` names the rule applied, ``assumed`` says it is not confirmed."""

    kind: DeadlineKind
    due_on: date
    steps: tuple[DerivationStep, ...]
    basis: str = ""
    assumed: bool = False


class WorkingDays(Protocol):
    """The calendar of a Land or municipality."""

    def holiday_name(self, on: date) -> str | None:
        """The public holiday on that day, or None."""


@dataclass(frozen=True, slots=True)
class NotificationRule:
    """Bekanntgabefiktion, dated: notified on the n-th day after sending (VwVfG § 41 II, AO § 122, SGB X §
    37).

    Applies to notices sent from ``valid_from`` to before ``valid_until`` (None: open).
    ``moves_to_working_day`` is the AO's way; in VwVfG and SGB X the day stays where it falls. ``assumed``
    marks values nobody confirmed.
    """

    law: ProcedureLaw
    valid_from: date
    valid_until: date | None
    day: int
    moves_to_working_day: bool
    basis: str
    assumed: bool = False

    def __post_init__(self) -> None:
        if self.day < 1:
            raise ValueError("the n-th day counts from 1")
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            raise ValueError("the rule would never be valid")

    def applies(self, law: ProcedureLaw, sent_on: date) -> bool:
        """Whether this rule governs a notice of ``law`` sent on ``sent_on``."""
        return (
            self.law is law
            and self.valid_from <= sent_on
            and (self.valid_until is None or sent_on < self.valid_until)
        )


def notification_rule(
    rules: Iterable[NotificationRule], law: ProcedureLaw, sent_on: date
) -> NotificationRule:
    """The rule in force on ``sent_on``.

    :raises LookupError: no rule covers that day: the state profile is incomplete
    """
    for rule in rules:
        if rule.applies(law, sent_on):
            return rule
    raise LookupError(f"no notification rule of {law.value} for {sent_on.isoformat()}")


def processing_due(arrived_on: date, target_days: int, days: WorkingDays) -> Deadline:
    """The office's own target: ``target_days`` calendar days after arrival, moved to a working day."""
    start = DerivationStep(StepKind.ARRIVED, arrived_on)
    due_on, steps = _days_then_working_day(arrived_on, target_days, days)
    return Deadline(DeadlineKind.PROCESSING, due_on, (start, *steps))


def answer_due(sent_on: date, answer_days: int, days: WorkingDays) -> Deadline:
    """Until when the applicant should answer: calendar days, moved to a working day (VwVfG § 31, BGB §
    193).
    """
    start = DerivationStep(StepKind.SENT, sent_on)
    due_on, steps = _days_then_working_day(sent_on, answer_days, days)
    return Deadline(DeadlineKind.ANSWER, due_on, (start, *steps), "§ 31 VwVfG, § 193 BGB")


def notified(sent_on: date, rule: NotificationRule, days: WorkingDays) -> Deadline:
    """The day a sent notice is deemed notified.

    An earlier retrieval or a later real arrival is not known here; the clerk may enter it instead.
    """
    steps = [DerivationStep(StepKind.SENT, sent_on)]
    due_on = sent_on + timedelta(days=rule.day)
    steps.append(DerivationStep(StepKind.NTH_DAY, due_on, rule.day))
    if rule.moves_to_working_day:
        due_on, moved = _to_working_day(due_on, days)
        steps.extend(moved)
    return Deadline(DeadlineKind.NOTIFICATION, due_on, tuple(steps), rule.basis, rule.assumed)


def appeal_end(notification: Deadline, months: int, days: WorkingDays, basis: str = "") -> Deadline:
    """The last day for an objection: months after notification, to the next working day.

    The day of notification does not count (BGB § 187 I); the month ends on the day of the same number, or on
    the last day of a shorter month (BGB § 188 II, III); Saturday, Sunday and holidays move it (§ 31 III
    VwVfG).
    """
    notified_on = notification.due_on
    due_on = add_months(notified_on, months)
    steps = [*notification.steps, DerivationStep(StepKind.NOTIFIED, notified_on)]
    steps.append(DerivationStep(StepKind.MONTHS, due_on, months))
    if due_on.day != notified_on.day:
        steps.append(DerivationStep(StepKind.MONTH_END, due_on))
    due_on, moved = _to_working_day(due_on, days)
    return Deadline(DeadlineKind.APPEAL, due_on, (*steps, *moved), basis, notification.assumed)


def add_months(on: date, months: int) -> date:
    """The day of the same number ``months`` later, or the last day of that month if it is shorter."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, _months.monthrange(year, month + 1)[1]))


def is_working_day(on: date, days: WorkingDays) -> bool:
    """Neither Saturday, Sunday nor a public holiday."""
    return on.weekday() < 5 and days.holiday_name(on) is None


def next_working_day(on: date, days: WorkingDays) -> date:
    """``on`` itself if it is a working day, else the first one after it."""
    return _to_working_day(on, days)[0]


def _days_then_working_day(
    start_on: date, count: int, days: WorkingDays
) -> tuple[date, list[DerivationStep]]:
    if count < 0:
        raise ValueError("a period is not negative")
    due_on = start_on + timedelta(days=count)
    steps = [DerivationStep(StepKind.DAYS, due_on, count)]
    due_on, moved = _to_working_day(due_on, days)
    return due_on, steps + moved


def _to_working_day(on: date, days: WorkingDays) -> tuple[date, list[DerivationStep]]:
    steps: list[DerivationStep] = []
    while True:
        name = days.holiday_name(on)
        if name is None and on.weekday() < 5:
            return on, steps
        on += timedelta(days=1)
        kind = StepKind.WEEKEND if name is None else StepKind.HOLIDAY
        if steps and steps[-1].kind is kind and kind is StepKind.WEEKEND:
            steps[-1] = DerivationStep(kind, on)
        else:
            steps.append(DerivationStep(kind, on, note=name))


@lru_cache(maxsize=1)
def office_zone() -> tzinfo:
    """The legal time in Germany. Where the machine has no zone tables (Windows), the EU's summer time
    rule.
    """
    try:
        return ZoneInfo("Europe/Berlin")
    except (ZoneInfoNotFoundError, OSError):
        return _CentralEuropeanTime()


def office_time(at: datetime) -> datetime:
    """An aware moment in the office's zone.

    :raises ValueError: the time is naive: nobody knows which moment it is
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(office_zone())


def office_day(at: datetime) -> date:
    """The calendar day of a moment in the office's zone: what counts for deadlines."""
    return office_time(at).date()


class _CentralEuropeanTime(tzinfo):
    """UTC+1, and UTC+2 from the last Sunday in March to the last in October at 01:00 UTC (EU 2000/84)."""

    def utcoffset(self, at: datetime | None) -> timedelta:
        return timedelta(hours=1) + self.dst(at)

    def dst(self, at: datetime | None) -> timedelta:
        if at is None:
            return timedelta(0)
        local = at.replace(tzinfo=None)
        begins = _last_sunday(local.year, 3, 2)
        ends = _last_sunday(local.year, 10, 3)
        summer = begins <= local < ends
        if summer and at.fold and local >= ends - timedelta(hours=1):
            summer = False
        return timedelta(hours=1) if summer else timedelta(0)

    def tzname(self, at: datetime | None) -> str:
        return "CEST" if self.dst(at) else "CET"

    def fromutc(self, at: datetime) -> datetime:
        moment = at.replace(tzinfo=None)
        begins, ends = _last_sunday(moment.year, 3, 1), _last_sunday(moment.year, 10, 1)
        local = moment + timedelta(hours=2 if begins <= moment < ends else 1)
        return local.replace(tzinfo=self, fold=1 if ends <= moment < ends + timedelta(hours=1) else 0)


def _last_sunday(year: int, month: int, hour: int) -> datetime:
    last = datetime(year, month, 31, hour)  # noqa: DTZ001 - wall time on purpose
    return last - timedelta(days=(last.weekday() + 1) % 7)
