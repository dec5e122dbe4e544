"""The signature folder and the four-eyes rule on the command line, with two accounts on one home."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.conftest import Office, StartPortal

As = Callable[[str], None]


@pytest.fixture
def as_(monkeypatch: pytest.MonkeyPatch) -> As:
    return lambda name: monkeypatch.setenv("LOGNAME", name)


def references(office: Office, number: int) -> list[str]:
    office.json("sync", "--once")
    return [row["case_reference"] for row in office.json("cases", "--status", "new")[:number]]


def test_many_decisions_are_looked_at_and_signed_in_one_go(start_portal: StartPortal, tmp_path: Path) -> None:
    office = Office(tmp_path / "home", start_portal(6, defective=0).profiles[0])
    first, second, third = references(office, 3)
    assert office.json("folder") == []
    empty = office("folder", "sign", "--all")
    assert (empty.exit_code, empty.out.strip()) == (0, "Die Unterschriftsmappe ist leer.")

    laid = [office.json("folder", "add", case, "--outcome", "granted") for case in (first, second)]
    assert [each["place"] for each in laid] == ["folder", "folder"]
    again = office("folder", "add", first, "--outcome", "granted", "--json")
    assert (again.exit_code, again.document["error"]["code"]) == (5, "DRAFT_ALREADY_WAITING")
    bare = office("folder", "add", third, "--outcome", "refused", "--json")
    assert (bare.exit_code, bare.document["error"]["code"]) == (5, "REASONS_MISSING")

    unseen = office("folder", "sign", "--all", "--json")
    assert unseen.exit_code == 5
    assert [each["code"] for each in unseen.document["results"]] == ["DRAFT_NOT_SEEN"] * 2

    paper = tmp_path / "paper.pdf"
    shown = office.json("folder", "seen", laid[0]["draft_id"][:8], "--output", str(paper))
    assert shown["sha256"] == laid[0]["sha256"]
    assert paper.read_bytes().startswith(b"%PDF")
    assert "folder seen" in office("folder", "sign", second).out, "what now"
    assert office.json("folder", "seen", second)["text"]

    done = office("folder", "sign", "--all", "--now", "--json")
    assert done.exit_code == 0, done.err
    assert [each["state"] for each in done.document["results"]] == ["signed", "signed"]
    assert done.document["rest"] == []
    assert office.json("folder") == []
    assert office.json("audit", "verify")["verified"]
    assert office("folder", "sign").exit_code == 2, "neither names nor --all"
    assert office("folder", "seen", "nothing").exit_code == 2

    draft_id = office.json("folder", "add", third, "--outcome", "granted")["draft_id"]
    assert office.json("folder", "remove", draft_id)["problem"] == "taken-out"
    kinds = [event["kind"] for event in office.json("case", third)["history"]]
    assert kinds[-3:] == ["drafted", "folder-added", "draft-given-back"]


def test_four_eyes_are_two_accounts(start_portal: StartPortal, tmp_path: Path, as_: As) -> None:
    profile = start_portal(4, defective=0).profiles[0]
    profile.write_text(f"{profile.read_text('utf-8')}\n[review]\nfour_eyes = true\n", "utf-8")
    office = Office(tmp_path / "home", profile)
    as_("anna")
    case, other = references(office, 2)
    alone = office("decide", case, "--outcome", "granted")
    assert (alone.exit_code, alone.err.split(":")[0]) == (5, "REVIEW_MISSING")
    assert "review submit" in alone.err, "says what now"
    assert office("folder", "add", case, "--outcome", "granted").exit_code == 5

    draft_id = office.json("review", "submit", case, "--outcome", "granted")["draft_id"]
    office.json("folder", "seen", draft_id)
    own = office("review", "release", draft_id, "--json")
    assert (own.exit_code, own.document["error"]["code"]) == (5, "REVIEW_OWN_DRAFT")

    as_("bert")
    (waiting,) = office.json("review")
    assert (waiting["created_by"], waiting["why_not_release"]) == ("anna", "DRAFT_NOT_SEEN")
    assert office("review", "release", draft_id).exit_code == 5, "not looked at"
    office.json("folder", "seen", draft_id)
    assert office.json("review", "release", draft_id)["released_by"] == "bert"

    as_("anna")
    assert [each["draft_id"] for each in office.json("folder")] == [draft_id]
    assert office("folder", "sign", draft_id).exit_code == 0
    assert office.json("outbox")[-1]["entry_id"] == draft_id

    second = office.json("review", "submit", other, "--outcome", "granted")["draft_id"]
    as_("bert")
    assert office("review", "return", second, "--reason", " ").exit_code == 2
    assert office.json("review", "return", second, "--reason", "Gebühr?")["remark"] == "Gebühr?"
    assert office.json("review") == []
