"""What has arrived and was not told yet; told at once, or after the quiet hours. No Qt here."""

from __future__ import annotations

from datetime import datetime

from clerk_app.domain.quiet_hours import QuietHours


class Attention:
    """Counts arrivals until somebody is told of them."""

    def __init__(self) -> None:
        self._new = 0

    def arrived(self, count: int) -> None:
        """So many cases are new."""
        self._new += count

    def seen(self) -> None:
        """The person looks at the window: nothing needs telling."""
        self._new = 0

    def take(self, quiet: QuietHours | None, at: datetime) -> tuple[int, float]:
        """How many to tell now, and in how many seconds to ask again (0: not at all)."""
        if not self._new:
            return 0, 0.0
        left = quiet.left_s(at) if quiet is not None else 0.0
        if left:
            return 0, left
        told, self._new = self._new, 0
        return told, 0.0
