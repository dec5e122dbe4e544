"""The clerk's word: append-only entries in a hash chain. Everything else is a view of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from clerk_app.domain.ids import CaseId, EntryId


class ActKind(StrEnum):
    """What was done. The value is written to disk and never changes its meaning."""

    OPENED = "opened"  # a clerk looked at the case: it counts as in review
    UNREAD = "unread"  # a clerk marked it as new again
    ASSIGNED = "assigned"  # payload: to (None: nobody), was
    NOTED = "noted"  # payload: text
    CHECKED = "checked"  # payload: check_id, accepted, reason
    DRAFTED = "drafted"  # payload: the draft decision
    RECONCILED = "reconciled"  # looked at what somebody else changed; payload: with, choices (field: side)
    LETTER_DRAFTED = "letter-drafted"  # payload: what was typed of a letter that decides nothing
    QUEUED = "queued"  # payload: the frozen Outgoing; subject: its entry id
    MOVED = "moved"  # payload: from, to and what belongs to the step; subject: the entry id
    REOPENED = "reopened"
    RETRY_ASKED = "retry-asked"  # subject: the entry id
    POSTED_CORRECTED = "posted-corrected"  # payload: was, posted_on; subject: the entry id
    PRINTED = "printed"  # put together for the printer; subject: the entry id
    SENT_NEVERTHELESS = "sent-nevertheless"  # payload: basis, the submissions seen; subject: the entry id
    EXPORTED = "exported"  # handed to another system; payload: format, process_id, recipient, documents
    INSPECTED = "inspected"  # a bundle for file inspection; payload: sha256, sheets, withheld, …
    PROVED = "proof-made"  # a proof bundle was made; payload: manifest_sha256; subject: the entry's id
    DATE_SET = "date-set"  # payload: date_id, kind, on, text, was; subject: the entry id it belongs to
    DATE_REMOVED = "date-removed"  # payload: date_id, kind, was, text (why)
    DATE_DONE = "date-done"  # a reminder was dealt with; payload: date_id, kind, was
    HEARING_WAIVED = "hearing-waived"  # decided without a hearing; payload: reason; subject: the decision
    # packages; case_id is None for the first
    PACKAGE_INSTALLED = "package-installed"  # payload: package_id, version, sha256, leika_keys, title, …
    PACKAGE_MOVED = "package-moved"  # a running case goes by another version; payload: package_id, from, to
    FORWARDED = "forwarded"  # handed to the competent authority; subject: the notice; payload: office, …
    HANDED_OVER = "handed-over"  # a forwarded case went to its authority; payload: authority
    GAP_SETTLED = "gap-settled"  # a clerk ticked or waived a missing item; payload: key, state, reason
    INTAKE_REFUSED = "intake-refused"  # a submission was rejected for technical reasons; payload: problems
    # fixed drafts; subject: the id the decision will have in the outbox
    FOLDER_ADDED = "folder-added"  # payload: the frozen draft
    REVIEW_SUBMITTED = "review-submitted"  # payload: the frozen draft
    DRAFT_SEEN = "draft-seen"  # payload: sha256 of the paper that was shown
    REVIEW_RELEASED = "review-released"  # payload: sha256, change_token
    REVIEW_RETURNED = "review-returned"  # payload: text
    DRAFT_GIVEN_BACK = "draft-given-back"  # taken out, or overtaken; payload: reason
    # the team
    TAKEN_OVER = (
        "taken-over"  # another desktop sends it from now on; payload: desktop, text; subject: the entry
    )
    STAND_IN_SET = (
        "stand-in-set"  # payload: stand_in_id, absent, stand_in, from_on, until_on, services, may_sign
    )
    STAND_IN_ENDED = "stand-in-ended"  # payload: stand_in_id
    TRIAGED = "triaged"  # the county's word; payload: direction, to, text, was; subject: the direction's id
    DESTROYED = "destroyed"  # end of retention; payload: retention, until, offered_at, entries, digest
    TRIAGE_UNDONE = "triage-undone"  # payload: text; subject: the direction's id


COUNTY_ACTS = frozenset({ActKind.TRIAGED, ActKind.TRIAGE_UNDONE})
"""What the county says to an office. No desktop of the office writes these."""


@dataclass(frozen=True)
class Act:
    """An act about to be recorded. ``payload`` is JSON: text, numbers, booleans, None, lists, objects."""

    kind: ActKind
    case_id: CaseId | None = None
    subject_id: EntryId | None = None
    payload: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class LedgerEntry:
    """Eintrag im Protokoll. ``entry_hash`` chains it to its predecessor."""

    sequence: int
    entry_id: str
    at: datetime
    actor: str
    act: Act
    previous_hash: str
    entry_hash: str


MACHINE = "machine"
"""Who acts when nobody does: the sync thread's steps."""
GENESIS_HASH = "0" * 64


def canonical_json(value: object) -> str:
    """One spelling for one value: sorted keys, no spaces, no NaN. What the chain hashes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def chain_hash(previous_hash: str, entry_id: str, at: str, actor: str, kind: str, case_id: str | None,
               subject_id: str | None, payload_json: str) -> str:  # fmt: skip
    """SHA-256 over the predecessor's hash and every field of this entry, as lower-case hex.

    ``at`` is the ISO 8601 text as stored, ``payload_json`` the canonical JSON as stored.
    """
    fields = canonical_json([previous_hash, entry_id, at, actor, kind, case_id, subject_id, payload_json])
    return hashlib.sha256(fields.encode("utf-8", "surrogatepass")).hexdigest()
