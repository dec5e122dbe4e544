"""Reading a kept attachment: decrypt what was received long ago, checked against its recorded hash."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.portal import jose_stream
from clerk_app.portal.config import Jwk, Limits
from clerk_app.portal.keys import DecryptionKeys


def decryption_keys(jwks: Sequence[Jwk]) -> DecryptionKeys:
    """Parses private JWKs once. Raises ClerkError KEY_FILE_INVALID."""
    return DecryptionKeys(jwks)


def open_attachment(
    original_jwe: bytes | Path | Sequence[bytes | Path],
    keys: DecryptionKeys,
    expected_sha512: str,
    sink: BinaryIO,
) -> int:
    """Writes the plaintext to ``sink``; number of bytes. Several originals are fragments, in order.

    Each original's authentication tag is verified before any of its bytes is written. Raises ClerkError
    JWE_REJECTED (no key opens it, or it is damaged) or HASH_MISMATCH; what ``sink`` then holds must be
    thrown away.
    """
    bodies = [original_jwe] if isinstance(original_jwe, bytes | Path) else list(original_jwe)
    limit = Limits().attachment_bytes
    digest, size = hashlib.sha512(), 0
    for body in bodies:
        for chunk in jose_stream.plain_chunks(body, keys, max_plain=limit):
            digest.update(chunk)
            size += len(chunk)
            sink.write(chunk)
    if digest.hexdigest() != expected_sha512:
        raise ClerkError(ErrorCode.HASH_MISMATCH, {"part": "attachment"}, Disposition.GIVE_UP)
    return size
