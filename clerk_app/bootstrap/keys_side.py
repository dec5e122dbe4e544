"""The data key of a home: told, wrapped for recovery, recovered, changed."""

from __future__ import annotations

from clerk_app.bootstrap.premises import LOCK_WAIT_S, finish_rotation, profile_path
from clerk_app.cli.entrance import GlobalOptions, KeyStatus
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.store.resealing import reseal
from clerk_app.system import data_key
from clerk_app.system.instance import InstanceLock
from clerk_app.system.key_rotation import rotate, unfinished
from clerk_app.system.office_home import HomeOffice, claim_home
from clerk_app.system.paths import Home, open_home
from clerk_app.system.profile import load_profile


class DataKeyDoor:
    """Implements ``cli.entrance.KeyWork``; no store is open meanwhile."""

    def __init__(self, options: GlobalOptions) -> None:
        self._home: Home = open_home(options.home)
        self._profile = load_profile(profile_path(self._home, options.profile))

    def status(self) -> KeyStatus:
        """Where the key lies and who could recover it. Raises ClerkError of the keyring."""
        office = self._office()
        self._key()
        return KeyStatus(office.practice, data_key.recovery_fingerprint(self._home), unfinished(self._home))

    def wrap(self, public_key_pem: bytes) -> None:
        """See ``KeyWork``."""
        with InstanceLock(self._home, LOCK_WAIT_S):
            office = self._office()
            if office.practice:
                raise ClerkError(ErrorCode.PROFILE_OTHER_OFFICE, {"reason": "practice-home"})
            finish_rotation(self._home)
            data_key.wrap_now(self._home, self._key(), public_key_pem)

    def recover(self, private_key_pem: bytes, password: bytes | None) -> None:
        """See ``KeyWork``."""
        with InstanceLock(self._home, LOCK_WAIT_S):
            office = self._office()
            key = data_key.unwrap_recovery(self._home, private_key_pem, password)
            data_key.restore(self._home, key, office)

    def rotate(self) -> None:
        """See ``KeyWork``."""
        with InstanceLock(self._home, LOCK_WAIT_S):
            self._office()
            if not self._home.has_databases:
                raise ClerkError(ErrorCode.DATA_KEY_MISSING, {}, Disposition.ASK_CLERK)
            rotate(self._home, lambda old, new: reseal(self._home, old, new))

    def _office(self) -> HomeOffice:
        return claim_home(self._home, self._profile)

    def _key(self) -> bytes:
        return data_key.obtain(self._home, self._profile.practice, create=False)
