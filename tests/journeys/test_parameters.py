"""An office's parameters from the file to the self-check: named, assumed, ended, missing, wrong."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import Office, StartPortal


@pytest.fixture
def own_office(start_portal: StartPortal, tmp_path: Path) -> Office:
    """An office whose profile and parameters may be edited; no applications."""
    given = start_portal().profiles[0]
    folder = tmp_path / "office"
    shutil.copytree(given.parent, folder)
    return Office(tmp_path / "home", folder / given.name)


def finding(office: Office) -> dict[str, Any]:
    said = office("doctor", "--json")
    findings = {each["area"]: each for each in said.document["findings"]}
    found: dict[str, Any] = findings.get("parameters") or findings["profile"]
    return found


def test_the_self_check_names_the_parameters_and_what_is_wrong_with_them(own_office: Office) -> None:
    parameters = own_office.profile.parent / "parameters-bw.toml"
    good = parameters.read_text("utf-8")
    found = finding(own_office)
    assert found["ok"]
    assert str(parameters) in found["text"]
    assert "Nur angenommen, bitte prüfen: wbs-income-limit-1" in found["text"]

    parameters.write_text(good.replace("value = 6\n", "value = 6\nvalid_until = 2025-01-01\n"), "utf-8")
    found = finding(own_office)
    assert (found["ok"], found["code"]) == (False, "PARAMETERS_OUTDATED")
    assert "abgelaufen und ohne Nachfolger: parking-zones" in found["text"]

    parameters.write_text(good.replace('key = "parkausweis"', 'key = "parkausweiss"'), "utf-8")
    found = finding(own_office)
    assert (found["ok"], found["code"]) == (False, "OWN_VALUES_UNKNOWN")
    assert "de.amtsstube.bewohnerparkausweis/parkausweiss" in found["text"]

    broken = good.replace("value = 6\n", "value = []\n")
    line = broken[: broken.index("value = []")].count("\n") + 1
    parameters.write_text(broken, "utf-8")
    for text in (finding(own_office)["text"], own_office("cases").err):
        for part in ("value[5].value", str(parameters), f"Zeile {line}"):
            assert part in text

    parameters.unlink()
    said = own_office("cases")
    assert said.exit_code == 2
    assert str(parameters) in said.err
    assert "Das Behördenprofil nennt sie unter [authority] als parameters" in said.err

    own_office.profile.write_text(
        own_office.profile.read_text("utf-8").replace('parameters = "parameters-bw.toml"\n', ""), "utf-8"
    )
    assert own_office("cases").exit_code == 0
    assert "parameters" not in {each["area"] for each in own_office("doctor", "--json").document["findings"]}
