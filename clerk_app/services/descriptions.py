"""Which rules a case goes by in this office: the installed packages first, then what ships, then the base.

Packages are read when a case needs them and kept taken apart. An archive is believed only when its content
has the hash the ledger says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from clerk_app.domain.application import Application
from clerk_app.domain.case import CaseFile
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.package import InstalledPackage, PackageFaultyError, PackageMark
from clerk_app.domain.package_register import PackageRegister
from clerk_app.domain.service_package import ServiceDescription
from clerk_app.services.catalogue import Descriptions, ServiceCatalogue
from clerk_app.services.packages.files import PackageFiles, read_package
from clerk_app.services.packages.reading import describe


@dataclass(frozen=True)
class OfficeDescriptions:
    """Implements Descriptions by the office's register. ``archive`` brings an installed package."""

    catalogue: ServiceCatalogue
    register: Callable[[], PackageRegister]
    archive: Callable[[PackageMark], bytes]
    land: str | None = None
    _known: dict[str, ServiceDescription] = field(default_factory=dict, repr=False, compare=False)

    def for_case(self, case: CaseFile) -> ServiceDescription:
        """See Descriptions."""
        entry = self.register().of_case(case)
        if entry is None:
            return self.catalogue.find(case.first.service_identifier)
        return self._described(entry, case.first)

    def for_application(self, application: Application) -> ServiceDescription:
        """See Descriptions. A lost package keeps no application from coming in: the case itself will say
        that its rules are lost."""
        entry = self.register().of_application(application)
        if entry is not None:
            try:
                return self._described(entry, application)
            except ClerkError as error:
                if error.code is not ErrorCode.PACKAGE_MISSING:
                    raise
        return self.catalogue.find(application.service_identifier)

    def _described(self, entry: InstalledPackage, application: Application) -> ServiceDescription:
        mark, key = entry.mark, application.leika_key
        if mark.sha256 not in self._known:
            shipped = self.catalogue.find(application.service_identifier)
            same = shipped.package is not None and shipped.package.sha256 == mark.sha256
            self._known[mark.sha256] = shipped if same else self._read(mark)
        return replace(self._known[mark.sha256], leika_key=key)

    def _read(self, mark: PackageMark) -> ServiceDescription:
        try:
            found = describe(read_package(self.archive(mark)), self.land)
        except PackageFaultyError as error:
            raise _missing(mark) from error
        if found.package is None or found.package.sha256 != mark.sha256:
            raise _missing(mark)
        return found


@dataclass(frozen=True)
class DescriptionsOnTrial:
    """The rules of the office, except that one package is in force for every case of its services."""

    usual: Descriptions
    package: ServiceDescription
    leika_keys: frozenset[str]

    def for_case(self, case: CaseFile) -> ServiceDescription:
        """See Descriptions."""
        key = case.first.leika_key
        return replace(self.package, leika_key=key) if key in self.leika_keys else self.usual.for_case(case)

    def for_application(self, application: Application) -> ServiceDescription:
        """See Descriptions."""
        key = application.leika_key
        if key in self.leika_keys:
            return replace(self.package, leika_key=key)
        return self.usual.for_application(application)


def on_trial(usual: Descriptions, files: PackageFiles, land: str | None) -> DescriptionsOnTrial:
    """The rules with this package in force. Raises PackageFaultyError."""
    package = describe(files, land)
    keys = frozenset(package.manifest.leika_keys if package.manifest is not None else ())
    return DescriptionsOnTrial(usual, package, keys)


def _missing(mark: PackageMark) -> ClerkError:
    params = {"package": mark.package_id, "version": str(mark.version)}
    return ClerkError(ErrorCode.PACKAGE_MISSING, params, Disposition.ASK_CLERK)
