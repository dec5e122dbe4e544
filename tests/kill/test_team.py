"""A thousand random steps of a team: killed, cut off and restarted at random, all agree in the end.

``CLERK_TEAM_STEPS`` sets how many steps each half takes (500 unless told otherwise).
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from clerk_app.sandbox.database import PracticeDatabase, server_programs
from clerk_app.sandbox.keys import KeyRing
from tests.kill.office import PracticePortal
from tests.kill.team import County, set_up
from tests.team.office_server import server_directory

pytestmark = [
    pytest.mark.kill,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="desktops run in forked children"),
]

MEMORY = Path("/dev/shm")
STEPS = int(os.environ.get("CLERK_TEAM_STEPS", "500"))
LOGINS = ["brand", "ito", "weber"]


@pytest.fixture
def county(tmp_path: Path, cache_dir: Path) -> Iterator[County]:
    programs = server_programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have a PostgreSQL server")
        pytest.skip("no PostgreSQL server here")
    directory = server_directory()
    server = PracticeDatabase(directory, programs, durable=True)
    server.create()
    server.start()
    with TemporaryDirectory(prefix="team-", dir=MEMORY if MEMORY.is_dir() else tmp_path) as folder:
        place = Path(folder)
        (place / "portal").mkdir()
        KeyRing(place / "portal" / "keys").make_missing(cache_dir / "keys")
        portal = PracticePortal(place / "portal")
        county = set_up(server, portal, place, LOGINS)
        try:
            yield county
        finally:
            county.close()
            portal.close()
            server.stop("immediate")
            shutil.rmtree(directory, ignore_errors=True)


@pytest.mark.parametrize("seed", [1, 2])
def test_after_random_steps_all_desktops_agree_and_nobody_got_two_decisions(
    county: County, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    choice = random.Random(seed)
    county.filed += county.portal.file(8)
    for _ in range(STEPS):
        county.step(choice)
    county.settle()
    assert county.violations() == []
    kills = sum(desktop.kills for desktop in county.desktops)
    with capsys.disabled():
        print(
            f"\nteam: {STEPS} steps, {kills} kills, {county.restarts} server restarts, "
            f"{county.disconnects} cut lines, {len(county.filed)} applications, "
            f"{county.check().entries} entries"
        )
    assert kills > STEPS // 20
    assert county.restarts > STEPS // 60
