"""Abgabe: "not competent here", in two steps. The applicant is told, the day of first receipt is kept.

For social benefits the law passes an application on and keeps its day (SGB I § 16 (2)); elsewhere no general
statute does, so the letter says it only where the law does, and the day goes along in every case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from clerk_app.domain.case import CaseFile, CaseStatus
from clerk_app.domain.competence import Competence, Forwarded, OfficeAddress
from clerk_app.domain.correspondence import Correspondence
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.decision import Finding, FindingLevel
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.forwarding import DraftForwarding, QueuedForwarding, forwarded_payload
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.letter import LetterKind
from clerk_app.domain.wording import tidy
from clerk_app.usecases.case_work import readable_case
from clerk_app.usecases.corresponding import Corresponding, queued_letter
from clerk_app.usecases.forwarding_ports import CompetenceRules
from clerk_app.usecases.handover_reminder import set_reminder
from clerk_app.usecases.ports import CaseReads, Clock, Ledger
from clerk_app.usecases.preflight import worst_first
from clerk_app.usecases.sending import TakeBack, is_decided, require_ours

_WITH_DECISION = frozenset({CaseStatus.DECIDED, CaseStatus.CLOSED, CaseStatus.RETURNED})
_REMIND_AFTER = timedelta(days=1)


def _plain_reminder(office: OfficeAddress) -> str:
    return office.name


@dataclass(frozen=True)
class Forwarding:
    """Hands cases to the authority that is competent. What is sent waits in the outbox like every letter."""

    reads: CaseReads
    ledger: Ledger
    corresponding: Corresponding
    rules: CompetenceRules
    clock: Clock
    take_back: TakeBack
    reminder_words: Callable[[OfficeAddress], str] = _plain_reminder

    # step 1: who it is

    def competence(self, case_id: CaseId) -> Competence:
        """Who is competent as far as the form shows. Raises ClerkError CASE_UNKNOWN, CASE_NOT_READABLE."""
        return self.rules.competence(readable_case(self.reads, case_id))

    def offices(self, text: str = "") -> Sequence[OfficeAddress]:
        """Authorities of the directory that ``text`` finds."""
        return self.rules.offices_like(text)

    def office(self, text: str) -> OfficeAddress:
        """The one authority of the directory a person means by its ARS, its name or a part of it.

        Raises ClerkError FORWARD_TARGET_MISSING, FORWARD_TARGET_UNKNOWN (``count`` when it is several).
        """
        wanted = " ".join(text.split())
        if not wanted:
            raise ClerkError(ErrorCode.FORWARD_TARGET_MISSING)
        everyone = self.rules.offices_like("")
        found = [each for each in everyone if wanted.casefold() in (each.name.casefold(), each.ars)]
        found = found or list(self.rules.offices_like(wanted))
        if len(found) != 1:
            several = {"count": len(found)} if found else {}
            raise ClerkError(ErrorCode.FORWARD_TARGET_UNKNOWN, {"authority": wanted, **several})
        return found[0]

    def draft(
        self, case_id: CaseId, office: OfficeAddress, reason: str, first_received_on: date | None = None
    ) -> DraftForwarding:
        """The notice as it would go out. ``first_received_on``: the day it reached another authority before
        this one; None: it came here first.

        Raises ClerkError CASE_UNKNOWN, CASE_NOT_READABLE, CASE_ALREADY_DECIDED, CASE_ALREADY_FORWARDED,
        FORWARD_DRAFT_WAITING, FORWARD_TARGET_MISSING, FORWARD_TO_SELF, FORWARD_REASON_MISSING,
        FIRST_RECEIVED_WRONG.
        """
        case = self._free(case_id)
        if not tidy(office.name):
            raise ClerkError(ErrorCode.FORWARD_TARGET_MISSING)
        own = self.rules.own_office
        if office.name == own.name and office.ars in ("", own.ars):
            raise ClerkError(ErrorCode.FORWARD_TO_SELF)
        if not tidy(reason):
            raise ClerkError(ErrorCode.FORWARD_REASON_MISSING)
        here_on = office_day(case.first.submitted_at)
        first_on = first_received_on or here_on
        if first_on > here_on:
            raise ClerkError(ErrorCode.FIRST_RECEIVED_WRONG, {"on": first_on, "latest": here_on})
        wanted = Correspondence(
            LetterKind.FORWARDING_NOTICE,
            reason,
            authority="\n".join(office.lines),
            first_received_on=first_on,
        )
        return DraftForwarding(self.corresponding.draft(case_id, wanted), office, tidy(reason), first_on)

    # step 2: it goes

    def preview(self, draft: DraftForwarding) -> bytes:
        """The notice as a PDF."""
        return self.corresponding.preview(draft.notice)

    def preflight(self, draft: DraftForwarding) -> tuple[Finding, ...]:
        """What stands against forwarding, worst first. Checked again by ``send`` whatever a view showed."""
        findings = list(self.corresponding.preflight(draft.notice))
        if readable_case(self.reads, draft.notice.case_id).row.status is CaseStatus.REQUESTED:
            findings.append(Finding("answer-open", FindingLevel.WARN))
        return worst_first(findings)

    def forward(
        self,
        case_id: CaseId,
        office: OfficeAddress,
        reason: str,
        first_received_on: date | None = None,
        *,
        at_once: bool = False,
    ) -> QueuedForwarding:
        """Both steps at one stroke. Raises as ``draft`` and ``send``."""
        return self.send(self.draft(case_id, office, reason, first_received_on), at_once=at_once)

    def send(self, draft: DraftForwarding, *, at_once: bool = False) -> QueuedForwarding:
        """Queues the notice and forwards the case, in one transaction: both or neither. While the notice has
        not left, taking it back makes the case this office's again.

        Raises as ``draft``, and CASE_CHANGED, PREFLIGHT_FAILED. When it raises, nothing was done.
        """
        case_id, notice = draft.notice.case_id, draft.notice
        case = self._free(case_id)
        outgoing, pdf = self.corresponding.frozen(notice)
        now = self.clock.now()
        hold_until = self.take_back.hold_until(now, at_once=at_once)
        payload = forwarded_payload(draft.office, draft.reason, draft.first_received_on)
        with self.ledger.transaction("forward case") as transaction:
            if transaction.draft_of(case_id) is not None:
                raise _draft_waits(case)
            self.corresponding.queue(transaction, notice, outgoing, hold_until)
            act = transaction.append(Act(ActKind.FORWARDED, case_id, notice.entry_id, payload))
            words = self.reminder_words(draft.office)
            set_reminder(transaction, case_id, notice.entry_id, office_day(now) + _REMIND_AFTER, words)
        forwarded = Forwarded(
            case_id, draft.office, draft.reason, draft.first_received_on, notice.entry_id, act.at
        )
        return QueuedForwarding(forwarded, queued_letter(notice, outgoing, pdf, hold_until))

    def _free(self, case_id: CaseId) -> CaseFile:
        """The case, when it may be forwarded."""
        case = readable_case(self.reads, case_id)
        require_ours(case)
        if is_decided(case) or case.row.status in _WITH_DECISION:
            raise ClerkError(ErrorCode.CASE_ALREADY_DECIDED, {"case": case.row.case_reference})
        if any(each.case_id == case_id for each in self.reads.waiting_drafts()):
            raise _draft_waits(case)
        return case


def _draft_waits(case: CaseFile) -> ClerkError:
    return ClerkError(ErrorCode.FORWARD_DRAFT_WAITING, {"case": case.row.case_reference})
