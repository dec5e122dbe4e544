"""Row 20 too: what leaves for support tells of the machine, of a window that died, and of no person."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.faults import canaries
from tests.faults.test_at_rest import ROW, day, portal_of_canaries
from tests.journeys.conftest import Office
from tests.matrix import record

PERSONS = 24
pytestmark = pytest.mark.skipif(os.name != "posix", reason="folders of an account as POSIX has them")


def bundle_after_a_day(tmp_path: Path, keys: Path, mutant: str = "") -> tuple[dict[str, Any], set[str]]:
    """The bundle of an office whose window died, and the spellings of persons that are in it."""
    portal = portal_of_canaries(tmp_path / "portal", keys, PERSONS)
    try:
        code, said = day(tmp_path / "day", portal, mutant)
        assert code == -6, said[-3000:]
        profile = portal.profiles[0].with_name("named.toml")
        key = f'key = "pkcs12:keys/{canaries.STEM}.p12"\npassword = "file:keys/{canaries.STEM}.txt"'
        profile.write_text(portal.profiles[0].read_text("utf-8").replace('key = "practice"', key))
        target = tmp_path / "hilfe.zip"
        Office(tmp_path / "day" / "home", profile).json("support-bundle", str(target))
    finally:
        portal.__exit__(None, None, None)
    with zipfile.ZipFile(target) as archive:
        parts = {name: archive.read(name).decode("ascii", "replace") for name in archive.namelist()}
    return parts, canaries.found_in(canaries.members_of(target))


def test_no_person_is_in_the_support_bundle(tmp_path: Path, cache_dir: Path) -> None:
    parts, found = bundle_after_a_day(tmp_path, cache_dir / "keys")
    record(ROW, 1, len(found))
    assert found == set()
    events = [json.loads(line)["event"] for line in parts["logs/clerk-app.jsonl"].splitlines()]
    assert "uncaught" in events, "how the window died is told"
    home = json.loads(parts["home.json"])
    assert home["schema"]["found"] == home["schema"]["known"]
    doctor = {each["area"]: each for each in json.loads(parts["doctor.json"])["findings"]}
    assert doctor["signing-key"]["ok"] is False
    assert doctor["signing-key"]["params"], "that a key is missing is told, and not how it is called"


def test_a_client_that_logs_words_is_caught(tmp_path: Path, cache_dir: Path) -> None:
    _parts, found = bundle_after_a_day(tmp_path, cache_dir / "keys", "logs")
    assert found != set()
