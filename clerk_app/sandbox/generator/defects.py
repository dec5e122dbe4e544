"""What can be wrong with an application, on purpose, so that clerks and programs learn to cope."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from clerk_app.sandbox.generator.forms import FilledDocument, FilledForm, base_metadata, new_uuid
from clerk_app.sandbox.keys import KeyPair

UNKNOWN_SCHEMA = "https://schema.fitko.de/fim/s17999999_9.0.schema.json"  # nobody described it


@dataclass(frozen=True)
class Defect:
    """``damage`` changes the form before it is sent and says which key to encrypt with.

    ``acceptable``: a receiver must not reject it (an unknown data schema is shown, never refused).
    """

    name: str
    acceptable: bool
    change: Callable[[FilledForm, random.Random], None]
    foreign_key: bool = False

    def damage(self, form: FilledForm, rng: random.Random, key: KeyPair, foreign: KeyPair) -> KeyPair:
        """Damages the form; the key to encrypt everything with."""
        self.change(form, rng)
        return foreign if self.foreign_key else key


def _nothing(form: FilledForm, rng: random.Random) -> None:
    return


def _wrong_hash(form: FilledForm, rng: random.Random) -> None:
    form.metadata["contentStructure"]["data"]["hash"]["content"] = f"{rng.getrandbits(512):0128x}"


def _missing_in_metadata(form: FilledForm, rng: random.Random) -> None:
    extra = FilledDocument(
        new_uuid(rng), "Nicht genannt", "unbenannt.pdf", "application/pdf", b"%PDF-1.4\n%%EOF\n"
    )
    form.documents.append(extra)


def _listed_not_sent(form: FilledForm, rng: random.Random) -> None:
    form.metadata["contentStructure"]["attachments"].append(
        {
            "attachmentId": new_uuid(rng),
            "hash": {"type": "sha512", "content": f"{rng.getrandbits(512):0128x}"},
            "purpose": "attachment",
            "mimeType": "application/pdf",
            "filename": "fehlt.pdf",
        }
    )


def _unknown_schema(form: FilledForm, rng: random.Random) -> None:
    data = form.metadata["contentStructure"]["data"]
    known = data["submissionSchema"]["schemaUri"]
    form.content = form.content.replace(known.encode(), UNKNOWN_SCHEMA.encode(), 1)
    _describe_again(form, UNKNOWN_SCHEMA)


def _describe_again(form: FilledForm, schema: str) -> None:
    """The metadata's word on the data, right for what the data is now."""
    described = base_metadata("2.1.0", form.content, schema, ())
    form.metadata["contentStructure"]["data"] = described["contentStructure"]["data"]


def _malformed_json(form: FilledForm, rng: random.Random) -> None:
    form.content = form.content[: len(form.content) * 2 // 3]
    _describe_again(form, form.metadata["contentStructure"]["data"]["submissionSchema"]["schemaUri"])


def _malformed_metadata(form: FilledForm, rng: random.Random) -> None:
    form.extra["metadata"] = b'{"$schema": "https://schema.fitko.de/fit-connect/metadata/2.1.0/metadata.sche'


DEFECTS = (
    Defect("wrong-data-hash", False, _wrong_hash),
    Defect("attachment-not-in-metadata", False, _missing_in_metadata),
    Defect("unknown-schema", True, _unknown_schema),
    Defect("foreign-key", False, _nothing, foreign_key=True),
    Defect("malformed-json", False, _malformed_json),
    Defect("listed-attachment-not-sent", False, _listed_not_sent),
    Defect("malformed-metadata", False, _malformed_metadata),
)
