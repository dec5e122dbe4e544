"""A house whose cases go by installed packages: real packages, real shelf, real rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from clerk_app.domain.case import CaseFile
from clerk_app.domain.errors import ClerkError
from clerk_app.domain.package import Manifest, PackageFault, PackageMark, PackageVersion
from clerk_app.services.catalogue import ServiceCatalogue
from clerk_app.services.descriptions import OfficeDescriptions, on_trial
from clerk_app.services.office_rules import OfficeRules
from clerk_app.services.packages.archive import complete, mark_of
from clerk_app.services.packages.files import PackageFiles, read_package
from clerk_app.services.packages.packing import pack
from clerk_app.services.packages.reading import manifest_of
from clerk_app.usecases.case_versions import CaseVersions
from clerk_app.usecases.package_ports import BundledPackage, CaseRules
from clerk_app.usecases.packages import Packages
from tests.usecases.house import RULES, House

DOG_TAX = "99102013104000"
PROGRAM = PackageVersion(0, 5, 0)


def dog_tax() -> PackageFiles:
    """A package of our own for the practice portal's dogs: tests may count on its words."""
    return read_package(Path(__file__).parent / "dog_tax")


def shipped(key: str = DOG_TAX) -> PackageFiles:
    """A package as it ships."""
    catalogue = ServiceCatalogue()
    (folder,) = (path for path in catalogue.packages() if path.name.startswith(key))
    return catalogue.files(folder)


def edited(files: PackageFiles, *edits: tuple[str, str, str]) -> PackageFiles:
    """The files with texts replaced: (file, old, new), each of which must be there."""
    for name, old, new in edits:
        text = files.text(name)
        assert old in text, (name, old)
        files = files.with_file(name, text.replace(old, new).encode())
    return files


def versioned(files: PackageFiles, version: str, *edits: tuple[str, str, str]) -> PackageFiles:
    """Another version of a package."""
    was = f'version = "{manifest_of(files).version}"'
    return edited(files, ("package.toml", was, f'version = "{version}"'), *edits)


def built(files: PackageFiles) -> bytes:
    return pack(complete(files))


@dataclass
class PlainBench:
    """Takes packages apart as they are; who signed and what lint found is set by the test."""

    signer: Callable[[], str | None] = lambda: None
    faults: tuple[PackageFault, ...] = ()

    def open(self, content: bytes) -> PlainPackage:
        files = read_package(content)
        manifest = manifest_of(files)
        return PlainPackage(self, files, manifest, mark_of(files, manifest))


@dataclass(frozen=True)
class PlainPackage:
    bench: PlainBench
    files: PackageFiles
    manifest: Manifest
    mark: PackageMark

    def signer(self) -> str | None:
        return self.bench.signer()

    def faults(self) -> tuple[PackageFault, ...]:
        return self.bench.faults

    def built(self) -> bytes:
        return built(self.files)


@dataclass
class PackageHouse:
    """The use cases of packages over a house."""

    house: House
    bench: PlainBench = field(default_factory=PlainBench)
    practice: bool = True
    program: PackageVersion = PROGRAM

    def __post_init__(self) -> None:
        self.shelf = self.house.store.packages()
        catalogue = ServiceCatalogue("BW")
        descriptions = OfficeDescriptions(catalogue, self.shelf.register, self.shelf.archive, "BW")
        self.rules: OfficeRules = replace(RULES, descriptions=descriptions)
        desk = self.house.desk
        self.cases = CaseVersions(desk.reads, desk.ledger, self.shelf, self.rules, self.house.clock)
        self.packages = self._packages()

    def _packages(self) -> Packages:
        return Packages(
            self.house.desk.ledger,
            self.shelf,
            self.bench,
            self._on_trial,
            self.cases,
            self.program,
            self.practice,
        )

    def _on_trial(self, content: bytes) -> CaseRules:
        trial = on_trial(self.rules.descriptions, read_package(content), "BW")
        return replace(self.rules, descriptions=trial)

    def strict(self, program: PackageVersion = PROGRAM) -> Packages:
        """A real office, which takes signed packages only."""
        return replace(self._packages(), practice=False, program=program)

    def installs(self, files: PackageFiles, *, older_too: bool = False) -> PackageMark:
        """A minute passes; then the package is taken into use."""
        self.house.clock.pass_(minutes=10)
        mark = self.packages.install(built(files), older_too=older_too).mark
        self.house.clock.pass_(minutes=10)
        return mark

    def goes_by(self, case: CaseFile) -> str:
        found = self.rules.package(case)
        return "" if found is None else str(found.version)


def bundled(files: PackageFiles) -> BundledPackage:
    manifest = manifest_of(files)
    return BundledPackage(mark_of(files, manifest), manifest, lambda: built(files))


def code_and_params(work: Callable[[], object]) -> tuple[str, dict[str, object]]:
    try:
        work()
    except ClerkError as error:
        return error.code.value, error.params
    raise AssertionError("nothing was raised")


def files_below(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
