"""The command as a process, and what it leaves in its directory."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from clerk_app.domain.authority import AuthorityParameters
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.sandbox.command import SandboxOptions, run
from clerk_app.sandbox.keys import KeyRing
from clerk_app.system.profile import load_profile
from tests.sandbox.test_sandbox_support import Peer, start

PROGRAM = """
import sys
from pathlib import Path
from clerk_app.sandbox.command import SandboxOptions, run
sys.exit(run(SandboxOptions(Path(sys.argv[1]), applications=4, seed=9)))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM to send there")
def test_one_line_when_ready_and_a_clean_end(tmp_path: Path, cache_dir: Path) -> None:
    KeyRing(tmp_path / "portal" / "keys").make_missing(cache_dir / "sandbox-keys")
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PROGRAM, str(tmp_path / "portal")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    try:
        assert process.stdout is not None
        ready: dict[str, Any] = json.loads(process.stdout.readline())
        form = {
            "grant_type": "client_credentials",
            "client_id": ready["client_id"],
            "client_secret": ready["client_secret"],
        }
        token = requests.post(ready["token_url"], data=form, timeout=10).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        for version in ("v1", "v2"):
            listing = requests.get(f"{ready['base_url']}/{version}/submissions", headers=headers, timeout=10)
            assert listing.json()["totalCount"] == 4
        assert len(ready["destinations"]) == 2
        assert {entry["land"] for entry in ready["destinations"]} == {"BW", "SN"}
        assert all(Path(path).is_absolute() for path in ready["profiles"])
    finally:
        process.send_signal(signal.SIGTERM)
        rest, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert rest == "", "nothing but the one line on stdout"
    assert errors == ""


def test_an_unknown_fault_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(ClerkError) as refused:
        run(SandboxOptions(tmp_path / "portal", faults=("gremlins",)))
    assert refused.value.code is ErrorCode.USAGE
    assert not (tmp_path / "portal" / "keys").exists(), "found before keys are made"


def test_profiles_are_ready_to_use(tmp_path: Path, cache_dir: Path) -> None:
    with start(tmp_path, cache_dir) as sandbox:
        lands = []
        found: list[AuthorityParameters] = []
        for path in sandbox.profiles:
            profile = load_profile(path)
            (mailbox,) = profile.mailboxes
            assert mailbox.submission_url == sandbox.base_url
            lands.append(profile.authority.land)
            assert profile.authority.unit in {each.unit for each in profile.parameters.units}
            assert len([each for each in profile.parameters.directory if each.postcodes]) >= 5
            found.append(profile.parameters)
        assert lands == ["BW", "SN"]
        one, other = found
        assert one.office.bank != other.office.bank
        assert {each.office.ars for each in one.directory}.isdisjoint(
            each.office.ars for each in other.directory
        )


def test_a_second_start_keeps_keys_ids_and_credentials(tmp_path: Path, cache_dir: Path) -> None:
    with start(tmp_path, cache_dir) as first:
        before = (first.identity, first.keys.pair("bw-encryption").kid)
    with start(tmp_path, cache_dir) as second:
        assert (second.identity, second.keys.pair("bw-encryption").kid) == before
        assert second.base_url in second.profiles[0].read_text(encoding="utf-8")
        assert Peer(second, "bw").waiting("bw") == []


@pytest.mark.skipif(os.name == "nt", reason="no such modes there")
def test_secrets_are_for_their_owner_only(tmp_path: Path, cache_dir: Path) -> None:
    with start(tmp_path, cache_dir, applications=1) as sandbox:
        for path in sandbox.directory.rglob("*"):
            mode = stat.S_IMODE(path.stat().st_mode)
            assert mode & 0o077 == 0, f"{path.name}: {mode:o}"


def test_two_at_once_on_ports_of_their_own(tmp_path: Path, cache_dir: Path) -> None:
    with start(tmp_path / "a", cache_dir) as one, start(tmp_path / "b", cache_dir) as other:
        assert one.base_url != other.base_url
        assert Peer(one, "bw").get("/v2/submissions")["totalCount"] == 0
