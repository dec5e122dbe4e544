"""Builds the portal side of an office from its configuration."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from clerk_app.domain.case import MailboxKey
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import DestinationId
from clerk_app.portal import trust
from clerk_app.portal.auth import TokenSource
from clerk_app.portal.calls import Calls
from clerk_app.portal.config import Limits, MailboxConfig, OfficeConfig, Secret, checked_address
from clerk_app.portal.events import EventSigner
from clerk_app.portal.keys import DecryptionKeys, signing_key
from clerk_app.portal.mailbox import FitConnectMailbox
from clerk_app.portal.transport import Transport
from clerk_app.portal.trust import PublishedKeys
from clerk_app.portal.v1 import WireV1
from clerk_app.portal.v2 import WireV2

WIRES: Mapping[int, type[Calls]] = {1: WireV1, 2: WireV2}


@dataclass(frozen=True)
class PortalOffice:
    """All mailboxes of an office. Close it when done: it holds connections."""

    mailboxes: tuple[FitConnectMailbox, ...]
    transport: Transport

    def close(self) -> None:
        """Closes all connections; calls must have ended."""
        self.transport.close()


def utc_now() -> datetime:
    """The clock of this machine."""
    return datetime.now(UTC)


def build_office(
    config: OfficeConfig,
    *,
    now: Callable[[], datetime] = utc_now,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> PortalOffice:
    """No network is touched here. Raises ClerkError PROFILE_VALUE_WRONG or KEY_FILE_INVALID."""
    transport = Transport(config.network, now=now, monotonic=monotonic, sleep=sleep)
    clients: dict[tuple[str, str], TokenSource] = {}

    def tokens(token_url: str, client_id: str, secret: Secret) -> TokenSource:
        """Mailboxes of one client share its tokens."""
        source = clients.get((token_url, client_id))
        if source is None:
            source = TokenSource(transport, token_url, client_id, secret, monotonic=monotonic)
            clients[(token_url, client_id)] = source
        return source

    mailboxes = [
        _mailbox(each, config, transport, tokens, now, monotonic, config.limits) for each in config.mailboxes
    ]
    return PortalOffice(tuple(mailboxes), transport)


def _mailbox(
    config: MailboxConfig,
    office: OfficeConfig,
    transport: Transport,
    tokens: Callable[[str, str, Secret], TokenSource],
    now: Callable[[], datetime],
    monotonic: Callable[[], float],
    limits: Limits,
) -> FitConnectMailbox:
    kind = WIRES.get(config.api_version)
    if kind is None:
        raise ClerkError(
            ErrorCode.PROFILE_VALUE_WRONG, {"key": "api_version", "expected": "1, 2"}, Disposition.ASK_CLERK
        )
    token_url = checked_address(config.token_url, "token_url", office.network)
    submission_url = checked_address(config.submission_url, "submission_url", office.network)
    destination_id = DestinationId(config.destination_id.lower())
    keys = DecryptionKeys(config.decryption_keys)
    signing = signing_key(config.signing_key)
    own = {trust.slot_of(destination_id, signing.kid): signing.public_jwk}
    wire = kind(transport, tokens(token_url, config.client_id, config.client_secret), submission_url, limits)
    return FitConnectMailbox(
        MailboxKey(config.portal, destination_id),
        wire,
        keys,
        EventSigner(destination_id, signing, now),
        PublishedKeys(wire, own, monotonic),
        limits,
        now,
    )
