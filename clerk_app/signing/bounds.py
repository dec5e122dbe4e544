"""Grenzen: how large a document may be, and how long reading it may take."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

LARGEST_PDF = 256_000_000
"""Bytes. A letter has a tenth of a megabyte; a scanned file with hundreds of pages stays below."""


class TooLongError(BaseException):
    """The work took too long. No ``Exception``: a library that swallows those must not swallow this."""


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Ends the block with TooLongError when it takes longer, whatever loop of Python code it sits in.

    A parser has no place to ask the clock, and a thread cannot be killed; an exception can be raised in it.
    """
    worker = threading.get_ident()
    lock = threading.Lock()
    state = {"running": True}
    ends_at = time.monotonic() + seconds

    def end() -> None:
        with lock:
            if state["running"]:
                _raise_in(worker)

    watch = threading.Timer(seconds, end)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        with lock:
            state["running"] = False
        watch.cancel()
        if time.monotonic() >= ends_at:
            _raise_in(worker, nothing=True)  # one that was set and has not come yet must not hit others


def _raise_in(thread_id: int, *, nothing: bool = False) -> None:
    error = None if nothing else ctypes.py_object(TooLongError)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), error)
