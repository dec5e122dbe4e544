"""How long an entry has been under way, and whether a legal date comes closer than that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from clerk_app.domain.deadlines import Deadline, DeadlineKind, office_day, office_zone
from clerk_app.domain.outbox import FINAL_STATES, OutboxEntry

#: Days that something must reach the citizen by, or that run only once it has. A notification or an appeal
#: period begins with the delivery itself and cannot be missed by waiting.
_MISSABLE = frozenset(
    {
        DeadlineKind.PROCESSING,
        DeadlineKind.ANSWER,
        DeadlineKind.HEARING,
        DeadlineKind.FICTION,
        DeadlineKind.MANUAL,
    }
)


def due_to_leave_at(entry: OutboxEntry) -> datetime:
    """When the entry could first have left: the end of its take-back time."""
    return max(entry.created_at, entry.hold_until)


def waited(entry: OutboxEntry, now: datetime) -> timedelta:
    """How long it has been due without being delivered; zero within the take-back time and when finished."""
    if entry.state in FINAL_STATES:
        return timedelta()
    return max(timedelta(), now - due_to_leave_at(entry))


def is_pressing(due_on: date, entry: OutboxEntry, now: datetime) -> bool:
    """Whether the day ends sooner than the entry has already been stuck, or before its next try.

    A day that had passed before the entry was made is not the outbox's doing.
    """
    stuck = waited(entry, now)
    if not stuck or due_on < office_day(entry.created_at):
        return False
    end = datetime.combine(due_on, time.max, office_zone())
    return end - now < stuck or (entry.next_try_at is not None and entry.next_try_at >= end)


def pressing(deadlines: Iterable[Deadline], entry: OutboxEntry, now: datetime) -> tuple[Deadline, ...]:
    """Those of a case's deadlines that the entry is about to miss, nearest first."""
    found = [each for each in deadlines if each.kind in _MISSABLE and is_pressing(each.due_on, entry, now)]
    return tuple(sorted(found, key=lambda each: each.due_on))
