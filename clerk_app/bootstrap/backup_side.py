"""Backups of a home: made beside a running window, checked anywhere, put back under the home's lock."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from clerk_app import __version__
from clerk_app.bootstrap.premises import LOCK_WAIT_S, finish_rotation, open_premises
from clerk_app.cli.entrance import BackupFacts, GlobalOptions, RestoreDone
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.store import backup, restoring
from clerk_app.store.home import HomePaths
from clerk_app.store.resealing import reseal
from clerk_app.system import data_key
from clerk_app.system.clock import SystemClock
from clerk_app.system.instance import InstanceLock
from clerk_app.system.office_home import PRACTICE_KEY_NAME, HomeOffice, read_office
from clerk_app.system.paths import Home, open_home

OFFICE, RECOVERY, PRACTICE_KEY = "office.json", "keys/recovery.json", "keys/practice.key"
_STAGING = "restore"


@dataclass(frozen=True)
class BackupDoor:
    """Implements ``cli.entrance.BackupWork``."""

    options: GlobalOptions
    tell: Callable[[int, int], None]

    def create(self, target: BinaryIO) -> BackupFacts:
        """See ``BackupWork``."""
        with open_premises(self.options.home, self.options.profile, lock=False) as premises:
            home = premises.home
            office = read_office(home)
            if office is None:  # open_premises has claimed it
                raise ClerkError(ErrorCode.PROFILE_OTHER_OFFICE, {}, Disposition.BUG)
            key = data_key.obtain(home, office.practice, create=False)
            small = {
                OFFICE: home.office,
                RECOVERY: home.keys / data_key.RECOVERY_NAME,
                PRACTICE_KEY: home.keys / PRACTICE_KEY_NAME,
            }
            named = {
                "made_at": premises.clock.now(),
                "program": __version__,
                "home": office.home_id,
                "office": office.name,
                "practice": office.practice,
            }
            present = {name: path for name, path in small.items() if path.exists()}
            return _facts(backup.write(target, home, key, named, present, self.tell))

    def check(self, path: Path) -> BackupFacts:
        """See ``BackupWork``."""
        found = backup.Backup(path)
        key = None
        home = open_home(self.options.home)
        office = read_office(home)
        if office is not None and office.home_id == found.manifest.home:
            key = data_key.obtain(home, office.practice, create=False)
            if backup.key_mark(key) != found.manifest.key:
                key = None  # the data key was changed since: the files can be looked at all the same
        found.check(key, self.tell)
        if key is not None:
            self._check_chain(home, found, key)
        return _facts(found.manifest, proven=key is not None)

    def _check_chain(self, home: Home, found: backup.Backup, key: bytes) -> None:
        """A ledger that was not in order when it was saved is not in order here: better known now."""
        folder = Path(tempfile.mkdtemp(dir=home.temp, prefix="check-"))
        try:
            found.unpack_ledger(folder)
            restoring.check_ledger(folder, key)
        except ClerkError as error:
            if error.code is not ErrorCode.LEDGER_DAMAGED:
                raise
            params = {"path": str(found.path), "reason": "chain", "name": backup.LEDGER}
            raise ClerkError(ErrorCode.BACKUP_DAMAGED, params, Disposition.ASK_CLERK) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def restore(
        self, path: Path, *, accept_older: bool, private_key: bytes | None, password: bytes | None
    ) -> RestoreDone:
        """See ``BackupWork``."""
        found = backup.Backup(path)
        home = open_home(self.options.home)
        with InstanceLock(home, LOCK_WAIT_S):
            office = _office(home, found)
            finish_rotation(home)
            made_with = self._key_of(home, office, found, private_key, password)
            found.prove(made_with)
            present = _present_key(home, office) or made_with
            staged = home.temp / _STAGING
            shutil.rmtree(staged, ignore_errors=True)
            try:
                found.unpack(staged, self.tell)
                for tree in ("documents", "packages"):
                    (staged / tree).mkdir(exist_ok=True)
                if not accept_older:
                    self._require_nothing_lost(home, staged, found, made_with, present)
                if present != made_with:
                    reseal(HomePaths(staged), made_with, present)
                self._found_home(home, office, found, present)
                done = restoring.put_back(staged, home, present, SystemClock().now())
            finally:
                shutil.rmtree(staged, ignore_errors=True)
            return RestoreDone(
                _facts(found.manifest),
                done.documents,
                None if done.aside is None else str(done.aside),
                done.uncertain,
                tuple(done.destroyed),
            )

    def _key_of(
        self,
        home: Home,
        office: HomeOffice,
        found: backup.Backup,
        private_key: bytes | None,
        password: bytes | None,
    ) -> bytes:
        """The data key the backup was made with."""
        if office.practice:
            content = found.small(PRACTICE_KEY)
            if content is not None:
                return data_key.PracticeKeyFile().read_from(content)
        elif private_key is not None:
            wrap = found.small(RECOVERY)
            if wrap is None:
                raise ClerkError(ErrorCode.DATA_KEY_MISSING, {}, Disposition.ASK_CLERK)
            return data_key.unwrap(wrap, private_key, password)
        key = _present_key(home, office)
        if key is None:
            raise ClerkError(ErrorCode.DATA_KEY_MISSING, {}, Disposition.ASK_CLERK)
        return key

    def _require_nothing_lost(
        self, home: Home, staged: Path, found: backup.Backup, made_with: bytes, present: bytes
    ) -> None:
        """A ledger that knows what the backup does not know is not replaced unasked."""
        try:
            head = backup.head_of(home.ledger_db, present)
        except ClerkError as error:
            if error.code in (ErrorCode.LEDGER_DAMAGED, ErrorCode.DATA_KEY_WRONG):
                return  # nothing can be read of it; it is set aside, not lost
            raise
        if head is not None and not backup.holds(staged / backup.LEDGER, made_with, head):
            params = {
                "entries": found.manifest.head.entries,
                "present": head.entries,
                "made_at": found.manifest.made_at,
            }
            raise ClerkError(ErrorCode.BACKUP_OLDER, params, Disposition.ASK_CLERK)

    def _found_home(self, home: Home, office: HomeOffice, found: backup.Backup, key: bytes) -> None:
        """A fresh home becomes the backup's office, with its key."""
        content = found.small(OFFICE)
        if read_office(home) is None and content is not None:
            home.office.write_bytes(content)
        if _present_key(home, office) is None:
            source = data_key.PracticeKeyFile() if office.practice else data_key.KeyringKey(office)
            source.keep(home, key)
        wrap = found.small(RECOVERY)
        if wrap is not None and not (home.keys / data_key.RECOVERY_NAME).exists():
            (home.keys / data_key.RECOVERY_NAME).write_bytes(wrap)
        if not (home.keys / data_key.CHECK_NAME).exists():
            data_key.note_check(home, key)


def _office(home: Home, found: backup.Backup) -> HomeOffice:
    """Whose home this is. Raises ClerkError BACKUP_FOREIGN for another home's backup."""
    office = read_office(home)
    if office is None:
        if home.has_databases:
            raise _foreign(home, found)
        return HomeOffice(found.manifest.home, found.manifest.office, "", "", found.manifest.practice)
    if office.home_id != found.manifest.home or office.practice != found.manifest.practice:
        raise _foreign(home, found)
    return office


def _foreign(home: Home, found: backup.Backup) -> ClerkError:
    params = {"path": str(home.root), "office": found.manifest.office}
    return ClerkError(ErrorCode.BACKUP_FOREIGN, params, Disposition.ASK_CLERK)


def _present_key(home: Home, office: HomeOffice) -> bytes | None:
    source = data_key.PracticeKeyFile() if office.practice else data_key.KeyringKey(office)
    return source.read(home)


def _facts(manifest: backup.Manifest, *, proven: bool = True) -> BackupFacts:
    return BackupFacts(
        made_at=manifest.made_at,
        program=manifest.program,
        office=manifest.office,
        practice=manifest.practice,
        entries=manifest.head.entries,
        documents=manifest.documents,
        proven=proven,
    )
