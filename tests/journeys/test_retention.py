"""The end of a file's life on the command line: told, offered, and never early."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from clerk_app.domain.deadlines import office_day
from tests.journeys.conftest import Office


def test_a_closed_case_says_how_long_it_is_kept_and_is_not_destroyed_before(
    office: Office, tmp_path: Path
) -> None:
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    assert office.json("retention", "list", "--all") == []
    office.json("decide", case_id, "--outcome", "granted", "--now")
    office.json("sync")

    (line,) = office.json("retention", "list", "--all")
    today = office_day(datetime.now(UTC))
    years = int(line["retention"].split("-")[1])
    assert (line["case_id"], line["offered_at"]) == (case_id, None)
    assert line["until"] == f"{today.year + years}-12-31"
    assert office.json("retention", "list") == []

    package = tmp_path / "archiv.zip"
    said = office("retention", "offer", "--xdomea", str(package), "--recipient", "Landesarchiv", "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (5, "RETENTION_NONE")
    assert not package.exists()

    assert office("retention", "destroy", case_id).exit_code == 2, "the archive must have answered"
    said = office("retention", "destroy", case_id, "--archive-has-answered", "--json")
    assert said.exit_code == 5
    assert said.document["left"] == [{"case_id": case_id, "reason": "not-due"}]
    assert office.json("case", case_id)["status"] == "closed"
    assert office.json("audit", "verify")["verified"] is True
