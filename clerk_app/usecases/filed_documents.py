"""What stands in a case, as the documents of a file: received, issued, and what proves both."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from clerk_app.domain.application import Application, Attachment
from clerk_app.domain.case import CaseFile
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.efile import FiledDocument, FiledKind, Pour
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import CaseId, DocumentId, SubmissionId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.outbox import OutboxEntry, OutboxState, SignedLog
from clerk_app.usecases.ports import ArrivalLogs, Attachments, CaseDocuments, Ledger

_NAMESPACE = uuid.UUID("9c0b1c51-7f57-5d0c-8f2b-6b1de7a1c3f4")


@dataclass(frozen=True)
class FiledDocuments:
    """Gathers the documents of a case. Large ones are read only while they are poured."""

    documents: CaseDocuments
    attachments: Attachments
    arrivals: ArrivalLogs
    ledger: Ledger

    def of(self, case: CaseFile) -> tuple[FiledDocument, ...]:
        """In the order of the file: each submission with its enclosures, then what the office issued.

        Raises ClerkError DOCUMENT_MISSING or DOCUMENT_DAMAGED for the event log of a submission.
        """
        received = [self._submission(case, application) for application in case.applications]
        return (*received, *self._issued(case), *self._covers(case))

    def _submission(self, case: CaseFile, application: Application) -> FiledDocument:
        day = office_day(application.submitted_at)
        first = application is case.first
        kind = FiledKind.APPLICATION if first else FiledKind.ANSWER
        title = case.row.service if first else f"Nachreichung vom {day:%d.%m.%Y}"
        enclosures = [
            self._attachment(case.row.case_id, application, each) for each in application.attachments
        ]
        log = self.arrivals.arrival_log(case.row.case_id, application.submission_id)
        enclosures.append(
            _made(
                FiledKind.METADATA,
                f"{application.submission_id}/metadata",
                "Angaben zur Einreichung (Metadaten)",
                "metadaten.json",
                as_json(application.metadata),
                day,
            )
        )
        enclosures.append(
            _made(
                FiledKind.EVENT_LOG,
                f"{application.submission_id}/events",
                "Ereignisprotokoll des Zustelldienstes beim Eingang",
                "ereignisprotokoll-eingang.json",
                as_json(log_document(log)),
                office_day(log.fetched_at),
            )
        )
        return FiledDocument(
            document_id=form_id(application.submission_id),
            kind=kind,
            title=title,
            media_type=application.content_media_type,
            size_bytes=len(application.content),
            pour=_writing(application.content),
            received_on=day,
            dated_on=application.applied_on or day,
            enclosures=tuple(enclosures),
        )

    def _attachment(self, case_id: CaseId, application: Application, found: Attachment) -> FiledDocument:
        return FiledDocument(
            document_id=_id(f"{application.submission_id}/{found.attachment_id}"),
            kind=FiledKind.ATTACHMENT,
            title=found.description or found.filename or "Anlage",
            media_type=found.media_type,
            size_bytes=found.size_bytes,
            pour=self._opening(case_id, application.submission_id, found),
            filename=found.filename,
            received_on=office_day(application.submitted_at),
        )

    def _opening(self, case_id: CaseId, submission_id: SubmissionId, found: Attachment) -> Pour:
        def pour(sink: BinaryIO) -> None:
            self.attachments.write_to(case_id, submission_id, found.attachment_id, sink)

        return pour

    def _issued(self, case: CaseFile) -> Iterator[FiledDocument]:
        left_at = self._left_on(case.row.case_id)
        for issued in case.issued:
            entry = next((each for each in case.outgoing if each.entry_id == issued.entry_id), None)
            if entry is None:
                continue
            yield FiledDocument(
                document_id=_id(f"{issued.entry_id}/{issued.document_id}"),
                kind=FiledKind.ISSUED,
                title=entry.title or issued.filename,
                media_type=issued.media_type,
                size_bytes=issued.size_bytes,
                pour=self._reading(case.row.case_id, issued.document_id, issued.sha256),
                filename=issued.filename,
                sent_on=entry.posted_on or left_at.get(issued.entry_id),
                dated_on=office_day(entry.created_at),
                issued_as=entry.kind,
                state=entry.state,
                enclosures=tuple(self._receipts(entry)),
            )

    def _covers(self, case: CaseFile) -> Iterator[FiledDocument]:
        """Letters to authorities the case was handed to; they went along with its papers."""
        for event in case.history:
            details = event.details
            if event.kind == ActKind.HANDED_OVER.value and details.get("document_id"):
                document_id = DocumentId(str(details["document_id"]))
                yield FiledDocument(
                    document_id=_id(f"cover/{document_id}"),
                    kind=FiledKind.ISSUED,
                    title=f"Abgabeschreiben an {details.get('authority')}",
                    media_type="application/pdf",
                    size_bytes=int(str(details.get("size_bytes", 0))),
                    pour=self._reading(case.row.case_id, document_id, str(details.get("sha256"))),
                    filename=str(details.get("filename")),
                    dated_on=office_day(event.at),
                )

    def _reading(self, case_id: CaseId, document_id: DocumentId, sha256: str) -> Pour:
        def pour(sink: BinaryIO) -> None:
            content = self.documents.read(case_id, document_id)
            if hashlib.sha256(content).hexdigest() != sha256:
                raise ClerkError(
                    ErrorCode.DOCUMENT_DAMAGED, {"document_id": document_id}, Disposition.GIVE_UP
                )
            sink.write(content)

        return pour

    def _left_on(self, case_id: CaseId) -> Mapping[str, date]:
        """When each entry left the house, by the ledger: handed to the service or to the post."""
        gone = (OutboxState.SUBMITTED.value, OutboxState.DELIVERED.value, OutboxState.POSTED.value)
        found: dict[str, date] = {}
        for entry in self.ledger.entries(case_id):
            if entry.act.kind is ActKind.MOVED and entry.act.payload.get("to") in gone:
                found.setdefault(str(entry.act.subject_id), office_day(entry.at))
        return found

    def _receipts(self, entry: OutboxEntry) -> Iterator[FiledDocument]:
        receipt = entry.receipt
        if receipt is None:
            return
        log = delivery_log(self.ledger, entry)
        document: dict[str, object] = {
            "event": receipt.event,
            "event_id": receipt.event_id,
            "issued_at": receipt.issued_at.isoformat(),
            "token": receipt.token,
            "log": None if log is None else log_document(log),
        }
        yield _made(
            FiledKind.RECEIPT,
            f"{entry.entry_id}/receipt",
            "Quittung des Zustelldienstes",
            "quittung.json",
            as_json(document),
            office_day(receipt.issued_at),
        )


def delivery_log(ledger: Ledger, entry: OutboxEntry) -> SignedLog | None:
    """The event log kept with the entry's last step that brought one; None for steps of older versions."""
    for step in reversed(ledger.entries(entry.case_id)):
        kept = step.act.payload.get("log") if step.act.subject_id == entry.entry_id else None
        if isinstance(kept, Mapping):
            return SignedLog(
                tuple(kept["tokens"]), kept["keys"], datetime.fromisoformat(str(kept["fetched_at"]))
            )
    return None


def log_document(log: SignedLog) -> dict[str, object]:
    """A kept log as JSON members."""
    return {
        "tokens": list(log.tokens),
        "keys": {name: dict(key) for name, key in log.keys.items()},
        "fetched_at": log.fetched_at.isoformat(),
    }


def as_json(value: object) -> bytes:
    """``value`` as a person can read it; the same bytes for the same value."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _made(kind: FiledKind, name: str, title: str, filename: str, content: bytes, day: date) -> FiledDocument:
    return FiledDocument(
        document_id=_id(name),
        kind=kind,
        title=title,
        media_type="application/json",
        size_bytes=len(content),
        pour=_writing(content),
        filename=filename,
        dated_on=day,
    )


def _writing(content: bytes) -> Pour:
    def pour(sink: BinaryIO) -> None:
        sink.write(content)

    return pour


def form_id(submission_id: SubmissionId) -> str:
    """The id of a submission's form among the documents of the file."""
    return _id(f"{submission_id}/form")


def _id(name: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, name))
