"""PINs that were accepted, for as many minutes as policy or profile allow; in this process's memory only."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta


class PinMemory:
    """By the key's reference. Shared by all desks of one office; safe to call from any thread."""

    def __init__(self, minutes: int = 0) -> None:
        self._span = timedelta(minutes=minutes)
        self._kept: dict[str, tuple[str, datetime]] = {}
        self._lock = threading.Lock()

    def keep(self, reference: str, pin: str, now: datetime) -> None:
        """From now on; the time does not begin anew with every use."""
        with self._lock:
            if self._span and reference not in self._kept:
                self._kept[reference] = (pin, now)

    def recall(self, reference: str, now: datetime) -> str | None:
        """The PIN, unless its time is over; a clock that was set back ends it too."""
        with self._lock:
            pin, since = self._kept.get(reference, ("", now))
            if pin and not since <= now < since + self._span:
                del self._kept[reference]
                return None
            return pin or None

    def forget_all(self) -> None:
        """The office is closed, or locked."""
        with self._lock:
            self._kept.clear()

    def forget(self, reference: str) -> None:
        """A card refused it."""
        with self._lock:
            self._kept.pop(reference, None)
