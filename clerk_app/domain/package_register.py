"""Register der Leistungspakete: which version a case goes by.

A case keeps the version that was in force for its service when its first application arrived, whatever is
installed later, until a person moves it. Nothing here is a setting: the register is what the ledger says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from clerk_app.domain.application import Application
from clerk_app.domain.case import CaseFile
from clerk_app.domain.package import InstalledPackage, PackageMark, PackageVersion


@dataclass(frozen=True)
class PackageRegister:
    """Everything ever installed, in the order it was. Nothing leaves it: running cases need it."""

    installed: tuple[InstalledPackage, ...] = ()

    def in_force(self, leika_key: str | None, at: datetime) -> InstalledPackage | None:
        """What governs cases of that service that arrive at ``at``: the last one installed until then.

        Before the first was installed it is the first: an office that starts with this program has cases
        that are older than its register. None when no package serves the service. A later version that no
        longer names a service leaves it to the one before.
        """
        serving = self._by_key.get(leika_key or "", ())
        if not serving:
            return None
        return next((each for each in reversed(serving) if each.at <= at), serving[0])

    def newest(self, leika_key: str | None) -> InstalledPackage | None:
        """What governs cases of that service that arrive from now on."""
        serving = self._by_key.get(leika_key or "", ())
        return serving[-1] if serving else None

    def of_application(self, application: Application) -> InstalledPackage | None:
        """What a case opened by this application goes by."""
        return self.in_force(application.leika_key, application.submitted_at)

    def of_case(self, case: CaseFile) -> InstalledPackage | None:
        """What the case goes by: the version it was moved to, else the one in force when it arrived."""
        if case.moved_to is not None:
            return self.marked(case.moved_to)
        return self.of_application(case.first) if case.applications else None

    def marked(self, mark: PackageMark) -> InstalledPackage | None:
        """The installation of exactly this content; the latest one."""
        return next((each for each in reversed(self.installed) if each.mark.sha256 == mark.sha256), None)

    def version(self, package_id: str, version: PackageVersion) -> InstalledPackage | None:
        """The installation of that version; the latest one."""
        for each in reversed(self.installed):
            if each.mark.package_id == package_id and each.mark.version == version:
                return each
        return None

    def latest(self, package_id: str) -> InstalledPackage | None:
        """The package as it was installed last."""
        return next((each for each in reversed(self.installed) if each.mark.package_id == package_id), None)

    def in_force_now(self) -> tuple[InstalledPackage, ...]:
        """What governs cases from now on, by LeiKa key; a package of several services as often."""
        return tuple(serving[-1] for _key, serving in sorted(self._by_key.items()))

    @cached_property
    def _by_key(self) -> Mapping[str, Sequence[InstalledPackage]]:
        found: dict[str, list[InstalledPackage]] = {}
        for each in self.installed:
            for key in each.leika_keys:
                found.setdefault(key, []).append(each)
        return found


NO_PACKAGES = PackageRegister()
"""An office that has registered none yet."""
