"""The machine's time."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The time of this machine as an aware UTC datetime."""

    def now(self) -> datetime:
        """The current moment."""
        return datetime.now(UTC)
