"""The sync thread: plain, named, and the only owner of what it opens (decision record 0002)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

from clerk_app.domain.errors import ClerkError
from clerk_app.sync.engine import SyncEngine
from clerk_app.sync.status import StatusBoard, SyncPhase, SyncStatus

INTERVAL_S = 60.0


class SyncThread:
    """Runs rounds every ``interval_s`` and whenever asked. ``open_engine`` is called on the thread itself, so
    that every connection belongs to it. ``on_failure`` is told of what no round may raise."""

    def __init__(
        self,
        open_engine: Callable[[Callable[[], bool]], AbstractContextManager[SyncEngine]],
        board: StatusBoard,
        on_failure: Callable[[BaseException], None],
        interval_s: float = INTERVAL_S,
    ) -> None:
        self._open_engine = open_engine
        self._board = board
        self._on_failure = on_failure
        self._interval_s = interval_s
        self._wake = threading.Condition()
        self._asked = False
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    def start(self) -> None:
        """Begins with a first round at once."""
        self._thread.start()

    def stop(self, timeout_s: float = 30.0) -> bool:
        """Lets the running step finish and ends; whether it ended in time."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def status(self) -> SyncStatus:
        """The latest snapshot."""
        return self._board.status()

    def sync_now(self) -> None:
        """Asks for a round at once; returns immediately."""
        with self._wake:
            self._asked = True
            self._wake.notify_all()

    def subscribe(self, listener: Callable[[SyncStatus], None]) -> Callable[[], None]:
        """See SyncControl."""
        return self._board.subscribe(listener)

    def _is_stopping(self) -> bool:
        with self._wake:
            return self._stopping

    def _run(self) -> None:
        try:
            while not self._is_stopping():
                with self._survived():
                    self._rounds()
                if not self._is_stopping():  # it could not be opened: a key file may come back, say
                    self._wait()
        except BaseException as error:  # noqa: BLE001 - the last line of a thread: tell, never vanish
            self._on_failure(error)
        self._board.post(replace(self._board.status(), phase=SyncPhase.STOPPED))

    def _rounds(self) -> None:
        with self._open_engine(self._is_stopping) as engine:
            force = True
            while not self._is_stopping():
                with self._survived():
                    engine.run_once(force=force)
                force = self._wait()

    @contextmanager
    def _survived(self) -> Iterator[None]:
        """A full disk or a damaged file must not end the thread: the next round may find it mended."""
        try:
            yield
        except (ClerkError, OSError) as error:
            self._on_failure(error)
            self._board.post(replace(self._board.status(), phase=SyncPhase.DISTURBED))

    def _wait(self) -> bool:
        """Sleeps until the next round is due or asked for; whether a person asked."""
        with self._wake:
            self._wake.wait_for(lambda: self._asked or self._stopping, timeout=self._interval_s)
            asked, self._asked = self._asked, False
        return asked
