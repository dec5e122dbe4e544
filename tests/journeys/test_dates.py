"""Deadlines, follow-ups and the log of a day on the command line, over HTTP and a store on disk."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pikepdf

from clerk_app.domain.deadlines import office_day
from clerk_app.system.clock import SystemClock
from tests.journeys.conftest import Office


def today() -> date:
    return office_day(SystemClock().now())


def test_a_clerk_keeps_dates_and_prints_the_log_of_the_day(office: Office, tmp_path: Path) -> None:
    office.json("sync")
    arrived = office.case_by(None)
    case_id = arrived["case_id"]
    soon = (today() + timedelta(days=3)).isoformat()

    made = office.json("follow-up", case_id, "--on", soon, "--text", "anrufen")
    assert (made["kind"], made["on"], made["text"]) == ("follow-up", soon, "anrufen")
    shown = office.json("case", case_id)
    assert shown["due_on"] == arrived["due_on"] != soon, "a reminder is no deadline"
    assert (shown["remind_on"], shown["remind_kind"]) == (soon, "follow-up")
    due = office.json("deadlines")
    assert [(each["case_id"], each["due_on"]) for each in due if each["kind"] == "follow-up"] == [
        (case_id, soon)
    ]
    moved = (today() + timedelta(days=4)).isoformat()
    office.json("date", case_id, "--kind", "follow-up", "--on", moved, "--change", made["date_id"])
    office.json("date", case_id, "--done", made["date_id"])
    assert "follow-up" not in {each["kind"] for each in office.json("deadlines", "--until", moved)}

    entry = office.json("decide", case_id, "--outcome", "granted", "--now")["entry_id"]
    said = office("date", case_id, "--kind", "received", "--on", today().isoformat())
    assert (said.exit_code, "NOTHING_SENT" in said.err) == (5, True)
    office.json("outbox", "posted", entry)
    office.json("date", case_id, "--kind", "received", "--on", today().isoformat(), "--text", "Bote")
    shown = office.json("deadlines", case_id)
    assert [each["kind"] for each in shown["deadlines"]][:1] == ["notification"]
    assert shown["deadlines"][0]["derivation"].startswith("zur Post ")
    assert {each["kind"] for each in shown["dates"]} == {"follow-up", "received"}

    target = tmp_path / "fristen.pdf"
    log = office.json("dates", "--output", str(target))
    entered = [
        (line["what"], line["old"], line["new"]) for line in log["lines"] if line["case_id"] == case_id
    ]
    assert ("follow-up", None, soon) in entered
    assert ("follow-up", soon, moved) in entered
    assert ("received", None, today().isoformat()) in entered
    assert any(what == "notification" for what, _old, _new in entered)
    with pikepdf.open(target) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.docinfo["/Title"]).startswith("Fristenbuch vom ")
    assert "Fristenbuch" not in office("dates", "--day", "2020-01-02").out


def test_wrong_days_are_told_with_what_is_possible(office: Office) -> None:
    office.json("sync")
    case_id = office.case_by(None)["case_id"]
    for argv, code, exit_code in (
        (("follow-up", case_id, "--on", "2020-01-02"), "DUE_IN_PAST", 2),
        (("follow-up", "no-such", "--on", "2099-01-02"), "CASE_UNKNOWN", 2),
        (("follow-up", case_id, "--on", "31.02.2099"), "USAGE", 2),
        (("date", case_id, "--kind", "manual", "--on", "2099-01-02"), "DATE_REASON_MISSING", 2),
        (("date", case_id, "--kind", "complete", "--on", "2020-01-02"), "DATE_IMPOSSIBLE", 2),
        (("date", case_id, "--kind", "extension", "--on", "2099-01-02", "--text", "x"), "NO_FICTION", 5),
        (("date", case_id, "--kind", "manual"), "USAGE", 2),
        (("date", case_id, "--done", "no-such"), "DATE_UNKNOWN", 2),
        (("date", case_id), "USAGE", 2),
    ):
        said = office(*argv)
        assert said.exit_code == exit_code, argv
        assert said.err.startswith(code), argv
    assert office.json("deadlines", case_id)["dates"] == []
