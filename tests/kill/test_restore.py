"""A restore killed at any rename and sync: nothing that lay there is lost, and a second run finishes it."""

from __future__ import annotations

import io
import os
import shutil
import traceback
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from clerk_app.bootstrap.entrance import main
from clerk_app.sandbox.server import RunningSandbox
from tests.journeys.conftest import Office
from tests.kill.points import KILLED, Points, install

pytestmark = [
    pytest.mark.kill,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="trials run in forked children"),
]
MEMORY = Path("/dev/shm")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with TemporaryDirectory(prefix="kill-", dir=MEMORY if MEMORY.is_dir() else tmp_path) as made:
        yield Path(made)


def in_child(argv: list[str], kill_at: int | None, told: Path) -> int:
    """Runs a command in a child that dies at its point; how it ended."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            points = Points(kill_at)
            install(points)
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                code = main(argv)
            told.write_text("\n".join(points.passed), encoding="ascii")
        except BaseException:  # noqa: BLE001 - a child must never return into pytest
            traceback.print_exc()
        os._exit(code)
    _pid, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def contents(home: Path) -> set[bytes]:
    """What a person would miss, wherever it lies by now."""
    found = [path for path in home.rglob("*") if path.is_file() and "temp" not in path.parts]
    kept = (".accepted", ".document", ".jwe", ".sealed")
    return {path.read_bytes() for path in found if path.name.startswith("ledger.db") or path.suffix in kept}


def test_killed_anywhere_a_restore_loses_nothing_and_is_finished_by_the_next(
    folder: Path, cache_dir: Path
) -> None:
    with RunningSandbox(folder / "portal", key_cache=cache_dir / "keys") as portal:
        portal.file_applications(4, defective=0, authority="bw")
        office = Office(folder / "home", portal.profiles[0])
        office.json("sync")
        kept = str(folder / "kept.zip")
        office.json("backup", "create", kept)
        lost = next((office.home / "documents").rglob("*.jwe"))  # one that is in the backup
        asked = office.json("cases")[0]["case_id"]
        office.json("request-documents", asked, "--item", "Mietvertrag", "--now")
        office.json("sync")
        rows = office.json("cases")
        lost_content = lost.read_bytes()
        lost.unlink()
    before = contents(office.home)
    ledger = (office.home / "ledger.db").read_bytes()
    told = folder / "points"

    def restored(home: Path, kill_at: int | None) -> int:
        argv = ["--home", str(home), "--profile", str(office.profile), "backup", "restore", kept]
        return in_child([*argv, "--accept-older"], kill_at, told)

    shutil.copytree(office.home, folder / "measured")
    assert restored(folder / "measured", None) == 0
    passed = told.read_text(encoding="ascii").splitlines()
    renames = [number for number, name in enumerate(passed, 1) if name.endswith("rename")]
    numbers = sorted({*renames, *range(1, len(passed) + 1, max(1, len(passed) // 24))})
    assert len(renames) >= 6
    for number in numbers:
        home = folder / f"at-{number}"
        shutil.copytree(office.home, home)
        assert restored(home, number) == KILLED
        assert before <= contents(home), f"something is gone after a stop at {passed[number - 1]} ({number})"
        here = Office(home, office.profile)
        said = here("cases", "--json")
        if said.exit_code:
            assert said.document["error"]["code"] == "LEDGER_DAMAGED", passed[number - 1]
            assert not (home / "ledger.db").exists()
        assert restored(home, None) == 0
        assert before <= contents(home)
        assert any(path.read_bytes() == ledger for path in home.glob("ledger.db.replaced-*"))
        assert next(home.rglob(lost.name)).read_bytes() == lost_content
        assert {row["case_id"] for row in here.json("cases")} == {row["case_id"] for row in rows}
        assert here("audit", "verify").exit_code == 6, "an older copy, until somebody has looked"
        here("doctor", "--begin-ledger")
        assert here.json("audit", "verify")["verified"] is True
        shutil.rmtree(home)
