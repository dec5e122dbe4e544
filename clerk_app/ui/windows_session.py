"""Windows tells its windows when the session is locked; we ask for being told.

Not run on the build machines: tried by hand only (README, "Sperre").
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QCoreApplication

_WM_WTSSESSION_CHANGE = 0x02B1
_WTS_SESSION_LOCK = 0x7
_NOTIFY_FOR_THIS_SESSION = 0


class _Message(ctypes.Structure):
    """MSG of the Windows API, as far as it is read."""

    _fields_ = (
        ("hwnd", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("w_param", ctypes.c_size_t),
        ("l_param", ctypes.c_ssize_t),
    )


class SessionFilter(QAbstractNativeEventFilter):
    """Looks at every native message for the one."""

    def __init__(self, locked: Callable[[], None]) -> None:
        super().__init__()
        self._locked = locked

    def nativeEventFilter(self, kind: Any, message: int) -> object:
        """Never swallows anything."""
        if bytes(kind) == b"windows_generic_MSG":
            found = _Message.from_address(int(message))
            if found.message == _WM_WTSSESSION_CHANGE and found.w_param == _WTS_SESSION_LOCK:
                self._locked()
        return False, 0


if sys.platform == "win32":  # pragma: no cover - not run on the build machines

    def watch_windows(window: int, locked: Callable[[], None]) -> Callable[[], None]:
        """``locked`` is called when the session is. ``window``: the handle that is told. The result ends
        it."""
        app = QCoreApplication.instance()
        if app is None:
            return lambda: None
        listener, handle = SessionFilter(locked), ctypes.c_void_p(window)
        wtsapi = ctypes.WinDLL("wtsapi32")
        wtsapi.WTSRegisterSessionNotification(handle, _NOTIFY_FOR_THIS_SESSION)
        app.installNativeEventFilter(listener)

        def end() -> None:
            app.removeNativeEventFilter(listener)
            wtsapi.WTSUnRegisterSessionNotification(handle)

        return end
