"""Formulierungshilfe at the desk: looks through a text before it goes into a letter. Hints, never blocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from clerk_app.domain.case import CaseFile
from clerk_app.domain.ids import CaseId
from clerk_app.domain.wording_hints import WordingHint
from clerk_app.usecases.ports import CaseReads, Clock, RequestDueDates


class WordingAdviser(Protocol):
    """Knows the words a policy avoids, abbreviations, and which law is in force."""

    def wording_hints(self, text: str, on: date, case: CaseFile | None) -> tuple[WordingHint, ...]:
        """What is worth saying about ``text`` in a letter of that day, in the order of the text. ``case``
        brings the dated texts of its service."""
        ...


@dataclass(frozen=True)
class WordingHelp:
    """Looks through what a clerk writes."""

    reads: CaseReads
    adviser: WordingAdviser
    days: RequestDueDates
    clock: Clock

    def hints(self, text: str, case_id: CaseId | None = None) -> tuple[WordingHint, ...]:
        """The hints about ``text`` for a letter of today; without a case only what holds for every letter."""
        case = None if case_id is None else self.reads.case_file(case_id)
        readable = case if case is not None and case.applications else None
        return self.adviser.wording_hints(text, self.days.today(self.clock.now()), readable)
