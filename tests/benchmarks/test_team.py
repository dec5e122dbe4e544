"""A county of 50 offices and 100,000 cases: joining, a day's exchange, the board's first page."""

from __future__ import annotations

import os
import time
import uuid
from datetime import date
from pathlib import Path

import psycopg
import pytest

from clerk_app.domain.county import USUAL_RULES, CountyOrder, CountyQuery
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.sandbox.database import ADMIN
from clerk_app.team.connection import connect_to_team
from clerk_app.team.county import CountyBoard
from tests.benchmarks.limits import middle_s, report
from tests.team.conftest import county, database_server, desktop
from tests.team.office_server import COUNTY, CountyServer, DesktopMaker, TeamDesktopPlace

__all__ = ["county", "database_server", "desktop"]

CASES = int(os.environ.get("CLERK_BENCH_TEAM_CASES", "100000"))
OFFICES = 50
ENTRIES_PER_CASE = 5
DAY = 400  # entries of ten clerks
TODAY = date(2026, 11, 27)


def work(place: TeamDesktopPlace, entries: int, cases: int) -> None:
    """What clerks do: opened, noted, assigned, in as many cases as the office has."""
    ids = [CaseId(str(uuid.uuid4())) for _ in range(cases)]
    kinds = (ActKind.OPENED, ActKind.NOTED, ActKind.ASSIGNED, ActKind.NOTED, ActKind.CHECKED)
    with place.ledger.transaction("benchmark") as write:
        for number in range(entries):
            kind = kinds[number % len(kinds)]
            payload: dict[str, object] = {"text": "Bitte die Meldebescheinigung prüfen " * 3, "to": "brand"}
            if kind is ActKind.CHECKED:
                payload = {"check_id": "a", "accepted": True, "reason": ""}
            write.append(Act(kind, ids[number % cases], None, payload))


def copied_s(county_server: CountyServer, after: int) -> float:
    """Seconds in which the server hands out the same rows by COPY."""
    with county_server.sql(ADMIN) as connection, connection.cursor() as cursor:
        began = time.perf_counter()
        statement = f"COPY (SELECT * FROM entry WHERE number > {after}) TO STDOUT (FORMAT binary)"
        with cursor.copy(statement) as copy:
            for _block in copy:
                pass
        return time.perf_counter() - began


@pytest.fixture
def office(desktop: DesktopMaker) -> TeamDesktopPlace:
    place = desktop("brand")
    cases = CASES // OFFICES
    work(place, cases * ENTRIES_PER_CASE, cases)
    place.exchange().run()
    return place


def test_first_join_and_a_days_changes(
    office: TeamDesktopPlace, desktop: DesktopMaker, county: CountyServer
) -> None:
    entries = CASES // OFFICES * ENTRIES_PER_CASE
    new = desktop("ito")
    began = time.perf_counter()
    assert new.exchange().run().taken_in == entries
    report(
        f"team: first join of a desktop, {entries} entries / COPY of the same rows",
        time.perf_counter() - began, copied_s(county, 0), "s", chain_ms_per_entry=round(
            (time.perf_counter() - began) / entries * 1000, 3),
    )  # fmt: skip
    work(office, DAY, DAY // 5)
    began = time.perf_counter()
    office.exchange().run()
    sent = time.perf_counter() - began
    began = time.perf_counter()
    assert new.exchange().run().taken_in == DAY
    report(
        f"team: a day's {DAY} entries in / COPY of the same rows",
        time.perf_counter() - began, copied_s(county, entries), "s", out_s=round(sent, 3),
    )  # fmt: skip
    idle = middle_s(lambda: new.exchange().run(), 20)
    bare = middle_s(lambda: new.server._connection.execute("SELECT 1"), 20)
    report("team: an exchange with nothing new / one bare question", idle * 1000, bare * 1000, "ms")


def test_the_boards_first_page(county: CountyServer, tmp_path: Path) -> None:
    with county.admin() as admin:
        for number in range(OFFICES - 2):
            admin.execute(
                "INSERT INTO office VALUES (%s, %s, '081110000000', %s, 0)",
                (f"office-{number}", COUNTY, f"Gemeinde {number}"),
            )
        admin.execute("SET session_replication_role = replica")  # as many numbers as rows are not the matter
        admin.execute(
            "INSERT INTO routing (office_id, case_id, number, case_reference, leika_key, service, "
            "municipality, portal, arrived_at, first_received_on, due_on, status, assigned) "
            "SELECT o.office_id, 'case-' || n, n, '2026-' || n, '99115005060000', 'Reisepass', o.name, "
            "'service-bw', now() - n % 100 * interval '1 day', current_date - n %% 100, "
            "current_date + (n * 7919) %% 90 - 10, "
            "CASE WHEN n %% 10 < 7 THEN 'closed' ELSE 'new' END, n %% 3 = 0 "
            "FROM generate_series(1, %s) n JOIN (SELECT office_id, name, row_number() OVER () - 1 AS at "
            "FROM office) o ON o.at = n %% %s".replace("n % 100 *", "n %% 100 *"),
            (CASES, OFFICES),
        )
        admin.execute("RESET session_replication_role")
        admin.execute("ANALYZE routing")
    county.member("ohm", COUNTY, "triage")
    with connect_to_team(county.address("ohm")) as connection, county.sql(ADMIN) as bare:
        board = CountyBoard(connection, USUAL_RULES)
        for order in (CountyOrder.PRIORITY, CountyOrder.DUE):
            query = CountyQuery(order=order, limit=50)
            ours = middle_s(lambda: board.page(query, TODAY), 15)  # noqa: B023
            limit = middle_s(lambda: _bare(bare, order), 15)  # noqa: B023
            report(
                f"team: board of {OFFICES} offices, {CASES} cases, first page by {order.value} / bare query",
                ours * 1000, limit * 1000, "ms",
            )  # fmt: skip
        loads = middle_s(lambda: board.loads(TODAY), 5)
        counted = middle_s(
            lambda: bare.execute(
                "SELECT office_id, count(*) FROM routing "
                "WHERE status NOT IN ('closed', 'forwarded') GROUP BY 1"
            ).fetchall(),
            5,
        )
        report("team: load and age of all offices / bare count", loads * 1000, counted * 1000, "ms")


def _bare(connection: psycopg.Connection[tuple[object, ...]], order: CountyOrder) -> object:
    by = "due_on, office_id, case_id"
    if order is CountyOrder.PRIORITY:
        by = (
            "CASE WHEN due_on < current_date THEN 100 ELSE 0 END + "
            "CASE WHEN due_on <= current_date + 3 THEN 50 ELSE 0 END + "
            "CASE WHEN due_on <= current_date + 7 THEN 20 ELSE 0 END + CASE WHEN "
            "first_received_on < current_date - 30 THEN 15 ELSE 0 END DESC, " + by
        )
    return connection.execute(
        f"SELECT * FROM routing WHERE status NOT IN ('closed', 'forwarded') ORDER BY {by} LIMIT 50"
    ).fetchall()
