"""Base64url as JOSE wants it: no padding, no foreign characters, one spelling only (RFC 7515 section 2)."""

from __future__ import annotations

import base64
import binascii

_TO_STANDARD = bytearray(b"!" * 256)  # "!" is in no alphabet, so strict decoding refuses it
for _c in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789":
    _TO_STANDARD[_c] = _c
_TO_STANDARD[ord("-")] = ord("+")
_TO_STANDARD[ord("_")] = ord("/")
TO_STANDARD = bytes(_TO_STANDARD)

# Unused low bits of the last character must be zero, else two texts would decode to the same bytes.
_LAST_OF_TWO = frozenset(b"AQgw")
_LAST_OF_THREE = frozenset(b"AEIMQUYcgkosw048")


def encode(content: bytes) -> str:
    """``content`` as base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def decode(text: bytes) -> bytes:
    """The bytes of ``text``. Raises ValueError for padding, foreign characters and non-canonical endings."""
    rest = len(text) % 4
    if (
        rest == 1
        or (rest == 2 and text[-1] not in _LAST_OF_TWO)
        or (rest == 3 and text[-1] not in _LAST_OF_THREE)
    ):
        raise ValueError("not canonical base64url")
    standard = text.translate(TO_STANDARD)
    if rest:
        standard += b"=" * (4 - rest)
    try:
        return binascii.a2b_base64(standard, strict_mode=True)
    except binascii.Error:
        raise ValueError("not base64url") from None
