"""Datenschlüssel: the 32 bytes everything in a home is encrypted with, and where they are kept.

Real offices keep it in the operating system's keyring, with a second wrap for the municipality's recovery
key. Practice offices keep it in a file that says so. A key that is missing while data exists is never
replaced.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets as random
from dataclasses import dataclass
from typing import Protocol

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.system.durable import write_durably
from clerk_app.system.office_home import PRACTICE_KEY_NAME, HomeOffice, read_office
from clerk_app.system.paths import Home
from clerk_app.system.secrets import (
    Keyring,
    decode_key,
    encode_key,
    keep_in_keyring,
    read_keyring,
    trusted_keyring,
)

KEY_BYTES = 32
CHECK_NAME = "data-key.check"
RECOVERY_NAME = "data-key.recovery.json"
NEXT_RECOVERY_NAME = "data-key.recovery.next.json"  # while the data key is being changed
_PRACTICE_HEADER = (
    "# PRACTICE KEY (Schluessel eines Uebungsbestands). It lies open on purpose and protects nothing.\n"
    "# No real application may ever be stored under it.\n"
)


class DataKeySource(Protocol):
    """One place a data key may be kept in."""

    def read(self, home: Home) -> bytes | None:
        """The key, or None when the place is there but holds none. Raises ClerkError when it cannot say."""

    def keep(self, home: Home, key: bytes) -> None:
        """Keep a new key durably and confirm that it can be read back."""


@dataclass(frozen=True)
class PracticeKeyFile:
    """A key in a file, for practice homes only."""

    def read(self, home: Home) -> bytes | None:
        """:raises ClerkError: DATA_KEY_WRONG when the file is damaged."""
        try:
            content = (home.keys / PRACTICE_KEY_NAME).read_bytes()
        except FileNotFoundError:
            return None
        return self.read_from(content)

    def read_from(self, content: bytes) -> bytes:
        """The key in the content of such a file. Raises ClerkError DATA_KEY_WRONG."""
        text = content.decode("ascii", "replace")
        lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
        key = decode_key(lines[0], KEY_BYTES) if len(lines) == 1 else None
        if key is None:
            raise ClerkError(ErrorCode.DATA_KEY_WRONG, {}, Disposition.ASK_CLERK)
        return key

    def keep(self, home: Home, key: bytes) -> None:
        """Write the file, readable for this user alone."""
        write_durably(home.keys / PRACTICE_KEY_NAME, f"{_PRACTICE_HEADER}{encode_key(key)}\n".encode())
        if self.read(home) != key:
            raise ClerkError(ErrorCode.DATA_KEY_WRONG, {}, Disposition.BUG)


@dataclass(frozen=True)
class KeyringKey:
    """A key in the operating system's keyring, named by the home. ``keyring`` None: the machine's own."""

    office: HomeOffice
    keyring: Keyring | None = None
    recovery_public_key: bytes | None = None  # PEM of the municipality's RSA recovery key

    @property
    def name(self) -> str:
        """Under which name the keyring holds it."""
        return f"data-key:{self.office.home_id}"

    def read(self, home: Home) -> bytes | None:
        """:raises ClerkError: KEYRING_UNSAFE, KEYRING_UNAVAILABLE, DATA_KEY_WRONG."""
        text = read_keyring(self.place(), self.name)
        if text is None:
            return None
        key = decode_key(text, KEY_BYTES)
        if key is None:
            raise ClerkError(ErrorCode.DATA_KEY_WRONG, {}, Disposition.ASK_CLERK)
        return key

    def keep(self, home: Home, key: bytes) -> None:
        """The wrap for recovery first, so that no key exists that only one place holds."""
        if self.recovery_public_key is not None:
            write_durably(home.keys / RECOVERY_NAME, wrap_for_recovery(key, self.recovery_public_key))
        keep_in_keyring(self.place(), self.name, encode_key(key))

    def place(self) -> Keyring:
        """The keyring itself. Raises ClerkError as ``trusted_keyring``."""
        return self.keyring if self.keyring is not None else trusted_keyring()


def obtain(
    home: Home,
    profile_is_practice: bool,
    create: bool,
    *,
    keyring: Keyring | None = None,
    recovery_public_key: bytes | None = None,
) -> bytes:
    """The data key of a home that was claimed before.

    :raises ClerkError: DATA_KEY_MISSING when there is none and none may be made (data exists, or not
        ``create``); DATA_KEY_WRONG when it is not the one this home was made with; PROFILE_OTHER_OFFICE when
        a practice home is opened as a real one or the other way round; KEYRING_UNSAFE, KEYRING_UNAVAILABLE
    """
    office = read_office(home)
    practice_key_there = (home.keys / PRACTICE_KEY_NAME).exists()
    if (
        office is None
        or office.practice != profile_is_practice
        or (practice_key_there and not office.practice)
    ):
        raise ClerkError(ErrorCode.PROFILE_OTHER_OFFICE, {}, Disposition.ASK_CLERK)
    source: DataKeySource = (
        PracticeKeyFile() if office.practice else KeyringKey(office, keyring, recovery_public_key)
    )
    key = source.read(home)
    if key is None:
        if (
            not create
            or home.has_databases
            or (home.keys / CHECK_NAME).exists()
            or any(home.documents.iterdir())
        ):
            raise ClerkError(ErrorCode.DATA_KEY_MISSING, {}, Disposition.ASK_CLERK)
        key = random.token_bytes(KEY_BYTES)
        source.keep(home, key)
        note_check(home, key)
        return key
    if not fits(home, key):
        raise ClerkError(ErrorCode.DATA_KEY_WRONG, {}, Disposition.ASK_CLERK)
    return key


def restore(home: Home, key: bytes, office: HomeOffice, keyring: Keyring | None = None) -> None:
    """Put a recovered key back into the keyring.

    :raises ClerkError: DATA_KEY_WRONG when it is not this home's key
    """
    if len(key) != KEY_BYTES or not fits(home, key):
        raise ClerkError(ErrorCode.DATA_KEY_WRONG, {}, Disposition.ASK_CLERK)
    KeyringKey(office, keyring).keep(home, key)


def wrap_for_recovery(key: bytes, public_key_pem: bytes) -> bytes:
    """The key encrypted for the municipality's recovery key (RSA-OAEP-256), as JSON."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    public = serialization.load_pem_public_key(public_key_pem)
    if not isinstance(public, rsa.RSAPublicKey):
        raise ValueError("the recovery key is not an RSA key")
    wrapped = public.encrypt(key, padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None))
    spki = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    members = {
        "alg": "RSA-OAEP-256",
        "recovery_key_sha256": hashlib.sha256(spki).hexdigest(),
        "wrapped": base64.b64encode(wrapped).decode(),
        "public_key": public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ).decode(),
    }
    return (json.dumps(members, indent=2, sort_keys=True) + "\n").encode()


def unwrap_recovery(home: Home, private_key_pem: bytes, password: bytes | None = None) -> bytes:
    """The key from the wrap in the home.

    :raises ClerkError: DATA_KEY_MISSING when no wrap is there; DATA_KEY_WRONG when this is not its private
    key
    """
    try:
        wrap = (home.keys / RECOVERY_NAME).read_bytes()
    except FileNotFoundError as error:
        raise ClerkError(ErrorCode.DATA_KEY_MISSING, {}, Disposition.ASK_CLERK) from error
    return unwrap(wrap, private_key_pem, password)


def unwrap(wrap: bytes, private_key_pem: bytes, password: bytes | None = None) -> bytes:
    """The key from a wrap, wherever that lies.

    :raises ClerkError: DATA_KEY_WRONG when this is not its private key, or no wrap
    """
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    try:
        wrapped = base64.b64decode(json.loads(wrap)["wrapped"])
    except (ValueError, KeyError, TypeError) as error:
        raise ClerkError(ErrorCode.DATA_KEY_WRONG, {}, Disposition.ASK_CLERK) from error
    try:
        private = serialization.load_pem_private_key(private_key_pem, password)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise ValueError("not an RSA key")
        return private.decrypt(wrapped, padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None))
    except (ValueError, TypeError) as error:
        raise ClerkError(ErrorCode.DATA_KEY_WRONG, {}, Disposition.ASK_CLERK) from error


def recovery_public_key(home: Home) -> bytes | None:
    """The municipality's public key (PEM) that the data key of this home is wrapped for; None without one."""
    try:
        members = json.loads((home.keys / RECOVERY_NAME).read_text(encoding="utf-8"))
        return str(members["public_key"]).encode()
    except (OSError, ValueError, KeyError, TypeError):
        return None


def recovery_fingerprint(home: Home) -> str | None:
    """SHA-256 of the recovery key the data key is wrapped for; None when nobody could recover it."""
    try:
        return str(json.loads((home.keys / RECOVERY_NAME).read_text(encoding="utf-8"))["recovery_key_sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def wrap_now(home: Home, key: bytes, public_key_pem: bytes) -> None:
    """Wraps the data key in use for the municipality's recovery key.

    :raises ClerkError: KEY_FILE_INVALID when this is no public RSA key
    """
    try:
        wrap = wrap_for_recovery(key, public_key_pem)
    except ValueError as error:
        params = {"reason": "not-rsa"}
        raise ClerkError(ErrorCode.KEY_FILE_INVALID, params, Disposition.ASK_CLERK) from error
    write_durably(home.keys / RECOVERY_NAME, wrap)


def check_value(key: bytes) -> str:
    """Names a data key without telling it."""
    return hmac.new(key, b"clerk-app data key check", hashlib.sha256).hexdigest()


def note_check(home: Home, key: bytes) -> None:
    """From now on this is the home's key."""
    write_durably(home.keys / CHECK_NAME, (check_value(key) + "\n").encode())


def fits(home: Home, key: bytes) -> bool:
    """Whether ``key`` is the one this home was made with, as far as was noted."""
    try:
        noted = (home.keys / CHECK_NAME).read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        if not home.has_databases:  # killed between keeping the key and noting it
            note_check(home, key)
        return True  # with databases, opening them judges: noting a wrong key would shut out the right one
    return hmac.compare_digest(noted.encode("utf-8", "replace"), check_value(key).encode())
