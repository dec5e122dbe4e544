"""Somebody files twice: the clerk is told why, and nobody else ever is."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from clerk_app.sandbox.generator.names import People, Person
from tests.journeys.conftest import Office, StartPortal


@pytest.fixture
def office(start_portal: StartPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office in whose post six applications of one person lie, and three of others."""
    portal = start_portal(0)
    portal.file_applications(3, defective=0, authority="bw")
    drawn: list[Person] = []
    draw = People.draw

    def same(people: People, *where: Any) -> Person:
        if not drawn:
            drawn.append(draw(people, *where))
        return drawn[0]

    monkeypatch.setattr(People, "draw", same)
    portal.file_applications(6, defective=0, authority="bw")
    made = Office(tmp_path / "home", portal.profiles[0])
    made.json("sync")
    return made


def of_one_person(office: Office) -> list[dict[str, Any]]:
    """The cases of whoever filed most."""
    rows = office.json("cases")
    names = [row["applicant"] for row in rows]
    most = max(names, key=names.count)
    return [row for row in rows if row["applicant"] == most]


def test_a_person_who_files_again_is_found_with_the_reason(office: Office) -> None:
    rows = of_one_person(office)
    assert len(rows) == 6
    found = office.json("related", rows[0]["case_reference"])
    assert found["complete"] is True
    others = {case["case_id"]: case for case in found["cases"]}
    assert {row["case_id"] for row in rows[1:]} <= set(others)
    for row in rows[1:]:
        reasons = {reason["kind"]: reason for reason in others[row["case_id"]]["relations"]}
        assert reasons["same-address"]["text"].startswith("gleiche Anschrift: ")
        assert reasons.keys() & {"same-person", "same-name"}
    assert {k: v for k, v in found.items() if k != "case_id"} == office.json("case", rows[0]["case_id"])[
        "related"
    ]

    pairs = office.json("related", "--all")
    told = {frozenset(case["case_id"] for case in pair["cases"]) for pair in pairs["pairs"]}
    services = [row["service"] for row in rows]
    twice = [row["case_id"] for row in rows if services.count(row["service"]) > 1]
    assert pairs["total"] == len(told) > 0
    assert set(twice) <= {case_id for pair in told for case_id in pair}
    assert rows[0]["case_reference"] in office("related", rows[1]["case_id"]).out
    assert "Warum" in office("related", "--all", "--limit", "1").out


def test_the_command_wants_a_case_or_all(office: Office) -> None:
    assert office("related").exit_code == 2
    assert office("related", "--all", "2026-XXXX").exit_code == 2
    assert office("related", "2026-XXXX").exit_code == 2


def test_nothing_of_it_leaves_the_office(office: Office, tmp_path: Path) -> None:
    """Letters, what waits in the outbox, the e-file, the proof and the self-check name no other case."""
    rows = of_one_person(office)
    case_id = rows[0]["case_id"]
    others = [row["case_id"] for row in rows[1:]] + [row["case_reference"] for row in rows[1:]]
    office.json("request-documents", case_id, "--item", "Mietvertrag", "--now")
    office.json("sync")
    path = str(tmp_path / "bescheid.pdf")
    decided = office.json("decide", case_id, "--outcome", "granted", "--output", path, "--now")
    office.json("sync")
    if decided["state"] == "TO_POST":
        office.json("outbox", "posted", decided["entry_id"])
    office.json("export", case_id, "--xdomea", str(tmp_path / "akte.zip"))
    office.json("proof", case_id, "--output", str(tmp_path / "nachweis.zip"))
    said = [str(office("doctor", "--json").document), str(office.json("outbox"))]
    left = b"\n".join(
        [
            *(text.encode() for text in said),
            *(content for path in tmp_path.glob("*.*") for content in opened(path)),
        ]
    )
    assert case_id.encode() in left  # what is looked at does hold this case
    for other in others:
        assert other.encode() not in left
    for word in (
        b"same-person",
        b"same-address",
        b"related",
        b"gleiche Anschrift",
        b"possibly_double",
    ):
        assert word not in left


def opened(path: Path) -> list[bytes]:
    """A file's bytes, and what it holds packed: members of a package, streams and attachments of a PDF."""
    content = path.read_bytes()
    found = [content]
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for name in package.namelist():
                inside = package.read(name)
                found += [name.encode(), inside, *(streams(inside) if inside.startswith(b"%PDF-") else ())]
    elif content.startswith(b"%PDF-"):
        found += streams(content)
    return found


def streams(pdf: bytes) -> list[bytes]:
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [each.read_bytes() for each in document.objects if isinstance(each, pikepdf.Stream)]
