"""Row 9, two programs on one home: the second says so and changes nothing; the first's death frees it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk_app.domain.errors import ErrorCode
from clerk_app.sandbox.server import RunningSandbox
from clerk_app.texts.errors import sentence_for
from tests.matrix import record

HOLDER = """
import sys
from pathlib import Path
from clerk_app.bootstrap.premises import open_premises
with open_premises(Path(sys.argv[1]), Path(sys.argv[2]), lock=True):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def sandbox(tmp_path: Path, cache_dir: Path) -> Iterator[RunningSandbox]:
    with RunningSandbox(tmp_path / "portal", key_cache=cache_dir / "sandbox-keys") as running:
        yield running


def clerk_app(home: Path, profile: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "clerk_app", "--home", str(home), "--profile", str(profile), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_the_second_is_told_and_a_kill_of_the_first_frees_the_home(
    tmp_path: Path, sandbox: RunningSandbox
) -> None:
    home, profile = tmp_path / "home", sandbox.profiles[0]
    sandbox.file_applications(2, authority="bw")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home), str(profile)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    try:
        assert holder.stdout.readline() == "held\n"
        second = clerk_app(home, profile, "--json", "sync", "--once")
        assert second.returncode not in (0, 1), "an exit code of the table, no traceback"
        assert "Traceback" not in second.stderr
        assert json.loads(second.stdout)["error"]["code"] == ErrorCode.INSTANCE_RUNNING
        spoken = clerk_app(home, profile, "sync", "--once").stderr
        assert sentence_for(ErrorCode.INSTANCE_RUNNING, {"pid": holder.pid}) in spoken
        looking = clerk_app(home, profile, "--json", "cases")
        assert looking.returncode == 0, "who only reads is not kept out"
        assert json.loads(looking.stdout) in ([], {"cases": []})
    finally:
        holder.kill()
        holder.wait(20)
        holder.stdout.close()
        holder.stdin.close()
    freed = clerk_app(home, profile, "--json", "sync")
    assert freed.returncode == 0, freed.stderr
    assert json.loads(freed.stdout)["received"] == 2
    assert clerk_app(home, profile, "audit", "verify").returncode == 0
    record("9 a second program on one home", 3, 0)
