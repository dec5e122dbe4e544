"""Service packages of a fake office: a register in memory, cases moved by its acts."""

from __future__ import annotations

from collections.abc import Mapping

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.package import PackageMark
from clerk_app.domain.package_register import PackageRegister
from clerk_app.usecases.package_ports import OpenedPackage
from tests.ui.fake_store import FakeOffice


class FakeShelf:
    def __init__(self, office: FakeOffice) -> None:
        self._office = office

    def register(self) -> PackageRegister:
        return self._office.register

    def moved(self) -> Mapping[CaseId, PackageMark]:
        acts = [act for _at, act in self._office.acts if act.kind is ActKind.PACKAGE_MOVED]
        moved = {act.case_id: self._office.moved_to(act.case_id) for act in acts if act.case_id is not None}
        return {case_id: mark for case_id, mark in moved.items() if mark is not None}

    def archive(self, mark: PackageMark) -> bytes:
        raise ClerkError(ErrorCode.PACKAGE_MISSING, {"package": mark.package_id})

    def holds(self, mark: PackageMark) -> bool:
        return True

    def keep(self, mark: PackageMark, content: bytes) -> None:
        raise ClerkError(ErrorCode.DISK_FULL)


class FakeBench:
    """Nothing is a package here: the window installs none."""

    def open(self, content: bytes) -> OpenedPackage:
        raise ClerkError(ErrorCode.PACKAGE_UNREADABLE)
