"""What the portal room needs to be told. ``bootstrap`` makes these from the authority profile."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import DestinationId

Jwk = Mapping[str, object]
Secret = Callable[[], str]
"""Reads a secret when it is needed, so that none lies in memory before. Raises ClerkError SECRET_MISSING."""


@dataclass(frozen=True)
class Limits:
    """Upper bounds for what is believed. Sizes in bytes (domain reference 1.12; MB = 10^6)."""

    json_bytes: int = 32_000_000
    submission_bytes: int = 400_000_000  # metadata and form data travel inside, encrypted
    attachment_bytes: int = 500_000_000  # encrypted, as the standard says
    metadata_bytes: int = 16_000_000  # plaintext
    content_bytes: int = 200_000_000  # plaintext of the form data
    in_memory_bytes: int = 1 << 20  # larger bodies go to a spool file
    attachments: int = 1_000  # the standard says 100; the service checks that, we only guard ourselves
    events: int = 20_000


@dataclass(frozen=True)
class NetworkConfig:
    """The way to the outside. ``proxy`` is an http:// or https:// address, credentials included if needed;
    ``proxy_script`` is the place of a PAC file, instead of it.

    ``ca_files`` are trusted in addition to the operating system's store. ``allow_plain_http`` permits http://
    to hosts other than this machine; it is meant for closed test networks. ``only_this_machine`` is what a
    practice office has: whatever address anything names, no call leaves this machine.
    """

    proxy: str | None = None
    proxy_script: str | None = None
    ca_files: Sequence[Path] = ()
    user_agent: str = "Amtsstube/0.1 (FIT-Connect subscriber)"
    connect_timeout_s: float = 10.0
    read_timeout_s: float = 30.0
    call_deadline_s: float = 90.0  # whole call; large bodies get more by ``slowest_bytes_per_s``
    slowest_bytes_per_s: int = 8_000
    short_wait_s: float = 5.0  # a Retry-After up to this is waited for inside the call
    longest_wait_s: float = 300.0  # anything longer that a portal asks for is cut to this
    allow_plain_http: bool = False
    only_this_machine: bool = False


@dataclass(frozen=True)
class ZbpConfig:
    """The way into citizens' BundID mailboxes (ZBP bridge; domain reference 1.11).

    ``certificate_pem`` must be registered for the authority. The sending client may differ from the one that
    receives; None means the mailbox's own. ``trust_level`` is the STORK level a citizen needs to read (1 to
    4).
    """

    destination_id: DestinationId
    certificate_pem: bytes
    private_key_pem: Secret
    sender_name: str
    trust_level: int = 1
    region: str | None = None
    client_id: str | None = None
    client_secret: Secret | None = None
    reply_address: str | None = None
    sender_url: str | None = None


@dataclass(frozen=True)
class MailboxConfig:
    """One Zustellpunkt. ``submission_url`` is without the version; keys are private JWKs."""

    portal: str
    api_version: int
    token_url: str
    submission_url: str
    destination_id: DestinationId
    client_id: str
    client_secret: Secret = field(repr=False)
    decryption_keys: Sequence[Jwk] = field(repr=False)
    signing_key: Jwk = field(repr=False)
    zbp: ZbpConfig | None = None
    replies: bool = True  # FIT-Connect replies (shape assumed); False sends such answers by post


@dataclass(frozen=True)
class OfficeConfig:
    """All mailboxes of the office."""

    mailboxes: Sequence[MailboxConfig]
    network: NetworkConfig = NetworkConfig()
    limits: Limits = Limits()


def checked_address(url: str, key: str, network: NetworkConfig) -> str:
    """``url`` without trailing slash. Raises ClerkError PROFILE_VALUE_WRONG when it is not https (http is
    fine on this machine): client secrets and tokens travel there."""
    try:
        parts = urlsplit(url.strip())
        host, _port = parts.hostname or "", parts.port
    except ValueError:  # brackets without an end, a port that is none
        parts, host = urlsplit(""), ""
    place = parts.netloc
    # a reader may drop control characters and take \ for /: then it disagrees about where the host ends
    harmless = url.strip().isprintable() and "\\" not in url and place.isascii() and " " not in place
    plain_ok = network.allow_plain_http or host == "localhost" or is_loopback(host)
    wrong = (
        not host
        or not harmless
        or parts.username is not None
        or parts.query
        or parts.fragment
        or not (parts.scheme == "https" or (parts.scheme == "http" and plain_ok))
    )
    if wrong:
        raise ClerkError(
            ErrorCode.PROFILE_VALUE_WRONG, {"key": key, "expected": "https"}, Disposition.ASK_CLERK
        )
    return url.strip().rstrip("/")


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
