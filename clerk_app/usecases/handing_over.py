"""Übergabe: the papers of a forwarded case for the competent authority. How they travel is outside of this
program (post, beBPo, XTA): it makes the package, and remembers until a clerk says it went.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import BinaryIO, cast

from clerk_app.domain.case import CaseFile
from clerk_app.domain.competence import Forwarded
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.efile import FiledCase, FiledDocument, FiledKind
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.forwarding import HandedOver
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.usecases.case_work import readable_case
from clerk_app.usecases.filing import Filing
from clerk_app.usecases.forwarding_ports import EnclosedDocument, HandoverLetterWriter
from clerk_app.usecases.handover_reminder import end_reminder
from clerk_app.usecases.ports import CaseDocuments, CaseReads, Clock, Ledger, LetterOffice

_NAMESPACE = uuid.UUID("5b0d7a30-5f0e-5a52-8c8e-3f1f5d0a9c11")
_SAVED = "saved"
_SAID = "said"


@dataclass(frozen=True)
class HandingOver:
    """Makes hand-over packages, and keeps when the papers went."""

    reads: CaseReads
    ledger: Ledger
    documents: CaseDocuments
    letters: LetterOffice
    writer: HandoverLetterWriter
    filing: Filing
    clock: Clock

    def package(
        self, case_id: CaseId, sink: BinaryIO, *, cancelled: Callable[[], bool] = lambda: False
    ) -> HandedOver:
        """Writes the case as an e-file for the competent authority into ``sink`` (seekable), the cover letter
        first. Call ``saved`` once the package is where it belongs.

        Raises ClerkError CASE_UNKNOWN, CASE_NOT_READABLE, CASE_NOT_FORWARDED, and as ``Filing.export``.
        """
        case = readable_case(self.reads, case_id)
        forwarded = _forwarded(case)
        name = f"Abgabeschreiben-{case.row.case_reference}.pdf"
        today = office_day(self.clock.now())
        made: list[bytes] = []

        def with_cover(filed: FiledCase) -> FiledCase:
            cover = self._cover(case, forwarded, filed)
            made.append(cover)
            return replace(filed, documents=(_filed_cover(cover, name, forwarded, today), *filed.documents))

        recipient = forwarded.office.name
        filed = self.filing.export(
            [case_id], sink, recipient=recipient, finish=with_cover, cancelled=cancelled
        )
        return HandedOver(filed, made[-1], name)

    def saved(self, case_id: CaseId, handed: HandedOver) -> None:
        """The package is where the clerk wanted it: kept with its cover letter, the reminder is done."""
        cover = handed.cover
        document_id = self.documents.keep(case_id, cover, handed.cover_name)
        self._record(
            case_id,
            {
                "how": _SAVED,
                "process_id": handed.filed.handover.process_id,
                "document_id": document_id,
                "filename": handed.cover_name,
                "size_bytes": len(cover),
                "sha256": hashlib.sha256(cover).hexdigest(),
            },
        )

    def said(self, case_id: CaseId) -> None:
        """A clerk says the papers went, by whatever way. Raises ClerkError CASE_UNKNOWN, CASE_NOT_READABLE,
        CASE_NOT_FORWARDED."""
        self._record(case_id, {"how": _SAID})

    def _record(self, case_id: CaseId, payload: dict[str, object]) -> None:
        case = readable_case(self.reads, case_id)
        forwarded = _forwarded(case)
        with self.ledger.transaction("hand over") as transaction:
            told = {"authority": forwarded.office.name, **payload}
            transaction.append(Act(ActKind.HANDED_OVER, case_id, forwarded.notice_id, told))
            end_reminder(transaction, case, forwarded.notice_id, ActKind.DATE_DONE)

    def _cover(self, case: CaseFile, forwarded: Forwarded, filed: FiledCase) -> bytes:
        now = self.clock.now()
        enclosed = [EnclosedDocument(each.title, _digest(each)) for each in _all(filed.documents)]
        return self.letters.render(self.writer.handover_letter(case, forwarded, enclosed, now), now)


def _forwarded(case: CaseFile) -> Forwarded:
    if case.forwarded is None:
        raise ClerkError(ErrorCode.CASE_NOT_FORWARDED, {"case": case.row.case_reference})
    return case.forwarded


def _filed_cover(cover: bytes, name: str, forwarded: Forwarded, on: date) -> FiledDocument:
    def pour(sink: BinaryIO) -> None:
        sink.write(cover)

    return FiledDocument(
        document_id=str(uuid.uuid5(_NAMESPACE, hashlib.sha256(cover).hexdigest())),
        kind=FiledKind.ISSUED,
        title=f"Abgabeschreiben an {forwarded.office.name}",
        media_type="application/pdf",
        size_bytes=len(cover),
        pour=pour,
        filename=name,
        dated_on=on,
    )


class _Hashing(BytesIO):
    """Takes a document in and keeps only its digest."""

    def __init__(self) -> None:
        super().__init__()
        self.digest = hashlib.sha256()

    def write(self, piece: object) -> int:
        taken = bytes(cast("bytes", piece))
        self.digest.update(taken)
        return len(taken)


def _digest(document: FiledDocument) -> str:
    sink = _Hashing()
    document.pour(sink)
    return sink.digest.hexdigest()


def _all(documents: Iterable[FiledDocument]) -> Iterator[FiledDocument]:
    for document in documents:
        yield document
        yield from _all(document.enclosures)
