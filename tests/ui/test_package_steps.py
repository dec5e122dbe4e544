"""Moving a case to the version of its package that is in force: shown first, never done by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.localized import Localized
from clerk_app.domain.package import InstalledPackage, PackageMark, PackageSource, PackageVersion
from clerk_app.domain.package_register import PackageRegister
from clerk_app.ui.package_dialog import PackageDialog
from tests.ui.conftest import Pilot
from tests.ui.fake_store import NOW, FakeOffice

KEY = "99108013104000"
Key = Qt.Key


def installed(version: str, days: int) -> InstalledPackage:
    mark = PackageMark(
        "de.example.parking", PackageVersion.parse(version), version.replace(".", "") * 20 + "ab"
    )
    title = Localized({"de": "Bewohnerparkausweis"})
    return InstalledPackage(mark, title, (KEY,), NOW + timedelta(days=days), "clerk", PackageSource.FILE)


OLD, NEW = installed("1.0.0", -300), installed("1.1.0", 1)


@pytest.fixture
def parked(office: FakeOffice) -> FakeOffice:
    """New cases go by a newer version than those in the list."""
    office.register = PackageRegister((OLD, NEW))
    return office


def why(pilot: Pilot) -> str:
    pilot.desk.window.commands.refresh()
    return pilot.desk.window.commands.action("case.move_package").toolTip()


def at_hand(pilot: Pilot) -> CaseId:
    row = pilot.desk.flow.row
    assert row is not None
    return row.case_id


def asked(pilot: Pilot) -> PackageDialog:
    action = pilot.desk.window.commands.action("case.move_package")
    assert action.isEnabled(), action.toolTip()
    action.trigger()
    pilot.until(lambda: pilot.desk.packaging.dialog is not None)
    found = pilot.desk.packaging.dialog
    assert found is not None
    return found


def chosen(pilot: Pilot) -> None:
    pilot.desk.list.select_case(next(iter(pilot.office.seeds)))
    pilot.until(lambda: pilot.desk.flow.dossier is not None)
    pilot.calm()


def test_what_would_change_is_shown_before_anything_does(parked: FakeOffice, pilot: Pilot) -> None:
    chosen(pilot)
    dialog = asked(pilot)
    assert "1.1.0" in dialog.words.text()
    assert "1.0.0" in dialog.words.text()
    assert "Kennzeichen gehört zum Landkreis" in dialog.changes.toPlainText()
    assert not any(act.kind is ActKind.PACKAGE_MOVED for _at, act in parked.acts)
    QTest.keyClick(dialog, Key.Key_Escape)
    pilot.calm()
    assert pilot.desk.packaging.dialog is None
    assert parked.moved_to(at_hand(pilot)) is None


def test_one_key_moves_the_case_and_says_so(parked: FakeOffice, pilot: Pilot) -> None:
    chosen(pilot)
    case_id = at_hand(pilot)
    dialog = asked(pilot)
    QTest.keyClick(dialog, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    pilot.until(lambda: parked.moved_to(case_id) is not None)
    pilot.calm()
    assert parked.moved_to(case_id) == NEW.mark
    pilot.until(lambda: pilot.desk.flow.dossier is not None and pilot.desk.flow.dossier.package.moved)
    assert "geht schon nach dieser Fassung" in why(pilot)


def test_without_a_newer_version_the_command_says_why(office: FakeOffice, pilot: Pilot) -> None:
    chosen(pilot)
    action = pilot.desk.window.commands.action("case.move_package")
    assert not action.isEnabled()
    assert "seine Leistung beschreibt kein Paket" in why(pilot)
