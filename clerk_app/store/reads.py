"""Reading side: lists, one case, counts. Read-only; a ledger attached to the cache, one object per thread."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from clerk_app.domain.attachment_text import SearchHit, TextCoverage
from clerk_app.domain.case import CaseFile, CaseOrder, CaseQuery, CaseRow, CaseStatus, CaseView, ViewCounts
from clerk_app.domain.case_dates import CaseDate, DateKind, OpenDate
from clerk_app.domain.deadlines import DeadlineKind
from clerk_app.domain.folder import WaitingDraft
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.ledger import MACHINE
from clerk_app.domain.outbox import OutboxEntry
from clerk_app.domain.relations import DoublePairs, RelatedCases
from clerk_app.domain.search_terms import SearchKey
from clerk_app.domain.stand_in import StandIn
from clerk_app.domain.statistics import CaseFact
from clerk_app.store import case_file, hits, relations, search, text_index
from clerk_app.store import stand_ins as standing_in
from clerk_app.store.connection import Connection, Row
from clerk_app.store.drafts import WAITING, as_waiting, draft_query
from clerk_app.store.encoding import from_json, read_optional_date, read_time, stored_time
from clerk_app.store.outgoing import as_entry, entry_query
from clerk_app.store.overlay import (
    COMES_UP,
    DUE,
    JOINED,
    KNOWN,
    MOVED,
    REMIND,
    REMIND_KIND,
    REOPENED,
    REOPENED_IDS,
    STATUS,
    UNREAD,
    VIEW_STATUSES,
    WORKING,
    status_list,
)
from clerk_app.store.projections import REMINDER_KINDS
from clerk_app.store.search import Condition
from clerk_app.store.statistics import case_facts

if TYPE_CHECKING:
    from clerk_app.usecases.ports import Clock

_ROW = (
    f"c.id, c.case_id, c.case_reference, c.service, c.leika_key, c.applicant, c.municipality, c.arrived_at, "
    f"{DUE}, {STATUS}, c.portal, c.channel, c.attachment_count, {UNREAD}, {REMIND}, {REMIND_KIND}, "
    f"s.assigned_to, c.language, {KNOWN}"
)
_STATUS_ORDER = (
    f"CASE ({STATUS})"
    + "".join(f" WHEN '{status.value}' THEN {place}" for place, status in enumerate(CaseStatus))
    + " END"
)
#: What is sorted by, one after the other; the newest of equal ones first, by deadline and name the oldest.
_ORDERS: dict[CaseOrder, tuple[str, ...]] = {
    CaseOrder.NEWEST: (),
    CaseOrder.DUE: (f"{COMES_UP} IS NULL", COMES_UP),
    CaseOrder.APPLICANT: ("c.applicant_sort_key",),
    CaseOrder.SERVICE: ("c.service",),
    CaseOrder.MUNICIPALITY: ("c.municipality",),
    CaseOrder.REFERENCE: ("c.case_reference",),
    CaseOrder.STATUS: (_STATUS_ORDER,),
    CaseOrder.ASSIGNED: ("s.assigned_to IS NULL", "s.assigned_to"),
    CaseOrder.ATTACHMENTS: ("c.attachment_count",),
    CaseOrder.PORTAL: ("c.portal",),
    CaseOrder.LANGUAGE: ("nullif(c.language, '') IS NULL", "nullif(c.language, '')"),
}
_NEWEST_FIRST = frozenset(CaseOrder) - {CaseOrder.DUE, CaseOrder.APPLICANT}
_BY_LEDGER = frozenset({CaseOrder.DUE, CaseOrder.STATUS, CaseOrder.ASSIGNED})


def _order(query: CaseQuery) -> tuple[str, str]:
    """Columns of a list of row numbers, and how they are sorted."""
    keys = _ORDERS[query.order]
    turned = " DESC" if query.reverse else ""
    parts = []
    for place, key in enumerate(keys, 2):
        parts.append(str(place) if key.endswith(" IS NULL") else f"{place}{turned}")  # nothing comes last
    newest = query.order in _NEWEST_FIRST
    if query.order is CaseOrder.NEWEST:
        newest = not query.reverse
    parts.append("1 DESC" if newest else "1")
    return ", ".join(("c.id", *keys)), "ORDER BY " + ", ".join(parts)


_INDEXES = {
    CaseOrder.NEWEST: "cases_newest",
    CaseOrder.APPLICANT: "cases_by_applicant",
}
_AT_MOST_FOUND = 10
_MET = 5000  # newest cases that are looked through for proposals


class SqlCaseReads:
    """Implements ``usecases.ports.CaseReads``."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def ids(self, query: CaseQuery) -> array[int]:
        """Row ids in order. The newest list is a walk over an index; a search walks the full-text hits."""
        sql, parameters = self._ids_sql(query)
        found: array[int] = array("q")
        found.extend(row[0] for row in self._connection.each(sql, parameters))
        return found

    def rows(self, row_ids: Sequence[int]) -> list[CaseRow]:
        """The rows for ``row_ids``, in that order; ids that no longer exist are left out."""
        found: dict[int, CaseRow] = {}
        for start in range(0, len(row_ids), 500):
            part = list(row_ids[start : start + 500])
            marks = ",".join("?" * len(part))
            for row in self._connection.rows(
                f"SELECT {_ROW} FROM {JOINED} WHERE c.id IN ({marks})",  # noqa: S608
                part,
            ):
                found[row[0]] = _as_row(row)
        return [found[row_id] for row_id in row_ids if row_id in found]

    def row(self, case_id: CaseId) -> CaseRow | None:
        """One case's row."""
        row = self._connection.one(f"SELECT {_ROW} FROM {JOINED} WHERE c.case_id = ?", (case_id,))  # noqa: S608
        return None if row is None else _as_row(row)

    def find(self, text: str) -> list[CaseId]:
        """By id or reference: equal, else beginning with ``text`` (at most ten). Case does not matter."""
        wanted = text.strip()
        if not wanted or not wanted.isascii():
            return []
        exact = self._connection.rows(
            "SELECT case_id FROM cases WHERE case_id IN (?1, ?2) OR case_reference = ?3 LIMIT 10",
            (wanted, wanted.lower(), wanted.upper()),
        )
        found = exact or self._connection.rows(
            "SELECT case_id FROM (SELECT case_id, id FROM cases WHERE case_id >= ?1 AND case_id < ?1 || '~' "
            "UNION SELECT case_id, id FROM cases WHERE case_reference >= ?2 AND case_reference < ?2 || '~') "
            "ORDER BY id DESC LIMIT ?3",
            (wanted.lower(), wanted.upper(), _AT_MOST_FOUND),
        )
        return [row[0] for row in found]

    def case_file(self, case_id: CaseId) -> CaseFile | None:
        """Everything about one case, or None: as it stood at one moment.

        What the applicant sends while this reads is in all of it or in none: a decision must never be made on
        the old applications and stand on the new ones.
        """
        with self._connection.snapshot():
            row = self.row(case_id)
            return None if row is None else case_file.read(self._connection, row)

    def counts(self, today: date, actor: str = "") -> ViewCounts:
        """Numbers beside the sidebar's areas. Reads the cases that are not closed, and counters."""
        by_status: dict[CaseStatus, int] = dict.fromkeys(CaseStatus, 0)
        due_today = overdue = reminded = reopened = mine = 0
        day = today.isoformat()
        ours = standing_in.mine(self._connection, actor, today, "?2")
        for source in (WORKING, REOPENED):
            for status, number, due, late, up, own in self._connection.rows(
                f"SELECT {STATUS}, count(*), sum({DUE} = ?1), sum({DUE} < ?1), "  # noqa: S608
                f"sum(CASE WHEN {REMIND} <= ?1 THEN NOT ifnull({DUE} <= ?1, 0) END), "
                f"sum({ours.sql}) FROM {source} GROUP BY 1",
                (day, *ours.parameters),
            ):
                found = CaseStatus(status)
                by_status[found] += number
                reopened += number if source is REOPENED else 0
                if found in VIEW_STATUSES[CaseView.OPEN]:
                    due_today += due or 0
                    overdue += late or 0
                    reminded += up or 0
                    mine += own or 0
        hinted = self._connection.value("SELECT value FROM counter WHERE name = 'closed'")
        by_status[CaseStatus.CLOSED] += int(hinted) - reopened
        by_view = {
            view: sum(by_status[status] for status in statuses) for view, statuses in VIEW_STATUSES.items()
        }
        by_view[CaseView.MINE] = mine
        waiting = attention = 0
        for state, number in self._connection.rows(
            "SELECT state, count(*) FROM ledger.outbox_state "
            "WHERE state NOT IN ('DELIVERED', 'POSTED', 'WITHDRAWN') GROUP BY state"
        ):
            if state in ("RETURNED", "TO_POST"):
                attention += number
            else:
                waiting += number
        drafts = self._connection.value(
            "SELECT count(*) FROM ledger.draft_state WHERE place IN ('review', 'folder')"
        )
        return ViewCounts(by_view, waiting, attention, due_today, overdue, drafts, reminded)

    def outbox(self, *, include_final: bool = True) -> list[OutboxEntry]:
        """Entries of the outbox, newest first."""
        where = "1" if include_final else "o.state NOT IN ('DELIVERED', 'POSTED', 'WITHDRAWN')"
        sql = entry_query(f"{where} ORDER BY o.queued_sequence DESC", "ledger")
        return [as_entry(row) for row in self._connection.rows(sql)]

    def outbox_entry(self, entry_id: EntryId) -> OutboxEntry | None:
        """One entry, or None."""
        row = self._connection.one(entry_query("o.entry_id = ?", "ledger"), (entry_id,))
        return None if row is None else as_entry(row)

    def waiting_drafts(self) -> list[WaitingDraft]:
        """Fixed drafts that wait for a release or a signature, oldest first."""
        return [as_waiting(row) for row in self._connection.rows(draft_query(WAITING, "ledger"))]

    def fixed_draft(self, draft_id: EntryId) -> WaitingDraft | None:
        """One fixed draft, whatever became of it."""
        row = self._connection.one(draft_query("d.draft_id = ?", "ledger"), (draft_id,))
        return None if row is None else as_waiting(row)

    def change_token(self, case_id: CaseId) -> str:
        """``CaseFile.change_token`` without the file."""
        return case_file.change_token(self._connection, case_id)

    def open_dates(self, until: date) -> list[OpenDate]:
        """Reminders of any case that are not done and due up to ``until``, earliest first."""
        return [
            OpenDate(row[0], CaseDate(row[1], DateKind(row[2]), date.fromisoformat(row[3]), row[4], row[5]))
            for row in self._connection.rows(
                "SELECT case_id, date_id, kind, on_day, text, entry_id FROM ledger.case_date "  # noqa: S608
                f"WHERE done = 0 AND kind IN {REMINDER_KINDS} AND on_day <= ? ORDER BY on_day, date_id",
                (until.isoformat(),),
            )
        ]

    def actors(self) -> list[str]:
        """See the port. The machine is nobody."""
        rows = self._connection.rows(
            "SELECT DISTINCT actor FROM ledger.entry UNION "
            "SELECT DISTINCT assigned_to FROM ledger.case_state WHERE assigned_to IS NOT NULL ORDER BY 1"
        )
        return [row[0] for row in rows if row[0] != MACHINE]

    def related(self, case_id: CaseId) -> RelatedCases:
        """Other cases with the same person, address or document, possible doubles first. As it stood at one
        moment."""
        with self._connection.snapshot():
            own = self.row(case_id)
            return RelatedCases() if own is None else relations.related(self._connection, self.rows, own)

    def double_pairs(self, limit: int = 1000) -> DoublePairs:
        """All pairs of open cases that may be one application, newest first."""
        with self._connection.snapshot():
            return relations.double_pairs(self._connection, self.rows, limit)

    def touched(self, since: datetime, until: datetime) -> list[CaseId]:
        """Cases in which something was done or arrived from ``since`` to before ``until``."""
        span = (stored_time(since), stored_time(until))
        return [
            row[0]
            for row in self._connection.rows(
                "SELECT case_id FROM ledger.entry WHERE at >= ?1 AND at < ?2 AND case_id IS NOT NULL "
                "UNION SELECT case_id FROM submission WHERE received_at >= ?1 AND received_at < ?2 "
                "ORDER BY 1",
                span,
            )
        ]

    def facts(self) -> Iterator[CaseFact]:
        """What statistics may know of every readable case, as it stood at one moment."""
        with self._connection.snapshot():
            yield from case_facts(self._connection)

    def stand_ins(self) -> list[StandIn]:
        """See the port."""
        return standing_in.stand_ins(self._connection)

    def done_by(self, actor: str, whose: str) -> list[tuple[CaseId, datetime, str]]:
        """See the port."""
        rows = self._connection.rows(
            "SELECT e.case_id, e.at, e.kind FROM ledger.entry e "
            "JOIN ledger.case_state s ON s.case_id = e.case_id "
            "WHERE e.actor = ? AND s.assigned_to = ? ORDER BY e.sequence",
            (actor, whose),
        )
        return [(CaseId(row[0]), read_time(row[1]), row[2]) for row in rows]

    def kept(self, actor: str, name: str) -> object:
        """See the port."""
        return from_json(
            self._connection.value(
                "SELECT content FROM ledger.kept WHERE actor = ? AND name = ?", (actor, name)
            )
        )

    def met(self) -> dict[SearchKey, list[str]]:
        """See the port. The newest cases tell enough: all of them would be a walk through the whole cache."""
        found = {SearchKey.PERSON: self.actors()}
        for key, column in ((SearchKey.SERVICE, "service"), (SearchKey.MUNICIPALITY, "municipality")):
            rows = self._connection.rows(
                f"SELECT DISTINCT {column} FROM (SELECT {column} FROM cases ORDER BY id DESC LIMIT {_MET}) "  # noqa: S608
                "ORDER BY 1"
            )
            found[key] = [row[0] for row in rows if row[0]]
        return found

    def hit(self, case_id: CaseId, text: str) -> SearchHit | None:
        """See the port."""
        return hits.hit(self._connection, case_id, search.read(text, self._today))

    def text_coverage(self) -> TextCoverage:
        """See the port."""
        return text_index.coverage(self._connection)

    def last_sync_at(self) -> datetime | None:
        """The last complete round of the mailbox that has been silent longest."""
        text = self._connection.value("SELECT min(synced_at) FROM mailbox")
        return None if text is None else read_time(text)

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    @property
    def _today(self) -> date:
        return self._clock.now().astimezone(UTC).date()

    def _ids_sql(self, query: CaseQuery) -> tuple[str, list[object]]:
        plan = search.plan(query.text, self._today, query.actor)
        conditions = [*plan.conditions, *_filters(query)]
        if query.view is CaseView.MINE:
            conditions.append(standing_in.mine(self._connection, query.actor, self._today))
        statuses = VIEW_STATUSES[query.view] & plan.statuses
        if query.status is not None:
            statuses &= {query.status}
        columns, order = _order(query)
        limit = "" if query.limit is None else f" LIMIT {max(0, int(query.limit))}"
        everything = statuses == VIEW_STATUSES[CaseView.ALL]
        if plan.match is not None and everything and not conditions and query.order is CaseOrder.NEWEST:
            way = "" if query.reverse else " DESC"
            sql = f"SELECT rowid FROM case_fts WHERE case_fts MATCH ? ORDER BY rowid{way}{limit}"  # noqa: S608
            return sql, [plan.match]
        parameters: list[Any] = []
        where = ""
        if plan.match is not None:
            where += " AND c.id IN (SELECT rowid FROM case_fts WHERE case_fts MATCH ?)"
            parameters.append(plan.match)
        for condition in conditions:
            where += f" AND ({condition.sql})"
            parameters.extend(condition.parameters)
        by_ledger = query.order in _BY_LEDGER
        by_due = query.order is CaseOrder.DUE and not query.reverse
        if everything and by_due and plan.match is None and not conditions:
            # two walks in order that SQLite merges: the portal's days by their index, and the few moved ones
            moved = f"ledger.case_state s CROSS JOIN cases c ON c.case_id = s.case_id WHERE {MOVED}"
            sql = (
                "SELECT c.id, c.due_on IS NULL, c.due_on FROM cases c INDEXED BY cases_by_due "  # noqa: S608
                f"WHERE c.case_id NOT IN (SELECT case_id FROM ledger.case_state s WHERE {MOVED}) "
                f"UNION ALL SELECT {columns} FROM {moved} {order}{limit}"
            )
            return sql, []
        if everything and query.order is not CaseOrder.STATUS:  # whose parts are quicker than the whole
            needs_ledger = by_ledger or any(condition.overlaid for condition in conditions)
            index = "" if where or query.order not in _INDEXES else f" INDEXED BY {_INDEXES[query.order]}"
            source = JOINED if needs_ledger else f"cases c{index}"
            return f"SELECT {columns} FROM {source} WHERE 1{where} {order}{limit}", parameters  # noqa: S608
        wanted = f" AND ({STATUS}) IN {status_list(statuses)}{where}"
        parts = [f"SELECT {columns} FROM {WORKING}{wanted}", f"SELECT {columns} FROM {REOPENED}{wanted}"]  # noqa: S608
        doubled = [*parameters, *parameters]
        if CaseStatus.CLOSED in statuses:
            by_status = query.order is CaseOrder.STATUS
            closed = list(CaseStatus).index(CaseStatus.CLOSED)
            source = (
                "cases c LEFT JOIN ledger.case_state s ON s.case_id = c.case_id"
                if (by_ledger and not by_status) or any(condition.overlaid for condition in conditions)
                else "cases c"
            )
            shown = f"c.id, {closed}" if by_status else columns
            parts.append(
                f"SELECT {shown} FROM {source} WHERE c.closed = 1 AND c.id NOT IN ({REOPENED_IDS}){where}"  # noqa: S608
            )
            doubled += parameters
        return f"{' UNION ALL '.join(parts)} {order}{limit}", doubled

    def list(self, query: CaseQuery) -> list[CaseRow]:
        """The rows of ``ids``."""
        return self.rows(self.ids(query))


def _filters(query: CaseQuery) -> list[Condition]:
    found = []
    if query.unread_only:
        found.append(Condition(UNREAD, overlaid=True))
    if query.with_attachments_only:
        found.append(Condition("c.attachment_count > 0"))
    if query.due_before is not None:
        found.append(Condition(f"{DUE} < ?", (query.due_before.isoformat(),), overlaid=True))
    return found


def _as_row(row: Row) -> CaseRow:
    return CaseRow(
        row_id=row[0],
        case_id=CaseId(row[1]),
        case_reference=row[2],
        service=row[3],
        leika_key=row[4],
        applicant=row[5],
        municipality=row[6],
        arrived_at=read_time(row[7]),
        due_on=read_optional_date(row[8]),
        status=CaseStatus(row[9]),
        portal=row[10],
        channel=row[11],
        attachment_count=row[12],
        unread=bool(row[13]),
        remind_on=read_optional_date(row[14]),
        remind_kind=None if row[15] is None else DeadlineKind(row[15]),
        assigned_to=row[16],
        language=row[17],
        changed=bool(row[13] and row[18]),
    )
