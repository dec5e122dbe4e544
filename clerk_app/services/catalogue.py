"""Leistungskatalog: the packages that ship with the program, each read when it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

from clerk_app.domain.application import Application, leika_key_of
from clerk_app.domain.case import CaseFile
from clerk_app.domain.package import PackageFaultyError
from clerk_app.domain.service_package import ServiceDescription
from clerk_app.services.packages.files import BASE, MANIFEST, PackageFiles, read_package
from clerk_app.services.packages.reading import describe, describe_base, manifest_of
from clerk_app.services.toml_values import CatalogueError, resources_folder

__all__ = ["CatalogueError", "Descriptions", "ServiceCatalogue", "resources_folder"]


class Descriptions(Protocol):
    """Chooses the rules a case goes by. There is always an answer: the generic rules serve unknown services.
    Raises ClerkError PACKAGE_MISSING when the rules are known and lost."""

    def for_case(self, case: CaseFile) -> ServiceDescription:
        """The rules of its service, in the version the case goes by."""
        ...

    def for_application(self, application: Application) -> ServiceDescription:
        """At intake, before there is a case: in the version that is in force when it arrived."""
        ...


class ServiceCatalogue:
    """Descriptions by LeiKa key. ``land`` leaves out legal texts of other Länder. Safe for several
    threads. Raises CatalogueError, which names the file, for what ships and is damaged.
    """

    def __init__(self, land: str | None = None, folder: Path | None = None) -> None:
        self._land = land
        self._folder = folder if folder is not None else resources_folder("packages")
        try:
            self._base = (self._folder / BASE).read_bytes()
        except OSError as error:
            raise CatalogueError(f"{BASE}: {error}") from error
        try:
            self._generic = describe_base(PackageFiles({BASE: self._base}), land)
        except PackageFaultyError as error:
            raise _damaged(BASE, error) from error
        self._known: dict[str, ServiceDescription] = {}

    def find(self, leika_urn_or_key: str | None) -> ServiceDescription:
        """The description of that service, else the generic one: no application is left undescribed."""
        key = leika_key_of(leika_urn_or_key)
        if key is None or key not in self._folders:
            return self._generic
        if key not in self._known:
            self._known[key] = self._description(key)
        return self._known[key]

    def for_case(self, case: CaseFile) -> ServiceDescription:
        """See Descriptions: what ships has one version only."""
        return self.find(case.first.service_identifier)

    def for_application(self, application: Application) -> ServiceDescription:
        """See Descriptions."""
        return self.find(application.service_identifier)

    def keys(self) -> tuple[str, ...]:
        """The LeiKa keys somebody described."""
        return tuple(sorted(self._folders))

    @property
    def base(self) -> Path:
        """What lies under all packages."""
        return self._folder / BASE

    def packages(self) -> tuple[Path, ...]:
        """The folders of the packages that ship, by name."""
        return tuple(path.parent for path in sorted(self._folder.glob(f"*/{MANIFEST}")))

    def files(self, folder: Path) -> PackageFiles:
        """A shipped package with the base that lies under it."""
        try:
            return read_package(folder).with_file(BASE, self._base)
        except PackageFaultyError as error:
            raise _damaged(folder.name, error) from error

    @cached_property
    def _folders(self) -> Mapping[str, Path]:
        found: dict[str, Path] = {}
        for folder in self.packages():
            try:
                manifest = (folder / MANIFEST).read_bytes()
                keys = manifest_of(PackageFiles({MANIFEST: manifest, BASE: self._base})).leika_keys
            except OSError as error:
                raise CatalogueError(f"{folder.name}: {error}") from error
            except PackageFaultyError as error:
                raise _damaged(folder.name, error) from error
            found.update(dict.fromkeys(keys, folder))
        return found

    def _description(self, key: str) -> ServiceDescription:
        folder = self._folders[key]
        try:
            return replace(describe(self.files(folder), self._land), leika_key=key)
        except PackageFaultyError as error:
            raise _damaged(folder.name, error) from error


def _damaged(name: str, error: PackageFaultyError) -> CatalogueError:
    fault = error.faults[0]
    detail = dict(fault.params).get("detail", "")
    return CatalogueError(f"{name}/{fault.file}, line {fault.line}: {fault.reason} {detail}".rstrip())
