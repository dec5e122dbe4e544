"""What reaches citizens through mailbox bridge and replies, and how they answer."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from clerk_app.sandbox.generator.filing import Filed
from clerk_app.sandbox.keys import KeyRing, make_certificate_files
from clerk_app.sandbox.server import RunningSandbox
from tests.sandbox.test_sandbox_support import Office, Peer, encrypt, metadata_for, start

NOTICE = b"%PDF-1.7 notice"
REQUEST = "Bitte reichen Sie nach:\n- Nachweis der Haftpflicht\n- Foto des Hundes\n\nMit freundlichen Grüßen"


@pytest.fixture
def sandbox(tmp_path: Path, cache_dir: Path) -> Iterator[RunningSandbox]:
    with start(tmp_path, cache_dir, seed=3, applications=30, defective=0) as running:
        yield running


@pytest.fixture
def office(sandbox: RunningSandbox) -> Office:
    return Office(sandbox)


def citizen(sandbox: RunningSandbox, channel: str = "idBundDeMailbox", authority: str = "bw") -> Filed:
    return next(f for f in sandbox.filing.filed if f.replyChannel == channel and f.authority == authority)


def read(sandbox: RunningSandbox, path: str) -> requests.Response:
    answer = requests.get(sandbox.control_url + path, auth=sandbox.identity.clients["sender"], timeout=10)
    assert answer.status_code == 200, answer.text
    return answer


def answers(sandbox: RunningSandbox, filed: Filed) -> list[Filed]:
    return [f for f in sandbox.filing.filed if f.caseId == filed.caseId and f.kind == "answer"]


# -- mailbox ---------------------------------------------------------------------------------------------


def test_a_message_reaches_the_mailbox_byte_for_byte(sandbox: RunningSandbox, office: Office) -> None:
    filed = citizen(sandbox)
    files = {str(uuid.uuid4()): ("Bescheid Müller-Łoś.pdf", NOTICE)}
    outer = office.signed(office.message(str(filed.mailboxUuid), "Ihr Bescheid", files))
    verdict = office.deliver(outer, files)
    assert verdict["name"] == "accept-submission"
    assert verdict["iss"] == office.bridge
    assert set(verdict["payload"]["authenticationTags"]) == {"metadata", "data", "attachments"}
    (message,) = read(sandbox, f"/citizens/mailboxes/{filed.mailboxUuid}/messages").json()["messages"]
    assert message["content"]["content"] == "Ihr Bescheid"
    (attached,) = message["attachments"]
    assert attached["filename"] == "Bescheid Müller-Łoś.pdf"
    assert read(sandbox, attached["href"]).content == NOTICE


def broken_signature(office: Office, outer: dict[str, Any]) -> dict[str, Any]:
    return {**outer, "content": outer["content"].replace("Ihr", "Mein")}


def foreign_certificate(office: Office, outer: dict[str, Any]) -> dict[str, Any]:
    return {**outer, "authorCertificate": Office(office.sandbox, "sn").signed({})["authorCertificate"]}


def expired_author_token(office: Office, outer: dict[str, Any]) -> dict[str, Any]:
    return office.signed(json.loads(outer["content"]), claims={"iat": 1_700_000_000, "exp": 1_700_001_800})


def other_signer(office: Office, outer: dict[str, Any]) -> dict[str, Any]:
    return office.signed(json.loads(outer["content"]), claims={"signer": "somebody"})


def no_role(office: Office, outer: dict[str, Any]) -> dict[str, Any]:
    return office.signed(json.loads(outer["content"]), claims={"roles": ["CITIZEN"]})


def unknown_mailbox(office: Office, outer: dict[str, Any]) -> dict[str, Any]:
    return office.signed({**json.loads(outer["content"]), "mailboxUuid": str(uuid.uuid4())})


def wrong_attachment_hash(office: Office, outer: dict[str, Any]) -> dict[str, Any]:
    content = json.loads(outer["content"])
    content["attachments"][0]["sha512sum"] = "0" * 128
    return office.signed(content)


def no_title(office: Office, outer: dict[str, Any]) -> dict[str, Any]:
    content = json.loads(outer["content"])
    del content["title"]
    return office.signed(content)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (broken_signature, "does not sign"),
        (foreign_certificate, "does not sign"),
        (expired_author_token, "expired"),
        (other_signer, "another signer"),
        (no_role, "THIRD_PARTY"),
        (unknown_mailbox, "no such mailbox"),
        (wrong_attachment_hash, "sha512sum"),
        (no_title, "title"),
    ],
)
def test_the_bridge_refuses_what_is_not_in_order(
    sandbox: RunningSandbox, office: Office, spoil: Any, reason: str
) -> None:
    filed = citizen(sandbox)
    files = {str(uuid.uuid4()): ("a.pdf", NOTICE)}
    outer = office.signed(office.message(str(filed.mailboxUuid), "Ihr Bescheid", files))
    verdict = office.deliver(spoil(office, outer), files)
    assert verdict["name"] == "reject-submission"
    assert reason in verdict["payload"]["problems"][0]["detail"]
    assert read(sandbox, f"/citizens/mailboxes/{filed.mailboxUuid}/messages").json()["messages"] == []


def test_an_unregistered_certificate_is_refused(
    sandbox: RunningSandbox, office: Office, tmp_path: Path
) -> None:
    stranger = KeyRing(tmp_path / "stranger")
    stranger.folder.mkdir()
    make_certificate_files(stranger.folder, "bw-zbp")
    filed = citizen(sandbox)
    office.certificate = stranger.certificate("bw-zbp")
    verdict = office.deliver(office.signed(office.message(str(filed.mailboxUuid), "x", {})))
    assert "not registered" in verdict["payload"]["problems"][0]["detail"]


def test_states_are_kept_per_application(sandbox: RunningSandbox, office: Office) -> None:
    filed = citizen(sandbox)
    for state in ("PROCESSING", "COMPLETED"):
        outer = office.signed(office.status(str(filed.applicationId), state))
        assert office.deliver(outer, status=True)["name"] == "accept-submission"
    outer = office.signed(office.status(str(filed.applicationId), "LOST"))
    assert office.deliver(outer, status=True)["name"] == "reject-submission"
    shown = read(sandbox, "/citizens/applications").json()["applications"]
    (own,) = [entry for entry in shown if entry["submissionId"] == filed.submissionId]
    assert [state["status"] for state in own["states"]] == ["PROCESSING", "COMPLETED"]


# -- answering -------------------------------------------------------------------------------------------


def ask(office: Office, filed: Filed, *, status_first: bool = False, application_id: bool = True) -> None:
    more = {"applicationId": filed.applicationId} if application_id else {}
    message = office.signed(office.message(str(filed.mailboxUuid), REQUEST, {}, **more))
    status = office.signed(office.status(str(filed.applicationId), "ACTION_REQUIRED"))
    for outer, is_status in (
        ((status, True), (message, False)) if status_first else ((message, False), (status, True))
    ):
        assert office.deliver(outer, status=is_status)["name"] == "accept-submission"


@pytest.mark.parametrize("status_first", [False, True])
@pytest.mark.parametrize("application_id", [False, True])
def test_citizens_send_what_was_asked_for(
    sandbox: RunningSandbox, office: Office, status_first: bool, application_id: bool
) -> None:
    filed = citizen(sandbox)
    before = {entry["submissionId"] for entry in office.waiting("bw")}
    ask(office, filed, status_first=status_first, application_id=application_id)
    (answer,) = answers(sandbox, filed)
    assert len(answer.attachments) == 2
    (new,) = [entry for entry in office.waiting("bw") if entry["submissionId"] not in before]
    assert new["caseId"] == filed.caseId
    assert new["submissionId"] == answer.submissionId


def test_a_decision_with_a_list_in_it_is_not_answered(sandbox: RunningSandbox, office: Office) -> None:
    filed = citizen(sandbox)
    status = office.status(str(filed.applicationId), "COMPLETED")
    office.deliver(office.signed(status), status=True)
    office.deliver(office.signed(office.message(str(filed.mailboxUuid), REQUEST, {})))
    assert answers(sandbox, filed) == []


def test_citizens_may_be_late_incomplete_or_silent(sandbox: RunningSandbox, office: Office) -> None:
    filed = citizen(sandbox)
    sandbox.switch_fault("late-answer")
    ask(office, filed)
    assert answers(sandbox, filed) == []
    told = requests.post(
        f"{sandbox.control_url}/sandbox/answers", auth=sandbox.identity.clients["sender"], timeout=10
    )
    assert told.json() == {"handled": 1}
    assert len(answers(sandbox, filed)) == 1
    sandbox.switch_fault("late-answer", on=False)
    sandbox.switch_fault("partial-answer:1")
    ask(office, filed)
    assert [len(answer.attachments) for answer in answers(sandbox, filed)] == [2, 1]
    sandbox.switch_fault("no-answer-from-citizen:1")
    ask(office, filed)
    assert len(answers(sandbox, filed)) == 2


def test_a_slow_bridge_says_nothing_until_told(sandbox: RunningSandbox, office: Office) -> None:
    filed = citizen(sandbox)
    sandbox.switch_fault("slow-bridge:1")
    outer = office.signed(office.message(str(filed.mailboxUuid), "x", {}))
    service = {"name": "ZBP", "identifier": "urn:schema-fitko-de:fit-connect:id.bund.de:message_v6"}
    ids = office.send(office.bridge, service, json.dumps(outer).encode())
    assert [event["name"] for event in office.events(ids["caseId"])][-1] == "submit-submission"
    assert sandbox.bridge.handle_held() == 1
    assert [event["name"] for event in office.events(ids["caseId"])][-1] == "delete-submission"


# -- replies (assumed shape) -----------------------------------------------------------------------------


def reply(
    sandbox: RunningSandbox, office: Peer, filed: Filed, content: dict[str, Any], *, spoil: bool = False
) -> list[dict[str, Any]]:
    """Sends a reply with one attachment; the case's reply events."""
    key = sandbox.keys.pair("online-service").public_jwk
    files = {str(uuid.uuid4()): ("bescheid.pdf", NOTICE)}
    raw = json.dumps(content).encode()
    body = {"caseId": filed.caseId, "announcedAttachments": list(files)}
    announced = office.call("POST", "/v2/replies", json=body)
    assert announced.status_code == 201, announced.text
    root = f"/v2/replies/{announced.json()['replyId']}"
    for attachment_id, (_, document) in files.items():
        sent = b"other" if spoil else document
        put = office.put_jose(f"{root}/attachments/{attachment_id}", encrypt(sent, key, "application/pdf"))
        assert put.status_code == 204
    parts = {
        "encryptedMetadata": encrypt(json.dumps(metadata_for(raw, files, "urn:x:y")).encode(), key),
        "encryptedData": encrypt(raw, key),
    }
    assert [office.call("PUT", root, json=parts).status_code for _ in range(2)] == [200, 200]
    return [event for event in office.events(filed.caseId) if event["sub"].startswith("reply:")]


def test_a_reply_is_read_accepted_and_deleted(sandbox: RunningSandbox, office: Office) -> None:
    filed = citizen(sandbox, "fitConnect")
    log = reply(sandbox, office, filed, {"kind": "decision"})
    assert [event["name"] for event in log] == [
        "create-reply",
        "submit-reply",
        "accept-reply",
        "delete-reply",
    ]
    (shown,) = read(sandbox, "/citizens/replies").json()["replies"]
    assert shown["content"] == {"kind": "decision"}
    assert read(sandbox, shown["attachments"][0]["href"]).content == NOTICE
    assert answers(sandbox, filed) == []


def test_a_reply_asking_for_documents_is_answered(sandbox: RunningSandbox, office: Office) -> None:
    filed = citizen(sandbox, "fitConnect")
    items = [{"text": "Mietvertrag"}, {"text": "Lohnabrechnung"}, {"text": "Ausweis"}]
    reply(sandbox, office, filed, {"kind": "documentRequest", "items": items})
    (answer,) = answers(sandbox, filed)
    assert len(answer.attachments) == 3
    assert [event["name"] for event in office.events(filed.caseId)][-2:] == [
        "create-submission",
        "submit-submission",
    ]


def test_a_damaged_reply_is_rejected_with_its_reason(sandbox: RunningSandbox, office: Office) -> None:
    filed = citizen(sandbox, "fitConnect")
    log = reply(sandbox, office, filed, {"kind": "decision"}, spoil=True)
    assert log[-2]["name"] == "reject-reply"
    assert log[-2]["payload"]["problems"][0]["type"].endswith("/hash-mismatch")
    assert read(sandbox, "/citizens/replies").json()["replies"] == []


def test_a_reply_in_somebody_elses_case_waits_for_its_sender(sandbox: RunningSandbox, office: Office) -> None:
    sender = Peer(sandbox, "sender")
    ids = sender.send(sandbox.identity.destinations["bw"], {"name": "x", "identifier": "urn:x:yyyy"}, b"{}")
    key = sandbox.keys.pair("online-service").public_jwk
    announced = office.call("POST", "/v1/replies", json={"caseId": ids["caseId"], "announcedAttachments": []})
    parts = {"encryptedMetadata": encrypt(b"{}", key), "encryptedData": encrypt(b"{}", key)}
    root = f"/v1/replies/{announced.json()['replyId']}"
    assert office.call("PUT", root, json=parts).status_code == 202
    assert sender.get("/v1/replies")["totalCount"] == 1
    assert sender.get(root)["encryptedData"] == parts["encryptedData"]
    assert office.call("GET", root).status_code == 403


def test_citizens_pages_want_the_senders_credentials(sandbox: RunningSandbox) -> None:
    path = f"{sandbox.base_url}/citizens/applications"
    assert requests.get(path, timeout=10).status_code == 401
    assert requests.get(path, auth=sandbox.identity.clients["bw"], timeout=10).status_code == 401
    assert Peer(sandbox, "sender").call("GET", "/citizens/applications").status_code == 200
    assert Peer(sandbox, "bw").call("GET", "/citizens/applications").status_code == 401
