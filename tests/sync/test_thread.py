"""The sync thread outlives what can be mended and never vanishes without a word."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import pytest

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.sync.engine import SyncEngine
from clerk_app.sync.status import StatusBoard, SyncPhase
from clerk_app.sync.thread import SyncThread


class Works:
    """An engine that does what it is told, and a place where tests wait for it."""

    def __init__(self) -> None:
        self.opening: list[BaseException] = []
        self.rounds: list[BaseException | None] = []
        self.opened = self.closed = 0
        self.forced: list[bool] = []
        self.told: list[BaseException] = []
        self.threads: set[str] = set()
        self.changed = threading.Condition()

    def run_once(self, *, force: bool) -> None:
        with self.changed:
            self.forced.append(force)
            self.threads.add(threading.current_thread().name)
            failure = self.rounds.pop(0) if self.rounds else None
            self.changed.notify_all()
        if failure is not None:
            raise failure

    @contextmanager
    def open(self, stopping: Callable[[], bool]) -> Iterator[SyncEngine]:
        if self.opening:
            raise self.opening.pop(0)
        self.opened += 1
        try:
            yield cast("SyncEngine", self)
        finally:
            self.closed += 1

    def tell(self, error: BaseException) -> None:
        with self.changed:
            self.told.append(error)
            self.changed.notify_all()

    def until(self, condition: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, timeout=20)


@pytest.fixture
def works() -> Works:
    return Works()


@pytest.fixture
def board() -> StatusBoard:
    return StatusBoard()


@pytest.fixture
def thread(works: Works, board: StatusBoard) -> Iterator[SyncThread]:
    made = SyncThread(works.open, board, works.tell, interval_s=3600)
    yield made
    assert made.stop(20)


def test_it_begins_at_once_works_when_asked_and_ends_with_everything_closed(
    works: Works, board: StatusBoard, thread: SyncThread
) -> None:
    thread.start()
    works.until(lambda: len(works.forced) == 1)
    thread.sync_now()
    works.until(lambda: len(works.forced) == 2)

    assert thread.stop(20)
    assert works.forced == [True, True]
    assert (works.opened, works.closed, works.threads) == (1, 1, {"sync"})
    assert board.status().phase is SyncPhase.STOPPED


@pytest.mark.parametrize("failure", [ClerkError(ErrorCode.DISK_FULL), OSError(5, "I/O")])
def test_a_round_that_fails_is_told_and_the_next_one_comes(
    works: Works, thread: SyncThread, failure: BaseException
) -> None:
    works.rounds = [failure]
    thread.start()
    works.until(lambda: works.told == [failure])
    thread.sync_now()
    works.until(lambda: len(works.forced) == 2)
    assert works.opened == 1


def test_what_cannot_be_opened_is_tried_again(works: Works, board: StatusBoard, thread: SyncThread) -> None:
    missing = ClerkError(ErrorCode.KEY_FILE_INVALID, {"path": "enc.jwk", "reason": "missing"})
    works.opening = [missing, missing]
    thread.start()
    works.until(lambda: len(works.told) == 1)
    thread.sync_now()
    works.until(lambda: len(works.told) == 2)
    assert board.status().phase in (SyncPhase.DISTURBED, SyncPhase.NEVER)

    thread.sync_now()
    works.until(lambda: len(works.forced) == 1)


def test_a_bug_ends_it_and_is_told(works: Works, board: StatusBoard, thread: SyncThread) -> None:
    bug = ValueError("ours")
    works.rounds = [bug]
    thread.start()
    works.until(lambda: works.told == [bug])
    assert thread.stop(20)
    assert (board.status().phase, works.closed) == (SyncPhase.STOPPED, 1)


def test_stopping_before_it_began_is_harmless(works: Works, thread: SyncThread) -> None:
    assert thread.stop(1)
    assert works.opened == 0
