"""Replies: an authority's answer inside the case (FIT-Connect bidirectional communication).

ASSUMED. The documentation describes replies and their events; the calls' paths and members below are formed
by symmetry with submissions, nothing could confirm them. The sender's verdict is put into the log by the
service on the online service's behalf, because a sender has no signature key that a receiver could look up.
"""

from __future__ import annotations

import uuid
from typing import Any

from clerk_app.sandbox.api import Dialect, Handler, check_v2_header
from clerk_app.sandbox.auth import Authority
from clerk_app.sandbox.citizens import Citizens, ReadReply
from clerk_app.sandbox.content import Rejected, open_payload
from clerk_app.sandbox.generator.filing import Filing
from clerk_app.sandbox.keys import KeyPair
from clerk_app.sandbox.model import Client, Reply, State, tags_of
from clerk_app.sandbox.state import Portal, finish_parts, store_part
from clerk_app.sandbox.wire import (
    JOSE,
    Answer,
    Call,
    Refusal,
    is_uuid,
    json_answer,
    jwe_or_refuse,
    page_of,
    paged,
    uuid_or,
)


class OnlineService:
    """The citizens' side of replies: reads them with its reply key, then accepts or rejects."""

    def __init__(self, portal: Portal, citizens: Citizens, filing: Filing, key: KeyPair) -> None:
        self._portal = portal
        self._citizens = citizens
        self._filing = filing
        self._key = key

    def read(self, reply: Reply) -> None:
        """Handles a submitted reply; one in a case somebody else opened is left for its sender to fetch."""
        if self._filing.of_case(reply.case_id) is None or reply.payload is None:
            return
        try:
            opened = open_payload(reply.payload, self._key)
        except Rejected as rejected:
            self._conclude(reply, "reject-reply", {"problems": [rejected.problem]})
            return
        tags = tags_of(reply.payload)
        received_s = self._portal.now_s()
        read = ReadReply(reply.reply_id, reply.case_id, received_s, opened.content, opened.files)
        self._citizens.take_reply(read)
        self._conclude(reply, "accept-reply", {"authenticationTags": tags})
        self._citizens.act()

    def _conclude(self, reply: Reply, name: str, payload: dict[str, Any]) -> None:
        with self._portal.lock:
            case = self._portal.cases[reply.case_id]
            reply.state = State.ACCEPTED if name == "accept-reply" else State.REJECTED
            reply.payload = None
            self._portal.record(case, f"reply:{reply.reply_id}", name, payload)
            self._portal.record(case, f"reply:{reply.reply_id}", "delete-reply")


class RepliesApi:
    """The calls for replies in one version of the API."""

    def __init__(self, portal: Portal, authority: Authority, dialect: Dialect, reader: OnlineService) -> None:
        self._portal = portal
        self._authority = authority
        self._dialect = dialect
        self._reader = reader

    def routes(self) -> list[tuple[str, str, Handler]]:
        """Method, path and handler of every call."""
        root = f"/v{self._dialect.version}/replies"
        return [
            ("POST", root, self.announce),
            ("GET", root, self.list_replies),
            ("GET", f"{root}/{{reply_id}}", self.get_reply),
            ("PUT", f"{root}/{{reply_id}}", self.submit),
            ("GET", f"{root}/{{reply_id}}/events", self.events),
            ("GET", f"{root}/{{reply_id}}/attachments/{{attachment_id}}", self.get_attachment),
            ("PUT", f"{root}/{{reply_id}}/attachments/{{attachment_id}}", self.put_attachment),
        ]

    # -- authority ---------------------------------------------------------------------------------------

    def announce(self, call: Call) -> Answer:
        """POST /replies {caseId, announcedAttachments}."""
        client = self._authority.subscriber_of(call)
        body = call.json_object()
        case_id = uuid_or(body.get("caseId"), 400, "invalid-case-id")
        announced = body.get("announcedAttachments", [])
        if not isinstance(announced, list) or not all(is_uuid(entry) for entry in announced):
            raise Refusal(400, "malformed-request", "announcedAttachments must be a list of UUIDs")
        if len(announced) > self._portal.limits.attachments:
            raise Refusal(413, "too-many-attachments", f"at most {self._portal.limits.attachments}")
        with self._portal.lock:
            case = self._portal.cases.get(case_id)
            if case is None:
                raise Refusal(404, "case-not-found", "no such case")
            self._portal.require_subscription(client, case.destination_id)
            submissions = [s for s in self._portal.submissions.values() if s.case_id == case_id]
            if not any(s.state is not State.INCOMPLETE for s in submissions):
                raise Refusal(422, "case-without-submission", "nothing to reply to")
            reply = Reply(
                str(uuid.uuid4()),
                case_id,
                submissions[0].submission_id,
                list(dict.fromkeys(entry.lower() for entry in announced)),
                self._portal.clock(),
            )
            self._portal.replies[reply.reply_id] = reply
            self._portal.record(case, f"reply:{reply.reply_id}", "create-reply")
        return json_answer(self._reference(reply), 201)

    def put_attachment(self, call: Call) -> Answer:
        """PUT /replies/{id}/attachments/{id}."""
        reply = self._own(self._authority.subscriber_of(call), call)
        attachment_id = uuid_or(call.params["attachment_id"], 400, "invalid-attachment-id")
        jwe = jwe_or_refuse(call.jose_text(), "attachment", 400)
        if attachment_id not in reply.announced:
            raise Refusal(422, "attachment-not-announced", "this attachment was not announced")
        with self._portal.lock:
            store_part(self._portal.limits, reply, attachment_id, jwe)
        return Answer(204)

    def submit(self, call: Call) -> Answer:
        """PUT /replies/{id} {encryptedMetadata, encryptedData}; the same parts again change nothing."""
        reply = self._own(self._authority.subscriber_of(call), call)
        body = call.json_object(wrong_type_status=415)
        metadata = jwe_or_refuse(body.get("encryptedMetadata"), "encryptedMetadata", 400)
        content = jwe_or_refuse(body.get("encryptedData"), "encryptedData", 422)
        if self._dialect.strict_jwe_headers:
            check_v2_header(metadata, content_types=("application/json",))
            check_v2_header(content, content_types=("application/json", "application/xml"))
        with self._portal.lock:
            fresh = reply.state is State.INCOMPLETE
            finish_parts(self._portal.limits, reply, metadata, content)
            if fresh and reply.payload is not None:
                reply.state = State.SUBMITTED
                tags = {"authenticationTags": tags_of(reply.payload)}
                case = self._portal.cases[reply.case_id]
                self._portal.record(case, f"reply:{reply.reply_id}", "submit-reply", tags)
        if fresh:
            self._reader.read(reply)
        return json_answer(self._reference(reply), self._dialect.submitted_status)

    # -- both sides --------------------------------------------------------------------------------------

    def events(self, call: Call) -> Answer:
        """GET /replies/{id}/events."""
        client = self._authority.client_of(call)
        reply = self._known(call)
        log = self._portal.event_log(client, reply.case_id, f"reply:{reply.reply_id}")
        return json_answer(paged("eventLog", [event.token for event in log], *page_of(call.query)))

    # -- sender ------------------------------------------------------------------------------------------

    def list_replies(self, call: Call) -> Answer:
        """GET /replies: what waits for this sender."""
        client = self._authority.client_of(call)
        with self._portal.lock:
            waiting: list[object] = [
                self._reference(reply)
                for reply in self._portal.replies.values()
                if reply.state is State.SUBMITTED
                and self._portal.cases[reply.case_id].sender == client.client_id
            ]
        return json_answer(paged("replies", waiting, *page_of(call.query)))

    def get_reply(self, call: Call) -> Answer:
        """GET /replies/{id} for the case's sender."""
        reply = self._senders(call)
        if reply.payload is None or reply.state is not State.SUBMITTED:
            raise Refusal(404, "reply-not-found", "not waiting to be fetched")
        parts = {"encryptedMetadata": reply.payload.metadata, "encryptedData": reply.payload.content}
        return json_answer({**self._reference(reply), "attachments": reply.announced, **parts})

    def get_attachment(self, call: Call) -> Answer:
        """GET /replies/{id}/attachments/{id} for the case's sender."""
        reply = self._senders(call)
        attachment_id = uuid_or(call.params["attachment_id"], 400, "invalid-attachment-id")
        jwe = None if reply.payload is None else reply.payload.attachments.get(attachment_id)
        if jwe is None:
            raise Refusal(404, "attachment-not-found", "no such attachment")
        return Answer(200, jwe.encode("ascii"), JOSE)

    # -- inside ------------------------------------------------------------------------------------------

    def _known(self, call: Call) -> Reply:
        reply_id = uuid_or(call.params["reply_id"], 400, "invalid-reply-id")
        reply = self._portal.replies.get(reply_id)
        if reply is None:
            raise Refusal(404, "reply-not-found", "no such reply")
        return reply

    def _own(self, client: Client, call: Call) -> Reply:
        reply = self._known(call)
        self._portal.require_subscription(client, self._portal.cases[reply.case_id].destination_id)
        return reply

    def _senders(self, call: Call) -> Reply:
        client = self._authority.client_of(call)
        reply = self._known(call)
        if self._portal.cases[reply.case_id].sender != client.client_id:
            raise Refusal(403, "missing-permission", "the case belongs to another sender")
        return reply

    def _reference(self, reply: Reply) -> dict[str, Any]:
        return {"replyId": reply.reply_id, "caseId": reply.case_id, "submissionId": reply.submission_id}
