"""Reading the metadata of a submission, versions 1.x and 2.x (domain reference 1.7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from clerk_app.domain.application import ReplyChannel
from clerk_app.domain.ids import AttachmentId
from clerk_app.portal import strict_json

KNOWN_MINORS: Mapping[int, int] = {1: 5, 2: 1}  # newest minor version known for each major one
_SCHEMA = re.compile(
    r"https://schema\.fitko\.de/fit-connect/metadata/(\d{1,4})\.(\d{1,4})\.(\d{1,4})/metadata\.schema\.json\Z"
)
_SHA512 = re.compile(r"[a-f0-9]{128}\Z")
_MEDIA_TYPE = re.compile(r"[-\w.]+/[-\w.+]+\Z", re.ASCII)
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\Z")

# Warnings an Application may carry.
NEWER_MINOR = "metadata-newer-minor"
APPLICATION_DATE_UNREADABLE = "application-date-unreadable"
REPLY_CHANNEL_UNCLEAR = "reply-channel-unclear"


class MetadataInvalidError(ValueError):
    """The metadata break a rule every version has. ``where`` names the member, never its value; ``syntax`` is
    True when it is not even JSON."""

    def __init__(self, where: str, *, syntax: bool = False) -> None:
        super().__init__(where)
        self.where = where
        self.syntax = syntax


class UnknownVersionError(ValueError):
    """Metadata of a major version this program does not know."""

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self.version = version


@dataclass(frozen=True)
class ContentDescription:
    """What the metadata say of the form data."""

    sha512: str
    schema_uri: str | None
    media_type: str


@dataclass(frozen=True)
class AttachmentDescription:
    """What the metadata say of one attachment."""

    attachment_id: AttachmentId
    sha512: str
    purpose: str
    media_type: str
    filename: str | None
    description: str | None
    fragments: tuple[AttachmentId, ...] = ()


@dataclass(frozen=True)
class Metadata:
    """The metadata, checked as far as we rely on them. ``raw`` is everything as received."""

    raw: Mapping[str, object]
    version: tuple[int, int, int]
    content: ContentDescription | None
    attachments: tuple[AttachmentDescription, ...]
    service_identifier: str | None
    service_name: str | None
    reply_channel: ReplyChannel | None
    consents: bool | None
    applied_on: date | None
    portal_application_id: str | None
    sender_reference: str | None
    warnings: tuple[str, ...]


def read_metadata(plain: bytes, max_bytes: int) -> Metadata:
    """Reads the plaintext of the encrypted metadata.

    Raises MetadataInvalidError for what must be rejected, UnknownVersionError for what a newer program may
    read.
    """
    try:
        raw = strict_json.parse_object(plain, max_bytes=max_bytes)
    except strict_json.JsonRejectedError as error:
        raise MetadataInvalidError(error.reason, syntax=error.reason == "not JSON") from None
    warnings: list[str] = []
    version = _version(raw, warnings)
    structure = _object(raw, "contentStructure", "contentStructure")
    listed = structure.get("attachments")
    if not isinstance(listed, list):
        raise MetadataInvalidError("contentStructure.attachments")
    attachments = tuple(_attachment(each, index) for index, each in enumerate(listed))
    ids = [part for each in attachments for part in (each.attachment_id, *each.fragments)]
    # A fragmented attachment may list its own id as its first piece, so only ids of attachments must differ.
    if len({each.attachment_id for each in attachments}) != len(attachments) or len(ids) > 10_000:
        raise MetadataInvalidError("contentStructure.attachments")
    content = None
    if "data" in structure:
        content = _content(_object(structure, "data", "contentStructure.data"))
    elif version[0] >= 2:
        raise MetadataInvalidError("contentStructure.data")
    service = raw.get("publicServiceType")  # only 1.x has it
    references = raw.get("additionalReferenceInfo")
    if not isinstance(references, dict):
        references = {}
    application_id = _optional(references, "idBundDeApplicationId")
    consents = references.get("zustimmungZumDigitalenBescheid")
    return Metadata(
        raw=raw,
        version=version,
        content=content,
        attachments=attachments,
        service_identifier=_optional(service, "identifier"),
        service_name=_optional(service, "name"),
        reply_channel=_reply_channel(raw, warnings),
        consents=consents if isinstance(consents, bool) else None,
        applied_on=_date(references, warnings),
        portal_application_id=application_id if application_id and _UUID.match(application_id) else None,
        sender_reference=_optional(references, "senderReference"),
        warnings=tuple(warnings),
    )


def _version(raw: Mapping[str, object], warnings: list[str]) -> tuple[int, int, int]:
    schema = raw.get("$schema")
    if schema is None:
        return (1, 0, 0)  # only 1.0.0 leaves it out; everything later names itself
    if not isinstance(schema, str):
        raise MetadataInvalidError("$schema")
    match = _SCHEMA.match(schema)
    if match is None:
        raise UnknownVersionError(schema[:200])
    major, minor, patch = (int(part) for part in match.groups())
    newest = KNOWN_MINORS.get(major)
    if newest is None:
        raise UnknownVersionError(f"{major}.{minor}.{patch}")
    if minor > newest:
        warnings.append(NEWER_MINOR)
    return (major, minor, patch)


def _object(parent: Mapping[str, object], name: str, where: str) -> Mapping[str, object]:
    value = parent.get(name)
    if not isinstance(value, dict):
        raise MetadataInvalidError(where)
    return value


def _optional(parent: object, name: str) -> str | None:
    value = parent.get(name) if isinstance(parent, dict) else None
    return value if isinstance(value, str) and value else None


def _sha512(parent: Mapping[str, object], where: str) -> str:
    stated = _object(parent, "hash", f"{where}.hash")
    content = stated.get("content")
    if stated.get("type") != "sha512" or not isinstance(content, str) or _SHA512.match(content) is None:
        raise MetadataInvalidError(f"{where}.hash")
    return content


def _content(stated: Mapping[str, object]) -> ContentDescription:
    where = "contentStructure.data"
    schema = _object(stated, "submissionSchema", f"{where}.submissionSchema")
    media_type, uri = schema.get("mimeType"), schema.get("schemaUri")
    if not isinstance(media_type, str) or not isinstance(uri, str):
        raise MetadataInvalidError(f"{where}.submissionSchema")
    return ContentDescription(_sha512(stated, where), uri or None, media_type)


def _attachment(stated: object, index: int) -> AttachmentDescription:
    where = f"contentStructure.attachments[{index}]"
    if not isinstance(stated, dict):
        raise MetadataInvalidError(where)
    media_type, purpose = stated.get("mimeType"), stated.get("purpose")
    if not isinstance(media_type, str) or _MEDIA_TYPE.match(media_type) is None:
        raise MetadataInvalidError(f"{where}.mimeType")
    if not isinstance(purpose, str):
        raise MetadataInvalidError(f"{where}.purpose")
    fragments = stated.get("fragments", [])
    if not isinstance(fragments, list):
        raise MetadataInvalidError(f"{where}.fragments")
    return AttachmentDescription(
        _attachment_id(stated.get("attachmentId"), f"{where}.attachmentId"),
        _sha512(stated, where),
        purpose,
        media_type,
        _optional(stated, "filename"),
        _optional(stated, "description"),
        tuple(_attachment_id(each, f"{where}.fragments") for each in fragments),
    )


def _attachment_id(value: object, where: str) -> AttachmentId:
    if not isinstance(value, str) or _UUID.match(value) is None:
        raise MetadataInvalidError(where)
    return AttachmentId(value.lower())


def _reply_channel(raw: Mapping[str, object], warnings: list[str]) -> ReplyChannel | None:
    """None means: answer by letter. That is also what an unclear statement means, with a warning."""
    stated = raw.get("replyChannel")
    if stated is None:
        return None
    if not isinstance(stated, dict) or len(stated) != 1:
        warnings.append(REPLY_CHANNEL_UNCLEAR)
        return None
    ((kind, address),) = stated.items()
    return ReplyChannel(str(kind), address if isinstance(address, dict) else {})


def _date(references: Mapping[str, object], warnings: list[str]) -> date | None:
    stated = references.get("applicationDate")
    if stated is None:
        return None
    try:
        if isinstance(stated, str):
            return date.fromisoformat(stated[:10])  # some senders put a time behind it
    except ValueError:
        pass
    warnings.append(APPLICATION_DATE_UNREADABLE)
    return None
