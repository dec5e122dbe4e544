"""A profile under the machine's policy: what the policy settles counts, what it forbids is refused by name.

A practice office is free: nothing in it reaches a real portal, and whoever learns must be able to try.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.folder import ReviewPolicy
from clerk_app.domain.signature import SignatureLevel
from clerk_app.system.policy import MachinePolicy
from clerk_app.system.secrets import SecretReference

if TYPE_CHECKING:
    from clerk_app.system.profile import Profile


def governed(profile: Profile, policy: MachinePolicy) -> Profile:
    """The profile with what the policy settles.

    :raises ClerkError: POLICY_FORBIDS (``key``, ``value``, ``source``) when the profile names what the policy
        refuses; POLICY_UNMET (``key``, ``needs``, ``source``) when the policy asks for what the profile lacks
    """
    if profile.practice or not policy.values:
        return profile
    _require_place(profile, policy)
    _require_mailboxes(profile, policy)
    _require_safe_secrets(profile, policy)
    delivery, review, signing, network = profile.delivery, profile.review, profile.signing, profile.network
    if (seconds := policy.whole("delivery.take_back_s")) is not None:
        delivery = replace(delivery, take_back_s=seconds)
    if eyes := policy.text("review.four_eyes"):
        review = replace(review, four_eyes=ReviewPolicy(eyes))
    if (minutes := policy.whole("signing.pin_minutes")) is not None:
        signing = replace(signing, pin_minutes=minutes)
    if text := policy.text("signing.level"):
        signing = replace(signing, level=_at_least(signing.level, SignatureLevel(text)))
        _require_services(replace(profile, signing=signing), policy)
    if proxy := policy.text("network.proxy"):
        network = replace(network, proxy=proxy, pac=None)
    if pac := policy.text("network.pac"):
        network = replace(network, pac=pac, proxy=None)
    if ca_file := policy.text("network.ca_file"):
        network = replace(network, ca_file=Path(ca_file))
    years = policy.whole("retention.least_years")
    return replace(
        profile,
        delivery=delivery,
        review=review,
        signing=signing,
        network=network,
        least_retention_years=profile.least_retention_years if years is None else years,
    )


def _at_least(one: SignatureLevel, other: SignatureLevel) -> SignatureLevel:
    return one if one.at_least(other) else other


def _require_place(profile: Profile, policy: MachinePolicy) -> None:
    wanted = policy.text("office.profile")
    if wanted and profile.path.resolve() != Path(wanted).expanduser().resolve():
        raise _forbids(policy, "office.profile", str(profile.path))


def _require_mailboxes(profile: Profile, policy: MachinePolicy) -> None:
    allowed = policy.texts("office.mailboxes")
    if allowed is None:
        return
    known = {each.lower() for each in allowed}
    for mailbox in profile.mailboxes:
        if mailbox.destination_id not in known:
            raise _forbids(policy, "office.mailboxes", mailbox.destination_id)


def _require_safe_secrets(profile: Profile, policy: MachinePolicy) -> None:
    files = policy.text("secrets.files") or "all"
    variables = policy.switch("secrets.environment")
    for key, reference, is_key in _secrets(profile):
        if reference.scheme == "file" and (files == "none" or (files == "keys" and not is_key)):
            raise _forbids(policy, "secrets.files", key)
        if reference.scheme == "env" and variables is False:
            raise _forbids(policy, "secrets.environment", key)


def _secrets(profile: Profile) -> Iterator[tuple[str, SecretReference, bool]]:
    """Every secret the profile names: where, what, and whether it is a key (else a password)."""
    for mailbox in profile.mailboxes:
        yield "mailbox.client_secret", mailbox.client_secret, False
        yield "mailbox.signing_key", mailbox.signing_key, True
        for reference in mailbox.decryption_keys:
            yield "mailbox.decryption_keys", reference, True
    if (zbp := profile.zbp) is not None:
        yield "zbp.private_key", zbp.private_key, True
        if zbp.client_secret is not None:
            yield "zbp.client_secret", zbp.client_secret, False
    signing = profile.signing
    remote = signing.remote
    named = {
        "signing.password": signing.password,
        "signing.seal_password": signing.seal_password,
        "signing.remote.access_token": remote.access_token if remote is not None else None,
        "signing.remote.client_secret": remote.client_secret if remote is not None else None,
        "team.password": profile.team.password if profile.team is not None else None,
    }
    for key, found in named.items():
        if found is not None:
            yield key, found, False


def _require_services(profile: Profile, policy: MachinePolicy) -> None:
    """A raised level is said now, not when the first notice of the day is to be signed."""
    signing = profile.signing
    if signing.level.at_least(SignatureLevel.B_T) and signing.timestamp_url is None:
        raise _unmet(policy, "signing.level", "signing.timestamp_url")
    if signing.level.at_least(SignatureLevel.B_LT) and not signing.trust:
        raise _unmet(policy, "signing.level", "signing.trust")


def _forbids(policy: MachinePolicy, key: str, value: str) -> ClerkError:
    params = {"key": key, "value": value, "source": policy.source}
    return ClerkError(ErrorCode.POLICY_FORBIDS, params, Disposition.ASK_CLERK)


def _unmet(policy: MachinePolicy, key: str, needs: str) -> ClerkError:
    params = {"key": key, "needs": needs, "source": policy.source}
    return ClerkError(ErrorCode.POLICY_UNMET, params, Disposition.ASK_CLERK)
