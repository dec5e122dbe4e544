"""The Antrag as it arrived: what one submission says once it has been opened and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from clerk_app.domain.ids import AttachmentId, CaseId, DestinationId, SubmissionId


class ReplyChannelKind(StrEnum):
    """Rückkanal the applicant offered; the values are the standard's member names (metadata 2.1.0)."""

    MAILBOX = "idBundDeMailbox"
    FIT_CONNECT = "fitConnect"
    EMAIL = "eMail"
    DE_MAIL = "deMail"
    ELSTER = "elster"
    FINK = "fink"


@dataclass(frozen=True)
class ReplyChannel:
    """Rückkanal. ``kind`` is one of ReplyChannelKind or an unknown name kept as received; ``address`` holds
    its members as received (for example ``mailboxUuid`` or ``encryptionPublicKey``)."""

    kind: str
    address: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Attachment:
    """Anlage. ``sha512`` is the lower-case hex digest of the plaintext, ``size_bytes`` its length."""

    attachment_id: AttachmentId
    filename: str | None
    media_type: str
    size_bytes: int
    sha512: str
    purpose: str = "attachment"
    description: str | None = None


@dataclass(frozen=True)
class Application:
    """Antrag (or a later answer in the same case): the opened content of one submission.

    ``content`` are the form's bytes exactly as filed (JSON or XML), ``content_sha512`` their lower-case hex
    digest. ``submitted_at`` is the time the delivery service put into its submit event.
    ``consents_to_electronic_decision`` is None when the applicant said nothing (then OZG § 9 presumes it).
    """

    submission_id: SubmissionId
    case_id: CaseId
    destination_id: DestinationId
    portal: str
    service_identifier: str | None
    service_name: str | None
    schema_uri: str | None
    content: bytes
    content_media_type: str
    content_sha512: str
    metadata: Mapping[str, object]
    attachments: tuple[Attachment, ...]
    submitted_at: datetime
    reply_channel: ReplyChannel | None = None
    consents_to_electronic_decision: bool | None = None
    applied_on: date | None = None
    portal_application_id: str | None = None  # idBundDeApplicationId: what ZBP status messages refer to
    sender_reference: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def leika_key(self) -> str | None:
        """The 14 digits of a LeiKa URN, or None when the service is named otherwise."""
        return leika_key_of(self.service_identifier)


LEIKA_URN_PREFIX = "urn:de:fim:leika:leistung:"


def leika_key_of(identifier: str | None) -> str | None:
    """The 14-digit LeiKa key in ``identifier`` (URN or bare key), else None."""
    if identifier is None:
        return None
    key = identifier.removeprefix(LEIKA_URN_PREFIX)
    return key if len(key) == 14 and key.isdecimal() and key.isascii() else None


@dataclass(frozen=True)
class PersonFacts:
    """The applicant as written in the form, for finding other cases of the same person or address. Parts
    nobody filled in are empty."""

    given_names: str = ""
    family_name: str = ""
    organisation: str = ""
    birth_on: date | None = None
    street: str = ""
    house_number: str = ""
    postcode: str = ""
    city: str = ""


@dataclass(frozen=True)
class CaseFacts:
    """What lists and searches need to know of an application, read from its form by the service's rules.

    ``search_text`` is everything a search should find: names in original and search form, form values,
    attachment names. ``applicant_sort_key`` is the DIN 91379 search form for sorting. ``language`` is the
    language the form asks for (``domain.languages``), "" when it names none.
    """

    service: str
    leika_key: str | None
    applicant: str
    applicant_sort_key: str
    municipality: str
    due_on: date | None
    search_text: str
    person: PersonFacts = PersonFacts()
    language: str = ""
