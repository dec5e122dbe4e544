"""Opening what was sent to the sandbox's own people: the mailbox bridge and the citizens' online service."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from clerk_app.sandbox import jose
from clerk_app.sandbox.keys import KeyPair
from clerk_app.sandbox.model import Payload

PROBLEMS = "https://schema.fitko.de/fit-connect/events/problems/"
_METADATA_SCHEMA = re.compile(
    r"\Ahttps://schema\.fitko\.de/fit-connect/metadata/[12]\.\d+\.\d+/metadata\.schema\.json\Z"
)


class Rejected(Exception):  # noqa: N818 - the receiver's verdict, not a mistake
    """The receiver will not take it; ``problem`` goes into the reject event."""

    def __init__(self, name: str, instance: str, detail: str) -> None:
        super().__init__(f"{name} ({instance}): {detail}")
        self.problem = {
            "type": PROBLEMS + name,
            "title": name.replace("-", " ").capitalize(),
            "detail": detail,
            "instance": instance,
        }


@dataclass(frozen=True)
class OpenedFile:
    """One decrypted attachment."""

    attachment_id: str
    filename: str
    media_type: str
    content: bytes

    @property
    def sha512(self) -> str:
        """Lower-case hex."""
        return hashlib.sha512(self.content).hexdigest()


@dataclass(frozen=True)
class Opened:
    """A payload after decryption and all hash checks."""

    metadata: dict[str, Any]
    content: dict[str, Any]
    files: tuple[OpenedFile, ...]


def open_payload(payload: Payload, key: KeyPair) -> Opened:
    """Decrypts and checks metadata, data and attachments; raises ``Rejected`` with the standard's causes."""
    metadata = _object(_decrypt(payload.metadata, key, "metadata"), "metadata")
    if _METADATA_SCHEMA.match(str(metadata.get("$schema"))) is None:
        raise Rejected("unsupported-schema", "metadata", "metadata schema is missing or unknown")
    if payload.content is None:
        raise Rejected("missing-data", "data", "no data")
    structure = metadata.get("contentStructure")
    if not isinstance(structure, dict) or not isinstance(structure.get("attachments"), list):
        raise Rejected("schema-violation", "metadata", "contentStructure is incomplete")
    content = _decrypt(payload.content, key, "data")
    described = structure.get("data")
    if not isinstance(described, dict) or _hash(described) != hashlib.sha512(content).hexdigest():
        raise Rejected("hash-mismatch", "data", "hash of the data differs")
    by_id = {
        str(entry.get("attachmentId")).lower(): entry
        for entry in structure["attachments"]
        if isinstance(entry, dict)
    }
    if set(by_id) != set(payload.attachments):
        raise Rejected("attachments-mismatch", "metadata", "metadata lists other attachments than sent")
    files = []
    for attachment_id, jwe in payload.attachments.items():
        instance = f"attachment:{attachment_id}"
        plain = _decrypt(jwe, key, instance)
        entry = by_id[attachment_id]
        file = OpenedFile(
            attachment_id,
            str(entry.get("filename", attachment_id)),
            str(entry.get("mimeType", "application/octet-stream")),
            plain,
        )
        if _hash(entry) != file.sha512:
            raise Rejected("hash-mismatch", instance, "hash of the attachment differs")
        files.append(file)
    return Opened(metadata, _object(content, "data"), tuple(files))


def _decrypt(jwe: str, key: KeyPair, instance: str) -> bytes:
    try:
        return jose.decrypt(jwe, key.private)
    except jose.JoseError as error:
        raise Rejected("encryption-issue", instance, str(error)) from None


def _object(raw: bytes, instance: str) -> dict[str, Any]:
    try:
        value = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Rejected("syntax-violation", instance, "not JSON") from None
    if not isinstance(value, dict):
        raise Rejected("syntax-violation", instance, "not a JSON object")
    return value


def _hash(entry: dict[str, Any]) -> object:
    value = entry.get("hash")
    return value.get("content") if isinstance(value, dict) and value.get("type") == "sha512" else None
