"""The gap letter between an office and a citizen who answers in parts, in both Länder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clerk_app.sandbox.server import RunningSandbox
from tests.journeys.conftest import Office

ITEMS = ("Foto des Hauses", "Kopie des Kaufvertrags", "Bestätigung der Bank")


def states(office: Office, case_id: str) -> dict[str, str]:
    return {item["text"]: item["state"] for item in office.json("gaps", case_id)["items"]}


def missing(office: Office, case_id: str) -> list[str]:
    return [item["text"] for item in office.json("gaps", case_id)["items"] if item["open"]]


@pytest.mark.parametrize("authority", [0, 1], ids=["bw", "sn"])
def test_three_of_four_are_ticked_off_and_the_next_letter_names_the_fourth(
    portal: RunningSandbox, tmp_path: Path, authority: int
) -> None:
    office = Office(tmp_path / "home", portal.profiles[authority])
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    wanted = [*missing(office, case_id), *ITEMS]
    portal.switch_fault("partial-answer:1")

    first = office.json("request-documents", case_id, "--missing", "--item", *ITEMS, "--now")
    assert first["items"] == wanted, "everything in one letter"
    asked: dict[str, Any] = office.json("case", case_id)["gaps"]
    assert {item["state"] for item in asked["items"] if item["text"] in wanted} == {"asked"}
    (pause,) = asked["pauses"]
    assert (pause["until"], pause["requests"], asked["waiting"]) == (None, [first["entry_id"]], True)
    assert "Frist ruht seit" in office("deadlines", case_id).out

    assert office.json("sync")["joined"] == 1
    assert missing(office, case_id) == wanted[-1:], "what the citizen left out"
    (left,) = (item for item in office.json("gaps", case_id)["items"] if item["open"])
    assert left["left_out"]
    assert not office.json("case", case_id)["gaps"]["waiting"]
    assert "Frist ruht seit" not in office("deadlines", case_id).out

    second = office.json("request-documents", case_id, "--missing", "--now")
    assert second["items"] == wanted[-1:]
    assert office.json("sync")["joined"] == 1
    filed = next(entry for entry in portal.filing.filed if entry.caseId == case_id and entry.kind != "answer")
    assert filed.mailboxUuid is not None
    message = portal.citizens.mailbox(filed.mailboxUuid).messages[-1].content
    assert "Erinnerung: " in message["title"]
    assert "Erhalten haben wir:" in message["content"]
    assert all(f". {text}" in message["content"] for text in wanted[:-1])

    found = office.json("gaps", case_id)
    assert (found["missing"], found["loose"]) == (0, [])
    assert "Es fehlt nichts." in office("gaps", case_id).out
    assert len(found["pauses"]) <= 1, "asked and answered on one day: no day to add"


def test_a_clerk_ticks_waives_and_takes_back_on_the_command_line(
    portal: RunningSandbox, tmp_path: Path
) -> None:
    office = Office(tmp_path / "home", portal.profiles[0])
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    office.json("request-documents", case_id, "--item", *ITEMS)
    keys = {item["text"]: item["key"] for item in office.json("gaps", case_id)["items"]}

    office.json("gaps", case_id, "--settle", keys[ITEMS[0]])
    refused = office("gaps", case_id, "--waive", keys[ITEMS[1]])
    assert (refused.exit_code, refused.err.partition(":")[0]) == (2, "GAP_REASON_MISSING")
    office.json("gaps", case_id, "--waive", keys[ITEMS[1]], "--reason", "nicht nötig")
    found = states(office, case_id)
    assert [found[text] for text in ITEMS] == ["settled", "waived", "asked"]

    office.json("gaps", case_id, "--reopen", keys[ITEMS[0]])
    assert states(office, case_id)[ITEMS[0]] == "asked"
    unknown = office("gaps", case_id, "--settle", "nichts")
    assert (unknown.exit_code, unknown.err.partition(":")[0]) == (2, "GAP_UNKNOWN")
    kinds = [event["kind"] for event in office.json("case", case_id)["history"]]
    assert kinds.count("gap-settled") == 3
    assert office.json("audit", "verify")["verified"]


def without_identity(office: Office) -> str:
    """A new case with a mailbox to which nobody attached an identity document."""
    rows = office.json("cases", "--status", "new")
    for row in rows:
        if row["channel"] == "idBundDeMailbox":
            attached = office.json("case", row["case_id"])["attachments"]
            if not any("ausweis" in f"{each['filename']} {each['description']}".lower() for each in attached):
                return str(row["case_id"])
    raise AssertionError("the practice portal filed none")


def test_what_a_clerk_calls_by_its_name_is_that_and_is_not_asked_for_twice_unawares(
    portal: RunningSandbox, tmp_path: Path
) -> None:
    office = Office(tmp_path / "home", portal.profiles[0])
    office.json("sync")
    case_id = without_identity(office)
    first = office.json("request-documents", case_id, "--item", " ausweiskopie", "Vollmacht")
    known = {item["key"]: item for item in office.json("gaps", case_id)["items"]}
    assert {known[key]["origin"] for key in ("identity", "authorisation")} == {"evidence"}
    assert (first["warnings"], first["items"][0]) == ([], known["identity"]["text"])

    office.json("request-documents", case_id, "--missing", "--item", "Foto")
    again = office("request-documents", case_id, "--missing")
    assert (again.exit_code, again.err.partition(":")[0]) == (5, "ALREADY_ASKED")
    assert "--again" in again.err
    assert known.keys() <= {item["key"] for item in office.json("case", case_id)["gaps"]["items"]}
    office.json("request-documents", case_id, "--missing", "--again")

    office.json("gaps", case_id, "--settle", "identity")
    there = office.json("request-documents", case_id, "--item", "identity")
    assert there["warnings"] == ["already-here"]
    assert [(each["key"], each["state"]) for each in there["already_here"]] == [("identity", "settled")]
    office.json("gaps", case_id, "--settle", "authorisation")
    assert (
        "„Vollmacht“ wird noch einmal verlangt"
        in office("request-documents", case_id, "--item", "vollmacht").out
    )
