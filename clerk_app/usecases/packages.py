"""Leistungspakete of an office: what is installed, and what a new version would change.

The ledger is the register. Running cases keep their version (``case_versions``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clerk_app.domain.case import CaseFile
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.package import (
    InstalledPackage,
    Manifest,
    PackageFault,
    PackageMark,
    PackageSource,
    PackageVersion,
)
from clerk_app.domain.rehearsal import CaseRehearsal, KeptTerm, Rehearsal
from clerk_app.usecases.case_versions import CaseVersions
from clerk_app.usecases.package_ports import (
    CaseRules,
    OpenedPackage,
    PackageBench,
    PackageShelf,
    RulesOnTrial,
)
from clerk_app.usecases.package_rules import faulty, incompatible, installing, misfit, named, refused
from clerk_app.usecases.ports import Ledger

MOST_REHEARSED = 200
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class PackageExam:
    """A package looked at before it is installed. ``refusal`` says why it would not be; ``there`` that this
    very content is in force already. ``replaces`` is the version in force now."""

    mark: PackageMark
    manifest: Manifest
    signer: str | None
    faults: tuple[PackageFault, ...]
    replaces: InstalledPackage | None
    there: bool
    refusal: ClerkError | None


@dataclass(frozen=True)
class RunningPackage:
    """An installed version and how many open cases go by it. ``in_force``: new cases go by it, for at least
    one of its services; ``whole``: its archive is there."""

    package: InstalledPackage
    cases: int
    in_force: bool
    whole: bool


@dataclass(frozen=True)
class Packages:
    """Installs and rehearses. ``practice``: an office that may take unsigned packages; ``program`` is the
    version of this program; ``kept`` tells what the authority's parameters keep in a case under rules on
    trial."""

    ledger: Ledger
    shelf: PackageShelf
    bench: PackageBench
    on_trial: RulesOnTrial
    cases: CaseVersions
    program: PackageVersion
    practice: bool
    kept: Callable[[CaseFile, CaseRules], tuple[KeptTerm, ...]] = lambda _case, _trial: ()

    # -- installing ----------------------------------------------------------------------------------------

    def examine(self, content: bytes, *, older_too: bool = False) -> PackageExam:
        """Looks at a package as ``install`` does, and changes nothing.

        Raises ClerkError PACKAGE_UNREADABLE, PACKAGE_FAULTY when not even its manifest can be read.
        """
        return self._examined(self.bench.open(content), older_too)

    def install(self, content: bytes, *, older_too: bool = False) -> PackageExam:
        """Takes a package into use for cases that arrive from now on. Installing the same content again
        changes nothing, but mends a lost archive.

        The archive is durable before the ledger names it; the ledger names it in one transaction. Raises
        ClerkError PACKAGE_UNREADABLE, PACKAGE_UNSIGNED, PACKAGE_SIGNATURE_BROKEN, PACKAGE_SIGNER_UNKNOWN,
        PACKAGE_INCOMPATIBLE, PACKAGE_FAULTY, PACKAGE_VERSION_TAKEN, PACKAGE_OLDER (unless ``older_too``),
        PACKAGE_KEY_TAKEN, DISK_FULL, HOME_NOT_WRITABLE; then nothing has changed.
        """
        opened = self.bench.open(content)
        exam = self._examined(opened, older_too)
        if exam.refusal is not None:
            raise exam.refusal
        self.shelf.keep(exam.mark, opened.built())
        if exam.there:
            return exam
        with self.ledger.transaction("install package") as transaction:
            refusal = self._misfit(opened, older_too)  # something may have come in meanwhile
            if refusal is not None:
                raise refusal
            transaction.append(installing(opened.mark, opened.manifest, PackageSource.FILE, exam.signer))
        return exam

    def _examined(self, opened: OpenedPackage, older_too: bool) -> PackageExam:
        refusal: ClerkError | None = None
        signer: str | None = None
        try:
            signer = opened.signer()
            if signer is None and not self.practice:
                refusal = refused(ErrorCode.PACKAGE_UNSIGNED, opened.mark)
        except ClerkError as error:
            refusal = ClerkError(error.code, {**named(opened.mark), **error.params})
        faults = opened.faults()
        refusal = refusal or self._unfit(opened, faults)
        refusal = refusal or self._misfit(opened, older_too)
        latest = self.shelf.register().latest(opened.mark.package_id)
        there = latest is not None and latest.mark.sha256 == opened.mark.sha256
        return PackageExam(opened.mark, opened.manifest, signer, faults, latest, there, refusal)

    def _unfit(self, opened: OpenedPackage, faults: tuple[PackageFault, ...]) -> ClerkError | None:
        return incompatible(opened.mark, opened.manifest, self.program) or faulty(opened.mark, faults)

    def _misfit(self, opened: OpenedPackage, older_too: bool) -> ClerkError | None:
        return misfit(self.shelf.register(), opened.mark, opened.manifest, older_too=older_too)

    # -- what there is -------------------------------------------------------------------------------------

    def installed(self) -> tuple[RunningPackage, ...]:
        """Every installed version that is in force or that open cases go by, and the rest after them."""
        register, counts = self.shelf.register(), self._running()
        last = {each.mark.sha256: each for each in register.installed}
        forced = {each.mark.sha256 for each in register.in_force_now()}
        lines = [
            RunningPackage(each, counts.get(digest, 0), digest in forced, self.shelf.holds(each.mark))
            for digest, each in last.items()
        ]
        return tuple(
            sorted(
                lines,
                key=lambda line: (
                    not (line.in_force or line.cases),
                    line.package.mark.package_id,
                    line.package.at,
                ),
            )
        )

    def version(self, package: str, version: str | None = None) -> InstalledPackage:
        """The package a person means by its id or a LeiKa key. Raises ClerkError PACKAGE_UNKNOWN, with the
        versions there are when it is not there in this one."""
        register = self.shelf.register()
        found = register.latest(package) or register.newest(package)
        if found is None:
            named = {} if version is None else {"version": version}
            raise ClerkError(ErrorCode.PACKAGE_UNKNOWN, {"package": package, **named})
        if version is None:
            return found
        package_id = found.mark.package_id
        same = [each for each in register.installed if each.mark.package_id == package_id]
        wanted = [each for each in same if str(each.mark.version) == version]
        if not wanted:
            there = tuple(dict.fromkeys(str(each.mark.version) for each in same))
            params = {"package": package_id, "version": version, "there": there}
            raise ClerkError(ErrorCode.PACKAGE_UNKNOWN, params)
        return wanted[-1]

    def any_version(self, version: str) -> None:
        """Raises ClerkError PACKAGE_UNKNOWN, with what there is, unless some package that open cases could
        go by is there in that version."""
        register = self.shelf.register()
        keys = {row.leika_key for row, _mark in self.cases.open_cases()}
        known = [each for each in register.installed if keys & set(each.leika_keys)]
        known = known or list(register.installed)
        if all(str(each.mark.version) != version for each in known):
            there = tuple(dict.fromkeys(f"{each.mark.package_id} {each.mark.version}" for each in known))
            raise ClerkError(ErrorCode.PACKAGE_UNKNOWN, {"version": version, "there": there})

    # -- trying and moving ---------------------------------------------------------------------------------

    def rehearse(
        self, content: bytes, limit: int = MOST_REHEARSED, progress: Progress = lambda *_: None
    ) -> Rehearsal:
        """Tries a package on the newest open cases of its services: the rules as they are against the same
        rules with this package in force. Changes nothing.

        Raises ClerkError PACKAGE_UNREADABLE, PACKAGE_FAULTY, PACKAGE_INCOMPATIBLE.
        """
        opened = self.bench.open(content)
        if (refusal := self._unfit(opened, opened.faults())) is not None:
            raise refusal
        trial = self.on_trial(content)
        keys = frozenset(opened.manifest.leika_keys)
        rows = [row for row, _mark in self.cases.open_cases() if row.leika_key in keys]
        tried: list[CaseRehearsal] = []
        kept: dict[KeptTerm, None] = {}
        for number, row in enumerate(rows[:limit]):
            progress(number, min(len(rows), limit), row.case_reference)
            case = self.cases.reads.case_file(row.case_id)
            if case is not None and case.applications:
                tried.append(self.cases.tried(case, trial, case))
                kept.update(dict.fromkeys(self.kept(case, trial)))
        return Rehearsal(opened.mark, tuple(tried), len(rows), tuple(kept))

    def _running(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for _row, mark in self.cases.open_cases():
            if mark is not None:
                counts[mark.sha256] = counts.get(mark.sha256, 0) + 1
        return counts
