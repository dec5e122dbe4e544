"""Schlüsselwechsel: another data key for a home, safe wherever the program is stopped.

Order: the new key into the keyring (read back) and wrapped for recovery, then the marker, durable; then the
store is sealed anew; then the new key takes the place of the old one; the marker goes last. While the marker
is there both keys are known and whoever opens the home finishes the change first.
"""

from __future__ import annotations

import json
import secrets as random
from collections.abc import Callable
from dataclasses import dataclass

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.system import data_key
from clerk_app.system.data_key import KeyringKey, PracticeKeyFile
from clerk_app.system.durable import sync_folder, write_durably
from clerk_app.system.office_home import HomeOffice, read_office
from clerk_app.system.paths import Home
from clerk_app.system.secrets import (
    Keyring,
    decode_key,
    encode_key,
    forget_in_keyring,
    keep_in_keyring,
    read_keyring,
)

MARKER_NAME = "rotation.json"
_PRACTICE_NEXT = "practice-next.key"
Reseal = Callable[[bytes, bytes], None]
"""Seals everything below the home anew: (old key, new key); may be called again after any interruption."""


@dataclass(frozen=True)
class KeyPlaces:
    """Where a home's present and next data key lie."""

    home: Home
    office: HomeOffice
    keyring: Keyring | None = None

    @property
    def next_name(self) -> str:
        """Under which name the keyring holds the next key."""
        return f"{self._real.name}:next"

    @property
    def _real(self) -> KeyringKey:
        return KeyringKey(self.office, self.keyring)

    def present(self) -> bytes:
        """Raises ClerkError DATA_KEY_MISSING and what the place says."""
        source = PracticeKeyFile() if self.office.practice else self._real
        key = source.read(self.home)
        if key is None:
            raise ClerkError(ErrorCode.DATA_KEY_MISSING, {}, Disposition.ASK_CLERK)
        return key

    def next(self) -> bytes | None:
        """The key that is to come; None when none was kept."""
        if self.office.practice:
            try:
                text = (self.home.keys / _PRACTICE_NEXT).read_text(encoding="ascii", errors="replace")
            except FileNotFoundError:
                return None
        else:
            found = read_keyring(self._real.place(), self.next_name)
            if not found:
                return None
            text = found
        return decode_key(text, data_key.KEY_BYTES)

    def keep_next(self, key: bytes) -> None:
        """Durably, read back; a wrap for recovery lies beside it before."""
        if (public := data_key.recovery_public_key(self.home)) is not None:
            wrap = data_key.wrap_for_recovery(key, public)
            write_durably(self.home.keys / data_key.NEXT_RECOVERY_NAME, wrap)
        if self.office.practice:
            write_durably(self.home.keys / _PRACTICE_NEXT, f"{encode_key(key)}\n".encode())
        else:
            keep_in_keyring(self._real.place(), self.next_name, encode_key(key))

    def take_next(self, key: bytes) -> None:
        """The next key becomes the present one, in every place, each of which may have it already."""
        wrap = self.home.keys / data_key.NEXT_RECOVERY_NAME
        if wrap.exists():
            wrap.replace(self.home.keys / data_key.RECOVERY_NAME)
            sync_folder(self.home.keys)
        source = PracticeKeyFile() if self.office.practice else self._real
        source.keep(self.home, key)
        data_key.note_check(self.home, key)

    def forget_next(self) -> None:
        """A leftover only: the present key is the same by now, or was never used."""
        if self.office.practice:
            (self.home.keys / _PRACTICE_NEXT).unlink(missing_ok=True)
        else:
            forget_in_keyring(self._real.place(), self.next_name)


def unfinished(home: Home) -> bool:
    """Whether a change of the data key was begun and not finished."""
    return (home.keys / MARKER_NAME).exists()


def rotate(home: Home, reseal: Reseal, keyring: Keyring | None = None) -> None:
    """Gives the home another data key. The caller holds the home's lock and has no store open.

    A change that was interrupted is finished instead. Raises ClerkError of keyring, store and disk;
    then the next opening goes on where this one stopped.
    """
    places = _places(home, keyring)
    if not unfinished(home):
        old, new = places.present(), random.token_bytes(data_key.KEY_BYTES)
        if not data_key.fits(home, old):
            raise ClerkError(ErrorCode.DATA_KEY_WRONG, {}, Disposition.ASK_CLERK)
        places.keep_next(new)
        marks = {"from": data_key.check_value(old), "to": data_key.check_value(new)}
        write_durably(home.keys / MARKER_NAME, (json.dumps(marks) + "\n").encode())
    finish(home, reseal, keyring)


def finish(home: Home, reseal: Reseal, keyring: Keyring | None = None) -> None:
    """Finishes a change that was begun; harmless when there is none. Raises as ``rotate``."""
    if not unfinished(home):
        return
    places = _places(home, keyring)
    present, new = places.present(), places.next()
    if new is None or data_key.check_value(new) != _marked(home).get("to"):
        raise ClerkError(ErrorCode.DATA_KEY_WRONG, {}, Disposition.ASK_CLERK)
    reseal(present, new)
    places.take_next(new)
    (home.keys / MARKER_NAME).unlink()
    sync_folder(home.keys)
    places.forget_next()


def _places(home: Home, keyring: Keyring | None) -> KeyPlaces:
    office = read_office(home)
    if office is None:
        raise ClerkError(ErrorCode.DATA_KEY_MISSING, {}, Disposition.ASK_CLERK)
    return KeyPlaces(home, office, keyring)


def _marked(home: Home) -> dict[str, str]:
    try:
        found = json.loads((home.keys / MARKER_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ClerkError(ErrorCode.DATA_KEY_WRONG, {}, Disposition.ASK_CLERK) from error
    return found if isinstance(found, dict) else {}
