"""What the command line needs to be handed: doors into the office, opened by ``bootstrap``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from clerk_app.domain.attachment_text import TextCoverage
from clerk_app.domain.policy_state import PolicyState
from clerk_app.domain.signature import VerificationReport
from clerk_app.sync.status import SyncSummary
from clerk_app.usecases.desk import Desk
from clerk_app.usecases.filing import Filing
from clerk_app.usecases.retention import Retention
from clerk_app.usecases.teamwork import OwnOffice, TeamAdmin, TeamDesk


@dataclass(frozen=True)
class GlobalOptions:
    """Options every command knows. ``home`` and ``profile`` are None when not given."""

    home: Path | None = None
    profile: Path | None = None
    json: bool = False
    verbose: bool = False


@dataclass(frozen=True)
class SandboxRequest:
    """What ``clerk-app sandbox`` was asked for."""

    directory: Path
    port: int
    applications: int
    seed: int
    faults: tuple[str, ...]
    defective: int | None = None


@dataclass(frozen=True)
class DoctorFinding:
    """One line of the self-check: ``area`` and ``code`` are stable, ``params`` fill the sentence."""

    area: str
    ok: bool
    code: str
    params: Mapping[str, object]


@dataclass(frozen=True)
class KeyStatus:
    """The data key of a home. ``recovery``: SHA-256 of the recovery key it is wrapped for, or None."""

    practice: bool
    recovery: str | None
    unfinished: bool


@dataclass(frozen=True)
class RetentionDesk:
    """What the end of a file's life needs, under the home's lock."""

    retention: Retention
    filing: Filing
    desk: Desk


@dataclass(frozen=True)
class BackupFacts:
    """What a backup says of itself. ``proven``: by the data key of this home, not only by its own hashes."""

    made_at: datetime
    program: str
    office: str
    practice: bool
    entries: int
    documents: int
    proven: bool


@dataclass(frozen=True)
class RestoreDone:
    """A backup that was put back. ``former_ledger``: where what was there lies. ``uncertain``: something may
    have happened after the backup, so nothing is sent until a person takes the ledger as it is.
    ``destroyed``: cases that were destroyed since and are back."""

    facts: BackupFacts
    documents: int
    former_ledger: str | None
    uncertain: bool
    destroyed: tuple[str, ...]


class BackupWork(Protocol):
    """Backups of a home."""

    def create(self, target: BinaryIO) -> BackupFacts:
        """Writes one, also beside a running window. Raises ClerkError of home, key and store."""
        ...

    def check(self, path: Path) -> BackupFacts:
        """Reads all of it. Raises ClerkError BACKUP_DAMAGED, BACKUP_TOO_NEW."""
        ...

    def restore(
        self, path: Path, *, accept_older: bool, private_key: bytes | None, password: bytes | None
    ) -> RestoreDone:
        """Puts it back. Raises ClerkError BACKUP_…, DATA_KEY_…, INSTANCE_RUNNING."""
        ...


class ServiceWork(Protocol):
    """The nightly fetch of this account."""

    def files(self, at: str, *, windows: bool) -> dict[str, str]:
        """What would be written, by name. Raises ClerkError USAGE for a time that is none."""
        ...

    def install(self, at: str, *, windows: bool) -> list[Path]:
        """Writes it; where. Raises ClerkError USAGE, OUTPUT_NOT_WRITABLE."""
        ...

    def installed(self) -> list[Path]:
        """What is there."""
        ...

    def enabled(self) -> bool:
        """Whether the account's systemd has been told to start it; a Windows task is not asked about."""
        ...

    def remove(self) -> list[Path]:
        """Takes it away; what was there."""
        ...


class KeyWork(Protocol):
    """Work on the data key of a home that no other program uses meanwhile."""

    def status(self) -> KeyStatus:
        """Raises ClerkError KEYRING_…, DATA_KEY_…"""
        ...

    def wrap(self, public_key_pem: bytes) -> None:
        """Wraps the key for the municipality's recovery key, now and at every change from now on."""
        ...

    def recover(self, private_key_pem: bytes, password: bytes | None) -> None:
        """Puts the key back into the keyring. Raises ClerkError DATA_KEY_MISSING, DATA_KEY_WRONG."""
        ...

    def rotate(self) -> None:
        """Another data key; finishes a change that was interrupted."""
        ...


@dataclass(frozen=True)
class UpdateDesk:
    """The update channel. ``installed`` is this program, ``newest`` what is signed as newest; ``download``
    fetches it into a folder (raises ClerkError POLICY_FORBIDS where the policy only announces)."""

    installed: str
    newest: str
    is_newer: bool
    notes: str
    download: Callable[[Path], Path]


class Entrance(Protocol):
    """Doors into the office. Every context manager closes what it opened, whatever happens."""

    def desk(self, options: GlobalOptions, *, writing: bool) -> AbstractContextManager[Desk]:
        """A clerk's desk. ``writing`` takes the home's lock; reading works beside a running window."""
        ...

    def sync(self, options: GlobalOptions, *, once: bool) -> SyncSummary:
        """One round, or rounds until settled."""
        ...

    def read_texts(self, options: GlobalOptions, say: Callable[[TextCoverage], None]) -> TextCoverage:
        """Reads every attachment the search does not know yet; ``say`` is told after each."""
        ...

    def verify(
        self, options: GlobalOptions, pdf: bytes, *, online: bool = False, trust: Sequence[Path] = ()
    ) -> VerificationReport:
        """Needs no profile; with a practice home its own demo authority is trusted.

        With a home or profile named, its authorities are believed and an attached decision is compared with
        what was recorded. ``online``: asks for revocation data. ``trust``: further certificate files.
        Raises ClerkError PROFILE_FILE_UNREADABLE for one that cannot be read.
        """
        ...

    def audit(self, options: GlobalOptions) -> int:
        """Walks the hash chain; number of entries."""
        ...

    def doctor(self, options: GlobalOptions, *, begin_ledger: bool) -> Sequence[DoctorFinding]:
        """Looks at everything. ``begin_ledger``: begins a ledger that is lost for good anew, beforehand."""
        ...

    def updates(self, options: GlobalOptions) -> AbstractContextManager[UpdateDesk]:
        """What the channel of the machine's policy says. Raises ClerkError UPDATE_…"""
        ...

    def policy(self, options: GlobalOptions) -> PolicyState:
        """What is in force on this machine; needs neither home nor profile, and shows the profile's part when
        there is one. Raises ClerkError of a profile that was named."""
        ...

    def retention(self, options: GlobalOptions) -> AbstractContextManager[RetentionDesk]:
        """What may be destroyed, and destroying it."""
        ...

    def support(self, options: GlobalOptions, target: BinaryIO) -> list[str]:
        """Writes a support bundle; the names of what is in."""
        ...

    def service(self, options: GlobalOptions) -> ServiceWork:
        """The nightly fetch."""
        ...

    def backups(self, options: GlobalOptions, tell: Callable[[int, int], None]) -> BackupWork:
        """Backups; ``tell`` hears how many files of how many are done."""
        ...

    def keys(self, options: GlobalOptions) -> KeyWork:
        """The data key. Raises ClerkError of home and profile."""
        ...

    def team(self, options: GlobalOptions) -> AbstractContextManager[TeamDesk]:
        """Our place in the office's team. Raises ClerkError TEAM_…"""
        ...

    def team_admin(
        self, options: GlobalOptions, login: str, password: Callable[[], str]
    ) -> AbstractContextManager[tuple[TeamAdmin, OwnOffice]]:
        """The data centre's side of the team's server, with a login of its own; and who this office is."""
        ...

    def sandbox(self, request: SandboxRequest) -> int: ...

    def demo(
        self, keep: Path | None, *, headless: bool, say: Callable[[str], None], team: bool = False
    ) -> int: ...

    def window(self, options: GlobalOptions) -> int: ...
