"""What a fake office holds: cases, ledger, outbox, documents. In memory, safe from any thread."""

from __future__ import annotations

import json
import threading
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import BinaryIO
from uuid import NAMESPACE_URL, uuid4, uuid5

from clerk_app.domain.application import Application, Attachment
from clerk_app.domain.attachment_text import SearchHit, TextCoverage
from clerk_app.domain.case import (
    OPEN_STATUSES,
    CaseAttachment,
    CaseFile,
    CaseOrder,
    CaseQuery,
    CaseRow,
    CaseStatus,
    CaseView,
    HistoryEvent,
    IssuedDocument,
    ViewCounts,
)
from clerk_app.domain.case_dates import DATE_ACTS, REMINDERS, OpenDate, dates_of
from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.competence import Forwarded
from clerk_app.domain.deadlines import DeadlineKind
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.folder import DraftPlace, FrozenDraft, WaitingDraft
from clerk_app.domain.forwarding import forwarded_in
from clerk_app.domain.ids import AttachmentId, CaseId, DocumentId, EntryId, SubmissionId
from clerk_app.domain.languages import LanguageWish
from clerk_app.domain.ledger import GENESIS_HASH, Act, ActKind, LedgerEntry, canonical_json, chain_hash
from clerk_app.domain.outbox import (
    OutboxEntry,
    OutboxKind,
    OutboxState,
    Outgoing,
    OutgoingDocument,
    Receipt,
    may_follow,
)
from clerk_app.domain.package import PackageMark, PackageVersion
from clerk_app.domain.package_register import NO_PACKAGES
from clerk_app.domain.relations import DoublePairs, RelatedCases
from clerk_app.domain.review_basis import ReviewBasis
from clerk_app.domain.search_terms import Days, Flag, SearchKey, SearchTerm, Whose, parse
from clerk_app.domain.service_package import CheckResult
from clerk_app.domain.signature import (
    KeyReport,
    SignatureLevel,
    SignerKind,
    SigningOutlook,
    VerificationReport,
)
from clerk_app.domain.stand_in import StandIn
from clerk_app.domain.statistics import CaseFact
from clerk_app.domain.typed import TypedPlace, TypedState
from clerk_app.sync.status import StatusBoard, SyncStatus
from clerk_app.usecases.county import County
from clerk_app.usecases.desk import OfficeFacts
from tests.ui.fake_drafts import FakeDrafts

NOW = datetime(2026, 11, 24, 7, 14, tzinfo=UTC)  # 08:14 in the office
PIN = "123456"


class FakeClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = NOW
        self.monotonic_s = 1000.0

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.monotonic_s += seconds


@dataclass
class Seed:
    """What the portal says of one case."""

    row_id: int
    case_id: CaseId
    reference: str
    service: str
    applicant: str
    arrived_at: datetime
    due_on: date | None
    applications: list[Application]
    attachments: list[CaseAttachment] = field(default_factory=list)
    warnings: dict[str, str] = field(default_factory=dict)
    quarantine: str | None = None
    portal: str = "service-bw"


CLERKS_KEY = KeyReport(
    "pkcs11:module?token=Karte",
    SignerKind.PERSONAL,
    "Jörg Schäfer",
    "Testdienst",
    NOW - timedelta(days=300),
    NOW + timedelta(days=400),
)


class FakeOffice:
    """Everything the office holds. Safe from any thread, like the store."""

    def __init__(
        self, *, needs_password: bool = False, practice: bool = False, take_back_s: int = 60
    ) -> None:
        self.clock = FakeClock()
        self.lock = threading.RLock()
        self.seeds: dict[CaseId, Seed] = {}
        self.acts: list[tuple[datetime, Act]] = []
        self.whose: dict[int, str] = {}  # who did it, by its place among the acts; usually ``actor``
        self.entries: dict[EntryId, OutboxEntry] = {}
        self.outgoing: dict[EntryId, Outgoing] = {}
        self.stored: dict[tuple[CaseId, DocumentId], tuple[str, bytes]] = {}
        self.contents: dict[AttachmentId, bytes] = {}
        self.typed: list[TypedState] = []
        self.kept: dict[tuple[str, str], object] = {}
        self.hits: dict[CaseId, SearchHit] = {}
        self.coverage = TextCoverage()
        self.listeners: list[Callable[[ChangeSet], None]] = []
        self.board = StatusBoard()
        self.related: dict[CaseId, RelatedCases] = {}
        self.syncs_asked = 0
        self.fail_next: ClerkError | None = None
        self.closed = 0
        self.wrong_pins = 0
        self.signed_with: list[str | None] = []
        self.outlook = SigningOutlook(SignatureLevel.B_B, CLERKS_KEY)
        self.drafts = FakeDrafts()
        self.actor = "K. Beispiel"
        self.four_eyes = False
        self.register = NO_PACKAGES
        self.results: dict[CaseId, tuple[CheckResult, ...]] = {}  # check points other than the usual ones
        self.bases: dict[CaseId, ReviewBasis] = {}  # cases read by something else than usual
        self.reports: dict[bytes, VerificationReport] = {}  # what verifying these documents finds
        self.asked_online: list[bytes] = []
        self._county: County | None = None
        self.facts = OfficeFacts(
            "Stadt Musterhausen", "081110000000", "BW", "K. Beispiel", practice, take_back_s, needs_password
        )

    @property
    def county(self) -> County | None:
        """The county's board, for a desk that is the county's."""
        return self._county

    @county.setter
    def county(self, county: County) -> None:
        self._county = county
        self.facts = replace(self.facts, county=True)

    def moved_to(self, case_id: CaseId) -> PackageMark | None:
        """The version of its package the case was moved to."""
        for _at, act in reversed(self.acts):
            if act.kind is ActKind.PACKAGE_MOVED and act.case_id == case_id:
                version = PackageVersion.parse(str(act.payload["to"]))
                return PackageMark(str(act.payload["package_id"]), version, str(act.payload["sha256"]))
        return None

    def subscribe(self, listener: Callable[[ChangeSet], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def publish(self, changes: ChangeSet) -> None:
        for listener in list(self.listeners):
            listener(changes)

    def add(self, seed: Seed, *, announce: bool = False) -> Seed:
        with self.lock:
            self.seeds[seed.case_id] = seed
        if announce:
            self.publish(ChangeSet(arrived=frozenset({seed.case_id})))
        return seed

    def answer(self, case_id: CaseId, *files: tuple[str, str]) -> None:
        """The citizen answers a request with ``files``: names and what their sender says they are."""
        with self.lock:
            seed = self.seeds[case_id]
            now = self.clock.now()
            submission_id = SubmissionId(str(uuid4()))
            sent = tuple(
                Attachment(
                    AttachmentId(str(uuid4())),
                    name,
                    "application/pdf",
                    9,
                    "0" * 128,
                    description=said or None,
                )
                for name, said in files
            )
            seed.applications.append(
                replace(seed.applications[0], submission_id=submission_id, submitted_at=now, attachments=sent)
            )
            seed.attachments += [
                CaseAttachment(each, submission_id, DocumentId(str(uuid4())), now) for each in sent
            ]
            seed.arrived_at = now
        self.publish(ChangeSet(changed=frozenset({case_id})))

    # derived
    def row(self, seed: Seed) -> CaseRow:
        return CaseRow(
            seed.row_id,
            seed.case_id,
            seed.reference,
            seed.service,
            "99108013104000",
            seed.applicant,
            "Musterhausen",
            seed.arrived_at,
            seed.due_on,
            self.case_status(seed),
            seed.portal,
            self.channel(seed),
            len(seed.attachments),
            self.unread(seed),
            *self.reminder(seed),
            self.assigned(seed),
            changed=self.unread(seed) and len(seed.applications) > 1 and self.looked(seed),
        )

    def assigned(self, seed: Seed) -> str | None:
        """Who opened it first, until somebody said otherwise."""
        whose: str | None = None
        for _at, act in self.acts:
            if act.case_id == seed.case_id and act.kind is ActKind.ASSIGNED:
                whose = None if act.payload["to"] is None else str(act.payload["to"])
            elif act.case_id == seed.case_id and act.kind is ActKind.OPENED and not act.payload.get("marked"):
                whose = whose or self.facts.actor
        return whose

    def reminder(self, seed: Seed) -> tuple[date | None, DeadlineKind | None]:
        history = [
            HistoryEvent(at, "", act.kind.value, _details(act))
            for at, act in self.acts
            if act.case_id == seed.case_id and act.kind in DATE_ACTS
        ]
        standing = [each for each in dates_of(history) if each.kind in REMINDERS and not each.done]
        first = min(standing, key=lambda each: each.on, default=None)
        return (None, None) if first is None else (first.on, DeadlineKind(first.kind.value))

    def forwarded(self, case_id: CaseId) -> Forwarded | None:
        return forwarded_in(
            case_id,
            [
                HistoryEvent(at, "", act.kind.value, _details(act))
                for at, act in self.acts
                if act.case_id == case_id
            ],
        )

    def channel(self, seed: Seed) -> str | None:
        for application in reversed(seed.applications):
            if application.reply_channel is not None:
                return application.reply_channel.kind
        return None

    def looked(self, seed: Seed) -> bool:
        """Whether somebody has worked on it before."""
        kinds = [act.kind for _at, act in self.acts if act.case_id == seed.case_id]
        return ActKind.OPENED in kinds or any(e.case_id == seed.case_id for e in self.entries.values())

    def unread(self, seed: Seed) -> bool:
        last = [
            (at, act.kind)
            for at, act in self.acts
            if act.case_id == seed.case_id and act.kind in (ActKind.OPENED, ActKind.UNREAD)
        ]
        return not last or last[-1][1] is ActKind.UNREAD or last[-1][0] < seed.arrived_at

    def case_status(self, seed: Seed) -> CaseStatus:
        if seed.quarantine:
            return CaseStatus.QUARANTINED
        entries = [e for e in self.entries.values() if e.case_id == seed.case_id]
        for entry in entries:
            if entry.kind is OutboxKind.DECISION and entry.state is not OutboxState.WITHDRAWN:
                if entry.state is OutboxState.RETURNED:
                    return CaseStatus.RETURNED
                final = entry.state in (OutboxState.DELIVERED, OutboxState.POSTED)
                return CaseStatus.CLOSED if final else CaseStatus.DECIDED
        if (forwarded := self.forwarded(seed.case_id)) is not None:
            followed = seed.applications[-1].submitted_at > (forwarded.handed_over_at or forwarded.at)
            return CaseStatus.ANSWERED if followed else CaseStatus.FORWARDED
        asked = [
            e.created_at
            for e in entries
            if e.state is not OutboxState.WITHDRAWN
            and e.kind in (OutboxKind.DOCUMENT_REQUEST, OutboxKind.LETTER)
            and self.outgoing[e.entry_id].due_on is not None
        ]
        if asked:
            answered = seed.applications[-1].submitted_at > max(asked)
            return CaseStatus.ANSWERED if answered else CaseStatus.REQUESTED
        opened = False
        for _at, act in self.acts:
            if act.case_id == seed.case_id and act.kind is ActKind.OPENED:
                opened = opened or not act.payload.get("marked") or act.payload.get("review") is True
            elif act.case_id == seed.case_id and act.kind is ActKind.UNREAD:
                opened = opened and act.payload.get("marked") is True
        return CaseStatus.IN_REVIEW if opened else CaseStatus.NEW

    def token(self, seed: Seed) -> str:
        return f"{len(seed.applications)}-{len(seed.attachments)}"


_VIEWS: Mapping[CaseView, Callable[[CaseRow], bool]] = {
    CaseView.NEW: lambda r: r.status in (CaseStatus.NEW, CaseStatus.ANSWERED),
    CaseView.OPEN: lambda r: (
        r.status
        in (
            CaseStatus.NEW,
            CaseStatus.IN_REVIEW,
            CaseStatus.REQUESTED,
            CaseStatus.ANSWERED,
            CaseStatus.RETURNED,
        )
    ),
    CaseView.MINE: lambda r: r.status in OPEN_STATUSES and r.assigned_to == "K. Beispiel",
    CaseView.REQUESTS: lambda r: r.status is CaseStatus.REQUESTED,
    CaseView.DECIDED: lambda r: r.status is CaseStatus.DECIDED,
    CaseView.ARCHIVE: lambda r: r.status in (CaseStatus.CLOSED, CaseStatus.FORWARDED),
    CaseView.QUARANTINE: lambda r: r.status is CaseStatus.QUARANTINED,
    CaseView.ALL: lambda _r: True,
}


def _sent(name: str, said: str) -> Attachment:
    made = Attachment(AttachmentId(str(uuid4())), name, "application/pdf", 9, "0" * 128)
    return replace(made, description=said or None)


def fits(row: CaseRow, text: str) -> bool:
    """Whether a row is what somebody looks for: as much of the language as the tests of the window use."""
    groups = parse(text, NOW.date()).groups
    return all(any(_meets(row, term) is not term.negative for term in group) for group in groups)


def _meets(row: CaseRow, term: SearchTerm) -> bool:
    match term.meaning:
        case Flag.UNREAD:
            return row.unread
        case Flag.CHANGED:
            return row.changed
        case Flag.ATTACHMENT:
            return row.attachment_count > 0
        case Days(first, last):
            on = row.due_on if term.key is SearchKey.DUE else row.arrived_at.date()
            return on is not None and (first or date.min) <= on <= (last or date.max)
        case frozenset():
            return row.status in term.meaning
        case Whose.NOBODY:
            return row.assigned_to is None
        case Whose.MINE:
            return row.assigned_to == "K. Beispiel"
        case LanguageWish(codes):
            return row.language in codes
        case Flag.OVERDUE:
            return row.due_on is not None and row.due_on < NOW.date() and row.status in OPEN_STATUSES
    words = f"{row.applicant} {row.service} {row.case_reference}".casefold()
    return all(word in words for word in term.value.casefold().split())


class FakeReads:
    """CaseReads over the office."""

    def __init__(self, office: FakeOffice) -> None:
        self._office = office

    def _matching(self, query: CaseQuery) -> list[CaseRow]:
        office = self._office
        with office.lock:
            rows = [office.row(seed) for seed in office.seeds.values()]
        rows = [
            r
            for r in rows
            if _VIEWS[query.view](r)
            and fits(r, query.text)
            and (query.status is None or r.status is query.status)
            and (not query.unread_only or r.unread)
            and (not query.with_attachments_only or r.attachment_count)
            and (query.due_before is None or (r.due_on is not None and r.due_on < query.due_before))
        ]
        if query.order is CaseOrder.NEWEST:
            rows.sort(key=lambda r: (r.arrived_at, r.row_id), reverse=True)
        elif query.order is CaseOrder.DUE:
            rows.sort(key=lambda r: (min(r.due_on or date.max, r.remind_on or date.max), -r.row_id))
        else:
            rows.sort(key=lambda r: r.applicant.casefold())
        return rows[: query.limit]

    def stand_ins(self) -> list[StandIn]:
        found: dict[str, StandIn] = {}
        for at, act in self._office.acts:
            key = str(act.payload.get("stand_in_id"))
            if act.kind is ActKind.STAND_IN_SET:
                members = act.payload
                found[key] = StandIn(
                    key, str(members["absent"]), str(members["stand_in"]),
                    date.fromisoformat(str(members["from_on"])), date.fromisoformat(str(members["until_on"])),
                    (), bool(members["may_sign"]), self._office.actor, at,
                )  # fmt: skip
            elif act.kind is ActKind.STAND_IN_ENDED:
                found[key] = replace(found[key], ended_at=at)
        return list(reversed(found.values()))

    def done_by(self, actor: str, whose: str) -> list[tuple[CaseId, datetime, str]]:
        return []

    def kept(self, actor: str, name: str) -> object:
        return self._office.kept.get((actor, name))

    def hit(self, case_id: CaseId, text: str) -> SearchHit | None:
        return self._office.hits.get(case_id) if text else None

    def text_coverage(self) -> TextCoverage:
        return self._office.coverage

    def met(self) -> dict[SearchKey, list[str]]:
        return {SearchKey.SERVICE: sorted({seed.service for seed in self._office.seeds.values()})}

    def ids(self, query: CaseQuery) -> array[int]:
        return array("q", (r.row_id for r in self._matching(query)))

    def rows(self, row_ids: Sequence[int]) -> list[CaseRow]:
        office = self._office
        with office.lock:
            known = {seed.row_id: seed for seed in office.seeds.values()}
            return [office.row(known[row_id]) for row_id in row_ids if row_id in known]

    def row(self, case_id: CaseId) -> CaseRow | None:
        with self._office.lock:
            seed = self._office.seeds.get(case_id)
            return self._office.row(seed) if seed else None

    def find(self, text: str) -> list[CaseId]:
        return [s.case_id for s in self._office.seeds.values() if s.reference.startswith(text)]

    def case_file(self, case_id: CaseId) -> CaseFile | None:
        office = self._office
        with office.lock:
            seed = office.seeds.get(case_id)
            if seed is None:
                return None
            history = [HistoryEvent(seed.arrived_at, seed.portal, "portal:submit-submission")]
            history += [
                HistoryEvent(at, office.whose.get(place, "K. Beispiel"), act.kind.value, _details(act))
                for place, (at, act) in enumerate(office.acts)
                if act.case_id == case_id
            ]
            return CaseFile(
                office.row(seed),
                tuple(seed.applications),
                tuple(seed.attachments),
                tuple(history),
                tuple(e for e in office.entries.values() if e.case_id == case_id),
                tuple(
                    IssuedDocument(
                        d.document_id,
                        d.filename,
                        d.media_type,
                        d.size_bytes,
                        d.sha256,
                        o.kind.value,
                        o.entry_id,
                    )
                    for o in office.outgoing.values()
                    if o.case_id == case_id
                    for d in o.documents
                ),
                office.token(seed),
                seed.quarantine,
                tuple(each.submission_id for each in seed.applications),
                forwarded=office.forwarded(case_id),
                moved_to=office.moved_to(case_id),
            )

    def actors(self) -> list[str]:
        return ["J. Brand", "K. Beispiel"]

    def counts(self, today: date, actor: str = "") -> ViewCounts:
        rows = self._matching(CaseQuery())
        waiting = [e for e in self.outbox() if e.accompanies is None]
        open_rows = [r for r in rows if _VIEWS[CaseView.OPEN](r) and r.due_on is not None]
        return ViewCounts(
            {view: sum(1 for r in rows if fits(r)) for view, fits in _VIEWS.items()},
            sum(1 for e in waiting if e.state in (OutboxState.QUEUED, OutboxState.ANNOUNCED)),
            sum(1 for e in waiting if e.state in (OutboxState.RETURNED, OutboxState.TO_POST)),
            sum(1 for r in open_rows if r.due_on == today),
            sum(1 for r in open_rows if r.due_on is not None and r.due_on < today),
            len(self._office.drafts.waiting()),
            sum(
                1
                for r in rows
                if _VIEWS[CaseView.OPEN](r)
                and r.remind_on is not None
                and r.remind_on <= today
                and (r.due_on is None or r.due_on > today)
            ),
        )

    def outbox(self, *, include_final: bool = True) -> list[OutboxEntry]:
        with self._office.lock:
            return sorted(self._office.entries.values(), key=lambda e: e.created_at, reverse=True)

    def outbox_entry(self, entry_id: EntryId) -> OutboxEntry | None:
        return self._office.entries.get(entry_id)

    def waiting_drafts(self) -> list[WaitingDraft]:
        with self._office.lock:
            return self._office.drafts.waiting()

    def fixed_draft(self, draft_id: EntryId) -> WaitingDraft | None:
        return self._office.drafts.known.get(draft_id)

    def change_token(self, case_id: CaseId) -> str:
        with self._office.lock:
            return self._office.token(self._office.seeds[case_id])

    def open_dates(self, until: date) -> list[OpenDate]:
        with self._office.lock:
            cases = list(self._office.seeds)
        found = []
        for case_id in cases:
            case = self.case_file(case_id)
            found += [
                OpenDate(case_id, each)
                for each in dates_of(case.history if case else ())
                if each.kind in REMINDERS and not each.done and each.on <= until
            ]
        return sorted(found, key=lambda each: each.date.on)

    def touched(self, since: datetime, until: datetime) -> list[CaseId]:
        with self._office.lock:
            acted = {act.case_id for at, act in self._office.acts if since <= at < until and act.case_id}
            arrived = {s.case_id for s in self._office.seeds.values() if since <= s.arrived_at < until}
        return sorted(acted | arrived)

    def related(self, case_id: CaseId) -> RelatedCases:
        with self._office.lock:
            return self._office.related.get(case_id, RelatedCases())

    def double_pairs(self, limit: int = 1000) -> DoublePairs:
        return DoublePairs()

    def facts(self) -> Iterator[CaseFact]:
        with self._office.lock:
            rows = [self._office.row(seed) for seed in self._office.seeds.values()]
        for row in rows:
            if row.status is not CaseStatus.QUARANTINED:
                on = row.arrived_at.date()
                decided = self._office.clock.now().date() if row.status is CaseStatus.DECIDED else None
                yield CaseFact(
                    row.service, row.municipality, on, decided, row.due_on, row.status in OPEN_STATUSES
                )

    def last_sync_at(self) -> datetime | None:
        return self._office.clock.now()

    def list(self, query: CaseQuery) -> list[CaseRow]:
        return self._matching(query)


def _details(act: Act) -> dict[str, object]:
    return {**act.payload, **({"entry_id": act.subject_id} if act.subject_id else {})}


def _issued(document: OutgoingDocument, outgoing: Outgoing) -> IssuedDocument:
    return IssuedDocument(
        document.document_id,
        document.filename,
        document.media_type,
        document.size_bytes,
        document.sha256,
        outgoing.kind.value,
        outgoing.entry_id,
    )


class FakeSync:
    """SyncControl whose status a test posts on the office's board."""

    def __init__(self, office: FakeOffice) -> None:
        self._office = office

    def status(self) -> SyncStatus:
        return self._office.board.status()

    def sync_now(self) -> None:
        self._office.syncs_asked += 1

    def subscribe(self, listener: Callable[[SyncStatus], None]) -> Callable[[], None]:
        return self._office.board.subscribe(listener)


class FakeTransaction:
    """LedgerTransaction: applied at once, published when the block ends."""

    def __init__(self, office: FakeOffice) -> None:
        self._office = office
        self.cases: set[CaseId] = set()
        self.touched: set[EntryId] = set()

    def append(self, act: Act) -> LedgerEntry:
        office = self._office
        office.whose[len(office.acts)] = office.actor
        office.acts.append((office.clock.now(), act))
        office.drafts.apply(act, office.actor, office.clock.now())
        if act.case_id:
            self.cases.add(act.case_id)
        if act.kind is ActKind.POSTED_CORRECTED and act.subject_id is not None:
            on = date.fromisoformat(str(act.payload["posted_on"]))
            office.entries[act.subject_id] = replace(
                office.entries[act.subject_id], posted_on=on, changed_at=office.clock.now()
            )
        if act.kind is ActKind.SENT_NEVERTHELESS and act.subject_id is not None:
            entry = self._office.entries[act.subject_id]
            basis = act.payload["basis"]
            assert isinstance(basis, list)
            self._office.entries[act.subject_id] = replace(entry, basis=tuple(basis))
        if act.subject_id:
            self.touched.add(act.subject_id)
        number = len(self._office.acts)
        return LedgerEntry(number, str(uuid4()), self._office.clock.now(), "K. Beispiel", act, "", "")

    def queue(
        self, outgoing: Outgoing, hold_until: datetime, state: OutboxState = OutboxState.QUEUED
    ) -> None:
        now = self._office.clock.now()
        self._office.outgoing[outgoing.entry_id] = outgoing
        self._office.entries[outgoing.entry_id] = OutboxEntry(
            outgoing.entry_id,
            outgoing.case_id,
            outgoing.kind,
            outgoing.channel,
            outgoing.portal,
            state,
            now,
            now,
            hold_until,
            case_reference=outgoing.case_reference,
            recipient_name=outgoing.recipient_name,
            title=outgoing.title,
            accompanies=outgoing.accompanies,
            basis=outgoing.basis,
        )
        told: dict[str, object] = {
            "kind": outgoing.kind.value,
            "letter": outgoing.structured.get("letter"),
            "structured": dict(outgoing.structured),
            "due_on": outgoing.due_on.isoformat() if outgoing.due_on else None,
        }
        self.append(Act(ActKind.QUEUED, outgoing.case_id, outgoing.entry_id, told))
        self.touched.add(outgoing.entry_id)

    def move(self, entry_id: EntryId, to: OutboxState, details: Mapping[str, object] | None = None) -> None:
        entry = self._office.entries.get(entry_id)
        if entry is None:
            raise ClerkError(ErrorCode.ENTRY_UNKNOWN)
        if not may_follow(entry.state, to):
            raise ClerkError(ErrorCode.REMOTE_CONFLICT)
        posted_on = str((details or {}).get("posted_on", ""))
        self._office.entries[entry_id] = replace(
            entry,
            state=to,
            changed_at=self._office.clock.now(),
            posted_on=date.fromisoformat(posted_on) if posted_on else entry.posted_on,
        )
        step = {**(details or {}), "from": entry.state.value, "to": to.value, "kind": entry.kind.value}
        self.append(Act(ActKind.MOVED, entry.case_id, entry_id, step))
        self.touched.add(entry_id)

    def entry(self, entry_id: EntryId) -> OutboxEntry | None:
        return self._office.entries.get(entry_id)

    def freeze(self, frozen: FrozenDraft, place: DraftPlace) -> None:
        office, draft = self._office, frozen.draft
        if self.draft_of(draft.case_id) is not None:
            raise ClerkError(ErrorCode.DRAFT_ALREADY_WAITING)
        kind = ActKind.FOLDER_ADDED if place is DraftPlace.FOLDER else ActKind.REVIEW_SUBMITTED
        self.append(Act(kind, draft.case_id, draft.entry_id))
        office.drafts.freeze(frozen, place, office.actor, office.clock.now())

    def draft(self, draft_id: EntryId) -> WaitingDraft | None:
        return self._office.drafts.known.get(draft_id)

    def draft_of(self, case_id: CaseId) -> WaitingDraft | None:
        return self._office.drafts.of_case(case_id)

    def decision_of(self, case_id: CaseId) -> OutboxEntry | None:
        for entry in self._office.entries.values():
            gone = entry.state in (OutboxState.WITHDRAWN, OutboxState.RETURNED)
            if entry.case_id == case_id and entry.kind is OutboxKind.DECISION and not gone:
                return entry
        return None

    def forwarded_by(self, case_id: CaseId) -> EntryId | None:
        found = self._office.forwarded(case_id)
        return None if found is None else found.notice_id


class FakeJournal:
    """What is being typed, in memory."""

    def __init__(self, office: FakeOffice) -> None:
        self._office = office

    def keep(self, case_id: CaseId, place: TypedPlace, fields: Mapping[str, object]) -> None:
        with self._office.lock:
            at, number = self._office.clock.now(), len(self._office.typed)
            self._office.typed.append(TypedState(number, case_id, place, at, "K. Beispiel", dict(fields)))

    def remember(self, name: str, value: object) -> None:
        with self._office.lock:
            self._office.kept["K. Beispiel", name] = json.loads(json.dumps(value))

    def end(self, case_id: CaseId, place: TypedPlace) -> None:
        with self._office.lock:
            self._office.typed = [
                replace(each, ended=True) if (each.case_id, each.place) == (case_id, place) else each
                for each in self._office.typed
            ]

    def states(self, case_id: CaseId, place: TypedPlace) -> list[TypedState]:
        with self._office.lock:
            found = [e for e in self._office.typed if (e.case_id, e.place) == (case_id, place)]
        return found[::-1]

    def unfinished(self, case_id: CaseId | None = None) -> list[TypedState]:
        with self._office.lock:
            newest = {
                (each.case_id, each.place): each
                for each in self._office.typed
                if not each.ended and case_id in (None, each.case_id)
            }
        return sorted(newest.values(), key=lambda each: each.sequence, reverse=True)


class FakeLedger:
    """Ledger over the office."""

    def __init__(self, office: FakeOffice) -> None:
        self._office = office

    @property
    def actor(self) -> str:
        return self._office.actor

    @property
    def desktop(self) -> str | None:
        return None

    def frozen_draft(self, draft_id: EntryId) -> FrozenDraft:
        return self._office.drafts.frozen[draft_id]

    @contextmanager
    def transaction(self, name: str) -> Iterator[FakeTransaction]:
        office = self._office
        if office.fail_next is not None:
            error, office.fail_next = office.fail_next, None
            raise error
        made = FakeTransaction(office)
        with office.lock:
            yield made
        office.publish(ChangeSet(changed=frozenset(made.cases), outbox=frozenset(made.touched)))

    def outgoing(self, entry_id: EntryId) -> Outgoing:
        return self._office.outgoing[entry_id]

    def entries(self, case_id: CaseId) -> list[LedgerEntry]:
        found, previous = [], GENESIS_HASH
        for number, (at, act) in enumerate(self._office.acts, 1):
            written = at.isoformat(timespec="microseconds")
            names = (f"entry-{number}", written, "K. Beispiel", act.kind.value, act.case_id, act.subject_id)
            entry_hash = chain_hash(previous, *names, canonical_json(act.payload))
            if act.case_id == case_id:
                found.append(LedgerEntry(number, names[0], at, names[2], act, previous, entry_hash))
            previous = entry_hash
        return found

    def verify_chain(self) -> int:
        return len(self._office.acts)


class FakeDocuments:
    """CaseDocuments and Attachments over the office."""

    def __init__(self, office: FakeOffice) -> None:
        self._office = office

    def keep(self, case_id: CaseId, content: bytes, label: str) -> DocumentId:
        document_id = DocumentId(str(uuid4()))
        self._office.stored[case_id, document_id] = (label, content)
        return document_id

    def read(self, case_id: CaseId, document_id: DocumentId) -> bytes:
        return self._office.stored[case_id, document_id][1]

    def write_to(
        self, case_id: CaseId, submission_id: SubmissionId, attachment_id: AttachmentId, sink: BinaryIO
    ) -> None:
        content = self._office.contents.get(attachment_id)
        if content is None:
            raise ClerkError(ErrorCode.DOCUMENT_MISSING, {"document": attachment_id})
        sink.write(content)


def deliver(office: FakeOffice, entry_id: EntryId) -> None:
    """The portal takes an entry and gives a receipt."""
    with office.lock:
        entry = office.entries[entry_id]
        receipt = Receipt("…/accept-submission", str(uuid4()), office.clock.now(), "eyJ…")
        office.entries[entry_id] = replace(
            entry, state=OutboxState.DELIVERED, receipt=receipt, changed_at=office.clock.now()
        )
        step = {"from": entry.state.value, "to": OutboxState.DELIVERED.value}
        office.acts.append((office.clock.now(), Act(ActKind.MOVED, entry.case_id, entry_id, step)))
    office.publish(ChangeSet(changed=frozenset({entry.case_id}), outbox=frozenset({entry_id})))


def case_id_of(number: int) -> CaseId:
    """The id of a seeded case."""
    return CaseId(str(uuid5(NAMESPACE_URL, f"case-{number}")))
