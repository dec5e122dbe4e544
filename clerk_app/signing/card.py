"""Karte: signature cards and security modules over PKCS#11."""

from __future__ import annotations

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.signing.keys import PasswordSource, SigningKey


def open_card(reference: str, pin: PasswordSource) -> SigningKey:
    """Not built yet. Raises NOT_YET_AVAILABLE."""
    raise ClerkError(ErrorCode.NOT_YET_AVAILABLE, {"feature": "pkcs11"})
