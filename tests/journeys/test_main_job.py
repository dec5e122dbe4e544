"""From the portal to the citizen and back, on the command line, over HTTP."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from clerk_app.domain.deadlines import office_day
from clerk_app.sandbox.server import RunningSandbox
from tests.journeys.conftest import Office, StartPortal


def filed(portal: RunningSandbox) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((portal.directory / "applications.json").read_text())
    return entries


def test_every_application_arrives_byte_true_with_its_attachments(
    office: Office, portal: RunningSandbox, tmp_path: Path
) -> None:
    summary = office.json("sync", "--once")
    rows = {row["case_id"]: row for row in office.json("cases")}
    mine = [entry for entry in filed(portal) if entry["caseId"] in rows]
    assert summary["received"] == len(rows) == len(mine) > 5

    for entry in mine[:6]:
        case = office.json("case", entry["caseId"])
        content = case["applications"][0]["content"]
        assert content["sha512"] == entry["dataSha512"]
        assert hashlib.sha512(content["text"].encode()).hexdigest() == entry["dataSha512"]
        assert case["fields"] == json.loads(content["text"])
        for attachment in case["attachments"]:
            target = tmp_path / "attachment"
            office.json("attachment", entry["caseId"], attachment["id"], "--output", str(target))
            assert hashlib.sha512(target.read_bytes()).hexdigest() == attachment["sha512"]


@pytest.mark.parametrize("channel", ["idBundDeMailbox", "fitConnect"])
def test_request_answer_decision_receipt(
    office: Office, portal: RunningSandbox, tmp_path: Path, channel: str
) -> None:
    office.json("sync")
    case_id = office.case_by(channel)["case_id"]
    request = office.json("request-documents", case_id, "--item", "Mietvertrag", "--now")
    assert request["channel"] == channel
    assert office.json("case", case_id)["status"] == "requested"

    summary = office.json("sync")
    assert (summary["sent"], summary["delivered"], summary["joined"]) == (1, 1, 1)
    answered = office.json("case", case_id)
    assert answered["status"] == "answered"
    assert len(answered["applications"]) == 2

    pdf = tmp_path / "bescheid.pdf"
    decision = office.json("decide", case_id, "--outcome", "granted", "--output", str(pdf), "--now")
    assert hashlib.sha256(pdf.read_bytes()).hexdigest() == decision["sha256"]
    assert office.json("verify", str(pdf))["verdict"] == "VALID"
    summary = office.json("sync")
    assert (summary["sent"], summary["delivered"], summary["waiting"]) == (1, 1, 0)

    entry = next(e for e in office.json("outbox") if e["entry_id"] == decision["entry_id"])
    assert entry["state"] == "DELIVERED"
    assert entry["receipt"]["event"].endswith(("accept-submission", "accept-reply"))
    assert office.json("case", case_id)["status"] == "closed"
    assert office.json("audit", "verify")["verified"] is True


@pytest.mark.parametrize("channel", ["eMail", None])
def test_without_an_electronic_way_the_letter_goes_to_the_post(office: Office, channel: str | None) -> None:
    office.json("sync")
    case_id = office.case_by(channel)["case_id"]
    decision = office.json("decide", case_id, "--outcome", "granted")
    assert (decision["channel"], decision["state"]) == (None, "TO_POST")

    assert office.json("sync")["sent"] == 0
    today = office_day(datetime.now(UTC))
    for wrong in (today + timedelta(days=1), today - timedelta(days=1)):
        assert office("outbox", "posted", decision["entry_id"], "--on", wrong.isoformat()).exit_code == 2
    assert office("outbox", "retry", decision["entry_id"], "--on", today.isoformat()).exit_code == 2
    posted = office.json("outbox", "posted", decision["entry_id"], "--on", today.isoformat())
    assert (posted["state"], posted["posted_on"]) == ("POSTED", today.isoformat())
    assert office.json("case", case_id)["status"] == "closed"
    assert office("outbox", "posted", decision["entry_id"]).exit_code == 5
    again = office("outbox", "posted", decision["entry_id"], "--on", today.isoformat())
    assert again.exit_code == 0
    assert "schon vermerkt" in again.out


def test_a_refusal_needs_reasons(office: Office) -> None:
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]

    said = office("decide", case_id, "--outcome", "refused", "--json")
    assert said.exit_code == 5
    assert said.document["error"]["code"] == "REASONS_MISSING"
    assert office.json("outbox") == []

    decided = office.json("decide", case_id, "--outcome", "refused", "--reasons", "Es fehlt an …")
    assert decided["state"] == "QUEUED"


def test_a_second_decision_is_refused_until_the_first_is_taken_back(office: Office) -> None:
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    first = office.json("decide", case_id, "--outcome", "granted")

    said = office("decide", case_id, "--outcome", "granted", "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (5, "CASE_ALREADY_DECIDED")
    assert office("request-documents", case_id, "--item", "x").exit_code == 5

    assert office.json("sync")["waiting"] == 1, "the take-back time holds it, even when asked to sync"
    withdrawn = office.json("outbox", "withdraw", first["entry_id"])
    assert withdrawn["state"] == "WITHDRAWN"
    assert office.json("case", case_id)["status"] in ("new", "in-review")
    assert office.json("decide", case_id, "--outcome", "granted", "--now")["state"] == "QUEUED"
    assert office.json("sync")["delivered"] == 1
    assert office("outbox", "withdraw", first["entry_id"]).exit_code == 5


def test_everything_works_unplugged_and_goes_out_later(
    office: Office, portal: RunningSandbox, tmp_path: Path
) -> None:
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    portal.unplug()
    office.json("request-documents", case_id, "--item", "Nachweis", "--now")
    said = office("sync", "--json")
    assert said.exit_code == 3
    assert said.document["error"]["code"] == "PORTAL_UNREACHABLE"
    assert said.document["waiting"] == 1
    assert said.err.startswith("PORTAL_UNREACHABLE: ")
    office.json("case", case_id)
    office.json("decide", case_id, "--outcome", "granted", "--now")
    assert office("sync").exit_code == 3

    portal.plug_in()
    summary = office.json("sync")
    assert (summary["sent"], summary["delivered"], summary["waiting"]) == (2, 2, 0)


@pytest.mark.parametrize(("authority", "profile"), [("bw", 0), ("sn", 1)])
def test_defective_submissions_are_rejected_or_shown_and_never_lost(
    start_portal: StartPortal, tmp_path: Path, authority: str, profile: int
) -> None:
    portal = start_portal(40, defective=12)
    office = Office(tmp_path / "home", portal.profiles[profile])
    summary = office.json("sync", "--once")
    mine = {entry["caseId"]: entry for entry in filed(portal) if entry["authority"] == authority}
    assert sum(summary[k] for k in ("received", "rejected", "quarantined", "joined")) == len(mine)
    assert summary["rejected"] > 0

    rows = {row["case_id"]: row for row in office.json("cases")}
    for case_id, entry in mine.items():
        row = rows.get(case_id)
        if entry["defect"] in (None, "unknown-schema"):
            assert row is not None, entry
            assert row["status"] == "new"
        else:
            assert row is None or row["status"] == "quarantined", entry
    again = office.json("sync", "--once")
    assert all(again[key] == 0 for key in ("received", "joined", "rejected", "quarantined"))


def test_the_home_remembers_its_profile_and_its_office(
    office: Office, portal: RunningSandbox, tmp_path: Path
) -> None:
    office.json("sync")
    assert office("cases", profile=False).exit_code == 0

    other = Office(office.home, portal.profiles[1])
    said = other("cases", "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (5, "PROFILE_OTHER_OFFICE")


def test_a_case_is_found_by_the_beginning_of_its_id_or_reference(office: Office) -> None:
    office.json("sync")
    row = office.json("cases", "--limit", "1")[0]

    assert office.json("case", row["case_id"][:8])["case_id"] == row["case_id"]
    assert office.json("case", row["case_reference"].lower())["case_id"] == row["case_id"]
    said = office("case", "00000000-nothing", "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (2, "CASE_UNKNOWN")
    assert office("attachment", row["case_id"], "nothing", "--output", "x").exit_code == 2
