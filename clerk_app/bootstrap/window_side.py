"""Opens the window on an office: connections per thread, the sync thread, the preview child."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from clerk_app.bootstrap.logging_side import logged
from clerk_app.bootstrap.policy_side import policy_state, window_policy
from clerk_app.bootstrap.practice_side import open_practice
from clerk_app.bootstrap.premises import Premises, office_facts, older_ledger
from clerk_app.domain.errors import ClerkError
from clerk_app.sync.engine import SyncEngine
from clerk_app.sync.status import StatusBoard, SyncControl, SyncStatus
from clerk_app.sync.thread import SyncThread
from clerk_app.system import crashes, logs
from clerk_app.system.session_watch import elsewhere_s, watch_session
from clerk_app.texts import LANGUAGES, set_language
from clerk_app.ui.policed import PolicedSettings
from clerk_app.ui.rendering import Renderer
from clerk_app.ui.settings import FileSettings
from clerk_app.ui.shell import CheckedPart, PracticePortal, Presence, Shell, run_window
from clerk_app.usecases.desk import Desk

if TYPE_CHECKING:
    from clerk_app.ui.lock_screen import LockScreen

_SLICE_S = 0.05

OpenOffice = Callable[[], AbstractContextManager[Premises]]


def run_office_window(open_office: OpenOffice, practice_portal: PracticePortal | None = None) -> int:
    """The window until it is closed; then the running sync step is allowed to finish.

    A locked window is a closed one: the whole office is closed with it, its key forgotten and its home's lock
    given back; unlocking opens everything anew (decision 0058). Raises ClerkError when the office cannot be
    opened the first time; after a lock the lock page tells it.
    """
    from clerk_app.ui.lock_screen import LockScreen

    crashes.start_window_process()
    lock = LockScreen()
    while True:
        try:
            code = _sit(open_office, practice_portal, lock)
        except ClerkError as error:
            if not lock.covered:
                raise
            code = None
            lock.tell(error)
        if code is not None:
            return code
        if not lock.wait():
            return 0


def _sit(open_office: OpenOffice, practice_portal: PracticePortal | None, lock: LockScreen) -> int | None:
    """One sitting: from opening to closing, or to the lock (None). Nothing of it outlives this call."""
    with open_office() as premises:
        return _work(premises, practice_portal, lock)


def _work(premises: Premises, practice_portal: PracticePortal | None, lock: LockScreen) -> int | None:
    _speak(premises)
    with (
        logged(premises.home),
        running_sync(premises, lock) as sync,
        _running_texts(premises),
        _watching_team(premises, sync) as presence,
    ):
        if lock.covered:
            logs.event("unlocked")
        shell = replace(
            shell_for(premises, sync, practice_portal),
            presence=presence,
            lock=lock,
            watch_session=watch_session,
            elsewhere_s=elsewhere_s,
        )
        code = run_window(shell, sys.argv[:1])
        if code is None:
            logs.event("locked")
        return code


def _speak(premises: Premises) -> None:
    """The language chosen in the window, unless the environment asks for one."""
    chosen = _settings(premises).get("language")
    if "CLERK_LANGUAGE" not in os.environ and chosen in LANGUAGES:
        set_language(str(chosen))


def _settings(premises: Premises) -> PolicedSettings:
    return PolicedSettings(FileSettings(premises.home.root / "window.json"), window_policy())


def _running_texts(premises: Premises) -> AbstractContextManager[None]:
    from clerk_app.bootstrap.texts_side import running_texts

    return running_texts(premises, lambda error: logs.failure(error, "reading-failed"))


@contextmanager
def running_sync(premises: Premises, lock: LockScreen | None = None) -> Iterator[SyncThread]:
    """The sync thread of these premises. Behind the lock its step is waited for, however long it takes: the
    program lives on, and the home's lock must not be given back while a thread still sends."""
    board = StatusBoard()
    thread = SyncThread(
        lambda stopping: _open_engine(premises, board, stopping),
        board,
        lambda error: logs.failure(error, "sync-failed"),
    )
    thread.start()
    try:
        yield thread
    finally:
        while lock is not None and lock.covered and not lock.leaving and not thread.stop(_SLICE_S):
            lock.breathe()
        thread.stop()


@contextmanager
def _watching_team(premises: Premises, sync: SyncControl) -> Iterator[Presence | None]:
    """Who of the team has what open; a colleague's entry asks for a round at once."""
    if premises.profile.team is None or premises.profile.team.county_id is not None:
        yield None
        return
    from clerk_app.bootstrap.team_side import team_watch

    watch = team_watch(premises, sync.sync_now)
    if watch is None:
        yield None
        return
    watch.start()
    try:
        yield watch
    finally:
        watch.stop()


def shell_for(premises: Premises, sync: SyncControl, practice_portal: PracticePortal | None = None) -> Shell:
    """What the window is handed."""
    return Shell(
        open_desk=lambda: _open_desk(premises),
        open_reads=lambda: premises.store.reads(premises.actor),
        sync=sync,
        subscribe_changes=premises.store.bus.subscribe,
        office=office_facts(premises),
        open_renderer=_open_renderer,
        settings=_settings(premises),
        now=premises.clock.now,
        open_practice=None if premises.profile.practice else open_practice,
        practice_portal=practice_portal,
        self_check=lambda: _self_check(premises),
        support=lambda target: _support(premises, target),
        policy=lambda: policy_state(premises.profile),
        window_blocked=lambda ms, places: logs.event("window-blocked", ms=ms, places=places),
        warning=older_ledger(premises),
    )


def _self_check(premises: Premises) -> list[CheckedPart]:
    """What ``clerk-app doctor`` says of this office."""
    from clerk_app.bootstrap.doctor import examine
    from clerk_app.cli.entrance import GlobalOptions
    from clerk_app.cli.sentences import doctor_sentence

    findings = examine(GlobalOptions(home=premises.home.root))
    return [CheckedPart(doctor_sentence(finding), finding.ok) for finding in findings]


def _support(premises: Premises, target: BinaryIO) -> list[str]:
    """The same bundle as ``clerk-app support-bundle``."""
    from clerk_app.bootstrap.support_side import write_support
    from clerk_app.cli.entrance import GlobalOptions

    return write_support(target, GlobalOptions(home=premises.home.root))


# The rooms behind these are loaded on the threads that use them: the first list is painted meanwhile.


def _open_desk(premises: Premises) -> Desk:
    from clerk_app.bootstrap.desk_side import open_desk

    return open_desk(premises)


def _open_engine(
    premises: Premises, board: StatusBoard, stopping: Callable[[], bool]
) -> AbstractContextManager[SyncEngine]:
    from clerk_app.bootstrap.sync_side import open_engine

    return open_engine(premises, board, stopping)


def _open_renderer() -> Renderer:
    from clerk_app.preview.renderer import Renderer as PreviewRenderer

    return PreviewRenderer()


class IdleSync:
    """A sync that stands still, for screenshots: shows the last status and does nothing."""

    def __init__(self, status: SyncStatus) -> None:
        self._status = status

    def status(self) -> SyncStatus:
        """See SyncControl."""
        return self._status

    def sync_now(self) -> None:
        """Does nothing."""

    def subscribe(self, listener: Callable[[SyncStatus], None]) -> Callable[[], None]:
        """Nothing ever changes."""
        return lambda: None
