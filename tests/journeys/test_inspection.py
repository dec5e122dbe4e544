"""File inspection: one PDF with everything in it, numbered, indexed, provable; and the case sheet."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2

from tests.journeys.conftest import Office


def _texts(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_range() for page in document]


def _manifest(path: Path) -> dict[str, Any]:
    with pikepdf.open(path) as document:
        found: dict[str, Any] = json.loads(document.attachments["manifest.json"].get_file().read_bytes())
        return found


def test_the_whole_file_in_one_document(office: Office, tmp_path: Path) -> None:
    office.json("sync")
    row = max(office.json("cases"), key=lambda each: len(office.json("case", each["case_id"])["attachments"]))
    case_id = row["case_id"]
    office.json("decide", case_id, "--outcome", "granted", "--now")
    office.json("sync")
    listed = office.json("inspection", case_id)["documents"]
    kinds = {each["kind"] for each in listed}
    assert {"application", "attachment", "metadata", "event-log", "issued"} <= kinds

    path = tmp_path / "akte.pdf"
    withheld = next(each["document_id"] for each in listed if each["kind"] == "attachment")
    made = office.json(
        "inspection", case_id, "--output", str(path), "--without", withheld,
        "--recipient", "Rechtsanwältin Łukasz", "--reason", "Widerspruch",
    )  # fmt: skip

    assert made["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    texts = _texts(path)
    assert len(texts) == made["sheets"]
    for sheet, text in enumerate(texts, 1):  # numbered, every one of them
        assert f"Blatt {sheet} von {made['sheets']}" in text
        assert row["case_reference"] in text
    index = "\n".join(texts[: made["documents"][0]["first_sheet"] - 1])
    assert "Rechtsanwältin Łukasz" in index
    assert "nicht vorgelegt" in index
    at = made["documents"][0]["first_sheet"]
    for each in made["documents"]:  # merged: one after the other, without a gap
        if each["withheld"] or each["enclosed_as"]:
            assert each["first_sheet"] is None
            continue
        assert each["first_sheet"] == at
        assert f"Dok. {each['number']} " in texts[at - 1]
        at = each["last_sheet"] + 1
    assert at == made["sheets"] + 1
    enclosed = {each["enclosed_as"]: each["sha256"] for each in made["documents"] if each["enclosed_as"]}
    assert len(enclosed) >= 3

    with pikepdf.open(path) as document:
        with document.open_outline() as outline:
            titles = [item.title for item in outline.root]
        assert titles[0] == "Verzeichnis"
        assert len(titles) == 1 + sum(each["first_sheet"] is not None for each in made["documents"])
        assert "/AcroForm" not in document.Root
        for name, digest in enclosed.items():
            content = document.attachments[name].get_file().read_bytes()
            assert hashlib.sha256(content).hexdigest() == digest
    manifest = _manifest(path)
    assert manifest["reason"] == "Widerspruch"
    for said, kept in zip(manifest["documents"], made["documents"], strict=True):
        assert (said["sha256"], said["first_sheet"]) == (kept["sha256"], kept["first_sheet"])
    shown = next(each for each in made["documents"] if each["kind"] == "attachment" and not each["withheld"])
    copy = tmp_path / "copy"
    attachment = next(
        each for each in office.json("case", case_id)["attachments"] if each["filename"] == shown["filename"]
    )
    office("attachment", case_id, attachment["id"], "--output", str(copy))
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == shown["sha256"]

    history = office.json("case", case_id)["history"]
    assert history[-1]["kind"] == "inspected"
    assert history[-1]["details"]["sha256"] == made["sha256"]


def test_an_unknown_document_is_named_and_nothing_is_written(office: Office, tmp_path: Path) -> None:
    office.json("sync")
    case_id = office.json("cases")[0]["case_id"]
    path = tmp_path / "akte.pdf"
    said = office("inspection", case_id, "--output", str(path), "--without", "nobody")
    assert said.exit_code == 2
    assert "nobody" in said.err
    assert not path.exists()

    sheet = tmp_path / "blatt.pdf"
    assert office("sheet", case_id, "--output", str(sheet)).exit_code == 0
    text = "".join(_texts(sheet))
    reference = office.json("case", case_id)["case_reference"]
    assert f"Vorgangsblatt {reference}" in text
    assert "Gedruckt am" in text
    with pikepdf.open(io.BytesIO(sheet.read_bytes())) as document:
        assert "/StructTreeRoot" in document.Root


def test_statistics_of_an_office_know_no_person(office: Office, tmp_path: Path) -> None:
    office.json("sync")
    path, paper = tmp_path / "zahlen.csv", tmp_path / "zahlen.pdf"
    found = office.json("statistics", "--csv", str(path), "--pdf", str(paper))
    cases = office.json("cases")
    assert (
        found["total"]["arrivals"] == len(cases) == sum(month["arrivals"] or 0 for month in found["months"])
    )
    assert {line["name"] for line in found["services"]} == {row["service"] for row in cases}
    written = path.read_text("utf-8-sig") + "".join(_texts(paper)) + json.dumps(found)
    for row in cases:
        assert row["applicant"].split(",")[0] not in written
    assert office("statistics", "--back", "-1").exit_code == 2
    assert office.json("statistics", "--back", "1")["total"]["arrivals"] == 0
