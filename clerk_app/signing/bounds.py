"""Grenzen: how large a document may be, and how long reading it may take."""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

LARGEST_PDF = 256_000_000
"""Bytes. A letter has a tenth of a megabyte; a scanned file with hundreds of pages stays below."""


class TooLongError(KeyboardInterrupt):
    """The work took too long. No ``Exception``: a library that swallows those must not swallow this. asyncio
    swallows everything but an interrupt, and then waits for ever for what was cut off."""


class _Bound:
    """The time one thread has. Its end is raised once: out of nowhere, or, where the thread must not be
    broken into, when it leaves that place; and once more when it came where it counts for nothing."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._worker = threading.get_ident()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._held = False
        self._raised = False
        self.due = False  # the time is over, and nobody heard of it yet

    def start(self) -> None:
        """The time begins to run."""
        threading.Thread(target=self._watch, name="bound", daemon=True).start()

    def stop(self) -> None:
        """The work is done. What was raised and has not come yet must not hit others."""
        with self._lock:
            self._stopped.set()
            if self._raised:
                _raise_in(self._worker, nothing=True)

    def hold(self) -> None:
        """From here on nothing breaks in. Raises what was on its way already."""
        with self._lock:
            self._held = True
        for _turn in range(2):  # the interpreter raises at the end of a turn what another thread has set
            pass

    def let_go(self) -> None:
        """Raises TooLongError when the time ended meanwhile."""
        with self._lock:
            self._held = False
            due, self.due = self.due, False
        if due:
            raise TooLongError

    def _watch(self) -> None:
        if self._stopped.wait(self._seconds):
            return
        self.due = True
        while not self._stopped.is_set():
            with self._lock:
                if self.due and not self._held and not self._stopped.is_set():
                    self.due, self._raised = False, True
                    _raise_in(self._worker)
            self._stopped.wait(_LOOK_AGAIN_S)


_BOUNDS = threading.local()
_LOOK_AGAIN_S = 0.005


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Ends the block with TooLongError when it takes longer, whatever loop of Python code it sits in.

    A parser has no place to ask the clock, and a thread cannot be killed; an exception can be raised in it.
    """
    bound = _Bound(seconds)
    outer = getattr(_BOUNDS, "bound", None)
    _hear_of_swallowed()
    try:
        _BOUNDS.bound = bound
        bound.start()
        yield
    finally:
        try:
            bound.stop()
        finally:  # it may have come right there
            bound.stop()
            _BOUNDS.bound = outer


def _hear_of_swallowed() -> None:
    """What is raised in a finalizer, or in the callback of a weak reference, ends there: the interpreter
    tells this hook and goes on as if nothing had happened."""
    told = sys.unraisablehook
    if getattr(told, "hears_of_bounds", False):
        return

    def hook(unraisable: sys.UnraisableHookArgs) -> None:
        if not issubclass(unraisable.exc_type, TooLongError):
            told(unraisable)
        elif (bound := getattr(_BOUNDS, "bound", None)) is not None:
            bound.due = True  # the last step of this hook: raised in here it would be lost again

    hook.hears_of_bounds = True  # type: ignore[attr-defined]
    sys.unraisablehook = hook


@contextmanager
def unbroken() -> Iterator[None]:
    """In this block no ``bounded`` breaks in: what is opened can be closed. Raises TooLongError at its end
    when the time ended in it."""
    bound: _Bound | None = getattr(_BOUNDS, "bound", None)
    if bound is None:
        yield
        return
    bound.hold()
    try:
        yield
    finally:
        bound.let_go()


@contextmanager
def may_break() -> Iterator[None]:
    """Within ``unbroken``: this part takes long, and may be broken into."""
    bound: _Bound | None = getattr(_BOUNDS, "bound", None)
    if bound is None:
        yield
        return
    bound.let_go()
    try:
        yield
    finally:
        bound.hold()


def _raise_in(thread_id: int, *, nothing: bool = False) -> None:
    error = None if nothing else ctypes.py_object(TooLongError)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), error)
