"""The main job by accessible actions alone, over AT-SPI, in a real window on a virtual screen.

The window knows nothing of it: what a screen reader can do is what is done.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk_app.sandbox.server import RunningSandbox
from tests.journeys.conftest import Office

BUS = Path("/usr/libexec/at-spi-bus-launcher")
SYSTEM_PYTHON = Path("/usr/bin/python3")
DRIVER = Path(__file__).with_name("screen_reader.py")
ROOT = DRIVER.parents[2]
SCRIPT = """
{bus} --launch-immediately 2>/dev/null &
{python} -m clerk_app --home {home} --profile {profile} &
window=$!
{system} {driver} {word}
done=$?
kill $window
wait $window
exit $done
"""


def missing() -> list[str]:
    """What this machine lacks for it."""
    lacking = [name for name in ("Xvfb", "dbus-run-session") if shutil.which(name) is None]
    if not BUS.is_file():
        lacking.append("at-spi2-core")
    probe = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
    if (
        not SYSTEM_PYTHON.is_file()
        or subprocess.run([SYSTEM_PYTHON, "-c", probe], capture_output=True, check=False).returncode
    ):
        lacking.append("python3-gi, gir1.2-atspi-2.0")
    return lacking


@pytest.fixture
def screen() -> Iterator[str]:
    """A virtual screen of its own number."""
    if lacking := missing():
        assert os.environ.get("CI") != "true", f"under CI=true this gate must run; missing: {lacking}"
        pytest.skip(f"missing: {', '.join(lacking)}")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


def test_a_case_is_granted_signed_and_sent_without_key_or_mouse(
    portal: RunningSandbox, tmp_path: Path, screen: str
) -> None:
    office = Office(tmp_path / "home", portal.profiles[0])
    office.json("sync")
    word = "Hundesteuer"
    assert any(word in row["service"] for row in office.json("cases"))
    (tmp_path / "run").mkdir(mode=0o700)
    environment = {
        **os.environ,
        "DISPLAY": screen,
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "XDG_RUNTIME_DIR": str(tmp_path / "run"),
        "PYTHONPATH": str(ROOT),
    }
    script = SCRIPT.format(
        bus=BUS,
        python=sys.executable,
        home=office.home,
        profile=office.profile,
        system=SYSTEM_PYTHON,
        driver=DRIVER,
        word=word,
    )
    done = subprocess.run(
        ["dbus-run-session", "--", "bash", "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    reference = done.stdout.strip().splitlines()[-1].rpartition(" ")[2]
    decided = {row["case_reference"]: row["status"] for row in office.json("cases")}
    assert decided[reference] in ("decided", "closed")
