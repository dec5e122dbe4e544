"""A sender of the foreign portal: an online service that files applications and reads replies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.contract import foreign_jose as jose
from tests.contract.foreign_portal import ForeignPortal
from tests.contract.foreign_rules import Parcel, Place

SERVICE = {"name": "Hundesteuer Anmeldung", "identifier": "urn:de:fim:leika:leistung:99102013104000"}
FORM = {"antragsteller": {"vorname": "Zoë", "nachname": "Đorđević"}, "hund": {"name": "Ünal", "alter": 3}}
SCHEMA_URI = "https://schema.fitko.de/fim/s00009999_1.0.0.schema.json"


@dataclass
class Enclosure:
    """An attachment before it is sent; ``pieces`` > 1 cuts it into fragments."""

    filename: str | None
    content: bytes
    media_type: str = "application/pdf"
    pieces: int = 1
    attachment_id: str = field(default_factory=lambda: str(uuid4()))


@dataclass
class Filed:
    """What a citizen sent, in plain."""

    parcel: Parcel
    content: bytes | None
    enclosures: Sequence[Enclosure]
    metadata: dict[str, Any]

    @property
    def case_id(self) -> str:
        return self.parcel.case_id


@dataclass
class Citizen:
    """Files with one destination in one version of the interface."""

    portal: ForeignPortal
    place: Place
    version: int = 2

    def file(
        self,
        *,
        content: bytes | None = json.dumps(FORM, ensure_ascii=False, indent=1).encode(),
        media_type: str = "application/json",
        metadata_version: str | None = "2.1.0",
        enclosures: Sequence[Enclosure] = (),
        reply_channel: dict[str, Any] | None = None,
        reference: dict[str, Any] | None = None,
        case_id: str | None = None,
        kid: str | None = None,
        zipped: bool = False,
        spoil: Callable[[dict[str, Any]], object] | None = None,
        key: Any = None,
        submit: bool = True,
    ) -> Filed:
        """Announces, uploads and submits. ``spoil`` may change the metadata before it is encrypted."""

        def lock(plain: bytes, cty: str | None) -> str:
            return jose.encrypt(key or self.place.encryption, plain, cty=cty, kid=kid, zipped=zipped)

        bodies: dict[str, bytes] = {}
        described = [self._described(each, bodies) for each in enclosures]
        metadata: dict[str, Any] = {"contentStructure": {"attachments": described}}
        if metadata_version is not None:
            schema = f"https://schema.fitko.de/fit-connect/metadata/{metadata_version}/metadata.schema.json"
            metadata["$schema"] = schema
        if content is not None:
            metadata["contentStructure"]["data"] = {
                "hash": {"type": "sha512", "content": hashlib.sha512(content).hexdigest()},
                "submissionSchema": {"schemaUri": SCHEMA_URI, "mimeType": media_type},
            }
        if metadata_version is None or metadata_version.startswith("1."):
            metadata["publicServiceType"] = SERVICE
        if reply_channel is not None:
            metadata["replyChannel"] = reply_channel
        if reference is not None:
            metadata["additionalReferenceInfo"] = reference
        if self.portal.habits.decorated:
            metadata["somethingNew"] = {"of": "tomorrow"}
        if spoil is not None:
            spoil(metadata)
        books = self.portal.books
        with books.lock:
            parcel = books.announce(
                self.place.destination_id, list(bodies), dict(SERVICE), self.version, case_id
            )
            for attachment_id, body in bodies.items():
                books.put_attachment(parcel, attachment_id, lock(body, None))
            if submit:
                books.submit(
                    parcel,
                    lock(json.dumps(metadata).encode(), "application/json"),
                    None if content is None else lock(content, media_type),
                )
        return Filed(parcel, content, enclosures, metadata)

    @staticmethod
    def _described(each: Enclosure, bodies: dict[str, bytes]) -> dict[str, Any]:
        described: dict[str, Any] = {
            "attachmentId": each.attachment_id,
            "hash": {"type": "sha512", "content": hashlib.sha512(each.content).hexdigest()},
            "purpose": "attachment",
            "mimeType": each.media_type,
        }
        if each.filename is not None:
            described["filename"] = each.filename
        if each.pieces == 1:
            bodies[each.attachment_id] = each.content
            return described
        size = -(-len(each.content) // each.pieces)
        described["fragments"] = [str(uuid4()) for _ in range(each.pieces)]
        for number, fragment in enumerate(described["fragments"]):
            bodies[fragment] = each.content[number * size : (number + 1) * size]
        return described


def reply_channel(key: Any) -> dict[str, Any]:
    """The way back for an online service that reads replies with ``key``; the JWK as the standard has it."""
    published = jose.public_jwk(key)
    members = ("kty", "key_ops", "alg", "kid", "n", "e")
    shown = {member: published[member] for member in members}
    return {"fitConnect": {"processStandards": ["urn:xoev-de:standard"], "encryptionPublicKey": shown}}


def mailbox_channel(mailbox: str) -> dict[str, Any]:
    """The way back into a BundID mailbox."""
    return {"idBundDeMailbox": {"mailboxUuid": mailbox}}


@dataclass
class Read:
    """A reply or bridge submission as its recipient reads it."""

    metadata: dict[str, Any]
    content: bytes
    files: dict[str, bytes]

    def by_name(self, ending: str) -> bytes:
        """The one file whose name ends so."""
        (found,) = [body for name, body in self.files.items() if name.endswith(ending)]
        return found


def read_parcel(parcel: Parcel, key: Any) -> Read:
    """Opens everything with ``key`` and checks every hash. Raises AssertionError on a difference."""
    assert parcel.metadata is not None
    assert parcel.content is not None
    metadata = json.loads(jose.decrypt(key, parcel.metadata))
    content = jose.decrypt(key, parcel.content)
    described = metadata["contentStructure"]
    assert described["data"]["hash"] == {"type": "sha512", "content": hashlib.sha512(content).hexdigest()}
    assert {each["attachmentId"] for each in described["attachments"]} == set(parcel.attachments)
    files = {}
    for each in described["attachments"]:
        body = jose.decrypt(key, parcel.attachments[each["attachmentId"]])
        assert each["hash"]["content"] == hashlib.sha512(body).hexdigest()
        files[each["filename"]] = body
    return Read(metadata, content, files)
