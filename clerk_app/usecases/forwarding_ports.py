"""What forwarding a case needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from clerk_app.domain.case import CaseFile
from clerk_app.domain.competence import Competence, Forwarded, OfficeAddress
from clerk_app.domain.letter import Letter


class CompetenceRules(Protocol):
    """Who is competent by the form, and whom this office knows."""

    @property
    def own_office(self) -> OfficeAddress: ...

    def competence(self, case: CaseFile) -> Competence: ...

    def offices_like(self, text: str) -> Sequence[OfficeAddress]:
        """Authorities of the directory that a search for ``text`` finds; all of them without any word."""
        ...


@dataclass(frozen=True)
class EnclosedDocument:
    """What goes along: a document's title and its SHA-256 as lower-case hex."""

    title: str
    sha256: str


class HandoverLetterWriter(Protocol):
    """Writes the Abgabeschreiben to the competent authority."""

    def handover_letter(
        self,
        case: CaseFile,
        forwarded: Forwarded,
        enclosed: Sequence[EnclosedDocument],
        at: datetime,
    ) -> Letter: ...
