"""Tells when the operating system locks its session or goes to sleep, and how long nobody touched it.

Over D-Bus with jeepney, which the keyring brings along. Whoever may speak on the session's bus can make the
program lock, no more. Where no bus answers, nothing is told: the program's own time without a touch counts.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jeepney.io.blocking import DBusConnection

_PATIENCE_S = 0.5
_LOGIN = "org.freedesktop.login1"
_FAILURES = (OSError, ValueError, KeyError, TimeoutError, ImportError)
Ended = Callable[[], None]


def watch_session(locked: Callable[[], None]) -> Ended:
    """Calls ``locked`` on a foreign thread whenever the session is locked. The result ends it."""
    if sys.platform != "linux":
        return lambda: None
    watches = [_Watch(bus, locked) for bus in ("SESSION", "SYSTEM")]

    def end() -> None:
        for watch in watches:
            watch.end()

    return end


class _Watch:
    """One bus, listened to on a thread of its own."""

    def __init__(self, bus: str, locked: Callable[[], None]) -> None:
        self._bus, self._locked = bus, locked
        self._guard = threading.Lock()
        self._connection: DBusConnection | None = None
        self._ending = False
        self._thread = threading.Thread(target=self._run, name=f"session-{bus.lower()}", daemon=True)
        self._thread.start()

    def end(self) -> None:
        with self._guard:
            self._ending = True
            if self._connection is not None:
                with contextlib.suppress(OSError):
                    self._connection.sock.shutdown(socket.SHUT_RDWR)  # wakes the thread
        self._thread.join(2)

    def _run(self) -> None:
        try:
            with _connection(self._bus) as connection:
                with self._guard:
                    if self._ending:
                        return
                    self._connection = connection
                mine = _listen(connection, self._bus)
                while True:
                    message = connection.receive()
                    if _says_locked(message, mine):
                        self._locked()
        except _FAILURES:
            return  # no bus, or ended
        finally:
            with self._guard:
                self._connection = None


@contextlib.contextmanager
def _connection(bus: str) -> Any:
    from jeepney.io.blocking import open_dbus_connection

    connection = open_dbus_connection(bus)
    try:
        yield connection
    finally:
        connection.close()


def _listen(connection: DBusConnection, bus: str) -> str:
    """Asks the bus for the signals; the path of our own session on the system's bus."""
    from jeepney import DBusAddress, MatchRule, MessageType, new_method_call
    from jeepney.bus_messages import message_bus

    if bus == "SESSION":
        connection.send_and_get_reply(
            message_bus.AddMatch(MatchRule(type="signal", member="ActiveChanged")), timeout=_PATIENCE_S
        )
        return ""
    manager = DBusAddress("/org/freedesktop/login1", _LOGIN, f"{_LOGIN}.Manager")
    asked = new_method_call(manager, "GetSessionByPID", "u", (os.getpid(),))
    answer = connection.send_and_get_reply(asked, timeout=_PATIENCE_S)
    mine = str(answer.body[0]) if answer.header.message_type is MessageType.method_return else ""
    for rule in (
        MatchRule(type="signal", interface=f"{_LOGIN}.Manager", member="PrepareForSleep"),
        MatchRule(type="signal", interface=f"{_LOGIN}.Session", member="Lock"),
    ):
        connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=_PATIENCE_S)
    return mine


def _says_locked(message: Any, mine: str) -> bool:
    from jeepney import HeaderFields

    fields, body = message.header.fields, message.body
    member, interface = fields.get(HeaderFields.member), str(fields.get(HeaderFields.interface))
    match member:
        case "ActiveChanged":
            return interface.endswith(".ScreenSaver") and body == (True,)
        case "PrepareForSleep":
            return interface == f"{_LOGIN}.Manager" and body == (True,)
        case "Lock":
            return interface == f"{_LOGIN}.Session" and fields.get(HeaderFields.path) == mine
        case _:
            return False


def elsewhere_s() -> float | None:
    """Seconds since the person last touched this machine, in whatever program; None where nobody says."""
    if sys.platform == "win32":
        return _windows_s()
    return _mutter_s() if sys.platform == "linux" else None


def _mutter_s() -> float | None:
    """GNOME says it, also under Wayland."""
    name = "org.gnome.Mutter.IdleMonitor"
    try:
        from jeepney import DBusAddress, MessageType, new_method_call

        core = DBusAddress("/org/gnome/Mutter/IdleMonitor/Core", name, name)
        with _connection("SESSION") as connection:
            answer = connection.send_and_get_reply(new_method_call(core, "GetIdletime"), timeout=_PATIENCE_S)
            if answer.header.message_type is not MessageType.method_return:
                return None
            return float(answer.body[0]) / 1000
    except _FAILURES:
        return None


if sys.platform == "win32":  # pragma: no cover - not run on the build machines

    class _LastInput(ctypes.Structure):
        _fields_ = (("size", ctypes.c_uint), ("tick", ctypes.c_uint))

    def _windows_s() -> float | None:
        found = _LastInput(ctypes.sizeof(_LastInput), 0)
        if not ctypes.windll.user32.GetLastInputInfo(ctypes.byref(found)):
            return None
        now = ctypes.windll.kernel32.GetTickCount() & 0xFFFFFFFF
        return float((now - found.tick) & 0xFFFFFFFF) / 1000
