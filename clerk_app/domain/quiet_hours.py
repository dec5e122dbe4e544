"""Ruhezeit: hours in which nothing is announced."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)\Z")


@dataclass(frozen=True)
class QuietHours:
    """Ruhezeit: minutes since midnight in the office's zone, over midnight when ``begin`` is later."""

    begin: int
    end: int

    def left_s(self, at: datetime) -> float:
        """Seconds until they end; 0 outside of them."""
        minute = at.hour * 60 + at.minute
        inside = self.begin <= minute < self.end
        if self.begin > self.end:
            inside = minute >= self.begin or minute < self.end
        if not inside:
            return 0.0
        end = at.replace(hour=self.end // 60, minute=self.end % 60, second=0, microsecond=0)
        return (end - at + timedelta(days=end <= at)).total_seconds()


def quiet_hours(text: object) -> QuietHours | None:
    """``18:00-07:00`` as hours; None for anything else."""
    found = _HOURS.match(text) if isinstance(text, str) else None
    if found is None:
        return None
    begin, end = (int(found[at]) * 60 + int(found[at + 1]) for at in (1, 3))
    return QuietHours(begin, end) if begin != end else None
