"""A desktop session's bus with a real gnome-keyring, away from the developer's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PASSWORD = "anmeldung"
_WORDS = "import keyring, sys; "


def installed() -> bool:
    """Whether bus and keyring are here."""
    return bool(shutil.which("dbus-daemon") and shutil.which("gnome-keyring-daemon"))


@dataclass
class Desktop:
    """``root`` holds the whole account. Start it, use ``environment``, stop it."""

    root: Path
    address: str = ""
    _bus: subprocess.Popen[str] | None = None
    _keyring: subprocess.Popen[bytes] | None = None
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What a program of this session is started with."""
        named = {
            "HOME": str(self.root / "account"),
            "XDG_RUNTIME_DIR": str(self.root / "run"),
            "XDG_DATA_HOME": str(self.root / "account" / ".local" / "share"),
            "TMPDIR": str(self.root / "tmp"),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PROJECT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C.UTF-8",
        }
        if self.address:
            named["DBUS_SESSION_BUS_ADDRESS"] = self.address
        return named | self.extra

    @property
    def keyrings(self) -> Path:
        """Where gnome-keyring keeps its files."""
        return self.root / "account" / ".local" / "share" / "keyrings"

    def start(self) -> None:
        for folder in ("account", "run", "tmp"):
            (self.root / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        self.keyrings.mkdir(parents=True, exist_ok=True)
        # No service files: the bus must not start a second keyring of its own accord.
        config = self.root / "bus.conf"
        config.write_text(
            '<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" '
            '"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd"><busconfig><type>session</type>'
            f'<listen>unix:dir={self.root / "run"}</listen><policy context="default">'
            '<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>'
            "</policy></busconfig>"
        )
        self._bus = subprocess.Popen(
            ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=self.environment,
        )  # fmt: skip
        assert self._bus.stdout is not None
        self.address = self._bus.stdout.readline().strip()
        self.unlock()

    def unlock(self, password: str | None = PASSWORD) -> None:
        """Starts the keyring, unlocked, or locked without a password."""
        how = ["--unlock"] if password is not None else []
        self._keyring = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--components=secrets", *how],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment,
        )  # fmt: skip
        assert self._keyring.stdin is not None
        self._keyring.stdin.write((password or "").encode())
        self._keyring.stdin.close()
        self._wait_for_service()

    def kill_keyring(self) -> None:
        """As a crash of the desktop would."""
        if self._keyring is not None:
            self._keyring.kill()
            self._keyring.wait(20)
            self._keyring = None

    def stop(self) -> None:
        self.kill_keyring()
        if self._bus is not None:
            assert self._bus.stdout is not None
            self._bus.terminate()
            self._bus.wait(20)
            self._bus.stdout.close()

    def python(self, program: str, *argv: str, timeout_s: float = 60.0) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", program, *argv],
            env=self.environment, capture_output=True, text=True, timeout=timeout_s, check=False,
        )  # fmt: skip

    def client(self, mutant: str, *argv: str) -> subprocess.CompletedProcess[str]:
        """``clerk-app`` in this session; ``mutant`` names a client that is broken on purpose, "" none."""
        return subprocess.run(
            [sys.executable, "-m", "tests.faults.keyring_client", mutant, *argv],
            env=self.environment, capture_output=True, text=True, timeout=120, check=False, cwd=PROJECT,
        )  # fmt: skip

    def kept(self, name: str) -> str | None:
        """What the session's keyring keeps for the program under ``name``."""
        found = self.python(
            _WORDS + "print(keyring.get_password('clerk-app', sys.argv[1]) or '')", name
        ).stdout.strip()
        return found or None

    def keep(self, name: str, secret: str) -> None:
        done = self.python(_WORDS + "keyring.set_password('clerk-app', *sys.argv[1:])", name, secret)
        assert done.returncode == 0, done.stderr

    def forget(self, name: str) -> None:
        done = self.python(_WORDS + "keyring.delete_password('clerk-app', sys.argv[1])", name)
        assert done.returncode == 0, done.stderr

    def _wait_for_service(self) -> None:
        """Until the name is owned: the bus itself tells."""
        program = (
            "import secretstorage, sys\nfrom jeepney import DBusAddress, new_method_call, MatchRule\n"
            "from jeepney.io.blocking import open_dbus_connection\n"
            "c = open_dbus_connection()\n"
            "bus = DBusAddress('/org/freedesktop/DBus', 'org.freedesktop.DBus', 'org.freedesktop.DBus')\n"
            "rule = MatchRule(type='signal', interface='org.freedesktop.DBus', member='NameOwnerChanged')\n"
            "c.send_and_get_reply(new_method_call(bus, 'AddMatch', 's', (rule.serialise(),)))\n"
            "name = 'org.freedesktop.secrets'\n"
            "def owned():\n"
            "    return c.send_and_get_reply(new_method_call(bus, 'NameHasOwner', 's', (name,))).body[0]\n"
            "while not owned():\n    c.receive(timeout=30)\n"
        )
        done = self.python(program)
        assert done.returncode == 0, done.stderr
