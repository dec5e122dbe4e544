"""Three desktops, a server and a portal: all of them processes, all but the portal killed at random."""

from __future__ import annotations

import contextlib
import os
import random
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from clerk_app.bootstrap.desk_side import open_desk
from clerk_app.bootstrap.premises import Premises, open_premises
from clerk_app.bootstrap.sync_side import open_engine
from clerk_app.bootstrap.team_side import open_team_desk
from clerk_app.domain.case import CaseQuery
from clerk_app.domain.decision import Outcome
from clerk_app.domain.errors import ClerkError, Disposition
from clerk_app.domain.outbox import FINAL_STATES, OutboxEntry, OutboxKind, OutboxState
from clerk_app.sandbox.database import ADMIN, PracticeDatabase
from clerk_app.store.home import Store
from clerk_app.sync.status import StatusBoard
from clerk_app.team.administration import ServerAdministration
from clerk_app.team.connection import Rows, ServerAddress, connect
from clerk_app.usecases.desk import Desk
from tests.kill.office import PracticePortal, arrived
from tests.kill.points import KILLED, Points, install

OFFICE, PASSWORD = "musterhausen", "a long practice password"
Work = Callable[[], None]


@dataclass
class TeamDesktop:
    """One clerk's home. Everything done there is done in a child process of its own."""

    login: str
    home: Path
    profile: Path
    running: int | None = None
    kills: int = 0
    failures: list[str] = field(default_factory=list)

    def start(self, work: Work, kill_at: int | None = None) -> None:
        """Begins ``work`` in a child; ``wait`` sees it end."""
        assert self.running is None
        pid = os.fork()
        if pid:
            self.running = pid
            return
        code = 1
        try:
            os.environ["LOGNAME"] = self.login
            install(Points(kill_at))
            work()
            code = 0
        except BaseException:  # noqa: BLE001 - a child must never return into pytest
            traceback.print_exc()
        os._exit(code)

    def is_running(self) -> bool:
        """Whether the child has not ended yet."""
        if self.running is None:
            return False
        pid, status = os.waitpid(self.running, os.WNOHANG)
        if pid:
            self._ended(status)
        return not pid

    def wait(self) -> None:
        """Until the child has ended."""
        if self.running is not None:
            _pid, status = os.waitpid(self.running, 0)
            self._ended(status)

    def _ended(self, status: int) -> None:
        """Killed, done, or failed, which is a failure of the client."""
        self.running = None
        code = os.waitstatus_to_exitcode(status)
        if code in (KILLED, -9):
            self.kills += 1
        elif code:
            self.failures.append(f"{self.login} ended with {code}")

    def run(self, work: Work) -> None:
        self.start(work)
        self.wait()

    # -- what a clerk's program does -------------------------------------------------------------------------

    def sync(self) -> None:
        with (
            open_premises(self.home, self.profile, lock=True) as premises,
            open_engine(premises, StatusBoard()) as engine,
        ):
            engine.run_once(force=True)

    def act(self, seed: int) -> None:
        """One thing a clerk does in one case."""
        choice = random.Random(seed)
        with open_premises(self.home, self.profile, lock=True) as premises:
            desk = open_desk(premises)
            try:
                self._act(desk, choice)
            except ClerkError as error:
                if error.disposition is Disposition.BUG:
                    raise  # anything else is a sentence the clerk reads
            finally:
                desk.close()

    def _act(self, desk: Desk, choice: random.Random) -> None:
        rows = desk.reads.list(CaseQuery())
        if not rows:
            return
        case_id = choice.choice(rows).case_id
        match choice.randrange(8):
            case 0:
                desk.cases.open(case_id)
                desk.cases.note(case_id, f"Vermerk {choice.random()}")
            case 1:
                desk.cases.assign([case_id], choice.choice(["brand", "ito", "weber", None]))
            case 2:
                desk.requesting.request(case_id, ["Mietvertrag"], at_once=True)
            case 3 | 4 | 5:
                draft = desk.deciding.draft(case_id, Outcome.GRANTED)
                desk.deciding.sign(draft, lambda: None, at_once=True)
            case 6:
                waiting = [each for each in desk.reads.outbox() if each.state not in FINAL_STATES]
                if waiting:
                    desk.outbox.withdraw(choice.choice(waiting).entry_id)
            case _:
                waiting = [each for each in desk.reads.outbox(include_final=False) if each.elsewhere]
                if waiting and choice.random() < 0.5:
                    desk.taking_over.take_over(choice.choice(waiting).entry_id, "Test")

    def come_to_rest(self) -> None:
        """Ends what a clerk must end: a returned decision is taken back."""
        with open_premises(self.home, self.profile, lock=True) as premises:
            desk = open_desk(premises)
            try:
                for entry in desk.reads.outbox():
                    if entry.state is OutboxState.RETURNED and not entry.elsewhere:
                        desk.outbox.withdraw(entry.entry_id)
            finally:
                desk.close()

    def join(self) -> None:
        with (
            open_premises(self.home, self.profile, lock=False) as premises,
            open_team_desk(premises) as desk,
        ):
            desk.join(f"PC {self.login}")

    def admit(self, labels: list[str]) -> None:
        with (
            open_premises(self.home, self.profile, lock=False) as premises,
            open_team_desk(premises) as desk,
        ):
            for facts in desk.status().desktops:
                if facts.label in labels:
                    desk.admit(facts.desktop_id, facts.fingerprint)

    def book(self) -> Book:
        """What the home holds, read here."""
        with open_premises(self.home, self.profile, lock=True) as premises:
            return read_book(premises)


@dataclass(frozen=True)
class Book:
    """A home's ledger and what it makes of it."""

    entries: frozenset[tuple[Any, ...]]
    outbox: tuple[OutboxEntry, ...]
    views: dict[str, list[tuple[Any, ...]]]
    submissions: dict[str, str]
    unplaced: int


VIEWS = {
    "case_state": "case_id, opened, looked_at, requested_at, decision_state, answer_on, next_on, assigned_to",
    "outbox_state": "entry_id, case_id, kind, state, remote, receipt, problems, posted_on, keeper",
    "draft_state": "draft_id, case_id, place, end_reason",
    "case_looked": "case_id, actor, looked_at",
}


def read_book(premises: Premises) -> Book:
    store: Store = premises.store
    ledger = store.ledger(premises.actor)
    shared = store.shared_ledger()
    reads = store.reads()
    try:
        ledger.verify_chain()
        columns = "entry_id, at, actor, kind, case_id, subject_id, payload"
        submissions = {}
        for row in reads.list(CaseQuery()):
            case = reads.case_file(row.case_id)
            for application in case.applications if case else ():
                submissions[str(application.submission_id)] = application.content_sha512
        return Book(
            frozenset(ledger.connection.rows(f"SELECT {columns} FROM entry")),
            tuple(reads.outbox()),
            {
                table: sorted(ledger.connection.rows(f"SELECT {names} FROM {table}"), key=repr)
                for table, names in VIEWS.items()
            },
            submissions,
            shared.unplaced_count(),
        )
    finally:
        reads.close()
        shared.close()
        ledger.close()


@dataclass
class County:
    """The stage: server, portal, three desktops."""

    server: PracticeDatabase
    portal: PracticePortal
    desktops: list[TeamDesktop]
    filed: list[dict[str, Any]] = field(default_factory=list)
    restarts: int = 0
    disconnects: int = 0

    def step(self, choice: random.Random) -> None:
        """One random thing that happens."""
        one = choice.choice(self.desktops)
        match choice.randrange(20):
            case 0 | 1 | 2 | 3 | 4:
                one.run(one.sync)
            case 5 | 6 | 7 | 8:
                one.run(self._acting(one, choice))
            case 9 | 10 | 11 | 12 | 13:  # all at once, whatever each does
                for desktop in self.desktops:
                    work = desktop.sync if choice.random() < 0.6 else self._acting(desktop, choice)
                    desktop.start(work, self._perhaps(choice))
                self._wait()
            case 14 | 15 | 16:
                one.start(
                    one.sync if choice.random() < 0.7 else self._acting(one, choice), choice.randint(1, 90)
                )
                one.wait()
            case 17:
                for desktop in self.desktops:
                    desktop.start(desktop.sync)
                self._cut_lines()
                self._wait()
            case 18:
                one.start(one.sync)
                self.server.stop("immediate" if choice.random() < 0.7 else "fast")
                one.wait()
                if choice.random() < 0.5:  # a while without it
                    other = choice.choice(self.desktops)
                    other.run(self._acting(other, choice))
                    other.run(other.sync)
                self.server.start()
                self.restarts += 1
            case _:
                self.filed += self.portal.file(1)

    def settle(self) -> None:
        """Nobody disturbs any more; everything under way comes to its end."""
        for _ in range(6):
            for desktop in self.desktops:
                desktop.run(desktop.sync)
                desktop.run(desktop.come_to_rest)
        for _ in range(2):
            for desktop in self.desktops:
                desktop.run(desktop.sync)

    def violations(self) -> list[str]:
        """What is wrong in the end, seen from every home, the portal and the citizens."""
        found = [failure for desktop in self.desktops for failure in desktop.failures]
        books = {desktop.login: desktop.book() for desktop in self.desktops}
        first = next(iter(books.values()))
        for login, book in books.items():
            if book.unplaced:
                found.append(f"{login}: {book.unplaced} entries never left")
            if book.entries != first.entries:
                found.append(f"{login}: ledgers differ in {len(book.entries ^ first.entries)} entries")
            for view in VIEWS:
                if book.views[view] != first.views[view]:
                    odd = [row for row in book.views[view] if row not in first.views[view]][:3]
                    found.append(f"{login}: {view} differs: {odd}")
            for application in self.filed:
                if book.submissions.get(application["submissionId"]) != application["dataSha512"]:
                    found.append(f"{login}: lost or changed {application['submissionId']}")
        decisions: Counter[str] = Counter()
        wanted: Counter[tuple[str, OutboxKind]] = Counter()
        for entry in first.outbox:
            if entry.state not in FINAL_STATES and entry.state is not OutboxState.TO_POST:
                found.append(f"stuck: {entry.kind} {entry.state} {entry.problems} {entry.last_error}")
            if entry.state is OutboxState.DELIVERED and entry.kind is not OutboxKind.STATUS:
                wanted[(entry.case_reference, entry.kind)] += 1
                decisions[entry.case_reference] += entry.kind is OutboxKind.DECISION
        found += [f"decided twice: {case}" for case, count in decisions.items() if count > 1]
        at_citizens = arrived(self.portal, self.filed)
        found += [
            f"{key[1]} {key[0]}: delivered {wanted[key]}, with the citizen {at_citizens[key]}"
            for key in {**wanted, **at_citizens}
            if wanted[key] != at_citizens[key]
        ]
        check = self.check()
        if not check.ok or check.entries != len(first.entries):
            found.append(f"server: {check}")
        return found

    def check(self) -> Any:
        with self.admin() as connection:
            return ServerAdministration(connection).check()

    def admin(self) -> Rows:
        password = self.server.password
        return connect(
            ServerAddress("127.0.0.1", self.server.port, "team", ADMIN, lambda: password, plain=True)
        )

    def close(self) -> None:
        self._wait()

    def _acting(self, desktop: TeamDesktop, choice: random.Random) -> Work:
        seed = choice.randrange(2**32)
        return lambda: desktop.act(seed)

    def _perhaps(self, choice: random.Random) -> int | None:
        return choice.randint(1, 120) if choice.random() < 0.15 else None

    def _cut_lines(self) -> None:
        """Ends every client's connection, as a firewall or a network change does."""
        with contextlib.suppress(ClerkError, psycopg.Error), self.admin() as connection:
            while any(desktop.is_running() for desktop in self.desktops):
                self.disconnects += connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = 'team' AND pid <> pg_backend_pid() AND application_name = 'clerk-app' "
                    "AND random() < 0.05"
                ).rowcount

    def _wait(self) -> None:
        for desktop in self.desktops:
            desktop.wait()


def set_up(server: PracticeDatabase, portal: PracticePortal, folder: Path, logins: list[str]) -> County:
    """A county with one office; its desktops have joined."""
    source = Path(portal.ready["profiles"][0])
    profile = source.with_name("team.toml")
    profile.write_text(
        source.read_text("utf-8")
        + f'\n[team]\nhost = "127.0.0.1"\nport = {server.port}\ndatabase = "team"\nplain = true\n'
        f'office = "{OFFICE}"\npassword = "{PASSWORD}"\n',
        "utf-8",
    )
    password = server.password
    with connect(
        ServerAddress("127.0.0.1", server.port, "postgres", ADMIN, lambda: password, plain=True)
    ) as connection:
        connection.execute("CREATE DATABASE team")
    county = County(server, portal, [TeamDesktop(login, folder / login, profile) for login in logins])
    with county.admin() as connection:
        admin = ServerAdministration(connection)
        admin.upgrade()
        admin.office(OFFICE, "081110000000", "Stadt Musterhausen", "kreis")
        for login in logins:
            admin.member(login, OFFICE, ["clerk", "reviewer"], login, PASSWORD)
    founder, *others = county.desktops
    founder.run(founder.join)
    for other in others:
        other.run(other.join)
    founder.run(lambda: founder.admit([f"PC {other.login}" for other in others]))
    assert not any(desktop.failures for desktop in county.desktops)
    return county
