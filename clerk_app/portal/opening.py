"""From what was downloaded to an Application: every receive check, offline and without side effects.

The order is the domain reference's (1.1): event log, authentication tags, decryption, hashes, structure.
What the standard names as technical cause becomes Defective; what may be our own fault (a key we lack, a
version we do not know) or an attack on the way becomes Unreadable, and is never refused in the citizen's
face.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clerk_app.domain.application import Application, Attachment
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import AttachmentId
from clerk_app.portal import content, events, jose, problems, trust, wire
from clerk_app.portal.config import Limits
from clerk_app.portal.events import Event
from clerk_app.portal.jose import JweRejectedError
from clerk_app.portal.jose_stream import Plaintext, inspect, plain_chunks
from clerk_app.portal.keys import DecryptionKeys
from clerk_app.portal.metadata import (
    AttachmentDescription,
    Metadata,
    MetadataInvalidError,
    UnknownVersionError,
    read_metadata,
)
from clerk_app.sync.ports import (
    AuthenticationTags,
    Defective,
    EncryptedBody,
    Intake,
    Opened,
    Original,
    Problem,
    Unreadable,
)

SERVICE_CONTRADICTION = "service-contradiction"
MEDIA_TYPE_UNCHECKED = "media-type-unchecked"


@dataclass
class _DefectiveError(Exception):
    problems: tuple[Problem, ...]
    event_schema: str = ""


@dataclass
class _UnreadableError(Exception):
    code: ErrorCode
    params: dict[str, object]


def open_original(original: Original, keys: DecryptionKeys, limits: Limits) -> Intake:
    """Verifies and decrypts. Raises only OSError (a spool file cannot be read)."""
    opening = _Opening(original, keys, limits)
    try:
        return opening.run()
    except _DefectiveError as found:
        code = problems.code_of(found.problems[0])
        return Defective(original, code, found.problems, opening.event_schema)
    except _UnreadableError as found:
        return Unreadable(original, found.code, found.params)
    except ClerkError as found:  # event log forged or disordered
        kid = found.params.get("kid") if found.params.get("reason") == "key" else None
        return Unreadable(original, found.code, found.params, kid if isinstance(kid, str) else None)


def _defect(name: str, instance: str, detail: str = "") -> _DefectiveError:
    return _DefectiveError((problems.problem(name, instance, detail),))


class _Opening:
    """One submission on its way through the checks."""

    def __init__(self, original: Original, keys: DecryptionKeys, limits: Limits) -> None:
        self._original = original
        self._keys = keys
        self._limits = limits
        self.event_schema = ""
        self._warnings: list[str] = []

    def run(self) -> Intake:
        body = self._body()
        submit = self._submit_event()
        self.event_schema = submit.schema
        tags = self._tags(body, submit)
        metadata = self._metadata(body)
        form = self._form(body, metadata)
        attachments = self._attachments(body, metadata)
        application = self._application(body, submit, metadata, form, attachments)
        return Opened(self._original, application, tags, submit.schema)

    def _body(self) -> wire.SubmissionBody:
        try:
            return wire.decode(self._original.submission, wire.SubmissionBody)
        except (
            wire.UnexpectedBodyError
        ):  # fetch has looked already; a kept original may have been damaged since
            raise _UnreadableError(ErrorCode.CONTENT_MALFORMED, {"where": "submission"}) from None

    def _submit_event(self) -> Event:
        original = self._original
        subject = f"submission:{original.waiting.submission_id}"
        clock = trust.server_clock(original.verification_keys)
        log = events.read_log(
            original.event_log,
            case_id=original.waiting.case_id,
            key_for=trust.key_finder(original.verification_keys),
            essential_subject=subject,
            not_after=max(original.fetched_at, clock or original.fetched_at),
        )
        for event in log:
            if event.subject == subject and event.name == "submit-submission":
                return event
        raise events.disordered("missing", event="submit-submission")

    def _tags(self, body: wire.SubmissionBody, submit: Event) -> AuthenticationTags:
        """Tags of what was downloaded; they must be those the service signed for when it was submitted."""
        stated = submit.payload.get("authenticationTags")
        if not isinstance(stated, dict):
            raise _defect("missing-authentication-tags", problems.SUBMISSION)
        found: list[Problem] = []
        attachment_tags = stated.get("attachments") or {}
        if not isinstance(attachment_tags, dict):
            raise _defect("missing-authentication-tags", problems.SUBMISSION)
        stated_attachments = {str(each).lower(): tag for each, tag in attachment_tags.items()}
        announced = body.attachment_ids
        metadata = self._tag(
            body.encrypted_metadata.encode(), stated.get("metadata"), problems.METADATA, found
        )
        data = None
        if body.encrypted_data is not None:
            data = self._tag(body.encrypted_data.encode(), stated.get("data"), problems.DATA, found)
        elif stated.get("data"):
            found.append(problems.problem("missing-data", problems.DATA))
        tags: dict[AttachmentId, str] = {}
        for each in announced:
            where = problems.attachment(each)
            downloaded = self._original.attachments.get(each)
            if downloaded is None:
                found.append(problems.problem("missing-attachment", where))
                continue
            tags[each] = self._tag(downloaded, stated_attachments.get(each), where, found)
        for unknown in sorted(stated_attachments.keys() - set(announced)):
            found.append(problems.problem("attachments-mismatch", problems.attachment(unknown[:64])))
        if found:
            raise _DefectiveError(tuple(found))
        return AuthenticationTags(metadata, data, tags)

    def _tag(self, received: EncryptedBody, stated: object, where: str, found: list[Problem]) -> str:
        try:
            tag = jose.tag_of(received)
        except JweRejectedError:
            found.append(problems.problem("encryption-issue", where))
            return ""
        if not isinstance(stated, str) or not stated:
            found.append(problems.problem("missing-authentication-tags", where))
        elif stated != tag:
            found.append(problems.problem("incorrect-authentication-tag", where))
        return tag

    def _decrypted(self, jwe: str, where: str, max_plain: int) -> bytes:
        encrypted = jwe.encode("utf-8", "surrogatepass")
        try:
            return jose.open_jwe(encrypted, self._keys, max_plain=max_plain)
        except JweRejectedError as error:
            raise self._judged(error, encrypted, where) from None

    def _judged(self, error: JweRejectedError, body: EncryptedBody, where: str) -> Exception:
        """Whose fault is it? A bomb or an over-large text is nobody's to refuse, a key our own destination
        publishes and we do not hold is ours; everything else is the sender's."""
        if error.code is ErrorCode.DECOMPRESSION_BOMB or error.reason == "too large":
            return _UnreadableError(ErrorCode.DECOMPRESSION_BOMB, {"part": where})
        if error.reason == "decrypt":
            kid = jose.kid_of(body)
            published = self._original.verification_keys.get(trust.encryption_slot(kid or ""))
            if kid is not None and not self._keys.holds(kid) and published:
                return _UnreadableError(ErrorCode.KEY_UNKNOWN, {"kid": kid, "part": where})
        return _defect("encryption-issue", where)

    def _metadata(self, body: wire.SubmissionBody) -> Metadata:
        plain = self._decrypted(body.encrypted_metadata, problems.METADATA, self._limits.metadata_bytes)
        try:
            return read_metadata(plain, self._limits.metadata_bytes)
        except UnknownVersionError as error:
            raise _UnreadableError(ErrorCode.METADATA_UNKNOWN_VERSION, {"version": error.version}) from None
        except MetadataInvalidError as error:
            name = "syntax-violation" if error.syntax else "schema-violation"
            raise _defect(name, problems.METADATA, "" if error.syntax else error.where) from None

    def _form(self, body: wire.SubmissionBody, metadata: Metadata) -> bytes:
        described = metadata.content
        if described is None:
            if body.encrypted_data is not None:
                raise _defect("schema-violation", problems.METADATA, "contentStructure.data")
            return b""
        if body.encrypted_data is None:
            raise _defect("missing-data", problems.DATA)
        plain = self._decrypted(body.encrypted_data, problems.DATA, self._limits.content_bytes)
        if hashlib.sha512(plain).hexdigest() != described.sha512:
            raise _defect("hash-mismatch", problems.DATA)
        try:
            if not content.check_content(plain, described.media_type):
                self._warnings.append(MEDIA_TYPE_UNCHECKED)
        except content.ContentMalformedError:
            raise _defect("syntax-violation", problems.DATA) from None
        except content.ContentSuspiciousError as error:
            raise _UnreadableError(
                ErrorCode.CONTENT_MALFORMED, {"where": problems.DATA, "reason": str(error)}
            ) from None
        return plain

    def _attachments(self, body: wire.SubmissionBody, metadata: Metadata) -> tuple[Attachment, ...]:
        pieces = {
            each.attachment_id: each.fragments or (each.attachment_id,) for each in metadata.attachments
        }
        listed = {piece for group in pieces.values() for piece in group}
        announced = set(body.attachment_ids)
        found = [
            problems.problem("missing-attachment", problems.attachment(x)) for x in sorted(listed - announced)
        ]
        # An attachment that was cut up may be announced under its own id as well.
        strangers = sorted(announced - listed - pieces.keys())
        found += [problems.problem("attachments-mismatch", problems.attachment(x)) for x in strangers]
        if found:
            raise _DefectiveError(tuple(found))
        opened: list[Attachment] = []
        for each in metadata.attachments:
            plain = self._attachment(
                each, [self._original.attachments[p] for p in pieces[each.attachment_id]]
            )
            if plain.sha512 != each.sha512:
                found.append(problems.problem("hash-mismatch", problems.attachment(each.attachment_id)))
                continue
            opened.append(
                Attachment(
                    each.attachment_id,
                    each.filename,
                    each.media_type,
                    plain.size_bytes,
                    plain.sha512,
                    each.purpose,
                    each.description,
                )
            )
        if found:
            raise _DefectiveError(tuple(found))
        return tuple(opened)

    def _attachment(self, described: AttachmentDescription, bodies: Sequence[EncryptedBody]) -> Plaintext:
        where = problems.attachment(described.attachment_id)
        limit = self._limits.attachment_bytes
        current = bodies[0]
        try:
            if len(bodies) == 1:
                return inspect(current, self._keys, max_plain=limit)
            digest, size = hashlib.sha512(), 0
            for current in bodies:  # assumed: fragments are concatenated in the order given
                for chunk in plain_chunks(current, self._keys, max_plain=limit):
                    digest.update(chunk)
                    size += len(chunk)
        except JweRejectedError as error:
            raise self._judged(error, current, where) from None
        return Plaintext(digest.hexdigest(), size)

    def _application(
        self,
        body: wire.SubmissionBody,
        submit: Event,
        metadata: Metadata,
        form: bytes,
        attachments: Iterable[Attachment],
    ) -> Application:
        waiting = self._original.waiting
        service = body.service
        identifier = (service.identifier if service else None) or metadata.service_identifier
        warnings = [*metadata.warnings, *self._warnings]
        if metadata.service_identifier and identifier != metadata.service_identifier:
            warnings.append(SERVICE_CONTRADICTION)
        described = metadata.content
        media_type = described.media_type if described else "application/octet-stream"
        return Application(
            submission_id=waiting.submission_id,
            case_id=waiting.case_id,
            destination_id=waiting.destination_id,
            portal=self._original.portal,
            service_identifier=identifier,
            service_name=(service.name if service else None) or metadata.service_name,
            schema_uri=described.schema_uri if described else None,
            content=form,
            content_media_type=media_type,
            content_sha512=described.sha512 if described else hashlib.sha512(b"").hexdigest(),
            metadata=metadata.raw,
            attachments=tuple(attachments),
            submitted_at=submit.issued_at,
            reply_channel=metadata.reply_channel,
            consents_to_electronic_decision=metadata.consents,
            applied_on=metadata.applied_on,
            portal_application_id=metadata.portal_application_id,
            sender_reference=metadata.sender_reference,
            warnings=tuple(warnings),
        )
