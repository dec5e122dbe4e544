"""An application on paper, so to say: form data, documents, metadata, reply channel. Nothing is sent here."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from clerk_app.sandbox.generator.documents import MEDIA_TYPES, DocumentMaker
from clerk_app.sandbox.generator.names import Person
from clerk_app.sandbox.generator.services import ServicePlan, applicant
from clerk_app.sandbox.keys import KeyPair

METADATA = "https://schema.fitko.de/fit-connect/metadata/{version}/metadata.schema.json"
# what a citizen's online service offers for answers, and how often (of 20)
CHANNELS = (
    *["idBundDeMailbox"] * 13,
    *["fitConnect"] * 3,
    *["eMail"] * 2,
    *[None] * 2,
)


@dataclass
class FilledDocument:
    """One attachment before encryption."""

    attachment_id: str
    title: str
    filename: str
    media_type: str
    content: bytes
    purpose: str = "attachment"

    @property
    def sha512(self) -> str:
        """Lower-case hex."""
        return hashlib.sha512(self.content).hexdigest()


@dataclass
class FilledForm:
    """Everything a sender encrypts and sends."""

    version: int
    content: bytes
    metadata: dict[str, Any]
    documents: list[FilledDocument]
    channel: str | None
    mailbox_uuid: str | None = None
    application_id: str | None = None
    consent: bool | None = None
    applied_on: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def new_uuid(rng: random.Random) -> str:
    """A version 4 UUID from the seeded source, so that the same seed files the same mailboxes."""
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


class FormFiller:
    """Fills in forms as citizens do. Deterministic for a seed and a day."""

    def __init__(self, rng: random.Random, documents: DocumentMaker, reply_key: KeyPair) -> None:
        self._rng = rng
        self._documents = documents
        self._reply_key = reply_key

    def fill_in(self, service: ServicePlan, person: Person, now: dt.datetime, *, version: int) -> FilledForm:
        """An application for a service. ``version`` 1 carries metadata 1.0.0, 2 carries 2.1.0."""
        rng = self._rng
        today = now.date()
        applied = today - dt.timedelta(days=rng.choice((0, 0, 0, 1, 2, 3)))
        content = json.dumps(
            {
                "$schema": service.schema_uri,
                "antragsteller": applicant(person),
                **service.fill_in(rng, person, today),
                "erklaerung": {"richtigkeit": True, "datenschutz": True, "datum": applied.isoformat()},
            },
            ensure_ascii=False,
            indent=rng.choice((None, None, 2)),  # hashes are over bytes, however they are laid out
        ).encode("utf-8")
        channel = rng.choice(CHANNELS)
        if version == 1 and channel in ("idBundDeMailbox", "fitConnect"):
            channel = "eMail"  # metadata 1.0.0 knows neither
        filled = FilledForm(
            version, content, {}, self._attach(service, person), channel, applied_on=applied.isoformat()
        )
        if channel == "idBundDeMailbox":
            filled.mailbox_uuid = new_uuid(rng)
        filled.application_id = new_uuid(rng) if version > 1 else None
        if version > 1 and rng.random() < 0.12:
            filled.consent = False
        elif version > 1 and rng.random() < 0.5:
            filled.consent = True
        filled.metadata = self.metadata(filled, service, person, now)
        return filled

    def _attach(self, service: ServicePlan, person: Person) -> list[FilledDocument]:
        rng = self._rng
        attached = [
            FilledDocument(
                new_uuid(rng),
                evidence.title,
                evidence.filename,
                MEDIA_TYPES[evidence.form],
                self._documents.make(evidence.form, evidence.title, person.full_name, (service.name,)),
            )
            for evidence in service.evidence
            if rng.randrange(100) < evidence.often
        ]
        if rng.random() < 0.3:
            title = f"Antrag {service.name}"
            attached.append(
                FilledDocument(
                    new_uuid(rng),
                    title,
                    "antrag.pdf",
                    "application/pdf",
                    self._documents.make("pdf", title, person.full_name),
                    "form",
                )
            )
        return attached

    def metadata(
        self, filled: FilledForm, service: ServicePlan, person: Person, now: dt.datetime
    ) -> dict[str, Any]:
        """Metadata of the form's version; validates against the official schema of that version."""
        v1 = filled.version == 1
        value = base_metadata(
            "1.0.0" if v1 else "2.1.0", filled.content, service.schema_uri, filled.documents
        )
        if v1:
            value["publicServiceType"] = {"name": service.name, "identifier": service.identifier}
        channel = self._reply_channel(filled, person)
        if channel is not None:
            value["replyChannel"] = channel
        reference: dict[str, Any] = {"senderReference": f"OD-{self._rng.randrange(10**8):08d}"}
        if filled.applied_on is not None:
            reference["applicationDate"] = filled.applied_on
        if not v1 and filled.application_id is not None:
            reference["idBundDeApplicationId"] = filled.application_id
        if filled.consent is not None:
            reference["zustimmungZumDigitalenBescheid"] = filled.consent
        value["additionalReferenceInfo"] = reference
        if service.fee_euro is not None and self._rng.random() < 0.8:
            value["paymentInformation"] = self._payment(service.fee_euro, now)
        if not v1:
            value["author"] = {
                "name": "Übungsplattform",
                "product": {"name": "Online-Dienst", "version": "1.0", "manufacturer": "Übungsplattform"},
            }
        return value

    def _reply_channel(self, filled: FilledForm, person: Person) -> dict[str, Any] | None:
        if filled.channel == "idBundDeMailbox":
            return {"idBundDeMailbox": {"mailboxUuid": filled.mailbox_uuid}}
        if filled.channel == "eMail":
            return {"eMail": {"address": person.email}}
        if filled.channel == "fitConnect":
            public = {name: value for name, value in self._reply_key.public_jwk.items() if name != "x5c"}
            return {
                "fitConnect": {
                    "processStandards": ["urn:de:uebung:prozess:antwort_1.0"],
                    "encryptionPublicKey": public,
                }
            }
        return None

    def _payment(self, fee_euro: float, now: dt.datetime) -> dict[str, Any]:
        rng = self._rng
        method = rng.choice(("GIROPAY", "CREDITCARD", "PAYPAL", "PAYDIRECT", "INVOICE"))
        payment: dict[str, Any] = {
            "transactionReference": f"KZ{rng.randrange(10**10):010d}",
            "transactionId": f"{rng.getrandbits(64):016x}",
            "paymentMethod": method,
            "status": "INITIAL" if method == "INVOICE" else "BOOKED",
            "grossAmount": fee_euro,
        }
        if payment["status"] == "BOOKED":
            payment["transactionTimestamp"] = now.replace(microsecond=0).isoformat()
        return payment


def base_metadata(
    version: str, content: bytes, schema_uri: str, documents: Sequence[FilledDocument]
) -> dict[str, Any]:
    """The part of the metadata every submission has."""
    return {
        "$schema": METADATA.format(version=version),
        "contentStructure": {
            "data": {
                "hash": {"type": "sha512", "content": hashlib.sha512(content).hexdigest()},
                "submissionSchema": {"schemaUri": schema_uri, "mimeType": "application/json"},
            },
            "attachments": [
                {
                    "attachmentId": document.attachment_id,
                    "hash": {"type": "sha512", "content": document.sha512},
                    "purpose": document.purpose,
                    "mimeType": document.media_type,
                    "filename": document.filename,
                    "description": document.title,
                }
                for document in documents
            ],
        },
    }
