"""Filing applications through the same door as a sender over HTTP, and the manifest of what was filed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random
import threading
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from clerk_app.sandbox import jose
from clerk_app.sandbox.authorities import AUTHORITIES, AuthorityPlan, Identity
from clerk_app.sandbox.generator.defects import DEFECTS, Defect
from clerk_app.sandbox.generator.documents import DocumentMaker
from clerk_app.sandbox.generator.forms import FilledDocument, FilledForm, FormFiller, base_metadata, new_uuid
from clerk_app.sandbox.generator.given import GivenForm, fill_in
from clerk_app.sandbox.generator.names import People, Person
from clerk_app.sandbox.generator.services import ANSWER_SCHEMA, SERVICES
from clerk_app.sandbox.keys import KeyPair, KeyRing, write_secret
from clerk_app.sandbox.model import Service
from clerk_app.sandbox.parameters import Town, neighbours
from clerk_app.sandbox.state import Portal

DEFECTIVE_FROM = 20  # so many applications at once bring some damaged ones along
V1_EVERY = 6  # every so many-th application still comes over v1 with metadata 1.0.0
OLD_KEY_EVERY = 7  # and so many are still encrypted with the key before the last rollover
NEIGHBOUR_EVERY = 9  # and so many-th applicant lives where another authority is competent


@dataclass
class Filed:
    """One line of the manifest: what a citizen sent. Hashes are of the plaintext, before any damage."""

    caseId: str  # noqa: N815 - these are the names in the manifest file
    submissionId: str  # noqa: N815
    destinationId: str  # noqa: N815
    authority: str
    kind: str  # "application" or "answer"
    apiVersion: int  # noqa: N815
    metadataVersion: str  # noqa: N815
    service: str
    serviceIdentifier: str  # noqa: N815
    leikaKey: str  # noqa: N815
    schemaUri: str  # noqa: N815
    applicant: str
    familyName: str  # noqa: N815
    municipality: str
    replyChannel: str | None  # noqa: N815
    applicationId: str | None  # noqa: N815
    mailboxUuid: str | None  # noqa: N815
    digitalConsent: bool | None  # noqa: N815
    applicationDate: str | None  # noqa: N815
    defect: str | None
    dataSha512: str  # noqa: N815
    attachments: list[dict[str, Any]] = field(default_factory=list)


class Filing:
    """Files applications and answers, and remembers them in ``applications.json``."""

    def __init__(self, portal: Portal, identity: Identity, keys: KeyRing, directory: Path, seed: int) -> None:
        self.portal = portal
        self.filed: list[Filed] = []
        self._identity = identity
        self._keys = keys
        self._directory = directory
        self._random = random.Random(seed)  # noqa: S311 - plausible, not secret
        self._people = People(self._random)
        self._documents = DocumentMaker()
        self._filler = FormFiller(self._random, self._documents, keys.pair("online-service"))
        self._lock = threading.RLock()
        self._by_case: dict[str, tuple[Filed, Person]] = {}
        self._by_application: dict[str, Filed] = {}
        self._by_mailbox: dict[str, Filed] = {}
        self._number = 0

    # -- looking up --------------------------------------------------------------------------------------

    def of_case(self, case_id: str) -> Filed | None:
        """The application that opened a case."""
        entry = self._by_case.get(case_id)
        return None if entry is None else entry[0]

    def of_application(self, application_id: str) -> Filed | None:
        """The application with this BundID application id."""
        return self._by_application.get(application_id)

    def of_mailbox(self, mailbox_uuid: str) -> Filed | None:
        """The latest application of the owner of a mailbox."""
        return self._by_mailbox.get(mailbox_uuid)

    # -- filing ------------------------------------------------------------------------------------------

    def file_many(self, count: int, *, defective: int | None = None, authority: str | None = None) -> None:
        """Files ``count`` applications, in turn for both authorities or for one ("bw", "sn").

        ``defective`` of them, evenly spread, are damaged; None: one in ten, but only from 20 on.
        """
        plans = [plan for plan in AUTHORITIES if authority in (None, plan.short)]
        if defective is None:
            defective = count // 10 if count >= DEFECTIVE_FROM else 0
        defective = min(defective, count)
        aside = [1, 0] if 2 * defective <= count else [0, 0]  # in turn for both authorities
        damaged = {number * count // defective + aside[number % 2] for number in range(defective)}
        with self._lock:
            kinds = 0
            for number in range(count):
                defect = None
                if number in damaged:
                    defect = DEFECTS[kinds % len(DEFECTS)]
                    kinds += 1
                self._file_one(plans[number % len(plans)], defect)
        self.write_manifest()

    def _file_one(self, plan: AuthorityPlan, defect: Defect | None) -> None:
        rng = self._random
        self._number += 1
        now = dt.datetime.fromtimestamp(self.portal.clock(), dt.UTC)
        service = rng.choices(SERVICES, weights=[entry.weight for entry in SERVICES])[0]
        home = self._home(plan)
        person = self._people.draw(plan.land, home.postcode, home.name)
        version = 1 if self._number % V1_EVERY == 0 and defect is None else 2
        form = self._filler.fill_in(service, person, now, version=version)
        filed = Filed(
            caseId="",
            submissionId="",
            destinationId=self._identity.destinations[plan.short],
            authority=plan.short,
            kind="application",
            apiVersion=version,
            metadataVersion="1.0.0" if version == 1 else "2.1.0",
            service=service.name,
            serviceIdentifier=service.identifier,
            leikaKey=service.leika_key,
            schemaUri=service.schema_uri,
            applicant=person.full_name,
            familyName=person.family,
            municipality=plan.name,
            replyChannel=form.channel,
            applicationId=form.application_id,
            mailboxUuid=form.mailbox_uuid,
            digitalConsent=form.consent,
            applicationDate=form.applied_on,
            defect=None if defect is None else defect.name,
            dataSha512="",
        )
        key = self._encryption_key(plan)
        if defect is not None:
            key = defect.damage(form, rng, key, self._keys.pair("online-service"))
            filed.schemaUri = form.metadata["contentStructure"]["data"]["submissionSchema"]["schemaUri"]
        self._send(filed, form, key, None)
        self._remember(filed, person)

    def file_given(self, given: GivenForm, authority: str) -> Filed:
        """Files a form somebody brings along with an authority ("bw", "sn")."""
        plan = next(entry for entry in AUTHORITIES if entry.short == authority)
        with self._lock:
            self._number += 1
            form = fill_in(given, self._random, self._documents)
            first, family = given.applicant
            person = replace(
                self._people.draw(plan.land, plan.postcode, plan.city), given=first, family=family
            )
            filed = Filed(
                caseId="",
                submissionId="",
                destinationId=self._identity.destinations[plan.short],
                authority=plan.short,
                kind="application",
                apiVersion=form.version,
                metadataVersion="2.1.0",
                service=given.service,
                serviceIdentifier=given.service_identifier,
                leikaKey=given.service_identifier.rpartition(":")[2],
                schemaUri=given.schema_uri,
                applicant=f"{first} {family}".strip(),
                familyName=family,
                municipality=plan.name,
                replyChannel=form.channel,
                applicationId=form.application_id,
                mailboxUuid=form.mailbox_uuid,
                digitalConsent=None,
                applicationDate=None,
                defect=None,
                dataSha512="",
            )
            self._send(filed, form, self._encryption_key(plan), None)
            self._remember(filed, person)
        self.write_manifest()
        return filed

    def _remember(self, filed: Filed, person: Person) -> None:
        self._by_case[filed.caseId] = (filed, person)
        if filed.applicationId:
            self._by_application[filed.applicationId] = filed
        if filed.mailboxUuid:
            self._by_mailbox[filed.mailboxUuid] = filed

    def _home(self, plan: AuthorityPlan) -> Town:
        """Where the next applicant lives: now and then in a town another authority is competent for."""
        if self._number % NEIGHBOUR_EVERY != NEIGHBOUR_EVERY - 1:
            return Town(plan.postcode, plan.city)
        towns = neighbours(plan.short)
        return towns[self._number // NEIGHBOUR_EVERY % len(towns)]

    def _encryption_key(self, plan: AuthorityPlan) -> KeyPair:
        old = len(plan.decryption_keys) > 1 and self._number % OLD_KEY_EVERY == 0
        return self._keys.pair(plan.decryption_keys[1 if old else 0])

    def file_answer(self, filed: Filed, items: list[str]) -> None:
        """The citizen sends what was asked for: one PDF per item, into the same case."""
        with self._lock:
            plan = next(entry for entry in AUTHORITIES if entry.short == filed.authority)
            person = self._by_case[filed.caseId][1]
            documents = [
                FilledDocument(
                    new_uuid(self._random),
                    item[:200],
                    f"nachweis-{number}.pdf",
                    "application/pdf",
                    self._documents.personal("Nachgereichte Unterlage", person.full_name, (item[:80],)),
                )
                for number, item in enumerate(items, 1)
            ]
            content = json.dumps(
                {
                    "$schema": ANSWER_SCHEMA,
                    "nachreichung": {
                        "zuVorgang": filed.caseId,
                        "mitteilung": "Anbei die angeforderten Unterlagen.",
                        "unterlagen": [
                            {"angefordert": item, "dateiname": document.filename}
                            for item, document in zip(items, documents, strict=True)
                        ],
                    },
                },
                ensure_ascii=False,
            ).encode("utf-8")
            form = FilledForm(
                filed.apiVersion,
                content,
                {},
                documents,
                filed.replyChannel,
                filed.mailboxUuid,
                filed.applicationId,
            )
            form.metadata = base_metadata(filed.metadataVersion, content, ANSWER_SCHEMA, documents)
            if filed.mailboxUuid:
                form.metadata["replyChannel"] = {"idBundDeMailbox": {"mailboxUuid": filed.mailboxUuid}}
            if filed.applicationId:
                form.metadata["additionalReferenceInfo"] = {"idBundDeApplicationId": filed.applicationId}
            if filed.apiVersion == 1:
                form.metadata["publicServiceType"] = {
                    "name": filed.service,
                    "identifier": filed.serviceIdentifier,
                }
            answer = Filed(**{**asdict(filed), "kind": "answer", "defect": None, "schemaUri": ANSWER_SCHEMA})
            self._send(answer, form, self._keys.pair(plan.decryption_keys[0]), filed.caseId)
        self.write_manifest()

    def _send(self, filed: Filed, form: FilledForm, key: KeyPair, case_id: str | None) -> None:
        """Announce, upload, submit: the steps of every sender."""
        sender = self.portal.clients[self._identity.clients["sender"][0]]
        zipped = form.version == 1
        submission = self.portal.announce(
            sender,
            form.version,
            filed.destinationId,
            [document.attachment_id for document in form.documents],
            Service(filed.service, filed.serviceIdentifier),
            case_id=case_id,
        )
        filed.caseId, filed.submissionId = submission.case_id, submission.submission_id
        filed.dataSha512 = hashlib.sha512(form.content).hexdigest()
        filed.attachments = [
            {
                "attachmentId": document.attachment_id,
                "filename": document.filename,
                "mediaType": document.media_type,
                "size": len(document.content),
                "sha512": document.sha512,
            }
            for document in form.documents
        ]
        for document in form.documents:
            jwe = jose.encrypt(document.content, key.public, key.kid, document.media_type, zipped=zipped)
            self.portal.put_attachment(sender, submission.submission_id, document.attachment_id, jwe)
        metadata = form.extra.get("metadata") or json.dumps(form.metadata, ensure_ascii=False).encode("utf-8")
        self.portal.submit(
            sender,
            submission.submission_id,
            jose.encrypt(metadata, key.public, key.kid, "application/json", zipped=zipped),
            jose.encrypt(form.content, key.public, key.kid, "application/json", zipped=zipped),
        )
        self.filed.append(filed)

    def write_manifest(self) -> None:
        """Writes ``applications.json`` into the sandbox directory, newest last."""
        with self._lock:
            lines = [asdict(entry) for entry in self.filed]
            content = json.dumps(lines, ensure_ascii=False, indent=1).encode("utf-8")
            write_secret(self._directory / "applications.json", content)
