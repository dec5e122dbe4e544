"""Opening what was encrypted for us, strictly, and encrypting what we send.

Only what FIT-Connect uses is understood: compact serialisation, RSA-OAEP-256, A256GCM, ``zip`` absent or DEF
(domain reference 1.6). joserfc refuses more than 64 kB and cuts zipped payloads silently, jwcrypto checks the
key again for 0.3 s per message: so the opener is our own, over ``cryptography``. Every failure of
cryptography is one and the same error, so that nobody can learn from the difference.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.portal import base64url, strict_json
from clerk_app.portal.keys import DecryptionKeys

OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
MAX_HEADER = 2048  # characters of the encoded header
TAG_CHARACTERS = 22  # 16 bytes
_IV_CHARACTERS = 16  # 12 bytes
_MAX_RATIO = 200  # deflate beyond this ratio is taken for an attack once it exceeds a megabyte
# Members that would change how the message is to be read, or where a key comes from.
_FORBIDDEN = frozenset(
    {"crit", "jku", "jwk", "x5u", "x5c", "epk", "apu", "apv", "p2s", "p2c", "iv", "tag", "b64", "skid"}
)


class JweRejectedError(ClerkError):
    """The JWE cannot be opened. ``reason`` is for logs and tests; people read the code's sentence."""

    def __init__(self, reason: str, code: ErrorCode = ErrorCode.JWE_REJECTED) -> None:
        super().__init__(code, {}, Disposition.GIVE_UP)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class JweHeader:
    """The protected header, reduced to what matters."""

    kid: str
    cty: str | None
    zipped: bool


@lru_cache(maxsize=256)  # one online service sends the same header again and again
def read_header(segment: bytes) -> JweHeader:
    """Reads and judges the first segment. Raises JweRejectedError."""
    if len(segment) > MAX_HEADER:
        raise JweRejectedError("header too large")
    try:
        header = strict_json.parse_object(base64url.decode(segment), max_bytes=MAX_HEADER, max_depth=8)
    except strict_json.JsonRejectedError as error:
        raise JweRejectedError(f"header: {error.reason}") from None
    except ValueError:
        raise JweRejectedError("header: base64") from None
    if header.keys() & _FORBIDDEN:
        raise JweRejectedError("header: forbidden member")
    if header.get("alg") != "RSA-OAEP-256" or header.get("enc") != "A256GCM":
        raise JweRejectedError("algorithm")
    if "zip" in header and header["zip"] != "DEF":
        raise JweRejectedError("zip")
    kid, cty = header.get("kid"), header.get("cty")
    if not isinstance(kid, str) or not 1 <= len(kid) <= 256:
        raise JweRejectedError("kid")
    if (cty is not None and not isinstance(cty, str)) or not isinstance(header.get("typ", ""), str):
        raise JweRejectedError("header: member type")
    return JweHeader(kid, cty, "zip" in header)


def kid_of(body: bytes | Path) -> str | None:
    """The key id a JWE names, or None when it is no JWE we would open."""
    head = body[: MAX_HEADER + 1] if isinstance(body, bytes) else _read_start(body)
    segment, dot, _ = head.partition(b".")
    try:
        return read_header(segment).kid if dot else None
    except JweRejectedError:
        return None


def _read_start(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MAX_HEADER + 1)


def tag_of(body: bytes | Path) -> str:
    """Authentication tag: the fifth segment as text. Raises JweRejectedError when there is none."""
    if isinstance(body, bytes):
        tail = body[-(TAG_CHARACTERS + 1) :]
    else:
        with body.open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(max(0, size - TAG_CHARACTERS - 1))
            tail = stream.read()
    if len(tail) != TAG_CHARACTERS + 1 or tail[0:1] != b"." or b"." in tail[1:]:
        raise JweRejectedError("tag length")
    try:
        base64url.decode(tail[1:])
    except ValueError:
        raise JweRejectedError("base64") from None
    return tail[1:].decode("ascii")


def decode_segment(segment: bytes) -> bytes:
    """Bytes of one segment. Raises JweRejectedError."""
    try:
        return base64url.decode(segment)
    except ValueError:
        raise JweRejectedError("base64") from None


def check_lengths(iv: bytes, tag: bytes) -> None:
    """A256GCM has 96-bit IVs and 128-bit tags; a shorter tag would be easier to forge."""
    if len(iv) != 12 or len(tag) != 16:
        raise JweRejectedError("length")


def unwrap(encrypted_key: bytes, key: rsa.RSAPrivateKey) -> bytes | None:
    """The content key, or None when this is not the right private key."""
    if len(encrypted_key) != key.key_size // 8:
        return None
    try:
        content_key = key.decrypt(encrypted_key, OAEP)
    except ValueError:
        return None
    return content_key if len(content_key) == 32 else None


def open_jwe(token: bytes, keys: DecryptionKeys, *, max_plain: int) -> bytes:
    """The plaintext of a compact JWE. Raises JweRejectedError and nothing else.

    The code is DECOMPRESSION_BOMB when inflating would exceed ``max_plain`` or a sane ratio.
    """
    if len(token) > max_plain * 4 // 3 + 8192:
        raise JweRejectedError("too large")
    parts = token.split(b".", 5)
    if len(parts) != 5:
        raise JweRejectedError("not a compact JWE")
    head, encrypted_key, iv_text, ciphertext, tag_text = parts
    header = read_header(head)
    iv, tag = decode_segment(iv_text), decode_segment(tag_text)
    check_lengths(iv, tag)
    wrapped = decode_segment(encrypted_key)
    sealed = decode_segment(ciphertext) + tag
    for key in keys.candidates(header.kid):
        content_key = unwrap(wrapped, key)
        if content_key is None:
            continue
        try:
            plain = AESGCM(content_key).decrypt(iv, sealed, head)
        except (InvalidTag, ValueError, OverflowError):
            continue
        if header.zipped:
            return inflate(plain, max_plain)
        if len(plain) > max_plain:
            raise JweRejectedError("too large")
        return plain
    raise JweRejectedError("decrypt")


def inflate_limit(compressed: int, max_plain: int) -> int:
    """How many bytes ``compressed`` bytes of deflate may become."""
    return min(max_plain, max(1 << 20, compressed * _MAX_RATIO))


def inflate(compressed: bytes, max_plain: int) -> bytes:
    """Raw deflate (RFC 1951), bounded; the stream must end exactly with the input."""
    limit = inflate_limit(len(compressed), max_plain)
    inflater = zlib.decompressobj(-15)
    try:
        plain = inflater.decompress(compressed, limit + 1)
    except zlib.error:
        raise JweRejectedError("inflate") from None
    if len(plain) > limit:
        raise JweRejectedError("inflate: too large", ErrorCode.DECOMPRESSION_BOMB)
    if not inflater.eof:
        raise JweRejectedError("inflate: truncated")
    if inflater.unused_data:
        raise JweRejectedError("inflate: trailing bytes")
    return plain


def encrypt(plain: bytes, jwk: Mapping[str, object], *, cty: str) -> bytes:
    """A compact JWE for the holder of ``jwk`` (its ``kid`` is taken over). Never zipped: v2 forbids it.

    Raises ValueError when ``jwk`` is not a usable public key with a kid.
    """
    from joserfc import jwe
    from joserfc.jwk import RSAKey

    from clerk_app.portal.keys import public_key

    public_key(jwk, operation="wrapKey")
    kid, n, e = jwk.get("kid"), jwk["n"], jwk["e"]
    if not isinstance(kid, str) or not kid:
        raise ValueError("no kid")
    # Only the numbers are handed on: certificates and key_ops of the JWK are judged above, not by the
    # library.
    recipient = RSAKey.import_key({"kty": "RSA", "n": str(n), "e": str(e)})
    header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": kid, "cty": cty}
    return jwe.encrypt_compact(header, plain, recipient, algorithms=["RSA-OAEP-256", "A256GCM"]).encode(
        "ascii"
    )
