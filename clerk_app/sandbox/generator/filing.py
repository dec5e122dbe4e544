"""Filing applications through the same door as a sender over HTTP, and the manifest of what was filed."""

from __future__ import annotations

import hashlib
import json
import random
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from clerk_app.sandbox import jose
from clerk_app.sandbox.authorities import AUTHORITIES, AuthorityPlan, Identity
from clerk_app.sandbox.generator.documents import MEDIA_TYPES, make_document
from clerk_app.sandbox.generator.names import make_person
from clerk_app.sandbox.generator.services import SERVICES
from clerk_app.sandbox.keys import KeyRing, write_secret
from clerk_app.sandbox.model import Service
from clerk_app.sandbox.state import Portal

METADATA_SCHEMA = "https://schema.fitko.de/fit-connect/metadata/2.1.0/metadata.schema.json"


@dataclass
class Filed:
    """One line of the manifest."""

    caseId: str  # noqa: N815 - names of the manifest file
    submissionId: str  # noqa: N815
    destinationId: str  # noqa: N815
    leikaKey: str  # noqa: N815
    service: str
    applicant: str
    replyChannel: str | None  # noqa: N815
    applicationId: str | None  # noqa: N815
    mailboxUuid: str | None  # noqa: N815
    defect: str | None
    dataSha512: str  # noqa: N815
    attachments: list[dict[str, Any]] = field(default_factory=list)


class Filing:
    """Files applications and remembers them in ``applications.json``."""

    def __init__(self, portal: Portal, identity: Identity, keys: KeyRing, directory: Path, seed: int) -> None:
        self.portal = portal
        self.identity = identity
        self.keys = keys
        self.directory = directory
        self.filed: list[Filed] = []
        self._random = random.Random(seed)  # noqa: S311 - plausible, not secret

    def file_many(self, count: int, *, defective: int | None = None, authority: str | None = None) -> None:
        """Files ``count`` applications, alternating between the authorities."""
        plans = [plan for plan in AUTHORITIES if authority in (None, plan.short)]
        for number in range(count):
            self._file_one(plans[number % len(plans)])
        self.write_manifest()

    def _file_one(self, plan: AuthorityPlan) -> None:
        rng = self._random
        service = rng.choice(SERVICES)
        person = make_person(rng, plan.postcode, plan.city)
        content = json.dumps(
            {"$schema": service.schema_uri, "antragsteller": asdict(person), **service.fill_in(rng, person)},
            ensure_ascii=False,
        ).encode()
        documents = [
            (str(uuid.uuid4()), evidence, make_document(evidence.form, evidence.title, [service.name]))
            for evidence in service.evidence
        ]
        mailbox, application = str(uuid.uuid4()), str(uuid.uuid4())
        metadata = {
            "$schema": METADATA_SCHEMA,
            "contentStructure": {
                "data": {
                    "hash": {"type": "sha512", "content": hashlib.sha512(content).hexdigest()},
                    "submissionSchema": {"schemaUri": service.schema_uri, "mimeType": "application/json"},
                },
                "attachments": [
                    {
                        "attachmentId": key,
                        "hash": {"type": "sha512", "content": hashlib.sha512(document).hexdigest()},
                        "purpose": "attachment",
                        "mimeType": MEDIA_TYPES[evidence.form],
                        "filename": evidence.filename,
                        "description": evidence.title,
                    }
                    for key, evidence, document in documents
                ],
            },
            "replyChannel": {"idBundDeMailbox": {"mailboxUuid": mailbox}},
            "additionalReferenceInfo": {"idBundDeApplicationId": application},
        }
        destination_id = self.identity.destinations[plan.short]
        pair = self.keys.pair(plan.decryption_keys[0])
        sender = self.portal.clients[self.identity.clients["sender"][0]]
        submission = self.portal.announce(
            sender,
            2,
            destination_id,
            [key for key, _, _ in documents],
            Service(service.name, service.identifier),
        )
        for key, evidence, document in documents:
            jwe = jose.encrypt(document, pair.public, pair.kid, MEDIA_TYPES[evidence.form])
            self.portal.put_attachment(sender, submission.submission_id, key, jwe)
        self.portal.submit(
            sender,
            submission.submission_id,
            jose.encrypt(json.dumps(metadata).encode(), pair.public, pair.kid, "application/json"),
            jose.encrypt(content, pair.public, pair.kid, "application/json"),
        )
        self.filed.append(
            Filed(
                submission.case_id,
                submission.submission_id,
                destination_id,
                service.leika_key,
                service.name,
                person.full_name,
                "idBundDeMailbox",
                application,
                mailbox,
                None,
                hashlib.sha512(content).hexdigest(),
                [
                    {"attachmentId": key, "filename": e.filename, "sha512": hashlib.sha512(d).hexdigest()}
                    for key, e, d in documents
                ],
            )
        )

    def write_manifest(self) -> None:
        """Writes ``applications.json``."""
        lines = [asdict(entry) for entry in self.filed]
        write_secret(
            self.directory / "applications.json", json.dumps(lines, ensure_ascii=False, indent=1).encode()
        )
