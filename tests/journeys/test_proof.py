"""Proof bundles: checked by their own program and by standard tools; one changed byte is found."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import jsonschema
import pytest

from clerk_app.sandbox.server import RunningSandbox
from tests.conftest import ROOT
from tests.journeys.conftest import Office

PLAIN = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}  # nothing of this program is on the path


@dataclass
class Bundle:
    """An unpacked bundle and what the command said of it."""

    folder: Path
    said: dict[str, Any]

    def text(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")

    def json(self, name: str) -> Any:
        return json.loads(self.text(name))

    def check(self, *argv: str, path: str = PLAIN["PATH"]) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", str(self.folder / "pruefen.py"), *argv]
        return subprocess.run(
            command, capture_output=True, text=True, env={**PLAIN, "PATH": path}, check=False
        )

    def sha256sum(self) -> int:
        command = ["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"]
        return subprocess.run(command, cwd=self.folder, capture_output=True, check=False).returncode

    def names(self) -> list[str]:
        return sorted(
            path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()
        )


def bundle(office: Office, tmp_path: Path, case: str, *argv: str) -> Bundle:
    target = tmp_path / "nachweis.zip"
    said = office.json("proof", case, "--output", str(target), *argv)
    folder = tmp_path / f"unpacked-{said['manifest_sha256'][:8]}"
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return Bundle(folder, said)


def delivered_case(office: Office, channel: str = "idBundDeMailbox") -> str:
    office.json("sync")
    case_id: str = office.case_by(channel)["case_id"]
    office.json("decide", case_id, "--outcome", "granted", "--now")
    office.json("sync")
    return case_id


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory, key_cache: Path) -> Bundle:
    """The bundle of a delivered decision; tests that change it take a copy."""
    folder = tmp_path_factory.mktemp("proof")
    with RunningSandbox(folder / "portal", applications=12, defective=0, key_cache=key_cache) as portal:
        office = Office(folder / "home", portal.profiles[0])
        return bundle(office, folder, delivered_case(office))


@pytest.fixture
def made(delivered: Bundle, tmp_path: Path) -> Bundle:
    """A copy to spoil."""
    folder = tmp_path / "copy"
    shutil.copytree(delivered.folder, folder)
    return Bundle(folder, delivered.said)


@pytest.fixture
def no_tools(tmp_path: Path) -> str:
    """A PATH without openssl."""
    empty = tmp_path / "no-tools"
    empty.mkdir()
    return str(empty)


@pytest.mark.parametrize("channel", ["idBundDeMailbox", "fitConnect"])
def test_a_delivered_decision_is_proven(office: Office, tmp_path: Path, channel: str) -> None:
    case_id = delivered_case(office, channel)
    made = bundle(office, tmp_path, case_id)

    done = made.check("--manifest-sha256", made.said["manifest_sha256"])
    assert done.returncode == 0, done.stderr
    assert "nicht geprüft" not in done.stdout
    assert "Signatur unversehrt" in done.stdout
    assert "zugestellt / delivered" in done.stdout
    assert made.sha256sum() == 0
    assert made.check("--manifest-sha256", "0" * 64).returncode == 1

    manifest = made.json("manifest.json")
    schema = json.loads(
        (ROOT / "resources" / "schemas" / "proof-manifest-1.0.schema.json").read_text("utf-8")
    )
    jsonschema.validate(manifest, schema, cls=jsonschema.Draft202012Validator)
    assert made.said["manifest_sha256"] == hashlib.sha256(made.text("manifest.json").encode()).hexdigest()
    assert manifest["delivery"]["state"] == made.said["state"] == "DELIVERED"
    assert manifest["times"]["signed_at"] <= manifest["times"]["queued_at"]
    assert manifest["times"]["submitted_at"] <= manifest["times"]["delivered_at"]
    assert made.said["delivered"] is True
    (document,) = manifest["documents"]
    (issued,) = office.json("case", case_id)["documents"]
    assert hashlib.sha256((made.folder / document["path"]).read_bytes()).hexdigest() == issued["sha256"]
    assert made.json("pruefbericht.json")[0]["report"]["verdict"] == "VALID"
    assert "Zustand:" in made.text("zustellnachweis.txt")
    assert "noch nicht zugestellt" not in made.text("zustellnachweis.txt")
    assert "ÜBUNG" in made.text("README.txt")

    entry = next(e for e in office.json("outbox") if e["entry_id"] == made.said["entry_id"])
    assert entry["receipt"]["token"] in made.text("delivery/events.jws").split()
    last = office.json("case", case_id)["history"][-1]
    assert (last["kind"], last["details"]["manifest_sha256"]) == ("proof-made", made.said["manifest_sha256"])


def test_the_same_state_gives_the_same_bytes(office: Office, tmp_path: Path) -> None:
    case_id = delivered_case(office)
    first = bundle(office, tmp_path, case_id)
    content = (tmp_path / "nachweis.zip").read_bytes()
    office.json("export", case_id, "--xdomea", str(tmp_path / "akte.zip"))
    again = bundle(office, tmp_path, case_id)

    assert again.said["manifest_sha256"] == first.said["manifest_sha256"]
    assert (tmp_path / "nachweis.zip").read_bytes() == content


def test_one_changed_byte_in_any_file_is_found(made: Bundle, no_tools: str) -> None:
    chance = Random(7)
    for name in made.names():
        path = made.folder / name
        content = path.read_bytes()
        places = {0, len(content) - 1, chance.randrange(len(content))}
        for place in sorted(places):
            changed = bytearray(content)
            changed[place] ^= chance.choice((0x01, 0x20, 0xFF))
            path.write_bytes(changed)
            done = made.check(path=no_tools)
            assert done.returncode != 0, (name, place)
            if name != "pruefen.py":
                assert done.stderr.startswith("FEHLER / FAILED: "), (name, place)
        if name != "SHA256SUMS":  # sha256sum takes capital hex for small
            assert made.sha256sum() != 0, name
        path.write_bytes(content)
    assert made.check().returncode == 0


def test_a_changed_checking_program_does_not_call_itself_good(made: Bundle, no_tools: str) -> None:
    path = made.folder / "pruefen.py"
    content, chance = path.read_bytes(), Random(11)
    first_code = content.index(b"class Check")
    weak = [
        content.rindex(b"main(CHECK)"),
        content.rindex(b"if not CHECK"),
        content.index(b"check.run(wanted)"),
    ]
    places = [*weak, *(chance.randrange(first_code, len(content)) for _ in range(40))]
    for place in places:
        changed = bytearray(content)
        changed[place] = ord("#") if place in weak else changed[place] ^ chance.choice((0x01, 0x04, 0x10))
        path.write_bytes(changed)
        assert made.check(path=no_tools).returncode != 0, (place, bytes(changed[place - 20 : place + 20]))


@pytest.mark.parametrize("change", ["missing", "foreign", "swapped events", "forged receipt", "ledger"])
def test_changes_that_recompute_every_hash_are_found_by_what_they_claim(made: Bundle, change: str) -> None:
    folder = made.folder
    if change == "missing":
        (folder / "README.txt").unlink()
    elif change == "foreign":
        (folder / "dokumente" / "weiteres.pdf").write_bytes(b"%PDF")
    elif change == "swapped events":
        (submission,) = made.json("manifest.json")["arrivals"]
        (folder / "delivery" / "events.jws").write_bytes((folder / submission / "events.jws").read_bytes())
    elif change == "forged receipt":
        path = folder / "delivery" / "receipt.jws"
        path.write_text(path.read_text().strip()[:-8] + "AAAAAAAA\n")
    else:
        path = folder / "ledger.json"
        path.write_text(path.read_text("utf-8").replace('"kind": "moved"', '"kind": "noted"', 1), "utf-8")
    if change not in ("missing", "foreign"):
        reseal(folder)
    done = made.check()
    assert done.returncode == 1
    assert done.stderr.startswith("FEHLER / FAILED: ")
    assert made.check("--manifest-sha256", made.said["manifest_sha256"]).returncode == 1


def reseal(folder: Path) -> None:
    """What a forger does: every hash anew."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for each in manifest["files"]:
        content = (folder / each["path"]).read_bytes()
        each["size"] = len(content)
        each["sha256"] = hashlib.sha256(content).hexdigest()
        each["sha512"] = hashlib.sha512(content).hexdigest()
    text = json.dumps(manifest)
    (folder / "manifest.json").write_text(text, "utf-8")
    lines = [f"{each['sha256']}  {each['path']}\n" for each in manifest["files"]]
    lines.append(f"{hashlib.sha256(text.encode()).hexdigest()}  manifest.json\n")
    (folder / "SHA256SUMS").write_text("".join(lines))


def test_a_letter_in_the_post_says_who_entered_it_and_for_which_day(office: Office, tmp_path: Path) -> None:
    office.json("sync")
    case_id = office.case_by(None)["case_id"]
    entry_id = office.json("decide", case_id, "--outcome", "granted")["entry_id"]
    target = str(tmp_path / "x.zip")
    said = office("proof", case_id, "--output", target, "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (5, "PROOF_NOTHING_SENT")
    office.json("outbox", "posted", entry_id)

    made = bundle(office, tmp_path, case_id)
    assert made.check().returncode == 0
    times = made.json("manifest.json")["times"]
    assert times["posted_on"] is not None
    assert times["posted_by"]
    words = made.text("zustellnachweis.txt")
    assert "Zur Post gegeben am:" in words
    assert f"Eingetragen von:      {times['posted_by']}" in words
    assert "Zugestellt am" not in words


def test_what_is_not_delivered_yet_says_so(office: Office, tmp_path: Path) -> None:
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    target = str(tmp_path / "x.zip")
    said = office("proof", case_id, "--output", target, "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (5, "PROOF_NO_DECISION")
    office.json("request-documents", case_id, "--item", "Nachweis", "--now")
    request = next(e["entry_id"] for e in office.json("outbox") if e["kind"] == "document-request")
    said = office("proof", case_id, "--entry", request, "--output", target, "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (5, "PROOF_NOTHING_SENT")
    office.json("sync")

    made = bundle(office, tmp_path, case_id, "--entry", request)
    assert made.check().returncode == 0
    assert made.json("manifest.json")["delivery"]["kind"] == "document-request"

    said = office("proof", "00000000-nothing", "--output", target, "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (2, "CASE_UNKNOWN")
    said = office("proof", case_id, "--entry", "0000", "--output", target, "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (2, "ENTRY_UNKNOWN")
    said = office("proof", case_id, "--entry", request, "--output", str(tmp_path / "no" / "x.zip"), "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (2, "OUTPUT_NOT_WRITABLE")


def test_without_openssl_the_rest_is_checked_and_that_is_said(made: Bundle, no_tools: str) -> None:
    done = made.check(path=no_tools)
    assert done.returncode == 0
    assert "openssl fehlt" in done.stdout
