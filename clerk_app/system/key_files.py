"""Private JWKs of an office: read from where the profile says, checked for what they must be."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.system.secrets import Keyring, SecretReference

_PRIVATE_PARTS = ("d", "p", "q", "dp", "dq", "qi")
_LEAST_BITS = 2048


@dataclass(frozen=True)
class PrivateJwk:
    """A private RSA key as the standard spells it. Its members are never in ``repr``."""

    kid: str
    members: Mapping[str, object] = field(repr=False)


def load_private_jwk(
    reference: SecretReference,
    environment: Mapping[str, str] | None = None,
    keyring: Keyring | None = None,
) -> PrivateJwk:
    """The private key the reference leads to. Without ``kid`` its RFC 7638 thumbprint takes that place.

    :raises ClerkError: KEY_FILE_INVALID with ``path`` and ``reason`` (missing, unreadable, not-json, not-rsa,
        not-private, too-short, inconsistent); SECRET_MISSING for other places
    """
    try:
        text = reference.resolve(environment, keyring)
    except ClerkError as error:
        path = reference.path
        if path is not None and error.code is ErrorCode.SECRET_MISSING:
            raise _invalid(reference, "unreadable" if path.exists() else "missing") from error
        raise
    try:
        members = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _invalid(reference, "not-json") from error
    if not isinstance(members, dict) or members.get("kty") != "RSA":
        raise _invalid(reference, "not-rsa")
    numbers = {name: _number(members.get(name)) for name in ("n", "e", *_PRIVATE_PARTS)}
    if not numbers["n"] or not numbers["e"]:
        raise _invalid(reference, "not-rsa")
    if any(not numbers[name] for name in _PRIVATE_PARTS):
        raise _invalid(reference, "not-private")
    if numbers["n"].bit_length() < _LEAST_BITS:
        raise _invalid(reference, "too-short")
    if numbers["p"] * numbers["q"] != numbers["n"] or not _fits(numbers):
        raise _invalid(reference, "inconsistent")
    kid = members.get("kid")
    return PrivateJwk(kid if isinstance(kid, str) and kid else thumbprint(members), members)


def thumbprint(members: Mapping[str, object]) -> str:
    """The RFC 7638 thumbprint (SHA-256, base64url) of an RSA key."""
    text = json.dumps(
        {name: members[name] for name in ("e", "kty", "n")}, separators=(",", ":"), sort_keys=True
    )
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def _fits(numbers: Mapping[str, int]) -> bool:
    return all(
        (numbers["e"] * numbers["d"]) % (numbers[prime] - 1) == 1 % (numbers[prime] - 1)
        and numbers["d"] % (numbers[prime] - 1) == numbers[exponent]
        for prime, exponent in (("p", "dp"), ("q", "dq"))
    )


def _number(text: object) -> int:
    if not isinstance(text, str):
        return 0
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return 0
    return int.from_bytes(raw, "big")


def _invalid(reference: SecretReference, reason: str) -> ClerkError:
    shown = str(reference.path) if reference.path is not None else reference.shown
    return ClerkError(ErrorCode.KEY_FILE_INVALID, {"path": shown, "reason": reason}, Disposition.ASK_CLERK)
