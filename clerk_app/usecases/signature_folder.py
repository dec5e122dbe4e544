"""Unterschriftsmappe: decisions that wait to be signed, each looked at before, all with one PIN."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clerk_app.domain.decision import DraftDecision
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.folder import (
    DraftPlace,
    EndReason,
    FolderRun,
    PaperResult,
    PaperState,
    WaitingDraft,
)
from clerk_app.domain.ids import EntryId
from clerk_app.domain.signature import SignatureLevel, SigningDemand, SigningOutlook
from clerk_app.usecases.case_work import readable_case
from clerk_app.usecases.deciding import AskPassword, Deciding
from clerk_app.usecases.fixed_drafts import FixedDrafts
from clerk_app.usecases.ports import LetterOffice

Progress = Callable[[int, int, PaperResult], None]
"""Told after each document: how many are done, of how many, and what became of this one."""

# What stands against one document and says nothing about the next. Everything else may lie with the key or
# the disk: going on could spend another PIN try on a card that locks itself after three.
OF_ONE_DOCUMENT = frozenset(
    {
        ErrorCode.CASE_UNKNOWN,
        ErrorCode.CASE_NOT_READABLE,
        ErrorCode.CASE_CHANGED,
        ErrorCode.CASE_ALREADY_DECIDED,
        ErrorCode.REASONS_MISSING,
        ErrorCode.HEARING_MISSING,
        ErrorCode.PREFLIGHT_FAILED,
        ErrorCode.LETTER_INCOMPLETE,
        ErrorCode.GLYPH_MISSING,
        ErrorCode.NOT_A_PDF,
        ErrorCode.DOCUMENT_DAMAGED,
        ErrorCode.DOCUMENT_MISSING,
        ErrorCode.DRAFT_UNKNOWN,
        ErrorCode.DRAFT_CHANGED,
        ErrorCode.REVIEW_OUTDATED,
    }
)
# Nobody tried: a person has not done their part yet, or somebody else was faster.
NOT_TRIED = frozenset(
    {
        ErrorCode.DRAFT_NOT_SEEN,
        ErrorCode.DRAFT_NOT_WAITING,
        ErrorCode.REVIEW_MISSING,
        ErrorCode.REVIEW_OWN_DRAFT,
    }
)
_GIVEN_BACK = {
    ErrorCode.CASE_CHANGED: EndReason.CASE_CHANGED,
    ErrorCode.CASE_ALREADY_DECIDED: EndReason.ALREADY_DECIDED,
    ErrorCode.DRAFT_CHANGED: EndReason.DRAFT_CHANGED,
    ErrorCode.REVIEW_OUTDATED: EndReason.DRAFT_CHANGED,
}


def nobody(done: int, total: int, result: PaperResult) -> None:
    """A Progress nobody listens to."""


@dataclass(frozen=True)
class SignatureFolder:
    """Lays decisions in, shows what waits, signs many with one PIN."""

    drafts: FixedDrafts
    deciding: Deciding
    letters: LetterOffice

    def add(self, draft: DraftDecision) -> WaitingDraft:
        """Lays a draft in. Raises as ``FixedDrafts.fix``."""
        return self.drafts.fix(draft, DraftPlace.FOLDER)

    def waiting(self) -> tuple[WaitingDraft, ...]:
        """What waits to be signed, oldest first."""
        return tuple(each for each in self.drafts.reads.waiting_drafts() if each.place is DraftPlace.FOLDER)

    def outlook(self, draft_id: EntryId) -> SigningOutlook:
        """How this one would be signed now. Raises ClerkError DRAFT_UNKNOWN."""
        return self.deciding.outlook(self.drafts.known(draft_id).case_id)

    def levels(self, draft_ids: Sequence[EntryId]) -> dict[EntryId, SignatureLevel]:
        """The level each would be signed at. Raises ClerkError DRAFT_UNKNOWN, CASE_NOT_READABLE."""
        found: dict[EntryId, SignatureLevel] = {}
        by_demand: dict[SigningDemand, SignatureLevel] = {}
        for draft_id in draft_ids:
            case = readable_case(self.drafts.reads, self.drafts.known(draft_id).case_id)
            demand = self.deciding.writer.signing_demand(case)
            if demand not in by_demand:
                by_demand[demand] = self.letters.outlook(demand).level
            found[draft_id] = by_demand[demand]
        return found

    def sign(
        self,
        draft_ids: Sequence[EntryId],
        ask_password: AskPassword,
        key_reference: str | None = None,
        *,
        at_once: bool = False,
        progress: Progress = nobody,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> FolderRun:
        """Signs one after the other; the PIN is asked for once, when it is first needed.

        Each document is signed and queued on its own: what is done stays done, whatever comes after. Ends at
        the first failure of the key (one try spent) and between two documents when ``cancelled``; the rest
        stays in the folder. Raises nothing for what happens to single documents.
        """
        wanted = tuple(dict.fromkeys(draft_ids))
        ask = _AskedOnce(ask_password)
        results: list[PaperResult] = []
        stopped: ClerkError | None = None
        was_cancelled = False
        with self.letters.batch(len(wanted)):
            for draft_id in wanted:
                if was_cancelled := cancelled():
                    break
                try:
                    result = self._sign_one(draft_id, ask, key_reference, at_once=at_once)
                except ClerkError as error:
                    result = self._failed(draft_id, error)
                    if not _goes_on(error):
                        stopped = error
                results.append(result)
                progress(len(results), len(wanted), result)
                if stopped is not None:
                    break
        tried = len(results)
        results += [self._not_reached(draft_id) for draft_id in wanted[tried:]]
        first_left = tried if stopped is None else tried - 1
        return FolderRun(
            tuple(results),
            rest=wanted[first_left:],
            stopped=None if stopped is None else stopped.code,
            stopped_params={} if stopped is None else stopped.params,
            cancelled=was_cancelled,
        )

    def _sign_one(
        self, draft_id: EntryId, ask: AskPassword, key_reference: str | None, *, at_once: bool
    ) -> PaperResult:
        drafts = self.drafts
        waiting = drafts.known(draft_id)
        params = {"case": waiting.case_reference}
        if waiting.place is not DraftPlace.FOLDER:
            missing = waiting.place is DraftPlace.REVIEW
            code = ErrorCode.REVIEW_MISSING if missing else ErrorCode.DRAFT_NOT_WAITING
            raise ClerkError(code, params)
        if drafts.ledger.actor not in waiting.seen_by:
            raise ClerkError(ErrorCode.DRAFT_NOT_SEEN, params)
        draft = drafts.ledger.frozen_draft(draft_id).draft
        paper = drafts.paper(draft_id)
        queued = self.deciding.sign_paper(draft, paper, ask, key_reference, at_once=at_once)
        return PaperResult(
            draft_id,
            PaperState.SIGNED,
            waiting.case_reference,
            channel=queued.channel,
            sha256=queued.sha256,
            hold_until=queued.hold_until,
        )

    def _failed(self, draft_id: EntryId, error: ClerkError) -> PaperResult:
        reason = _GIVEN_BACK.get(error.code)
        if reason is not None and not self.drafts.give_back(draft_id, reason):
            reason = None
        state = PaperState.SKIPPED if error.code in NOT_TRIED else PaperState.FAILED
        reference = self._reference(draft_id)
        return PaperResult(draft_id, state, reference, error.code, error.params, given_back=reason)

    def _not_reached(self, draft_id: EntryId) -> PaperResult:
        return PaperResult(draft_id, PaperState.NOT_REACHED, self._reference(draft_id))

    def _reference(self, draft_id: EntryId) -> str:
        found = self.drafts.reads.fixed_draft(draft_id)
        return "" if found is None else found.case_reference


class _AskedOnce:
    """Asks a person once. Whoever asks again is another key: what was typed is not for it, and trying would
    cost one of its tries."""

    def __init__(self, ask: AskPassword) -> None:
        self._ask = ask
        self._asked = False

    def __call__(self) -> str | None:
        if self._asked:
            return None
        self._asked = True
        return self._ask()


_OF_THE_PAPER = ("no-field", "already-signed")  # causes of SIGNING_FAILED


def _goes_on(error: ClerkError) -> bool:
    if error.code is ErrorCode.SIGNING_FAILED:
        return error.params.get("cause") in _OF_THE_PAPER
    return error.code in OF_ONE_DOCUMENT or error.code in NOT_TRIED
