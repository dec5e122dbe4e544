"""Quiet hours, over midnight or not, and through the night of the clock change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clerk_app.domain.deadlines import office_time
from clerk_app.domain.quiet_hours import QuietHours, quiet_hours

NIGHT = QuietHours(18 * 60, 7 * 60)
NOON = QuietHours(12 * 60, 13 * 60)


@pytest.mark.parametrize(
    ("hours", "at", "left"),
    [
        (NIGHT, "2026-11-27 17:59", 0),
        (NIGHT, "2026-11-27 18:00", 13 * 3600),
        (NIGHT, "2026-11-27 23:30", 7.5 * 3600),
        (NIGHT, "2026-11-28 06:59", 60),
        (NIGHT, "2026-11-28 07:00", 0),
        (NOON, "2026-11-27 12:15", 45 * 60),
        (NOON, "2026-11-27 13:00", 0),
    ],
)
def test_how_long_they_last(hours: QuietHours, at: str, left: float) -> None:
    local = office_time(datetime.fromisoformat(at).replace(tzinfo=UTC)).replace(
        hour=int(at[11:13]), minute=int(at[14:16])
    )
    assert hours.left_s(local) == left


def test_what_is_none() -> None:
    assert quiet_hours("18:00-07:00") == NIGHT
    for text in ("", "18:00", "18-7", "07:00-07:00", "25:00-07:00", None, 3):
        assert quiet_hours(text) is None
