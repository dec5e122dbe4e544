"""What a person must be told before anything else stands in the window from the start."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.ui.application import open_window
from tests.ui.conftest import shell_of
from tests.ui.fake_store import FakeOffice


def test_an_older_ledger_is_told_at_the_start(qtbot: QtBot, qapp: QApplication, office: FakeOffice) -> None:
    warning = ClerkError(ErrorCode.LEDGER_OLDER, {"sequence": 7})
    desk = open_window(replace(shell_of(office), warning=warning), qapp)
    try:
        assert desk.window.messages.isVisible()
        assert "7" in desk.window.messages.words.text()
        assert "begin-ledger" in desk.window.messages.words.text()
    finally:
        desk.window.close()
        desk.bench.close()
        desk.window.deleteLater()
