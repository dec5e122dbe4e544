"""From a download to an Application: what is taken, what is rejected in the standard's words, what is kept
aside."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.ids import AttachmentId
from clerk_app.portal import metadata, opening, problems
from clerk_app.portal.config import Limits
from clerk_app.portal.keys import DecryptionKeys
from clerk_app.portal.opening import open_original
from clerk_app.sync.ports import Defective, Intake, Opened, Original, Unreadable
from tests.portal.support import (
    DOG_TAX,
    METADATA,
    Draft,
    TestKeys,
    craft_jwe,
    deflated,
    sha512,
    tag,
    zipped_jwe,
)

E = ErrorCode


@pytest.fixture(scope="module")
def held(keys: TestKeys) -> DecryptionKeys:
    return DecryptionKeys([keys.ours.private, keys.older.private])


def opened(original: Original, held: DecryptionKeys, limits: Limits | None = None) -> Opened:
    intake = open_original(original, held, limits or Limits())
    assert isinstance(intake, Opened), intake
    return intake


def summary(intake: Intake) -> tuple[str, ErrorCode | None, list[tuple[str, str]]]:
    if isinstance(intake, Defective):
        named = [(p.type.removeprefix(problems.PROBLEMS), p.instance) for p in intake.problems]
        return "rejected", intake.code, named
    if isinstance(intake, Unreadable):
        return "kept aside", intake.code, []
    return "opened", None, []


def test_a_whole_application(keys: TestKeys, held: DecryptionKeys, now: datetime) -> None:
    def change(described: dict[str, Any]) -> None:
        described["replyChannel"] = {"fitConnect": {"processStandards": [], "encryptionPublicKey": {}}}
        described["additionalReferenceInfo"] = {"applicationDate": "2026-11-01", "senderReference": "A1"}

    draft = Draft.complete(keys, now, files=2, change=change)
    intake = opened(draft.original(), held)
    application = intake.application
    assert application.content == draft.form
    assert application.content_sha512 == sha512(draft.form)
    assert application.content_media_type == "application/json"
    assert application.service_identifier == DOG_TAX["identifier"]
    assert application.leika_key == "99102013104000"
    assert application.service_name == "Hundesteuer"
    assert application.submitted_at == now
    assert application.sender_reference == "A1"
    assert application.reply_channel is not None
    assert application.warnings == ()
    assert application.metadata == draft.metadata
    found = {a.attachment_id: (a.sha512, a.size_bytes) for a in application.attachments}
    assert found == {key: (sha512(plain), len(plain)) for key, plain in draft.files.items()}
    assert intake.tags.metadata == tag(draft.metadata_jwe)
    assert draft.data_jwe is not None
    assert intake.tags.data == tag(draft.data_jwe)
    assert dict(intake.tags.attachments) == {key: tag(jwe) for key, jwe in draft.file_jwes.items()}
    assert intake.event_schema.endswith("/1.2.2/set-payload.schema.json")


def test_attachments_in_files_give_the_same(
    keys: TestKeys, held: DecryptionKeys, now: datetime, tmp_path: Path
) -> None:
    draft = Draft.complete(keys, now, files=2)
    in_files, in_memory = draft.original(tmp_path), draft.original()
    assert opened(in_files, held).application == opened(in_memory, held).application


def test_older_versions_and_zipped_payloads(keys: TestKeys, held: DecryptionKeys, now: datetime) -> None:
    draft = Draft.complete(keys, now, version="1.0.0", to=keys.older)
    draft.metadata["publicServiceType"] = {"identifier": "urn:other:service"}
    del draft.metadata["$schema"]
    draft.metadata_jwe = zipped_jwe(json.dumps(draft.metadata).encode(), keys.older)
    draft.data_jwe = zipped_jwe(draft.form, keys.older)
    draft.stamp()
    draft.body["serviceType"] = draft.body.pop("publicService")
    application = opened(draft.original(), held).application
    assert application.service_identifier == DOG_TAX["identifier"]
    assert application.warnings == (opening.SERVICE_CONTRADICTION,)
    del draft.body["serviceType"]
    assert opened(draft.original(), held).application.service_identifier == "urn:other:service"
    newer = Draft.complete(keys, now, version="2.7.0")
    assert opened(newer.original(), held).application.warnings == (metadata.NEWER_MINOR,)


def test_a_submission_of_version_1_may_have_no_form(
    keys: TestKeys, held: DecryptionKeys, now: datetime
) -> None:
    draft = Draft.complete(
        keys, now, version="1.0.0", change=lambda described: described["contentStructure"].pop("data")
    )
    draft.data_jwe = None
    draft.stamp()
    intake = opened(draft.original(), held)
    assert intake.application.content == b""
    assert intake.tags.data is None


def test_an_unknown_schema_is_no_defect(keys: TestKeys, held: DecryptionKeys, now: datetime) -> None:
    def change(described: dict[str, Any]) -> None:
        schema = described["contentStructure"]["data"]["submissionSchema"]
        schema.update(schemaUri="urn:nobody:knows", mimeType="application/octet-stream")

    draft = Draft.complete(keys, now, form=b"\x00\x01", change=change)
    application = opened(draft.original(), held).application
    assert application.schema_uri == "urn:nobody:knows"
    assert application.warnings == (opening.MEDIA_TYPE_UNCHECKED,)


def test_fragments_are_put_together_in_their_order(
    keys: TestKeys, held: DecryptionKeys, now: datetime
) -> None:
    whole = os.urandom(5000)
    pieces = {str(uuid.uuid4()): whole[:2000], str(uuid.uuid4()): whole[2000:]}
    attachment_id = str(uuid.uuid4())

    def change(described: dict[str, Any]) -> None:
        described["contentStructure"]["attachments"] = [
            {
                "attachmentId": attachment_id,
                "hash": {"type": "sha512", "content": sha512(whole)},
                "purpose": "attachment",
                "mimeType": "image/png",
                "fragments": list(pieces),
            }
        ]

    draft = Draft.complete(keys, now, files=0, change=change)
    draft.file_jwes = {key: craft_jwe(plain, keys.ours) for key, plain in pieces.items()}
    draft.stamp()
    (attachment,) = opened(draft.original(), held).application.attachments
    assert (attachment.attachment_id, attachment.sha512, attachment.size_bytes) == (
        attachment_id, sha512(whole), 5000,
    )  # fmt: skip


# what is rejected, with exactly the standard's causes
# --------------------------------------------------------

Spoil = Callable[[Draft], object]


def _described(draft: Draft, change: Callable[[dict[str, Any]], object]) -> None:
    change(draft.metadata["contentStructure"])
    draft.seal()


def _file(draft: Draft) -> str:
    return next(iter(draft.file_jwes))


def _wrong_hash_of_file(draft: Draft) -> None:
    _described(draft, lambda s: s["attachments"][0]["hash"].update(content=sha512(b"other")))


def _wrong_hash_of_data(draft: Draft) -> None:
    _described(draft, lambda s: s["data"]["hash"].update(content=sha512(b"other")))


def _metadata_text(draft: Draft, text: bytes) -> None:
    draft.metadata_jwe = craft_jwe(text, draft.keys.ours)
    draft.stamp()


def _form(draft: Draft, text: bytes, media_type: str = "application/json") -> None:
    draft.form = text
    draft.describe()
    draft.metadata["contentStructure"]["data"]["submissionSchema"]["mimeType"] = media_type
    draft.seal()


def _foreign(draft: Draft) -> None:
    draft.to = draft.keys.foreign
    draft.seal()


def _named_ours_but_foreign(draft: Draft) -> None:
    header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": draft.keys.ours.kid}
    draft.data_jwe = craft_jwe(draft.form, draft.keys.foreign, header=header)
    draft.stamp()


def _file_not_listed(draft: Draft) -> None:
    draft.file_jwes[str(uuid.UUID(int=7))] = craft_jwe(b"stranger", draft.keys.ours)
    draft.stamp()


def _listed_not_announced(draft: Draft) -> None:
    draft.file_jwes.pop(_file(draft))
    draft.stamp()


def _tagged(draft: Draft, **tags: Any) -> None:
    assert draft.tags is not None
    draft.tags.update(tags)
    draft.tags = {name: value for name, value in draft.tags.items() if value is not None}
    draft.write_log()


def _no_tags(draft: Draft) -> None:
    draft.tags = None
    draft.write_log()


def _exchanged_after_submit(draft: Draft) -> None:
    log = draft.log
    draft.data_jwe = craft_jwe(draft.form, draft.keys.ours)
    draft.stamp()
    draft.log = log


def _no_data(draft: Draft) -> None:
    draft.data_jwe = None
    draft.stamp()


def _no_jwe(draft: Draft) -> None:
    draft.data_jwe = b"this is no JWE"
    draft.stamp()


DEFECTS: dict[str, tuple[Spoil, str, str, ErrorCode]] = {
    "hash of a file": (_wrong_hash_of_file, "hash-mismatch", "attachment", E.HASH_MISMATCH),
    "hash of the form": (_wrong_hash_of_data, "hash-mismatch", "data", E.HASH_MISMATCH),
    "no tags": (_no_tags, "missing-authentication-tags", "submission", E.TAG_MISMATCH),
    "no tag for data": (
        lambda d: _tagged(d, data=None), "missing-authentication-tags", "data", E.TAG_MISMATCH,
    ),
    "no tags for files": (
        lambda d: _tagged(d, attachments=None), "missing-authentication-tags", "attachment", E.TAG_MISMATCH,
    ),
    "tags for files as list": (
        lambda d: _tagged(d, attachments=["x"]), "missing-authentication-tags", "submission", E.TAG_MISMATCH,
    ),
    "another tag for metadata": (
        lambda d: _tagged(d, metadata="A" * 22), "incorrect-authentication-tag", "metadata", E.TAG_MISMATCH,
    ),
    "tag as number": (
        lambda d: _tagged(d, metadata=5), "missing-authentication-tags", "metadata", E.TAG_MISMATCH,
    ),
    "form exchanged after submit": (
        _exchanged_after_submit, "incorrect-authentication-tag", "data", E.TAG_MISMATCH,
    ),
    "encrypted for somebody else": (_foreign, "encryption-issue", "metadata", E.JWE_REJECTED),
    "our kid, another key": (_named_ours_but_foreign, "encryption-issue", "data", E.JWE_REJECTED),
    "not a JWE": (_no_jwe, "encryption-issue", "data", E.JWE_REJECTED),
    "metadata no JSON": (
        lambda d: _metadata_text(d, b"<xml/>"), "syntax-violation", "metadata", E.CONTENT_MALFORMED,
    ),
    "metadata a list": (
        lambda d: _metadata_text(d, b"[]"), "schema-violation", "metadata", E.METADATA_INVALID,
    ),
    "metadata without structure": (
        lambda d: _metadata_text(d, b'{"$schema": "' + METADATA.format("2.1.0").encode() + b'"}'),
        "schema-violation", "metadata", E.METADATA_INVALID,
    ),
    "announced, not listed": (_file_not_listed, "attachments-mismatch", "attachment", E.ATTACHMENT_MISSING),
    "listed, not announced": (_listed_not_announced, "missing-attachment", "attachment",
    E.ATTACHMENT_MISSING), "announced, not there": (
        lambda d: d.file_jwes.pop(_file(d)), "missing-attachment", "attachment", E.ATTACHMENT_MISSING,
    ),
    "no form": (_no_data, "missing-data", "data", E.CONTENT_MALFORMED),
    "form no JSON": (lambda d: _form(d, b"{nope"), "syntax-violation", "data", E.CONTENT_MALFORMED),
    "form NaN": (lambda d: _form(d, b'{"a": NaN}'), "syntax-violation", "data", E.CONTENT_MALFORMED),
    "form no XML": (
        lambda d: _form(d, b"<a></b>", "application/xml"), "syntax-violation", "data", E.CONTENT_MALFORMED,
    ),
    "form empty": (lambda d: _form(d, b""), "syntax-violation", "data", E.CONTENT_MALFORMED),
}  # fmt: skip


@pytest.mark.parametrize("name", DEFECTS)
def test_technical_causes_are_rejected(
    keys: TestKeys, held: DecryptionKeys, now: datetime, name: str
) -> None:
    spoil, problem, instance, code = DEFECTS[name]
    draft = Draft.complete(keys, now)
    spoil(draft)
    intake = open_original(draft.original(), held, Limits())
    verdict, found_code, named = summary(intake)
    assert (verdict, found_code) == ("rejected", code), intake
    assert problem in {each for each, _ in named}
    assert instance in {where.partition(":")[0] for _, where in named}
    assert isinstance(intake, Defective)
    assert all(p.title for p in intake.problems)
    if name != "no tags":
        assert intake.event_schema
    # Nothing of the application may stand in an event that anybody can read.
    assert "Bello" not in repr(intake.problems)


def test_all_defects_of_a_kind_are_named_at_once(keys: TestKeys, held: DecryptionKeys, now: datetime) -> None:
    draft = Draft.complete(keys, now, files=3)
    for each in draft.metadata["contentStructure"]["attachments"][:2]:
        each["hash"]["content"] = sha512(b"other")
    draft.seal()
    intake = open_original(draft.original(), held, Limits())
    assert isinstance(intake, Defective)
    assert [p.instance for p in intake.problems] == [
        problems.attachment(key) for key in list(draft.files)[:2]
    ]


# what is kept aside
# ------------------------------------------------------------------------------------------


def test_a_key_we_published_but_do_not_hold(keys: TestKeys, held: DecryptionKeys, now: datetime) -> None:
    draft = Draft.complete(keys, now, to=keys.lost)
    slot = f"encryption:{keys.lost.kid}"
    intake = open_original(draft.original(more={slot: keys.lost.public}), held, Limits())
    assert summary(intake)[:2] == ("kept aside", E.KEY_UNKNOWN)
    assert isinstance(intake, Unreadable)
    assert intake.params["kid"] == keys.lost.kid
    # The destination never published it: then it is the sender's mistake.
    intake = open_original(draft.original(more={slot: {}}), held, Limits())
    assert summary(intake)[:2] == ("rejected", E.JWE_REJECTED)
    # And with the key found again, the kept original opens.
    more = DecryptionKeys([keys.ours.private, keys.lost.private])
    assert summary(open_original(draft.original(), more, Limits()))[0] == "opened"


def _forged(draft: Draft) -> None:
    draft.log[1] = draft.log[1][:-4] + "AAAA"


def _issued_by_another(draft: Draft) -> None:
    tags = {"authenticationTags": draft.tags}
    draft.log[1] = draft.event("submit-submission", tags, pair=draft.keys.signing)


def _tomorrow(draft: Draft) -> None:
    draft.at += timedelta(days=1)
    draft.write_log()
    draft.at -= timedelta(days=1)


def _third_version(draft: Draft) -> None:
    draft.metadata["$schema"] = METADATA.format("3.0.0")
    draft.seal()


ASIDE: dict[str, tuple[Spoil, ErrorCode]] = {
    "forged log": (_forged, E.EVENT_LOG_FORGED),
    "signed by us": (_issued_by_another, E.EVENT_LOG_FORGED),
    "issued tomorrow": (_tomorrow, E.EVENT_LOG_FORGED),
    "reordered log": (lambda d: d.log.reverse(), E.EVENT_LOG_DISORDERED),
    "empty log": (lambda d: d.log.clear(), E.EVENT_LOG_DISORDERED),
    "never submitted": (lambda d: d.log.pop(), E.EVENT_LOG_DISORDERED),
    "metadata 3.0.0": (_third_version, E.METADATA_UNKNOWN_VERSION),
    "deep form": (lambda d: _form(d, b"[" * 200_000 + b"]" * 200_000), E.CONTENT_MALFORMED),
    "xml entities": (
        lambda d: _form(d, b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "application/xml"),
        E.CONTENT_MALFORMED,
    ),
}


@pytest.mark.parametrize("name", ASIDE)
def test_what_may_be_our_fault_or_an_attack_is_never_refused(
    keys: TestKeys, held: DecryptionKeys, now: datetime, name: str
) -> None:
    spoil, code = ASIDE[name]
    draft = Draft.complete(keys, now)
    spoil(draft)
    assert summary(open_original(draft.original(), held, Limits()))[:2] == ("kept aside", code)


def test_bombs_are_kept_aside(keys: TestKeys, held: DecryptionKeys, now: datetime, tmp_path: Path) -> None:
    bomb = zipped_jwe(b"", keys.ours, packed=deflated(bytes(300_000_000)))
    limits = Limits(attachment_bytes=10_000_000)
    for part in ("metadata", "data", "file"):
        draft = Draft.complete(keys, now)
        if part == "metadata":
            draft.metadata_jwe = bomb
        elif part == "data":
            draft.data_jwe = bomb
        else:
            draft.file_jwes[_file(draft)] = bomb
        draft.stamp()
        for spool in (None, tmp_path):
            intake = open_original(draft.original(spool), held, limits)
            assert summary(intake)[:2] == ("kept aside", E.DECOMPRESSION_BOMB)


def test_the_services_clock_counts_too(keys: TestKeys, held: DecryptionKeys, now: datetime) -> None:
    """Their clock is ten minutes fast: no forgery as long as their own answers say so."""
    draft = Draft.complete(keys, now + timedelta(minutes=10))
    original = replace(draft.original(), fetched_at=now)
    assert summary(open_original(original, held, Limits()))[:2] == ("kept aside", E.EVENT_LOG_FORGED)
    clock = {"clock:server": {"at": (now + timedelta(minutes=10)).isoformat()}}
    fast = replace(original, verification_keys={**original.verification_keys, **clock})
    assert summary(open_original(fast, held, Limits()))[0] == "opened"


def test_a_damaged_kept_original_is_kept_aside(keys: TestKeys, held: DecryptionKeys, now: datetime) -> None:
    original = replace(Draft.complete(keys, now).original(), submission=b"{")
    assert summary(open_original(original, held, Limits()))[:2] == ("kept aside", E.CONTENT_MALFORMED)


def test_json_with_odd_but_legal_content_is_taken(
    keys: TestKeys, held: DecryptionKeys, now: datetime
) -> None:
    for form in (
        b'\xef\xbb\xbf{"a": 1}',
        b'{"a": "\\ud800"}',
        b'{"a": ' + b"9" * 6000 + b"}",
        b'{"a":1,"a":2}',
    ):
        draft = Draft.complete(keys, now, form=form)
        assert opened(draft.original(), held).application.content == form
    draft = Draft.complete(keys, now)
    _form(draft, b'<?xml version="1.0"?><!DOCTYPE a><a xmlns="urn:x">\xc3\xa4</a>', "application/xml")
    assert opened(draft.original(), held).application.content_media_type == "application/xml"


def test_fetched_ids_of_another_case_do_not_pass(keys: TestKeys, held: DecryptionKeys, now: datetime) -> None:
    """The log of another case, honestly signed, says nothing about this one."""
    one, two = Draft.complete(keys, now), Draft.complete(keys, now)
    original = replace(one.original(), event_log=tuple(two.log))
    assert summary(open_original(original, held, Limits()))[:2] == ("kept aside", E.EVENT_LOG_FORGED)


def test_attachments_of_another_submission_do_not_pass(
    keys: TestKeys, held: DecryptionKeys, now: datetime
) -> None:
    one, two = Draft.complete(keys, now, files=2), Draft.complete(keys, now)
    stranger = next(iter(two.file_jwes.values()))
    attachments = dict.fromkeys(map(AttachmentId, one.file_jwes), stranger)
    intake = open_original(replace(one.original(), attachments=attachments), held, Limits())
    assert summary(intake)[2] == [
        ("incorrect-authentication-tag", problems.attachment(key)) for key in one.file_jwes
    ]
