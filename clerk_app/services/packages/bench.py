"""Werkbank: takes a package apart for an office that may want to use it. Implements PackageBench."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.package import (
    FaultReason,
    Manifest,
    PackageFault,
    PackageFaultyError,
    PackageMark,
    PackageVersion,
)
from clerk_app.services.packages.archive import build, mark_of
from clerk_app.services.packages.files import PackageFiles, read_package
from clerk_app.services.packages.lint import lint
from clerk_app.services.packages.packing import CONTENTS
from clerk_app.services.packages.reading import manifest_of
from clerk_app.services.packages.signature import signer

_NO_PACKAGE = frozenset({FaultReason.ARCHIVE_DAMAGED, FaultReason.PACKAGE_UNREADABLE})


def opened(source: Path | bytes) -> PackageFiles:
    """The files of a package. Raises ClerkError PACKAGE_NOT_FOUND for a path that leads nowhere,
    PACKAGE_UNREADABLE for what is no package at all, else PackageFaultyError with what does not belong in
    it."""
    if isinstance(source, Path) and not source.exists():
        raise ClerkError(ErrorCode.PACKAGE_NOT_FOUND, {"path": str(source)})
    try:
        return read_package(source)
    except PackageFaultyError as error:
        if not any(fault.reason in _NO_PACKAGE for fault in error.faults):
            raise
        params = {"path": str(source)} if isinstance(source, Path) else {}
        raise ClerkError(ErrorCode.PACKAGE_UNREADABLE, params) from error


@dataclass(frozen=True)
class Bench:
    """Judges packages for this ``program``; ``trusted`` brings the public keys of believed publishers."""

    program: PackageVersion
    trusted: Callable[[], Sequence[bytes]]

    def open(self, content: bytes) -> PackageOnBench:
        """See PackageBench. A manifest that cannot be read is refused with everything that is wrong."""
        files = opened(content)
        try:
            manifest = manifest_of(files)
        except PackageFaultyError as error:
            raise PackageFaultyError(lint(files, self.program) or error.faults) from error
        return PackageOnBench(self, content, files, manifest)


@dataclass(frozen=True)
class PackageOnBench:
    """See OpenedPackage."""

    bench: Bench
    content: bytes
    files: PackageFiles
    manifest: Manifest

    @property
    def mark(self) -> PackageMark:
        """Which package it is, exactly."""
        return mark_of(self.files, self.manifest)

    def signer(self) -> str | None:
        """See OpenedPackage."""
        return signer(self.files, self.bench.trusted())

    def faults(self) -> tuple[PackageFault, ...]:
        """See OpenedPackage."""
        return lint(self.files, self.bench.program)

    def built(self) -> bytes:
        """As it came, with its signature; a package nobody built yet is built."""
        return self.content if CONTENTS in self.files else build(self.files)
