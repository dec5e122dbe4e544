"""Metadata 1.x and 2.x: the official schemas are the oracle for what must be readable."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.portal.metadata import (
    APPLICATION_DATE_UNREADABLE,
    NEWER_MINOR,
    REPLY_CHANNEL_UNCLEAR,
    Metadata,
    MetadataInvalidError,
    UnknownVersionError,
    read_metadata,
)
from tests.portal.support import METADATA, SCHEMA_URI, sha512

HASH = {"type": "sha512", "content": sha512(b"x")}
ID = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"


def minimal(version: str = "2.1.0") -> dict[str, Any]:
    return {
        "$schema": METADATA.format(version),
        "contentStructure": {
            "data": {
                "hash": HASH,
                "submissionSchema": {"schemaUri": SCHEMA_URI, "mimeType": "application/json"},
            },
            "attachments": [
                {"attachmentId": ID, "hash": HASH, "purpose": "attachment", "mimeType": "application/pdf"}
            ],
        },
    }


def read(document: object) -> Metadata:
    return read_metadata(json.dumps(document).encode(), 1_000_000)


def full() -> dict[str, Any]:
    return {
        **minimal(),
        "replyChannel": {"idBundDeMailbox": {"mailboxUuid": ID}},
        "additionalReferenceInfo": {
            "senderReference": "K-17",
            "applicationDate": "2026-11-20",
            "idBundDeApplicationId": ID,
            "zustimmungZumDigitalenBescheid": False,
        },
        "author": {"name": "x", "product": {"name": "p", "version": "1", "manufacturer": "m"}},
    }


def test_reads_everything_we_use() -> None:
    metadata = read(full())
    assert metadata.version == (2, 1, 0)
    assert metadata.applied_on == date(2026, 11, 20)
    assert metadata.portal_application_id == ID
    assert metadata.sender_reference == "K-17"
    assert metadata.consents is False
    assert metadata.reply_channel is not None
    assert metadata.reply_channel.kind == "idBundDeMailbox"
    assert metadata.reply_channel.address == {"mailboxUuid": ID}
    assert metadata.raw == full()
    assert metadata.warnings == ()


def test_what_the_official_schemas_allow_is_readable(shared_dir: Path) -> None:
    schemas = shared_dir / "reference" / "schemas"
    old = {
        "contentStructure": {"attachments": []},
        "publicServiceType": {
            "identifier": "urn:de:fim:leika:leistung:99102013104000",
            "name": "Hundesteuer",
        },
    }
    old_named = {**old, "$schema": METADATA.format("1.0.0")}
    for version, documents in {
        "2.1.0": [minimal(), full()],
        "1.0.0": [old, old_named, minimal("1.0.0")],
    }.items():
        schema = json.loads((schemas / f"fit-connect-metadata-{version}.schema.json").read_text())
        for document in documents:
            jsonschema.validate(document, schema)
            assert read(document).version[0] == int(version[0])


def test_what_we_require_the_official_schema_requires_too(shared_dir: Path) -> None:
    """We never reject a citizen's application for something the standard allows."""
    path = shared_dir / "reference" / "schemas" / "fit-connect-metadata-2.1.0.schema.json"
    validator = jsonschema.Draft202012Validator(json.loads(path.read_text()))
    for name, change in BROKEN.items():
        document = minimal()
        change(document)
        assert not validator.is_valid(document), name


def _data(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["contentStructure"]["data"]
    return found


def _attachment(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["contentStructure"]["attachments"][0]
    return found


BROKEN: dict[str, Callable[[dict[str, Any]], object]] = {
    "no contentStructure": lambda d: d.pop("contentStructure"),
    "contentStructure list": lambda d: d.update(contentStructure=[]),
    "no attachments": lambda d: d["contentStructure"].pop("attachments"),
    "attachments object": lambda d: d["contentStructure"].update(attachments={}),
    "attachment text": lambda d: d["contentStructure"].update(attachments=["x"]),
    "no data": lambda d: d["contentStructure"].pop("data"),
    "data null": lambda d: d["contentStructure"].update(data=None),
    "no hash": lambda d: _data(d).pop("hash"),
    "hash of another kind": lambda d: _data(d).update(hash={"type": "sha256", "content": HASH["content"]}),
    "hash too short": lambda d: _data(d).update(hash={"type": "sha512", "content": HASH["content"][:-1]}),
    "hash in capitals": lambda d: _data(d).update(
        hash={"type": "sha512", "content": HASH["content"].upper()}
    ),
    "no submissionSchema": lambda d: _data(d).pop("submissionSchema"),
    "no schemaUri": lambda d: _data(d)["submissionSchema"].pop("schemaUri"),
    "no mimeType": lambda d: _data(d)["submissionSchema"].pop("mimeType"),
    "attachment without id": lambda d: _attachment(d).pop("attachmentId"),
    "attachment without hash": lambda d: _attachment(d).pop("hash"),
    "attachment without purpose": lambda d: _attachment(d).pop("purpose"),
    "attachment without mimeType": lambda d: _attachment(d).pop("mimeType"),
    "attachment mimeType odd": lambda d: _attachment(d).update(mimeType="pdf"),
    "attachment fragments text": lambda d: _attachment(d).update(fragments="x"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_metadata(name: str) -> None:
    document = minimal()
    BROKEN[name](document)
    with pytest.raises(MetadataInvalidError) as caught:
        read(document)
    assert not caught.value.syntax
    assert caught.value.where


def test_ids_that_are_none_or_stand_twice() -> None:
    document = minimal()
    for wrong in ("../../etc/passwd", "", 7, ID + "0"):
        _attachment(document)["attachmentId"] = wrong
        with pytest.raises(MetadataInvalidError):
            read(document)
    _attachment(document)["attachmentId"] = ID.upper()
    assert read(document).attachments[0].attachment_id == ID
    document["contentStructure"]["attachments"] *= 2
    with pytest.raises(MetadataInvalidError):
        read(document)


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"null", b'{"a":1,"a":2}', b"{'a':1}", b"\xff\xfe{}", b'{"a":NaN}', b"{}x"]
)
def test_no_json_object(text: bytes) -> None:
    with pytest.raises(MetadataInvalidError):
        read_metadata(text, 1000)


def test_versions() -> None:
    assert read(minimal("1.5.0")).warnings == ()
    assert read(minimal("2.2.0")).warnings == (NEWER_MINOR,)
    assert read(minimal("1.9.3")).version == (1, 9, 3)
    for unknown in ("3.0.0", "0.9.0", "10.0.0"):
        with pytest.raises(UnknownVersionError) as caught:
            read(minimal(unknown))
        assert caught.value.version == unknown
    with pytest.raises(UnknownVersionError):
        read({**minimal(), "$schema": "https://elsewhere.example/metadata.json"})
    with pytest.raises(MetadataInvalidError):
        read({**minimal(), "$schema": 2})
    unsaid = minimal()
    del unsaid["$schema"]
    assert read(unsaid).version == (1, 0, 0)


def test_an_unknown_version_is_told_before_its_structure_is_judged() -> None:
    with pytest.raises(UnknownVersionError):
        read({"$schema": METADATA.format("3.0.0")})


def test_optional_parts_never_reject() -> None:
    odd = {
        **minimal(),
        "replyChannel": {"eMail": {"address": "a@example.org"}, "deMail": {"address": "b"}},
        "additionalReferenceInfo": {"applicationDate": "soon", "idBundDeApplicationId": "x", "new": 1},
        "paymentInformation": "paid",
        "somethingNew": [1],
    }
    metadata = read(odd)
    assert metadata.reply_channel is None
    assert metadata.applied_on is None
    assert metadata.portal_application_id is None
    assert set(metadata.warnings) == {REPLY_CHANNEL_UNCLEAR, APPLICATION_DATE_UNREADABLE}
    assert read({**minimal(), "additionalReferenceInfo": "x"}).sender_reference is None
    unknown = read({**minimal(), "replyChannel": {"pigeon": {"loft": 1}}}).reply_channel
    assert unknown is not None
    assert unknown.kind == "pigeon"


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(
                    [
                        "$schema",
                        "contentStructure",
                        "attachments",
                        "data",
                        "hash",
                        "replyChannel",
                        "fragments",
                        "additionalReferenceInfo",
                        "attachmentId",
                        "submissionSchema",
                        "purpose",
                    ]
                ),
                inner,
            ),
        ),
        max_leaves=30,
    )
)
def test_any_json_is_judged_politely(document: object) -> None:
    with contextlib.suppress(MetadataInvalidError, UnknownVersionError):
        read(document)
