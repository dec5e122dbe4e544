"""The reminder that a forwarded case's papers must still go to the competent authority."""

from __future__ import annotations

from datetime import date

from clerk_app.domain.case import CaseFile
from clerk_app.domain.case_dates import DateKind, dates_of
from clerk_app.domain.forwarding import reminder_of
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.usecases.ports import LedgerTransaction


def set_reminder(
    transaction: LedgerTransaction, case_id: CaseId, notice_id: EntryId, on: date, text: str
) -> None:
    """Sets it, as a Wiedervorlage of the case."""
    payload: dict[str, object] = {
        "date_id": reminder_of(notice_id),
        "kind": DateKind.FOLLOW_UP.value,
        "on": on.isoformat(),
        "text": text,
        "was": None,
    }
    transaction.append(Act(ActKind.DATE_SET, case_id, notice_id, payload))


def end_reminder(
    transaction: LedgerTransaction, case: CaseFile | None, notice_id: EntryId, act: ActKind
) -> None:
    """Ends it (DATE_DONE) or takes it out (DATE_REMOVED); nothing when a clerk did so already."""
    for each in dates_of(case.history) if case is not None else ():
        if each.date_id == reminder_of(notice_id) and not each.done and case is not None:
            payload = {"date_id": each.date_id, "kind": each.kind.value, "was": each.on.isoformat()}
            transaction.append(Act(act, case.row.case_id, each.entry_id, payload))
