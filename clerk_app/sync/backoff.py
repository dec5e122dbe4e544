"""When to try again: patient, spread out, and never against what the portal asked for."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

FIRST_S = 25.0
FACTOR = 5.0
LONGEST_S = 24 * 3600.0


@dataclass(frozen=True)
class Backoff:
    """25 s, 2 min, 10 min, 52 min, 4 h, 22 h, then daily; each spread by ±10 % so that desktops do not
    all knock at once. ``spread`` returns a number in [0, 1)."""

    spread: Callable[[], float] = field(default=random.random)

    def next_try_at(self, now: datetime, attempts: int, retry_after_s: float | None = None) -> datetime:
        """The time of the next attempt after ``attempts`` failed ones (at least 1). ``retry_after_s`` is what
        the portal asked for; it wins when it is longer."""
        seconds = min(FIRST_S * FACTOR ** min(max(attempts, 1) - 1, 8), LONGEST_S)
        seconds *= 0.9 + 0.2 * self.spread()
        return now + timedelta(seconds=max(seconds, retry_after_s or 0.0))
