"""A peer of the practice portal that shares no code with it: requests, joserfc and jwcrypto."""

from __future__ import annotations

import base64
import hashlib
import json
import time
import uuid
from pathlib import Path
from typing import Any

import requests
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from joserfc import jwe, jws
from joserfc.jwk import RSAKey
from jwcrypto import jwk
from jwcrypto import jws as other_jws

from clerk_app.sandbox.authorities import ZBP_MESSAGE, ZBP_SCHEMA, ZBP_STATUS
from clerk_app.sandbox.server import RunningSandbox

EVENTS = "https://schema.fitko.de/fit-connect/events/"
SET_SCHEMA = "https://schema.fitko.de/fit-connect/set-payload/1.2.2/set-payload.schema.json"
METADATA_SCHEMA = "https://schema.fitko.de/fit-connect/metadata/2.1.0/metadata.schema.json"
DOG_TAX = {"name": "Hundesteuer", "identifier": "urn:de:fim:leika:leistung:99102013104000"}


def start(path: Path, cache_dir: Path, **options: Any) -> RunningSandbox:
    """A sandbox with ready-made keys."""
    return RunningSandbox(path / "portal", key_cache=cache_dir / "sandbox-keys", **options)


def encrypt(
    plaintext: bytes, public_jwk: dict[str, Any], content_type: str | None = "application/json"
) -> str:
    header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": public_jwk["kid"]}
    if content_type is not None:
        header["cty"] = content_type
    key = RSAKey.import_key({name: public_jwk[name] for name in ("kty", "n", "e")})
    return jwe.encrypt_compact(header, plaintext, key, algorithms=["RSA-OAEP-256", "A256GCM"])


def sha512(content: bytes) -> str:
    return hashlib.sha512(content).hexdigest()


def metadata_for(content: bytes, files: dict[str, tuple[str, bytes]], schema: str) -> dict[str, Any]:
    """Metadata 2.1.0; ``files``: attachment id -> name, content."""
    return {
        "$schema": METADATA_SCHEMA,
        "contentStructure": {
            "data": {
                "hash": {"type": "sha512", "content": sha512(content)},
                "submissionSchema": {"schemaUri": schema, "mimeType": "application/json"},
            },
            "attachments": [
                {
                    "attachmentId": key,
                    "hash": {"type": "sha512", "content": sha512(document)},
                    "purpose": "attachment",
                    "mimeType": "application/pdf",
                    "filename": name,
                }
                for key, (name, document) in files.items()
            ],
        },
    }


class Peer:
    """One OAuth client of the sandbox."""

    def __init__(self, sandbox: RunningSandbox, client: str) -> None:
        self.sandbox = sandbox
        self.client_id, self.client_secret = sandbox.identity.clients[client]
        self.token = ""
        self.renew()

    def renew(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        answer = requests.post(f"{self.sandbox.base_url}/token", data=form, timeout=10)
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["access_token"]

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return requests.request(
            method,
            self.sandbox.base_url + path,
            headers=headers,
            timeout=options.pop("timeout", 20),
            **options,
        )

    def get(self, path: str) -> Any:
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def put_jose(self, path: str, body: str) -> requests.Response:
        return self.call("PUT", path, data=body, headers={"Content-Type": "application/jose"})

    # -- receiving ---------------------------------------------------------------------------------------

    def waiting(self, destination: str) -> list[dict[str, str]]:
        destination_id = self.sandbox.identity.destinations[destination]
        listing: list[dict[str, str]] = self.get(f"/v2/submissions?destinationId={destination_id}&limit=500")[
            "submissions"
        ]
        return listing

    def events(self, case_id: str) -> list[dict[str, Any]]:
        """Names and claims of a case's events; every signature is checked with jwcrypto on the way."""
        log = self.get(f"/v2/cases/{case_id}/events")["eventLog"]
        return [self.checked(token) for token in log]

    def checked(self, token: str) -> dict[str, Any]:
        header = json.loads(_unpadded(token.split(".")[0]))
        claims: dict[str, Any] = json.loads(_unpadded(token.split(".")[1]))
        assert header["typ"] == "secevent+jwt"
        assert header["alg"] == "PS512"
        root = self.sandbox.base_url
        if claims["iss"].startswith("http"):
            assert claims["iss"] == root
            keys = requests.get(f"{root}/.well-known/jwks.json", timeout=10).json()["keys"]
            public = next(key for key in keys if key["kid"] == header["kid"])
        else:
            address = f"{root}/v2/destinations/{claims['iss']}/keys/{header['kid']}"
            public = requests.get(address, timeout=10).json()
        verifier = other_jws.JWS()
        verifier.allowed_algs = ["PS512"]
        verifier.deserialize(token, jwk.JWK(**public))
        assert len(claims["events"]) == 1
        uri, payload = next(iter(claims["events"].items()))
        assert uri.startswith(EVENTS)
        return {"name": uri.removeprefix(EVENTS), "payload": payload, **claims}

    def event_token(
        self,
        authority: str,
        case_id: str,
        submission_id: str,
        name: str,
        payload: dict[str, Any] | None = None,
        *,
        header: dict[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        """A receiver's event; ``header`` and ``claims`` override (None removes)."""
        pair = self.sandbox.keys.pair(f"{authority}-signature")
        heads = {"typ": "secevent+jwt", "alg": "PS512", "kid": pair.kid, **(header or {})}
        body = {
            "$schema": SET_SCHEMA,
            "jti": str(uuid.uuid4()),
            "iss": self.sandbox.identity.destinations[authority],
            "iat": int(time.time()),
            "sub": f"submission:{submission_id}",
            "txn": f"case:{case_id}",
            "events": {EVENTS + name: payload or {}},
            **claims,
        }
        body = {key: value for key, value in body.items() if value is not None}
        key = RSAKey.import_key(
            pair.private.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        registry = jws.JWSRegistry(algorithms=["PS512", "RS512"], strict_check_header=False)
        return jws.serialize_compact(
            {name: value for name, value in heads.items() if value is not None},
            json.dumps(body).encode(),
            key,
            registry=registry,
        )

    def post_event(self, case_id: str, token: str, version: int = 2) -> requests.Response:
        path = f"/v{version}/cases/{case_id}/events"
        return self.call("POST", path, data=token, headers={"Content-Type": "application/jose"})

    # -- sending -----------------------------------------------------------------------------------------

    def send(
        self,
        destination_id: str,
        service: dict[str, str],
        content: bytes,
        files: dict[str, tuple[str, bytes]] | None = None,
        *,
        schema: str = "https://schema.fitko.de/fim/s17000101_1.0.schema.json",
        case_id: str | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> dict[str, str]:
        """Announce, upload, submit over v2; the three ids."""
        files = files or {}
        destination = self.get(f"/v2/destinations/{destination_id}")
        key = self.get(f"/v2/destinations/{destination_id}/keys/{destination['encryptionKid']}")
        body = {
            "destinationId": destination_id,
            "announcedAttachments": list(files),
            "publicService": service,
        }
        if case_id is not None:
            body["caseId"] = case_id
        announced = self.call("POST", "/v2/submissions", json=body)
        assert announced.status_code == 201, announced.text
        ids: dict[str, str] = announced.json()
        root = f"/v2/submissions/{ids['submissionId']}"
        for attachment_id, (_, document) in files.items():
            jwe_text = encrypt(document, key, "application/pdf")
            assert self.put_jose(f"{root}/attachments/{attachment_id}", jwe_text).status_code == 204
        described = metadata or metadata_for(content, files, schema)
        parts = {
            "encryptedMetadata": encrypt(json.dumps(described).encode(), key),
            "encryptedData": encrypt(content, key),
        }
        done = self.call("PUT", root, json=parts)
        assert done.status_code == 200, done.text
        return ids


def _unpadded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class Office(Peer):
    """An authority that writes into citizens' mailboxes through the bridge."""

    def __init__(self, sandbox: RunningSandbox, authority: str = "bw") -> None:
        super().__init__(sandbox, authority)
        self.authority = authority
        self.certificate = sandbox.keys.certificate(f"{authority}-zbp")
        raw = (sandbox.keys.folder / f"{authority}-zbp-key.pem").read_bytes()
        key = serialization.load_pem_private_key(raw, None)
        assert isinstance(key, RSAPrivateKey)
        self.key = key
        self.bridge = sandbox.identity.destinations["bridge"]

    def signed(self, content: dict[str, Any], **changes: Any) -> dict[str, Any]:
        text = json.dumps(content)
        now = int(time.time())
        claims = {"iat": now, "exp": now + 1800, "signer": self.signer, "roles": ["THIRD_PARTY"]}
        key = RSAKey.import_key(self._pem())
        token = jws.serialize_compact(
            {"alg": "RS512", "typ": "JWT"},
            json.dumps({**claims, **changes.pop("claims", {})}).encode(),
            key,
            algorithms=["RS512"],
        )
        signature = self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA512())
        return {
            "content": text,
            "sha512sum": base64.b64encode(signature).decode(),
            "authorToken": token,
            "authorCertificate": self.certificate.public_bytes(serialization.Encoding.PEM).decode(),
            **changes,
        }

    @property
    def signer(self) -> str:
        return str(self.certificate.subject.rfc4514_string().removeprefix("CN="))

    def _pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def message(
        self, mailbox_uuid: str, text: str, files: dict[str, tuple[str, bytes]], **more: Any
    ) -> dict[str, Any]:
        return {
            "stork_qaa_level": 1,
            "mailboxUuid": mailbox_uuid,
            "sender": "Stadt Musterhausen",
            "title": "Nachricht der Behörde",
            "content": text,
            "service": "Hundesteuer",
            "attachments": [
                {"filename": name, "sha512sum": sha512(document), "contentLength": len(document)}
                for name, document in files.values()
            ],
            **more,
        }

    def status(self, application_id: str, status: str) -> dict[str, Any]:
        return {
            "applicationId": application_id,
            "status": status,
            "publicServiceName": {"de": "Hundesteuer"},
            "senderName": "Stadt Musterhausen",
            "createdDate": "2026-11-24T10:00:00.000Z",
        }

    def deliver(
        self,
        outer: dict[str, Any],
        files: dict[str, tuple[str, bytes]] | None = None,
        *,
        status: bool = False,
    ) -> dict[str, Any]:
        """Sends to the bridge; its verdict as event."""
        service = {"name": "ZBP", "identifier": ZBP_STATUS if status else ZBP_MESSAGE}
        ids = self.send(self.bridge, service, json.dumps(outer).encode(), files, schema=ZBP_SCHEMA)
        verdicts = [
            e for e in self.events(ids["caseId"]) if e["name"] in ("accept-submission", "reject-submission")
        ]
        assert len(verdicts) == 1, "the bridge says exactly one thing"
        return verdicts[0]


def test_an_event_signed_by_the_peer_verifies_elsewhere(tmp_path: Path, cache_dir: Path) -> None:
    with start(tmp_path, cache_dir) as sandbox:
        peer = Peer(sandbox, "bw")
        token = peer.event_token("bw", str(uuid.uuid4()), str(uuid.uuid4()), "accept-submission")
        assert peer.checked(token)["name"] == "accept-submission"
