"""E-Akte: hands cases over to another system, whole."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from clerk_app.domain.case import CaseFile, CaseStatus
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.efile import Filed, FiledCase, FiledEntry, Handover, LeftOut
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.outbox import OutboxKind, OutboxState
from clerk_app.usecases.case_work import readable_case
from clerk_app.usecases.filed_documents import FiledDocuments
from clerk_app.usecases.ports import CaseReads, Clock, EFilePacker, Ledger

Progress = Callable[[int, int, str], None]
"""How many cases are done, of how many, and the reference of the one that comes next ("" at the end)."""

FORMAT = "xdomea 3.0.0 Abgabe.Abgabe.0401"


class ExportCancelledError(Exception):
    """A person stopped an export; nothing was recorded, and what was written so far is to be thrown away."""


@dataclass(frozen=True)
class Filing:
    """Makes packages of cases. Nothing in a case is changed by it; that it was handed over is recorded."""

    reads: CaseReads
    ledger: Ledger
    contents: FiledDocuments
    packer: EFilePacker
    office: str
    clock: Clock

    def export(
        self,
        case_ids: Sequence[CaseId],
        sink: BinaryIO,
        *,
        recipient: str = "",
        finish: Callable[[FiledCase], FiledCase] = lambda case: case,
        progress: Progress = lambda done, total, reference: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Filed:
        """Writes the package of ``case_ids`` into ``sink`` (seekable), and records it in every case it holds.

        A case that cannot be read is left out and told; the others go on. ``recipient`` is the receiving
        office; without a name it is this one (a change of system). ``finish`` may add to each case. What
        stands in ``sink`` counts only when this returns. Raises ClerkError EXPORT_EMPTY when no case is left,
        the case's own error when only one was wanted, EXPORT_TOO_LARGE; ExportCancelledError; OSError of
        ``sink``.
        """
        if not case_ids:
            raise ClerkError(ErrorCode.EXPORT_EMPTY)
        handover = Handover(
            str(uuid.uuid4()), self.clock.now(), self.office, recipient.strip() or self.office
        )
        filed: list[FiledEntry] = []
        left_out: list[LeftOut] = []
        with self.packer.opened(sink, handover) as package:
            for done, case_id in enumerate(case_ids):
                if cancelled():
                    raise ExportCancelledError
                row = self.reads.row(case_id)
                reference = row.case_reference if row is not None else case_id
                progress(done, len(case_ids), reference)
                try:
                    count = package.add(finish(self.filed(case_id)))
                except ClerkError as error:
                    if error.code is ErrorCode.EXPORT_TOO_LARGE or len(case_ids) == 1:
                        raise
                    left_out.append(LeftOut(case_id, reference, error.code, error.params))
                else:
                    filed.append(FiledEntry(case_id, reference, count))
            if not filed:
                raise ClerkError(ErrorCode.EXPORT_EMPTY, {"count": len(case_ids)}, Disposition.GIVE_UP)
        progress(len(case_ids), len(case_ids), "")
        self._record(handover, filed)
        return Filed(handover, self.packer.name(handover), tuple(filed), tuple(left_out))

    def filed(self, case_id: CaseId) -> FiledCase:
        """The case as it stands in a file. Raises ClerkError CASE_UNKNOWN, CASE_NOT_READABLE, and what the
        kept event logs say when they are damaged."""
        case = readable_case(self.reads, case_id)
        return FiledCase(
            case_id=case_id,
            reference=case.row.case_reference,
            service=case.row.service,
            applicant=case.row.applicant,
            opened_on=office_day(case.row.arrived_at),
            closed_on=closed_on(case),
            history=case.history,
            documents=self.contents.of(case),
        )

    def _record(self, handover: Handover, filed: Sequence[FiledEntry]) -> None:
        with self.ledger.transaction("export") as transaction:
            for entry in filed:
                transaction.append(
                    Act(
                        ActKind.EXPORTED,
                        entry.case_id,
                        None,
                        {
                            "format": FORMAT,
                            "process_id": handover.process_id,
                            "recipient": handover.recipient,
                            "documents": entry.documents,
                        },
                    )
                )


def closed_on(case: CaseFile) -> date | None:
    """The day a case ended: forwarded, or its decision delivered or posted; None while it is open."""
    if case.forwarded is not None:
        return office_day(case.forwarded.at)
    return office_day(_closed_at(case)) if case.row.status is CaseStatus.CLOSED else None


def _closed_at(case: CaseFile) -> datetime:
    ends = [
        entry.changed_at
        for entry in case.outgoing
        if entry.kind is OutboxKind.DECISION and entry.state in (OutboxState.DELIVERED, OutboxState.POSTED)
    ]
    return max(ends, default=case.row.arrived_at)
