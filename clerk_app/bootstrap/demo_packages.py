"""The demo's step with service packages: a changed one is rehearsed and installed; cases keep theirs."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from clerk_app.bootstrap.demo_records import NotAsPromisedError
from clerk_app.domain.case import CaseFile, CaseQuery, CaseView
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.package import PackageMark
from clerk_app.services.packages.bench import Bench
from clerk_app.services.packages.files import MANIFEST, PackageFiles, read_package
from clerk_app.services.packages.packing import CONTENTS
from clerk_app.services.packages.reading import manifest_of
from clerk_app.services.packages.signature import sign
from clerk_app.texts import _
from clerk_app.usecases.case_picture import picture
from clerk_app.usecases.desk import Desk


def try_package(desk: Desk) -> str:
    """Rehearses a version with a shorter target, installs it, and moves one of two cases."""
    stays, moves = _two_cases(desk)
    old = _goes_by(desk, stays)
    files = _changed(read_package(desk.packages.shelf.archive(old)))
    content, public = _signed(files)
    packages = replace(desk.packages, practice=False)  # as a real office: it takes believed signatures only
    try:
        packages.install(content)
        raise NotAsPromisedError(_("Ein Paket von einem Unbekannten wurde eingespielt."))
    except ClerkError as error:
        if error.code is not ErrorCode.PACKAGE_SIGNER_UNKNOWN:
            raise
    rehearsal = packages.rehearse(content)
    promised = {case.case_id: case.after for case in rehearsal.cases}
    bench = replace(cast("Bench", packages.bench), trusted=lambda: (public,))
    mark = replace(packages, bench=bench).install(content).mark
    desk.versions.move([moves.row.case_id])
    if (_goes_by(desk, stays), _goes_by(desk, moves)) != (old, mark):
        raise NotAsPromisedError(_("Ein laufender Vorgang wechselte von selbst die Fassung."))
    moved = _file(desk, moves)
    if picture(moved, desk.versions.rules, desk.versions.clock.now()) != promised[moved.row.case_id]:
        raise NotAsPromisedError(_("Nach dem Umstellen kam anderes heraus als bei der Probe."))
    words = _(
        "{old} → {new}: {count} Vorgänge geprobt, {changed} anders; einer blieb, einer wurde umgestellt"
    )
    return words.format(
        old=old.version, new=mark.version, count=len(rehearsal.cases), changed=len(rehearsal.changed)
    )


def _two_cases(desk: Desk) -> tuple[CaseFile, CaseFile]:
    """Two open cases of one described service."""
    seen: dict[str, CaseFile] = {}
    for row in desk.reads.list(CaseQuery(view=CaseView.OPEN)):
        case = desk.reads.case_file(row.case_id)
        mark = None if case is None or not case.applications else desk.versions.of_case(case).mark
        if case is None or mark is None:
            continue
        if mark.sha256 in seen:
            return seen[mark.sha256], case
        seen[mark.sha256] = case
    raise NotAsPromisedError(_("Es fehlen zwei offene Vorgänge zu einer Leistung."))


def _goes_by(desk: Desk, case: CaseFile) -> PackageMark:
    mark = desk.versions.of_case(_file(desk, case)).mark
    if mark is None:
        raise NotAsPromisedError(_("Der Vorgang geht nach keinem Leistungspaket."))
    return mark


def _file(desk: Desk, case: CaseFile) -> CaseFile:
    found = desk.reads.case_file(case.row.case_id)
    if found is None:
        raise NotAsPromisedError(_("Der Vorgang ist verschwunden."))
    return found


def _changed(files: PackageFiles) -> PackageFiles:
    """The next version: the office wants to be done a week earlier."""
    manifest, text = manifest_of(files), files.text(MANIFEST)
    version = replace(manifest.version, minor=manifest.version.minor + 1)
    days = next(line for line in text.splitlines() if line.startswith("processing_days"))
    sooner = f"processing_days = {max(1, int(days.split('=')[1].split('#')[0]) - 7)}"
    text = text.replace(f'"{manifest.version}"', f'"{version}"', 1).replace(days, sooner, 1)
    return files.with_file(MANIFEST, text.encode()).without(CONTENTS)


def _signed(files: PackageFiles) -> tuple[bytes, bytes]:
    """The package signed by a publisher made up for the occasion, and that one's public key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    from clerk_app.services.packages.archive import build

    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return sign(build(files), private), public
