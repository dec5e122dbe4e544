"""One program per home: two would send the same decision twice."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import Self

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.system.paths import Home

_POLL_S = 0.05


class InstanceLock:
    """Exclusive lock on a home, held while the block runs.

    The operating system holds it for the process: a crash frees it, and a lock file left behind is harmless.
    """

    def __init__(self, home: Home, wait_s: float = 0.0) -> None:
        self._path = home.lock
        self._wait_s = wait_s
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None

    def acquire(self) -> None:
        """Take the lock, waiting at most ``wait_s`` seconds.

        :raises ClerkError: INSTANCE_RUNNING with the ``pid`` of the holder where it is known;
            HOME_NOT_WRITABLE
        """
        if self._descriptor is not None:
            raise RuntimeError("this lock is already held")
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | _CLOSE_ON_EXEC, 0o600)
        except OSError as error:
            raise ClerkError(
                ErrorCode.HOME_NOT_WRITABLE, {"path": str(self._path.parent), "reason": "permission"}
            ) from error
        deadline = time.monotonic() + self._wait_s
        while not _try_lock(descriptor):
            if time.monotonic() >= deadline:
                pid = _read_pid(descriptor)
                os.close(descriptor)
                raise ClerkError(
                    ErrorCode.INSTANCE_RUNNING, {"pid": pid} if pid else {}, Disposition.ASK_CLERK
                )
            time.sleep(_POLL_S)
        self._descriptor = descriptor
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, f"{os.getpid():>{_PID_WIDTH}}".encode())

    def release(self) -> None:
        """Give the lock back; does nothing when it is not held. The file stays: removing it would race."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        _unlock(descriptor)
        os.close(descriptor)


_PID_WIDTH = 12
_LOCKED_BYTE = 64  # behind the process id, so that others may read it while Windows locks the byte
_CLOSE_ON_EXEC = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)


def _read_pid(descriptor: int) -> int | None:
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        text = os.read(descriptor, _PID_WIDTH).decode("ascii").strip()
        return int(text) if text else None
    except (OSError, ValueError):
        return None


if sys.platform == "win32":  # pragma: no cover - not run on the build machines
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        # flock belongs to the open file, not to the process: two locks in one process exclude each other too.
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
