"""A real server with two offices of one county, and desktops that share them."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from clerk_app.sandbox.database import ADMIN, PracticeDatabase
from clerk_app.store.home import HomePaths, Store
from clerk_app.store.shared_ledger import SharedLedgerStore
from clerk_app.sync.team import Exchange
from clerk_app.team.connection import Rows, ServerAddress, connect, connect_to_team
from clerk_app.team.keys import DesktopKeys
from clerk_app.team.migrations import upgrade
from clerk_app.team.roster import Roster
from clerk_app.team.server import OfficeServer

OFFICE, OTHER, COUNTY = "musterhausen", "nebenstadt", "kreis"
PASSWORD = "practice-password"
GROUPS = {"clerk", "reviewer", "intake", "triage", "auditor"}


@dataclass
class CountyServer:
    """The server of a county with two offices. Every test gets a database of its own."""

    server: PracticeDatabase
    database: str

    def address(self, login: str, password: str = PASSWORD) -> ServerAddress:
        return ServerAddress(
            "127.0.0.1", self.server.port, self.database, login, lambda: password, plain=True
        )

    def admin(self) -> Rows:
        return connect(self.address(ADMIN, self.server.password))

    def sql(self, login: str) -> psycopg.Connection[tuple[object, ...]]:
        """A plain connection, as anybody with the password could open it, with no code of ours."""
        password = self.server.password if login == ADMIN else PASSWORD
        return psycopg.connect(
            host="127.0.0.1", port=self.server.port, dbname=self.database, user=login, password=password,
            options="-c search_path=amtsstube", autocommit=True,
        )  # fmt: skip

    def set_up(self) -> None:
        with self.admin() as connection:
            upgrade(connection)
            for office_id, name in ((OFFICE, "Stadt Musterhausen"), (OTHER, "Gemeinde Nebenstadt")):
                connection.execute(
                    "INSERT INTO office (office_id, county_id, ars, name) VALUES (%s, %s, %s, %s)",
                    (office_id, COUNTY, "081110000000", name),
                )

    def member(self, login: str, place_id: str, *roles: str, actor: str | None = None) -> None:
        with self.admin() as connection:
            if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (login,)).fetchone() is None:
                connection.execute(f"CREATE ROLE {login} LOGIN PASSWORD '{PASSWORD}'")
            for role in roles:
                connection.execute(f"GRANT amtsstube_{role} TO {login}")
                connection.execute(
                    "INSERT INTO member (login, place_id, role, actor) VALUES (%s, %s, %s, %s)",
                    (login, place_id, role, actor or login),
                )


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


class TeamDesktopPlace:
    """One clerk's desktop: a real store on disk, and its way to the server."""

    def __init__(self, county: CountyServer, home: Path, actor: str, *, office: str = OFFICE) -> None:
        self.county, self.home, self.actor, self.office = county, home, actor, office
        self.clock = Clock()
        self.store = Store.open(HomePaths(home), b"%32d" % (hash(home.name) % 10**9), clock=self.clock)
        self.shared: SharedLedgerStore = self.store.shared_ledger()
        self.ledger = self.store.ledger(actor)
        self.reads = self.store.reads()
        self.keys = DesktopKeys.generate()
        self.desktop_id = str(uuid.uuid4())
        self.shared.marks.put("desktop", self.desktop_id)
        self._server: OfficeServer | None = None

    def join(self) -> None:
        with connect_to_team(self.county.address(self.actor)) as connection:
            Roster(connection, self.office).join(self.desktop_id, f"PC {self.actor}", self.keys)

    def admit(self, other: TeamDesktopPlace) -> None:
        with connect_to_team(self.county.address(self.actor)) as connection:
            roster = Roster(connection, self.office)
            keys = roster.keys(self.desktop_id, self.keys)
            roster.admit(other.desktop_id, other.keys.public.fingerprint, self.desktop_id, keys)

    @property
    def server(self) -> OfficeServer:
        if self._server is None:
            connection = connect_to_team(self.county.address(self.actor))
            try:
                self._server = OfficeServer(
                    connection, Roster(connection, self.office), self.desktop_id, self.keys
                )
            except BaseException:
                connection.close()
                raise
        return self._server

    def exchange(self) -> Exchange:
        return Exchange(self.shared, self.server)

    def disconnect(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def close(self) -> None:
        self.disconnect()
        self.store.close()


DesktopMaker = Callable[..., TeamDesktopPlace]


def server_directory() -> Path:
    """Not below pytest's own directory: the server's account may not enter that."""
    path = Path(tempfile.mkdtemp(prefix="clerk-pg-"))
    path.chmod(0o755)
    return path
