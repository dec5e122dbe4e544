"""Letters that decide nothing, from the command line to the citizen's mailbox and back."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from clerk_app.sandbox.server import RunningSandbox
from tests.journeys.conftest import Office, StartPortal

SAID = "Nach dem Melderegister wohnen Sie nicht in der Zone."


def states(portal: RunningSandbox, case_id: str) -> list[str]:
    """What the citizen's account was told, oldest first."""
    filed = {entry.caseId: entry for entry in portal.filing.filed if entry.kind != "answer"}[case_id]
    assert filed.applicationId is not None
    return [state["status"] for state in portal.citizens.states(filed.applicationId)]


def messages(portal: RunningSandbox, case_id: str) -> list[Any]:
    """Messages in the citizen's mailbox, oldest first."""
    filed = {entry.caseId: entry for entry in portal.filing.filed if entry.kind != "answer"}[case_id]
    assert filed.mailboxUuid is not None
    return list(portal.citizens.mailbox(filed.mailboxUuid).messages)


def facts(pdf: bytes) -> dict[str, Any]:
    """The machine-readable form inside a letter."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        ((name, attached),) = document.attachments.items()
        assert name.endswith(".json")
        found: dict[str, Any] = json.loads(attached.get_file().read_bytes())
        return found


@pytest.mark.parametrize("authority", [0, 1], ids=["bw", "sn"])
def test_a_hearing_goes_out_is_answered_and_the_refusal_follows(
    portal: RunningSandbox, tmp_path: Path, authority: int
) -> None:
    office = Office(tmp_path / "home", portal.profiles[authority])
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    pdf = tmp_path / "anhoerung.pdf"
    hearing = office.json(
        "letter", case_id, "--kind", "hearing", "--text", SAID, "--output", str(pdf), "--now"
    )
    assert (hearing["kind"], hearing["channel"]) == ("hearing", "idBundDeMailbox")
    waiting = office.json("case", case_id)
    assert waiting["status"] == "requested"
    due = [each["due_on"] for each in waiting["deadlines"] if each["kind"] == "hearing"]
    assert due == [hearing["due_on"]]

    summary = office.json("sync")
    assert (summary["sent"], summary["delivered"], summary["joined"]) == (1, 1, 1)
    (message,) = messages(portal, case_id)
    assert SAID in message.content["content"]
    assert [file.content for file in message.files] == [pdf.read_bytes()]
    told = facts(pdf.read_bytes())
    assert (told["kind"], told["text"], told["dueOn"]) == ("hearing", [SAID], hearing["due_on"])
    assert states(portal, case_id) == ["ACTION_REQUIRED"]

    answered = office.json("case", case_id)
    assert answered["status"] == "answered"
    assert len(answered["applications"]) == 2
    queued = [event for event in answered["history"] if event["details"].get("letter") == "hearing"]
    assert queued[0]["kind"] == "queued"

    bescheid = tmp_path / "bescheid.pdf"
    decided = office.json(
        "decide", case_id, "--outcome", "refused", "--reasons", SAID, "--provision", "Auflage eins",
        "--fee", "Bearbeitung=12,50", "Auslagen=3", "--enclosure", "Merkblatt", "--output", str(bescheid),
        "--now",
    )  # fmt: skip
    told = facts(bescheid.read_bytes())
    assert (told["outcome"], told["provisions"], told["enclosures"]) == (
        "refused",
        ["Auflage eins"],
        ["Merkblatt"],
    )
    assert told["fees"]["sum"] == "15.50"
    assert office.json("verify", str(bescheid))["verdict"] == "VALID"
    assert office.json("sync")["delivered"] == 1
    assert states(portal, case_id) == ["ACTION_REQUIRED", "COMPLETED"]
    assert office.json("case", case_id)["status"] == "closed"
    assert decided["channel"] == "idBundDeMailbox"
    assert office.json("audit", "verify")["verified"] is True


def test_other_letters_tell_the_account_where_things_stand(office: Office, portal: RunningSandbox) -> None:
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    for kind, more in (
        ("receipt", ()),
        ("interim", ("--text", "Die Prüfung dauert noch.")),
        ("notification", ("--text", "Ein Vermerk.")),
        ("forwarding", ("--to", "Landratsamt Musterkreis, Kreisstraße 1, 70998 Kreisstadt")),
    ):
        sent = office.json("letter", case_id, "--kind", kind, *more, "--now")
        assert sent["state"] == "QUEUED", kind
    assert office.json("case", case_id)["status"] in ("new", "in-review"), "nothing was asked"
    summary = office.json("sync")

    assert (summary["delivered"], summary["joined"], summary["waiting"]) == (4, 0, 0)
    assert states(portal, case_id) == ["RECEIVED", "PROCESSING", "PROCESSING"]
    titles = [message.content["title"].partition(" zu ")[0] for message in messages(portal, case_id)]
    assert titles[:3] == ["Eingangsbestätigung", "Zwischennachricht", "Mitteilung"]
    assert titles[3].startswith("Abgabe Ihres Antrags")
    kinds = {document["kind"] for document in office.json("case", case_id)["documents"]}
    assert kinds == {"letter"}


def test_a_document_request_may_say_more_and_enclose_something(office: Office, tmp_path: Path) -> None:
    office.json("sync")
    case_id = office.case_by("fitConnect")["case_id"]
    more = ("--text", "Ein Foto genügt.", "--enclosure", "Vordruck")
    office.json("request-documents", case_id, "--item", "Foto", *more)
    (issued,) = office.json("case", case_id)["documents"]
    pdf = tmp_path / "request.pdf"
    office.json("attachment", case_id, issued["id"], "--output", str(pdf))
    told = facts(pdf.read_bytes())
    assert (told["items"], told["text"], told["enclosures"]) == (
        [{"text": "Foto"}],
        ["Ein Foto genügt."],
        ["Vordruck"],
    )


def test_through_a_reply_a_hearing_is_answered_too(office: Office) -> None:
    office.json("sync")
    case_id = office.case_by("fitConnect")["case_id"]
    office.json("letter", case_id, "--kind", "hearing", "--text", SAID, "--now")
    assert office.json("sync")["joined"] == 1
    assert office.json("case", case_id)["status"] == "answered"


def test_what_a_letter_lacks_is_told_with_a_way_out(office: Office) -> None:
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    for argv, code, exit_code in (
        (("--kind", "hearing"), "LETTER_INCOMPLETE", 5),
        (("--kind", "forwarding"), "LETTER_INCOMPLETE", 5),
        (("--kind", "receipt", "--due", "2099-01-01"), "DUE_NOT_MEANT", 2),
        (("--kind", "receipt", "--language", "hsb"), "LANGUAGE_NOT_OFFERED", 2),
        (("--kind", "hearing", "--text", "x", "--due", "2020-01-01"), "DUE_IN_PAST", 2),
    ):
        said = office("letter", case_id, *argv, "--json")
        assert (said.exit_code, said.document["error"]["code"]) == (exit_code, code), argv
    assert office.json("outbox") == []


def test_in_saxony_a_letter_may_speak_sorbian(portal: RunningSandbox, tmp_path: Path) -> None:
    office = Office(tmp_path / "home", portal.profiles[1])
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    pdf = tmp_path / "brief.pdf"
    office.json("letter", case_id, "--kind", "receipt", "--language", "hsb", "--output", str(pdf), "--now")
    office.json("sync")
    assert facts(pdf.read_bytes())["languages"] == ["de", "hsb"]
    (message,) = messages(portal, case_id)
    assert "Dobry dźeń" in message.content["content"]


def test_a_refusal_without_a_hearing_is_kept_with_its_reason(
    start_portal: StartPortal, tmp_path: Path
) -> None:
    office = Office(tmp_path / "home", start_portal(8, defective=0).profiles[0])
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    office.json(
        "decide", case_id, "--outcome", "refused", "--reasons", "Weil.", "--no-hearing", "Gefahr im Verzug"
    )
    kept = [e for e in office.json("case", case_id)["history"] if e["kind"] == "hearing-waived"]
    assert [event["details"]["reason"] for event in kept] == ["Gefahr im Verzug"]


def test_what_the_window_warns_of_is_said_on_the_command_line(office: Office) -> None:
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    office.json("letter", case_id, "--kind", "hearing", "--text", SAID)
    refused = ("decide", case_id, "--outcome", "refused", "--reasons", SAID)
    decided = office.json(*refused)
    assert decided["warnings"] == ["hearing-open"], "the applicant may still answer"
    office.json("outbox", "withdraw", decided["entry_id"])

    said = office(*refused).out
    assert "Die Anhörung läuft noch bis" in said
    assert "Postfach im Nutzerkonto" in said, "a way is said in words"
    listed = office("outbox").out
    assert "idBundDeMailbox" not in listed
    assert "Statusmeldung" in listed
