"""Text of attachments for the search: how far it was read, and where words were found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clerk_app.domain.ids import AttachmentId, CaseId, SubmissionId

PAGE_BREAK = "\f"


class TextState(StrEnum):
    """What came of reading an attachment."""

    READ = "read"
    SCAN = "scan"  # a page is pixels without text, and nobody here can read pixels
    REFUSED = "refused"


@dataclass(frozen=True)
class AttachmentText:
    """``pages``: the words of each page; ``reason`` is a code when it was refused."""

    state: TextState
    pages: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class WantedText:
    """A content nobody has read yet, and where it can be opened."""

    sha512: str
    case_id: CaseId
    submission_id: SubmissionId
    attachment_id: AttachmentId
    size_bytes: int


@dataclass(frozen=True)
class TextCoverage:
    """How much of all attachments the search knows, in contents (the same file sent twice counts once)."""

    read: int = 0
    wanted: int = 0
    scans: int = 0
    refused: int = 0


class HitPlace(StrEnum):
    """Where words of a search stand."""

    FORM = "form"
    ATTACHMENT = "attachment"
    NOTE = "note"


@dataclass(frozen=True)
class SearchHit:
    """The first place in a case that holds words of the search, as ``before``, ``words``, ``after``.

    ``attachment_id``, ``name`` and ``page`` (from 1; 0 when there is only one) only for attachments.
    """

    place: HitPlace
    before: str
    words: str
    after: str
    name: str = ""
    page: int = 0
    attachment_id: AttachmentId | None = None
