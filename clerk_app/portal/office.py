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
from clerk_app.portal.channels.chooser import OfficeChannels, Ways
from clerk_app.portal.channels.reply import ReplyChannel
from clerk_app.portal.channels.zbp import ZbpChannel
from clerk_app.portal.config import MailboxConfig, OfficeConfig, Secret, checked_address
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
    """All mailboxes of an office and the ways back. Close it when done: it holds connections."""

    mailboxes: tuple[FitConnectMailbox, ...]
    channels: OfficeChannels
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
    return _Builder(config, now, monotonic, sleep).build()


class _Builder:
    """Wires the parts of one office."""

    def __init__(
        self,
        config: OfficeConfig,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._config = config
        self._now = now
        self._monotonic = monotonic
        self._transport = Transport(config.network, now=now, monotonic=monotonic, sleep=sleep)
        self._tokens: dict[tuple[str, str], TokenSource] = {}

    def build(self) -> PortalOffice:
        built = [self._mailbox(each) for each in self._config.mailboxes]
        channels = OfficeChannels({mailbox.key: ways for mailbox, ways in built})
        return PortalOffice(tuple(mailbox for mailbox, _ in built), channels, self._transport)

    def _mailbox(self, config: MailboxConfig) -> tuple[FitConnectMailbox, Ways]:
        network = self._config.network
        kind = WIRES.get(config.api_version)
        if kind is None:
            raise ClerkError(
                ErrorCode.PROFILE_VALUE_WRONG,
                {"key": "api_version", "expected": "1, 2"},
                Disposition.ASK_CLERK,
            )
        token_url = checked_address(config.token_url, "token_url", network)
        submission_url = checked_address(config.submission_url, "submission_url", network)
        destination_id = DestinationId(config.destination_id.lower())
        signing = signing_key(config.signing_key)
        own = {trust.slot_of(destination_id, signing.kid): signing.public_jwk}

        def signed_in(client_id: str, secret: Secret) -> tuple[Calls, PublishedKeys]:
            tokens = self._tokens_of(token_url, client_id, secret)
            wire = kind(self._transport, tokens, submission_url, self._config.limits)
            return wire, PublishedKeys(wire, own, self._monotonic)

        wire, published = signed_in(config.client_id, config.client_secret)
        mailbox = FitConnectMailbox(
            MailboxKey(config.portal, destination_id),
            wire,
            DecryptionKeys(config.decryption_keys),
            EventSigner(destination_id, signing, self._now),
            published,
            self._config.limits,
            self._now,
        )
        zbp = None
        if config.zbp is not None:
            sending, sending_published = wire, published
            if config.zbp.client_id is not None and config.zbp.client_secret is not None:
                sending, sending_published = signed_in(config.zbp.client_id, config.zbp.client_secret)
            zbp = ZbpChannel(config.zbp, sending, sending_published, self._now)
        reply = ReplyChannel(wire, published, self._now) if config.replies else None
        return mailbox, Ways(zbp, reply)

    def _tokens_of(self, token_url: str, client_id: str, secret: Secret) -> TokenSource:
        """Mailboxes of one client share its tokens."""
        source = self._tokens.get((token_url, client_id))
        if source is None:
            source = TokenSource(self._transport, token_url, client_id, secret, monotonic=self._monotonic)
            self._tokens[(token_url, client_id)] = source
        return source
