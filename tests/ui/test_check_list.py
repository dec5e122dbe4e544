"""Check points by keyboard: the same key works through all that are open."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from clerk_app.domain.localized import Localized
from clerk_app.domain.service_package import CheckLevel, CheckResult
from clerk_app.ui.dossier import CheckLine
from tests.ui.conftest import Pilot


def line(check_id: str) -> CheckLine:
    return CheckLine(CheckResult(check_id, CheckLevel.WARN, Localized({"de": f"{check_id} fehlt."})))


def test_a_point_dealt_with_hands_the_focus_on(pilot: Pilot) -> None:
    pilot.press(Qt.Key.Key_Return)
    pilot.calm()
    checks = pilot.desk.review.checks
    first, second = line("a"), line("b")
    checks.show_checks([first, second])
    checks.rows()[0].tick.setFocus()
    checks.show_checks([replace(first, accepted=True), second])
    assert checks.rows()[1].tick.hasFocus()
    checks.show_checks([replace(first, accepted=True), replace(second, accepted=True)])
    assert checks.rows()[1].tick.hasFocus(), "nothing is open any more: it stays"
    checks.rows()[0].tick.setFocus()
    checks.show_checks([first, replace(second, accepted=True)])
    assert checks.rows()[0].tick.hasFocus(), "taken back: one stays where one is"
