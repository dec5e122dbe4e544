"""Is a mailbox set up rightly? What ``doctor`` asks the portal; nothing is fetched, accepted or changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from clerk_app.domain.case import MailboxKey
from clerk_app.domain.errors import ClerkError
from clerk_app.portal.keys import DecryptionKeys, PrivateKey, public_key
from clerk_app.portal.wire import Wire

RECOMMENDED_BITS = 4096  # what the standard asks for


@dataclass(frozen=True)
class Examination:
    """``error`` is what kept the examination from its end; members after it are then None.

    ``clock_ahead_s``: by how much this machine's clock is ahead of the portal's (negative: behind).
    ``encryption_key_held``: we can read what citizens send from now on. ``signing_key_published``: the portal
    knows the key our events are signed with, under its id.
    """

    mailbox: MailboxKey
    error: ClerkError | None = None
    waiting: int | None = None
    clock_ahead_s: float | None = None
    destination_status: str | None = None
    encryption_kid: str | None = None
    encryption_key_held: bool | None = None
    signing_key_published: bool | None = None
    shortest_key_bits: int = 0


def examine(
    mailbox: MailboxKey, wire: Wire, keys: DecryptionKeys, signing: PrivateKey, now: Callable[[], datetime]
) -> Examination:
    """Signs in, lists, reads the destination and its keys. Never raises ClerkError."""
    bits = min(signing.key.key_size, *(key.key_size for key in keys.candidates("")))
    try:
        waiting = len(wire.waiting(mailbox.destination_id))
        destination = wire.destination(mailbox.destination_id)
        published = wire.destination_key(mailbox.destination_id, signing.kid)
        server_at = wire.server_clock()
    except ClerkError as error:
        return Examination(mailbox, error, shortest_key_bits=bits)
    return Examination(
        mailbox,
        waiting=waiting,
        clock_ahead_s=None if server_at is None else (now() - server_at).total_seconds(),
        destination_status=destination.status,
        encryption_kid=destination.encryption_kid,
        encryption_key_held=keys.holds(destination.encryption_kid),
        signing_key_published=published is not None and _verifies(published, signing),
        shortest_key_bits=bits,
    )


def _verifies(published: Mapping[str, object], signing: PrivateKey) -> bool:
    try:
        return public_key(published, operation="verify") == signing.public
    except ValueError:
        return False
