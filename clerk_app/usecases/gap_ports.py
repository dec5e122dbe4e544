"""What the gap list needs from outside."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from clerk_app.domain.case import CaseFile
from clerk_app.domain.gaps import GapList


class GapReader(Protocol):
    """Reads a case for what is missing, by the rules of its service."""

    def gaps(self, case: CaseFile, now: datetime) -> GapList: ...
