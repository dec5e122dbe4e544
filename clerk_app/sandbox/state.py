"""The delivery service's memory and its rules for submissions and their events.

Everything here is called with plain values, by the HTTP layer and by the in-process citizens alike, so that
generated applications take the same way as those that come over the wire. Thread-safe.
"""

from __future__ import annotations

import hashlib
import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

from clerk_app.sandbox import jose
from clerk_app.sandbox.events import Event, check_posted_event, make_event
from clerk_app.sandbox.faults import FaultBoard
from clerk_app.sandbox.keys import KeyPair
from clerk_app.sandbox.model import (
    Case,
    Client,
    Destination,
    Limits,
    Payload,
    Reply,
    Service,
    State,
    Submission,
)
from clerk_app.sandbox.wire import Refusal, jwe_or_refuse

INCOMPLETE_KEPT_S = 86_400  # announced and never sent: forgotten after a day
UNFETCHED_KEPT_S = 14 * 86_400  # then rejected by the service itself
CLOCK_SKEW_S = 600
WAITING = (State.SUBMITTED, State.FORWARDED)


class Portal:
    """Zustelldienst: state and rules. ``clock`` gives seconds since 1970; tests may hand in their own."""

    def __init__(
        self, service_key: KeyPair, clock: Callable[[], float], *, limits: Limits, faults: FaultBoard
    ) -> None:
        self.service_key = service_key
        self.clock = clock
        self.limits = limits
        self.faults = faults
        self.base_url = "http://127.0.0.1"
        self.lock = threading.RLock()
        self.destinations: dict[str, Destination] = {}
        self.clients: dict[str, Client] = {}
        self.submissions: dict[str, Submission] = {}
        self.waiting: dict[str, dict[str, None]] = {}  # destination -> ids in order of arrival
        self.cases: dict[str, Case] = {}
        self.replies: dict[str, Reply] = {}
        self.receivers: dict[str, Callable[[Submission], None]] = {}  # destinations the sandbox itself serves
        self.reply_readers: list[Callable[[Reply], None]] = []
        self.arrived = threading.Condition(self.lock)  # notified on every change of a log
        self._stale_lists: dict[str, list[str]] = {}

    # -- time, rights ------------------------------------------------------------------------------------

    def now_s(self) -> float:
        """The portal's own idea of the time."""
        return self.clock() + (CLOCK_SKEW_S if self.faults.is_on("clock-skew") else 0)

    def require_subscription(self, client: Client, destination_id: str) -> Destination:
        """The destination, or 403 when this client has no connection to it."""
        destination = self.destinations.get(destination_id)
        if destination is None or destination_id not in client.destinations | self._owned_by(client):
            raise Refusal(403, "missing-permission", "this client has no connection to the destination")
        return destination

    def _owned_by(self, client: Client) -> frozenset[str]:
        return frozenset(d.destination_id for d in self.destinations.values() if d.owner == client.client_id)

    def subscriptions(self, client: Client) -> list[str]:
        """Destination ids this client receives for."""
        return [key for key in self.destinations if key in client.destinations | self._owned_by(client)]

    # -- sending -----------------------------------------------------------------------------------------

    def announce(
        self,
        client: Client,
        version: int,
        destination_id: str,
        attachments: list[str],
        service: Service,
        *,
        case_id: str | None = None,
        region: str | None = None,
        callback_url: str | None = None,
    ) -> Submission:
        """Opens a submission, in a new case or in a known one. Raises ``Refusal`` 404, 413, 422."""
        with self.lock:
            destination = self.destinations.get(destination_id)
            if destination is None:
                raise Refusal(404, "destination-not-found", "no such destination")
            if destination.status != "active":
                raise Refusal(422, "destination-state-invalid", f"the destination is {destination.status}")
            # whether the service suits is the receiver's to judge (problem unsupported-service)
            if len(set(attachments)) > self.limits.attachments:
                raise Refusal(413, "too-many-attachments", f"at most {self.limits.attachments}")
            case = self._case_for(client, destination_id, case_id)
            submission = Submission(
                str(uuid.uuid4()),
                case.case_id,
                destination_id,
                client.client_id,
                list(dict.fromkeys(attachments)),
                service,
                version,
                self.clock(),
                region,
                callback_url,
            )
            self.submissions[submission.submission_id] = submission
            self.record(case, f"submission:{submission.submission_id}", "create-submission")
            return submission

    def _case_for(self, client: Client, destination_id: str, case_id: str | None) -> Case:
        if case_id is None:
            case = Case(str(uuid.uuid4()), destination_id, client.client_id)
            self.cases[case.case_id] = case
            return case
        known = self.cases.get(case_id)
        if known is None or known.sender != client.client_id:
            raise Refusal(422, "case-not-found", "no such case of this sender")
        if known.destination_id != destination_id:
            raise Refusal(422, "case-of-other-destination", "the case belongs to another destination")
        return known

    def own_submission(self, client: Client, submission_id: str, status: int = 404) -> Submission:
        """A submission this client announced and that has not been forgotten since."""
        submission = self.submissions.get(submission_id)
        if submission is None or submission.sender != client.client_id or self._forgotten(submission):
            raise Refusal(status, "submission-not-found", "no such submission of this client")
        return submission

    def _forgotten(self, submission: Submission) -> bool:
        return (
            submission.state is State.INCOMPLETE and self.clock() - submission.created_s > INCOMPLETE_KEPT_S
        )

    def put_attachment(
        self, client: Client, submission_id: str, attachment_id: str, jwe: str, *, unknown_status: int = 404
    ) -> None:
        """Stores an announced attachment; the same bytes again are welcome at any time."""
        jwe_or_refuse(jwe, "attachment", 400)
        with self.lock:
            submission = self.own_submission(client, submission_id, unknown_status)
            if attachment_id not in submission.announced:
                raise Refusal(422, "attachment-not-announced", "this attachment was not announced")
            store_part(self.limits, submission, attachment_id, jwe)

    def submit(
        self,
        client: Client,
        submission_id: str,
        metadata: object,
        content: object,
        check: Callable[[str, str | None], None] | None = None,
    ) -> Submission:
        """Sends the submission to its destination. Idempotent: identical parts again change nothing."""
        metadata_jwe = jwe_or_refuse(metadata, "encryptedMetadata", 400)
        content_jwe = None if content is None else jwe_or_refuse(content, "encryptedData", 400)
        if check is not None:
            check(metadata_jwe, content_jwe)
        with self.lock:
            submission = self.own_submission(client, submission_id)
            fresh = submission.state is State.INCOMPLETE
            finish_parts(self.limits, submission, metadata_jwe, content_jwe)
            if fresh:
                submission.state = State.SUBMITTED
                submission.submitted_s = self.clock()
                self.waiting.setdefault(submission.destination_id, {})[submission.submission_id] = None
                self.record(
                    self.cases[submission.case_id],
                    f"submission:{submission.submission_id}",
                    "submit-submission",
                    {"authenticationTags": submission.tags()},
                )
        receiver = self.receivers.get(submission.destination_id)
        if fresh and receiver is not None:
            receiver(submission)
        return submission

    # -- receiving ---------------------------------------------------------------------------------------

    def waiting_ids(self, client: Client, destination_id: str | None) -> list[str]:
        """Ids of the submissions ready for pickup, oldest first."""
        with self.lock:
            self._reject_unfetched()
            if destination_id is None:
                wanted = self.subscriptions(client)
            else:
                wanted = [self.require_subscription(client, destination_id).destination_id]
            if self.faults.strike("restored-from-backup"):
                self._restore_from_backup()
            ids = [key for destination in wanted for key in self.waiting.get(destination, ())]
            if self.faults.is_on("stale-list"):
                return self._stale_lists.setdefault(f"{client.client_id}/{destination_id}", ids)
            self._stale_lists.clear()
            return _told(self.faults, ids)

    def fetchable(self, client: Client, submission_id: str) -> tuple[Submission, Payload]:
        """A waiting submission with its parts; 403 without connection, 404 when not waiting."""
        with self.lock:
            if self.faults.strike("wrong-submission", f"/submissions/{submission_id}"):
                submission_id = self._beside(submission_id)
            submission = self.submissions.get(submission_id)
            if submission is None or submission.destination_id in self.receivers:
                raise Refusal(404, "submission-not-found", "no such submission")
            self.require_subscription(client, submission.destination_id)
            if submission.state not in WAITING or submission.payload is None:
                raise Refusal(404, "submission-not-found", "not waiting to be fetched")
            payload = submission.payload
        if self.faults.strike("hash-mismatch", f"/submissions/{submission_id}"):
            payload = self._exchanged(submission, payload)
        return submission, payload

    def _beside(self, submission_id: str) -> str:
        asked = self.submissions.get(submission_id)
        waiting = self.waiting.get(asked.destination_id, {}) if asked is not None else {}
        return next((each for each in waiting if each != submission_id), submission_id)

    def _exchanged(self, submission: Submission, payload: Payload) -> Payload:
        destination = self.destinations[submission.destination_id]
        key = jose.public_key(destination.keys[destination.encryption_kid])

        def other(jwe: str) -> str:
            kind = str(jose.jwe_header(jwe).get("cty", "application/json"))
            return jose.encrypt(b'{"exchanged": true}', key, destination.encryption_kid, kind)

        content = None if payload.content is None else other(payload.content)
        return Payload(payload.metadata, content, {k: other(v) for k, v in payload.attachments.items()})

    def post_event(self, client: Client, case_id: str, token: str) -> None:
        """A receiver's accept, reject or forward. Raises ``Refusal`` 403, 404, 409, 422."""
        with self.lock:
            case = self.cases.get(case_id)
            if case is None:
                raise Refusal(404, "case-not-found", "no such case")
            destination = self.require_subscription(client, case.destination_id)
            if any(event.token == token for event in case.log if event.claims["iss"] == case.destination_id):
                return  # the very same token again: its answer was lost
            name, submission_id, payload, claims = check_posted_event(
                token, case_id, destination, self.now_s()
            )
            submission = self.submissions.get(submission_id)
            if submission is None or submission.case_id != case_id:
                raise Refusal(422, "invalid-security-event-token", "sub is not a submission of this case")
            if any(event.claims["jti"] == claims["jti"] for event in case.log):
                raise Refusal(422, "invalid-security-event-token", "jti was used before")
            if submission.state not in WAITING:
                raise Refusal(409, "invalid-state-transition", f"the submission is {submission.state}")
            tags = payload.get("authenticationTags")
            if tags is not None and tags != submission.tags():
                raise Refusal(422, "incorrect-authentication-tag", "authentication tags differ")
            self.conclude(submission, name, Event(claims, token=token))

    def conclude(self, submission: Submission, name: str, event: Event) -> None:
        """Puts the receiver's event into the log; accept and reject end the service's custody."""
        with self.lock:
            case = self.cases[submission.case_id]
            case.log.append(event)
            if name == "forward-submission":
                submission.state = State.FORWARDED
            else:
                submission.state = State.ACCEPTED if name == "accept-submission" else State.REJECTED
                submission.kept_copy, submission.payload = submission.payload, None
                self.waiting[submission.destination_id].pop(submission.submission_id, None)
                self.record(case, f"submission:{submission.submission_id}", "delete-submission")
            self.arrived.notify_all()

    def _reject_unfetched(self) -> None:
        horizon = self.clock() - UNFETCHED_KEPT_S
        for ids in self.waiting.values():
            for submission_id in list(ids):
                submission = self.submissions[submission_id]
                if submission.submitted_s >= horizon:
                    break  # in order of arrival
                problem = {
                    "type": "https://schema.fitko.de/fit-connect/events/problems/technical-error",
                    "title": "Not fetched in time",
                    "detail": "Not fetched within 14 days",
                    "instance": "submission",
                }
                event = self.service_event(
                    submission.case_id,
                    f"submission:{submission_id}",
                    "reject-submission",
                    {"problems": [problem]},
                )
                self.conclude(submission, "reject-submission", event)

    def _restore_from_backup(self) -> None:
        for submission in self.submissions.values():
            if submission.kept_copy is None or submission.destination_id in self.receivers:
                continue
            submission.state, submission.payload = State.SUBMITTED, submission.kept_copy
            submission.kept_copy = None
            subject = f"submission:{submission.submission_id}"
            case = self.cases[submission.case_id]
            case.log[:] = [
                e
                for e in case.log
                if e.subject != subject or e.name in ("create-submission", "submit-submission")
            ]
            self.waiting.setdefault(submission.destination_id, {})[submission.submission_id] = None

    # -- event log ---------------------------------------------------------------------------------------

    def service_event(
        self, case_id: str, subject: str, name: str, payload: dict[str, Any] | None = None
    ) -> Event:
        """An event in the service's own name."""
        return make_event(self.service_key, self.base_url, case_id, subject, name, self.now_s(), payload)

    def record(self, case: Case, subject: str, name: str, payload: dict[str, Any] | None = None) -> None:
        """Appends the service's own event to a case."""
        with self.lock:
            case.log.append(self.service_event(case.case_id, subject, name, payload))
            self.arrived.notify_all()

    def event_log(self, client: Client, case_id: str, subject: str | None = None) -> list[Event]:
        """The case's events, oldest first; for its sender and its receiver."""
        with self.lock:
            case = self.cases.get(case_id)
            if case is None:
                raise Refusal(404, "case-not-found", "no such case")
            if case.sender != client.client_id:
                self.require_subscription(client, case.destination_id)
            log = [event for event in case.log if subject is None or event.subject == subject]
        if self.faults.strike("forged-event", f"/cases/{case_id}/events") and log:
            log = [*log[:-1], _forged(log[-1])]
        if self.faults.strike("reordered-events", f"/cases/{case_id}/events"):
            log = log[::-1]
        return log


def _told(faults: FaultBoard, ids: list[str]) -> list[str]:
    """The list as it is told: a cache or a replica in between may know less, more or other."""
    if faults.strike("empty-list", "/submissions"):
        return []
    if faults.strike("duplicated-list", "/submissions"):
        return [each for each in ids for _ in range(2)]
    if faults.strike("reordered-list", "/submissions"):
        return ids[::-1]
    return ids


def _forged(event: Event) -> Event:
    header, _, signature = event.token.split(".")
    claims = {**event.claims, "iat": event.claims["iat"] - 3600}
    altered = jose.b64u(json.dumps(claims).encode())
    return Event(claims, token=f"{header}.{altered}.{signature}")


def _fingerprint(part: str | None) -> str:
    return hashlib.sha256((part or "").encode()).hexdigest()


def store_part(limits: Limits, holder: Submission | Reply, attachment_id: str, jwe: str) -> None:
    """Keeps one encrypted attachment of a submission or reply. Raises ``Refusal`` 413 or 422."""
    if len(jwe) > limits.attachment_bytes:
        raise Refusal(413, "attachment-too-large", f"at most {limits.attachment_bytes} bytes")
    if holder.state is not State.INCOMPLETE or holder.payload is None:
        if holder.fingerprints.get(attachment_id) == _fingerprint(jwe):
            return
        raise Refusal(422, "already-submitted", "already sent; parts cannot change any more")
    others = sum(len(v) for k, v in holder.payload.attachments.items() if k != attachment_id)
    if others + len(jwe) > limits.submission_bytes:
        raise Refusal(413, "submission-too-large", f"at most {limits.submission_bytes} bytes in all")
    holder.payload.attachments[attachment_id] = jwe
    holder.fingerprints[attachment_id] = _fingerprint(jwe)


def finish_parts(limits: Limits, holder: Submission | Reply, metadata: str, content: str | None) -> None:
    """Keeps metadata and form data and checks completeness. Identical repetition passes silently."""
    prints = {"metadata": _fingerprint(metadata), "content": _fingerprint(content)}
    if holder.state is not State.INCOMPLETE or holder.payload is None:
        if all(holder.fingerprints.get(part) == value for part, value in prints.items()):
            return
        raise Refusal(422, "already-submitted", "already sent with other contents")
    missing = [key for key in holder.announced if key not in holder.payload.attachments]
    if missing:
        raise Refusal(422, "attachment-missing", f"{len(missing)} announced attachment(s) not uploaded")
    total = len(metadata) + len(content or "") + sum(len(v) for v in holder.payload.attachments.values())
    if total > limits.submission_bytes:
        raise Refusal(413, "submission-too-large", f"at most {limits.submission_bytes} bytes in all")
    holder.payload.metadata, holder.payload.content = metadata, content
    holder.payload.attachments = {key: holder.payload.attachments[key] for key in holder.announced}
    holder.fingerprints.update(prints)
