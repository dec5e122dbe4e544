"""JOSE of the foreign portal: jwcrypto only, so that nothing is shared with the client's own JOSE."""

from __future__ import annotations

import base64
import functools
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from jwcrypto import jwe, jwk, jws

KEY_BITS = 4096


@functools.cache
def private_key(cache: Path, name: str, use: str) -> Any:
    """A private JWK for ``use`` (``sign`` or ``unwrapKey``). Slow to make, therefore kept in ``cache``."""
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / f"foreign-{name}.jwk"
    if not path.exists():
        alg = "PS512" if use == "sign" else "RSA-OAEP-256"
        made = jwk.JWK.generate(kty="RSA", size=KEY_BITS, kid=str(uuid4()), alg=alg, key_ops=[use])
        part = cache / f"{path.name}.{os.getpid()}"
        part.write_text(made.export_private())
        part.replace(path)
    return jwk.JWK.from_json(path.read_text())


def public_jwk(key: Any, **changes: object) -> dict[str, Any]:
    """The public half as published, with members nobody asked for."""
    published: dict[str, Any] = json.loads(key.export_public())
    published["key_ops"] = ["verify" if published["alg"] == "PS512" else "wrapKey"]
    published["x5t#S256"] = base64.urlsafe_b64encode(bytes(32)).decode().rstrip("=")
    published["exp"] = 4102444800
    return published | changes


def verifier(key: Any) -> Any:
    """The public half of a signing key, to verify with."""
    return jwk.JWK(**public_jwk(key))


def encrypt(
    key: Any, content: bytes, *, cty: str | None, kid: str | None = None, zipped: bool = False
) -> str:
    """A compact JWE for ``key`` (JWK object, private or public)."""
    header: dict[str, Any] = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": kid or key["kid"]}
    if cty is not None:
        header["cty"] = cty
    if zipped:
        header["zip"] = "DEF"
    public = jwk.JWK.from_json(key.export_public())
    public_members = json.loads(public.export_public())
    public_members.pop("key_ops", None)
    token = jwe.JWE(content, recipient=jwk.JWK(**public_members), protected=json.dumps(header))
    compact: str = token.serialize(compact=True)
    return compact


def decrypt(key: Any, compact: str) -> bytes:
    """The plaintext of a compact JWE for ``key``."""
    token = jwe.JWE()
    token.deserialize(compact)
    token.decrypt(key)
    content: bytes = token.payload
    return content


def protected(compact: str) -> dict[str, Any]:
    """The protected header of any compact JOSE text, unverified."""
    part = compact.split(".", 1)[0]
    header: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return header


def tag(compact: str) -> str:
    """The authentication tag: the fifth segment."""
    return compact.split(".")[4]


def sign_event(key: Any, claims: Mapping[str, object], **header: object) -> str:
    """A security event token."""
    token = jws.JWS(json.dumps(claims).encode())
    shown = {"typ": "secevent+jwt", "alg": "PS512", "kid": key["kid"]} | header
    token.add_signature(key, None, json.dumps(shown))
    compact: str = token.serialize(compact=True)
    return compact


def read_event(keys: Mapping[str, Any], compact: str) -> dict[str, Any]:
    """The claims of an event signed by one of ``keys`` (by kid). Raises ValueError when it is not."""
    header = protected(compact)
    if header.get("typ") != "secevent+jwt" or header.get("alg") != "PS512":
        raise ValueError(f"header {header}")
    if header.get("kid") not in keys:
        raise ValueError("kid unknown")
    token = jws.JWS()
    token.deserialize(compact)
    try:
        token.verify(keys[header["kid"]], "PS512")
    except jws.InvalidJWSSignature as error:
        raise ValueError("signature") from error
    claims: dict[str, Any] = json.loads(token.payload)
    return claims


def same_id(one: object, other: object) -> bool:
    """Whether two texts name the same UUID, however they are spelled."""
    try:
        return UUID(str(one)) == UUID(str(other))
    except ValueError:
        return False
