"""Row-level security and rights, asked in SQL as each role: none of our code stands in between."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Mapping

import psycopg
import pytest
from psycopg import errors

from clerk_app.domain.ids import CaseId, DestinationId, SubmissionId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.sandbox.database import ADMIN, server_programs
from clerk_app.sync.ports import IntakeState
from clerk_app.sync.team import RoutingFacts, SharedOriginal
from tests.store.making import START, make_outgoing, new_id
from tests.team.office_server import COUNTY, OFFICE, OTHER, CountyServer, DesktopMaker, TeamDesktopPlace

TABLES = (
    "office", "counter", "member", "desktop", "key_grant", "entry", "document", "original", "original_piece",
    "routing", "presence",
)  # fmt: skip
NAMES = ("Anna Müller", "Hauptstraße 5", "Jürgen Łukasiewicz")


def facts(case_id: str) -> RoutingFacts:
    return RoutingFacts(
        CaseId(case_id), "2026-7KQ4-M2XR", "99115005060000", "Reisepass", "Musterhausen", "service-bw", START,
        START.date().isoformat(), None, "new", assigned=False,
    )  # fmt: skip


@pytest.fixture
def filled(desktop: DesktopMaker, county: CountyServer) -> TeamDesktopPlace:
    """One entry, document, submission and routing fact in each office; one person for each role."""
    for login, office in (("brand", OFFICE), ("fern", OTHER)):
        place = desktop(login, office=office)
        case_id = CaseId(new_id())
        document_id = place.store.documents().keep(case_id, NAMES[0].encode(), NAMES[2])
        with place.ledger.transaction("fill") as write:
            write.append(Act(ActKind.NOTED, case_id, None, {"text": NAMES[1], "document_id": document_id}))
            write.queue(make_outgoing(case_id), START)
        place.exchange().run()
        place.server.place_original(
            SharedOriginal(
                SubmissionId(new_id()), case_id, DestinationId(new_id()), "service-bw", IntakeState.STORED,
                None, b'{"encryptedData":"eyJ..."}', {},
            )
        )  # fmt: skip
        place.server.note_routing([facts(case_id)])
    county.member("lang", OFFICE, "reviewer")
    county.member("nacht", OFFICE, "intake")
    county.member("kreis_ohm", COUNTY, "triage")
    county.member("pruefer", OFFICE, "auditor")
    county.member("fremd", "anderswo", "clerk")
    return desktop("weber")


def seen(county: CountyServer, login: str, table: str) -> set[object] | str:
    """Offices whose rows of ``table`` the login sees, or the refusal."""
    column = {"member": "place_id"}.get(table, "office_id")
    with county.sql(login) as connection:
        try:
            rows = connection.execute(f"SELECT DISTINCT {column} FROM {table}").fetchall()
        except errors.InsufficientPrivilege:
            return "refused"
    return {row[0] for row in rows}


EVERYTHING_OF_OURS: Mapping[str, object] = {
    **{table: {OFFICE} for table in TABLES},
    "office": {OFFICE, OTHER}, "original_piece": set(), "presence": set(),
}  # fmt: skip
EXPECTED: Mapping[str, Mapping[str, object]] = {
    "brand": {**EVERYTHING_OF_OURS, "member": {OFFICE, COUNTY}},
    "lang": {**EVERYTHING_OF_OURS, "member": {OFFICE, COUNTY}},
    "nacht": {
        **EVERYTHING_OF_OURS, "member": {OFFICE, COUNTY}, "entry": "refused", "document": "refused",
        "presence": "refused",
    },
    "kreis_ohm": {
        "office": {OFFICE, OTHER}, "counter": {OFFICE, OTHER}, "member": {COUNTY}, "desktop": "refused",
        "key_grant": "refused", "entry": set(), "document": "refused", "original": "refused",
        "original_piece": "refused", "routing": {OFFICE, OTHER}, "presence": "refused",
    },
    "pruefer": {
        "office": {OFFICE, OTHER}, "counter": {OFFICE}, "member": {OFFICE, COUNTY}, "desktop": {OFFICE},
        "key_grant": {OFFICE}, "entry": {OFFICE}, "document": "refused", "original": "refused",
        "original_piece": "refused", "routing": {OFFICE}, "presence": "refused",
    },
    "fremd": {**{table: set() for table in TABLES}, "member": {"anderswo", COUNTY}},
}  # fmt: skip


def test_each_role_sees_its_own_places_only(filled: TeamDesktopPlace, county: CountyServer) -> None:
    found = {login: {table: seen(county, login, table) for table in TABLES} for login in EXPECTED}
    assert found == EXPECTED


@pytest.mark.parametrize("login", ["kreis_ohm", "pruefer"])
def test_neither_county_nor_auditor_reads_what_is_sealed(
    filled: TeamDesktopPlace, county: CountyServer, login: str
) -> None:
    with county.sql(login) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute("SELECT sealed FROM entry")


REFUSED_TO_ALL = [
    "UPDATE entry SET kind = 'x'",
    "DELETE FROM entry",
    "UPDATE counter SET number = 0",
    "DELETE FROM document",
    "DELETE FROM original",
    "UPDATE original SET envelope = ''",
    "INSERT INTO member VALUES (session_user, 'nebenstadt', 'clerk', 'x')",
    "UPDATE office SET generation = 0",
    "DELETE FROM routing",
    "DELETE FROM desktop",
    "UPDATE desktop SET sign_key = seal_key",
    "UPDATE key_grant SET sealed = ''",
    "SELECT next_number('musterhausen', 'entry')",
    "TRUNCATE entry",
    "ALTER TABLE entry DISABLE ROW LEVEL SECURITY",
    "DROP TABLE presence",
    "SET ROLE amtsstube_admin",
]


@pytest.mark.parametrize("login", ["brand", "lang", "nacht", "kreis_ohm", "pruefer", "fremd"])
def test_what_nobody_may(filled: TeamDesktopPlace, county: CountyServer, login: str) -> None:
    allowed = []
    for statement in REFUSED_TO_ALL:
        with county.sql(login) as connection:
            try:
                connection.execute(statement)
            except (errors.InsufficientPrivilege, errors.InvalidParameterValue):
                continue
            allowed.append(statement)
    assert allowed == []


def insert(
    connection: psycopg.Connection[tuple[object, ...]], office: str, desktop: object, kind: str
) -> None:
    connection.execute(
        "INSERT INTO entry (office_id, entry_id, desktop_id, kind, case_id, generation, sealed) "
        "VALUES (%s, %s, %s, %s, 'c', 1, 'x')",
        (office, uuid.uuid4(), desktop, kind),
    )


def test_who_may_write_which_entry(filled: TeamDesktopPlace, county: CountyServer) -> None:
    with county.admin() as connection:
        rows = connection.execute("SELECT login, desktop_id FROM desktop").fetchall()
    desktops = {row[0]: row[1] for row in rows}
    tries = {
        ("brand", OFFICE, "brand", "noted"): True,
        ("brand", OTHER, "fern", "noted"): False,  # another office
        ("brand", OFFICE, "fern", "noted"): False,  # another office's desktop
        ("brand", OFFICE, None, "noted"): False,  # nobody's desktop
        ("brand", OFFICE, "brand", "review-released"): False,  # no reviewer
        ("brand", OFFICE, "brand", "triaged"): False,  # the county's word
        ("nacht", OFFICE, "brand", "noted"): False,
        ("kreis_ohm", OFFICE, "brand", "noted"): False,
        ("pruefer", OFFICE, "brand", "noted"): False,
        ("lang", OFFICE, "brand", "noted"): False,  # joined no desktop
    }
    found = {}
    for login, office, owner, kind in tries:
        with county.sql(login) as connection:
            try:
                insert(connection, office, desktops[owner] if owner else None, kind)
            except errors.InsufficientPrivilege:
                found[(login, office, owner, kind)] = False
            else:
                found[(login, office, owner, kind)] = True
    assert found == tries


def test_a_revoked_desktop_writes_nothing_and_stays_revoked(
    filled: TeamDesktopPlace, county: CountyServer
) -> None:
    with county.sql("brand") as connection:
        connection.execute(
            "UPDATE desktop SET revoked_at = now() WHERE desktop_id = %s", (filled.desktop_id,)
        )
        connection.execute("UPDATE desktop SET revoked_at = NULL WHERE desktop_id = %s", (filled.desktop_id,))
    with county.sql("weber") as connection, pytest.raises(errors.InsufficientPrivilege):
        insert(connection, OFFICE, filled.desktop_id, "noted")


def test_the_server_says_who_wrote_and_numbers_it_itself(
    filled: TeamDesktopPlace, county: CountyServer
) -> None:
    with county.sql("weber") as connection:
        for column in ("number", "author", "chain", "stored_at"):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(
                    f"INSERT INTO entry (office_id, entry_id, kind, generation, sealed, {column}) "
                    "VALUES ('musterhausen', gen_random_uuid(), 'noted', 1, 'x', NULL)"
                )
        insert(connection, OFFICE, filled.desktop_id, "noted")
        row = connection.execute("SELECT author FROM entry ORDER BY number DESC LIMIT 1").fetchone()
    assert row == ("weber",)


def test_the_county_writes_its_direction_and_nothing_else_of_a_case(
    filled: TeamDesktopPlace, county: CountyServer
) -> None:
    with county.sql("kreis_ohm") as connection:
        connection.execute("UPDATE routing SET direction = 'forward', directed_to = 'nebenstadt'")
        rows = connection.execute("SELECT directed_by FROM routing").fetchall()
        assert rows == [("kreis_ohm",), ("kreis_ohm",)]
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("UPDATE routing SET status = 'closed'")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("UPDATE routing SET first_received_on = now()")
    with county.sql("brand") as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute("UPDATE routing SET direction = NULL")


def test_a_dump_of_the_whole_server_names_no_applicant(
    filled: TeamDesktopPlace, county: CountyServer
) -> None:
    programs = server_programs()
    assert programs is not None
    dump = subprocess.run(
        [str(programs / "pg_dumpall"), "--host", "127.0.0.1", "--port", str(county.server.port),
         "--username", ADMIN, "--no-password", "--inserts"],
        env={"PGPASSWORD": county.server.password}, capture_output=True, check=True,
    ).stdout  # fmt: skip
    for name in (*NAMES, "Müller", "Frau"):
        for spelling in (
            name.encode(),
            name.encode().hex().encode(),
            name.encode("utf-16-le").hex().encode(),
        ):
            assert spelling not in dump, name
    assert b"musterhausen" in dump  # it is the right server
    assert b"Reisepass" in dump  # routing facts stand in clear


def test_the_dump_test_would_notice_a_name(filled: TeamDesktopPlace, county: CountyServer) -> None:
    with county.admin() as connection:
        connection.execute("UPDATE document SET sealed = %s", (NAMES[0].encode(),))
    with pytest.raises(AssertionError):
        test_a_dump_of_the_whole_server_names_no_applicant(filled, county)
