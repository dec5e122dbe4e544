"""Service packages on the command line: from a folder to a version that cases are moved to."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from clerk_app.services.catalogue import ServiceCatalogue
from clerk_app.services.packages.files import BASE, read_package
from clerk_app.services.packages.packing import CONTENTS, SIGNATURE, pack
from tests.journeys.conftest import Office
from tests.usecases.package_house import DOG_TAX, edited, shipped, versioned

ID = "de.amtsstube.hundesteuer-anmeldung"
OLD = shipped()
WAS = next(line.split('"')[1] for line in OLD.text("package.toml").splitlines() if line.startswith("version"))
NEW = versioned(OLD, "7.1.0", ("checks.toml", '{ de = "', '{ de = "Neu: '))  # every text of a check


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The new version as its author has it."""
    path = tmp_path / "hundesteuer"
    for name, content in NEW.items():
        if name not in (BASE, CONTENTS, SIGNATURE):
            place = path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    return path


@pytest.fixture
def publisher(tmp_path: Path) -> Callable[[KeySerializationEncryption], tuple[Path, Path]]:
    def made(encryption: KeySerializationEncryption) -> tuple[Path, Path]:
        key = Ed25519PrivateKey.generate()
        private, public = tmp_path / "publisher-key.pem", tmp_path / "publisher.pem"
        private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
        public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        return private, public

    return made


def dogs(office: Office) -> list[dict[str, Any]]:
    return [row for row in office.json("cases") if row["leika_key"] == DOG_TAX and row["status"] == "new"]


def test_a_version_is_built_signed_rehearsed_installed_and_cases_are_moved(
    office: Office,
    folder: Path,
    tmp_path: Path,
    publisher: Callable[[KeySerializationEncryption], tuple[Path, Path]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office.json("sync")
    private, public = publisher(BestAvailableEncryption(b"secret"))
    office.profile.write_text(
        f'{office.profile.read_text("utf-8")}\n[packages]\ntrusted = ["file:{public}"]\n', "utf-8"
    )
    before = {row["case_id"]: office.json("case", row["case_id"]) for row in dogs(office)}
    assert before, "the portal sends applications of this service"
    assert {case["package"]["version"] for case in before.values()} == {WAS}

    # what ships was registered, each package once
    listed = office.json("package", "list")
    assert len(listed) == len(ServiceCatalogue().packages())
    assert all(line["in_force"] and line["source"] == "bundled" for line in listed)
    assert next(line for line in listed if line["id"] == ID)["running_cases"] == len(before)

    # tools need no office
    assert office("package", "lint", str(folder), profile=False).exit_code == 0
    built = office.json("package", "build", str(folder), "--output", str(tmp_path / "out"))
    archive = Path(built["path"])
    assert archive.name == f"{ID}-7.1.0.zip"
    again = office.json("package", "build", str(folder), "--output", str(tmp_path / "again"))
    assert Path(again["path"]).read_bytes() == archive.read_bytes()
    monkeypatch.setenv("CLERK_SIGNING_PASSWORD", "wrong")
    assert office("package", "sign", str(archive), "--key", str(private)).exit_code == 4
    monkeypatch.setenv("CLERK_SIGNING_PASSWORD", "secret")
    signed = office.json("package", "sign", str(archive), "--key", str(private))
    assert (signed["signed"], signed["sha256"]) == (True, built["sha256"])

    # what is different, in words
    office.json("package", "build", str(folder), "--output", str(tmp_path / "same"))
    assert (
        office("package", "diff", str(folder), str(archive), profile=False).out.strip() == "Kein Unterschied."
    )
    (shipping,) = ServiceCatalogue().base.parent.glob(f"{DOG_TAX}*")
    changes = office.json("package", "diff", str(shipping), str(folder))["changes"]
    assert {(change["part"], change["name"]) for change in changes} >= {("manifest", "version")}
    assert any(change["part"] == "check" and "Neu: " in change["message"] for change in changes)

    # a rehearsal changes nothing
    rehearsal = office.json("package", "rehearse", str(archive))
    assert (rehearsal["open_cases"], rehearsal["changed"]) == (len(before), len(before))
    told = office("package", "rehearse", str(archive))
    assert "Geändert wurde nichts." in told.out
    assert len(office.json("package", "list")) == len(listed)

    installed = office.json("package", "install", str(archive))
    assert installed["already_installed"] is False
    assert installed["signer"] == next(
        line["signer"] for line in office.json("package", "list") if line["version"] == "7.1.0"
    )
    assert installed["cases_on_older_versions"] == len(before)
    assert office.json("package", "install", str(archive))["already_installed"] is True

    # running cases keep theirs until a person moves them
    first, *others = before
    assert office.json("case", first)["package"]["version"] == WAS
    assert office.json("case", first)["newer_package"]["version"] == "7.1.0"
    preview = office.json("package", "move", first, "--dry-run")
    assert office.json("case", first)["package"]["version"] == WAS
    moved = office.json("package", "move", first)
    assert [case["package"]["version"] for case in moved["moved"]] == ["7.1.0"]
    after = office.json("case", first)
    assert (after["package"]["version"], after["newer_package"]) == ("7.1.0", None)

    # what came out is what the rehearsal said
    promised = next(case for case in rehearsal["cases"] if case["case_id"] == first)
    assert preview[0]["changes"] == promised["changes"]
    changes = {change["key"]: change for change in promised["changes"] if change["area"] == "check"}
    assert changes
    for case, side in ((before[first], "before"), (after, "after")):
        texts = {check["id"]: check["text"] for check in case["checks"]}
        assert all(texts[key] in change[side] for key, change in changes.items())
    assert after["history"][-1]["kind"] == "package-moved"

    said = office("package", "move", first)
    assert (said.exit_code, json.loads(office("package", "move", first, "--json").out)["moved"]) == (5, [])
    assert len(office.json("package", "move", "--all")["moved"]) == len(others)
    back = office.json("package", "move", first, "--to", WAS)
    assert back["moved"][0]["package"]["version"] == WAS
    doctor = office("doctor").out
    assert "Leistungspakete: in Ordnung" in doctor
    assert "package move" in doctor
    assert office.json("audit", "verify")["verified"] is True


def test_a_real_office_takes_what_a_believed_publisher_signed(
    office: Office,
    folder: Path,
    tmp_path: Path,
    publisher: Callable[[KeySerializationEncryption], tuple[Path, Path]],
) -> None:
    office.json("sync")
    entries = office.json("audit", "verify")
    private, _public = publisher(NoEncryption())
    archive = Path(office.json("package", "build", str(folder), "--output", str(tmp_path))["path"])
    office.json("package", "sign", str(archive), "--key", str(private))
    said = office("package", "install", str(archive))
    assert (said.exit_code, said.err.split(":")[0]) == (5, "PACKAGE_SIGNER_UNKNOWN")

    content = archive.read_bytes()
    torn = tmp_path / "torn.zip"
    files = read_package(content)
    torn.write_bytes(pack(edited(files, ("checks.toml", "Neu: ", "New: "))))
    said = office("package", "install", str(torn))
    assert (said.exit_code, said.err.split(":")[0]) == (6, "PACKAGE_SIGNATURE_BROKEN")
    assert "checks.toml" in said.err
    torn.write_bytes(content[: len(content) // 2])
    said = office("package", "install", str(torn))
    assert (said.exit_code, said.err.split(":")[0]) == (6, "PACKAGE_UNREADABLE")
    missing = office("package", "install", str(tmp_path / "none.zip"))
    assert missing.exit_code == 6
    assert office.json("audit", "verify") == entries, "nothing was installed, not even half"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("checks.toml", "present(hund.chipnummer)", "presentt(hund.chipnummer)"),
        ("package.toml", "valid_from = 2009-01-01", "valid_from = 2009-13-01"),
        ("package.toml", 'retention = "tax-10"', 'retention = "for-ever"'),
    ],
)
def test_a_fault_is_refused_with_file_line_and_reason(
    office: Office, folder: Path, tmp_path: Path, file: str, old: str, new: str
) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    line = text[: text.index(old)].count("\n") + 1
    place = f"{file}:{line}: "

    linted = office("package", "lint", str(folder), profile=False)
    assert linted.exit_code == 6
    assert any(each.startswith(place) for each in linted.out.splitlines()), linted.out
    document = office("package", "lint", str(folder), "--json", profile=False).document
    assert document["ok"] is False
    assert (file, line) in {(fault["file"], fault["line"]) for fault in document["faults"]}

    built = office("package", "build", str(folder), "--output", str(tmp_path / "out"), profile=False)
    assert built.exit_code == 6
    assert not (tmp_path / "out").exists()
    said = office("package", "install", str(folder))
    assert said.exit_code == 6
    assert any(each.startswith(place) for each in said.err.splitlines()), said.err
    assert "7.1.0" not in office("package", "list").out


def test_a_program_update_registers_a_new_version_and_cases_keep_theirs(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.json("sync")
    case_id = dogs(office)[0]["case_id"]
    resources = tmp_path / "resources"
    catalogue = ServiceCatalogue()
    shutil.copytree(catalogue.base.parent, resources)
    (folder,) = resources.glob(f"{DOG_TAX}*")
    manifest = folder / "package.toml"
    manifest.write_bytes(NEW["package.toml"])
    monkeypatch.setattr("clerk_app.services.catalogue.resources_folder", lambda _name: resources)

    assert office.json("package", "list")  # reading beside a window registers nothing
    assert {line["version"] for line in office.json("package", "list") if line["id"] == ID} == {WAS}
    office.json("sync")
    lines = {line["version"]: line for line in office.json("package", "list") if line["id"] == ID}
    assert {version: line["in_force"] for version, line in lines.items()} == {WAS: False, "7.1.0": True}
    assert office.json("case", case_id)["package"]["version"] == WAS


def test_usage_is_told(office: Office, tmp_path: Path) -> None:
    for argv in (["package"], ["package", "move"], ["package", "move", "x", "--all"]):
        assert office(*argv).exit_code == 2, argv
    assert office("package", "lint", str(tmp_path / "none"), profile=False).exit_code == 6
