"""Crafting what arrives over FIT-Connect, right and wrong, without the code under test."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import uuid
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from clerk_app.domain.ids import AttachmentId, CaseId, DestinationId, SubmissionId
from clerk_app.sync.ports import Original, Waiting

EVENTS = "https://schema.fitko.de/fit-connect/events/"
SET_SCHEMA = "https://schema.fitko.de/fit-connect/set-payload/1.2.2/set-payload.schema.json"
METADATA = "https://schema.fitko.de/fit-connect/metadata/{}/metadata.schema.json"
SERVICE_ISSUER = "https://service.example"
DESTINATION = "11111111-2222-4333-8444-555555555555"
DOG_TAX = {"name": "Hundesteuer", "identifier": "urn:de:fim:leika:leistung:99102013104000"}
FORM = json.dumps({"hund": {"name": "Bello", "rasse": "Dackel"}}, ensure_ascii=False).encode()
SCHEMA_URI = "https://schema.fitko.de/fim/s00000000001_1.0.schema.json"


def b64u(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def number(value: int) -> str:
    return b64u(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def sha512(content: bytes) -> str:
    return hashlib.sha512(content).hexdigest()


@dataclass(frozen=True)
class Pair:
    """A key with its JWKs."""

    kid: str
    key: rsa.RSAPrivateKey
    private: Mapping[str, Any]
    public: Mapping[str, Any]

    @classmethod
    def made(cls, kid: str, algorithm: str) -> Pair:
        return cls.of(rsa.generate_private_key(65537, 2048), kid, algorithm)

    @classmethod
    def of(cls, key: rsa.RSAPrivateKey, kid: str, algorithm: str) -> Pair:
        n = key.private_numbers()
        public_ops, private_ops = ("wrapKey", "unwrapKey") if "OAEP" in algorithm else ("verify", "sign")
        base = {
            "kty": "RSA",
            "alg": algorithm,
            "kid": kid,
            "n": number(n.public_numbers.n),
            "e": number(n.public_numbers.e),
        }
        secret = {"d": n.d, "p": n.p, "q": n.q, "dp": n.dmp1, "dq": n.dmq1, "qi": n.iqmp}
        private = {**base, "key_ops": [private_ops], **{name: number(v) for name, v in secret.items()}}
        return cls(kid, key, private, {**base, "key_ops": [public_ops]})


@dataclass(frozen=True)
class TestKeys:
    """Every key a test needs. ``lost`` is published by our destination, but we no longer hold it."""

    __test__ = False

    ours: Pair
    older: Pair
    lost: Pair
    foreign: Pair
    signing: Pair
    service: Pair
    stranger: Pair

    @classmethod
    def made(cls) -> TestKeys:
        encryption, signature = "RSA-OAEP-256", "PS512"
        return cls(
            Pair.made("kid-ours-0001", encryption),
            Pair.made("kid-older-0001", encryption),
            Pair.made("kid-lost-0001", encryption),
            Pair.made("kid-foreign-0001", encryption),
            Pair.made("kid-signing-0001", signature),
            Pair.made("kid-service-0001", signature),
            Pair.made("kid-stranger-0001", signature),
        )


OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
PSS = padding.PSS(padding.MGF1(hashes.SHA512()), 64)


def jwe_header(pair: Pair, **members: Any) -> dict[str, Any]:
    header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": pair.kid, "cty": "application/json"}
    return {name: value for name, value in {**header, **members}.items() if value is not None}


def deflated(plain: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(plain) + packer.flush()


def craft_jwe(
    plain: bytes,
    pair: Pair,
    *,
    header: Mapping[str, Any] | bytes | None = None,
    content_key: bytes | None = None,
    iv: bytes | None = None,
    wrap: padding.AsymmetricPadding = OAEP,
) -> bytes:
    """A JWE with everything in the crafter's hand. ``header`` as bytes is taken as it is."""
    if not isinstance(header, bytes):
        header = json.dumps(jwe_header(pair) if header is None else header).encode()
    head = b64u(header).encode()
    content_key = os.urandom(32) if content_key is None else content_key
    iv = os.urandom(12) if iv is None else iv
    sealed = AESGCM(content_key).encrypt(iv, plain, head)
    wrapped = pair.key.public_key().encrypt(content_key, wrap)
    parts = (b64u(wrapped), b64u(iv), b64u(sealed[:-16]), b64u(sealed[-16:]))
    return b".".join((head, *(part.encode() for part in parts)))


def zipped_jwe(plain: bytes, pair: Pair, *, packed: bytes | None = None) -> bytes:
    header = jwe_header(pair, zip="DEF")
    return craft_jwe(deflated(plain) if packed is None else packed, pair, header=header)


def craft_set(
    pair: Pair,
    claims: Mapping[str, Any] | bytes,
    *,
    header: Mapping[str, Any] | None = None,
    sign: Callable[[bytes], bytes] | None = None,
) -> str:
    head = {"typ": "secevent+jwt", "alg": "PS512", "kid": pair.kid} if header is None else header
    body = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    signed = f"{b64u(json.dumps(head).encode())}.{b64u(body)}"
    signature = (
        pair.key.sign(signed.encode(), PSS, hashes.SHA512()) if sign is None else sign(signed.encode())
    )
    return f"{signed}.{b64u(signature)}"


def claims_of(
    name: str,
    *,
    case_id: str,
    subject: str,
    at: datetime,
    issuer: str = SERVICE_ISSUER,
    payload: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    return {
        "$schema": SET_SCHEMA,
        "jti": str(uuid.uuid4()),
        "iss": issuer,
        "iat": int(at.timestamp()),
        "sub": subject,
        "txn": f"case:{case_id}",
        "events": {EVENTS + name: dict(payload or {})},
    }


def tag(jwe: bytes) -> str:
    return jwe.rpartition(b".")[2].decode()


@dataclass
class Draft:
    """A submission in the making: change anything, then ``original`` or file it with a service."""

    keys: TestKeys
    at: datetime
    version: str = "2.1.0"
    form: bytes = FORM
    files: dict[str, bytes] = field(default_factory=dict)  # attachment id -> plaintext
    case_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    submission_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    metadata: dict[str, Any] = field(default_factory=dict)
    metadata_jwe: bytes = b""
    data_jwe: bytes | None = b""
    file_jwes: dict[str, bytes] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, Any] | None = None
    log: list[str] = field(default_factory=list)
    to: Pair | None = None

    @classmethod
    def complete(
        cls,
        keys: TestKeys,
        at: datetime,
        *,
        files: int | dict[str, bytes] = 1,
        change: Callable[[dict[str, Any]], None] | None = None,
        **options: Any,
    ) -> Draft:
        """``change`` alters the metadata before they are encrypted."""
        draft = cls(keys, at, **options)
        if isinstance(files, int):
            files = {str(uuid.uuid4()): b"%PDF-1.7 page " * (i + 1) for i in range(files)}
        draft.files = files
        draft.describe()
        if change is not None:
            change(draft.metadata)
        draft.seal()
        return draft

    @property
    def subject(self) -> str:
        return f"submission:{self.submission_id}"

    def describe(self) -> None:
        self.metadata = {
            "$schema": METADATA.format(self.version),
            "contentStructure": {
                "data": {
                    "hash": {"type": "sha512", "content": sha512(self.form)},
                    "submissionSchema": {"schemaUri": SCHEMA_URI, "mimeType": "application/json"},
                },
                "attachments": [
                    {
                        "attachmentId": key,
                        "hash": {"type": "sha512", "content": sha512(plain)},
                        "purpose": "attachment",
                        "mimeType": "application/pdf",
                        "filename": f"nachweis-{index}.pdf",
                    }
                    for index, (key, plain) in enumerate(self.files.items())
                ],
            },
        }

    def seal(self) -> None:
        pair = self.to or self.keys.ours
        self.metadata_jwe = craft_jwe(json.dumps(self.metadata).encode(), pair)
        self.data_jwe = craft_jwe(self.form, pair)
        self.file_jwes = {key: craft_jwe(plain, pair) for key, plain in self.files.items()}
        self.stamp()

    def stamp(self) -> None:
        """Body, tags and log from the present JWEs."""
        self.body = {
            "destinationId": DESTINATION,
            "submissionId": self.submission_id,
            "caseId": self.case_id,
            "attachments": list(self.file_jwes),
            "publicService": dict(DOG_TAX),
            "encryptedMetadata": self.metadata_jwe.decode(),
            "unknownMember": {"later": "version"},
        }
        self.tags = {"metadata": tag(self.metadata_jwe)}
        if self.data_jwe is not None:
            self.body["encryptedData"] = self.data_jwe.decode()
            self.tags["data"] = tag(self.data_jwe)
        if self.file_jwes:
            self.tags["attachments"] = {key: tag(jwe) for key, jwe in self.file_jwes.items()}
        self.write_log()

    def write_log(self) -> None:
        payload = {} if self.tags is None else {"authenticationTags": self.tags}
        self.log = [self.event("create-submission"), self.event("submit-submission", payload)]

    def claims(self, name: str, payload: Mapping[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        given: dict[str, Any] = {"case_id": self.case_id, "subject": self.subject, "at": self.at, **options}
        return claims_of(name, payload=payload, **given)

    def event(
        self,
        name: str,
        payload: Mapping[str, Any] | None = None,
        *,
        pair: Pair | None = None,
        **options: Any,
    ) -> str:
        return craft_set(pair or self.keys.service, self.claims(name, payload, **options))

    @property
    def waiting(self) -> Waiting:
        return Waiting(SubmissionId(self.submission_id), CaseId(self.case_id), DestinationId(DESTINATION))

    def published(self) -> dict[str, Mapping[str, object]]:
        own = f"destination:{DESTINATION}:{self.keys.signing.kid}"
        return {f"service:{self.keys.service.kid}": self.keys.service.public, own: self.keys.signing.public}

    def original(
        self, spool: Path | None = None, more: Mapping[str, Mapping[str, object]] | None = None
    ) -> Original:
        """As ``fetch`` would give it; with ``spool`` the attachments lie in files."""
        attachments: dict[AttachmentId, bytes | Path] = {}
        for key, jwe in self.file_jwes.items():
            if spool is None:
                attachments[AttachmentId(key)] = jwe
            else:
                path = spool / f"{key}.jwe"
                path.write_bytes(jwe)
                attachments[AttachmentId(key)] = path
        return Original(
            self.waiting,
            "service-bw",
            2,
            json.dumps(self.body).encode(),
            tuple(self.log),
            {**self.published(), **(more or {})},
            attachments,
            self.at,
        )
