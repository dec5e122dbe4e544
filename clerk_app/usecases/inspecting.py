"""Akteneinsicht: gathers a case into one numbered bundle (VwVfG § 29; court files: VwGO § 99, 100)."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO, Protocol

from clerk_app.domain.application import Application
from clerk_app.domain.case import CaseFile
from clerk_app.domain.efile import FiledCase, FiledDocument, FiledKind
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.inspection import (
    InspectedDocument,
    InspectionBundle,
    InspectionHead,
    InspectionPart,
    PageImage,
    Placed,
)
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.letter import Letter
from clerk_app.domain.service_package import FormView
from clerk_app.domain.sheet import Sheet
from clerk_app.usecases.case_work import readable_case
from clerk_app.usecases.filed_documents import form_id
from clerk_app.usecases.filing import ExportCancelledError, Filing, Progress
from clerk_app.usecases.ports import Assessor, CaseReads, Clock, Ledger, LetterOffice, SheetWriter

_FORMS = frozenset({FiledKind.APPLICATION, FiledKind.ANSWER})
_MACHINE_READABLE = frozenset({FiledKind.METADATA, FiledKind.EVENT_LOG, FiledKind.RECEIPT})


class DocumentPages(Protocol):
    """Shows what citizens sent, page by page; a confined process looks inside."""

    def pages(self, content: bytes, media_type: str) -> Iterator[PageImage]:
        """Raises ClerkError PREVIEW_REFUSED, PREVIEW_FAILED; at the latest with the first page."""
        ...


class InspectionWords(Protocol):
    """The words of a bundle. A German authority's file is German."""

    def form(self, head: InspectionHead, title: str, form: FormView) -> Sheet:
        """The form of a submission, every value with its label."""
        ...

    def not_shown(self, head: InspectionHead, document: InspectedDocument) -> Sheet:
        """The sheet in place of a document that cannot be shown."""
        ...

    def index(self, head: InspectionHead, placed: Sequence[Placed], case: FiledCase) -> Sheet:
        """Cover and index: every document with its sheets, then what happened in the case."""
        ...

    def manifest(self, head: InspectionHead, placed: Sequence[Placed]) -> bytes:
        """The same for machines (JSON), with the digests of the originals."""
        ...

    def bookmark(self, document: InspectedDocument) -> str:
        """How a document is called in the bundle's outline."""
        ...

    def stamp(self, head: InspectionHead, document: InspectedDocument | None, sheet: int, sheets: int) -> str:
        """The line on top of each sheet; no document: the index."""
        ...


class InspectionPress(Protocol):
    """Puts a bundle together."""

    def bundle(
        self,
        parts: Iterator[InspectionPart],
        index: Callable[[Sequence[Placed]], bytes],
        manifest: Callable[[Sequence[Placed]], bytes],
        head: InspectionHead,
        words: InspectionWords,
    ) -> tuple[bytes, tuple[Placed, ...], int]:
        """The PDF, where each document stands in it, and the number of sheets. ``index`` is set again until
        it agrees with the sheets it names. Raises ClerkError EXPORT_TOO_LARGE."""
        ...


@dataclass(frozen=True)
class Inspecting:
    """Makes the bundle. Nothing in the case is changed by it; that it was made is recorded."""

    reads: CaseReads
    ledger: Ledger
    filing: Filing
    assessor: Assessor
    pages: DocumentPages
    letters: LetterOffice
    sheets: SheetWriter
    press: InspectionPress
    words: InspectionWords
    clock: Clock

    def documents(self, case_id: CaseId) -> tuple[InspectedDocument, ...]:
        """What stands in the file, numbered, nothing opened yet (``sha256`` is empty). Raises ClerkError
        CASE_UNKNOWN, CASE_NOT_READABLE."""
        filed = self.filing.filed(case_id)
        return tuple(_described(number, each) for number, each in enumerate(_flat(filed.documents), 1))

    def bundle(
        self,
        case_id: CaseId,
        sink: BinaryIO,
        *,
        without: frozenset[str] = frozenset(),
        recipient: str = "",
        reason: str = "",
        progress: Progress = lambda done, total, title: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> InspectionBundle:
        """Writes the bundle of a case into ``sink`` and records it.

        ``without`` are ids of documents that must not be shown (VwVfG § 29 Abs. 2): the index names them as
        withheld. Raises ClerkError CASE_UNKNOWN, CASE_NOT_READABLE, DOCUMENT_DAMAGED, EXPORT_TOO_LARGE;
        ExportCancelledError.
        """
        case = readable_case(self.reads, case_id)
        filed = self.filing.filed(case_id)
        head = InspectionHead(
            case_id, filed.reference, filed.service, filed.applicant, self.filing.office,
            self.clock.now(), self.ledger.actor, recipient.strip(), reason.strip(),
        )  # fmt: skip
        documents = list(_flat(filed.documents))

        def parts() -> Iterator[InspectionPart]:
            for number, document in enumerate(documents, 1):
                if cancelled():
                    raise ExportCancelledError
                progress(number - 1, len(documents), document.title)
                yield self._part(case, head, number, document, withheld=document.document_id in without)

        pdf, placed, sheets = self.press.bundle(
            parts(),
            lambda found: self._rendered(self.words.index(head, found, filed), head),
            lambda found: self.words.manifest(head, found),
            head,
            self.words,
        )
        sink.write(pdf)
        made = InspectionBundle(
            head, placed, sheets, hashlib.sha256(pdf).hexdigest(), self.words.manifest(head, placed)
        )
        self._record(made)
        progress(len(documents), len(documents), "")
        return made

    # inside

    def _part(
        self, case: CaseFile, head: InspectionHead, number: int, document: FiledDocument, *, withheld: bool
    ) -> InspectionPart:
        described = _described(number, document)
        if withheld:
            return InspectionPart(replace(described, withheld=True))
        poured = io.BytesIO()
        document.pour(poured)
        content = poured.getvalue()
        described = replace(described, sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content))
        if document.kind in _FORMS:
            form = self.assessor.form(case, _application(case, described))
            return self._sheet(self.words.form(head, document.title, form), described, head)
        if document.kind in _MACHINE_READABLE:
            return InspectionPart(described, enclosed=content)
        if document.kind is FiledKind.ISSUED:
            return InspectionPart(described, pdf=content)
        try:
            images = tuple(self.pages.pages(content, document.media_type))
        except ClerkError as error:
            if error.code not in (ErrorCode.PREVIEW_REFUSED, ErrorCode.PREVIEW_FAILED):
                raise
            described = replace(described, problem=error.code.value)
            return self._sheet(self.words.not_shown(head, described), described, head)
        return InspectionPart(described, images=images)

    def _sheet(self, sheet: Sheet, document: InspectedDocument, head: InspectionHead) -> InspectionPart:
        return InspectionPart(document, pdf=self._rendered(sheet, head))

    def _rendered(self, sheet: Sheet, head: InspectionHead) -> bytes:
        letter: Letter = self.sheets.sheet(sheet, head.made_at)
        return self.letters.render(letter, head.made_at)

    def _record(self, made: InspectionBundle) -> None:
        payload = {
            "sha256": made.sha256,
            "sheets": made.sheets,
            "documents": sum(not each.document.withheld for each in made.placed),
            "withheld": [each.document.document_id for each in made.placed if each.document.withheld],
            "recipient": made.head.recipient,
            "reason": made.head.reason,
        }
        with self.ledger.transaction("inspection") as transaction:
            transaction.append(Act(ActKind.INSPECTED, made.head.case_id, None, payload))


def _flat(documents: Sequence[FiledDocument]) -> Iterator[FiledDocument]:
    for document in documents:
        yield document
        yield from _flat(document.enclosures)


def _described(number: int, document: FiledDocument) -> InspectedDocument:
    return InspectedDocument(
        number=number,
        document_id=document.document_id,
        kind=document.kind,
        title=document.title,
        day=document.received_on or document.sent_on or document.dated_on,
        filename=document.filename or "",
        media_type=document.media_type,
        size_bytes=document.size_bytes,
        sha256="",
    )


def _application(case: CaseFile, document: InspectedDocument) -> Application:
    """The submission a form of the file is of."""
    return next(each for each in case.applications if form_id(each.submission_id) == document.document_id)
