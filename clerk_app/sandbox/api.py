"""Submissions, events and destination look-ups over HTTP: what v1 and v2 share, differences as data."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from clerk_app.sandbox import jose
from clerk_app.sandbox.auth import Authority
from clerk_app.sandbox.model import Destination, Payload, Service, Submission
from clerk_app.sandbox.state import Portal
from clerk_app.sandbox.wire import (
    JOSE,
    REGION,
    SERVICE_IDENTIFIER,
    Answer,
    Call,
    Refusal,
    is_uuid,
    json_answer,
    page_of,
    paged,
    uuid_or,
)

Handler = Callable[[Call], Answer]
_HTTPS = re.compile(r"\Ahttps://[A-Za-z0-9\[][A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*\Z")


@dataclass(frozen=True)
class Dialect:
    """How one version of the API differs on the wire.

    The status numbers follow OpenAPI 1.1.3 for v1, which documents no 400 for lists and no 404 for uploads:
    only documented codes are used there. v2's own OpenAPI was not at hand, so it gets the plain choice.
    """

    version: int
    service_member: str
    services_member: str
    submitted_status: int
    bad_list_query_status: int
    bad_case_id_status: int
    unknown_upload_status: int
    wrong_event_type_status: int
    content_required: bool
    strict_jwe_headers: bool


V1 = Dialect(1, "serviceType", "services", 202, 403, 404, 422, 400, False, False)
V2 = Dialect(2, "publicService", "publicServices", 200, 400, 400, 404, 415, True, True)


class Api:
    """One version of the API over the shared state."""

    def __init__(self, portal: Portal, authority: Authority, dialect: Dialect) -> None:
        self.portal = portal
        self.authority = authority
        self.dialect = dialect

    def routes(self) -> list[tuple[str, str, Handler]]:
        """Method, path and handler of every call."""
        root = f"/v{self.dialect.version}"
        return [
            ("GET", f"{root}/info", self.version_info),
            ("GET", f"{root}/submissions", self.list_submissions),
            ("POST", f"{root}/submissions", self.announce),
            ("GET", f"{root}/submissions/{{submission_id}}", self.get_submission),
            ("PUT", f"{root}/submissions/{{submission_id}}", self.submit),
            ("GET", f"{root}/submissions/{{submission_id}}/events", self.submission_events),
            (
                "GET",
                f"{root}/submissions/{{submission_id}}/attachments/{{attachment_id}}",
                self.get_attachment,
            ),
            (
                "PUT",
                f"{root}/submissions/{{submission_id}}/attachments/{{attachment_id}}",
                self.put_attachment,
            ),
            ("GET", f"{root}/cases/{{case_id}}/events", self.case_events),
            ("POST", f"{root}/cases/{{case_id}}/events", self.post_event),
            ("GET", f"{root}/destinations/{{destination_id}}", self.get_destination),
            ("GET", f"{root}/destinations/{{destination_id}}/keys/{{key_id}}", self.get_key),
        ]

    # -- receiving ---------------------------------------------------------------------------------------

    def version_info(self, call: Call) -> Answer:
        """GET /info."""
        major, minor, patch = (1, 1, 3) if self.dialect.version == 1 else (2, 0, 0)
        return json_answer({"version": {"major": major, "minor": minor, "patch": patch}})

    def list_submissions(self, call: Call) -> Answer:
        """GET /submissions: what is ready for pickup."""
        client = self.authority.subscriber_of(call)
        status = self.dialect.bad_list_query_status
        limit, offset = page_of(call.query, status=status)
        wanted = call.query.get("destinationId")
        destination_id = None if wanted is None else uuid_or(wanted, status, "invalid-destination-id")
        ids = self.portal.waiting_ids(client, destination_id)
        page = paged("submissions", ids, limit, offset)
        page["submissions"] = [
            self._reference(self.portal.submissions[key]) for key in ids[offset : offset + limit]
        ]
        return json_answer(page)

    def _reference(self, submission: Submission) -> dict[str, Any]:
        return {
            "destinationId": submission.destination_id,
            "submissionId": submission.submission_id,
            "caseId": submission.case_id,
        }

    def _reduced(self, submission: Submission) -> dict[str, Any]:
        service = {"name": submission.service.name, "identifier": submission.service.identifier}
        if submission.service.description is not None:
            service["description"] = submission.service.description
        value: dict[str, Any] = {
            **self._reference(submission),
            "attachments": submission.announced,
            self.dialect.service_member: service,
        }
        if submission.callback_url is not None:
            value["callback"] = {"url": submission.callback_url}
        return value

    def get_submission(self, call: Call) -> Answer:
        """GET /submissions/{id}."""
        client = self.authority.subscriber_of(call)
        submission_id = uuid_or(call.params["submission_id"], 400, "invalid-submission-id")
        submission, payload = self.portal.fetchable(client, submission_id)
        return json_answer({**self._reduced(submission), **_encrypted(payload)})

    def get_attachment(self, call: Call) -> Answer:
        """GET /submissions/{id}/attachments/{id}."""
        client = self.authority.subscriber_of(call)
        submission_id = uuid_or(call.params["submission_id"], 400, "invalid-submission-id")
        attachment_id = uuid_or(call.params["attachment_id"], 400, "invalid-attachment-id")
        _, payload = self.portal.fetchable(client, submission_id)
        jwe = payload.attachments.get(attachment_id)
        if jwe is None:
            raise Refusal(404, "attachment-not-found", "no such attachment")
        return Answer(200, jwe.encode("ascii"), JOSE)

    def case_events(self, call: Call) -> Answer:
        """GET /cases/{id}/events."""
        client = self.authority.client_of(call)
        case_id = uuid_or(call.params["case_id"], self.dialect.bad_case_id_status, "invalid-case-id")
        return self._log_page(call, [e.token for e in self.portal.event_log(client, case_id)])

    def submission_events(self, call: Call) -> Answer:
        """GET /submissions/{id}/events: the log of this submission only."""
        client = self.authority.client_of(call)
        submission_id = uuid_or(call.params["submission_id"], 400, "invalid-submission-id")
        submission = self.portal.submissions.get(submission_id)
        if submission is None:
            raise Refusal(404, "submission-not-found", "no such submission")
        log = self.portal.event_log(client, submission.case_id, f"submission:{submission_id}")
        return self._log_page(call, [event.token for event in log])

    def _log_page(self, call: Call, tokens: list[str]) -> Answer:
        status = 404 if self.dialect.version == 1 else 400
        return json_answer(paged("eventLog", tokens, *page_of(call.query, status=status)))

    def post_event(self, call: Call) -> Answer:
        """POST /cases/{id}/events: accept, reject or forward."""
        client = self.authority.subscriber_of(call)
        case_id = uuid_or(call.params["case_id"], 400, "invalid-case-id")
        token = call.jose_text(wrong_type_status=self.dialect.wrong_event_type_status)
        self.portal.post_event(client, case_id, token.strip())
        return Answer(204)

    # -- sending -----------------------------------------------------------------------------------------

    def announce(self, call: Call) -> Answer:
        """POST /submissions."""
        client = self.authority.client_of(call)
        body = call.json_object()
        destination_id = uuid_or(body.get("destinationId"), 400, "invalid-destination-id")
        announced = body.get("announcedAttachments")
        if not isinstance(announced, list) or not all(is_uuid(entry) for entry in announced):
            raise Refusal(400, "malformed-request", "announcedAttachments must be a list of UUIDs")
        case_id = body.get("caseId")
        region = body.get("region") if self.dialect.version > 1 else None
        if region is not None and (not isinstance(region, str) or REGION.match(region) is None):
            raise Refusal(400, "malformed-request", "region must be DE and digits")
        submission = self.portal.announce(
            client,
            self.dialect.version,
            destination_id,
            [entry.lower() for entry in announced],
            _service(body.get(self.dialect.service_member), self.dialect.service_member),
            case_id=None if "caseId" not in body else uuid_or(case_id, 400, "invalid-case-id"),
            region=region,
            callback_url=callback_url(body),
        )
        return json_answer(self._reference(submission), 201)

    def put_attachment(self, call: Call) -> Answer:
        """PUT /submissions/{id}/attachments/{id}."""
        client = self.authority.client_of(call)
        submission_id = uuid_or(call.params["submission_id"], 400, "invalid-submission-id")
        attachment_id = uuid_or(call.params["attachment_id"], 400, "invalid-attachment-id")
        jwe = call.jose_text()
        if self.dialect.strict_jwe_headers:
            check_v2_header(jwe, content_types=None)
        unknown = self.dialect.unknown_upload_status
        self.portal.put_attachment(client, submission_id, attachment_id, jwe, unknown_status=unknown)
        return Answer(204)

    def submit(self, call: Call) -> Answer:
        """PUT /submissions/{id}."""
        client = self.authority.client_of(call)
        submission_id = uuid_or(call.params["submission_id"], 400, "invalid-submission-id")
        body = call.json_object(wrong_type_status=415)
        content = body.get("encryptedData")
        if "encryptedData" in body and not isinstance(content, str):
            raise Refusal(400, "malformed-request", "encryptedData must be a string")
        if self.dialect.content_required and content is None:
            raise Refusal(422, "data-missing", "encryptedData is mandatory")
        submission = self.portal.submit(
            client, submission_id, body.get("encryptedMetadata"), content, self._check_headers
        )
        return json_answer(self._reduced(submission), self.dialect.submitted_status)

    def _check_headers(self, metadata: str, content: str | None) -> None:
        if self.dialect.strict_jwe_headers:
            check_v2_header(metadata, content_types=("application/json",))
            if content is not None:
                check_v2_header(content, content_types=("application/json", "application/xml"))

    # -- destinations ------------------------------------------------------------------------------------

    def _destination(self, call: Call) -> Destination:
        destination_id = uuid_or(call.params["destination_id"], 404, "destination-not-found")
        destination = self.portal.destinations.get(destination_id)
        if destination is None:
            raise Refusal(404, "destination-not-found", "no such destination")
        return destination

    def get_destination(self, call: Call) -> Answer:
        """GET /destinations/{id}: public, no token needed."""
        return json_answer(public_view(self._destination(call), self.dialect))

    def get_key(self, call: Call) -> Answer:
        """GET /destinations/{id}/keys/{kid}: public."""
        jwk = self._destination(call).keys.get(call.params["key_id"])
        if jwk is None:
            raise Refusal(404, "key-not-found", "no such key")
        return json_answer(jwk)


def _encrypted(payload: Payload) -> dict[str, str]:
    value = {"encryptedMetadata": payload.metadata}
    if payload.content is not None:
        value["encryptedData"] = payload.content
    return value


def _service(value: object, member: str) -> Service:
    if not isinstance(value, dict):
        raise Refusal(400, "malformed-request", f"{member} is missing")
    name, identifier, description = (value.get(key) for key in ("name", "identifier", "description"))
    if not isinstance(name, str) or not isinstance(identifier, str):
        raise Refusal(400, "malformed-request", f"{member} needs name and identifier")
    if not 7 <= len(identifier) <= 255 or SERVICE_IDENTIFIER.match(identifier) is None:
        raise Refusal(400, "malformed-request", "identifier is not a service URN")
    if "description" in value and not isinstance(description, str):
        raise Refusal(400, "malformed-request", "description must be text")
    return Service(name, identifier, description)


def callback_url(body: Mapping[str, Any]) -> str | None:
    """The callback's address, checked and kept; the practice portal never calls out."""
    if "callback" not in body:
        return None
    callback = body["callback"]
    if not isinstance(callback, dict):
        raise Refusal(400, "malformed-request", "callback must be an object")
    url, secret = callback.get("url"), callback.get("secret")
    if not isinstance(url, str) or _HTTPS.match(url) is None:
        raise Refusal(400, "malformed-request", "callback url must start with https://")
    if not isinstance(secret, str) or not 32 <= len(secret) <= 512:
        raise Refusal(400, "malformed-request", "callback secret must have 32 to 512 characters")
    return url


def check_v2_header(jwe: str, *, content_types: tuple[str, ...] | None) -> None:
    """v2 refuses compressed content and wants the media type of metadata and data in ``cty``; else 422."""
    try:
        header = jose.jwe_header(jwe)
    except jose.JoseError:
        raise Refusal(422, "invalid-jwe", "the JWE header is not readable") from None
    if header.get("alg") != "RSA-OAEP-256" or header.get("enc") != "A256GCM":
        raise Refusal(422, "invalid-jwe", "Invalid JWE Header 'alg' or 'enc'")
    if "zip" in header:
        raise Refusal(422, "invalid-jwe", "Invalid JWE Header 'zip'")
    if content_types is not None and header.get("cty") not in content_types:
        raise Refusal(422, "invalid-jwe", "Invalid JWE Header 'cty'")


def public_view(destination: Destination, dialect: Dialect) -> dict[str, Any]:
    """What everybody may know of a destination."""
    value: dict[str, Any] = {
        "destinationId": destination.destination_id,
        "encryptionKid": destination.encryption_kid,
        "metadataVersions": destination.metadata_versions,
        dialect.services_member: destination.services,
        "status": destination.status,
    }
    if destination.reply_channels is not None and dialect.version == 1:
        value["replyChannels"] = destination.reply_channels
    if dialect.version > 1:
        value["name"] = destination.name
    return value
