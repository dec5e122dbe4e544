"""The delivery service's rules as its clients meet them over HTTP."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from urllib3.util import SKIP_HEADER

from clerk_app.sandbox.model import Limits
from clerk_app.sandbox.server import RunningSandbox
from tests.sandbox.test_sandbox_support import DOG_TAX, Peer, encrypt, start

PDF = b"%PDF-1.4 a dog's insurance"


@pytest.fixture
def sandbox(tmp_path: Path, cache_dir: Path) -> Iterator[RunningSandbox]:
    with start(tmp_path, cache_dir) as running:
        yield running


@pytest.fixture
def office(sandbox: RunningSandbox) -> Peer:
    return Peer(sandbox, "bw")


@pytest.fixture
def sender(sandbox: RunningSandbox) -> Peer:
    return Peer(sandbox, "sender")


def filed(sandbox: RunningSandbox, sender: Peer, **options: Any) -> dict[str, str]:
    return sender.send(sandbox.identity.destinations["bw"], DOG_TAX, b'{"hund": "Bello"}', **options)


def problem(answer: requests.Response, status: int) -> str:
    """The problem's short name; checks that it is a proper problem document."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["title"]
    return str(body["type"]).rsplit("/", 1)[1]


# -- signing in ------------------------------------------------------------------------------------------


def test_credentials_are_taken_from_the_body_only(sandbox: RunningSandbox) -> None:
    client = sandbox.identity.clients["bw"]
    form = {"grant_type": "client_credentials"}
    basic = requests.post(f"{sandbox.base_url}/token", data=form, auth=client, timeout=10)
    assert (basic.status_code, basic.json()) == (401, {"error": "invalid_client"})
    wrong = {**form, "client_id": client[0], "client_secret": "no"}
    assert requests.post(f"{sandbox.base_url}/token", data=wrong, timeout=10).json() == {
        "error": "invalid_client"
    }
    right = {**form, "client_id": client[0], "client_secret": client[1]}
    answer = requests.post(f"{sandbox.base_url}/token", data=right, timeout=10)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["expires_in"] == 1800
    assert answer.json()["token_type"] == "Bearer"


def test_a_token_lives_half_an_hour(tmp_path: Path, cache_dir: Path) -> None:
    now = [1_800_000_000.0]
    with start(tmp_path, cache_dir, clock=lambda: now[0]) as sandbox:
        peer = Peer(sandbox, "bw")
        now[0] += 1799
        assert peer.call("GET", "/v2/submissions").status_code == 200
        now[0] += 2
        assert problem(peer.call("GET", "/v2/submissions"), 401) == "unauthorized"
        peer.renew()
        assert peer.call("GET", "/v2/submissions").status_code == 200


def test_strangers_and_nameless_programs_are_turned_away(
    sandbox: RunningSandbox, office: Peer, sender: Peer
) -> None:
    other = sandbox.identity.destinations["sn"]
    assert problem(office.call("GET", f"/v2/submissions?destinationId={other}"), 403) == "missing-permission"
    assert problem(sender.call("GET", "/v2/submissions"), 403) == "missing-permission"
    nameless = office.call("GET", "/v2/submissions", headers={"User-Agent": SKIP_HEADER})
    assert problem(nameless, 403) == "user-agent-missing"
    assert problem(requests.get(f"{sandbox.base_url}/v2/submissions", timeout=10), 401) == "unauthorized"


# -- the way of a submission -----------------------------------------------------------------------------


def test_from_sender_to_receiver_and_deleted_after_accept(
    sandbox: RunningSandbox, office: Peer, sender: Peer
) -> None:
    attachment = str(uuid.uuid4())
    ids = filed(sandbox, sender, files={attachment: ("police.pdf", PDF)})
    assert office.waiting("bw") == [
        {"destinationId": ids["destinationId"], "submissionId": ids["submissionId"], "caseId": ids["caseId"]}
    ]
    got = office.get(f"/v2/submissions/{ids['submissionId']}")
    assert got["publicService"] == DOG_TAX
    jwe = office.call("GET", f"/v2/submissions/{ids['submissionId']}/attachments/{attachment}")
    assert jwe.headers["Content-Type"] == "application/jose"
    tags = {
        "metadata": got["encryptedMetadata"].split(".")[4],
        "data": got["encryptedData"].split(".")[4],
        "attachments": {attachment: jwe.text.split(".")[4]},
    }
    created, submitted = office.events(ids["caseId"])
    assert (created["name"], submitted["name"]) == ("create-submission", "submit-submission")
    assert submitted["payload"] == {"authenticationTags": tags}
    assert submitted["sub"] == f"submission:{ids['submissionId']}"
    token = office.event_token(
        "bw", ids["caseId"], ids["submissionId"], "accept-submission", {"authenticationTags": tags}
    )
    assert office.post_event(ids["caseId"], token).status_code == 204
    assert office.post_event(ids["caseId"], token).status_code == 204, (
        "the same token again: its answer was lost"
    )
    names = [event["name"] for event in sender.events(ids["caseId"])]
    assert names == ["create-submission", "submit-submission", "accept-submission", "delete-submission"]
    assert office.waiting("bw") == []
    assert sandbox.portal.submissions[ids["submissionId"]].payload is None, "deleted after accept"
    assert (
        problem(office.call("GET", f"/v2/submissions/{ids['submissionId']}"), 404) == "submission-not-found"
    )
    again = office.event_token(
        "bw",
        ids["caseId"],
        ids["submissionId"],
        "reject-submission",
        {"problems": [{"type": "x", "title": "y"}]},
    )
    assert problem(office.post_event(ids["caseId"], again), 409) == "invalid-state-transition"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"header": {"typ": "JWT"}}, "typ"),
        ({"header": {"alg": "RS512"}}, "alg"),
        ({"header": {"kid": "unknown-kid"}}, "kid"),
        ({"iss": str(uuid.uuid4())}, "iss"),
        ({"jti": "no uuid"}, "jti"),
        ({"iat": 1}, "iat"),
        ({"txn": f"case:{uuid.uuid4()}"}, "txn"),
        ({"sub": "case:x"}, "sub"),
        ({"events": {}}, "exactly one"),
        (
            {"$schema": "https://schema.fitko.de/fit-connect/set-payload/1.0.0/set-payload.schema.json"},
            "Schema",
        ),
        ({"name": "delete-submission"}, "not allowed"),
        ({"name": "reject-submission"}, "problems"),
        ({"payload": {"authenticationTags": {"metadata": "other"}}}, "tags differ"),
    ],
)
def test_an_event_with_any_flaw_is_refused_with_its_reason(
    sandbox: RunningSandbox, office: Peer, sender: Peer, changes: dict[str, Any], reason: str
) -> None:
    ids = filed(sandbox, sender)
    changes = dict(changes)
    name = changes.pop("name", "accept-submission")
    token = office.event_token(
        "bw", ids["caseId"], ids["submissionId"], name, changes.pop("payload", None), **changes
    )
    answer = office.post_event(ids["caseId"], token)
    problem(answer, 422)
    assert reason in answer.json()["detail"]
    assert len(office.waiting("bw")) == 1


def test_an_event_signed_by_another_key_is_refused(
    sandbox: RunningSandbox, office: Peer, sender: Peer
) -> None:
    ids = filed(sandbox, sender)
    kid = sandbox.keys.pair("bw-signature").kid
    iss = sandbox.identity.destinations["bw"]
    token = office.event_token(
        "sn", ids["caseId"], ids["submissionId"], "accept-submission", header={"kid": kid}, iss=iss
    )
    answer = office.post_event(ids["caseId"], token)
    problem(answer, 422)
    assert "signature" in answer.json()["detail"]


def test_a_follow_up_joins_its_case(sandbox: RunningSandbox, office: Peer, sender: Peer) -> None:
    first = filed(sandbox, sender)
    second = filed(sandbox, sender, case_id=first["caseId"])
    assert second["caseId"] == first["caseId"]
    assert len(office.events(first["caseId"])) == 4
    own = office.get(f"/v2/submissions/{second['submissionId']}/events")
    assert own["totalCount"] == 2
    body = {
        "destinationId": sandbox.identity.destinations["bw"],
        "announcedAttachments": [],
        "publicService": DOG_TAX,
        "caseId": str(uuid.uuid4()),
    }
    assert problem(sender.call("POST", "/v2/submissions", json=body), 422) == "case-not-found"


def test_repeating_a_put_changes_nothing_and_other_contents_are_refused(
    sandbox: RunningSandbox, office: Peer, sender: Peer
) -> None:
    destination_id = sandbox.identity.destinations["bw"]
    key = sandbox.keys.pair("bw-encryption").public_jwk
    body = {"destinationId": destination_id, "announcedAttachments": [], "publicService": DOG_TAX}
    ids = sender.call("POST", "/v2/submissions", json=body).json()
    path = f"/v2/submissions/{ids['submissionId']}"
    parts = {"encryptedMetadata": encrypt(b"{}", key), "encryptedData": encrypt(b"{}", key)}
    assert [sender.call("PUT", path, json=parts).status_code for _ in range(3)] == [200, 200, 200]
    assert [event["name"] for event in office.events(ids["caseId"])] == [
        "create-submission",
        "submit-submission",
    ]
    token = office.event_token("bw", ids["caseId"], ids["submissionId"], "accept-submission")
    assert office.post_event(ids["caseId"], token).status_code == 204
    assert sender.call("PUT", path, json=parts).status_code == 200, "also when the payload is long gone"
    other = {**parts, "encryptedData": encrypt(b"[]", key)}
    assert problem(sender.call("PUT", path, json=other), 422) == "already-submitted"


def test_v2_wants_proper_headers_data_and_all_attachments(sandbox: RunningSandbox, sender: Peer) -> None:
    key = sandbox.keys.pair("bw-encryption").public_jwk
    attachment = str(uuid.uuid4())
    body = {
        "destinationId": sandbox.identity.destinations["bw"],
        "announcedAttachments": [attachment],
        "publicService": DOG_TAX,
    }
    ids = sender.call("POST", "/v2/submissions", json=body).json()
    path = f"/v2/submissions/{ids['submissionId']}"
    good = encrypt(b"{}", key)

    def put(metadata: str, content: str | None) -> requests.Response:
        parts = {"encryptedMetadata": metadata} | ({} if content is None else {"encryptedData": content})
        return sender.call("PUT", path, json=parts)

    assert problem(put(good, None), 422) == "data-missing"
    assert "cty" in put(good, encrypt(b"{}", key, None)).json()["detail"]
    assert "cty" in put(good, encrypt(b"{}", key, "text/plain")).json()["detail"]
    head = base64.urlsafe_b64encode(
        json.dumps(
            {"alg": "RSA-OAEP-256", "enc": "A256GCM", "zip": "DEF", "cty": "application/json"}
        ).encode()
    ).rstrip(b"=")
    zipped = ".".join([head.decode(), *good.split(".")[1:]])
    assert "zip" in put(good, zipped).json()["detail"]
    assert problem(put("a.b.c", good), 400) == "invalid-jwe"
    assert problem(put(good, good), 422) == "attachment-missing"
    stranger = sender.put_jose(f"{path}/attachments/{uuid.uuid4()}", good)
    assert problem(stranger, 422) == "attachment-not-announced"
    wrong = sender.call(
        "PUT", f"{path}/attachments/{attachment}", data=good, headers={"Content-Type": "text/plain"}
    )
    assert problem(wrong, 415) == "unsupported-media-type"


def test_limits_are_kept(tmp_path: Path, cache_dir: Path) -> None:
    limits = Limits(attachment_bytes=3000, attachments=2, submission_bytes=4000, body_bytes=8000)
    with start(tmp_path, cache_dir, limits=limits) as sandbox:
        sender = Peer(sandbox, "sender")
        key = sandbox.keys.pair("bw-encryption").public_jwk
        three = [str(uuid.uuid4()) for _ in range(3)]
        body = {
            "destinationId": sandbox.identity.destinations["bw"],
            "announcedAttachments": three,
            "publicService": DOG_TAX,
        }
        assert problem(sender.call("POST", "/v2/submissions", json=body), 413) == "too-many-attachments"
        body["announcedAttachments"] = three[:2]
        ids = sender.call("POST", "/v2/submissions", json=body).json()
        root = f"/v2/submissions/{ids['submissionId']}/attachments"
        fitting, large = encrypt(b"x" * 1200, key), encrypt(b"x" * 3000, key)
        assert problem(sender.put_jose(f"{root}/{three[0]}", large), 413) == "attachment-too-large"
        assert problem(sender.put_jose(f"{root}/{three[0]}", "x" * 9000), 413) == "body-too-large"
        assert sender.put_jose(f"{root}/{three[0]}", fitting).status_code == 204
        assert problem(sender.put_jose(f"{root}/{three[1]}", fitting), 413) == "submission-too-large"


def test_lists_come_in_pages(sandbox: RunningSandbox, office: Peer) -> None:
    sandbox.file_applications(7, authority="bw")
    page = office.get("/v2/submissions?limit=3&offset=6")
    assert (page["count"], page["offset"], page["totalCount"]) == (1, 6, 7)
    everything = office.get("/v2/submissions")
    seen = [office.get(f"/v2/submissions?limit=2&offset={n}")["submissions"] for n in range(0, 8, 2)]
    assert [entry for part in seen for entry in part] == everything["submissions"]
    for query in ("limit=0", "limit=501", "offset=-1", "limit=x", "destinationId=7"):
        problem(office.call("GET", f"/v2/submissions?{query}"), 400)


def test_what_is_never_sent_is_forgotten_and_what_is_never_fetched_is_rejected(
    tmp_path: Path, cache_dir: Path
) -> None:
    now = [1_800_000_000.0]
    with start(tmp_path, cache_dir, clock=lambda: now[0]) as sandbox:
        sender, office = Peer(sandbox, "sender"), Peer(sandbox, "bw")
        body = {
            "destinationId": sandbox.identity.destinations["bw"],
            "announcedAttachments": [],
            "publicService": DOG_TAX,
        }
        ids = sender.call("POST", "/v2/submissions", json=body).json()
        kept = filed(sandbox, sender)
        now[0] += 86_401
        sender.renew()
        jwe = encrypt(b"{}", sandbox.keys.pair("bw-encryption").public_jwk)
        parts = {"encryptedMetadata": jwe, "encryptedData": jwe}
        answer = sender.call("PUT", f"/v2/submissions/{ids['submissionId']}", json=parts)
        assert problem(answer, 404) == "submission-not-found"
        now[0] += 14 * 86_400
        office.renew()
        assert office.waiting("bw") == []
        names = [event["name"] for event in office.events(kept["caseId"])]
        assert names[-2:] == ["reject-submission", "delete-submission"]


def test_event_logs_signed_beforehand_are_the_same_logs(sandbox: RunningSandbox, office: Peer) -> None:
    sandbox.file_applications(2, authority="bw", defective=0)
    sandbox.sign_event_logs()
    tokens = [event.token for case in sandbox.portal.cases.values() for event in case.log]
    shown = [
        token
        for entry in office.waiting("bw")
        for token in office.get(f"/v2/cases/{entry['caseId']}/events")["eventLog"]
    ]
    assert sorted(shown) == sorted(tokens)
    assert [office.checked(token)["name"] for token in shown[:2]] == [
        "create-submission",
        "submit-submission",
    ]


def test_of_many_accepts_at_once_one_counts(sandbox: RunningSandbox, office: Peer, sender: Peer) -> None:
    ids = filed(sandbox, sender)
    tokens = [
        office.event_token("bw", ids["caseId"], ids["submissionId"], "accept-submission") for _ in range(4)
    ]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda token: office.post_event(ids["caseId"], token).status_code, tokens))
    assert sorted(answers) == [204, 409, 409, 409]
    names = [event["name"] for event in office.events(ids["caseId"])]
    assert names.count("accept-submission") == 1


def test_v1_speaks_its_own_words(sandbox: RunningSandbox, office: Peer, sender: Peer) -> None:
    body = {
        "destinationId": sandbox.identity.destinations["bw"],
        "announcedAttachments": [],
        "serviceType": DOG_TAX,
    }
    ids = sender.call("POST", "/v1/submissions", json=body).json()
    key = sandbox.keys.pair("bw-encryption").public_jwk
    done = sender.call(
        "PUT", f"/v1/submissions/{ids['submissionId']}", json={"encryptedMetadata": encrypt(b"{}", key)}
    )
    assert done.status_code == 202
    assert done.json()["serviceType"] == DOG_TAX
    assert "encryptedData" not in office.get(f"/v1/submissions/{ids['submissionId']}")
    assert office.get(f"/v1/destinations/{ids['destinationId']}")["services"]


def test_everything_outside_the_api_is_a_problem_document_too(sandbox: RunningSandbox) -> None:
    assert problem(requests.get(f"{sandbox.base_url}/v9/nothing", timeout=10), 404) == "not-found"
    assert (
        problem(requests.delete(f"{sandbox.base_url}/v2/submissions", timeout=10), 405)
        == "method-not-allowed"
    )
