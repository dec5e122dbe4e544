"""Fetching at night without a window: a systemd user unit with its timer, and a task for Windows.

systemd.service(5), systemd.timer(5); Windows Task Scheduler schema 1.2.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

UNIT = "amtsstube-sync"
_PLAIN = re.compile(r"[A-Za-z0-9_./:=@%$+-]+\Z")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z")


def is_time(text: str) -> bool:
    """``05:30``."""
    return _TIME.match(text) is not None


def program(environment: Mapping[str, str] | None = None) -> list[str]:
    """How this program is started: an AppImage by its own file, else the interpreter with the package."""
    environment = os.environ if environment is None else environment
    image = environment.get("APPIMAGE")
    return [image] if image else [sys.executable, "-m", "clerk_app"]


def units(command: Sequence[str], at: str) -> dict[str, str]:
    """The two units by file name. The program fetches until settled and ends; exit code 3 (offline) and 5 (a
    person must decide) are no failure of the unit, the next run tries again."""
    started = " ".join(_quoted(each) for each in command)
    return {
        f"{UNIT}.service": (
            "[Unit]\n"
            "Description=Amtsstube: Anträge abholen und Wartendes senden\n"
            "\n"
            "[Service]\n"
            "Type=oneshot\n"
            f"ExecStart={started}\n"
            "SuccessExitStatus=3 5\n"
            "TimeoutStartSec=2h\n"
            "Nice=10\n"
            "UMask=0077\n"
            "NoNewPrivileges=yes\n"
        ),
        f"{UNIT}.timer": (
            "[Unit]\n"
            "Description=Amtsstube: jede Nacht abholen\n"
            "\n"
            "[Timer]\n"
            f"OnCalendar=*-*-* {at}:00\n"
            "RandomizedDelaySec=10min\n"
            "Persistent=yes\n"
            "\n"
            "[Install]\n"
            "WantedBy=timers.target\n"
        ),
    }


def task(command: Sequence[str], at: str) -> str:
    """The task for ``schtasks /Create /XML``; it runs as the person who registers it, whose keyring has the
    key. UTF-16 is what the Task Scheduler writes itself; it reads this declaration in either."""
    program_, *arguments = command
    words = " ".join(f'"{each}"' if " " in each else each for each in arguments)
    return f"""<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Amtsstube: Anträge abholen und Wartendes senden</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>2026-01-01T{at}:00</StartBoundary>
      <Enabled>true</Enabled>
      <RandomDelay>PT10M</RandomDelay>
      <ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>true</RunOnlyIfNetworkAvailable>
    <ExecutionTimeLimit>PT2H</ExecutionTimeLimit>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{escape(program_)}</Command>
      <Arguments>{escape(words)}</Arguments>
    </Exec>
  </Actions>
</Task>
"""


def unit_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Where a person's units lie (XDG Base Directory)."""
    environment = os.environ if environment is None else environment
    base = environment.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "systemd" / "user"


def _quoted(text: str) -> str:
    """An argument of ExecStart: quoted unless it is plain, with systemd's own signs doubled."""
    doubled = text.replace("%", "%%").replace("$", "$$")
    if _PLAIN.match(doubled):
        return doubled
    escaped = doubled.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
