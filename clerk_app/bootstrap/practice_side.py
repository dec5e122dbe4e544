"""Opens a practice office beside the window: a process of its own, so that nothing of it touches this one."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence

from clerk_app.domain.errors import ClerkError, ErrorCode

PATIENCE_S = 120.0  # the very first time it makes its keys
_LINES_BEFORE_THE_WINDOW = 2
_OWN = ("CLERK_LANGUAGE",)  # of our variables only these go along


def own_program() -> list[str]:
    """How this program is started again."""
    return [sys.executable, "-m", "clerk_app"]


def open_practice(program: Sequence[str] | None = None, patience_s: float = PATIENCE_S) -> None:
    """Starts ``clerk-app demo`` and comes back when its window is about to open: it then has said two lines.

    Raises ClerkError PRACTICE_NOT_OPENED (``reason``: its last words, or the system's).
    """
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("CLERK_") or name in _OWN
    }
    try:
        started = subprocess.Popen(  # noqa: S603 - this very program
            [*(program or own_program()), "demo"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise ClerkError(ErrorCode.PRACTICE_NOT_OPENED, {"reason": error.strerror or "start"}) from None
    heard = [""]
    ready, ended = threading.Event(), threading.Event()

    def listen() -> None:
        assert started.stdout is not None  # noqa: S101
        with started.stdout:
            for number, line in enumerate(started.stdout, 1):  # to its end: a full pipe would stop the office
                heard[0] = line.strip()
                if number == _LINES_BEFORE_THE_WINDOW:
                    ready.set()
        started.wait()
        ended.set()
        ready.set()

    threading.Thread(target=listen, name="practice-office", daemon=True).start()
    ready.wait(patience_s)
    if ended.is_set() and started.returncode != 0:
        raise ClerkError(ErrorCode.PRACTICE_NOT_OPENED, {"reason": heard[0] or "start"})
