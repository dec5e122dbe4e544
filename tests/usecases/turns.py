"""Interleavings on purpose: several threads, one of which moves at a time, chosen by a seed at every seam."""

from __future__ import annotations

import queue
import random
import threading
from collections.abc import Callable, Mapping
from typing import Any

_PATIENCE_S = 60.0


class Turns:
    """Runs works side by side. A work gives its turn away where it calls ``seam``; who goes on is drawn.

    Threads live as long as this object: database connections belong to the thread that uses them first.
    ``free`` lets all of them run at once, as the machine pleases.
    """

    free = False

    def __init__(self, seed: int, names: tuple[str, ...]) -> None:
        self._random = random.Random(seed)
        self._moved = threading.Condition()
        self._turn: str | None = None
        self._parked: set[str] = set()
        self._busy: set[str] = set()
        self._failures: list[BaseException] = []
        self._works: dict[str, queue.SimpleQueue[Callable[[], object] | None]] = {}
        self._threads: dict[int, str] = {}
        self._started: list[threading.Thread] = []
        for name in names:
            self._works[name] = queue.SimpleQueue()
            thread = threading.Thread(target=self._live, args=(name,), daemon=True)
            thread.start()
            self._started.append(thread)

    def run(self, works: Mapping[str, Callable[[], object]]) -> None:
        """All works to their end. Raises what one of them raised."""
        with self._moved:
            self._busy = set(works)
        for name, work in works.items():
            self._works[name].put(work)
        with self._moved:
            if self.free and not self._moved.wait_for(lambda: not self._busy, _PATIENCE_S):
                raise AssertionError(f"never done: {self._busy}")
            while self._busy:
                if not self._moved.wait_for(self._all_stand, _PATIENCE_S):
                    raise AssertionError(f"nobody moves: {self._busy - self._parked}")
                if self._busy:
                    self._turn = self._random.choice(sorted(self._parked))
                    self._moved.notify_all()
        if self._failures:
            raise self._failures[0]

    def seam(self) -> None:
        """Here another thread may go first. Harmless on threads that are not part of the game."""
        name = self._threads.get(threading.get_ident())
        if name is None or self.free:
            return
        with self._moved:
            self._parked.add(name)
            self._turn = None
            self._moved.notify_all()
            if not self._moved.wait_for(lambda: self._turn == name, _PATIENCE_S):
                raise AssertionError("never my turn")
            self._parked.discard(name)

    def close(self) -> None:
        """Ends the threads."""
        for works in self._works.values():
            works.put(None)
        for thread in self._started:
            thread.join(_PATIENCE_S)

    def _all_stand(self) -> bool:
        return self._turn is None and self._parked == self._busy

    def _live(self, name: str) -> None:
        self._threads[threading.get_ident()] = name
        while (work := self._works[name].get()) is not None:
            try:
                self.seam()
                work()
            except BaseException as error:  # noqa: BLE001 - raised again by ``run``
                self._failures.append(error)
            with self._moved:
                self._busy.discard(name)
                if self._turn == name:
                    self._turn = None
                self._moved.notify_all()


class Seamed:
    """An object some of whose methods begin with a seam. Never one that is called inside a transaction:
    whoever holds the write lock must not wait for others."""

    def __init__(self, inner: Any, seam: Callable[[], None], *names: str) -> None:
        self._inner = inner
        self._seam = seam
        self._names = names

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in self._names:
            return found

        def with_seam(*args: Any, **kwargs: Any) -> Any:
            self._seam()
            return found(*args, **kwargs)

        return with_seam
