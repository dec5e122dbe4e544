"""What the use cases of service packages need from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from clerk_app.domain.case import CaseFile
from clerk_app.domain.ids import CaseId
from clerk_app.domain.package import Manifest, PackageFault, PackageMark
from clerk_app.domain.package_register import PackageRegister
from clerk_app.usecases.gap_ports import GapReader
from clerk_app.usecases.ports import Assessor, LetterWriter, RequestDueDates


class PackageShelf(Protocol):
    """Installed packages and their archives. One object per thread."""

    def register(self) -> PackageRegister:
        """Everything installed, as the ledger has it now. Cheap when nothing was installed since."""
        ...

    def moved(self) -> Mapping[CaseId, PackageMark]:
        """The cases a clerk moved to another version."""
        ...

    def archive(self, mark: PackageMark) -> bytes:
        """The package as installed. Raises ClerkError PACKAGE_MISSING when it is gone. What it holds is for
        the caller to compare with ``mark``."""
        ...

    def holds(self, mark: PackageMark) -> bool:
        """Whether an archive of that name is there (it may still be damaged)."""
        ...

    def keep(self, mark: PackageMark, content: bytes) -> None:
        """Keeps an archive, durably (content and name synced) on return. Raises ClerkError DISK_FULL,
        HOME_NOT_WRITABLE."""
        ...


class OpenedPackage(Protocol):
    """A package that could be taken apart."""

    @property
    def mark(self) -> PackageMark: ...

    @property
    def manifest(self) -> Manifest: ...

    def signer(self) -> str | None:
        """The key id of a believed publisher; None for an unsigned package. Raises ClerkError
        PACKAGE_SIGNATURE_BROKEN, PACKAGE_SIGNER_UNKNOWN."""
        ...

    def faults(self) -> tuple[PackageFault, ...]:
        """Everything lint finds, warnings too."""
        ...

    def built(self) -> bytes:
        """The archive to be kept."""
        ...


class PackageBench(Protocol):
    """Takes packages apart."""

    def open(self, content: bytes) -> OpenedPackage:
        """Raises ClerkError PACKAGE_UNREADABLE, PACKAGE_FAULTY."""
        ...


class CaseRules(Assessor, LetterWriter, RequestDueDates, GapReader, Protocol):
    """Everything the rules of a case say: what screens show, what letters say, when it is due."""

    def four_eyes(self, case: CaseFile) -> bool: ...

    def manifest(self, case: CaseFile) -> Manifest | None:
        """What the package the case goes by says of itself; None: no package describes its service."""
        ...

    def package(self, case: CaseFile) -> PackageMark | None:
        """Which package that is, exactly."""
        ...


class RulesOnTrial(Protocol):
    """The office's rules with a package in force that is not installed: the same code, another source."""

    def __call__(self, content: bytes) -> CaseRules: ...


@dataclass(frozen=True)
class BundledPackage:
    """A package that ships with the program."""

    mark: PackageMark
    manifest: Manifest
    archive: Callable[[], bytes]
