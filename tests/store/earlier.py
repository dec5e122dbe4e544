"""Homes as an earlier program left them: what could be done then, in the tables there were then.

A story is played by today's program, only with acts that the earlier one knew. Its rows are then put into a
database made by the earlier steps alone, as far as that had tables and columns for them; triggers of the time
fill what triggers filled. No version has been released yet: once one is, a home it made is kept as a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from clerk_app.domain.folder import DraftPlace
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.outbox import OutboxKind, OutboxState, RemoteRef
from clerk_app.domain.typed import TypedPlace
from clerk_app.store.connection import Connection, Role
from clerk_app.store.home import Store
from clerk_app.store.keys import StoreKeys
from clerk_app.store.ledger_write import LedgerWrite
from clerk_app.store.migrations import migrate, migrations
from tests.store.making import DATA_KEY, MAILBOX, START, make_opened, make_outgoing, new_id, page
from tests.store.test_fixed_drafts import frozen

KEY = StoreKeys.from_data_key(DATA_KEY).database
#: Filled by triggers, or counted by them: what the earlier program's triggers do is part of the trial.
_BY_TRIGGER = frozenset({"counter", "text_wanted"})
REMOTE = RemoteRef("remote-1", "case-1")
Rows = dict[str, list[tuple[object, ...]]]
WriteStep = Callable[[LedgerWrite], object]


def play_ledger(store: Store, version: int) -> None:
    """Everything a clerk could do at this schema of the ledger."""
    for actor, step in _acts(version):
        ledger = store.ledger(actor)
        with ledger.transaction("story") as write:
            step(write)
        store.release(ledger.connection)
    if version >= 8:
        journal = store.journal("anna")
        journal.keep(CaseId(new_id()), TypedPlace.DECISION, {"reasons": "Žofia angefangen"})
        if version >= 10:
            journal.remember("views", [{"name": "Meine", "text": "müller"}])
        journal.close()


def _acts(version: int) -> Iterator[tuple[str, WriteStep]]:
    decided, asked, waiting, back, again = (CaseId(new_id()) for _ in range(5))

    def act(
        kind: ActKind, case_id: CaseId | None, subject: EntryId | None = None, /, **payload: object
    ) -> WriteStep:
        return lambda write: write.append(Act(kind, case_id, subject, payload))

    def moved(entry_id: EntryId, to: OutboxState, **details: object) -> WriteStep:
        return lambda write: write.move(entry_id, to, details)

    for case_id, actor in ((decided, "anna"), (asked, "bert"), (decided, "bert"), (back, "anna")):
        opened = {"target_on": "2026-12-11"} if version >= 4 else {}
        yield actor, act(ActKind.OPENED, case_id, **opened)
    yield "anna", act(ActKind.UNREAD, back)
    yield "anna", act(ActKind.NOTED, decided, text="Ruft zurück: Žofia Müller")
    yield "bert", act(ActKind.CHECKED, asked, check_id="address", accepted=True, reason="Melderegister")
    yield "anna", act(ActKind.DRAFTED, decided, outcome="granted")

    basis = (make_outgoing(decided).answers_submission_id,) if version >= 2 else ()
    decision = replace(make_outgoing(decided), basis=basis)
    request = make_outgoing(asked, kind=OutboxKind.DOCUMENT_REQUEST)
    letter = replace(make_outgoing(waiting, channel=None), due_on=None)
    first, second = make_outgoing(again), make_outgoing(again)
    for each, state in (
        (decision, OutboxState.QUEUED), (request, OutboxState.QUEUED), (letter, OutboxState.TO_POST),
        (first, OutboxState.QUEUED),
    ):  # fmt: skip
        yield "anna", lambda write, each=each, state=state: write.queue(each, START, state)  # type: ignore[misc]
    remote = {"remote": {"remote_id": REMOTE.remote_id, "remote_case_id": REMOTE.remote_case_id}}
    for entry in (decision, request):
        yield "machine", moved(entry.entry_id, OutboxState.ANNOUNCED, **remote)
        yield "machine", moved(entry.entry_id, OutboxState.UPLOADED)
    yield "machine", moved(decision.entry_id, OutboxState.SUBMITTED)
    yield "machine", moved(decision.entry_id, OutboxState.DELIVERED)
    yield "machine", moved(request.entry_id, OutboxState.IN_DOUBT)
    yield "anna", moved(first.entry_id, OutboxState.WITHDRAWN)
    yield "anna", lambda write: write.queue(second, START)
    yield "anna", act(ActKind.REOPENED, decided, reason="Widerspruch")
    if version >= 2:
        yield "anna", moved(letter.entry_id, OutboxState.POSTED, posted_on="2026-11-20")
        yield (
            "anna",
            act(ActKind.POSTED_CORRECTED, waiting, letter.entry_id, was="2026-11-20", posted_on="2026-11-21"),
        )
    if version >= 3:
        yield from _drafts(act)
    if version >= 4:
        day = {"date_id": new_id(), "kind": "follow-up", "on": "2026-12-01", "text": "anrufen", "was": None}
        yield "anna", act(ActKind.DATE_SET, asked, **day)
        done = {"date_id": new_id(), "kind": "manual", "on": "2026-12-02", "text": "", "was": None}
        yield "anna", act(ActKind.DATE_SET, back, **done)
        yield "anna", act(ActKind.DATE_DONE, back, **{**done, "was": "2026-12-02"})
    if version >= 5:
        package: dict[str, object] = {"package_id": "de.muster.pass", "sha256": "ab" * 32}
        yield "anna", act(
            ActKind.PACKAGE_INSTALLED, None, version="1.0.0", leika_keys=["99115005060000"],
            title={"de": "Reisepass"}, source="file", signer=None, **package,
        )  # fmt: skip
        moves = {"from": "0.9.0", "to": "1.0.0", "target_on": "2026-12-20"}
        yield "anna", act(ActKind.PACKAGE_MOVED, back, **package, **moves)
    if version >= 6:
        gone = CaseId(new_id())
        yield "bert", act(ActKind.FORWARDED, gone, EntryId(new_id()), office="Landratsamt")
        yield "bert", act(ActKind.HANDED_OVER, gone, authority="Landratsamt")
    if version >= 7:
        yield (
            "bert",
            act(ActKind.GAP_SETTLED, asked, key="k", state="waived", reason="liegt vor", awaits=False),
        )
    if version >= 9:
        yield "bert", act(ActKind.ASSIGNED, asked, to="carla", was="bert")
    if version >= 11:
        yield "anna", act(
            ActKind.STAND_IN_SET, None, stand_in_id=new_id(), absent="bert", stand_in="anna",
            from_on="2026-12-01", until_on="2026-12-24", services=[], may_sign=True,
        )  # fmt: skip
        yield (
            "county",
            act(ActKind.TRIAGED, back, EntryId(new_id()), direction="first", to="", text="", was=None),
        )
    if version >= 12:
        yield "anna", lambda write: write.destroy(decided, {"retention": "years-10", "until": "2036-12-31"})


def _drafts(act: Callable[..., WriteStep]) -> Iterator[tuple[str, WriteStep]]:
    laid, submitted = frozen(new_id()), frozen(new_id())
    yield "anna", lambda write: write.freeze(laid, DraftPlace.FOLDER)
    yield "anna", lambda write: write.freeze(submitted, DraftPlace.REVIEW)
    yield "anna", act(ActKind.DRAFT_SEEN, laid.draft.case_id, laid.draft.entry_id, sha256=laid.sha256)
    seen = {"sha256": submitted.sha256, "change_token": "token"}
    yield "bert", act(ActKind.REVIEW_RELEASED, submitted.draft.case_id, submitted.draft.entry_id, **seen)


def play_cache(store: Store) -> None:
    """Three applications of two persons, one of them in two parts, and a mailbox that was read."""
    intake = store.intake()
    first = make_opened(applicant="Žofia Müller", at=START)
    again = make_opened(
        case_id=str(first[0].application.case_id), applicant="Žofia Müller", at=START + timedelta(hours=2)
    )
    other = make_opened(applicant="Đorđe Öztürk", at=START + timedelta(hours=1), due_on=date(2026, 12, 24))
    intake.store(MAILBOX, page(first, other))
    intake.store(MAILBOX, page(again))
    intake.synced(MAILBOX, START)
    intake.close()


def rows_of(path: Path, role: Role) -> Rows:
    """All rows of all tables, in their order."""
    connection = Connection(path, KEY, role, read_only=True)
    try:
        return {
            name: sorted(connection.rows(f"SELECT * FROM {name}"), key=repr) for name in _tables(connection)
        }
    finally:
        connection.close()


def _tables(connection: Connection) -> list[str]:
    found = connection.rows(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' "
        "AND name NOT GLOB '*_fts*' ORDER BY rowid"
    )
    return [str(row[0]) for row in found]


def _columns(connection: Connection, table: str) -> list[str]:
    return [str(row[1]) for row in connection.rows(f"PRAGMA table_info({table})")]


def put_back_to(path: Path, role: Role, version: int) -> None:
    """Makes of today's database the one an earlier program would have."""
    path.rename(today := path.with_name(f"{path.name}.today"))
    old, new = Connection(path, KEY, role), Connection(today, KEY, role)
    migrate(old, migrations(role)[:version])
    known = _tables(new)
    with old.transaction("as it was"):
        tables = [name for name in _tables(old) if name in known and name not in _BY_TRIGGER]
        for table in sorted(tables, key=lambda name: name == "entry"):  # its triggers look at the others
            columns = [name for name in _columns(old, table) if name in _columns(new, table)]
            listed, marks = ", ".join(columns), ", ".join("?" * len(columns))
            rows = new.rows(f"SELECT {listed} FROM {table} ORDER BY 1")
            old.execute_many(f"INSERT INTO {table} ({listed}) VALUES ({marks})", rows)
    for each in (old, new):
        each.close()
    today.unlink()
