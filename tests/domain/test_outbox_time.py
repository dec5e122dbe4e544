"""When a legal date comes closer than an entry has been stuck."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from clerk_app.domain.deadlines import Deadline, DeadlineKind
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.outbox import FINAL_STATES, OutboxEntry, OutboxKind, OutboxState
from clerk_app.domain.outbox_time import is_pressing, pressing, waited

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # noon in the office


def entry(*, stuck: timedelta, **changes: Any) -> OutboxEntry:
    at = NOW - stuck
    made = OutboxEntry(
        EntryId("e"), CaseId("c"), OutboxKind.DECISION, None, "service-bw", OutboxState.QUEUED, at, at, at
    )
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("stuck_hours", "due_on", "warned"),
    [
        (1, date(2026, 11, 24), False),  # twelve hours are left
        (11.9, date(2026, 11, 24), False),
        (12.1, date(2026, 11, 24), True),
        (24, date(2026, 11, 25), False),
        (37, date(2026, 11, 25), True),
        (240, date(2026, 12, 3), True),
        (240, date(2026, 12, 4), False),
        (48, date(2026, 11, 23), True),  # it went by while the entry waited
        (48, date(2026, 11, 21), False),  # it had gone by before
        (9_000, date.max, False),
        (9_000, date.min, False),
    ],
)
def test_a_day_presses_when_it_is_nearer_than_the_wait_so_far(
    stuck_hours: float, due_on: date, warned: bool
) -> None:
    assert is_pressing(due_on, entry(stuck=timedelta(hours=stuck_hours)), NOW) is warned


def test_the_next_try_counts() -> None:
    stuck = timedelta(minutes=5)
    today = date(2026, 11, 24)
    in_time = entry(stuck=stuck, next_try_at=datetime(2026, 11, 24, 22, 59, tzinfo=UTC))
    too_late = entry(stuck=stuck, next_try_at=datetime(2026, 11, 24, 23, 0, tzinfo=UTC))
    assert not is_pressing(today, in_time, NOW)
    assert is_pressing(today, too_late, NOW), "midnight in the office has passed by then"


def test_within_the_take_back_time_and_when_finished_nothing_presses() -> None:
    held = entry(stuck=timedelta(days=3), hold_until=NOW + timedelta(seconds=1))
    assert waited(held, NOW) == timedelta()
    assert not is_pressing(date(2026, 11, 24), held, NOW)
    for state in OutboxState:
        stuck = entry(stuck=timedelta(days=3), state=state)
        assert is_pressing(date(2026, 11, 24), stuck, NOW) is (state not in FINAL_STATES)


def test_a_period_that_only_begins_with_the_delivery_is_not_missed_by_waiting() -> None:
    stuck = entry(stuck=timedelta(days=30))
    found = pressing(
        [Deadline(kind, date(2026, 11, 25 + at % 3), ()) for at, kind in enumerate(DeadlineKind)], stuck, NOW
    )
    kinds = {each.kind for each in found}
    assert {DeadlineKind.PROCESSING, DeadlineKind.ANSWER, DeadlineKind.FICTION} <= kinds
    assert not kinds & {DeadlineKind.APPEAL, DeadlineKind.NOTIFICATION}
    assert [each.due_on for each in found] == sorted(each.due_on for each in found)
