"""Threads that work for the window. Results come back on the UI thread; the window never waits for them."""

from __future__ import annotations

import logging
import threading
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode

_log = logging.getLogger(__name__)
Tool = TypeVar("Tool")
Result = TypeVar("Result")


class _Postbox(QObject):
    """Carries finished jobs to the UI thread."""

    _come = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.shut = False
        self._come.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[[], None]) -> None:
        self._come.emit(call)

    @Slot(object)
    def _deliver(self, call: Callable[[], None]) -> None:
        if not self.shut:
            call()


@dataclass(frozen=True, eq=False)
class _Job:
    work: Callable[[Any], Any]
    on_done: Callable[[Any], None] | None
    on_error: Callable[[ClerkError], None] | None
    key: str | None
    number: int


class Worker(Generic[Tool]):
    """One or more threads over one queue, each with its own tool (a Desk, CaseReads, a Renderer).

    Jobs of one thread run in the order they were handed in. A job with a ``key`` takes the place of a waiting
    one with the same key, and only the newest job of a key is answered: newest request wins. ``stop`` lets
    jobs without a key finish, so nothing a clerk did is lost.
    """

    def __init__(
        self,
        name: str,
        open_tool: Callable[[], Tool],
        close_tool: Callable[[Tool], None] | None = None,
        threads: int = 1,
    ) -> None:
        self._open_tool = open_tool
        self._close_tool = close_tool
        self._jobs: deque[_Job] = deque()
        self._wake = threading.Condition()
        self._stopping = False
        self._running = 0
        self._number = 0
        self._newest: dict[str, int] = {}
        self._postbox = _Postbox()
        self._threads = [
            threading.Thread(target=self._loop, name=f"{name}-{at}", daemon=True) for at in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def submit(
        self,
        work: Callable[[Tool], Result],
        on_done: Callable[[Result], None] | None = None,
        on_error: Callable[[ClerkError], None] | None = None,
        *,
        key: str | None = None,
        first: bool = False,
    ) -> None:
        """Runs ``work`` on a thread of this worker and calls back on the UI thread. ``first``: before all
        that waits, because somebody is looking at the place where it will be."""
        with self._wake:
            if self._stopping:
                return
            self._number += 1
            if key is not None:
                self._newest[key] = self._number
                for waiting in [job for job in self._jobs if job.key == key]:
                    self._jobs.remove(waiting)
            job = _Job(work, on_done, on_error, key, self._number)
            if first:
                self._jobs.appendleft(job)
            else:
                self._jobs.append(job)
            self._wake.notify()

    def forget(self, key: str) -> None:
        """The answer to the newest job of ``key`` is no longer wanted."""
        with self._wake:
            self._number += 1
            self._newest[key] = self._number
            for waiting in [job for job in self._jobs if job.key == key]:
                self._jobs.remove(waiting)

    @property
    def idle(self) -> bool:
        """Whether nothing is waiting or running (answers may still be on their way)."""
        with self._wake:
            return not self._jobs and not self._running

    def hush(self) -> None:
        """Answers that are still on their way reach nobody: the widgets they are for are gone."""
        self._postbox.shut = True

    def stop(self, timeout_s: float = 30.0) -> bool:
        """Finishes what has no key, closes the tools, ends the threads. False if one did not end in time."""
        with self._wake:
            self._stopping = True
            for waiting in [job for job in self._jobs if job.key is not None]:
                self._jobs.remove(waiting)
            self._wake.notify_all()
        for thread in self._threads:
            thread.join(timeout_s)
        return not any(thread.is_alive() for thread in self._threads)

    def _loop(self) -> None:
        tool: Tool | None = None
        while (job := self._next()) is not None:
            try:
                if tool is None:
                    tool = self._open_tool()
                result = job.work(tool)
            except ClerkError as error:
                self._answer(job, job.on_error, error)
            except Exception as error:  # noqa: BLE001 - a job's defect must not end the thread
                self._answer(job, job.on_error, _unexpected(error))
            else:
                self._answer(job, job.on_done, result)
            finally:
                with self._wake:
                    self._running -= 1
        if tool is not None and self._close_tool is not None:
            try:
                self._close_tool(tool)
            except Exception as error:  # noqa: BLE001
                _unexpected(error)

    def _next(self) -> _Job | None:
        with self._wake:
            while not self._jobs and not self._stopping:
                self._wake.wait()
            if not self._jobs:
                return None
            self._running += 1
            return self._jobs.popleft()

    def _answer(self, job: _Job, call: Callable[[Any], None] | None, value: object) -> None:
        if call is None:
            return

        def deliver() -> None:
            if job.key is None or self._newest.get(job.key) == job.number:
                call(value)

        self._postbox.post(deliver)


def _unexpected(error: Exception) -> ClerkError:
    # The message of a foreign exception may carry personal data: the log gets its kind and its place only.
    places = "".join(traceback.format_tb(error.__traceback__))
    _log.error("a job failed with %s\n%s", type(error).__name__, places)
    return ClerkError(ErrorCode.INTERNAL, {"kind": type(error).__name__}, Disposition.BUG)
