"""A PostgreSQL server of one's own for practice, demo and tests: installed programs, a throw-away directory.

PostgreSQL refuses to run as root; then its programs run as the account the packages made for them.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_PLACES = "/usr/lib/postgresql"
_ACCOUNTS = ("postgres", "nobody")
ADMIN = "amtsstube_admin"


def server_programs() -> Path | None:
    """The directory with ``initdb`` and ``pg_ctl`` of the newest server installed here; None without one."""
    named = os.environ.get("CLERK_POSTGRES_BIN")
    if named:
        return Path(named)
    found = sorted(
        Path(_PLACES).glob("*/bin/initdb"),
        key=lambda path: int(re.sub(r"\D", "", path.parent.parent.name) or 0),
    )
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@dataclass(frozen=True)
class TlsFiles:
    """Certificate and key (PEM) the server shows."""

    certificate: bytes
    key: bytes


class PracticeDatabase:
    """One cluster below ``directory``, on the loopback address. Passwords are asked for by SCRAM."""

    def __init__(self, directory: Path, programs: Path, *, durable: bool = True) -> None:
        self.directory = directory
        self.password = secrets.token_urlsafe(18)
        self.port = 0
        self._programs = programs
        self._durable = durable
        self._account = _account()

    @property
    def data(self) -> Path:
        """Where the cluster lies."""
        return self.directory / "data"

    def create(self, tls: TlsFiles | None = None) -> None:
        """Makes the cluster. Raises OSError or subprocess.CalledProcessError."""
        self.directory.mkdir(parents=True, exist_ok=True)
        password_file = self.directory / "password"
        password_file.write_text(self.password, encoding="ascii")
        self._own(self.directory, password_file)
        self._run(
            "initdb", "--pgdata", self.data, "--username", ADMIN, "--pwfile", password_file,
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions",
            *([] if self._durable else ["--no-sync"]),
        )  # fmt: skip
        settings = {
            "listen_addresses": "'127.0.0.1'",
            "unix_socket_directories": "''",
            "max_connections": "60",
            "logging_collector": "off",
            "log_min_messages": "warning",
        }
        if not self._durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        if tls is not None:
            for name, content in (("server.crt", tls.certificate), ("server.key", tls.key)):
                path = self.data / name
                path.write_bytes(content)
                path.chmod(0o600)
                self._own(path)
            settings |= {"ssl": "on"}
        with (self.data / "postgresql.auto.conf").open("a", encoding="utf-8") as sink:
            sink.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def start(self) -> None:
        """Starts it on a free port, the one of last time if that is still free."""
        for _ in range(5):
            self.port = self.port or _free_port()
            log = self.directory / "server.log"
            try:
                self._run(
                    "pg_ctl", "start", "--pgdata", self.data, "--wait", "--silent", "--log", log,
                    "--options", f"-p {self.port}",
                )  # fmt: skip
            except subprocess.CalledProcessError:
                self.port = 0  # somebody was faster at that port
                continue
            return
        raise OSError(f"PostgreSQL does not start: {log.read_text('utf-8', 'replace')[-2000:]}")

    def stop(self, mode: str = "fast") -> None:
        """Stops it; ``immediate`` is as good as pulling the plug."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "stop", "--pgdata", self.data, "--mode", mode, "--wait", "--silent")

    def _run(self, program: str, *arguments: object) -> None:
        subprocess.run(  # noqa: S603 - programs of the packages, arguments of ours
            [str(self._programs / program), *map(str, arguments)],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.directory,
            env=_environment(),
            user=self._account,
        )

    def _own(self, *paths: Path) -> None:
        if self._account is not None:
            for path in paths:
                shutil.chown(path, self._account)


def _environment() -> Mapping[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}


def _account() -> str | None:
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in _ACCOUNTS if name in known), None)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
