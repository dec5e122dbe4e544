"""What the window needs from outside, and how it is started. ``bootstrap`` fills it in."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.errors import ClerkError
from clerk_app.domain.ids import CaseId
from clerk_app.domain.policy_state import PolicyState
from clerk_app.sync.status import SyncControl
from clerk_app.ui.rendering import Renderer
from clerk_app.ui.settings import MemorySettings, WindowSettings
from clerk_app.usecases.desk import Desk, OfficeFacts
from clerk_app.usecases.ports import CaseReads

if TYPE_CHECKING:
    from clerk_app.ui.lock_screen import LockScreen


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class CheckedPart:
    """One line of the self-check: a sentence, and whether it is well."""

    words: str
    well: bool


class PracticePortal(Protocol):
    """The practice portal beside a practice office, as far as a clerk may play with it. Safe to call from
    any thread."""

    def unplug(self) -> None:
        """The portal cannot be reached until ``plug_in``."""
        ...

    def plug_in(self) -> None:
        """The portal is there again."""
        ...

    def file_applications(self, count: int) -> None:
        """Citizens file ``count`` applications."""
        ...


class Presence(Protocol):
    """Who in the team has which case open. Listeners are called on a foreign thread."""

    def show(self, case_id: CaseId | None) -> None:
        """The person here has this case open now; returns at once."""
        ...

    def others(self, case_id: CaseId) -> tuple[str, ...]:
        """Names of those who have it open elsewhere."""
        ...

    def subscribe(self, listener: Callable[[Mapping[CaseId, tuple[str, ...]]], None]) -> Callable[[], None]:
        """Tells of every change; the result ends that."""
        ...


@dataclass(frozen=True)
class Shell:
    """Everything the window is given.

    ``open_desk`` is called on the command worker's thread, ``open_reads`` once on the UI thread and once on
    each thread of the query pool, ``open_renderer`` on the thread that fetches pictures. Listeners of
    ``sync`` and ``subscribe_changes`` are called on foreign threads. ``now`` is the office's clock,
    ``clock_s`` a monotonic one. ``open_practice`` starts a practice office in a process of its own and comes
    back when its window opens (raises ClerkError PRACTICE_NOT_OPENED); ``practice_portal`` is there in a
    practice office that brought its portal along. With ``lock`` the window can be locked; ``watch_session``
    calls back on a foreign thread when the operating system locks its session, ``elsewhere_s`` says how long
    ago the person touched this machine.
    """

    open_desk: Callable[[], Desk]
    open_reads: Callable[[], CaseReads]
    sync: SyncControl
    subscribe_changes: Callable[[Callable[[ChangeSet], None]], Callable[[], None]]
    office: OfficeFacts
    open_renderer: Callable[[], Renderer]
    settings: WindowSettings = field(default_factory=MemorySettings)
    now: Callable[[], datetime] = _now
    clock_s: Callable[[], float] = time.monotonic
    open_practice: Callable[[], None] | None = None
    practice_portal: PracticePortal | None = None
    self_check: Callable[[], Sequence[CheckedPart]] | None = None  # slow: never on the UI thread
    support: Callable[[BinaryIO], Sequence[str]] | None = None  # writes the bundle for support; slow, too
    policy: Callable[[], PolicyState] | None = None  # what the machine's admin has settled
    presence: Presence | None = None  # an office with one desktop has none
    window_blocked: Callable[[int, list[str]], None] | None = None  # milliseconds, and where
    warning: ClerkError | None = None  # what a person must be told before anything else
    lock: LockScreen | None = None
    watch_session: Callable[[Callable[[], None]], Callable[[], None]] | None = None
    elsewhere_s: Callable[[], float | None] | None = None


def run_window(shell: Shell, argv: Sequence[str]) -> int | None:
    """The window until it is closed. Gives the exit code, None when it was locked: then ``shell.lock`` stands
    in its place and nothing of the window is left."""
    from clerk_app.ui.application import run

    return run(shell, argv)


def make_screenshots(shell: Shell, folder: Path, size: tuple[int, int] = (1280, 800)) -> list[Path]:
    """Pictures of the main screens in light and dark, without a display.

    Needs at least one open case. Changes nothing in the office except that the newest case counts as
    looked at.
    """
    from clerk_app.ui.screenshots import make

    return make(shell, folder, size)
