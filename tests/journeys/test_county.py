"""The county's desk on the command line, beside two offices on the same server."""

from __future__ import annotations

from pathlib import Path

import pytest

from clerk_app.sandbox.database import ADMIN, PracticeDatabase
from clerk_app.sandbox.server import RunningSandbox
from tests.journeys.test_team import PASSWORD, Desk, MakeDesk, desk, joined, portal, server

__all__ = ["desk", "portal", "server"]


def team_section(profile: Path) -> str:
    text = profile.read_text("utf-8")
    return text[text.index("[team]") :]


@pytest.fixture
def ohm(desk: MakeDesk, tmp_path: Path) -> Desk:
    """County staff: a profile without mailboxes."""
    (brand,) = joined(desk, "brand")
    brand.json("sync", "--once")
    brand.json("team", "office", "nebenstadt", "--login", ADMIN, "--ars", "081110000001",
               "--name", "Gemeinde Nebenstadt", "--county", "kreis")  # fmt: skip
    brand.json("team", "member", "ohm", "--login", ADMIN, "--role", "triage", "--place", "kreis",
               "--create")  # fmt: skip
    profile = tmp_path / "county.toml"
    profile.write_text(
        '[authority]\nname = "Landkreis Musterland"\nars = "081110000000"\nland = "BW"\n'
        "[practice]\nenabled = true\n" + team_section(brand.profile) + 'county = "kreis"\n'
        "[[team.priority]]\npoints = 5\nunassigned = true\n",
        "utf-8",
    )
    return Desk(tmp_path / "ohm", profile, "ohm")


def test_board_load_move_and_undo(ohm: Desk, server: PracticeDatabase, portal: RunningSandbox) -> None:
    board = ohm.json("county", "board")
    assert board["total"] == 3
    first = board["cases"][0]
    assert first["points"] == 5
    assert first["office_id"] == "musterhausen"
    names = {"applicant", "name", "fields"}
    assert not names & set(first)
    (load,) = [each for each in ohm.json("county", "load") if each["office_id"] == "musterhausen"]
    assert load["open"] == 3
    reference = first["case_reference"]
    shown = ohm.json("county", "forward", reference, "--to", "nebenstadt", "--reason", "x", "--preview")
    assert shown["loads"] == {
        "musterhausen": {"before": 3, "after": 2},
        "nebenstadt": {"before": 0, "after": 1},
    }
    assert ohm.json("county", "board", "--lane", "forwarded")["total"] == 0
    assert ohm("county", "forward", reference, "--to", "nebenstadt").exit_code == 2
    moved = ohm.json("county", "forward", reference, "--to", "nebenstadt", "--reason", "dort zuständig")
    assert moved["moved"] == 1
    csv = ohm.home.parent / "board.csv"
    ohm.json("county", "board", "--lane", "forwarded", "--csv", str(csv))
    assert reference in csv.read_text("utf-8-sig")
    assert ohm.json("county", "undo")["undone"] == 1
    assert ohm.json("county", "board", "--lane", "forwarded")["total"] == 0
    assert ohm("county", "undo").exit_code != 0


def test_a_clerk_has_no_county(ohm: Desk, desk: MakeDesk) -> None:
    brand = Desk(ohm.home.parent / "brand", ohm.profile.with_name("x"), "brand")
    brand.profile = next(path for path in [*ohm.home.parent.rglob("team.toml")])
    assert brand.json("county", "board")["total"] == 0


def test_passwords_are_not_in_what_is_said(ohm: Desk) -> None:
    said = ohm("county", "board")
    assert PASSWORD not in said.out + said.err
