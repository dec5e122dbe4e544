"""Bekanntgabe: the day a notice counts as notified, by dated rules of a Land."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from clerk_app.domain.deadlines.model import (
    Deadline,
    DeadlineKind,
    DerivationStep,
    ProcedureLaw,
    StepKind,
    WorkingDays,
)
from clerk_app.domain.deadlines.periods import Period, PeriodUnit, deadline, end_of
from clerk_app.domain.deadlines.working_days import to_working_day


class DispatchWay(StrEnum):
    """Versandweg: by which way a notice leaves the office; the fiction of notification depends on it."""

    LETTER = "letter"  # by post within Germany
    LETTER_ABROAD = "letter-abroad"  # by post to another country
    ELECTRONIC = "electronic"  # transmitted electronically
    MAILBOX = "mailbox"  # made available in the mailbox of a user account (OZG § 9, AO § 122a)
    RETRIEVAL = "retrieval"  # made available in a portal, notified by being fetched (VwVfG § 41 IIa)


_START_OF_WAY = {
    DispatchWay.LETTER: StepKind.POSTED,
    DispatchWay.LETTER_ABROAD: StepKind.POSTED,
    DispatchWay.ELECTRONIC: StepKind.SENT,
    DispatchWay.MAILBOX: StepKind.PROVIDED,
    DispatchWay.RETRIEVAL: StepKind.PROVIDED,
}


_OPEN = frozenset({StepKind.ARRIVAL_NEEDED, StepKind.NOT_RETRIEVED, StepKind.CAME_BACK})


@dataclass(frozen=True, slots=True)
class NotificationRule:
    """Bekanntgabefiktion, dated: notified on the n-th day after sending (VwVfG § 41 II, AO § 122, SGB X §
    37).

    Applies to notices sent from ``valid_from`` to before ``valid_until`` (None: open) by ``way``. One of:
    ``day`` (the n-th day), ``months`` (a month after posting abroad), ``retrieval_days`` (the day after it
    was fetched, which must happen within so many days), or none of them: the law presumes nothing, only the
    real arrival counts. ``moves_to_working_day`` is the AO's way; in VwVfG and SGB X the day stays where it
    falls. ``earlier_retrieval``: fetched earlier, that day counts (always marked as assumed). ``assumed``
    marks values nobody confirmed. Raises ValueError for a rule that contradicts itself.
    """

    law: ProcedureLaw
    valid_from: date
    valid_until: date | None
    day: int
    moves_to_working_day: bool
    basis: str
    assumed: bool = False
    way: DispatchWay = DispatchWay.LETTER
    months: int = 0
    retrieval_days: int = 0
    earlier_retrieval: bool = False

    def __post_init__(self) -> None:
        if min(self.day, self.months, self.retrieval_days) < 0:
            raise ValueError("days and months count from 1")
        if sum(bool(each) for each in (self.day, self.months, self.retrieval_days)) > 1:
            raise ValueError("only one of day, months, retrieval_days")
        if not self.day and self.way in (DispatchWay.LETTER, DispatchWay.ELECTRONIC, DispatchWay.MAILBOX):
            raise ValueError("the n-th day counts from 1")
        if bool(self.retrieval_days) is not (self.way is DispatchWay.RETRIEVAL):
            raise ValueError("retrieval_days belong to the way retrieval")
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            raise ValueError("the rule would never be valid")

    def applies(self, law: ProcedureLaw, sent_on: date, way: DispatchWay = DispatchWay.LETTER) -> bool:
        """Whether this rule governs a notice of ``law`` sent on ``sent_on`` by ``way``."""
        return (
            self.law is law
            and self.way is way
            and self.valid_from <= sent_on
            and (self.valid_until is None or sent_on < self.valid_until)
        )


def notification_rule(
    rules: Iterable[NotificationRule],
    law: ProcedureLaw,
    sent_on: date,
    way: DispatchWay = DispatchWay.LETTER,
) -> NotificationRule:
    """The rule in force on ``sent_on``.

    :raises LookupError: no rule covers that day: the state profile is incomplete
    """
    for rule in rules:
        if rule.applies(law, sent_on, way):
            return rule
    raise LookupError(f"no notification rule of {law.value} by {way.value} for {sent_on.isoformat()}")


def notified(
    sent_on: date,
    rule: NotificationRule,
    days: WorkingDays,
    *,
    received_on: date | None = None,
    retrieved_on: date | None = None,
) -> Deadline:
    """The day a notice is notified.

    ``received_on`` is a real arrival someone proved: it counts when it is later than the presumed day (VwVfG
    § 41 II 3); an earlier one changes nothing. ``retrieved_on`` is the day it was fetched from a mailbox.
    """
    steps = [DerivationStep(_START_OF_WAY[rule.way], sent_on)]
    if rule.way is DispatchWay.RETRIEVAL:
        return _by_retrieval(steps, sent_on, rule, retrieved_on)
    if rule.earlier_retrieval and retrieved_on is not None:
        presumed = sent_on + timedelta(days=rule.day)
        if sent_on <= retrieved_on < presumed:
            steps.append(DerivationStep(StepKind.RETRIEVED, retrieved_on, assumed=True))
            return deadline(DeadlineKind.NOTIFICATION, retrieved_on, tuple(steps), rule.basis)
    if not rule.day and not rule.months:
        return _by_arrival(steps, sent_on, rule, received_on)
    if rule.day:
        due_on = sent_on + timedelta(days=rule.day)
        steps.append(DerivationStep(StepKind.NTH_DAY, due_on, rule.day))
    else:
        due_on, counted = end_of(Period(rule.months, PeriodUnit.MONTH), sent_on)
        steps.extend(counted)
    if rule.moves_to_working_day:
        due_on, moved = to_working_day(due_on, days)
        steps.extend(moved)
    if received_on is not None and received_on > due_on:
        steps.append(DerivationStep(StepKind.RECEIVED, received_on))
        due_on = received_on
    return deadline(DeadlineKind.NOTIFICATION, due_on, tuple(steps), rule.basis, assumed=rule.assumed)


def is_open(notification: Deadline) -> bool:
    """Whether the notice is not notified: nobody entered a real arrival, nobody fetched it, it came back."""
    return notification.steps[-1].kind in _OPEN


def undelivered(sent_on: date, rule: NotificationRule, came_back_on: date) -> Deadline:
    """A notice that came back as undeliverable: the presumption does not hold (VwVfG § 41 II 3)."""
    steps = (
        DerivationStep(_START_OF_WAY[rule.way], sent_on),
        DerivationStep(StepKind.CAME_BACK, came_back_on),
    )
    return deadline(DeadlineKind.NOTIFICATION, came_back_on, steps, rule.basis)


def _by_retrieval(
    steps: list[DerivationStep], sent_on: date, rule: NotificationRule, retrieved_on: date | None
) -> Deadline:
    last = sent_on + timedelta(days=rule.retrieval_days)
    if retrieved_on is None or retrieved_on > last:
        steps.append(DerivationStep(StepKind.NOT_RETRIEVED, last, rule.retrieval_days))
        return deadline(DeadlineKind.NOTIFICATION, last, tuple(steps), rule.basis, assumed=rule.assumed)
    due_on = retrieved_on + timedelta(days=1)
    steps.append(DerivationStep(StepKind.RETRIEVED, retrieved_on))
    steps.append(DerivationStep(StepKind.NEXT_DAY, due_on))
    return deadline(DeadlineKind.NOTIFICATION, due_on, tuple(steps), rule.basis, assumed=rule.assumed)


def _by_arrival(
    steps: list[DerivationStep], sent_on: date, rule: NotificationRule, received_on: date | None
) -> Deadline:
    if received_on is None:
        steps.append(DerivationStep(StepKind.ARRIVAL_NEEDED, sent_on))
    else:
        steps.append(DerivationStep(StepKind.RECEIVED, received_on))
    return deadline(
        DeadlineKind.NOTIFICATION, received_on or sent_on, tuple(steps), rule.basis, assumed=rule.assumed
    )
