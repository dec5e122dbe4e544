"""News and results cross to the UI thread, merged, in order, and errors come back as errors."""

from __future__ import annotations

import threading
from functools import partial

from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.sync.status import SyncPhase, SyncStatus
from clerk_app.ui.bridge import Bridge
from clerk_app.ui.worker import Worker


def test_a_flood_of_commits_arrives_merged_on_the_ui_thread(qtbot: QtBot) -> None:
    bridge = Bridge()
    got: list[ChangeSet] = []
    threads: set[int] = set()

    def take(changes: ChangeSet) -> None:
        got.append(changes)
        threads.add(threading.get_ident())

    bridge.changed.connect(take)

    def flood() -> None:
        for at in range(4000):
            bridge.take_changes(ChangeSet(arrived=frozenset({CaseId(str(at))})))
        bridge.take_status(SyncStatus(SyncPhase.IDLE))

    statuses: list[SyncStatus] = []
    bridge.sync_changed.connect(statuses.append)
    thread = threading.Thread(target=flood)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(statuses))
    everything = ChangeSet()
    for changes in got:
        everything |= changes
    assert len(everything.arrived) == 4000
    assert len(got) < 20
    assert threads == {threading.get_ident()}
    assert statuses[-1].phase is SyncPhase.IDLE


def test_results_come_back_on_the_ui_thread_in_order(qtbot: QtBot) -> None:
    closed: list[str] = []
    worker: Worker[str] = Worker("t", lambda: threading.current_thread().name, closed.append)
    got: list[tuple[int, str, int]] = []
    for at in range(20):
        worker.submit(
            lambda tool, n=at: (n, tool),  # type: ignore[misc]
            lambda result: got.append((*result, threading.get_ident())),
        )
    qtbot.waitUntil(lambda: len(got) == 20)
    assert [n for n, _tool, _thread in got] == list(range(20))
    assert {tool for _n, tool, _thread in got} == {"t-0"}
    assert {thread for _n, _tool, thread in got} == {threading.get_ident()}
    assert worker.stop()
    assert closed == ["t-0"]


def test_the_newest_request_wins(qtbot: QtBot) -> None:
    worker: Worker[None] = Worker("t", lambda: None)
    gate, entered = threading.Event(), threading.Event()
    got: list[int] = []
    ran: list[int] = []

    def first(_tool: None) -> int:
        entered.set()
        gate.wait(10)
        ran.append(0)
        return 0

    worker.submit(first, got.append, key="k")
    assert entered.wait(10)
    for at in range(1, 6):
        worker.submit(lambda _tool, n=at: ran.append(n) or n, got.append, key="k")  # type: ignore[misc,func-returns-value]
    gate.set()
    qtbot.waitUntil(lambda: bool(got))
    QCoreApplication.processEvents()
    assert got == [5]
    assert ran == [0, 5]
    worker.stop()


def test_errors_come_back_as_clerk_errors(qtbot: QtBot) -> None:
    worker: Worker[None] = Worker("t", lambda: None)
    errors: list[ClerkError] = []

    def known(_tool: None) -> None:
        raise ClerkError(ErrorCode.DISK_FULL)

    def unknown(_tool: None) -> None:
        raise RuntimeError("Frau Müller, Musterweg 5")

    worker.submit(known, None, errors.append)
    worker.submit(unknown, None, errors.append)
    qtbot.waitUntil(lambda: len(errors) == 2)
    assert [error.code for error in errors] == [ErrorCode.DISK_FULL, ErrorCode.INTERNAL]
    assert "Müller" not in str(errors[1].params)
    worker.stop()


def test_a_tool_that_cannot_be_opened_is_tried_again(qtbot: QtBot) -> None:
    attempts: list[int] = []

    def open_tool() -> str:
        attempts.append(1)
        if len(attempts) == 1:
            raise ClerkError(ErrorCode.DATA_KEY_MISSING)
        return "tool"

    worker: Worker[str] = Worker("t", open_tool)
    errors: list[ClerkError] = []
    got: list[str] = []
    worker.submit(lambda tool: tool, got.append, errors.append)
    worker.submit(lambda tool: tool, got.append, errors.append)
    qtbot.waitUntil(lambda: bool(got))
    assert [error.code for error in errors] == [ErrorCode.DATA_KEY_MISSING]
    worker.stop()


def test_stopping_finishes_what_a_clerk_did(qtbot: QtBot) -> None:
    worker: Worker[None] = Worker("t", lambda: None)
    gate, entered = threading.Event(), threading.Event()
    done: list[str] = []

    def wait(_tool: None) -> None:
        entered.set()
        gate.wait(10)

    worker.submit(wait)
    assert entered.wait(10)
    worker.submit(lambda _tool: done.append("act"))
    worker.submit(lambda _tool: done.append("view"), key="k")
    threading.Timer(0.01, gate.set).start()
    assert worker.stop()
    assert done == ["act"]
    worker.submit(lambda _tool: done.append("late"))
    assert done == ["act"]


def test_what_somebody_looks_at_comes_before_what_waits(qtbot: QtBot) -> None:
    let_go = threading.Event()
    worker: Worker[list[str]] = Worker("pictures", list)
    done: list[str] = []
    worker.submit(lambda _tool: let_go.wait(10))
    for name in ("small 1", "small 2"):
        worker.submit(partial(_note, done, name))
    worker.submit(partial(_note, done, "in sight"), first=True)
    let_go.set()
    qtbot.waitUntil(lambda: len(done) == 3)
    worker.stop()
    assert done == ["in sight", "small 1", "small 2"]


def _note(done: list[str], name: str, _tool: object) -> None:
    done.append(name)
