"""Cases leave as an e-file: valid, complete, byte for byte."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from clerk_app.sandbox.server import RunningSandbox
from tests.efile.reading import X, read_package
from tests.journeys.conftest import Office


def decided(office: Office, channel: str | None, outcome: str = "granted") -> dict[str, Any]:
    """A case with a document request, its answer where there is one, and a decision."""
    case_id = office.case_by(channel)["case_id"]
    office.json("request-documents", case_id, "--item", "Mietvertrag & <Plan>", "--now")
    office.json("sync")
    office.json("decide", case_id, "--outcome", outcome, "--reasons", "Es fehlt an …", "--now")
    office.json("sync")
    found: dict[str, Any] = office.json("case", case_id)
    return found


@pytest.mark.parametrize("profile", [0, 1])
def test_one_case_with_everything_in_it(
    portal: RunningSandbox, tmp_path: Path, shared_dir: Path, profile: int
) -> None:
    office = Office(tmp_path / "home", portal.profiles[profile])
    office.json("sync")
    case = decided(office, "idBundDeMailbox")
    target = tmp_path / "akte.zip"

    said = office.json(
        "export", case["case_reference"], "--xdomea", str(target), "--recipient", "Landesarchiv"
    )
    assert [each["case_id"] for each in said["cases"]] == [case["case_id"]]
    assert (said["left_out"], said["size"]) == ([], target.stat().st_size)
    assert said["name"] == f"{said['process_id']}_Abgabe.Abgabe.0401.zip"
    package = read_package(target, shared_dir)
    assert said["cases"][0]["documents"] == len(package.files) - 1

    assert package.texts("x:Schriftgutobjekt/x:Vorgang/x:Identifikation/x:ID") == [case["case_id"]]
    assert package.texts(".//x:Vorgang/x:AllgemeineMetadaten/x:Kennzeichen") == [case["case_reference"]]
    assert package.texts("x:Kopf/x:Empfaenger/x:Institution/x:Name") == ["Landesarchiv"]
    assert package.texts(".//x:Vorgang/x:ZdA") == ["1"]
    digests = {hashlib.sha512(content).hexdigest() for content in package.files.values()}
    assert {each["content"]["sha512"] for each in case["applications"]} <= digests
    assert {each["sha512"] for each in case["attachments"]} <= digests
    digests256 = {hashlib.sha256(content).hexdigest() for content in package.files.values()}
    assert {each["sha256"] for each in case["documents"]} <= digests256

    kinds = package.texts(".//x:Vorgang/x:Dokument/x:Typ")
    assert kinds == ["Antrag", "Nachreichung", "Nachforderung", "Bescheid"]
    notice = package.root.findall(f".//{X}Vorgang/{X}Dokument")[-1]
    assert notice.findtext(f".//{X}Format/{X}Name/code") == "044"
    assert notice.findtext(f".//{X}Format/{X}Version") == "PDF/A-3a"
    assert notice.findtext(f".//{X}SignaturSiegelEingebettet") == "1"
    assert notice.findtext(f"{X}AllgemeineMetadaten/{X}Bemerkung") == "zugestellt"
    assert notice.findtext(f"{X}Postausgangsdatum")
    receipt = json.loads(package.file_of("Quittung des Zustelldienstes"))
    assert receipt["token"] in receipt["log"]["tokens"]
    actions = package.texts(".//x:HistorienProtokollInformation/x:Aktion")
    assert len(actions) == len(case["history"])
    assert "Bescheid: zugestellt" in actions

    history = office.json("case", case["case_id"])["history"]
    assert history[-1]["kind"] == "exported"
    assert history[-1]["details"]["process_id"] == said["process_id"]
    assert office.json("audit", "verify")["verified"] is True


def test_a_selection_goes_on_where_one_case_cannot(office: Office, tmp_path: Path, shared_dir: Path) -> None:
    office.json("sync")
    rows = office.json("cases")
    unreadable = [rows[2]["case_id"]]
    (envelope,) = (office.home / "documents" / unreadable[0]).glob("*.accepted")
    damaged = bytearray(envelope.read_bytes())
    damaged[-1] ^= 1
    envelope.write_bytes(damaged)
    target = tmp_path / "alle.zip"

    said = office("export", *[row["case_id"] for row in rows], "--xdomea", str(target), "--json")
    assert said.exit_code == 5
    assert [each["case_id"] for each in said.document["left_out"]] == unreadable
    assert {each["code"] for each in said.document["left_out"]} == {"DOCUMENT_DAMAGED"}
    assert said.err.splitlines()[0] == f"1/{len(rows)} {rows[0]['case_reference']}"
    package = read_package(target, shared_dir)
    assert len(package.texts("x:Schriftgutobjekt/x:Vorgang/x:Laufzeit/x:Beginn")) == len(rows) - len(
        unreadable
    )

    query = rows[0]["case_reference"]
    some = office.json("export", "--query", query, "--status", "new", "--xdomea", str(target))
    assert [each["case_id"] for each in some["cases"]] == [rows[0]["case_id"]]
    read_package(target, shared_dir)

    before = target.read_bytes()
    said = office("export", unreadable[0], "--xdomea", str(target), "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (6, "DOCUMENT_DAMAGED")
    said = office("export", "--query", "gibtesnicht", "--xdomea", str(target), "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (5, "EXPORT_EMPTY")
    assert target.read_bytes() == before, "a file is written whole or not at all"
    assert not list(tmp_path.glob(".clerk-*"))


def test_wrong_usage_and_wrong_places(office: Office, tmp_path: Path) -> None:
    office.json("sync")
    case_id = office.json("cases", "--limit", "1")[0]["case_id"]
    target = str(tmp_path / "x.zip")

    for argv in ((), (case_id, "--status", "new")):
        said = office("export", *argv, "--xdomea", target, "--json")
        assert (said.exit_code, said.document["error"]["code"]) == (2, "USAGE")
    said = office("export", "00000000-nothing", "--xdomea", target, "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (2, "CASE_UNKNOWN")
    for place in (tmp_path / "missing" / "x.zip", tmp_path):
        said = office("export", case_id, "--xdomea", str(place), "--json")
        assert (said.exit_code, said.document["error"]["code"]) == (2, "OUTPUT_NOT_WRITABLE")
    assert [event["kind"] for event in office.json("case", case_id)["history"]].count("exported") == 0


def test_every_kind_of_letter_stands_in_the_file(office: Office, tmp_path: Path, shared_dir: Path) -> None:
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    for kind in ("receipt", "interim", "hearing", "notification"):
        office.json("letter", case_id, "--kind", kind, "--text", "Wir <prüfen> & melden uns.", "--now")
    office.json("request-documents", case_id, "--item", "Nachweis", "--now")
    office.json("sync")
    office.json("decide", case_id, "--outcome", "granted", "--now")
    office.json("sync")
    target = tmp_path / "akte.zip"

    office.json("export", case_id, "--xdomea", str(target))
    package = read_package(target, shared_dir)
    kinds = package.texts(".//x:Vorgang/x:Dokument/x:Typ")
    assert [kinds.count(each) for each in ("Schreiben", "Nachforderung", "Bescheid")] == [4, 1, 1]
    issued = office.json("case", case_id)["documents"]
    digests = {hashlib.sha256(content).hexdigest() for content in package.files.values()}
    assert {each["sha256"] for each in issued} <= digests
    formats = package.texts(".//x:Vorgang/x:Dokument/x:Version/x:Format/x:Name/code")
    assert formats.count("044") == len(issued) == 6
