"""What is left behind when the program dies: places in the code, never what it held in memory.

A memory image would hold data keys and applications in plain sight, and a traceback's last line quotes
values: error streams of a desktop session end up in files and journals that nobody encrypts.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from clerk_app.domain.code_places import place
from clerk_app.system.logs import Code, event

_FILTER = Path("/proc/self/coredump_filter")
_DEEPEST = 12  # the innermost frames of a failure


def keep_memory_off_disk() -> list[str]:
    """No memory image of this process and its children is written; the names of what took hold.

    ``no-core``: the limit. ``no-memory-in-core``: Linux leaves every page out, also where a collector reads
    the image from a pipe and asks no limit. Windows error reporting is switched off by machine policy.
    """
    if sys.platform == "win32":
        return []
    import resource

    held = []
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        held.append("no-core")
    with contextlib.suppress(OSError):
        _FILTER.write_text("0\n", encoding="ascii")
        held.append("no-memory-in-core")
    return held


def places_of(trace: TracebackType | None) -> list[str]:
    """Where a failure came through, innermost last: ``module:line:function``. No source, no values."""
    return [
        place(frame.filename, frame.lineno, frame.name) for frame in traceback.extract_tb(trace)[-_DEEPEST:]
    ]


def tell_places_only() -> None:
    """From now on a failure nobody caught is logged and printed by its kind and its places: its words may
    quote an application."""

    def uncaught(
        kind: type[BaseException], _error: BaseException | None, trace: TracebackType | None
    ) -> None:
        places = places_of(trace)
        event("uncaught", logging.ERROR, error=Code(kind.__name__), places=places)
        with contextlib.suppress(OSError, ValueError, AttributeError):
            print(f"clerk-app: {kind.__name__} ({', '.join(places)})", file=sys.stderr)  # noqa: T201

    def in_thread(args: threading.ExceptHookArgs) -> None:
        uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    def unraisable(args: sys.UnraisableHookArgs) -> None:
        uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = uncaught
    threading.excepthook = in_thread
    sys.unraisablehook = unraisable


def start_window_process() -> None:
    """Both, and for a crash in a library the Python places of every thread on the error stream."""
    import faulthandler

    keep_memory_off_disk()
    tell_places_only()
    with contextlib.suppress(RuntimeError, ValueError, OSError, AttributeError):
        faulthandler.enable(all_threads=True)
