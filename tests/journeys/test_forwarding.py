"""Not competent here, from the command line: the citizen reads it, the papers are ready for the other."""

from __future__ import annotations

import hashlib
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clerk_app.sandbox.server import RunningSandbox
from tests.efile.reading import read_package
from tests.journeys.conftest import Office
from tests.journeys.test_letters import facts, messages, states

REASON = "Die Wohnung liegt nicht in unserem Gebiet."


def directory(profile: Path) -> list[dict[str, Any]]:
    """Authorities the office of this profile knows."""
    named = tomllib.loads(profile.read_text())["authority"]["parameters"]
    found: list[dict[str, Any]] = tomllib.loads((profile.parent / named).read_text())["directory"]
    return found


def pdf_text(content: bytes, tmp_path: Path) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


@pytest.mark.parametrize("authority", [0, 1], ids=["bw", "sn"])
def test_the_citizen_reads_where_it_went_and_from_which_day_it_counts(
    portal: RunningSandbox, tmp_path: Path, shared_dir: Path, authority: int
) -> None:
    profile = portal.profiles[authority]
    office = Office(tmp_path / "home", profile)
    office.json("sync")
    case = office.case_by("idBundDeMailbox")
    case_id = case["case_id"]
    other = directory(profile)[0]
    found = office.json("competence", case_id)
    assert (found["case_id"], found["forwarded"]) == (case_id, None)
    assert found["place"], "the form says where"

    folder = tmp_path / "abgabe"
    folder.mkdir()
    told = office.json(
        "forward", case_id, "--to", other["ars"], "--reason", REASON, "--output", str(folder), "--now"
    )
    first_on = date.fromisoformat(told["first_received_on"])
    assert told["authority"]["ars"] == other["ars"]
    assert (told["channel"], told["state"]) == ("idBundDeMailbox", "QUEUED")
    assert office.json("sync")["delivered"] == 1

    (message,) = messages(portal, case_id)
    assert told["authority"]["name"] in message.content["content"]
    assert REASON in message.content["content"]
    assert f"{first_on.day}.\xa0" in message.content["content"]
    (file,) = message.files
    inside = facts(file.content)
    assert inside["kind"] == "forwardingNotice"
    assert inside["firstReceivedOn"] == told["first_received_on"]
    fiction = "Ersten Buches Sozialgesetzbuch" in message.content["content"]
    assert fiction is (inside["procedureLaw"] == "SGB X"), "said only where the law says so"
    assert states(portal, case_id) == ["PROCESSING"]

    after = office.json("case", case_id)
    assert (after["status"], after["due_on"]) == ("forwarded", None)
    assert after["forwarded"]["authority"] == told["authority"]["name"]
    assert after["forwarded"]["handed_over_at"] is not None
    assert [row["case_id"] for row in office.json("cases", "--query", "status:abgegeben")] == [case_id]
    assert office("request-documents", case_id, "--item", "x", "--json").exit_code == 5

    path = Path(told["package"]["path"])
    assert path.parent == folder.resolve()
    assert sorted(each.name for each in folder.iterdir()) == sorted(
        [told["package"]["name"], Path(told["package"]["cover"]).name]
    )
    package = read_package(path, shared_dir)
    assert package.texts("x:Kopf/x:Empfaenger/x:Institution/x:Name") == [told["authority"]["name"]]
    cover = Path(told["package"]["cover"]).read_bytes()
    assert cover in package.files.values(), "the cover letter goes along in the package"
    text = re.sub(r"\s+", "", pdf_text(cover, tmp_path))
    for content in package.files.values():
        digest = hashlib.sha256(content).hexdigest()
        own = content == cover or b"xdomea:Abgabe.Abgabe.0401" in content[:200]
        assert own or digest in text, "every document is named with its digest"
    for words in (case["case_reference"], f"{first_on:%d.%m.%Y}", REASON.replace(" ", "")):
        assert words in text
    assert office.json("audit", "verify")["verified"] is True


def test_taking_back_and_handing_over_later(office: Office, portal: RunningSandbox, tmp_path: Path) -> None:
    office.json("sync")
    case = office.case_by("idBundDeMailbox")
    case_id = case["case_id"]
    address = ("--address", "Amt Anderswo", "Weg 1", "01067 Dresden")
    told = office.json("forward", case_id, *address, "--reason", REASON, "--first-received", "2020-01-02")
    assert (told["first_received_on"], told["package"]) == ("2020-01-02", None)
    reminders = [each for each in office.json("case", case_id)["deadlines"] if each["kind"] == "follow-up"]
    assert len(reminders) == 1
    assert "Amt Anderswo" in reminders[0]["text"]

    office.json("outbox", "withdraw", told["entry_id"])
    back = office.json("case", case_id)
    assert (back["status"], back["forwarded"]) == ("new", None)
    assert back["due_on"] == case["due_on"]
    assert office("hand-over", case_id, "--done").exit_code == 5

    office.json("forward", case_id, *address, "--reason", REASON, "--now")
    target = tmp_path / "paket.zip"
    written = office.json("hand-over", case_id, "--output", str(target))
    assert Path(written["package"]["path"]) == target.resolve()
    assert target.stat().st_size == written["package"]["size"]
    done = office.json("case", case_id)
    assert [each for each in done["deadlines"] if each["kind"] == "follow-up"] == []
    assert office("hand-over", case_id, "--done").exit_code == 0
    assert office.json("audit", "verify")["verified"] is True


def test_what_is_missing_is_told_before_anything_is_done(office: Office, tmp_path: Path) -> None:
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    amt = ("--address", "Amt", "--reason", REASON)
    for argv, code, exit_code in (
        (("--reason", REASON), "FORWARD_TARGET_MISSING", 2),
        (("--to", "Nirgendwo", "--reason", REASON), "FORWARD_TARGET_UNKNOWN", 2),
        (("--address", "Amt", "--reason", " "), "FORWARD_REASON_MISSING", 2),
        ((*amt, "--to", "Amt"), "USAGE", 2),
        (
            ("--address", "Amt", "--reason", REASON, "--first-received", "2099-01-01"),
            "FIRST_RECEIVED_WRONG",
            2,
        ),
        ((*amt, "--output", "/nirgends/x.zip"), "OUTPUT_NOT_WRITABLE", 2),
    ):
        said = office("forward", case_id, *argv)
        assert (said.err.split()[0].rstrip(":"), said.exit_code) == (code, exit_code), said.err
    assert office.json("case", case_id)["status"] == "new"
    plain = office("competence", case_id)
    assert plain.out.startswith("Zuständig: ")
