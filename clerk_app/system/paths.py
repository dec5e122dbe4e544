"""Where everything lies: one home folder per office, and the resources that ship with the program."""

from __future__ import annotations

import errno
import os
import stat
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode

HOME_VARIABLE = "CLERK_APP_HOME"
_NETWORK_FILE_SYSTEMS = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "9p",
        "fuse.sshfs",
        "fuse.rclone",
        "davfs",
        "ceph",
    }
)


@dataclass(frozen=True)
class Home:
    """Arbeitsordner: all state of one office on this machine lies below ``root``."""

    root: Path

    @property
    def cache_db(self) -> Path:
        """The portal's word; may be built again."""
        return self.root / "cache.db"

    @property
    def ledger_db(self) -> Path:
        """The clerk's word; never thrown away."""
        return self.root / "ledger.db"

    @property
    def documents(self) -> Path:
        """Sealed originals and letters."""
        return self.root / "documents"

    @property
    def outbox(self) -> Path:
        """Sealed copies of what leaves."""
        return self.root / "outbox"

    @property
    def packages(self) -> Path:
        """Archives of service packages; nothing personal."""
        return self.root / "packages"

    @property
    def keys(self) -> Path:
        """Wrapped or practice keys, never a bare office key."""
        return self.root / "keys"

    @property
    def logs(self) -> Path:
        """Log lines with ids and codes only."""
        return self.root / "logs"

    @property
    def temp(self) -> Path:
        """Spool for downloads; emptied at start."""
        return self.root / "temp"

    @property
    def lock(self) -> Path:
        """Held by the one program that works here."""
        return self.root / "instance.lock"

    @property
    def office(self) -> Path:
        """Remembers whose home this is."""
        return self.root / "office.json"

    @property
    def has_databases(self) -> bool:
        """Whether something encrypted lies here already."""
        return any(path.exists() and path.stat().st_size > 0 for path in (self.cache_db, self.ledger_db))

    def folders(self) -> tuple[Path, ...]:
        """All folders of a home, the root first."""
        return (self.root, self.documents, self.outbox, self.packages, self.keys, self.logs, self.temp)


def choose_home(option: str | Path | None = None, environment: Mapping[str, str] | None = None) -> Home:
    """The home from ``--home``, else ``CLERK_APP_HOME``, else the platform's place for user data."""
    environment = os.environ if environment is None else environment
    named = option or environment.get(HOME_VARIABLE)
    if named:
        return Home(Path(named).expanduser().absolute())
    import platformdirs

    return Home(Path(platformdirs.user_data_dir("clerk-app", appauthor=False)))


def open_home(option: str | Path | None = None, environment: Mapping[str, str] | None = None) -> Home:
    """The chosen home with its folders, made for this user alone.

    :raises ClerkError: HOME_NOT_WRITABLE with ``path`` and ``reason`` (permission, read-only,
    not-a-directory, network: WAL databases on network drives lose data); DISK_FULL
    """
    home = choose_home(option, environment)
    for folder in home.folders():
        _make_private(folder, home)
    if _on_network_drive(home.root):
        raise _unusable(home, "network")
    try:
        with tempfile.NamedTemporaryFile(dir=home.temp, prefix="probe-"):
            pass
    except OSError as error:
        raise _from_os(home, error) from error
    return home


def resource_path(*parts: str) -> Path:
    """A file that ships with the program: inside an installed package, else in the source tree.

    :raises FileNotFoundError: it does not ship: a defect of the build
    """
    package = Path(__file__).resolve().parent.parent
    installed = package / "_resources"
    path = (installed if installed.is_dir() else package.parent / "resources").joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError("/".join(parts))
    return path


def _make_private(folder: Path, home: Home) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix":
            found = folder.stat()
            if found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) & 0o077:
                folder.chmod(0o700)
    except OSError as error:
        raise _from_os(home, error) from error


def _from_os(home: Home, error: OSError) -> ClerkError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ClerkError(ErrorCode.DISK_FULL, {}, Disposition.ASK_CLERK)
    reasons = {errno.EROFS: "read-only", errno.ENOTDIR: "not-a-directory", errno.EEXIST: "not-a-directory"}
    return _unusable(home, reasons.get(error.errno or 0, "permission"))


def _unusable(home: Home, reason: str) -> ClerkError:
    return ClerkError(
        ErrorCode.HOME_NOT_WRITABLE, {"path": str(home.root), "reason": reason}, Disposition.ASK_CLERK
    )


def _on_network_drive(path: Path) -> bool:
    if sys.platform != "linux":
        return False  # Windows: UNC paths and mapped drives need the API; checked by `doctor` later
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return file_system_of(path.resolve(), mounts) in _NETWORK_FILE_SYSTEMS


def file_system_of(path: Path, mounts: str) -> str:
    """The type of the file system ``path`` lies on, from the text of ``/proc/mounts``; empty if unknown."""
    longest, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = Path(_unescape(fields[1]))
        if (path == point or point in path.parents) and len(point.parts) >= longest:
            longest, kind = len(point.parts), fields[2]
    return kind


def _unescape(text: str) -> str:
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, character)
    return text
