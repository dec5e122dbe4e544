"""JWE and signed events of the practice portal, straight over ``cryptography``.

Kept apart from the client's own code so that both sides can only agree through the standard: RFC 7515, 7516,
FIT-Connect: RSA-OAEP-256 with A256GCM for contents, PS512 for security event tokens.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import zlib
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
_PSS = padding.PSS(padding.MGF1(hashes.SHA512()), 64)
_BASE64URL = re.compile(r"\A[A-Za-z0-9_-]*\Z")
MOST_PLAIN_BYTES = 600_000_000


class JoseError(Exception):
    """A JOSE object is malformed or does not verify."""


def b64u(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def unb64u(text: str) -> bytes:
    """Strict inverse of ``b64u``; raises ``JoseError``."""
    if _BASE64URL.match(text) is None:
        raise JoseError("not base64url")
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        raise JoseError("not base64url") from None


def _json_part(text: str) -> dict[str, Any]:
    try:
        value = json.loads(unb64u(text))
    except (ValueError, RecursionError):
        raise JoseError("not JSON") from None
    if not isinstance(value, dict):
        raise JoseError("not a JSON object")
    return value


def public_key(jwk: dict[str, Any]) -> RSAPublicKey:
    """An RSA public key from a JWK; raises ``JoseError``."""
    try:
        exponent, modulus = (int.from_bytes(unb64u(jwk[name]), "big") for name in ("e", "n"))
        return RSAPublicNumbers(exponent, modulus).public_key()
    except (KeyError, TypeError, ValueError):
        raise JoseError("not an RSA key") from None


def encrypt(plaintext: bytes, key: RSAPublicKey, kid: str, content_type: str, *, zipped: bool = False) -> str:
    """Compact JWE. ``zipped`` is for v1 peers only; v2 forbids it."""
    header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": kid, "cty": content_type}
    if zipped:
        header["zip"] = "DEF"
        plaintext = zlib.compress(plaintext, 6, -15)
    protected = b64u(json.dumps(header, separators=(",", ":")).encode())
    content_key, iv = os.urandom(32), os.urandom(12)
    sealed = AESGCM(content_key).encrypt(iv, plaintext, protected.encode("ascii"))
    wrapped = key.encrypt(content_key, _OAEP)
    return ".".join((protected, b64u(wrapped), b64u(iv), b64u(sealed[:-16]), b64u(sealed[-16:])))


def jwe_header(token: str) -> dict[str, Any]:
    """The protected header, unverified; raises ``JoseError``."""
    return _json_part(token.split(".", 1)[0])


def authentication_tag(token: str) -> str:
    """The fifth part of a compact JWE, as events quote it."""
    return token.rsplit(".", 1)[1]


def decrypt(token: str, key: RSAPrivateKey) -> bytes:
    """The plaintext; raises ``JoseError`` for anything not made with this key or altered."""
    parts = token.split(".")
    if len(parts) != 5:
        raise JoseError("not a compact JWE")
    header = _json_part(parts[0])
    if header.get("alg") != "RSA-OAEP-256" or header.get("enc") != "A256GCM":
        raise JoseError("algorithm not allowed")
    wrapped, iv, sealed, tag = (unb64u(part) for part in parts[1:])
    try:
        content_key = key.decrypt(wrapped, _OAEP)
        plaintext = AESGCM(content_key).decrypt(iv, sealed + tag, parts[0].encode("ascii"))
    except (InvalidTag, ValueError):
        raise JoseError("cannot be decrypted") from None
    if header.get("zip") == "DEF":
        inflater = zlib.decompressobj(-15)
        try:
            plaintext = inflater.decompress(plaintext, MOST_PLAIN_BYTES)
        except zlib.error:
            raise JoseError("cannot be inflated") from None
    return plaintext


def sign_event(claims: dict[str, Any], key: RSAPrivateKey, kid: str) -> str:
    """Compact JWS of a security event token (RFC 8417) with PS512."""
    header = {"typ": "secevent+jwt", "alg": "PS512", "kid": kid}
    signing_input = ".".join(
        b64u(json.dumps(part, separators=(",", ":")).encode("utf-8")) for part in (header, claims)
    )
    signature = key.sign(signing_input.encode("ascii"), _PSS, hashes.SHA512())
    return f"{signing_input}.{b64u(signature)}"


def read_jws(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a compact JWS, unverified; raises ``JoseError``."""
    parts = token.split(".")
    if len(parts) != 3:
        raise JoseError("not a compact JWS")
    return _json_part(parts[0]), _json_part(parts[1])


def verify_ps512(token: str, key: RSAPublicKey) -> bool:
    """Whether the PS512 signature of a compact JWS is this key's."""
    signing_input, _, signature = token.rpartition(".")
    try:
        key.verify(unb64u(signature), signing_input.encode("ascii"), _PSS, hashes.SHA512())
    except (InvalidSignature, JoseError):
        return False
    return True


def verify_rs512(signed: bytes, signature: bytes, key: RSAPublicKey) -> bool:
    """RSASSA-PKCS1-v1_5 with SHA-512, which the ZBP uses."""
    try:
        key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA512())
    except InvalidSignature:
        return False
    return True
