"""The machine's policy on the command line: shown, obeyed, and never overruled by a person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from clerk_app.system import policy
from tests.journeys.conftest import Office

Says = Callable[[str], Path]


@pytest.fixture
def machine_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Says:
    """Puts the place of the policy into a folder of the test; no option and no variable can."""
    file = tmp_path / "etc" / "policy.toml"
    monkeypatch.setattr(policy, "LINUX_FILE", file)

    def write(text: str) -> Path:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_every_key_with_value_and_source(office: Office, machine_says: Says) -> None:
    file = machine_says('[delivery]\ntake_back_s = 300\n[logs]\nlevel = "debug"\n')
    found = office.json("policy")
    assert (found["policy"], found["fault"], found["unknown"]) == (str(file), None, [])
    keys = {line["key"]: line for line in found["keys"]}
    assert keys["logs.level"] == {"key": "logs.level", "value": "debug", "source": "policy", "locked": True}
    assert not keys["delivery.take_back_s"]["locked"], "an exercise is free"
    assert keys["office.profile"]["source"] == "profile"
    said = office("policy")
    assert f"Richtlinie: {file}" in said.out
    assert "logs.level: alles (gesperrt)" in said.out


def test_what_counts_for_nothing_is_named_and_doctor_says_so(office: Office, machine_says: Says) -> None:
    office.json("sync")
    machine_says('[delivery]\ntake_back = 300\n[signing]\nlevel = "B-X"\n')
    said = office("policy", "--json")
    assert (said.exit_code, said.document["unknown"]) == (5, ["delivery.take_back"])
    assert said.document["invalid"] == ["signing.level"]
    (line,) = [each for each in office("doctor", "--json").document["findings"] if each["area"] == "policy"]
    assert (line["ok"], line["code"]) == (False, "POLICY_STRANGE")
    assert "delivery.take_back" in line["text"]

    file = machine_says("[delivery]\ntake_back_s = bald\n")
    told = f"Die Richtlinie {file} ist in Zeile 2 kein gültiges TOML; sie zählt nicht."
    assert told in office("policy").out
    (line,) = [each for each in office("doctor", "--json").document["findings"] if each["area"] == "policy"]
    assert (line["ok"], line["code"]) == (False, "POLICY_FAULT")


def test_nothing_is_written_outside_the_folders(office: Office, machine_says: Says, tmp_path: Path) -> None:
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    allowed = tmp_path / "Ausgabe"
    allowed.mkdir()
    machine_says(f'[files]\nexport_folders = ["{allowed}"]\n')
    outside = tmp_path / "blatt.pdf"
    said = office("sheet", case_id, "--output", str(outside), "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (5, "POLICY_FORBIDS")
    assert not outside.exists()
    office.json("sheet", case_id, "--output", str(allowed / "blatt.pdf"))
    assert (allowed / "blatt.pdf").read_bytes().startswith(b"%PDF")


def test_a_real_office_works_with_the_policys_profile_only(
    office: Office, machine_says: Says, tmp_path: Path
) -> None:
    text = office.profile.read_text(encoding="utf-8")
    real = tmp_path / "echt.toml"
    text = text.replace("enabled = true", "enabled = false").replace('key = "practice"\n', "")
    real.write_text(text, encoding="utf-8")
    other = Office(tmp_path / "echt", real)
    machine_says('[office]\nprofile = "/etc/amtsstube/profile.toml"\n')
    said = other("cases", "--json")
    assert said.exit_code == 5, said.out
    assert said.document["error"]["code"] == "POLICY_FORBIDS"
    assert "office.profile" in other("cases").err


def test_the_policy_is_shown_before_its_profile_is_there(machine_says: Says, tmp_path: Path) -> None:
    machine_says('[office]\nprofile = "/etc/amtsstube/not-yet.toml"\n')
    fresh = Office(tmp_path / "fresh", tmp_path / "none.toml")
    said = fresh("policy", "--json", profile=False)
    assert said.exit_code == 0, said.err
    keys = {line["key"]: line for line in said.document["keys"]}
    assert keys["office.profile"]["value"] == "/etc/amtsstube/not-yet.toml"
    assert fresh("policy").exit_code == 2, "a profile that was named must be there"
