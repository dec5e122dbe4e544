"""Two desktops of one office, a real server and the practice portal: through the command line only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from clerk_app.bootstrap.premises import open_premises
from clerk_app.sandbox.database import ADMIN, PracticeDatabase, server_programs
from clerk_app.sandbox.server import RunningSandbox
from tests.journeys.conftest import Office, Said, StartPortal
from tests.team.office_server import server_directory

PASSWORD = "ein langes Kennwort"


@dataclass
class Desk(Office):
    """``clerk-app`` as one person at one desktop."""

    login: str

    def __call__(self, *argv: str, profile: bool = True) -> Said:
        before = os.environ.get("LOGNAME")
        os.environ["LOGNAME"] = self.login
        try:
            return super().__call__(*argv, profile=profile)
        finally:
            if before is None:
                del os.environ["LOGNAME"]
            else:
                os.environ["LOGNAME"] = before


@pytest.fixture(scope="module")
def server() -> Iterator[PracticeDatabase]:
    programs = server_programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have a PostgreSQL server")
        pytest.skip("no PostgreSQL server here")
    directory = server_directory()
    made = PracticeDatabase(directory, programs, durable=False)
    made.create()
    made.start()
    yield made
    made.stop("immediate")
    shutil.rmtree(directory, ignore_errors=True)


MakeDesk = Callable[[str], Desk]


@pytest.fixture
def portal(start_portal: StartPortal) -> RunningSandbox:
    return start_portal(applications=6)


@pytest.fixture
def desk(
    server: PracticeDatabase, portal: RunningSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> MakeDesk:
    """Sets the server up once; each desk is a home and a profile of its own."""
    database = f"t{os.urandom(5).hex()}"
    monkeypatch.setenv("PGPASSWORD", server.password)
    monkeypatch.setenv("CLERK_TEAM_PASSWORD", PASSWORD)
    import psycopg

    with psycopg.connect(
        host="127.0.0.1", port=server.port, dbname="postgres", user=ADMIN, password=server.password,
        autocommit=True,
    ) as connection:  # fmt: skip
        connection.execute(f"CREATE DATABASE {database}")
    source = portal.profiles[0]
    profile = source.with_name("team.toml")
    profile.write_text(
        source.read_text("utf-8")
        + f'\n[team]\nhost = "127.0.0.1"\nport = {server.port}\ndatabase = "{database}"\nplain = true\n'
        f'office = "musterhausen"\npassword = "{PASSWORD}"\n',
        "utf-8",
    )
    admin = Desk(tmp_path / "admin", profile, "admin")
    assert admin.json("team", "init", "--login", ADMIN, "--county", "kreis")["schema"] >= 2

    def make(login: str) -> Desk:
        made = Desk(tmp_path / login, profile, login)
        admin.json("team", "member", login, "--login", ADMIN, "--role", "clerk", "--create")
        return made

    return make


def joined(desk: MakeDesk, *logins: str) -> list[Desk]:
    desks = [desk(login) for login in logins]
    desks[0].json("team", "join", "--label", f"PC {logins[0]}")
    for each in desks[1:]:
        facts = each.json("team", "join", "--label", f"PC {each.login}")
        desks[0].json("team", "admit", facts["desktop_id"], "--fingerprint", facts["fingerprint"])
    return desks


def test_what_one_desktop_fetched_the_other_reviews_and_decides(desk: MakeDesk) -> None:
    brand, ito = joined(desk, "brand", "ito")
    assert brand.json("sync", "--once")["received"] == 3
    assert ito.json("sync", "--once")["received"] == 0  # nothing waits at the portal any more
    assert {row["case_id"] for row in ito.json("cases")} == {row["case_id"] for row in brand.json("cases")}
    case = ito.case_by("idBundDeMailbox")
    whole = ito.json("case", case["case_id"])
    assert whole["fields"]
    for attachment in whole["attachments"]:
        target = ito.home / "attachment"
        ito.json("attachment", case["case_id"], attachment["id"], "--output", str(target))
        target.unlink()
    decided = ito.json("decide", case["case_id"], "--outcome", "granted", "--now")
    summary = ito.json("sync")
    assert summary["delivered"] == 1
    brand.json("sync", "--once")
    (entry,) = [row for row in brand.json("outbox") if row["entry_id"] == decided["entry_id"]]
    assert entry["state"] == "DELIVERED"
    assert entry["receipt"] is not None
    for each in (brand, ito):
        assert each.json("audit", "verify")["verified"]


def test_two_decide_offline_and_the_citizen_gets_one_decision(desk: MakeDesk) -> None:
    brand, ito = joined(desk, "brand", "ito")
    brand.json("sync", "--once")
    ito.json("sync", "--once")
    case = ito.case_by("idBundDeMailbox")["case_id"]
    first = brand.json("decide", case, "--outcome", "granted", "--now")["entry_id"]
    second = ito.json("decide", case, "--outcome", "granted", "--now")["entry_id"]
    assert brand.json("sync")["delivered"] == 1
    assert ito.json("sync")["delivered"] == 0
    for each in (brand, ito):
        each.json("sync", "--once")
        states = {row["entry_id"]: row["state"] for row in each.json("outbox")}
        assert (states[first], states[second]) == ("DELIVERED", "RETURNED")
        shown = each.json("outbox", "compare", second)
        assert (shown["counts"]["by"], shown["returned"]["by"]) == ("brand", "ito")
        assert shown["lines"]
        assert each.json("audit", "verify")["verified"]


def test_without_the_server_work_goes_on_and_nothing_leaves(desk: MakeDesk, server: PracticeDatabase) -> None:
    brand, ito = joined(desk, "brand", "ito")
    brand.json("sync", "--once")
    ito.json("sync", "--once")
    case = brand.case_by("idBundDeMailbox")["case_id"]
    server.stop()
    try:
        entry = brand.json("decide", case, "--outcome", "granted", "--now")["entry_id"]
        said = brand("sync", "--once", "--json")
        assert said.exit_code == 3
        assert said.document["error"]["code"] == "TEAM_UNREACHABLE"
        assert said.document["waiting"] >= 1
        states = {row["entry_id"]: row["state"] for row in brand.json("outbox")}
        assert states[entry] == "QUEUED"
    finally:
        server.start()
    assert brand.json("sync")["delivered"] == 1


def test_a_lost_laptop_is_shut_out_and_its_decision_goes_out_from_another(desk: MakeDesk) -> None:
    brand, ito = joined(desk, "brand", "ito")
    brand.json("sync", "--once")
    ito.json("sync", "--once")
    case = brand.case_by("idBundDeMailbox")["case_id"]
    entry = ito.json("decide", case, "--outcome", "granted")["entry_id"]  # in its take-back time
    ito.json("sync", "--once")
    brand.json("sync", "--once")
    assert brand.json("team", "revoke", "PC ito")["generation"] == 2
    assert ito("sync", "--once").exit_code == 4
    assert brand("outbox", "take-over", entry).exit_code == 2  # no reason
    brand.json("outbox", "take-over", entry, "--reason", "Laptop verloren")
    assert brand.json("sync")["waiting"] >= 1  # the take-back time still runs
    status = brand.json("team", "status")
    assert [each["revoked_at"] is not None for each in status["desktops"]] == [False, True]
    assert status["set_aside"] == []
    check = brand.json("team", "check", "--login", ADMIN)
    assert check["ok"]
    assert check["entries"] == status["there"]


def test_a_week_without_the_server_one_desktop_fetches_alone_and_shares_later(
    desk: MakeDesk, server: PracticeDatabase, portal: RunningSandbox
) -> None:
    brand, ito = joined(desk, "brand", "ito")
    server.stop()
    try:
        assert brand("sync", "--once").exit_code == 3  # the first day: nobody fetches
        assert brand.json("cases") == []
        _long_ago(brand)
        brand("sync", "--once")
        fetched = {row["case_id"] for row in brand.json("cases")}
        assert len(fetched) == 3
        case = brand.case_by("idBundDeMailbox")["case_id"]
        brand.json("decide", case, "--outcome", "granted", "--now")
        brand("sync", "--once")
        assert {row["state"] for row in brand.json("outbox")} == {"QUEUED"}  # but nothing leaves
    finally:
        server.start()
    assert brand.json("sync")["delivered"] == 1
    ito.json("sync", "--once")
    assert {row["case_id"] for row in ito.json("cases")} == fetched
    assert ito.json("team", "status")["set_aside"] == []


def _long_ago(desk: Desk) -> None:
    """As if the server had been gone for two days."""
    os.environ["LOGNAME"] = desk.login
    with open_premises(desk.home, desk.profile, lock=True) as premises:
        shared = premises.store.shared_ledger()
        since = datetime.fromisoformat(shared.marks.get("unreachable-since") or "")
        shared.marks.put("unreachable-since", (since - timedelta(days=2)).isoformat())
        shared.close()


def test_the_server_is_loaded_by_no_command_of_an_office_without_team(tmp_path: Path) -> None:
    code = (
        "import sys; from clerk_app.bootstrap.entrance import main; main(['doctor']); "
        "print('psycopg' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "False"


def test_the_demo_walks_a_teams_day(server: PracticeDatabase, tmp_path: Path) -> None:
    """In a process of its own, as ``make demo-team`` starts it."""
    done = subprocess.run(
        [sys.executable, "-m", "clerk_app", "demo", "--team", "--headless", "--keep", str(tmp_path / "kept")],
        capture_output=True, text=True, env={**os.environ, "HOME": str(tmp_path)}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Alle 9 Schritte gelungen" in done.stdout
    assert (tmp_path / "kept" / "landkreis.csv").stat().st_size > 100


def test_a_desktop_put_back_learns_from_the_team_what_it_did_and_sends_nothing_again(
    desk: MakeDesk, portal: RunningSandbox, tmp_path: Path
) -> None:
    portal.file_applications(12, defective=0, authority="bw")
    brand, ito = joined(desk, "brand", "ito")
    brand.json("sync", "--once")
    ito.json("sync", "--once")
    case = brand.case_by("idBundDeMailbox")["case_id"]
    waiting = brand.json("decide", case, "--outcome", "granted", "--now")["entry_id"]
    kept = tmp_path / "kept.zip"
    brand.json("backup", "create", str(kept))
    assert brand.json("sync")["delivered"] == 1
    other = brand.case_by("idBundDeMailbox")["case_id"]
    later = brand.json("decide", other, "--outcome", "granted", "--now")["entry_id"]
    brand.json("sync")
    boxes = {
        brand.json("case", each)["applications"][0]["reply_channel"]["address"]["mailboxUuid"]
        for each in (case, other)
    }

    def received() -> int:
        return sum(len(portal.citizens.mailbox(box).messages) for box in boxes)

    after = received()
    shutil.rmtree(brand.home)
    assert brand.json("backup", "restore", str(kept))["uncertain"] is True

    assert brand.json("sync")["sent"] == 0
    states = {row["entry_id"]: row["state"] for row in brand.json("outbox")}
    assert {waiting, later} <= set(states), "the team's server gave back what was lost"
    assert set(states.values()) == {"DELIVERED"}
    said = brand("decide", other, "--outcome", "granted", "--json")
    assert said.document["error"]["code"] == "CASE_ALREADY_DECIDED"
    brand("doctor", "--begin-ledger")
    assert brand("cases").err == ""
    brand.json("sync")
    ito.json("sync", "--once")
    assert received() == after
    for each in (brand, ito):
        assert each.json("audit", "verify")["verified"]
