"""Drucken: what a clerk wants on paper besides letters. Nothing is recorded: it only shows what is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from clerk_app.domain.case import CaseFile
from clerk_app.domain.deadlines import Deadline
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.service_package import CheckResult
from clerk_app.domain.sheet import Sheet
from clerk_app.usecases.case_work import readable_case
from clerk_app.usecases.ports import Assessor, CaseReads, Clock, LetterOffice, SheetWriter


class CaseSheetWords(Protocol):
    """The words of a case sheet."""

    def __call__(
        self,
        case: CaseFile,
        checks: Sequence[tuple[CheckResult, bool]],
        deadlines: Sequence[Deadline],
        printed_by: str,
        now: datetime,
    ) -> Sheet: ...


class SheetPress(Protocol):
    """Several documents as one, for the printer."""

    def joined(self, parts: Sequence[bytes]) -> bytes:
        """One after the other. Raises ClerkError NOT_A_PDF."""
        ...


@dataclass(frozen=True)
class Printing:
    """Sheets as accessible PDFs under the office's letterhead. ``actor`` is who prints."""

    reads: CaseReads
    assessor: Assessor
    letters: LetterOffice
    sheets: SheetWriter
    clock: Clock
    actor: str
    press: SheetPress

    def case_sheet(self, case_id: CaseId, words: CaseSheetWords) -> bytes:
        """Vorgangsblatt of a case. Raises ClerkError CASE_UNKNOWN, CASE_NOT_READABLE, GLYPH_MISSING."""
        case = readable_case(self.reads, case_id)
        now = self.clock.now()
        accepted = _accepted(case)
        checks = [(check, check.check_id in accepted) for check in self.assessor.checks(case)]
        return self.sheet(words(case, checks, self.assessor.deadlines(case, now), self.actor, now))

    def case_sheets(self, case_ids: Sequence[CaseId], words: CaseSheetWords) -> bytes:
        """The sheets of several cases as one document, in this order. Raises ClerkError as ``case_sheet``."""
        return self.press.joined([self.case_sheet(case_id, words) for case_id in case_ids])

    def sheet(self, sheet: Sheet) -> bytes:
        """Any sheet. Raises ClerkError GLYPH_MISSING."""
        now = self.clock.now()
        return self.letters.render(self.sheets.sheet(sheet, now), now)


def _accepted(case: CaseFile) -> frozenset[str]:
    """Check points a clerk has accepted and not opened again."""
    found: dict[str, bool] = {}
    for event in case.history:
        if event.kind == ActKind.CHECKED.value:
            found[str(event.details.get("check_id"))] = event.details.get("accepted") is True
    return frozenset(check_id for check_id, accepted in found.items() if accepted)
