"""The office's service packages: what ships is registered, cases are described by the register."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from clerk_app.bootstrap.premises import Premises
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.services.catalogue import ServiceCatalogue
from clerk_app.services.descriptions import OfficeDescriptions
from clerk_app.services.packages.archive import complete, mark_of
from clerk_app.services.packages.files import PackageFiles
from clerk_app.services.packages.packing import pack
from clerk_app.services.packages.reading import manifest_of
from clerk_app.store.packages import StoredPackages
from clerk_app.system.durable import write_durably
from clerk_app.usecases.package_ports import BundledPackage
from clerk_app.usecases.package_rules import register_bundled

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


def _built(files: PackageFiles) -> bytes:
    return pack(complete(files))


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
