"""Looking at cases and writing about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from clerk_app.domain.case import CaseFile, CaseRow, CaseStatus
from clerk_app.domain.correspondence import Correspondence
from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.three_way import Side
from clerk_app.domain.wording import tidy
from clerk_app.usecases.ports import CaseReads, Ledger

_UNDECIDED = frozenset({CaseStatus.NEW, CaseStatus.IN_REVIEW, CaseStatus.ANSWERED})


def resolve_case(reads: CaseReads, text: str) -> CaseId:
    """The one case a person means by its id, its reference, or the beginning of either.

    Raises ClerkError CASE_UNKNOWN or CASE_AMBIGUOUS.
    """
    found = reads.find(text.strip())
    if not found:
        raise ClerkError(ErrorCode.CASE_UNKNOWN, {"case": text})
    if len(found) > 1:
        raise ClerkError(ErrorCode.CASE_AMBIGUOUS, {"case": text, "count": len(found)})
    return found[0]


def readable_case(reads: CaseReads, case_id: CaseId) -> CaseFile:
    """The case's file, when there is something in it that can be read.

    Raises ClerkError CASE_UNKNOWN, or CASE_NOT_READABLE for a quarantined one.
    """
    case = reads.case_file(case_id)
    if case is None:
        raise ClerkError(ErrorCode.CASE_UNKNOWN, {"case": case_id})
    if case.row.status is CaseStatus.QUARANTINED or not case.applications:
        raise ClerkError(
            ErrorCode.CASE_NOT_READABLE,
            {"case": case.row.case_reference, "reason": case.quarantine_code or ""},
            Disposition.ASK_CLERK,
        )
    return case


@dataclass(frozen=True)
class CaseWork:
    """Acts of a clerk on a case that send nothing. Each raises ClerkError CASE_UNKNOWN."""

    reads: CaseReads
    ledger: Ledger
    target_on: Callable[[CaseId], date | None] = lambda _case_id: None

    def open(self, case_id: CaseId) -> None:
        """Records that a clerk looked at the case, unless that was done since its last arrival.

        The office's target as it stands now is recorded with it: an answer may have moved it, and lists show
        and sort by it.
        """
        row = self._row(case_id)
        if row.unread:
            target = self.target_on(case_id)
            self._record(
                ActKind.OPENED, case_id, {} if target in (None, row.due_on) else {"target_on": str(target)}
            )

    def mark_unread(self, case_id: CaseId) -> None:
        """Puts the case back among the new ones."""
        self._record(ActKind.UNREAD, case_id)

    def mark(self, case_ids: Sequence[CaseId], *, unread: bool) -> dict[CaseId, CaseStatus]:
        """Marks those of the cases that can take it as read or as unread, all or none of them; which status
        they had. Marking as read is no looking: nobody becomes responsible by it, and it is recorded as what
        it is. Only what nobody has decided can be unread again; a quarantined case is neither."""
        acts, was = [], {}
        for case_id in case_ids:
            row = self._row(case_id)
            if unread and not row.unread and row.status in _UNDECIDED:
                acts.append(Act(ActKind.UNREAD, case_id, None, {}))
            elif not unread and row.unread and row.status is not CaseStatus.QUARANTINED:
                acts.append(Act(ActKind.OPENED, case_id, None, {"marked": True}))
            else:
                continue
            was[case_id] = row.status
        self._append_all(acts)
        return was

    def unmark(self, was: Mapping[CaseId, CaseStatus], *, unread: bool) -> None:
        """The way back of ``mark``: unread again, or read again with the status it had."""
        kind = ActKind.UNREAD if unread else ActKind.OPENED
        self._append_all(
            [
                Act(kind, case_id, None, {"marked": True, "review": status is not CaseStatus.NEW})
                for case_id, status in was.items()
            ]
        )

    def assign(
        self, case_ids: Sequence[CaseId], to: str | None, reason: str = ""
    ) -> dict[CaseId, str | None]:
        """Gives cases to a clerk, or to nobody (None); whose they were before. What is theirs already is left
        alone. ``reason``: why a colleague's case is taken over; it stands in the record."""
        name = tidy(to) if to is not None else None
        was: dict[CaseId, str | None] = {}
        for case_id in case_ids:
            row = self._row(case_id)
            if row.assigned_to != (name or None):
                was[case_id] = row.assigned_to
        self.reassign(dict.fromkeys(was, name or None), reason)
        return was

    def reassign(self, to: Mapping[CaseId, str | None], reason: str = "") -> None:
        """Gives each case to somebody of its own, all or none of them: the way back of ``assign``."""
        why = {"text": words} if (words := tidy(reason)) else {}
        acts = [
            Act(ActKind.ASSIGNED, case_id, None, {"to": name, "was": self._row(case_id).assigned_to, **why})
            for case_id, name in to.items()
        ]
        self._append_all(acts)

    def note(self, case_id: CaseId, text: str) -> None:
        """Adds a Vermerk. Blank text is no note."""
        if text := tidy(text):
            self._record(ActKind.NOTED, case_id, {"text": text})

    def check(self, case_id: CaseId, check_id: str, *, accepted: bool, reason: str = "") -> None:
        """Records that a clerk accepted an open check point, with the reason given."""
        self._record(
            ActKind.CHECKED, case_id, {"check_id": check_id, "accepted": accepted, "reason": reason.strip()}
        )

    def save_draft(self, case_id: CaseId, outcome: Outcome, wording: Wording) -> None:
        """Keeps what was typed, so that nothing is lost."""
        self._record(ActKind.DRAFTED, case_id, {"outcome": outcome.value, **wording.payload()})

    def reconcile(self, case_id: CaseId, who: str, choices: Mapping[str, Side]) -> None:
        """Records whose version of each field a clerk chose, after ``who`` had kept another draft."""
        self._record(
            ActKind.RECONCILED,
            case_id,
            {"with": who, "choices": {name: side.value for name, side in choices.items()}},
        )

    def save_letter(self, case_id: CaseId, wanted: Correspondence) -> None:
        """Keeps what was typed of a letter that decides nothing."""
        self._record(ActKind.LETTER_DRAFTED, case_id, wanted.payload())

    def _append_all(self, acts: Sequence[Act]) -> None:
        if acts:
            with self.ledger.transaction(acts[0].kind.value) as transaction:
                for act in acts:
                    transaction.append(act)

    def _row(self, case_id: CaseId) -> CaseRow:
        row = self.reads.row(case_id)
        if row is None:
            raise ClerkError(ErrorCode.CASE_UNKNOWN, {"case": case_id})
        return row

    def _record(self, kind: ActKind, case_id: CaseId, payload: dict[str, object] | None = None) -> None:
        self._row(case_id)
        with self.ledger.transaction(kind.value) as transaction:
            transaction.append(Act(kind, case_id, None, payload or {}))
