"""Our private keys, parsed once, and public keys of others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import lcm

from cryptography.hazmat.primitives.asymmetric import rsa

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.portal import base64url
from clerk_app.portal.config import Jwk

MIN_BITS = 2048  # what we can work with; the standard asks for 4096, which ``doctor`` looks at
MAX_BITS = 16384
_DECRYPTING = frozenset({"unwrapKey", "decrypt"})
_SIGNING = frozenset({"sign"})


def _invalid(reason: str, kid: object = None) -> ClerkError:
    params: dict[str, object] = {"reason": reason}
    if isinstance(kid, str):
        params["kid"] = kid
    return ClerkError(ErrorCode.KEY_FILE_INVALID, params, Disposition.ASK_CLERK)


def _number(jwk: Jwk, name: str) -> int:
    text = jwk.get(name)
    if not isinstance(text, str) or not text or not text.isascii():
        raise ValueError(name)
    return int.from_bytes(base64url.decode(text.encode("ascii")), "big")


@dataclass(frozen=True)
class PrivateKey:
    """One of our RSA keys. ``thumbprint`` is RFC 7638's, which some senders put in the place of ``kid``."""

    kid: str
    thumbprint: str
    key: rsa.RSAPrivateKey
    public: rsa.RSAPublicKey
    public_jwk: Mapping[str, str]


def private_key(jwk: Jwk, *, operations: frozenset[str]) -> PrivateKey:
    """Parses a private RSA JWK (RFC 7517, 7518 section 6.3). Raises ClerkError KEY_FILE_INVALID.

    ``cryptography``'s own check tests the primes again (0.3 s for each key); our own keys are checked for
    consistency here instead, which finds damaged files just as well.
    """
    kid = jwk.get("kid")
    if not isinstance(kid, str) or not kid:
        raise _invalid("no kid")
    if jwk.get("kty") != "RSA":
        raise _invalid("not RSA", kid)
    offered = jwk.get("key_ops")
    if offered is not None and not (isinstance(offered, Sequence) and operations & set(offered)):
        raise _invalid("key_ops", kid)
    if "d" not in jwk:
        raise _invalid("not private", kid)
    try:
        n, e, d = _number(jwk, "n"), _number(jwk, "e"), _number(jwk, "d")
        if not MIN_BITS <= n.bit_length() <= MAX_BITS:
            raise _invalid("size", kid)
        if "p" in jwk and "q" in jwk:
            p, q = _number(jwk, "p"), _number(jwk, "q")
        else:
            p, q = rsa.rsa_recover_prime_factors(n, e, d)
        if p * q != n or p < 3 or q < 3 or e < 3 or (d * e) % lcm(p - 1, q - 1) != 1:
            raise _invalid("inconsistent", kid)
        numbers = rsa.RSAPrivateNumbers(
            p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), rsa.RSAPublicNumbers(e, n)
        )
        key = numbers.private_key(unsafe_skip_rsa_key_validation=True)
    except ValueError:
        raise _invalid("damaged", kid) from None
    n_text, e_text = str(jwk["n"]), str(jwk["e"])
    public_jwk = {"kty": "RSA", "kid": kid, "n": n_text, "e": e_text}
    return PrivateKey(kid, thumbprint(n_text, e_text), key, key.public_key(), public_jwk)


def thumbprint(n: str, e: str) -> str:
    """RFC 7638 thumbprint of an RSA key."""
    canonical = json.dumps({"e": e, "kty": "RSA", "n": n}, separators=(",", ":"), sort_keys=True)
    return base64url.encode(hashlib.sha256(canonical.encode("ascii")).digest())


def public_key(jwk: Mapping[str, object], *, operation: str | None = None) -> rsa.RSAPublicKey:
    """Someone else's RSA key. Raises ValueError when it is none, too small, or not meant for
    ``operation``."""
    offered = jwk.get("key_ops")
    if (
        operation is not None
        and offered is not None
        and (not isinstance(offered, Sequence) or operation not in offered)
    ):
        raise ValueError("key_ops")
    n, e = jwk.get("n"), jwk.get("e")
    if jwk.get("kty") != "RSA" or not isinstance(n, str) or not isinstance(e, str):
        raise ValueError("not an RSA key")
    return _public(n, e)


@lru_cache(maxsize=512)
def _public(n: str, e: str) -> rsa.RSAPublicKey:
    modulus = _number({"n": n}, "n")
    exponent = _number({"e": e}, "e")
    if not MIN_BITS <= modulus.bit_length() <= MAX_BITS or not 3 <= exponent < 2**33 or exponent % 2 == 0:
        raise ValueError("size")
    return rsa.RSAPublicNumbers(exponent, modulus).public_key()


class DecryptionKeys:
    """All keys that may open what arrives: the present one and earlier ones still under way."""

    def __init__(self, jwks: Sequence[Jwk]) -> None:
        self._keys = tuple(private_key(jwk, operations=_DECRYPTING) for jwk in jwks)
        if not self._keys:
            raise _invalid("no key")

    @property
    def kids(self) -> tuple[str, ...]:
        """Key ids in the order configured."""
        return tuple(key.kid for key in self._keys)

    def holds(self, kid: str) -> bool:
        """Whether ``kid`` (or a thumbprint in its place) names a key of ours."""
        return any(kid in (key.kid, key.thumbprint) for key in self._keys)

    def candidates(self, kid: str) -> tuple[rsa.RSAPrivateKey, ...]:
        """Keys to try, the one that ``kid`` names first: senders do not always give our kid."""
        first = self._keys[0]
        if len(self._keys) == 1 or first.kid == kid:
            return tuple(key.key for key in self._keys)
        ordered = sorted(self._keys, key=lambda key: kid not in (key.kid, key.thumbprint))
        return tuple(key.key for key in ordered)

    @property
    def fingerprint(self) -> str:
        """Changes whenever the set of keys does."""
        return hashlib.sha256("\n".join(sorted(key.thumbprint for key in self._keys)).encode()).hexdigest()


def signing_key(jwk: Jwk) -> PrivateKey:
    """The key for our security event tokens. Raises ClerkError KEY_FILE_INVALID."""
    return private_key(jwk, operations=_SIGNING)
