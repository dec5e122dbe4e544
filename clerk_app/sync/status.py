"""Where the Abgleich stands, as a snapshot anyone may hold; and the levers on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from clerk_app.domain.case import MailboxKey
from clerk_app.domain.errors import ErrorCode

# The service tells the authority's contact after 3 days that something is not fetched, and rejects it by
# itself after 14 (domain reference 1.12): from 3 days on a person must be warned.
OVERDUE_AFTER = timedelta(days=3)


def is_overdue(last_sync_at: datetime | None, now: datetime) -> bool:
    """Whether the last complete round is so long ago that applications may be lost to a time limit."""
    return last_sync_at is not None and now - last_sync_at > OVERDUE_AFTER


class SyncPhase(StrEnum):
    """What the engine is doing now."""

    NEVER = "never"  # no round yet in this home
    IDLE = "idle"
    EXCHANGING = "exchanging"  # with the team's server
    PUSHING = "pushing"
    LISTING = "listing"
    RECEIVING = "receiving"
    OFFLINE = "offline"  # no portal could be reached in the last round
    SIGN_IN_NEEDED = "sign-in-needed"
    DISTURBED = "disturbed"  # reached, but at least one mailbox failed
    STOPPED = "stopped"


@dataclass(frozen=True)
class MailboxFailure:
    """Why a mailbox could not be read in the last round."""

    mailbox: MailboxKey
    code: ErrorCode
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class SyncStatus:
    """Stand des Abgleichs. ``done`` of ``total`` submissions in RECEIVING; ``since``: start of the phase."""

    phase: SyncPhase = SyncPhase.NEVER
    since: datetime | None = None
    last_success_at: datetime | None = None
    done: int = 0
    total: int = 0
    failures: tuple[MailboxFailure, ...] = ()


@dataclass(frozen=True)
class SyncSummary:
    """What one or more rounds did. Every waiting submission counts once: as ``received`` (a new case),
    ``joined`` (an answer in a known case), ``rejected`` or ``quarantined``. ``sent`` entries reached the
    service, ``delivered`` ones have a receipt, ``waiting`` ones still have a step to go."""

    received: int = 0
    joined: int = 0
    rejected: int = 0
    quarantined: int = 0
    sent: int = 0
    delivered: int = 0
    waiting: int = 0
    failures: tuple[MailboxFailure, ...] = ()

    def __add__(self, later: SyncSummary) -> SyncSummary:
        return SyncSummary(
            self.received + later.received,
            self.joined + later.joined,
            self.rejected + later.rejected,
            self.quarantined + later.quarantined,
            self.sent + later.sent,
            self.delivered + later.delivered,
            later.waiting,
            later.failures,
        )

    @property
    def moved(self) -> bool:
        """Whether anything happened at all."""
        return bool(
            self.received or self.joined or self.rejected or self.quarantined or self.sent or self.delivered
        )


class SyncControl(Protocol):
    """Lever on the engine that runs on its own thread."""

    def status(self) -> SyncStatus: ...

    def sync_now(self) -> None:
        """Asks for a round at once, whatever the back-off says. Returns immediately."""
        ...

    def subscribe(self, listener: Callable[[SyncStatus], None]) -> Callable[[], None]:
        """Calls ``listener`` (on the sync thread) at every change; returns what ends the subscription."""
        ...


class StatusBoard:
    """Holds the latest snapshot and tells listeners. Safe from any thread."""

    def __init__(self) -> None:
        import threading

        self._lock = threading.Lock()
        self._status = SyncStatus()
        self._listeners: list[Callable[[SyncStatus], None]] = []

    def status(self) -> SyncStatus:
        """The latest snapshot."""
        with self._lock:
            return self._status

    def post(self, status: SyncStatus) -> None:
        """Replaces the snapshot and tells every listener."""
        with self._lock:
            self._status = status
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(status)

    def subscribe(self, listener: Callable[[SyncStatus], None]) -> Callable[[], None]:
        """Adds a listener; the result removes it."""
        with self._lock:
            self._listeners.append(listener)

        def end() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return end
