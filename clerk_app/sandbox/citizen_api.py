"""Outside the FIT-Connect API: what citizens see, and the control of the practice portal.

All paths want the sender's credentials, as HTTP Basic (``sender_client_id``, ``sender_client_secret``) or as
a bearer token of the sender. They also answer on ``control_url``, which no fault closes.

- ``GET /citizens/applications``: what was filed, with states
- ``GET /citizens/mailboxes/{uuid}/messages``: messages in a BundID mailbox
- ``GET /citizens/mailboxes/{uuid}/messages/{id}/attachments/{name}``: an attachment as the citizen gets it
- ``POST /citizens/mailboxes`` ``{"mailboxUuid"}``: makes a mailbox known to the bridge
- ``GET /citizens/replies``: replies the online service has read
- ``GET /citizens/replies/{id}/attachments/{name}``: an attachment of one
- ``GET /sandbox/faults``: faults, known and switched on
- ``POST /sandbox/faults`` ``{"fault": "5xx:2"}``: switches one on
- ``DELETE /sandbox/faults`` and ``DELETE /sandbox/faults/{name}``: switches all or one off
- ``POST /sandbox/applications`` ``{"count", "defective"?, "authority"?}``: citizens file applications now
- ``POST /sandbox/answers``: answers held by ``late-answer`` are sent
- ``POST /sandbox/bridge``: messages held by ``slow-bridge`` are handled
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hmac
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Protocol
from urllib.parse import quote

from clerk_app.domain.errors import ClerkError
from clerk_app.sandbox.api import Handler
from clerk_app.sandbox.auth import Authority
from clerk_app.sandbox.bridge import Bridge
from clerk_app.sandbox.citizens import Citizens
from clerk_app.sandbox.content import OpenedFile
from clerk_app.sandbox.faults import FAULTS, FaultBoard
from clerk_app.sandbox.generator.filing import Filing
from clerk_app.sandbox.wire import Answer, Call, Refusal, json_answer, uuid_or


class Controls(Protocol):
    """What the running sandbox lets be done to itself."""

    faults: FaultBoard

    def switch_fault(self, text: str, on: bool = True) -> None:
        """Switches a fault on or off."""

    def file_applications(
        self, count: int, *, defective: int | None = None, authority: str | None = None
    ) -> None:
        """Citizens file applications."""


class CitizenApi:
    """The citizens' view and the control calls."""

    def __init__(
        self,
        controls: Controls,
        authority: Authority,
        citizens: Citizens,
        bridge: Bridge,
        filing: Filing,
        credentials: tuple[str, str],
    ) -> None:
        self._controls = controls
        self._authority = authority
        self._citizens = citizens
        self._bridge = bridge
        self._filing = filing
        self._credentials = credentials

    def routes(self) -> list[tuple[str, str, Handler]]:
        """Method, path and handler of every call."""
        mailboxes = "/citizens/mailboxes"
        plain: list[tuple[str, str, Handler]] = [
            ("GET", "/citizens/applications", self.applications),
            ("POST", mailboxes, self.open_mailbox),
            ("GET", f"{mailboxes}/{{mailbox}}/messages", self.messages),
            ("GET", f"{mailboxes}/{{mailbox}}/messages/{{message}}/attachments/{{name}}", self.message_file),
            ("GET", "/citizens/replies", self.replies),
            ("GET", "/citizens/replies/{reply}/attachments/{name}", self.reply_file),
            ("GET", "/sandbox/faults", self.faults),
            ("POST", "/sandbox/faults", self.fault_on),
            ("DELETE", "/sandbox/faults", self.faults_off),
            ("DELETE", "/sandbox/faults/{name}", self.fault_off),
            ("POST", "/sandbox/applications", self.file_applications),
            ("POST", "/sandbox/answers", self.answers),
            ("POST", "/sandbox/bridge", self.handle_bridge),
        ]
        return [(method, path, self._guarded(handler)) for method, path, handler in plain]

    def _guarded(self, handler: Handler) -> Handler:
        def guarded(call: Call) -> Answer:
            if not self._authorized(call):
                raise Refusal(401, "unauthorized", "sender credentials needed")
            return handler(call)

        return guarded

    def _authorized(self, call: Call) -> bool:
        scheme, _, value = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            try:
                given = base64.b64decode(value, validate=True)
            except (ValueError, binascii.Error):
                return False
            return hmac.compare_digest(given, ":".join(self._credentials).encode("ascii"))
        return self._authority.holder(value) == self._credentials[0]

    # -- citizens ----------------------------------------------------------------------------------------

    def applications(self, call: Call) -> Answer:
        """GET /citizens/applications."""
        return json_answer(
            {
                "applications": [
                    {
                        **asdict(entry),
                        "states": self._citizens.states(entry.applicationId) if entry.applicationId else [],
                    }
                    for entry in list(self._filing.filed)
                ]
            }
        )

    def open_mailbox(self, call: Call) -> Answer:
        """POST /citizens/mailboxes."""
        mailbox = uuid_or(call.json_object().get("mailboxUuid"), 400, "invalid-mailbox-uuid")
        self._citizens.open_mailbox(mailbox)
        return json_answer({"mailboxUuid": mailbox}, 201)

    def messages(self, call: Call) -> Answer:
        """GET /citizens/mailboxes/{uuid}/messages."""
        mailbox = self._citizens.mailbox(call.params["mailbox"])
        base = f"/citizens/mailboxes/{mailbox.mailbox_uuid}/messages"
        return json_answer(
            {
                "messages": [
                    {
                        "messageId": message.message_id,
                        "submissionId": message.submission_id,
                        "receivedAt": _iso(message.received_s),
                        "content": message.content,
                        "attachments": _file_list(message.files, f"{base}/{message.message_id}"),
                    }
                    for message in list(mailbox.messages)
                ]
            }
        )

    def message_file(self, call: Call) -> Answer:
        """GET /citizens/mailboxes/{uuid}/messages/{id}/attachments/{name}."""
        mailbox = self._citizens.mailbox(call.params["mailbox"])
        for message in list(mailbox.messages):
            if message.message_id == call.params["message"]:
                return _file(message.files, call.params["name"])
        raise Refusal(404, "message-not-found", "no such message")

    def replies(self, call: Call) -> Answer:
        """GET /citizens/replies."""
        return json_answer(
            {
                "replies": [
                    {
                        "replyId": reply.reply_id,
                        "caseId": reply.case_id,
                        "receivedAt": _iso(reply.received_s),
                        "content": reply.content,
                        "attachments": _file_list(reply.files, f"/citizens/replies/{reply.reply_id}"),
                    }
                    for reply in list(self._citizens.replies.values())
                ]
            }
        )

    def reply_file(self, call: Call) -> Answer:
        """GET /citizens/replies/{id}/attachments/{name}."""
        reply = self._citizens.replies.get(call.params["reply"])
        if reply is None:
            raise Refusal(404, "reply-not-found", "no such reply")
        return _file(reply.files, call.params["name"])

    # -- control -----------------------------------------------------------------------------------------

    def faults(self, call: Call) -> Answer:
        """GET /sandbox/faults."""
        return json_answer({"on": self._controls.faults.listing(), "known": FAULTS})

    def fault_on(self, call: Call) -> Answer:
        """POST /sandbox/faults."""
        text = call.json_object().get("fault")
        try:
            self._controls.switch_fault(str(text))
        except ClerkError as error:
            raise Refusal(422, "unknown-fault", f"known: {error.params['known']}") from None
        return self.faults(call)

    def faults_off(self, call: Call) -> Answer:
        """DELETE /sandbox/faults."""
        for text in self._controls.faults.listing():
            self._controls.switch_fault(text.split(":", 1)[0], on=False)
        return self.faults(call)

    def fault_off(self, call: Call) -> Answer:
        """DELETE /sandbox/faults/{name}."""
        self._controls.switch_fault(call.params["name"], on=False)
        return self.faults(call)

    def file_applications(self, call: Call) -> Answer:
        """POST /sandbox/applications."""
        body = call.json_object()
        count, defective, authority = (body.get(key) for key in ("count", "defective", "authority"))
        if not isinstance(count, int) or not 0 <= count <= 100_000:
            raise Refusal(400, "malformed-request", "count must be a number up to 100000")
        if defective is not None and not isinstance(defective, int):
            raise Refusal(400, "malformed-request", "defective must be a number")
        if authority not in (None, "bw", "sn"):
            raise Refusal(400, "malformed-request", "authority must be bw or sn")
        before = len(self._filing.filed)
        self._controls.file_applications(count, defective=defective, authority=authority)
        return json_answer({"applications": [asdict(entry) for entry in self._filing.filed[before:]]}, 201)

    def answers(self, call: Call) -> Answer:
        """POST /sandbox/answers."""
        return _counted(self._citizens.answer_now)

    def handle_bridge(self, call: Call) -> Answer:
        """POST /sandbox/bridge."""
        return _counted(self._bridge.handle_held)


def _counted(work: Callable[[], int]) -> Answer:
    return json_answer({"handled": work()})


def _iso(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat()


def _file_list(files: tuple[OpenedFile, ...], base: str) -> list[dict[str, Any]]:
    return [
        {
            "filename": file.filename,
            "mediaType": file.media_type,
            "size": len(file.content),
            "sha512": file.sha512,
            "href": f"{base}/attachments/{quote(file.filename, safe='')}",
        }
        for file in files
    ]


def _file(files: tuple[OpenedFile, ...], name: str) -> Answer:
    for file in files:
        if file.filename == name:
            return Answer(200, file.content, file.media_type)
    raise Refusal(404, "attachment-not-found", "no such attachment")
