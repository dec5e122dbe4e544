"""Unterschriftsmappe and Mitzeichnung: drafts that are fixed and wait for a release or a signature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from clerk_app.domain.decision import DraftDecision, Outcome
from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.ids import CaseId, DocumentId, EntryId


class DraftPlace(StrEnum):
    """Where a fixed draft lies. The values are written to disk."""

    REVIEW = "review"  # waits until another clerk has released or returned it
    FOLDER = "folder"  # waits to be signed
    SIGNED = "signed"  # its decision is in the outbox
    ENDED = "ended"  # a draft again: taken out, returned, or overtaken


OPEN_PLACES = frozenset({DraftPlace.REVIEW, DraftPlace.FOLDER})


class EndReason(StrEnum):
    """Why a fixed draft became an ordinary draft again. The values are written to disk."""

    TAKEN_OUT = "taken-out"  # a clerk wanted it so
    RETURNED = "returned"  # the reviewing clerk sent it back, with words
    CASE_CHANGED = "case-changed"  # something arrived, was requested or came back since
    DRAFT_CHANGED = "draft-changed"  # somebody wrote another text since
    ALREADY_DECIDED = "already-decided"  # another decision went out in the case
    ANOTHER_WAITS = "another-waits"  # a colleague's fixed draft came first


class ReviewPolicy(StrEnum):
    """Vier-Augen-Prinzip: which decisions need a second clerk before they are signed."""

    ALWAYS = "always"
    NEVER = "never"
    BY_SERVICE = "services"  # what the service's description says


@dataclass(frozen=True)
class FrozenDraft:
    """Festgeschriebener Entwurf: the letter as data and its paper, to the byte.

    The paper is what people look at, release and sign; ``sha256`` is its hash. ``authors`` are all who had a
    hand in it: none of them can be its reviewer.
    """

    draft: DraftDecision
    document_id: DocumentId
    sha256: str
    authors: tuple[str, ...]
    case_reference: str
    service: str
    recipient_name: str


@dataclass(frozen=True)
class WaitingDraft:
    """A fixed draft as it stands now. ``draft_id`` is the id its entry will have in the outbox.

    ``seen_by`` are those who were shown the paper with this very ``sha256``. ``edited_by`` is whoever wrote
    another text since it was fixed: then it is worth nothing any more.
    """

    draft_id: EntryId
    case_id: CaseId
    place: DraftPlace
    outcome: Outcome
    case_reference: str
    service: str
    recipient_name: str
    title: str
    document_id: DocumentId
    sha256: str
    change_token: str
    frozen_by: str
    frozen_at: datetime
    authors: frozenset[str] = frozenset()
    seen_by: frozenset[str] = frozenset()
    edited_by: str | None = None
    released_by: str | None = None
    released_at: datetime | None = None
    end_reason: EndReason | None = None
    remark: str = ""

    @property
    def waits(self) -> bool:
        """Whether there is something left to do with it."""
        return self.place in OPEN_PLACES


class PaperState(StrEnum):
    """What became of one document of a signing run."""

    SIGNED = "signed"
    SKIPPED = "skipped"  # not tried, for a reason that lies with a person: not seen, not released
    FAILED = "failed"  # tried, and something stands against it
    NOT_REACHED = "not-reached"  # the run ended before


@dataclass(frozen=True)
class PaperResult:
    """What became of one document, and why. ``code`` and ``params`` make the sentence."""

    draft_id: EntryId
    state: PaperState
    case_reference: str = ""
    code: ErrorCode | None = None
    params: Mapping[str, object] = field(default_factory=dict)
    given_back: EndReason | None = None  # it is a draft again
    channel: str | None = None
    sha256: str = ""  # of the signed document
    hold_until: datetime | None = None


@dataclass(frozen=True)
class FolderRun:
    """What a signing run did. ``stopped`` is the code of the failure that ended it before its end; ``rest``
    is what a later run goes on with, from the document it stopped at."""

    results: tuple[PaperResult, ...]
    rest: tuple[EntryId, ...] = ()
    stopped: ErrorCode | None = None
    stopped_params: Mapping[str, object] = field(default_factory=dict)
    cancelled: bool = False

    def count(self, state: PaperState) -> int:
        """How many documents ended so."""
        return sum(result.state is state for result in self.results)
