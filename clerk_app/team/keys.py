"""What makes the server blind: the office's key, and each desktop's own keys.

The office's key (one per generation, 32 random bytes) seals entries and documents with AES-256-GCM. It
reaches a desktop sealed for that desktop alone: HPKE (RFC 9180) with X25519, HKDF-SHA256, AES-256-GCM. Each
entry carries the Ed25519 signature (RFC 8032) of the desktop that wrote it, inside the seal: whoever relays
it later cannot pass it off as somebody else's.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ledger import canonical_json
from clerk_app.sync.team import SharedEntry

_NONCE_BYTES = 12
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


@dataclass(frozen=True)
class DesktopKeys:
    """The private keys of one desktop. They never leave it; at rest they lie in the encrypted ledger."""

    seal: X25519PrivateKey = field(repr=False)
    sign: Ed25519PrivateKey = field(repr=False)

    @staticmethod
    def generate() -> DesktopKeys:
        """New keys."""
        return DesktopKeys(X25519PrivateKey.generate(), Ed25519PrivateKey.generate())

    @staticmethod
    def parse(text: str) -> DesktopKeys:
        """The keys in what ``text`` wrote."""
        raw = base64.b64decode(text)
        return DesktopKeys(
            X25519PrivateKey.from_private_bytes(raw[:32]), Ed25519PrivateKey.from_private_bytes(raw[32:])
        )

    def text(self) -> str:
        """Both keys, for the encrypted ledger."""
        return base64.b64encode(self.seal.private_bytes_raw() + self.sign.private_bytes_raw()).decode()

    @property
    def public(self) -> PublicKeys:
        """The halves everybody may see."""
        return PublicKeys(
            self.seal.public_key().public_bytes_raw(), self.sign.public_key().public_bytes_raw()
        )


@dataclass(frozen=True)
class PublicKeys:
    """Public keys of a desktop, 32 bytes each."""

    seal: bytes
    sign: bytes

    @property
    def fingerprint(self) -> str:
        """Five groups of four hex digits, to be compared by telephone (80 bits)."""
        digest = hashlib.sha256(self.seal + self.sign).hexdigest()[:20].upper()
        return " ".join(digest[start : start + 4] for start in range(0, 20, 4))


def new_office_key() -> bytes:
    """A key for a new generation."""
    return secrets.token_bytes(32)


def seal_key(office_id: str, generation: int, office_key: bytes, public: PublicKeys) -> bytes:
    """The office's key for one desktop."""
    info = f"amtsstube office key {generation} {office_id}".encode()
    return _SUITE.encrypt(office_key, X25519PublicKey.from_public_bytes(public.seal), info=info)


def open_key(office_id: str, generation: int, sealed: bytes, keys: DesktopKeys) -> bytes:
    """Undoes ``seal_key``. Raises ClerkError TEAM_KEY_WRONG."""
    info = f"amtsstube office key {generation} {office_id}".encode()
    try:
        opened: bytes = _SUITE.decrypt(sealed, keys.seal, info=info)
    except (InvalidTag, ValueError) as error:
        raise ClerkError(
            ErrorCode.TEAM_KEY_WRONG, {"generation": generation}, Disposition.ASK_CLERK
        ) from error
    return opened


class OfficeKeys:
    """All generations of an office's key this desktop was given. Sealing uses the newest."""

    def __init__(self, office_id: str, keys: Mapping[int, bytes]) -> None:
        self._office_id = office_id
        self._ciphers = {generation: AESGCM(key) for generation, key in keys.items()}
        self.raw = dict(keys)
        self.newest = max(keys, default=0)

    def seal(self, kind: str, name: str, content: bytes) -> bytes:
        """``content`` under the newest generation, bound to office, kind and name."""
        if self.newest == 0:
            raise ClerkError(ErrorCode.TEAM_NOT_ADMITTED, {}, Disposition.ASK_CLERK)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._ciphers[self.newest].encrypt(nonce, content, self._bound(kind, name))

    def open(self, generation: int, kind: str, name: str, sealed: bytes) -> bytes:
        """Undoes ``seal``. Raises ClerkError TEAM_KEY_MISSING (a generation nobody gave us), TEAM_DAMAGED."""
        cipher = self._ciphers.get(generation)
        if cipher is None:
            raise ClerkError(ErrorCode.TEAM_KEY_MISSING, {"generation": generation}, Disposition.ASK_CLERK)
        try:
            return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], self._bound(kind, name))
        except (InvalidTag, ValueError) as error:
            raise ClerkError(ErrorCode.TEAM_DAMAGED, {"name": name}) from error

    def _bound(self, kind: str, name: str) -> bytes:
        return f"{self._office_id}\0{kind}\0{name}".encode()


def _signed(entry: SharedEntry) -> bytes:
    members = [
        entry.entry_id, entry.at, entry.actor, entry.kind, entry.case_id, entry.subject_id, entry.payload,
        entry.desktop,
    ]  # fmt: skip
    return b"amtsstube entry 1\0" + canonical_json(members).encode("utf-8", "surrogatepass")


def write_entry(entry: SharedEntry, sign: Ed25519PrivateKey) -> bytes:
    """The entry with its signature, ready to be sealed: the one it came with, or ours."""
    signature = entry.signature or base64.b64encode(sign.sign(_signed(entry))).decode()
    return json.dumps(
        {
            "entry": [
                entry.entry_id, entry.at, entry.actor, entry.kind, entry.case_id, entry.subject_id,
                entry.payload, entry.desktop,
            ],
            "signature": signature,
        },
        ensure_ascii=True,
    ).encode()  # fmt: skip


def plain_entry(entry: SharedEntry) -> bytes:
    """An entry of the county, which has no key and signs nothing: who wrote it the server says."""
    members = [
        entry.entry_id, entry.at, entry.actor, entry.kind, entry.case_id, entry.subject_id, entry.payload,
        entry.desktop,
    ]  # fmt: skip
    return json.dumps({"entry": members, "signature": ""}, ensure_ascii=True).encode()


def read_entry(content: bytes) -> SharedEntry:
    """Undoes ``write_entry``. Raises ClerkError TEAM_DAMAGED."""
    try:
        members = json.loads(content)
        texts, signature = members["entry"], members["signature"]
        required = [texts[0], texts[1], texts[2], texts[3], texts[6], texts[7], signature]
        optional = [texts[4], texts[5]]
        if not all(isinstance(text, str) for text in required) or not all(
            text is None or isinstance(text, str) for text in optional
        ):
            raise TypeError("texts")
        entry_id, at, actor, kind, case_id, subject_id, payload, desktop = texts
        return SharedEntry(entry_id, at, actor, kind, case_id, subject_id, payload, desktop, signature)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise ClerkError(ErrorCode.TEAM_DAMAGED, {"name": "entry"}) from error


def is_signed_by(entry: SharedEntry, sign_key: bytes) -> bool:
    """Whether the desktop that owns ``sign_key`` wrote this entry."""
    try:
        signature = base64.b64decode(entry.signature, validate=True)
        Ed25519PublicKey.from_public_bytes(sign_key).verify(signature, _signed(entry))
    except (InvalidSignature, ValueError):
        return False
    return True
