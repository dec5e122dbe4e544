"""Managing destinations over v1 (OpenAPI 1.1.3) and listing keys over v2."""

from __future__ import annotations

import re
import uuid
from typing import Any
from urllib.parse import quote

from clerk_app.sandbox import jose
from clerk_app.sandbox.api import V1, Handler, callback_url, public_view
from clerk_app.sandbox.auth import Authority
from clerk_app.sandbox.model import Client, Destination
from clerk_app.sandbox.state import Portal
from clerk_app.sandbox.wire import (
    REGION,
    SERVICE_IDENTIFIER,
    Answer,
    Call,
    Refusal,
    json_answer,
    page_of,
    paged,
    uuid_or,
)

_SEMVER = re.compile(r"\A(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)\Z")
_STATES = ("created", "active", "inactive", "decommissioned")
_CHANNELS = ("deMail", "elster", "eMail", "fink")


def _bad(detail: str) -> Refusal:
    return Refusal(400, "malformed-request", detail)


class DestinationApi:
    """Zustellpunktverwaltung."""

    def __init__(self, portal: Portal, authority: Authority) -> None:
        self._portal = portal
        self._authority = authority

    def routes(self) -> list[tuple[str, str, Handler]]:
        """Method, path and handler of every call."""
        one = "/v1/destinations/{destination_id}"
        return [
            ("GET", "/v1/destinations", self.list_own),
            ("POST", "/v1/destinations", self.create),
            ("PUT", one, self.replace),
            ("PATCH", one, self.patch),
            ("DELETE", one, self.delete),
            ("POST", f"{one}/keys", self.add_key),
            ("GET", "/v2/destinations/{destination_id}/keys", self.list_keys),
        ]

    def list_own(self, call: Call) -> Answer:
        """GET /v1/destinations."""
        client = self._authority.subscriber_of(call)
        limit, offset = page_of(call.query, status=403)  # 1.1.3 documents no other refusal here
        own = [self._portal.destinations[key] for key in self._portal.subscriptions(client)]
        return json_answer(paged("destinations", [_private_view(entry) for entry in own], limit, offset))

    def create(self, call: Call) -> Answer:
        """POST /v1/destinations."""
        client = self._authority.subscriber_of(call)
        body = call.json_object()
        encryption = _jwk(body.get("encryptionPublicKey"), "wrapKey")
        signing = _jwk(body.get("signingPublicKey"), "verify")
        if body.get("encryptionKid") != encryption["kid"]:
            raise _bad("encryptionKid is not the kid of encryptionPublicKey")
        for name in ("contactInformation", "services", "metadataVersions"):
            if name not in body:
                raise _bad(f"{name} is missing")
        destination = Destination(
            str(uuid.uuid4()),
            "",
            client.client_id,
            encryption["kid"],
            [],
            {},
            [],
            {encryption["kid"]: encryption, signing["kid"]: signing},
            status="created",
        )
        self._apply(destination, body)
        with self._portal.lock:
            self._portal.destinations[destination.destination_id] = destination
        location = {"Location": f"/destinations/{destination.destination_id}"}
        return json_answer(_private_view(destination), 201, location)

    def replace(self, call: Call) -> Answer:
        """PUT /v1/destinations/{id}."""
        destination, body = self._managed(self._authority.subscriber_of(call), call), call.json_object()
        for name in ("status", "contactInformation", "services", "encryptionKid", "metadataVersions"):
            if name not in body:
                raise _bad(f"{name} is missing")
        self._apply(destination, body)
        return json_answer(_private_view(destination))

    def patch(self, call: Call) -> Answer:
        """PATCH /v1/destinations/{id}."""
        destination, body = self._managed(self._authority.subscriber_of(call), call), call.json_object()
        if body.get("status") == "created":
            raise _bad("status cannot go back to created")
        self._apply(destination, body)
        return json_answer(_private_view(destination))

    def delete(self, call: Call) -> Answer:
        """DELETE /v1/destinations/{id}: only without waiting submissions."""
        destination = self._managed(self._authority.subscriber_of(call), call)
        with self._portal.lock:
            if self._portal.waiting.get(destination.destination_id):
                raise Refusal(400, "destination-not-empty", "submissions are waiting")
            del self._portal.destinations[destination.destination_id]
        return Answer(204)

    def add_key(self, call: Call) -> Answer:
        """POST /v1/destinations/{id}/keys."""
        destination, body = self._managed(self._authority.subscriber_of(call), call), call.json_object()
        jwk = _jwk(body, None)
        known = destination.keys.setdefault(jwk["kid"], jwk)
        if known["n"] != jwk["n"]:
            raise _bad("kid is taken by another key")
        return Answer(
            201,
            headers={
                "Location": f"/destinations/{destination.destination_id}/keys/{quote(jwk['kid'], safe='')}"
            },
        )

    def list_keys(self, call: Call) -> Answer:
        """GET /v2/destinations/{id}/keys."""
        destination_id = uuid_or(call.params["destination_id"], 404, "destination-not-found")
        destination = self._portal.destinations.get(destination_id)
        if destination is None:
            raise Refusal(404, "destination-not-found", "no such destination")
        return json_answer({"keys": list(destination.keys.values())})

    def _managed(self, client: Client, call: Call) -> Destination:
        destination_id = uuid_or(call.params["destination_id"], 400, "invalid-destination-id")
        if destination_id not in self._portal.destinations:
            raise Refusal(404, "destination-not-found", "no such destination")
        return self._portal.require_subscription(client, destination_id)

    def _apply(self, destination: Destination, body: dict[str, Any]) -> None:
        """Checks every given member first, then changes the destination in one go."""
        changes: dict[str, Any] = {}
        if "status" in body:
            if body["status"] not in _STATES:
                raise _bad("unknown status")
            changes["status"] = body["status"]
        if "contactInformation" in body:
            changes["contact"] = _contact(body["contactInformation"])
            changes["name"] = changes["contact"]["legalName"]
        if "services" in body:
            changes["services"] = _services(body["services"])
        if "metadataVersions" in body:
            changes["metadata_versions"] = _versions(body["metadataVersions"])
        if "replyChannels" in body:
            changes["reply_channels"] = _channels(body["replyChannels"])
        if "callback" in body:
            changes["callback_url"] = callback_url(body)
        if "encryptionKid" in body:
            jwk = destination.keys.get(str(body["encryptionKid"]))
            if jwk is None or "wrapKey" not in jwk["key_ops"]:
                raise _bad("encryptionKid is not an encryption key of this destination")
            changes["encryption_kid"] = body["encryptionKid"]
        with self._portal.lock:
            for name, value in changes.items():
                setattr(destination, name, value)


def _private_view(destination: Destination) -> dict[str, Any]:
    value = {**public_view(destination, V1), "contactInformation": destination.contact}
    if destination.callback_url is not None:
        value["callback"] = {"url": destination.callback_url}
    return value


def _jwk(value: object, operation: str | None) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _bad("a JSON web key is missing")
    allowed = {"wrapKey": "RSA-OAEP-256", "verify": "PS512"}
    if value.get("kty") != "RSA" or value.get("e") != "AQAB":
        raise _bad("only RSA keys with e AQAB")
    operations = value.get("key_ops")
    if not isinstance(operations, list) or operations not in [[name] for name in allowed]:
        raise _bad("key_ops must be wrapKey or verify")
    if operation is not None and operations[0] != operation:
        raise _bad(f"key_ops must be {operation}")
    if value.get("alg") != allowed[operations[0]]:
        raise _bad("alg does not suit key_ops")
    kid, modulus, chain = value.get("kid"), value.get("n"), value.get("x5c")
    if not isinstance(kid, str) or not 8 <= len(kid) <= 64:
        raise _bad("kid must have 8 to 64 characters")
    if not isinstance(modulus, str) or len(modulus) < 683:
        raise _bad("the key must have 4096 bit")
    if not isinstance(chain, list) or not chain or not all(isinstance(entry, str) for entry in chain):
        raise _bad("x5c is missing")
    try:
        jose.public_key(value)
    except jose.JoseError:
        raise _bad("not an RSA key") from None
    return {name: value[name] for name in ("kty", "key_ops", "alg", "x5c", "kid", "n", "e")}


def _contact(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _bad("contactInformation must be an object")
    for name in ("legalName", "address", "phone", "email"):
        if not isinstance(value.get(name), str):
            raise _bad(f"contactInformation.{name} is missing")
    if re.fullmatch(r"[^@\s]+@[^@\s]+", value["email"]) is None:
        raise _bad("contactInformation.email is not an address")
    if not isinstance(value.get("unit", ""), str):
        raise _bad("contactInformation.unit must be text")
    return {name: value[name] for name in ("legalName", "address", "phone", "email", "unit") if name in value}


def _distinct(value: object, name: str) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise _bad(f"{name} must be a list with at least one entry")
    if any(entry in value[:number] for number, entry in enumerate(value)):
        raise _bad(f"{name} has an entry twice")
    return value


def _services(value: object) -> list[dict[str, Any]]:
    services = []
    for entry in _distinct(value, "services"):
        if not isinstance(entry, dict):
            raise _bad("a service must be an object")
        identifier = entry.get("identifier")
        if (
            not isinstance(identifier, str)
            or not 7 <= len(identifier) <= 255
            or SERVICE_IDENTIFIER.match(identifier) is None
        ):
            raise _bad("identifier is not a service URN")
        regions = _distinct(entry.get("regions"), "regions")
        if not all(isinstance(region, str) and REGION.match(region) for region in regions):
            raise _bad("a region must be DE and digits")
        schemas = []
        for schema in _distinct(entry.get("submissionSchemas"), "submissionSchemas"):
            if (
                not isinstance(schema, dict)
                or schema.get("mimeType") not in ("application/json", "application/xml")
                or not isinstance(schema.get("schemaUri"), str)
                or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:\S+\Z", schema["schemaUri"]) is None
            ):
                raise _bad("a submission schema needs schemaUri and mimeType")
            schemas.append({"schemaUri": schema["schemaUri"], "mimeType": schema["mimeType"]})
        services.append({"identifier": identifier, "regions": regions, "submissionSchemas": schemas})
    return services


def _versions(value: object) -> list[str]:
    versions = _distinct(value, "metadataVersions")
    if not all(isinstance(entry, str) and _SEMVER.match(entry) for entry in versions):
        raise _bad("metadataVersions must be versions like 1.0.0")
    return versions


def _channels(value: object) -> dict[str, Any]:
    if not isinstance(value, dict) or not value:
        raise _bad("replyChannels must name at least one channel")
    for name, settings in value.items():
        if name in _CHANNELS and not isinstance(settings, dict):
            raise _bad(f"replyChannels.{name} must be an object")
        if name == "eMail" and not isinstance(settings.get("usePgp", True), bool):
            raise _bad("usePgp must be true or false")
    return value
