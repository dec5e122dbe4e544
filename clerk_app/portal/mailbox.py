"""One Zustellpunkt at FIT-Connect, read as its subscriber."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from clerk_app.domain.case import MailboxKey
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import AttachmentId
from clerk_app.portal import events, failures, jose, problems, trust, wire
from clerk_app.portal.config import Limits
from clerk_app.portal.events import EventSigner
from clerk_app.portal.examination import Examination, examine
from clerk_app.portal.keys import DecryptionKeys
from clerk_app.portal.opening import open_original
from clerk_app.portal.trust import PublishedKeys
from clerk_app.portal.wire import Wire
from clerk_app.sync.ports import (
    AuthenticationTags,
    Defective,
    EncryptedBody,
    Intake,
    Opened,
    Original,
    Problem,
    Settlement,
    Waiting,
)

READER_VERSION = 1
"""Raise it whenever this program learns to read more: quarantined submissions are then tried again."""


class FitConnectMailbox:
    """Implements ``sync.ports.Mailbox``. Safe to call from several threads."""

    def __init__(
        self,
        key: MailboxKey,
        wire_: Wire,
        keys: DecryptionKeys,
        signer: EventSigner,
        published: PublishedKeys,
        limits: Limits,
        now: Callable[[], datetime],
    ) -> None:
        self._key = key
        self._wire = wire_
        self._keys = keys
        self._signer = signer
        self._published = published
        self._limits = limits
        self._now = now

    @property
    def key(self) -> MailboxKey:
        """Portal and destination."""
        return self._key

    @property
    def readable_fingerprint(self) -> str:
        """Of the keys we hold and of what this program can read."""
        return hashlib.sha256(f"{READER_VERSION}:{self._keys.fingerprint}".encode()).hexdigest()[:32]

    def examine(self) -> Examination:
        """Whether this mailbox is set up rightly; for ``doctor``."""
        return examine(self._key, self._wire, self._keys, self._signer.key, self._now)

    def publishes(self, key_id: str) -> bool:
        """Whether the service publishes this signature key by now. Raises ClerkError."""
        return self._published.service_key(key_id) is not None

    def waiting(self) -> Sequence[Waiting]:
        """All submissions that wait for us, as listed. Raises ClerkError."""
        return self._wire.waiting(self._key.destination_id)

    def fetch(self, waiting: Waiting, spool: Path) -> Original:
        """Downloads everything that is needed to open the submission now and later.

        Raises ClerkError; REMOTE_GONE when it was accepted or withdrawn meanwhile. Spool files of a failed
        fetch are removed.
        """
        submission = self._wire.submission(waiting.submission_id)
        body = self._checked(submission, waiting)
        attachments: dict[AttachmentId, EncryptedBody] = {}
        try:
            for attachment_id in body.attachment_ids:
                downloaded = self._attachment(waiting, attachment_id, spool)
                if downloaded is not None:
                    attachments[attachment_id] = downloaded
            log = self._wire.event_log(waiting.case_id)
            kept = self._published.for_log(log.tokens)
            kept.update(self._encryption_answers(body, attachments))
        except BaseException:
            for each in attachments.values():
                if isinstance(each, Path):
                    each.unlink(missing_ok=True)
            raise
        if log.server_at is not None:
            kept[trust.SERVER_CLOCK] = {"at": log.server_at.isoformat()}
        return Original(
            waiting=waiting,
            portal=self._key.portal,
            api_version=self._wire.version,
            submission=submission,
            event_log=log.tokens,
            verification_keys=kept,
            attachments=attachments,
            fetched_at=self._now(),
        )

    def _checked(self, submission: bytes, waiting: Waiting) -> wire.SubmissionBody:
        try:
            body = wire.decode(submission, wire.SubmissionBody)
            same = (
                body.submission_id.lower() == waiting.submission_id
                and body.case_id.lower() == waiting.case_id
                and body.destination_id.lower() == waiting.destination_id
            )
            count = len(body.attachment_ids)
        except wire.UnexpectedBodyError:
            raise failures.not_itself("", "submission", submission_id=waiting.submission_id) from None
        if not same:
            raise failures.not_itself("", "another submission", submission_id=waiting.submission_id)
        if count > self._limits.attachments:
            raise failures.too_large("", self._limits.attachments)
        return body

    def _attachment(self, waiting: Waiting, attachment_id: AttachmentId, spool: Path) -> EncryptedBody | None:
        """None when the service has the submission but not this announced attachment."""
        try:
            return self._wire.attachment(waiting.submission_id, attachment_id, spool)
        except ClerkError as error:
            if error.code is not ErrorCode.REMOTE_GONE:
                raise
        self._wire.submission(waiting.submission_id)  # raises REMOTE_GONE when all of it has gone meanwhile
        return None

    def _encryption_answers(
        self, body: wire.SubmissionBody, attachments: Mapping[AttachmentId, EncryptedBody]
    ) -> dict[str, Mapping[str, object]]:
        """For key ids we do not hold: does our destination publish them? Then the fault is ours."""
        answers: dict[str, Mapping[str, object]] = {}
        encrypted: list[EncryptedBody] = [
            text.encode("utf-8", "surrogatepass")
            for text in (body.encrypted_metadata, body.encrypted_data)
            if text
        ]
        for each in (*encrypted, *attachments.values()):
            kid = jose.kid_of(each)
            if kid is None or self._keys.holds(kid) or trust.encryption_slot(kid) in answers:
                continue
            jwk = self._published.of_destination(self._key.destination_id, kid)
            answers[trust.encryption_slot(kid)] = jwk or {}
        return answers

    def open(self, original: Original) -> Intake:
        """Verifies and decrypts; no network."""
        return open_original(original, self._keys, self._limits)

    def accept(self, opened: Opened) -> Settlement:
        """Confirms the receipt to the service, which then deletes its copy. Call only once it is stored
        durably."""
        return self.accept_again(opened.original.waiting, opened.tags, opened.event_schema)

    def reject(self, defective: Defective) -> Settlement:
        """Refuses for technical reasons."""
        return self.reject_again(defective.original.waiting, defective.problems, defective.event_schema)

    def accept_again(self, waiting: Waiting, tags: AuthenticationTags, event_schema: str) -> Settlement:
        """Accept, from what the store has kept."""
        stated: dict[str, object] = {"metadata": tags.metadata}
        if tags.data is not None:
            stated["data"] = tags.data
        if tags.attachments:  # left out when there are none, as the service's own event does
            stated["attachments"] = dict(tags.attachments)
        payload: dict[str, object] = {"authenticationTags": stated}
        return self._settle(waiting, "accept-submission", payload, event_schema)

    def reject_again(
        self, waiting: Waiting, problems_found: Sequence[Problem], event_schema: str
    ) -> Settlement:
        """Reject, from what the store has kept."""
        payload: dict[str, object] = {"problems": [problems.as_event_member(each) for each in problems_found]}
        return self._settle(waiting, "reject-submission", payload, event_schema)

    def _settle(
        self, waiting: Waiting, name: str, payload: Mapping[str, object], event_schema: str
    ) -> Settlement:
        subject = f"submission:{waiting.submission_id}"
        token = self._signer.sign(
            name, subject=subject, case_id=waiting.case_id, payload=payload, schema=event_schema
        )
        try:
            self._wire.post_event(waiting.case_id, token)
        except ClerkError as error:
            if error.code not in _REFUSALS:
                raise
            return self._settled_by_log(waiting, name, error)
        return Settlement.DONE

    def _settled_by_log(self, waiting: Waiting, name: str, refusal: ClerkError) -> Settlement:
        """The service refused the transition: what does the case's log say happened?"""
        subject = f"submission:{waiting.submission_id}"
        try:
            log = self._wire.event_log(waiting.case_id)
        except ClerkError as error:
            if error.code is ErrorCode.REMOTE_GONE:
                return Settlement.OTHERWISE  # the whole case is gone
            raise
        now = self._now()
        story = events.read_log(
            log.tokens,
            case_id=waiting.case_id,
            key_for=trust.key_finder(self._published.for_log(log.tokens)),
            essential_subject=subject,
            not_after=max(now, log.server_at or now),
        )
        ours = str(self._key.destination_id)
        mine = [event for event in story if event.subject == subject]
        if any(event.name == name and event.issuer.lower() == ours for event in mine):
            return Settlement.ALREADY_OURS
        if any(event.name in _ENDINGS for event in mine):
            return Settlement.OTHERWISE
        raise refusal


# A repetition of our own event may be refused for its state (409), its known id (422), or because the case
# has gone (404): the log decides what it was.
_REFUSALS = frozenset({ErrorCode.REMOTE_CONFLICT, ErrorCode.REMOTE_GONE, ErrorCode.PORTAL_REFUSED})
_ENDINGS = frozenset({"accept-submission", "reject-submission", "forward-submission", "delete-submission"})
