"""Answering over a delivery service that is not ours: replies, BundID mailboxes, and the post."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.contract import foreign_jose as jose
from tests.contract.conftest import MakeTown
from tests.contract.foreign_citizen import Enclosure, Filed, Read, mailbox_channel, read_parcel, reply_channel
from tests.contract.foreign_portal import Answer, Fault
from tests.contract.foreign_rules import Parcel
from tests.contract.foreign_town import AWKWARD, Town

BRIDGE = "urn:schema-fitko-de:fit-connect:id.bund.de:"


@pytest.fixture
def citizens_key(cache_dir: Path) -> Any:
    return jose.private_key(cache_dir / "foreign", "citizen", "unwrapKey")


def replies(town: Town, filed: Filed) -> list[Parcel]:
    return [
        each
        for each in town.portal.books.parcels.values()
        if each.kind == "reply" and each.case_id == filed.case_id and each.state == "submitted"
    ]


def assert_signed(town: Town, pdf: bytes, verdict: str = "VALID") -> None:
    path = town.folder / "arrived.pdf"
    path.write_bytes(pdf)
    assert town.office.json("verify", str(path))["verdict"] == verdict


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("habits", [{}, AWKWARD], ids=["plain", "awkward"])
def test_request_and_decision_arrive_as_replies_their_sender_can_read(
    make_town: MakeTown, citizens_key: Any, version: int, habits: dict[str, Any]
) -> None:
    town = make_town(version, **habits)
    # metadata 1.x of version 1 knew no such way back; nothing forbids 2.1.0 there
    filed = town.citizen.file(reply_channel=reply_channel(citizens_key))
    town.sync()

    request = town.office.json("request-documents", filed.case_id, "--item", "Mietvertrag", "--now")
    assert request["channel"] == "fitConnect"
    summary = town.sync()
    assert (summary["sent"], summary["delivered"]) == (1, 1)
    (reply,) = replies(town, filed)
    asked = read_parcel(reply, citizens_key)
    assert "Mietvertrag" in asked.content.decode()

    answer = town.citizen.file(case_id=filed.case_id, enclosures=[Enclosure("vertrag.pdf", b"%PDF-1.4 v")])
    assert town.sync()["joined"] == 1
    assert town.check(answer)["status"] == "answered"

    decision = town.office.json("decide", filed.case_id, "--outcome", "granted", "--now")
    summary = town.sync()
    assert (summary["sent"], summary["delivered"], summary["waiting"]) == (1, 1, 0)
    told = read_parcel(replies(town, filed)[1], citizens_key)
    pdf = told.by_name(".pdf")
    assert hashlib.sha256(pdf).hexdigest() == decision["sha256"]
    assert_signed(town, pdf)
    entry = town.outbox_entry(decision["entry_id"])
    assert (entry["state"], entry["receipt"]["event"].rsplit("/")[-1]) == ("DELIVERED", "accept-reply")
    assert town.complaints() == []


@pytest.mark.parametrize("receipt", ["none", "stranger"])
def test_a_reply_without_a_receipt_we_can_check_is_sent_and_stays_open(
    make_town: MakeTown, citizens_key: Any, receipt: str
) -> None:
    town = make_town(reply_receipt=receipt)
    filed = town.citizen.file(reply_channel=reply_channel(citizens_key))
    town.sync()
    decision = town.office.json("decide", filed.case_id, "--outcome", "granted", "--now")

    summary = town.office("sync", "--once", "--json").document
    assert (summary["sent"], summary["delivered"]) == (1, 0)
    town.office("sync", "--once")
    assert len(replies(town, filed)) == 1, "sent once, however often we look"
    assert town.outbox_entry(decision["entry_id"])["state"] == "SUBMITTED"

    later = town.citizen.file(case_id=filed.case_id)
    town.office("sync", "--once")
    town.check(later)


def open_message(parcel: Parcel, key: Any, certificate: x509.Certificate) -> tuple[dict[str, Any], Read]:
    """What the bridge reads, with the checks it makes (author's certificate, signature, token)."""
    read = read_parcel(parcel, key)
    envelope = json.loads(read.content)
    assert set(envelope) == {"content", "sha512sum", "authorToken", "authorCertificate"}
    assert x509.load_pem_x509_certificate(envelope["authorCertificate"].encode()) == certificate
    public = certificate.public_key()
    assert isinstance(public, rsa.RSAPublicKey)
    signature = base64.b64decode(envelope["sha512sum"], validate=True)
    public.verify(signature, envelope["content"].encode(), padding.PKCS1v15(), hashes.SHA512())
    signed, _, signature_text = envelope["authorToken"].rpartition(".")
    signature = base64.urlsafe_b64decode(signature_text + "==")
    public.verify(signature, signed.encode(), padding.PKCS1v15(), hashes.SHA512())
    assert jose.protected(signed) == {"typ": "JWT", "alg": "RS512"}
    claims = jose.protected(signed.split(".")[1])
    assert claims["exp"] == claims["iat"] + 1800
    assert (claims["signer"], claims["roles"]) == ("ZBP Stadt Musterhausen", ["THIRD_PARTY"])
    message: dict[str, Any] = json.loads(envelope["content"])
    return message, read


def at_bridge(town: Town, kind: str) -> list[Parcel]:
    return [
        each
        for each in town.portal.books.parcels.values()
        if each.kind == "submission" and each.service.get("identifier") == BRIDGE + kind
    ]


MESSAGE_MEMBERS = {"stork_qaa_level", "mailboxUuid", "sender", "title", "content", "service"}
OPTIONAL_MEMBERS = {"applicationId", "retrievalConfirmationAddress", "replyAddress", "reference", "senderUrl"}


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("habits", [{}, AWKWARD], ids=["plain", "awkward"])
def test_a_decision_goes_into_the_citizens_mailbox(
    make_town: MakeTown, version: int, habits: dict[str, Any]
) -> None:
    town = make_town(version, **habits)
    bridge = town.open_bridge()
    mailbox, application_id = str(uuid4()), str(uuid4())
    filed = town.citizen.file(
        reply_channel=mailbox_channel(mailbox),
        reference={"idBundDeApplicationId": application_id, "zustimmungZumDigitalenBescheid": True},
    )
    town.sync()

    decision = town.office.json("decide", filed.case_id, "--outcome", "granted", "--now")
    assert decision["channel"] == "idBundDeMailbox"
    summary = town.sync()

    assert (summary["sent"], summary["delivered"], summary["waiting"]) == (1, 1, 0)
    (parcel,) = at_bridge(town, "message_v6")
    message, read = open_message(parcel, bridge.encryption, town.certificate)
    assert set(message) - OPTIONAL_MEMBERS == MESSAGE_MEMBERS | {"attachments"}
    assert message["mailboxUuid"] == mailbox
    assert message["applicationId"] == application_id
    assert message["sender"] == "Stadt Musterhausen"
    assert message["stork_qaa_level"] in (1, 2, 3, 4)
    for shown in message["attachments"]:
        body = read.files[shown["filename"]]
        assert shown == {
            "filename": shown["filename"],
            "sha512sum": hashlib.sha512(body).hexdigest(),
            "contentLength": len(body),
        }
    schema = read.metadata["contentStructure"]["data"]["submissionSchema"]
    assert schema["mimeType"] == "application/json"
    assert schema["schemaUri"].startswith("https://schema.fitko.de/fit-connect/id.bund.de/")
    assert_signed(town, read.by_name(".pdf"))
    for note in at_bridge(town, "status_v6"):
        status, _ = open_message(note, bridge.encryption, town.certificate)
        assert status["applicationId"] == application_id
        assert status["status"] in ("COMPLETED", "PROCESSING", "ACTION_REQUIRED", "RECEIVED")
    entry = town.outbox_entry(decision["entry_id"])
    assert (entry["state"], entry["receipt"]["event"].rsplit("/")[-1]) == ("DELIVERED", "accept-submission")
    assert town.complaints() == []


def test_what_we_send_follows_the_official_metadata_schema(
    make_town: MakeTown, citizens_key: Any, shared_dir: Path
) -> None:
    from jsonschema import Draft202012Validator

    town = make_town()
    bridge = town.open_bridge()
    mailed = town.citizen.file(reply_channel=mailbox_channel(str(uuid4())))
    replied = town.citizen.file(reply_channel=reply_channel(citizens_key))
    town.sync()
    for filed in (mailed, replied):
        town.office.json("decide", filed.case_id, "--outcome", "granted", "--now")
    town.sync()

    schema = shared_dir / "reference" / "schemas" / "fit-connect-metadata-2.1.0.schema.json"
    validator = Draft202012Validator(json.loads(schema.read_text()))
    sent = [(each, bridge.encryption) for each in at_bridge(town, "message_v6")]
    sent += [(each, citizens_key) for each in replies(town, replied)]
    assert len(sent) == 2
    for parcel, key in sent:
        assert list(validator.iter_errors(read_parcel(parcel, key).metadata)) == []


def test_the_bridge_is_reached_as_a_sender_where_the_service_separates_the_two(make_town: MakeTown) -> None:
    town = make_town(separate_sender=True)
    town.open_bridge(sender="office-as-sender")
    filed = town.citizen.file(reply_channel=mailbox_channel(str(uuid4())))
    town.sync()
    town.office.json("decide", filed.case_id, "--outcome", "granted", "--now")

    assert town.sync()["delivered"] == 1
    assert town.complaints() == []


def test_a_subscriber_that_may_not_send_is_told_and_the_decision_is_kept(make_town: MakeTown) -> None:
    town = make_town(separate_sender=True)
    town.open_bridge()
    filed = town.citizen.file(reply_channel=mailbox_channel(str(uuid4())))
    town.sync()
    decision = town.office.json("decide", filed.case_id, "--outcome", "granted", "--now")

    town.office("sync", "--once")

    entry = town.outbox_entry(decision["entry_id"])
    assert entry["state"] not in ("DELIVERED", "SUBMITTED")
    assert "PORTAL_FORBIDDEN" in (entry["last_error"], *entry["problems"])


def test_without_a_way_to_the_bridge_the_decision_goes_to_the_post(make_town: MakeTown) -> None:
    town = make_town()
    filed = town.citizen.file(reply_channel=mailbox_channel(str(uuid4())))
    refused = town.citizen.file(
        reply_channel=mailbox_channel(str(uuid4())), reference={"zustimmungZumDigitalenBescheid": False}
    )
    town.sync()
    for each in (filed, refused):
        decision = town.office.json("decide", each.case_id, "--outcome", "granted", "--now")
        assert (decision["channel"], decision["state"]) == (None, "TO_POST")
    assert town.sync()["sent"] == 0
    assert town.portal.made("POST", "/submissions$") == []


def test_consent_refused_goes_to_the_post_even_with_a_bridge(make_town: MakeTown) -> None:
    town = make_town()
    town.open_bridge()
    filed = town.citizen.file(
        reply_channel=mailbox_channel(str(uuid4())), reference={"zustimmungZumDigitalenBescheid": False}
    )
    town.sync()
    decision = town.office.json("decide", filed.case_id, "--outcome", "granted", "--now")
    assert (decision["channel"], decision["state"]) == (None, "TO_POST")


def test_a_rejected_message_comes_back_with_its_reason(make_town: MakeTown) -> None:
    town = make_town(bridge_accepts=False)
    town.open_bridge()
    filed = town.citizen.file(reply_channel=mailbox_channel(str(uuid4())))
    town.sync()
    decision = town.office.json("decide", filed.case_id, "--outcome", "granted", "--now")
    summary = town.sync()
    assert (summary["sent"], summary["delivered"]) == (1, 0)
    assert town.outbox_entry(decision["entry_id"])["state"] == "SUBMITTED"

    (parcel,) = at_bridge(town, "message_v6")
    town.portal.books.bridge_takes(parcel, "reject-submission")
    town.office("sync", "--once")

    entry = town.outbox_entry(decision["entry_id"])
    assert entry["state"] == "RETURNED"
    assert entry["problems"][0].endswith("mailbox-unknown")


LOST = [("POST", "/submissions$"), ("PUT", "/attachments/"), ("PUT", "/submissions/[^/]+$")]


@pytest.mark.parametrize(("method", "pattern"), LOST)
@pytest.mark.parametrize("answer", [None, 504], ids=["dropped", "504"])
def test_an_answer_lost_on_the_way_out_never_sends_twice(
    make_town: MakeTown, method: str, pattern: str, answer: int | None
) -> None:
    town = make_town()
    bridge = town.open_bridge()
    filed = town.citizen.file(reply_channel=mailbox_channel(str(uuid4())))
    town.sync()
    decision = town.office.json("decide", filed.case_id, "--outcome", "granted", "--now")
    said = None if answer is None else Answer(504, b"<html>gateway</html>", "text/html")
    town.portal.faults.append(Fault(method, pattern, said, after=True))

    town.office("sync", "--once")
    town.office("sync", "--once")

    entry = town.outbox_entry(decision["entry_id"])
    assert entry["state"] == "DELIVERED"
    submitted = [each for each in at_bridge(town, "message_v6") if each.state == "accepted"]
    assert len(submitted) == 1
    open_message(submitted[0], bridge.encryption, town.certificate)
