"""What the gap list needs from outside."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from clerk_app.domain.case import CaseFile
from clerk_app.domain.gaps import GapList
from clerk_app.domain.letter_templates import TextBlock


class GapReader(Protocol):
    """Reads a case for what is missing, by the rules of its service."""

    def gaps(self, case: CaseFile, now: datetime) -> GapList: ...

    def request_blocks(self, case: CaseFile, at: datetime) -> tuple[TextBlock, ...]:
        """The service's text blocks for a request that are in force then, with their blanks filled."""
        ...
