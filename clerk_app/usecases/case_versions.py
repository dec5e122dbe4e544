"""Which version of its service package a running case goes by, and moving it to another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from clerk_app.domain.case import OPEN_STATUSES, CaseFile, CaseQuery, CaseRow, CaseStatus, CaseView
from clerk_app.domain.deadlines import DeadlineKind
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.package import InstalledPackage, Manifest, PackageMark
from clerk_app.domain.package_register import PackageRegister
from clerk_app.domain.rehearsal import CaseRehearsal
from clerk_app.usecases.case_picture import picture
from clerk_app.usecases.package_ports import CaseRules, PackageShelf
from clerk_app.usecases.package_rules import refused
from clerk_app.usecases.ports import CaseReads, Clock, Ledger

_PAGE = 500


@dataclass(frozen=True)
class CasePackage:
    """What one case goes by. ``mark`` and ``manifest`` None: no package describes its service. ``newer`` is
    in force for new cases and not for this one; ``moved`` says a clerk chose the version."""

    mark: PackageMark | None = None
    manifest: Manifest | None = None
    newer: InstalledPackage | None = None
    moved: bool = False


NO_PACKAGE = CasePackage()
"""A case nobody can read yet."""


@dataclass(frozen=True)
class Moved:
    """What became of cases that should go by another version; ``refused`` with the reason of each."""

    moved: tuple[CaseId, ...]
    refused: tuple[tuple[CaseId, ClerkError], ...] = ()


@dataclass(frozen=True)
class CaseVersions:
    """Cases keep the version they began with until a person moves them."""

    reads: CaseReads
    ledger: Ledger
    shelf: PackageShelf
    rules: CaseRules
    clock: Clock

    def of_case(self, case: CaseFile) -> CasePackage:
        """What a case goes by, and whether new ones go by something newer. Raises ClerkError
        PACKAGE_MISSING."""
        if not case.applications:
            return NO_PACKAGE
        mark = self.rules.package(case)
        newest = self.shelf.register().newest(case.first.leika_key)
        newer = newest if newest is not None and newest.mark != mark else None
        return CasePackage(mark, self.rules.manifest(case), newer, case.moved_to is not None)

    def preview_move(self, case_id: CaseId, to: PackageMark | None = None) -> CaseRehearsal:
        """What moving the case would change. Raises as ``move`` does for a single case."""
        case, target = self._movable(case_id, to)
        return self.tried(case, None, replace(case, moved_to=target.mark))

    def why_not_move(self, case: CaseFile) -> ClerkError | None:
        """Why the case cannot be moved to what is in force now; None: it can."""
        try:
            self._target(case, None)
        except ClerkError as error:
            return error
        return None

    def move(self, case_ids: Sequence[CaseId], to: PackageMark | None = None) -> Moved:
        """Lets running cases go by another version: by default the one in force for their service now. All
        that can be moved are, in one transaction; a draft that waits for a signature is a draft again.

        The reasons of the others are PACKAGE_MOVE_IMPOSSIBLE, CASE_UNKNOWN, PACKAGE_UNKNOWN,
        PACKAGE_MISSING.
        """
        acts: list[Act] = []
        moved: list[CaseId] = []
        refused: list[tuple[CaseId, ClerkError]] = []
        for case_id in dict.fromkeys(case_ids):
            try:
                case, target = self._movable(case_id, to)
                acts.append(self._moving(case, target))
            except ClerkError as error:
                refused.append((case_id, error))
            else:
                moved.append(case_id)
        if acts:
            with self.ledger.transaction("move cases to package") as transaction:
                for act in acts:
                    transaction.append(act)
        return Moved(tuple(moved), tuple(refused))

    def movable(self) -> tuple[CaseId, ...]:
        """The open cases that go by another version than new ones do, newest first."""
        register = self.shelf.register()
        return tuple(
            row.case_id
            for row, mark in self.open_cases()
            if (newest := register.newest(row.leika_key)) is not None and newest.mark != mark
        )

    def open_cases(self) -> Iterator[tuple[CaseRow, PackageMark | None]]:
        """All open cases with what they go by, newest first, a page at a time."""
        register, moved = self.shelf.register(), self.shelf.moved()
        ids = self.reads.ids(CaseQuery(view=CaseView.OPEN))
        for start in range(0, len(ids), _PAGE):
            for row in self.reads.rows(ids[start : start + _PAGE]):
                yield row, moved.get(row.case_id) or _began_with(register, row)

    def tried(self, case: CaseFile, rules: CaseRules | None, as_moved: CaseFile) -> CaseRehearsal:
        """The case as it is against the case under other ``rules``, or as if it were moved."""
        now = self.clock.now()
        before, after = picture(case, self.rules, now), picture(as_moved, rules or self.rules, now)
        goes_by, changes = self.rules.package(case), before.changes_to(after)
        return CaseRehearsal(case.row.case_id, case.row.case_reference, goes_by, changes, after)

    def _movable(self, case_id: CaseId, to: PackageMark | None) -> tuple[CaseFile, InstalledPackage]:
        case = self.reads.case_file(case_id)
        if case is None:
            raise ClerkError(ErrorCode.CASE_UNKNOWN, {"case": case_id})
        return case, self._target(case, to)

    def _target(self, case: CaseFile, to: PackageMark | None) -> InstalledPackage:
        reference = case.row.case_reference
        if case.row.status is CaseStatus.QUARANTINED or not case.applications:
            raise _immovable(reference, "unreadable")
        if case.row.status not in OPEN_STATUSES:
            raise _immovable(reference, "finished")
        register, key = self.shelf.register(), case.first.leika_key
        target = register.newest(key) if to is None else register.marked(to)
        if target is None:
            if to is None:
                raise _immovable(reference, "no-package")
            raise refused(ErrorCode.PACKAGE_UNKNOWN, to)
        if key not in target.leika_keys:
            raise _immovable(reference, "other-service")
        goes_by = register.of_case(case)
        if goes_by is not None and goes_by.mark == target.mark:
            raise _immovable(reference, "newest")
        return target

    def _moving(self, case: CaseFile, target: InstalledPackage) -> Act:
        was, mark = self.rules.package(case), target.mark
        moved = replace(case, moved_to=mark)
        deadlines = self.rules.deadlines(moved, self.clock.now())
        target_on = next((each.due_on for each in deadlines if each.kind is DeadlineKind.PROCESSING), None)
        payload: dict[str, object] = {
            "package_id": mark.package_id,
            "title": str(target.title),
            "from": None if was is None else str(was.version),
            "from_sha256": None if was is None else was.sha256,
            "to": str(mark.version),
            "sha256": mark.sha256,
            "target_on": None if target_on is None else target_on.isoformat(),
        }
        return Act(ActKind.PACKAGE_MOVED, case.row.case_id, None, payload)


def _began_with(register: PackageRegister, row: CaseRow) -> PackageMark | None:
    found = register.in_force(row.leika_key, row.arrived_at)
    return None if found is None else found.mark


def _immovable(reference: str, reason: str) -> ClerkError:
    return ClerkError(ErrorCode.PACKAGE_MOVE_IMPOSSIBLE, {"case": reference, "reason": reason})
