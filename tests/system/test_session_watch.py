"""On a real bus: the session's lock is told, other signals are not; nobody there is no error."""

from __future__ import annotations

import queue
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clerk_app.system.session_watch import elsewhere_s, watch_session
from tests.faults.desktop_keyring import Desktop

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("dbus-daemon") is None, reason="a session bus is needed"
)


class Bus(Desktop):
    """The bus alone."""

    def unlock(self, password: str | None = None) -> None:
        return


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    made = Bus(tmp_path)
    made.start()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", made.address)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", made.address)
    yield made
    made.stop()


def connect() -> Any:
    from jeepney.io.blocking import open_dbus_connection

    return open_dbus_connection("SESSION")


def signal(path: str, interface: str, member: str, *body: object) -> Any:
    from jeepney import DBusAddress, new_signal

    return new_signal(DBusAddress(path, interface=interface), member, "b" if body else None, body)


def own(connection: Any, name: str) -> None:
    from jeepney.bus_messages import message_bus

    connection.send_and_get_reply(message_bus.RequestName(name))


def answering(connection: Any, answers: dict[str, tuple[str, tuple[object, ...]]]) -> threading.Thread:
    """Answers method calls by their member until the connection is closed."""
    from jeepney import HeaderFields, MessageType, new_method_return

    def run() -> None:
        try:
            while True:
                call = connection.receive()
                if call.header.message_type is MessageType.method_call:
                    signature, body = answers[call.header.fields[HeaderFields.member]]
                    connection.send(new_method_return(call, signature, body))
        except (OSError, ValueError):
            return

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def end_of(connection: Any, thread: threading.Thread | None = None) -> None:
    import socket

    connection.sock.shutdown(socket.SHUT_RDWR)
    if thread is not None:
        thread.join(5)
    connection.close()


def until_listening(connection: Any, told: queue.Queue[int], message: Any) -> None:
    """Sends until the first one is heard: listening begins on a thread of its own."""
    for _ in range(200):
        connection.send(message)
        try:
            told.get(timeout=0.05)
        except queue.Empty:
            continue
        return
    pytest.fail("the lock was never told")


def drained(told: queue.Queue[int]) -> None:
    try:
        while True:
            told.get(timeout=0.2)
    except queue.Empty:
        return


@pytest.mark.parametrize("desktop", ["org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver"])
def test_the_screen_saver_tells_of_the_lock_only(bus: Bus, desktop: str) -> None:
    told: queue.Queue[int] = queue.Queue()
    end = watch_session(lambda: told.put(1))
    saver = connect()
    path = "/" + desktop.replace(".", "/")
    locked = signal(path, desktop, "ActiveChanged", True)
    until_listening(saver, told, locked)
    drained(told)
    saver.send(signal(path, desktop, "ActiveChanged", False))
    saver.send(signal(path, "org.example.Lamp", "ActiveChanged", True))
    saver.send(locked)
    told.get(timeout=5)
    assert told.empty(), "one of three"
    end()
    saver.send(locked)
    drained(told)
    assert told.empty()
    assert not [t for t in threading.enumerate() if t.name.startswith("session-")]
    end_of(saver)


def test_logind_tells_of_our_session_and_of_sleep(bus: Bus) -> None:
    login = "org.freedesktop.login1"
    manager = connect()
    own(manager, login)
    thread = answering(manager, {"GetSessionByPID": ("o", (f"/{login.replace('.', '/')}/session/_32",))})
    told: queue.Queue[int] = queue.Queue()
    end = watch_session(lambda: told.put(1))
    other = connect()
    mine, theirs = "/org/freedesktop/login1/session/_32", "/org/freedesktop/login1/session/_33"
    until_listening(other, told, signal(mine, f"{login}.Session", "Lock"))
    drained(told)
    other.send(signal(theirs, f"{login}.Session", "Lock"))
    other.send(signal("/org/freedesktop/login1", f"{login}.Manager", "PrepareForSleep", False))
    other.send(signal("/org/freedesktop/login1", f"{login}.Manager", "PrepareForSleep", True))
    told.get(timeout=5)
    assert told.empty(), "of the three only the sleep"
    end()
    end_of(other)
    end_of(manager, thread)


def test_the_desktop_says_how_long_nobody_touched_it(bus: Bus) -> None:
    assert elsewhere_s() is None, "nobody there knows"
    mutter = connect()
    own(mutter, "org.gnome.Mutter.IdleMonitor")
    thread = answering(mutter, {"GetIdletime": ("t", (7_500,))})
    assert elsewhere_s() == 7.5
    end_of(mutter, thread)


def test_without_a_bus_nothing_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"):
        monkeypatch.setenv(name, f"unix:path={tmp_path}/none")
    end = watch_session(lambda: pytest.fail("nothing was locked"))
    end()
    assert elsewhere_s() is None
