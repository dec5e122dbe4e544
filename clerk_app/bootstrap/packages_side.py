"""The office's service packages: what ships is registered, cases are described by the register."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast

from clerk_app import __version__
from clerk_app.bootstrap.premises import Premises
from clerk_app.domain.case import CaseFile
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.package import PackageSource, PackageVersion
from clerk_app.domain.rehearsal import KeptTerm
from clerk_app.domain.service_package import ServiceDescription
from clerk_app.services.catalogue import ServiceCatalogue
from clerk_app.services.descriptions import OfficeDescriptions, on_trial
from clerk_app.services.office_rules import OfficeRules
from clerk_app.services.packages.archive import build, mark_of
from clerk_app.services.packages.bench import Bench
from clerk_app.services.packages.files import PackageFiles, read_package
from clerk_app.services.packages.reading import describe, manifest_of
from clerk_app.store.packages import StoredPackages
from clerk_app.system.durable import write_durably
from clerk_app.usecases.case_versions import CaseVersions
from clerk_app.usecases.package_ports import BundledPackage, CaseRules
from clerk_app.usecases.package_rules import register_bundled
from clerk_app.usecases.packages import Packages
from clerk_app.usecases.ports import Ledger

log = logging.getLogger(__name__)
_SHIPPED_NOTE = "shipped.txt"
_one_at_a_time = threading.Lock()


def descriptions_for(premises: Premises, shelf: StoredPackages) -> OfficeDescriptions:
    """The rules cases of this office go by. An office opened for writing first registers what ships."""
    land = premises.profile.authority.land
    catalogue = ServiceCatalogue(land)
    if premises.writing and premises.store.ledger_is_older is None:
        with _one_at_a_time:
            _register_shipped(premises, shelf, catalogue)
    return OfficeDescriptions(catalogue, shelf.register, shelf.archive, land)


def packages_for(
    premises: Premises, ledger: Ledger, shelf: StoredPackages, versions: CaseVersions
) -> Packages:
    """Installs and rehearses for this office."""
    profile = premises.profile
    program = PackageVersion.parse(__version__)
    bench = Bench(program, lambda: tuple(map(_public_key, profile.publishers)))

    def with_package(content: bytes) -> CaseRules:
        rules = cast("OfficeRules", versions.rules)
        trial = on_trial(rules.descriptions, read_package(content), profile.authority.land)
        return replace(rules, descriptions=trial)

    def kept(case: CaseFile, trial: CaseRules) -> tuple[KeptTerm, ...]:
        rules, on = cast("OfficeRules", versions.rules), office_day(versions.clock.now())
        return rules.kept(case, cast("OfficeRules", trial), on)

    return Packages(ledger, shelf, bench, with_package, versions, program, profile.practice, kept)


def _public_key(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = "missing" if isinstance(error, FileNotFoundError) else "unreadable"
        params = {"path": str(path), "reason": reason}
        raise ClerkError(ErrorCode.KEY_FILE_INVALID, params, Disposition.ASK_CLERK) from error


def _register_shipped(premises: Premises, shelf: StoredPackages, catalogue: ServiceCatalogue) -> None:
    """Remembers what it has seen, so that it looks into the packages only after an update of the program.

    A disk that takes nothing more keeps nobody from working: until the next start cases go by what ships all
    the same.
    """
    note = premises.home.packages / _SHIPPED_NOTE
    seen = f"{_fingerprint(catalogue)} {len(shelf.register().installed)}"
    with suppress(OSError, UnicodeDecodeError):
        if note.read_text(encoding="ascii") == seen:
            return
    ledger = premises.store.outbox()
    try:
        register_bundled(ledger, shelf, shipped(catalogue))
        write_durably(note, f"{_fingerprint(catalogue)} {len(shelf.register().installed)}".encode())
    except OSError:
        log.warning("what ships could not be noted")
    except ClerkError as error:
        if error.code not in (ErrorCode.DISK_FULL, ErrorCode.HOME_NOT_WRITABLE):
            raise
        log.error("the packages that ship could not be registered: %s", error.code.value)
    finally:
        ledger.close()


def shipped(catalogue: ServiceCatalogue) -> Iterator[BundledPackage]:
    """The packages that come with the program, built when they are needed."""
    for folder in catalogue.packages():
        files = catalogue.files(folder)
        manifest = manifest_of(files)
        yield BundledPackage(mark_of(files, manifest), manifest, partial(_built, files))


def all_descriptions(premises: Premises) -> Iterator[ServiceDescription]:
    """Every service this office has rules for: what ships and what was installed. One whose archive is lost
    is left out."""
    land = premises.profile.authority.land
    catalogue = ServiceCatalogue(land)
    yield from map(catalogue.find, catalogue.keys())
    shelf = premises.store.packages()
    try:
        for each in shelf.register().installed:
            if each.source is PackageSource.FILE:
                with suppress(ClerkError):
                    yield describe(read_package(shelf.archive(each.mark)), land)
    finally:
        shelf.close()


def _built(files: PackageFiles) -> bytes:
    return build(files)


def _fingerprint(catalogue: ServiceCatalogue) -> str:
    digest = hashlib.sha256()
    for path in sorted(_files(catalogue)):
        digest.update(f"{path.name} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(catalogue: ServiceCatalogue) -> Iterator[Path]:
    yield catalogue.base
    for folder in catalogue.packages():
        yield from (path for path in folder.rglob("*") if path.is_file())
