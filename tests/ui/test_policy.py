"""What a policy settles nobody can change here; the page says who settled it, and whether all is well."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from clerk_app.domain.policy_state import PolicyState
from clerk_app.ui.application import open_window
from clerk_app.ui.commands import Screen
from clerk_app.ui.policed import PolicedSettings, PolicyFacts
from clerk_app.ui.policy_page import PolicyPage
from clerk_app.ui.rows_model import RowsModel
from clerk_app.ui.settings import MemorySettings
from clerk_app.ui.shell import CheckedPart
from tests.ui.conftest import Pilot, shell_of
from tests.ui.fake_store import NOW, FakeOffice
from tests.ui.policy_sample import FILE, STATE
from tests.ui.seeds import fill

Open = Callable[..., Pilot]
POLICY = PolicyFacts({"theme": "dark", "quiet_hours": "19:00-06:30"}, FILE, NOW)


@pytest.fixture
def policed(qtbot: QtBot, qapp: QApplication, office: FakeOffice) -> Iterator[Open]:
    opened: list[Pilot] = []
    parts = [CheckedPart("Ablage: in Ordnung", True), CheckedPart("Portal: nicht erreichbar.", False)]

    def make(
        policy: PolicyFacts = POLICY,
        state: PolicyState = STATE,
        support: Callable[[BinaryIO], list[str]] | None = None,
    ) -> Pilot:
        fill(office)
        settings = PolicedSettings(MemorySettings({"theme": "light", "single_keys": False}), policy)
        shell = replace(
            shell_of(office, settings), self_check=lambda: parts, policy=lambda: state, support=support
        )
        desk = open_window(shell, qapp)
        desk.window.activateWindow()
        opened.append(Pilot(qtbot, office, desk))
        opened[-1].calm()
        return opened[-1]

    yield make
    for pilot in opened:
        pilot.desk.window.close()
        pilot.desk.bench.close()
        pilot.desk.window.deleteLater()
        QApplication.processEvents()


def lines(model: RowsModel) -> list[list[str]]:
    found = (model.line(at) for at in range(model.rowCount()))
    return [[cell.text for cell in line.cells] for line in found if line is not None]


def page(pilot: Pilot) -> PolicyPage:
    pilot.desk.window.commands.run("app.policy")
    pilot.calm()
    assert pilot.shows(Screen.POLICY)
    return pilot.desk.setting.policy()


def test_what_is_settled_counts_and_says_by_whom(policed: Open) -> None:
    pilot = policed()
    settings = pilot.desk.bench.settings
    assert settings.get("theme") == "dark"
    settings.set("theme", "light")
    assert settings.get("theme") == "dark"
    shown = {line[0]: line[1:] for line in lines(page(pilot).values)}
    assert shown["Farben"] == ["Dunkel", FILE, "ja", "24.11.2026, 08:14"]
    assert shown["Befehle mit einem Buchstaben"][:3] == ["Aus", "persönlich", "nein"]
    assert shown["Schriftgröße"][1:3] == ["Vorgabe des Programms", "nein"]
    assert shown["colour"][0] == shown["window.odd"][0] == "unbekannter Schlüssel"
    assert shown["window.font_scale"][0] == "Wert ist nicht möglich"
    assert shown["Rücknahmefrist"] == ["300 Sekunden", FILE, "ja", "24.11.2026, 08:14"]
    assert shown["Vier-Augen-Prinzip"] == ["immer", "/etc/amtsstube/profil.toml", "nein", ""]
    assert shown["Proxy"] == ["nicht eingeschränkt", "Vorgabe des Programms", "nein", ""]

    pilot.desk.window.commands.run("app.settings")
    rows = {row.setting.name: row for row in pilot.desk.setting.page().rows}
    assert not rows["theme"].box.isEnabled()
    assert rows["theme"].lock.text() == f"Durch Richtlinie festgelegt: {FILE}"
    assert rows["quiet_hours"].box.currentText() == "19:00-06:30", "a policy may say what is not offered"
    assert not rows["quiet_hours"].box.isEnabled()
    assert rows["single_keys"].box.isEnabled()
    assert rows["single_keys"].lock.isHidden()


def test_the_self_check_tells_and_lines_can_be_taken_along(policed: Open) -> None:
    pilot = policed(PolicyFacts(), PolicyState(()))
    shown = page(pilot)
    pilot.until(lambda: shown.checks.rowCount() == 2)
    assert lines(shown.checks) == [
        ["in Ordnung", "Ablage: in Ordnung"],
        ["zu erledigen", "Portal: nicht erreichbar."],
    ]
    assert shown._state.text().startswith("geprüft um")
    shown.check_view.setFocus()
    shown.check_view.selectRow(1)
    pilot.ctrl(Qt.Key.Key_C)
    assert QGuiApplication.clipboard().text() == "zu erledigen\tPortal: nicht erreichbar."
    assert "Ablage: in Ordnung" in shown.report()
    pilot.press(Qt.Key.Key_F5)
    pilot.calm()
    assert shown.checks.rowCount() == 2


def test_what_support_needs_is_saved_beside_the_work(
    policed: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(target: BinaryIO) -> list[str]:
        assert threading.current_thread() is not threading.main_thread()
        target.write(b"bundle")
        return ["doctor.json"]

    place = tmp_path / "hilfe.zip"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(place), ""))
    pilot = policed(support=write)
    shown = page(pilot)
    shown._support.click()
    assert shown._state.text() == "wird zusammengestellt …"
    pilot.calm()
    assert place.read_bytes() == b"bundle"
    assert shown._state.text() == ""
    place.unlink()
    place.mkdir()
    shown._support.click()
    pilot.calm()
    assert "hilfe.zip" in shown.notice.words.text(), "what went wrong is told"


def test_without_a_bundle_there_is_no_button(policed: Open) -> None:
    assert page(policed())._support.isHidden()


def test_a_broken_policy_is_told(policed: Open) -> None:
    pilot = policed(PolicyFacts(), PolicyState((), FILE, "syntax"))
    assert (
        page(pilot).notice.words.text() == f"Die Richtlinie {FILE} ist kein gültiges TOML; sie zählt nicht."
    )
    assert pilot.desk.bench.settings.get("theme") == "light"
