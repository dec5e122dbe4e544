"""PINs are spent, not checked: a card locks itself after three wrong ones.

So no PIN that a card or a remote service refused is ever offered to it again by itself: not for the next
document of a batch, not because a profile names it. A different PIN is a person's deliberate new try.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.signature import PinTries


class PinGuard:
    """Remembers, as keyed hashes in this process only, which PIN each card refused last."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(32)
        self._refused: dict[str, bytes] = {}

    def require_new(self, card: str, pin: str, reference: str) -> None:
        """Raise SIGNING_PASSWORD_WRONG for the very PIN this card refused before; no try is spent."""
        if hmac.compare_digest(self._refused.get(card, b""), self._mark(card, pin)):
            raise wrong_pin(reference)

    def refused(self, card: str, pin: str) -> None:
        """The card said no."""
        self._refused[card] = self._mark(card, pin)

    def accepted(self, card: str) -> None:
        """The card said yes: nothing is held against it any more."""
        self._refused.pop(card, None)

    def _mark(self, card: str, pin: str) -> bytes:
        return hmac.digest(self._salt, f"{card}\0{pin}".encode(), hashlib.sha256)


def wrong_pin(reference: str, tries: PinTries = PinTries.UNKNOWN) -> ClerkError:
    """The error for a PIN that was refused; with what the card says of the tries left."""
    params: dict[str, object] = {"key": reference}
    if tries is not PinTries.UNKNOWN:
        params["tries"] = tries.value
    return ClerkError(ErrorCode.SIGNING_PASSWORD_WRONG, params)


def locked_pin(reference: str) -> ClerkError:
    """The error for a card that takes no PIN any more."""
    return ClerkError(ErrorCode.SIGNING_PIN_LOCKED, {"key": reference})
