"""What was received, exactly as received: after accept the delivery service deletes its copy, ours stays.

The envelope (submission body, event log, keys the events were checked against) is written last: where it is,
everything is. Its suffix tells how far the submission has come, so that a rebuilt cache need not ask again.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from clerk_app.domain.errors import ClerkError
from clerk_app.domain.ids import AttachmentId, CaseId, DestinationId, SubmissionId
from clerk_app.domain.outbox import SignedLog
from clerk_app.store import sealed
from clerk_app.store.documents import Documents, attachment_document
from clerk_app.store.encoding import read_time, stored_time, to_json
from clerk_app.sync.ports import EncryptedBody, IntakeState, Original, Waiting

log = logging.getLogger(__name__)

_WRITERS = 3  # with more the window's thread waits for its turn, and the disk is no faster
_IN_MEMORY_BYTES = 1_000_000
_PIECE_BYTES = 1 << 20
_KIND = "original"  # what the file is sealed as; its suffix may change
SUFFIXES = {
    IntakeState.STORED: "original",
    IntakeState.TO_REJECT: "original",
    IntakeState.QUARANTINED: "original",
    IntakeState.ACCEPTED: "accepted",
    IntakeState.REJECTED: "rejected",
    IntakeState.CONTESTED: "contested",
}
_SETTLED = {
    "accepted": IntakeState.ACCEPTED,
    "rejected": IntakeState.REJECTED,
    "contested": IntakeState.CONTESTED,
}


class Originals:
    """Sealed originals in the case's directory."""

    def __init__(self, documents: Documents, spool: Path) -> None:
        self._documents = documents
        self._spool = spool
        sealed.private_directory(spool)

    def keep(self, originals: Sequence[Original]) -> None:
        """Seals attachments, then envelopes; all durable on return. What is already kept is left alone.

        Waiting for the disk is most of the work, so several submissions wait at once. After a power loss
        the envelope's name may have survived and an attachment's not: then nothing was committed, the
        submission comes again, and ``_is_kept`` sees that it is not complete.
        """
        with ThreadPoolExecutor(_WRITERS, "seal") as pool:
            for done in [pool.submit(self._keep, original) for original in originals]:
                done.result()
        self._documents.sync_root()

    def _keep(self, original: Original) -> None:
        waiting = original.waiting
        if self._is_kept(original):
            return
        for attachment_id, body in original.attachments.items():
            name = attachment_document(waiting.submission_id, attachment_id)
            self._documents.seal(waiting.case_id, name, "jwe", _pieces(body), sync_name=False)
        self._documents.seal(
            waiting.case_id, waiting.submission_id, _KIND, [envelope(original)], sync_name=False
        )
        self._documents.sync_case(waiting.case_id)

    def settled(self, case_id: CaseId, submission_id: SubmissionId, state: IntakeState, at: datetime) -> None:
        """Renames the envelope and gives it ``at`` as its time, for a cache that is built again. Not synced:
        a lost rename costs one more question to the portal."""
        moment_ns = round(at.timestamp() * 1_000_000) * 1000
        target = self._documents.path(case_id, submission_id, SUFFIXES[state])
        for suffix in set(SUFFIXES.values()):
            path = self._documents.path(case_id, submission_id, suffix)
            if path != target and path.exists():
                try:
                    os.utime(path, ns=(moment_ns, moment_ns))
                    path.replace(target)
                except OSError:
                    log.warning("envelope of %s keeps its name", submission_id)

    def settled_state(
        self, case_id: CaseId, submission_id: SubmissionId
    ) -> tuple[IntakeState, datetime] | None:
        """ACCEPTED, REJECTED or CONTESTED and since when, if the envelope says so."""
        for suffix, state in _SETTLED.items():
            path = self._documents.path(case_id, submission_id, suffix)
            if path.exists():
                return state, datetime.fromtimestamp(path.stat().st_mtime_ns // 1000 / 1_000_000, UTC)
        return None

    def read(self, case_id: CaseId, submission_id: SubmissionId) -> Original:
        """The original of one submission. Large attachments become files in the spool, which the receiver
        removes. Raises ClerkError DOCUMENT_MISSING or DOCUMENT_DAMAGED."""
        return self._opened(self._members(case_id, submission_id))

    def signed_log(self, case_id: CaseId, submission_id: SubmissionId) -> SignedLog:
        """The event log the submission came with; no attachment is touched. Raises as ``read``."""
        members = self._members(case_id, submission_id)
        return SignedLog(
            tuple(members["event_log"]), members["verification_keys"], read_time(members["fetched_at"])
        )

    def all(self) -> Iterator[Original]:
        """Every original that can be read; the others are logged and stay where they are."""
        for directory in self._documents.cases():
            for suffix in sorted(set(SUFFIXES.values())):
                for path in sorted(directory.glob(f"*.{suffix}")):
                    original = self._try(path)
                    if original is not None:
                        yield original

    def names(self) -> Iterator[str]:
        """Submission ids of all envelopes, from their names alone."""
        for _case_id, submission_id in self.all_names():
            yield submission_id

    def all_names(self) -> Iterator[tuple[CaseId, SubmissionId]]:
        """Case and submission of all envelopes, from their names alone (see ``_try`` for other ids)."""
        for directory in self._documents.cases():
            for suffix in sorted(set(SUFFIXES.values())):
                for path in directory.glob(f"*.{suffix}"):
                    yield CaseId(directory.name), SubmissionId(path.stem)

    def sweep(self) -> None:
        """Removes spooled bodies that a crash left behind."""
        sealed.sweep(self._spool, "jwe-*")

    def _try(self, path: Path) -> Original | None:
        try:
            # the directory's and the file's name are the ids, unless an id was no UUID
            return self.read(CaseId(path.parent.name), SubmissionId(path.stem))
        except ClerkError as error:
            log.error("original %s: %s", path.stem, error.code.value)
            return None

    def _members(self, case_id: CaseId, submission_id: SubmissionId) -> dict[str, Any]:
        path = self._find(case_id, submission_id)
        content = b"".join(self._documents.unseal_path(case_id, path, _KIND, submission_id))
        return cast("dict[str, Any]", json.loads(content))

    def _find(self, case_id: CaseId, submission_id: SubmissionId) -> Path:
        for suffix in sorted(set(SUFFIXES.values())):
            path = self._documents.path(case_id, submission_id, suffix)
            if path.exists():
                return path
        return self._documents.path(case_id, submission_id, _KIND)

    def _is_kept(self, original: Original) -> bool:
        waiting = original.waiting
        path = self._find(waiting.case_id, waiting.submission_id)
        if not path.exists():
            return False
        if not all(
            self._documents.exists(
                waiting.case_id, attachment_document(waiting.submission_id, attachment_id), "jwe"
            )
            for attachment_id in original.attachments
        ):
            return False
        try:
            kept = b"".join(self._documents.unseal_path(waiting.case_id, path, _KIND, waiting.submission_id))
        except ClerkError:
            return False
        return kept == envelope(original) or path.suffix != f".{_KIND}"

    def _opened(self, members: dict[str, Any]) -> Original:
        waiting = _waiting(members)
        attachments = {
            AttachmentId(attachment_id): self._body(waiting, AttachmentId(attachment_id))
            for attachment_id in members["attachments"]
        }
        return _original(members, attachments)

    def _body(self, waiting: Waiting, attachment_id: AttachmentId) -> EncryptedBody:
        name = attachment_document(waiting.submission_id, attachment_id)
        chunks = self._documents.unseal(waiting.case_id, name, "jwe")
        path = self._documents.path(waiting.case_id, name, "jwe")
        if not path.exists() or path.stat().st_size <= _IN_MEMORY_BYTES:
            return b"".join(chunks)
        path = self._spool / f"jwe-{secrets.token_hex(8)}"
        with path.open("xb") as sink:
            for chunk in chunks:
                sink.write(chunk)
        return path


def _waiting(members: Mapping[str, Any]) -> Waiting:
    return Waiting(
        SubmissionId(members["submission_id"]),
        CaseId(members["case_id"]),
        DestinationId(members["destination_id"]),
    )


def _original(members: Mapping[str, Any], attachments: Mapping[AttachmentId, EncryptedBody]) -> Original:
    return Original(
        waiting=_waiting(members),
        portal=members["portal"],
        api_version=members["api_version"],
        submission=base64.b64decode(members["submission"]),
        event_log=tuple(members["event_log"]),
        verification_keys=members["verification_keys"],
        attachments=attachments,
        fetched_at=read_time(members["fetched_at"]),
    )


def from_envelope(content: bytes, attachments: Mapping[AttachmentId, EncryptedBody]) -> Original:
    """Undoes ``envelope``. Raises ValueError, KeyError for anything else and when attachments are missing."""
    members = cast("dict[str, Any]", json.loads(content))
    if set(members["attachments"]) != set(attachments):
        raise ValueError("attachments")
    return _original(members, attachments)


def envelope(original: Original) -> bytes:
    """All of the original but its attachments, as bytes."""
    return to_json(
        {
            "submission_id": original.waiting.submission_id,
            "case_id": original.waiting.case_id,
            "destination_id": original.waiting.destination_id,
            "portal": original.portal,
            "api_version": original.api_version,
            "submission": base64.b64encode(original.submission).decode(),
            "event_log": list(original.event_log),
            "verification_keys": original.verification_keys,
            "attachments": list(original.attachments),
            "fetched_at": stored_time(original.fetched_at),
        }
    ).encode()


def _pieces(body: EncryptedBody) -> Iterator[bytes]:
    if isinstance(body, bytes):
        yield body
        return
    with body.open("rb") as source:
        while piece := source.read(_PIECE_BYTES):
            yield piece
