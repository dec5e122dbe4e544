"""A form somebody brings along instead of one that is made up: what an online service does with it."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import Any

from clerk_app.sandbox.generator.documents import DocumentMaker
from clerk_app.sandbox.generator.forms import FilledDocument, FilledForm, base_metadata, new_uuid

_FORMS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpeg"}


@dataclass(frozen=True)
class GivenDocument:
    """A document to attach; its pages are made up."""

    filename: str
    media_type: str = "application/pdf"
    description: str = ""


@dataclass(frozen=True)
class GivenForm:
    """A filled-in form of a service, with the documents that go with it."""

    service: str
    service_identifier: str
    schema_uri: str
    content: bytes
    documents: tuple[GivenDocument, ...] = ()
    channel: str | None = "idBundDeMailbox"

    @property
    def applicant(self) -> tuple[str, str]:
        """Given and family name, as far as the form has them where most forms have them."""
        try:
            tree: Any = json.loads(self.content)
        except ValueError:
            return "", ""
        person = tree.get("antragsteller") if isinstance(tree, dict) else None
        found = person if isinstance(person, dict) else {}
        return str(found.get("vorname", "")), str(found.get("nachname", ""))


def fill_in(given: GivenForm, rng: random.Random, documents: DocumentMaker) -> FilledForm:
    """The form as the sender submits it: metadata 2.1.0 around the very bytes that were given."""
    attached = [
        FilledDocument(
            new_uuid(rng),
            each.description or each.filename,
            each.filename,
            each.media_type,
            documents.make(_FORMS.get(each.media_type, "pdf"), each.description or each.filename, "", ()),
        )
        for each in given.documents
    ]
    filled = FilledForm(2, given.content, {}, attached, given.channel)
    filled.application_id = new_uuid(rng)
    filled.metadata = base_metadata("2.1.0", given.content, given.schema_uri, attached)
    filled.metadata["additionalReferenceInfo"] = {"idBundDeApplicationId": filled.application_id}
    if given.channel == "idBundDeMailbox":
        filled.mailbox_uuid = new_uuid(rng)
        filled.metadata["replyChannel"] = {"idBundDeMailbox": {"mailboxUuid": filled.mailbox_uuid}}
    return filled
