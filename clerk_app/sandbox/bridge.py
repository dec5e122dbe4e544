"""The mailbox bridge: a destination that puts messages of authorities into citizens' BundID mailboxes.

It is an ordinary receiver: it decrypts, checks, and says accept or reject in the case's event log, signed
with its own destination's key. It works while the sender's PUT is still open, so its verdict is in the log
when the PUT is answered (fault ``slow-bridge``: only when told).
"""

from __future__ import annotations

import threading

from cryptography.hazmat.primitives import hashes
from cryptography.x509 import Certificate

from clerk_app.sandbox.authorities import ZBP_MESSAGE, ZBP_STATUS
from clerk_app.sandbox.citizens import Citizens
from clerk_app.sandbox.content import Rejected, open_payload
from clerk_app.sandbox.events import make_event
from clerk_app.sandbox.keys import KeyRing
from clerk_app.sandbox.model import Submission
from clerk_app.sandbox.state import Portal
from clerk_app.sandbox.zbp import authentic_content, check_message, check_status


class Bridge:
    """Brücke zum Postfach. ``receive`` is called by the portal for every submission to its destination."""

    def __init__(self, portal: Portal, keys: KeyRing, citizens: Citizens) -> None:
        self._portal = portal
        self._encryption = keys.pair("bridge-encryption")
        self._signature = keys.pair("bridge-signature")
        self._citizens = citizens
        self._registered: dict[bytes, str] = {}
        self._held: list[Submission] = []
        self._lock = threading.Lock()

    def register(self, certificate: Certificate, owner: str) -> None:
        """Lets an authority sign messages with this certificate."""
        self._registered[certificate.fingerprint(hashes.SHA256())] = owner

    def receive(self, submission: Submission) -> None:
        """Handles a submission, or holds it back while ``slow-bridge`` is on."""
        if self._portal.faults.strike("slow-bridge"):
            with self._lock:
                self._held.append(submission)
            return
        self._handle(submission)

    def handle_held(self) -> int:
        """Handles what was held back; how many that were."""
        with self._lock:
            held, self._held = self._held, []
        for submission in held:
            self._handle(submission)
        return len(held)

    def _handle(self, submission: Submission) -> None:
        payload = submission.payload
        if payload is None:
            return
        tags = submission.tags()
        try:
            opened = open_payload(payload, self._encryption)
            kind = submission.service.identifier
            if kind not in (ZBP_MESSAGE, ZBP_STATUS):
                raise Rejected("unsupported-service", "submission", "neither a message nor a status")
            content = authentic_content(opened, self._registered, self._portal.clock())
            if kind == ZBP_STATUS:
                check_status(content)
            else:
                check_message(content, opened.files)
                if not self._citizens.has_mailbox(content["mailboxUuid"]):
                    raise Rejected("invalid-content", "data", "no such mailbox")
        except Rejected as rejected:
            self._say(submission, "reject-submission", {"problems": [rejected.problem]})
            return
        if kind == ZBP_STATUS:
            self._citizens.take_status(content)
        else:
            self._citizens.take_message(submission.submission_id, content, opened.files)
        self._say(submission, "accept-submission", {"authenticationTags": tags})
        self._citizens.act()

    def _say(self, submission: Submission, name: str, payload: dict[str, object]) -> None:
        event = make_event(
            self._signature,
            submission.destination_id,
            submission.case_id,
            f"submission:{submission.submission_id}",
            name,
            self._portal.now_s(),
            payload,
        )
        self._portal.conclude(submission, name, event)
