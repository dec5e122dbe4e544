"""A PostgreSQL server per test process, a database per test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk_app.sandbox.database import ADMIN, PracticeDatabase, server_programs
from clerk_app.team.connection import ServerAddress, connect
from tests.team.office_server import (
    OFFICE,
    CountyServer,
    DesktopMaker,
    TeamDesktopPlace,
    server_directory,
)


@pytest.fixture(scope="session")
def database_server() -> Iterator[PracticeDatabase]:
    programs = server_programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have a PostgreSQL server")
        pytest.skip("no PostgreSQL server here (Debian: postgresql, or CLERK_POSTGRES_BIN)")
    directory = server_directory()
    server = PracticeDatabase(directory, programs, durable=False)
    server.create()
    server.start()
    yield server
    server.stop("immediate")
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def county(database_server: PracticeDatabase) -> Iterator[CountyServer]:
    """A county of two offices with one person for each role in the first."""
    name = f"team_{os.urandom(6).hex()}"
    with connect(
        ServerAddress("127.0.0.1", database_server.port, "postgres", ADMIN, lambda: database_server.password,
                      plain=True)
    ) as connection:  # fmt: skip
        connection.execute(f"CREATE DATABASE {name}")
    place = CountyServer(database_server, name)
    place.set_up()
    yield place
    with connect(
        ServerAddress("127.0.0.1", database_server.port, "postgres", ADMIN, lambda: database_server.password,
                      plain=True)
    ) as connection:  # fmt: skip
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def desktop(county: CountyServer, tmp_path: Path) -> Iterator[DesktopMaker]:
    """Makes desktops that have joined; the first founds the office, every later one is admitted by it."""
    made: list[TeamDesktopPlace] = []

    def make(actor: str, *, office: str = OFFICE, admitted: bool = True, name: str = "") -> TeamDesktopPlace:
        with county.admin() as connection:
            known = connection.execute(
                "SELECT FROM member WHERE login = %s AND place_id = %s", (actor, office)
            ).fetchone()
        if known is None:
            county.member(actor, office, "clerk")
        place = TeamDesktopPlace(county, tmp_path / (name or f"{office}-{actor}"), actor, office=office)
        made.append(place)
        place.join()
        founder = next((each for each in made if each.office == office), place)
        if admitted and founder is not place:
            founder.admit(place)
        return place

    yield make
    for place in made:
        place.close()
