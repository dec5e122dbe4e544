"""Keys derived from the one data key, and the proof that a data key is the right one.

Each use has its own key (HKDF-SHA-256), so that no ciphertext of one kind can be passed off as another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.store import sealed

DATA_KEY_BYTES = 32
_PROOF = b"amtsstube"
PROOF_CONTEXT = ("key-proof",)


def derive(key: bytes, purpose: str, *, salt: bytes | None = None) -> bytes:
    """32 bytes for ``purpose`` from ``key``."""
    return HKDF(SHA256(), 32, salt, b"amtsstube store v1|" + purpose.encode()).derive(key)


@dataclass(frozen=True)
class StoreKeys:
    """The keys of one home. Never shown: ``repr`` leaves them out."""

    database: bytes = field(repr=False)
    cases: bytes = field(repr=False)
    outbox: bytes = field(repr=False)
    proof: bytes = field(repr=False)

    @staticmethod
    def from_data_key(data_key: bytes) -> StoreKeys:
        """Raises ClerkError DATA_KEY_WRONG when ``data_key`` is not 32 bytes."""
        if len(data_key) != DATA_KEY_BYTES:
            raise ClerkError(ErrorCode.DATA_KEY_WRONG)
        return StoreKeys(
            derive(data_key, "database"),
            derive(data_key, "cases"),
            derive(data_key, "outbox"),
            derive(data_key, "key-proof"),
        )


def prove(path: Path, keys: StoreKeys, *, create: bool) -> bool:
    """Whether ``path`` proves that ``keys`` belong to this home; written when absent and ``create``.

    SQLCipher says "file is not a database" both for a wrong key and for a damaged first page. This file
    tells the two apart, so that neither is taken for the other. False when there is no proof. Raises
    ClerkError DATA_KEY_WRONG when the proof does not open.
    """
    try:
        content = sealed.read(path, keys.proof, PROOF_CONTEXT)
    except ClerkError as error:
        if error.code is ErrorCode.DOCUMENT_MISSING:
            if create:
                sealed.write(path, keys.proof, PROOF_CONTEXT, [_PROOF])
            return create
        if error.code is ErrorCode.DOCUMENT_DAMAGED:
            raise ClerkError(ErrorCode.DATA_KEY_WRONG, disposition=Disposition.SIGN_IN) from error
        raise
    return content == _PROOF
