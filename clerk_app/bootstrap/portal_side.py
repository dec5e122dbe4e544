"""From the authority profile to the portal room's configuration."""

from __future__ import annotations

from pathlib import Path

from clerk_app import __version__
from clerk_app.portal.config import MailboxConfig, NetworkConfig, OfficeConfig, ZbpConfig
from clerk_app.system.key_files import load_private_jwk
from clerk_app.system.profile import MailboxProfile, NetworkProfile, Profile, ZbpProfile
from clerk_app.system.secrets import SecretReference


def office_config(profile: Profile) -> OfficeConfig:
    """All mailboxes of the profile. Key files are read here, secrets only when they are used.

    Raises ClerkError KEY_FILE_INVALID, SECRET_MISSING.
    """
    zbp = _zbp(profile.zbp) if profile.zbp is not None else None
    return OfficeConfig(
        tuple(_mailbox(mailbox, zbp) for mailbox in profile.mailboxes),
        network_config(profile.network, practice=profile.practice),
    )


def _mailbox(mailbox: MailboxProfile, zbp: ZbpConfig | None) -> MailboxConfig:
    keys = [load_private_jwk(reference) for reference in mailbox.decryption_keys]
    signing = load_private_jwk(mailbox.signing_key)
    return MailboxConfig(
        portal=mailbox.portal,
        api_version=mailbox.api_version,
        token_url=mailbox.token_url,
        submission_url=mailbox.submission_url,
        destination_id=mailbox.destination_id,
        client_id=mailbox.client_id,
        client_secret=mailbox.client_secret.resolve,
        decryption_keys=[{**key.members, "kid": key.kid} for key in keys],
        signing_key={**signing.members, "kid": signing.kid},
        zbp=zbp,
    )


def _zbp(zbp: ZbpProfile) -> ZbpConfig:
    return ZbpConfig(
        destination_id=zbp.destination_id,
        certificate_pem=_pem(zbp.certificate),
        private_key_pem=zbp.private_key.resolve,
        sender_name=zbp.sender_name,
        client_id=zbp.client_id,
        client_secret=zbp.client_secret.resolve if zbp.client_secret is not None else None,
    )


def _pem(reference: SecretReference) -> bytes:
    return (reference.resolve() + "\n").encode()


def network_config(network: NetworkProfile, *, practice: bool) -> NetworkConfig:
    """The way out of the house, for portals and trust services alike."""
    ca_files: tuple[Path, ...] = (network.ca_file,) if network.ca_file is not None else ()
    return NetworkConfig(
        proxy=network.proxy,
        proxy_script=network.pac,
        ca_files=ca_files,
        user_agent=f"Amtsstube/{__version__} (FIT-Connect subscriber)",
        connect_timeout_s=min(10.0, network.timeout_s),
        read_timeout_s=network.timeout_s,
        only_this_machine=practice,
    )
