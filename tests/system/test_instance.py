"""One program per home, also after crashes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.system.instance import InstanceLock
from clerk_app.system.paths import Home, open_home

HOLDER = """
import sys
from clerk_app.system.instance import InstanceLock
from clerk_app.system.paths import open_home
lock = InstanceLock(open_home(sys.argv[1], {}))
lock.acquire()
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home", {})


def _holder(home: Home) -> subprocess.Popen[str]:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent.parent,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def _end(holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.communicate()


def test_a_second_program_is_refused_and_told_who_is_there(home: Home) -> None:
    holder = _holder(home)
    try:
        with pytest.raises(ClerkError) as caught:
            InstanceLock(home).acquire()
        assert caught.value.code is ErrorCode.INSTANCE_RUNNING
        assert caught.value.params == {"pid": holder.pid}
    finally:
        _end(holder)


def test_a_killed_holder_frees_the_home_and_its_file_is_harmless(home: Home) -> None:
    _end(_holder(home))
    assert home.lock.exists()
    with InstanceLock(home) as lock:
        assert lock.held
        assert int(home.lock.read_text()) == os.getpid()


def test_waiting_ends_when_the_holder_does(home: Home) -> None:
    holder = _holder(home)
    assert holder.stdin is not None
    waiting = InstanceLock(home, wait_s=30)
    holder.stdin.write("go\n")
    holder.stdin.flush()
    with waiting:
        assert waiting.held
    _end(holder)


def test_two_locks_of_one_process_exclude_each_other(home: Home) -> None:
    with InstanceLock(home), pytest.raises(ClerkError):
        InstanceLock(home).acquire()
    with InstanceLock(home):
        pass


def test_a_lock_file_full_of_rubbish_is_harmless(home: Home) -> None:
    home.lock.write_bytes(b"\xff" * 500)
    with InstanceLock(home) as lock:
        assert lock.held


def test_releasing_twice_is_harmless(home: Home) -> None:
    lock = InstanceLock(home)
    lock.acquire()
    lock.release()
    lock.release()
    assert not lock.held
