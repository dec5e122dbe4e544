"""Numbered points at which a process can be killed: every commit, every sync to disk, every rename, and
every call to the portal, each just before and just after it took effect."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import Any

KILLED = 137  # what a shell reports for SIGKILL


class Points:
    """Counts points as they are passed; the process ends at number ``kill_at`` without any clean-up."""

    def __init__(self, kill_at: int | None) -> None:
        self._kill_at = kill_at
        self._lock = threading.Lock()
        self.passed: list[str] = []

    def reach(self, name: str) -> None:
        """Passes one point, or dies there."""
        with self._lock:
            self.passed.append(name)
            if len(self.passed) == self._kill_at:
                os._exit(KILLED)

    def around(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """``call`` with a point before and one after."""

        def numbered(*args: Any, **kwargs: Any) -> Any:
            self.reach(f"before {name}")
            result = call(*args, **kwargs)
            self.reach(f"after {name}")
            return result

        return numbered


def install(points: Points) -> None:
    """Puts the points into this process, for good: call it in a child only."""
    import httpx

    from clerk_app.store.connection import Connection

    os.fsync = points.around("fsync", os.fsync)
    os.replace = points.around("rename", os.replace)
    send = httpx.HTTPTransport.handle_request
    httpx.HTTPTransport.handle_request = points.around("call", send)  # type: ignore[method-assign]
    if "psycopg" in sys.modules:  # only who works in a team passes these points
        import psycopg

        psycopg.Connection.execute = points.around("exchange", psycopg.Connection.execute)  # type: ignore[method-assign]
    execute = Connection.execute

    def numbered_execute(self: Connection, sql: str, *args: Any, **kwargs: Any) -> Any:
        if sql != "COMMIT":
            return execute(self, sql, *args, **kwargs)
        points.reach("before commit")
        result = execute(self, sql, *args, **kwargs)
        points.reach("after commit")
        return result

    Connection.execute = numbered_execute  # type: ignore[method-assign]
