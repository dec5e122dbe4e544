"""Types into a real window until it is killed. A server of its own: it loads everything once and forks for
each trial, and no thread of a test runner is forked with it.

One command per line on standard input (JSON): ``home``, ``profile``, ``seed``, ``least_s`` and ``most_s``
(the process ends at a random moment between them), ``journal`` (False: the client is broken on purpose). One
answer per line: the typist's log, as pairs of typed seconds and the text at that time, the first of them what
stood in the form at first.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import random
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from clerk_app.signing.fonts import fonts_directory, letter_font

KEY_S = 0.15  # a good typist
LETTERS = "abcdefghij klmnopqrst uvwxyz"


def trial(order: dict[str, Any], tell: Callable[[object], None]) -> None:
    """One life of the client."""
    from PySide6.QtCore import QEventLoop
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from clerk_app.bootstrap.premises import open_premises
    from clerk_app.bootstrap.window_side import IdleSync, shell_for
    from clerk_app.domain.decision import Outcome
    from clerk_app.sync.status import SyncPhase, SyncStatus
    from clerk_app.ui.application import application, open_window
    from clerk_app.ui.sidebar import Area
    from clerk_app.ui.typing_journal import TypingJournal

    keep, written = TypingJournal.keep, [False]

    def noted(self: TypingJournal) -> None:
        keep(self)
        written[0] = True

    TypingJournal.keep = noted  # type: ignore[method-assign]
    if not order["journal"]:
        TypingJournal.touch = lambda self: None  # type: ignore[method-assign]
    rng = random.Random(order["seed"])
    typed_s = [0.0]
    app = application()
    now = datetime.now(UTC)
    with open_premises(Path(order["home"]), Path(order["profile"]), lock=True) as premises:
        shell = shell_for(premises, IdleSync(SyncStatus(SyncPhase.IDLE, now, now)))
        desk = open_window(replace(shell, clock_s=lambda: typed_s[0]), app)

        def calm() -> None:
            for _turn in range(3):
                while not (desk.bench.worker.idle and desk.bench.queries.idle):
                    app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 5)
                app.processEvents()

        desk.pages.make_one = lambda: False  # type: ignore[method-assign]  # screens nobody types into
        desk.show_area(Area.OPEN)
        calm()
        desk.open_case()
        calm()
        desk.decide(Outcome.GRANTED)
        calm()
        reasons = desk.decision.reasons
        text = reasons.toPlainText()
        tell([typed_s[0], text])
        if order.get("warm"):
            tell(sorted(sys.modules))
            os._exit(0)
        if len(text) > 400:
            reasons.clear()
            text = ""
        cursor = reasons.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        reasons.setTextCursor(cursor)
        threading.Timer(rng.uniform(order["least_s"], order["most_s"]), os._exit, (137,)).start()
        while True:
            letter = rng.choice(LETTERS)
            text += letter
            tell([typed_s[0], text])  # it is about to be there
            QTest.keyClicks(reasons, letter)
            typed_s[0] += KEY_S
            QApplication.processEvents()
            if written[0]:  # typed seconds are no real ones: the writing gets the time it needs
                written[0] = False
                calm()


def in_child(order: dict[str, Any]) -> dict[str, Any]:
    """One life in a process of its own: how it ended and what it told."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        told = os.fdopen(writing, "w", buffering=1)

        def tell(entry: object) -> None:
            print(json.dumps(entry), file=told, flush=True)

        try:
            trial(order, tell)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as hearing:
        log = [json.loads(entry) for entry in hearing.read().splitlines() if entry.endswith("]")]
    _pid, status = os.waitpid(pid, 0)
    return {"code": os.waitstatus_to_exitcode(status), "log": log}


def main() -> None:
    """Serves trials until the input ends. What the first one needs is loaded here for all the others."""
    warm = False
    for line in sys.stdin:
        order = json.loads(line)
        if not warm:
            warm = True
            for name in in_child({**order, "warm": True})["log"][-1]:
                with contextlib.suppress(ImportError):
                    importlib.import_module(name)
            letter_font(fonts_directory())
        print(json.dumps(in_child(order)), flush=True)


if __name__ == "__main__":
    main()
