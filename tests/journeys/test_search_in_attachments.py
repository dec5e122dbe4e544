"""From the citizen's attachment to the clerk's search: words of a PDF find the case, on the command line."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from clerk_app.sandbox.server import RunningSandbox
from tests.journeys.conftest import Office


def test_words_of_attachments_find_their_case(portal: RunningSandbox, tmp_path: Path) -> None:
    office = Office(tmp_path / "home", portal.profiles[0])
    office.json("sync")

    def found(query: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = office.json("cases", "--query", query)
        return rows

    before = office.json("index", "--status")
    assert (before["read"], found("inhalt:mietvertrag")) == (0, [])
    assert before["wanted"] > 5
    assert "werden noch für die Suche gelesen" in office("index", "--status").out
    after = office.json("index")
    assert (after["wanted"], after["refused"]) == (0, 0)
    assert after["read"] + after["scans"] == before["wanted"]
    rents = found("inhalt:mietvertrag")
    assert rents
    assert {row["service"] for row in rents} == {"Wohngeld (Mietzuschuss)"}
    name = rents[0]["applicant"].partition(",")[0]
    assert found(f'{name} "1.234,56 €"')[0]["case_id"] == rents[0]["case_id"], "form and attachment together"
    assert len(found('inhalt:"gehört zu einer Übung"')) > len(rents)
    if shutil.which("tesseract") is not None or os.environ.get("CI") == "true":
        assert after["scans"] == 0
        assert found("inhalt:lichtbild"), "words in a photograph"
    else:
        assert "Texterkennung Tesseract ist nicht installiert" in office("index", "--status").out
    assert office.json("index") == after, "a second time there is nothing to do"

    said = office("cases", "--query", "frist:bald status:nue inhalt:mietvertrag")
    assert said.exit_code == 0
    assert "„frist:bald“ ist kein Tag." in said.err
    assert "Gemeint sein könnte „status:neu“." in said.err
    assert rents[0]["case_reference"] in said.out, "the rest of the search counts"
