"""Messages and states for the BundID mailbox, checked by other means than those that make them."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jwcrypto import jwk, jws

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId, DestinationId, DocumentId, EntryId, SubmissionId
from clerk_app.domain.letter import LetterKind
from clerk_app.domain.outbox import OutboxKind, Outgoing, OutgoingDocument
from clerk_app.portal.channels import sending, zbp_content
from clerk_app.portal.channels.zbp_content import MESSAGE_LIMITS, STATUS_LIMITS, shortened
from clerk_app.portal.config import ZbpConfig
from clerk_app.usecases.sending import ACCOUNT_STATUS

NOW = datetime(2026, 11, 24, 9, 30, 15, 987654, tzinfo=UTC)
PDF = b"%PDF-1.7 signed"
MAILBOX = "6f0c0f5e-8a43-4f4c-9a55-2d9c3f1f0a11"
APPLICATION = "0b0f7b6e-51a5-4d5c-9f8e-0c4f1d6b7a22"


def openssl(*argv: str, stdin: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *argv], input=stdin, capture_output=True, check=True, timeout=60).stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of the authority, made by openssl."""
    made = tmp_path_factory.mktemp("zbp")
    name = "/O=Stadt Musterhausen/CN=Stadt Musterhausen Bürgerbüro"
    openssl("req", "-x509", "-newkey", "rsa:3072", "-nodes", "-utf8", "-subj", name, "-days", "30",
            "-keyout", str(made / "key.pem"), "-out", str(made / "cert.pem"))  # fmt: skip
    openssl("x509", "-in", str(made / "cert.pem"), "-pubkey", "-noout", "-out", str(made / "public.pem"))
    return made


@pytest.fixture(scope="module")
def config(folder: Path) -> ZbpConfig:
    return ZbpConfig(
        DestinationId("11111111-1111-4111-8111-111111111111"),
        (folder / "cert.pem").read_bytes(),
        (folder / "key.pem").read_text,
        "Stadt Musterhausen",
        reply_address="post@musterhausen.example",
        sender_url="https://musterhausen.example",
    )


def entry(**changes: Any) -> Outgoing:
    made = Outgoing(
        entry_id=EntryId("e"),
        case_id=CaseId("c"),
        kind=OutboxKind.DECISION,
        channel="idBundDeMailbox",
        portal="service-bw",
        destination_id=DestinationId("d"),
        answers_submission_id=SubmissionId("s"),
        case_reference="2026-7KQ4-M2XR",
        service_name="Wohngeld",
        service_identifier=None,
        recipient_name="Žofia Müller",
        title="Wohngeld: Bescheid",
        text="Guten Tag,\n\nIhr Antrag wird bewilligt. ĐỌC “x”\n",
        created_at=NOW,
        address={"mailboxUuid": MAILBOX},
        portal_application_id=APPLICATION,
        documents=(
            OutgoingDocument(
                DocumentId("d"),
                "Bescheid-2026-7KQ4-M2XR.pdf",
                "application/pdf",
                len(PDF),
                hashlib.sha256(PDF).hexdigest(),
                hashlib.sha512(PDF).hexdigest(),
            ),
        ),
    )
    return replace(made, **changes)


def code_of(outgoing: Outgoing, config: ZbpConfig) -> ErrorCode:
    make = zbp_content.status if outgoing.kind is OutboxKind.STATUS else zbp_content.message
    with pytest.raises(ClerkError) as caught:
        make(outgoing, config)
    return caught.value.code


def test_the_signature_over_the_content_string_is_what_openssl_verifies(
    config: ZbpConfig, folder: Path, tmp_path: Path
) -> None:
    envelope = json.loads(zbp_content.ZbpAuthor(config).envelope(zbp_content.message(entry(), config), NOW))
    assert set(envelope) == {"content", "sha512sum", "authorToken", "authorCertificate"}
    assert isinstance(envelope["content"], str)
    signature = tmp_path / "signature"
    signature.write_bytes(base64.b64decode(envelope["sha512sum"], validate=True))
    verify = ["dgst", "-sha512", "-verify", str(folder / "public.pem"), "-signature", str(signature)]
    assert openssl(*verify, stdin=envelope["content"].encode()) == b"Verified OK\n"
    with pytest.raises(subprocess.CalledProcessError):
        openssl(*verify, stdin=envelope["content"].replace("bewilligt", "abgelehnt").encode())
    # the certificate is the registered one, byte for byte in DER
    for one, other in (("-in", str(folder / "cert.pem")),):
        ours = openssl("x509", "-outform", "DER", stdin=envelope["authorCertificate"].encode())
        assert ours == openssl("x509", "-outform", "DER", one, other)


def test_the_author_token_is_what_an_independent_library_accepts(config: ZbpConfig, folder: Path) -> None:
    envelope = json.loads(zbp_content.ZbpAuthor(config).envelope({}, NOW))
    token = jws.JWS()
    token.allowed_algs = ["RS512"]
    token.deserialize(envelope["authorToken"], jwk.JWK.from_pem((folder / "public.pem").read_bytes()))
    assert json.loads(token.objects["protected"]) == {"typ": "JWT", "alg": "RS512"}
    issued = int(NOW.timestamp())
    assert json.loads(token.payload) == {
        "iat": issued,
        "exp": issued + 1800,
        "signer": "Stadt Musterhausen Bürgerbüro",
        "roles": ["THIRD_PARTY"],
    }


def test_a_message_has_the_members_of_the_reference_and_no_others(config: ZbpConfig) -> None:
    outgoing = entry()
    assert zbp_content.message(outgoing, config) == {
        "stork_qaa_level": 1,
        "mailboxUuid": MAILBOX,
        "sender": "Stadt Musterhausen",
        "title": "Wohngeld: Bescheid",
        "content": outgoing.text,
        "service": "Wohngeld",
        "applicationId": APPLICATION,
        "replyAddress": "post@musterhausen.example",
        "reference": "2026-7KQ4-M2XR",
        "senderUrl": "https://musterhausen.example",
        "attachments": [
            {
                "filename": "Bescheid-2026-7KQ4-M2XR.pdf",
                "sha512sum": hashlib.sha512(PDF).hexdigest(),
                "contentLength": len(PDF),
            }
        ],
    }


def test_a_state_has_the_members_of_the_reference_and_no_others(config: ZbpConfig) -> None:
    outgoing = entry(
        kind=OutboxKind.STATUS, account_status="ACTION_REQUIRED", text="", due_on=date(2026, 12, 8)
    )
    assert zbp_content.status(outgoing, config) == {
        "applicationId": APPLICATION,
        "status": "ACTION_REQUIRED",
        "publicServiceName": {"de": "Wohngeld"},
        "senderName": "Stadt Musterhausen",
        "createdDate": "2026-11-24T09:30:15.000Z",
        "statusDetails": {"de": "Wohngeld: Bescheid"},
        "additionalInformation": {"de": "Frist: 08.12.2026"},
        "reference": "2026-7KQ4-M2XR",
    }


def test_the_created_date_is_in_utc_wherever_it_was_made() -> None:
    there = datetime(2026, 7, 1, 0, 30, 5, tzinfo=timezone(timedelta(hours=2)))
    assert zbp_content.created_date(there) == "2026-06-30T22:30:05.000Z"


@pytest.mark.parametrize("kind", [kind for kind in LetterKind if kind is not LetterKind.NOTIFICATION])
def test_what_a_letter_sets_the_account_to_is_a_status_the_bridge_knows(
    config: ZbpConfig, kind: LetterKind
) -> None:
    told = ACCOUNT_STATUS[kind]
    status = entry(kind=OutboxKind.STATUS, account_status=told)
    assert zbp_content.status(status, config)["status"] == told
    asks = kind in (LetterKind.HEARING, LetterKind.DOCUMENT_REQUEST)
    assert (told == "ACTION_REQUIRED") is asks
    assert (told == "COMPLETED") is kind.is_decision


#: member -> how to fill it with so many characters, for what may be cut and for what must not
_CUT = {
    "title": lambda n: {"title": "t" * n},
    "service": lambda n: {"service_name": "s" * n},
}
_WHOLE_OF_PROFILE = {
    "sender": lambda n: {"sender_name": "x" * n},
    "replyAddress": lambda n: {"reply_address": "a" * n},
    "senderUrl": lambda n: {"sender_url": "h" * n},
}


@pytest.mark.parametrize("member", sorted(_CUT))
def test_what_describes_is_cut_at_its_limit_and_shows_it(config: ZbpConfig, member: str) -> None:
    most = MESSAGE_LIMITS[member]
    full = zbp_content.message(entry(**_CUT[member](most)), config)
    assert full[member] == member[0] * most
    cut = str(zbp_content.message(entry(**_CUT[member](most + 1)), config)[member])
    assert len(cut) == most
    assert cut.endswith("…")


@pytest.mark.parametrize("member", sorted(_WHOLE_OF_PROFILE))
def test_what_leads_somewhere_is_never_cut(config: ZbpConfig, member: str) -> None:
    most = MESSAGE_LIMITS[member]
    fitting = replace(config, **_WHOLE_OF_PROFILE[member](most))
    assert len(str(zbp_content.message(entry(), fitting)[member])) == most
    too_long = replace(config, **_WHOLE_OF_PROFILE[member](most + 1))
    assert code_of(entry(), too_long) is ErrorCode.TEXT_TOO_LONG


@pytest.mark.parametrize(("kind", "most"), [(OutboxKind.DECISION, 255), (OutboxKind.STATUS, 50)])
def test_a_reference_is_never_cut(config: ZbpConfig, kind: OutboxKind, most: int) -> None:
    make = zbp_content.status if kind is OutboxKind.STATUS else zbp_content.message
    assert make(entry(kind=kind, case_reference="R" * most), config)["reference"] == "R" * most
    assert code_of(entry(kind=kind, case_reference="R" * (most + 1)), config) is ErrorCode.TEXT_TOO_LONG


@pytest.mark.parametrize(
    ("member", "changes"),
    [
        ("publicServiceName", {"service_name": "w" * 101}),
        ("statusDetails", {"title": "w" * 51}),
        ("additionalInformation", {"text": "w" * 101}),
    ],
)
def test_words_of_a_state_are_cut_at_their_limit(
    config: ZbpConfig, member: str, changes: dict[str, str]
) -> None:
    most = STATUS_LIMITS[member]
    fitting = {name: value[:-1] for name, value in changes.items()}
    found: Any = zbp_content.status(entry(kind=OutboxKind.STATUS, **fitting), config)[member]
    assert found == {"de": "w" * most}
    found = zbp_content.status(entry(kind=OutboxKind.STATUS, **changes), config)[member]
    assert (len(found["de"]), found["de"][-1]) == (most, "…")


def test_an_office_with_a_very_long_name_keeps_it_in_messages(config: ZbpConfig) -> None:
    long = replace(config, sender_name="Verwaltungsgemeinschaft " * 5)
    assert zbp_content.message(entry(), long)["sender"] == long.sender_name
    assert len(str(zbp_content.status(entry(kind=OutboxKind.STATUS), long)["senderName"])) <= 100


def test_a_day_to_keep_stands_before_what_may_be_cut(config: ZbpConfig) -> None:
    outgoing = entry(kind=OutboxKind.STATUS, text="Bitte " * 40, due_on=date(2026, 12, 8))
    found: Any = zbp_content.status(outgoing, config)["additionalInformation"]
    assert found["de"].startswith("Frist: 08.12.2026. Bitte")


def test_a_title_that_was_cut_stands_in_full_in_the_content(config: ZbpConfig) -> None:
    long = "Bescheid über " * 100
    made = zbp_content.message(entry(title=long), config)
    assert str(made["content"]).startswith(long)
    assert str(made["content"]).endswith(entry().text)


@pytest.mark.parametrize(("level", "right"), [(0, False), (1, True), (4, True), (5, False)])
def test_the_trust_level_is_one_to_four(config: ZbpConfig, level: int, right: bool) -> None:
    other = replace(config, trust_level=level)
    if right:
        assert zbp_content.message(entry(), other)["stork_qaa_level"] == level
    else:
        assert code_of(entry(), other) is ErrorCode.PROFILE_VALUE_WRONG


@pytest.mark.parametrize(
    "changes",
    [
        {"title": " "},
        {"address": {}},
        {"address": {"mailboxUuid": "../x"}},
        {"portal_application_id": "no uuid"},
        {"kind": OutboxKind.STATUS, "portal_application_id": None},
        {"kind": OutboxKind.STATUS, "account_status": "DONE"},
        {"kind": OutboxKind.STATUS, "service_name": "", "title": ""},
    ],
)
def test_what_is_incomplete_is_not_made(config: ZbpConfig, changes: dict[str, Any]) -> None:
    assert code_of(entry(**changes), config) is ErrorCode.LETTER_INCOMPLETE


@given(st.text(), st.integers(2, 60))
def test_shortening_keeps_the_limit_and_loses_nothing_unseen(text: str, longest: int) -> None:
    short = shortened(text, longest)
    assert len(short) <= longest
    assert short == text if len(text) <= longest else short.endswith("…")
    assert text.startswith(short.removesuffix("…"))


def test_words_are_not_cut_in_two() -> None:
    assert shortened("Bescheid über Wohngeld und Lastenzuschuss", 30) == "Bescheid über Wohngeld und…"
    assert shortened("Bescheid über Wohngeld", 14) == "Bescheid über…"


def test_what_the_service_would_not_take_is_not_announced() -> None:
    (document,) = entry().documents

    def with_documents(count: int, size: int) -> Outgoing:
        named = [replace(document, document_id=DocumentId(str(n)), size_bytes=size) for n in range(count)]
        return entry(documents=tuple(named))

    largest = sending.LARGEST_ATTACHMENT
    assert len(sending.attachment_ids(with_documents(100, 1))) == 100
    sending.attachment_ids(with_documents(1, largest))
    for count, size in ((101, 1), (1, largest + 1), (5, largest)):
        with pytest.raises(ClerkError) as caught:
            sending.attachment_ids(with_documents(count, size))
        assert caught.value.code is ErrorCode.LIMIT_EXCEEDED
