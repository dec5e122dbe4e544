"""What an admin's machines do: watch, ask for help without telling of citizens, fetch at night."""

from __future__ import annotations

import getpass
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from clerk_app.sandbox.server import RunningSandbox
from clerk_app.system import logs
from clerk_app.system.instance import InstanceLock
from clerk_app.system.paths import Home
from tests.journeys.conftest import Office

TASK = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}


def test_monitoring_gets_one_line_and_its_own_codes(office: Office, portal: RunningSandbox) -> None:
    said = office("doctor", "--monitor")
    assert (said.exit_code, said.out.count("\n")) == (1, 1), said.out
    assert said.out.startswith("AMTSSTUBE WARNING - Letzter Abgleich: noch nie abgeglichen.")
    office.json("sync")
    said = office("doctor", "--monitor")
    assert (said.exit_code, said.out) == (0, "AMTSSTUBE OK - alles in Ordnung\n")
    portal.unplug()
    said = office("doctor", "--monitor")
    assert said.exit_code == 1
    assert "nicht erreichbar" in said.out
    portal.plug_in()
    ledger = office.home / "ledger.db"
    for name in ("ledger.db-wal", "ledger.db-shm"):
        (office.home / name).unlink(missing_ok=True)
    ledger.write_bytes(b"\0" * 4096 + ledger.read_bytes()[4096:])
    said = office("doctor", "--monitor")
    assert said.exit_code == 2
    assert said.out.startswith("AMTSSTUBE CRITICAL - ")
    said = office("doctor", "--monitor", "--json")
    assert said.document["severity"] == "critical"
    assert said.exit_code == 2


def test_a_support_bundle_tells_of_the_machine_and_of_nobody(office: Office, tmp_path: Path) -> None:
    office.json("sync")
    rows = office.json("cases")
    office.json("decide", rows[0]["case_id"], "--outcome", "refused", "--reasons", "Eilt sehr", "--now")
    office.json("sync")
    handler = logs.start_logging(Home(office.home))
    for row in rows:
        places = ["clerk_app.ui.case_list:paint"]
        logs.event("window-blocked", ms=120, places=places, applicant=row["applicant"])
    logs.stop_logging(handler)
    found = office.json("support-bundle", str(tmp_path / "hilfe.zip"))
    with zipfile.ZipFile(tmp_path / "hilfe.zip") as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(found["files"]) == set(parts)
    assert {"doctor.json", "policy.json", "versions.json", "home.json", "logs/clerk-app.jsonl"} <= set(parts)
    everything = "\n".join(parts.values())
    names = {part for row in rows for part in str(row["applicant"]).split() if len(part) > 2}
    assert len(names) > 10
    assert [name for name in names if name in everything] == []
    for secret in ("Eilt sehr", str(office.home), str(Path.home()), f'"{getpass.getuser()}"'):
        assert secret not in everything
    case_ids = [row["case_id"] for row in rows]
    assert not any(case_id in parts["home.json"] for case_id in case_ids)
    doctor = json.loads(parts["doctor.json"])
    assert {each["area"] for each in doctor["findings"]} >= {"policy", "ledger", "cache", "disk", "portal"}
    assert json.loads(parts["versions.json"])["packages"]["httpx"]


def test_a_bundle_comes_when_nothing_else_works(tmp_path: Path) -> None:
    broken = Office(tmp_path / "home", tmp_path / "none.toml")
    assert broken("cases").exit_code == 2
    found = broken.json("support-bundle", str(tmp_path / "hilfe.zip"))
    assert "doctor.json" in found["files"]
    with zipfile.ZipFile(tmp_path / "hilfe.zip") as archive:
        doctor = json.loads(archive.read("doctor.json"))
    assert [each["code"] for each in doctor["findings"] if not each["ok"]] == ["PROFILE_MISSING"]


def test_a_bundle_comes_when_there_is_no_home(office: Office, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    homeless = Office(tmp_path / "file" / "home", office.profile)
    assert homeless("cases", "--json").document["error"]["code"] == "HOME_NOT_WRITABLE"
    homeless.json("support-bundle", str(tmp_path / "hilfe.zip"))
    with zipfile.ZipFile(tmp_path / "hilfe.zip") as archive:
        doctor = json.loads(archive.read("doctor.json"))
        home = json.loads(archive.read("home.json"))
    assert home["failed"] == "NotADirectoryError", "a part that cannot be made says where it broke"
    assert any("support_side" in each for each in home["places"])
    assert "HOME_NOT_WRITABLE" in [each["code"] for each in doctor["findings"]]


def test_units_are_such_as_systemd_takes(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config with space"))
    assert office.json("service", "status")["installed"] is False
    found = office.json("service", "install", "--at", "04:15")
    folder = tmp_path / "config with space" / "systemd" / "user"
    assert found["files"] == [str(folder / f"amtsstube-sync.{each}") for each in ("service", "timer")]
    service = (folder / "amtsstube-sync.service").read_text(encoding="utf-8")
    assert f"--home {office.home} --profile {office.profile} sync" in service
    assert "OnCalendar=*-*-* 04:15:00" in (folder / "amtsstube-sync.timer").read_text(encoding="utf-8")
    if shutil.which("systemd-analyze"):
        checked = subprocess.run(
            ["systemd-analyze", "--user", "verify", *found["files"]],
            capture_output=True,
            text=True,
            env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
        )
        assert [line for line in checked.stderr.splitlines() if "amtsstube-sync" in line] == []
    found = office.json("service", "status")
    assert (found["installed"], found["enabled"]) == (True, False)
    assert "systemctl --user enable" in office("service", "status").out
    wanted = folder / "timers.target.wants"
    wanted.mkdir()
    (wanted / "amtsstube-sync.timer").symlink_to(folder / "amtsstube-sync.timer")  # what enabling does
    assert office.json("service", "status")["enabled"] is True
    said = office("service", "remove")
    assert "systemctl --user stop amtsstube-sync.timer" in said.out
    assert list(wanted.iterdir()) == [], "no link to a timer that is gone"
    assert office.json("service", "remove")["files"] == []
    assert office.json("service", "status")["installed"] is False


def test_the_task_for_windows_is_whole(office: Office) -> None:
    odd = Office(office.home.parent / "Ablage & <Büro>", office.profile)
    text = odd.json("service", "show", "--windows", "--at", "23:05")["amtsstube-sync.xml"]
    task = ET.fromstring(text.partition("?>")[2].encode())
    assert task.findtext(".//t:StartBoundary", namespaces=TASK) == "2026-01-01T23:05:00"
    arguments = task.findtext(".//t:Arguments", namespaces=TASK)
    assert arguments is not None
    assert f'--home "{odd.home}"' in arguments
    assert arguments.endswith(" sync")
    assert task.findtext(".//t:MultipleInstancesPolicy", namespaces=TASK) == "IgnoreNew"


@pytest.mark.parametrize("at", ["24:00", "5:30", "nachts", ""])
def test_a_time_that_is_none(office: Office, at: str) -> None:
    assert office("service", "install", "--at", at).exit_code == 2


def test_a_night_leaves_its_log(office: Office) -> None:
    done = office.json("sync")
    lines = (office.home / "logs" / logs.LOG_FILE).read_text(encoding="ascii").splitlines()
    assert [json.loads(line)["received"] for line in lines] == [done["received"]]
    assert all(json.loads(line)["at"] for line in lines)


def test_a_fetch_beside_an_open_window_ends_and_says_why(office: Office) -> None:
    office.json("cases")
    with InstanceLock(Home(office.home)):
        said = office("sync", "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (5, "INSTANCE_RUNNING")
    unit = office.json("service", "show")["amtsstube-sync.service"]
    (line,) = [each for each in unit.splitlines() if each.startswith("SuccessExitStatus=")]
    assert str(said.exit_code) in line.partition("=")[2].split(), "the window fetches itself: nothing failed"
