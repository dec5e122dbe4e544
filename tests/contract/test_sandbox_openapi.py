"""Every v1 answer of the practice portal against the official OpenAPI 1.1.3: status, media type, schema."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests
import yaml

from clerk_app.sandbox.events import make_event
from clerk_app.sandbox.jose import encrypt
from clerk_app.sandbox.keys import make_key_pair
from clerk_app.sandbox.server import RunningSandbox

SERVICE = {"name": "Bauantrag", "identifier": "urn:de:fim:leika:leistung:99010003001006"}


class Contract:
    """The OpenAPI document as a judge of answers. Keeps a list of what it has seen."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.seen: set[tuple[str, str, str]] = set()

    def judge(self, template: str, answer: requests.Response) -> None:
        method = str(answer.request.method).lower()
        operation = self.document["paths"][template][method]
        status = str(answer.status_code)
        assert status in operation["responses"], (
            f"{method} {template}: {status} is not documented: {answer.text}"
        )
        self.seen.add((method, template, status))
        expected = operation["responses"][status]
        if "content" not in expected:
            assert answer.content == b""
            self._headers(expected, answer)
            return
        media_type = answer.headers["Content-Type"].split(";")[0]
        assert media_type in expected["content"], f"{method} {template} {status}: {media_type}"
        body = answer.text if media_type == "application/jose" else answer.json()
        schema = _with_references({**expected["content"][media_type]["schema"]}, self.document)
        jsonschema.validate(body, schema, format_checker=jsonschema.FormatChecker())
        self._headers(expected, answer)

    def _headers(self, expected: dict[str, Any], answer: requests.Response) -> None:
        for name, header in expected.get("headers", {}).items():
            if "$ref" in header:
                header = _follow(header["$ref"], self.document)
            if header.get("required"):
                assert name in answer.headers


def _follow(reference: str, document: dict[str, Any]) -> Any:
    node: Any = document
    for part in reference.removeprefix("#/").split("/"):
        node = node[part.replace("~1", "/").replace("~0", "~")]
    return node


def _with_references(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "components": document["components"]}


@pytest.fixture(scope="module")
def document(shared_dir: Path) -> dict[str, Any]:
    path = shared_dir / "reference" / "schemas" / "fit-connect-submission-api-1.1.3.openapi.yaml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture
def contract(document: dict[str, Any]) -> Contract:
    return Contract(document)


@pytest.fixture
def sandbox(tmp_path: Path, cache_dir: Path) -> Iterator[RunningSandbox]:
    with RunningSandbox(tmp_path / "portal", applications=3, key_cache=cache_dir / "sandbox-keys") as running:
        yield running


def bearer(sandbox: RunningSandbox, name: str) -> dict[str, str]:
    client_id, secret = sandbox.identity.clients[name]
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    answer = requests.post(f"{sandbox.base_url}/token", data=form, timeout=10)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.fixture
def call(sandbox: RunningSandbox, contract: Contract) -> Any:
    tokens = {name: bearer(sandbox, name) for name in ("subscriber", "sender", "bw")} | {"nobody": {}}

    def make(who: str, method: str, template: str, expected: int, **options: Any) -> requests.Response:
        path = template.format(**options.pop("path", {}))
        headers = {**tokens[who], **options.pop("headers", {})}
        answer = requests.request(method, sandbox.base_url + path, headers=headers, timeout=20, **options)
        contract.judge(template, answer)
        assert answer.status_code == expected, answer.text
        return answer

    return make


SUBMISSIONS = "/v1/submissions"
SUBMISSION = "/v1/submissions/{submissionId}"
ATTACHMENT = "/v1/submissions/{submissionId}/attachments/{attachmentId}"
EVENTS = "/v1/cases/{caseId}/events"
DESTINATIONS = "/v1/destinations"
DESTINATION = "/v1/destinations/{destinationId}"
KEYS = "/v1/destinations/{destinationId}/keys"
KEY = "/v1/destinations/{destinationId}/keys/{keyId}"
JOSE = {"Content-Type": "application/jose"}


def test_sending_and_receiving_keep_to_the_document(
    sandbox: RunningSandbox, call: Any, contract: Contract
) -> None:
    destination_id = sandbox.identity.destinations["bw"]
    pair = sandbox.keys.pair("bw-encryption")
    attachment_id = str(uuid.uuid4())
    jwe = encrypt(b"{}", pair.public, pair.kid, "application/json", zipped=True)
    announcement = {
        "destinationId": destination_id,
        "announcedAttachments": [attachment_id],
        "serviceType": SERVICE,
    }

    call("nobody", "POST", SUBMISSIONS, 401, json=announcement)
    call("sender", "POST", SUBMISSIONS, 400, json={"destinationId": "x"})
    call("sender", "POST", SUBMISSIONS, 404, json={**announcement, "destinationId": str(uuid.uuid4())})
    call("sender", "POST", SUBMISSIONS, 422, json={**announcement, "caseId": str(uuid.uuid4())})
    many = [str(uuid.uuid4()) for _ in range(101)]
    call("sender", "POST", SUBMISSIONS, 413, json={**announcement, "announcedAttachments": many})
    callback = {"url": "https://sender.example/callback", "secret": "s" * 32}
    ids = call("sender", "POST", SUBMISSIONS, 201, json={**announcement, "callback": callback}).json()
    path = {"submissionId": ids["submissionId"], "attachmentId": attachment_id}

    call("subscriber", "GET", SUBMISSION, 404, path=path)
    call("sender", "PUT", SUBMISSION, 422, path=path, json={"encryptedMetadata": jwe})
    call("sender", "PUT", SUBMISSION, 415, path=path, data="x")
    call("sender", "PUT", SUBMISSION, 400, path=path, json={"encryptedMetadata": 7})
    call(
        "sender",
        "PUT",
        SUBMISSION,
        404,
        path={"submissionId": str(uuid.uuid4())},
        json={"encryptedMetadata": jwe},
    )
    call("nobody", "PUT", SUBMISSION, 401, path=path, json={"encryptedMetadata": jwe})
    call("sender", "PUT", ATTACHMENT, 415, path=path, data=jwe)
    call("sender", "PUT", ATTACHMENT, 400, path=path, data="no jwe", headers=JOSE)
    call("sender", "PUT", ATTACHMENT, 400, path={**path, "attachmentId": "x"}, data=jwe, headers=JOSE)
    call(
        "sender",
        "PUT",
        ATTACHMENT,
        422,
        path={**path, "attachmentId": str(uuid.uuid4())},
        data=jwe,
        headers=JOSE,
    )
    call(
        "sender",
        "PUT",
        ATTACHMENT,
        422,
        path={**path, "submissionId": str(uuid.uuid4())},
        data=jwe,
        headers=JOSE,
    )
    call("nobody", "PUT", ATTACHMENT, 401, path=path, data=jwe, headers=JOSE)
    call("sender", "PUT", ATTACHMENT, 204, path=path, data=jwe, headers=JOSE)
    call("sender", "PUT", SUBMISSION, 202, path=path, json={"encryptedMetadata": jwe, "encryptedData": jwe})

    page = call(
        "subscriber", "GET", SUBMISSIONS, 200, params={"limit": 500, "destinationId": destination_id}
    ).json()
    assert ids["submissionId"] in [entry["submissionId"] for entry in page["submissions"]]
    call("nobody", "GET", SUBMISSIONS, 401)
    call("sender", "GET", SUBMISSIONS, 403)
    for query in ({"limit": 0}, {"limit": 501}, {"offset": -1}, {"destinationId": "x"}):
        call("subscriber", "GET", SUBMISSIONS, 403, params=query)
    got = call("subscriber", "GET", SUBMISSION, 200, path=path).json()
    assert got["callback"] == {"url": callback["url"]}
    call("subscriber", "GET", SUBMISSION, 400, path={"submissionId": "x"})
    call("sender", "GET", SUBMISSION, 403, path=path)
    call("nobody", "GET", SUBMISSION, 401, path=path)
    assert call("subscriber", "GET", ATTACHMENT, 200, path=path).text == jwe
    call("subscriber", "GET", ATTACHMENT, 404, path={**path, "attachmentId": str(uuid.uuid4())})
    call("subscriber", "GET", ATTACHMENT, 400, path={**path, "attachmentId": "x"})
    call("nobody", "GET", ATTACHMENT, 401, path=path)

    case = {"caseId": ids["caseId"]}
    assert call("subscriber", "GET", EVENTS, 200, path=case).json()["count"] == 2
    call("sender", "GET", EVENTS, 200, path=case)
    call("nobody", "GET", EVENTS, 401, path=case)
    call("subscriber", "GET", EVENTS, 404, path={"caseId": str(uuid.uuid4())})
    call("subscriber", "GET", EVENTS, 404, path={"caseId": "x"})
    call("subscriber", "POST", EVENTS, 400, path=case, data="x.y.z")
    call("subscriber", "POST", EVENTS, 400, path={"caseId": "x"}, data="x.y.z", headers=JOSE)
    call("subscriber", "POST", EVENTS, 404, path={"caseId": str(uuid.uuid4())}, data="x.y.z", headers=JOSE)
    call("subscriber", "POST", EVENTS, 422, path=case, data="x.y.z", headers=JOSE)
    call("sender", "POST", EVENTS, 403, path=case, data="x.y.z", headers=JOSE)
    call("nobody", "POST", EVENTS, 401, path=case, data="x.y.z", headers=JOSE)
    for name, status in (("accept-submission", 204), ("accept-submission", 409)):
        token = accept_token(sandbox, ids, name)
        call("subscriber", "POST", EVENTS, status, path=case, data=token, headers=JOSE)
    call("subscriber", "GET", ATTACHMENT, 404, path=path)


def accept_token(sandbox: RunningSandbox, ids: dict[str, str], name: str) -> str:
    pair = sandbox.keys.pair("bw-signature")
    subject = f"submission:{ids['submissionId']}"
    now_s = sandbox.portal.now_s()
    return make_event(pair, ids["destinationId"], ids["caseId"], subject, name, now_s).token


def test_managing_destinations_keeps_to_the_document(sandbox: RunningSandbox, call: Any) -> None:
    encryption, signature = (
        sandbox.keys.pair(name).public_jwk for name in ("online-service", "bw-signature")
    )
    contact = {
        "legalName": "Stadt Neudorf",
        "address": "Markt 1, 70999 Neudorf",
        "phone": "0711 5550",
        "email": "post@neudorf.example",
        "unit": "Bauamt",
    }
    wanted = {
        "contactInformation": contact,
        "services": [
            {
                "identifier": SERVICE["identifier"],
                "regions": ["DE08"],
                "submissionSchemas": [{"schemaUri": "urn:x:schema", "mimeType": "application/xml"}],
            }
        ],
        "callback": {"url": "https://neudorf.example/callback", "secret": "s" * 40},
        "encryptionKid": encryption["kid"],
        "encryptionPublicKey": encryption,
        "signingPublicKey": signature,
        "replyChannels": {"eMail": {"usePgp": True}, "deMail": {}},
        "metadataVersions": ["1.0.0", "2.1.0"],
    }
    call("nobody", "POST", DESTINATIONS, 401, json=wanted)
    call("sender", "POST", DESTINATIONS, 403, json=wanted)
    for name, value in (
        ("encryptionKid", "another-kid"),
        ("services", []),
        ("metadataVersions", ["1"]),
        ("signingPublicKey", encryption),
        ("contactInformation", {}),
        ("replyChannels", {}),
        ("callback", {"url": "http://x", "secret": "s" * 40}),
    ):
        call("bw", "POST", DESTINATIONS, 400, json={**wanted, name: value})
    made = call("bw", "POST", DESTINATIONS, 201, json=wanted)
    path = {"destinationId": made.json()["destinationId"]}
    assert made.headers["Location"] == f"/destinations/{path['destinationId']}"
    assert made.json()["status"] == "created"
    announcement = {
        "destinationId": path["destinationId"],
        "announcedAttachments": [],
        "serviceType": SERVICE,
    }
    inactive = call("sender", "POST", SUBMISSIONS, 422, json=announcement)
    assert inactive.json()["type"].endswith("/destination-state-invalid")
    assert (
        call("bw", "PATCH", DESTINATION, 200, path=path, json={"status": "active"}).json()["status"]
        == "active"
    )
    call("sender", "POST", SUBMISSIONS, 201, json=announcement)
    call("bw", "PATCH", DESTINATION, 400, path=path, json={"status": "created"})
    call("bw", "PATCH", DESTINATION, 400, path={"destinationId": "x"}, json={})
    call("bw", "PATCH", DESTINATION, 404, path={"destinationId": str(uuid.uuid4())}, json={})
    call("subscriber", "PATCH", DESTINATION, 403, path=path, json={})
    call("nobody", "PATCH", DESTINATION, 401, path=path, json={})

    fresh = make_key_pair("RSA-OAEP-256", "Neudorf").public_jwk
    added = call("bw", "POST", KEYS, 201, path=path, json=fresh)
    assert added.headers["Location"].endswith(fresh["kid"])
    call("bw", "POST", KEYS, 400, path=path, json={**fresh, "alg": "PS512"})
    call("bw", "POST", KEYS, 404, path={"destinationId": str(uuid.uuid4())}, json=fresh)
    call("subscriber", "POST", KEYS, 403, path=path, json=fresh)
    call("nobody", "POST", KEYS, 401, path=path, json=fresh)
    call("nobody", "GET", KEY, 200, path={**path, "keyId": fresh["kid"]})
    call("nobody", "GET", KEY, 404, path={**path, "keyId": "unknown-key"})
    rolled = call("bw", "PATCH", DESTINATION, 200, path=path, json={"encryptionKid": fresh["kid"]}).json()
    assert rolled["encryptionKid"] == fresh["kid"]
    update = {name: wanted[name] for name in ("contactInformation", "services", "metadataVersions")}
    update |= {"status": "inactive", "encryptionKid": fresh["kid"]}
    assert call("bw", "PUT", DESTINATION, 200, path=path, json=update).json()["status"] == "inactive"
    call("bw", "PUT", DESTINATION, 400, path=path, json={"status": "active"})
    call("bw", "PUT", DESTINATION, 404, path={"destinationId": str(uuid.uuid4())}, json=update)
    call("nobody", "PUT", DESTINATION, 401, path=path, json=update)
    call("subscriber", "PUT", DESTINATION, 403, path=path, json=update)

    call("nobody", "GET", DESTINATION, 200, path=path)
    call("nobody", "GET", DESTINATION, 404, path={"destinationId": str(uuid.uuid4())})
    call("nobody", "GET", DESTINATION, 404, path={"destinationId": "x"})
    assert call("bw", "GET", DESTINATIONS, 200).json()["totalCount"] == 2
    call("nobody", "GET", DESTINATIONS, 401)
    call("sender", "GET", DESTINATIONS, 403)
    call("bw", "GET", DESTINATIONS, 403, params={"limit": "x"})
    call("subscriber", "DELETE", DESTINATION, 403, path=path)
    call("nobody", "DELETE", DESTINATION, 401, path=path)
    call("bw", "DELETE", DESTINATION, 400, path={"destinationId": "x"})
    call("bw", "DELETE", DESTINATION, 204, path=path)
    call("bw", "DELETE", DESTINATION, 404, path=path)


def test_the_technical_calls_keep_to_the_document(call: Any) -> None:
    assert call("nobody", "GET", "/v1/info", 200).json()["version"] == {"major": 1, "minor": 1, "patch": 3}
    keys = call("nobody", "GET", "/.well-known/jwks.json", 200).json()["keys"]
    assert [(key["alg"], key["key_ops"]) for key in keys] == [("PS512", ["verify"])]


def test_every_call_of_the_document_exists(sandbox: RunningSandbox, document: dict[str, Any]) -> None:
    known = [(method, _shape(path)) for method, path, _ in sandbox._routes()]
    for path, operations in document["paths"].items():
        for method in operations:
            if method in ("get", "post", "put", "patch", "delete"):
                assert (method.upper(), _shape(path)) in known, f"{method} {path}"


def _shape(path: str) -> str:
    return "/".join("*" if part.startswith("{") else part for part in path.split("/"))


def test_the_judge_refuses_what_is_not_documented(contract: Contract) -> None:
    answer = requests.Response()
    answer.request = requests.Request("GET", "http://x/v1/info").prepare()
    answer.status_code = 418
    with pytest.raises(AssertionError, match="not documented"):
        contract.judge("/v1/info", answer)
    answer.status_code = 200
    answer.headers["Content-Type"] = "application/json"
    answer._content = json.dumps({"version": {"major": "one"}}).encode()
    with pytest.raises(jsonschema.ValidationError):
        contract.judge("/v1/info", answer)
