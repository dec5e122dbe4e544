"""Which status a case has: the portal's word (``c``, cache) with the clerk's word (``s``, ledger) over it.

One place, in SQL. A quarantined case is quarantined; then the decision counts; then whether it went to
another authority; then whose turn it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from clerk_app.domain.case import OPEN_STATUSES, CaseStatus, CaseView
from clerk_app.store.projections import REMINDER_KINDS

_ANSWERED = (
    "(s.requested_at IS NOT NULL AND c.last_received_at > s.requested_at) "
    "OR (s.requested_at IS NOT NULL AND s.settled_at > s.requested_at) "
    "OR (c.submission_count > 1 AND c.last_received_at > coalesce(s.looked_at, ''))"
)

# What came for a case that went to another authority, after its papers: it must not lie here unseen.
_FOLLOWED = "s.forwarded_by IS NOT NULL AND c.last_received_at > coalesce(s.handed_over_at, s.forwarded_at)"

STATUS = f"""CASE
    WHEN c.quarantined THEN 'quarantined'
    WHEN s.decision_state IN ('DELIVERED', 'POSTED') THEN 'closed'
    WHEN s.decision_state = 'RETURNED' THEN 'returned'
    WHEN s.decision_state IS NOT NULL THEN 'decided'
    WHEN {_FOLLOWED} THEN 'answered'
    WHEN s.forwarded_by IS NOT NULL THEN 'forwarded'
    WHEN {_ANSWERED} THEN 'answered'
    WHEN s.requested_at IS NOT NULL THEN 'requested'
    WHEN s.opened THEN 'in-review'
    ELSE 'new'
END"""

# The deadline that matters now: while the applicant is asked the day the answer is due (the office's target
# waits), else the target as a clerk last saw it with its pauses, else as it was on arrival.
# What is forwarded is due elsewhere.
DUE = (
    "CASE WHEN s.forwarded_by IS NULL THEN "
    f"coalesce(CASE WHEN ({STATUS}) = 'requested' THEN s.answer_on ELSE s.target_on END, c.due_on) END"
)

# A clerk's earliest open reminder. It is no deadline and hides none; it only brings the case up on its day.
# The index is named: hundreds of reminders of an office may stand on one day, few in one case.
REMIND = "s.next_on"
REMIND_KIND = f"""CASE WHEN {REMIND} IS NOT NULL THEN (
    SELECT d.kind FROM ledger.case_date d INDEXED BY case_date_by_case
    WHERE d.case_id = s.case_id AND d.done = 0 AND d.kind IN {REMINDER_KINDS}
    AND d.on_day = {REMIND} ORDER BY d.date_id LIMIT 1
) END"""  # noqa: S608

# The day lists "by deadline" are sorted by: the deadline or an earlier reminder. The order of texts is that
# of days; '~' comes after every day.
COMES_UP = f"nullif(min(coalesce({DUE}, '~'), coalesce({REMIND}, '~')), '~')"

# Cases whose day may be another one than the cache's; spelled as in the index over them.
MOVED = (
    "(s.answer_on IS NOT NULL OR s.next_on IS NOT NULL OR s.target_on IS NOT NULL "
    "OR s.forwarded_by IS NOT NULL)"
)

# Never opened since the last arrival.
# Each person for themselves; with nobody named, the office as a whole.
UNREAD = (
    "(coalesce(CASE WHEN reading_actor() = '' THEN s.looked_at ELSE "
    "(SELECT l.looked_at FROM ledger.case_looked l "
    "WHERE l.case_id = c.case_id AND l.actor = reading_actor()) END, '') < c.last_received_at)"
)

# Somebody has worked on it before: what makes it unread came later.
KNOWN = (
    "(c.submission_count > 1 "
    "AND ifnull(s.opened OR s.looked_at IS NOT NULL OR s.requested_at IS NOT NULL, 0))"
)
CHANGED = f"({UNREAD} AND {KNOWN})"

VIEW_STATUSES: Mapping[CaseView, frozenset[CaseStatus]] = {
    CaseView.NEW: frozenset({CaseStatus.NEW, CaseStatus.ANSWERED}),
    CaseView.OPEN: OPEN_STATUSES,
    CaseView.MINE: OPEN_STATUSES,
    CaseView.REQUESTS: frozenset({CaseStatus.REQUESTED}),
    CaseView.DECIDED: frozenset({CaseStatus.DECIDED}),
    CaseView.ARCHIVE: frozenset({CaseStatus.CLOSED, CaseStatus.FORWARDED}),
    CaseView.QUARANTINE: frozenset({CaseStatus.QUARANTINED}),
    CaseView.ALL: frozenset(CaseStatus),
}

JOINED = "cases c LEFT JOIN ledger.case_state s ON s.case_id = c.case_id"
# Cases that may be anything but closed for good. "closed" in the cache is a hint that lags behind the
# ledger; only reopening a case can make it wrong, and those are few.
WORKING = (
    "cases c INDEXED BY cases_working LEFT JOIN ledger.case_state s ON s.case_id = c.case_id "
    "WHERE c.closed = 0"
)
REOPENED = (
    "ledger.case_state s CROSS JOIN cases c ON c.case_id = s.case_id WHERE s.reopened = 1 AND c.closed = 1"
)
REOPENED_IDS = f"SELECT c.id FROM {REOPENED}"  # noqa: S608


def status_list(statuses: frozenset[CaseStatus]) -> str:
    """``statuses`` as an SQL list."""
    return "(" + ", ".join(f"'{status.value}'" for status in sorted(statuses)) + ")"
