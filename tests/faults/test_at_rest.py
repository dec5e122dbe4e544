"""Row 20: whoever takes the disk, the log, the error stream or what a crash leaves finds no person in it."""

from __future__ import annotations

import base64
import gzip
import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from clerk_app.sandbox.server import RunningSandbox
from tests.faults import canaries
from tests.faults.office_day import MUTANTS
from tests.matrix import record, trials

ROW = "20 canary persons at rest, bytes of the whole workflow"
#: What lies in the root besides: what the person asked for, and packages, which hold nothing personal.
LEFT = ("exports", "home/packages")
ROOT = Path(__file__).resolve().parents[2]


def day(root: Path, portal: RunningSandbox, mutant: str = "") -> tuple[int, str]:
    """An office's day with every folder of the account below ``root``; how it ended and what it said."""
    root.mkdir()
    folders = {
        "HOME": "account", "TMPDIR": "tmp", "XDG_RUNTIME_DIR": "run", "XDG_CACHE_HOME": "cache",
        "XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "share", "XDG_STATE_HOME": "state",
    }  # fmt: skip
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "QT_QPA_PLATFORM": "offscreen",
        "LC_ALL": "C.UTF-8",
    }
    for name, folder in folders.items():
        (root / folder).mkdir(mode=0o700)
        environment[name] = str(root / folder)

    def cores_are_wanted() -> None:
        import resource

        _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))

    with (root / "stdout").open("wb") as out, (root / "stderr").open("wb") as err:
        ended = subprocess.run(
            [sys.executable, "-m", "tests.faults.office_day", str(root), str(portal.profiles[0]), mutant],
            cwd=root / "account", env=environment, stdout=out, stderr=err, check=False, timeout=120,
            preexec_fn=cores_are_wanted,
        )  # fmt: skip
    return ended.returncode, (root / "stderr").read_text(errors="replace")


def portal_of_canaries(directory: Path, keys: Path, persons: int) -> RunningSandbox:
    portal = RunningSandbox(directory, key_cache=keys)
    portal.filing._people = canaries.CanaryPeople(portal.filing._people)  # type: ignore[assignment]
    portal.__enter__()
    portal.file_applications(persons, defective=0, authority="bw")
    return portal


@pytest.mark.skipif(os.name != "posix", reason="folders of an account and core dumps as POSIX has them")
def test_no_person_is_found_in_what_the_program_leaves(tmp_path: Path, cache_dir: Path) -> None:
    persons = trials(200, 4000)
    portal = portal_of_canaries(tmp_path / "portal", cache_dir / "keys", persons)
    try:
        code, said = day(tmp_path / "day", portal)
    finally:
        portal.__exit__(None, None, None)
    assert code == -6, said[-3000:]
    assert "wrong" in said, "the failure in the window was told by its place"
    files, hits = canaries.scan(tmp_path / "day", LEFT)
    assert files > persons, "as many files as cases at the least: else the day did not happen"
    record(ROW, files, len(hits))
    assert hits == []
    exports = tmp_path / "day" / "exports"
    assert canaries.found_in(canaries.members_of(exports / "akte.zip")), "what was asked for did leave"
    assert "plain b'%PDF-'" in canaries.found_in((exports / "bescheid.pdf").read_bytes())


@pytest.mark.parametrize("mutant", sorted(MUTANTS))
@pytest.mark.skipif(os.name != "posix", reason="folders of an account and core dumps as POSIX has them")
def test_a_careless_client_is_caught(mutant: str, tmp_path: Path, cache_dir: Path) -> None:
    portal = portal_of_canaries(tmp_path / "portal", cache_dir / "keys", trials(16, 48))
    try:
        code, said = day(tmp_path / "day", portal, mutant)
    finally:
        portal.__exit__(None, None, None)
    assert code == -6, said[-3000:]
    _files, hits = canaries.scan(tmp_path / "day", LEFT)
    assert hits != [], f"the mutant {mutant} went unnoticed"


@pytest.mark.parametrize(
    "content",
    [
        canaries.STEM.encode(),
        canaries.STEM.upper().encode("utf-16-le"),
        base64.b64encode(b"x" + canaries.STEM.encode() + b"yz"),
        base64.b64encode(b"xy" + canaries.STEM.encode() + b"yz"),
        base64.b64encode(canaries.STEM.encode()),
        canaries.TYPED.encode().hex().upper().encode(),
        b"junk" + zlib.compress(b"words " + canaries.TYPED.encode()),
        gzip.compress(canaries.TYPED.encode(), mtime=0),
        b"%PDF-1.7",
    ],
)
def test_the_search_sees_every_spelling(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\x00" * 7 + content if not content.startswith(b"\x1f") else content)
    assert canaries.scan(tmp_path)[1]
    (tmp_path / "file").write_bytes(os.urandom(200_000))
    assert canaries.scan(tmp_path)[1] == []
