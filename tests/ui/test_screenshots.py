"""Pictures for the demo: every screen, light and dark, not empty."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from clerk_app.ui.shell import make_screenshots, run_window
from clerk_app.ui.window import MainWindow
from tests.ui.conftest import shell_of
from tests.ui.fake_store import FakeOffice
from tests.ui.seeds import fill


def test_a_picture_of_every_screen_is_made_and_the_threads_end(qapp: QApplication, tmp_path: Path) -> None:
    office = FakeOffice(practice=True)
    fill(office)
    made = make_screenshots(shell_of(office), tmp_path / "pictures", (1000, 640))
    names = [path.name for path in made]
    expected = ["main-window", "review", "decision-preview", "folder", "dates", "outbox", "statistics"]
    assert names == [f"{name}-{mode}.png" for name in expected for mode in ("light", "dark")]
    for path in made:
        image = QImage(str(path))
        assert image.width() == 1000
        light = image.pixelColor(image.width() - 30, 5).lightness() > 128
        assert light is ("light" in path.name)
    assert not office.entries
    assert not office.listeners
    assert office.closed == 1


def test_an_empty_office_has_pictures_too(qapp: QApplication, tmp_path: Path) -> None:
    made = make_screenshots(shell_of(FakeOffice()), tmp_path, (1000, 640))
    assert {path.name.rsplit("-", 1)[0] for path in made} == {
        "main-window",
        "folder",
        "dates",
        "outbox",
        "statistics",
    }


def test_the_window_runs_until_it_is_closed(qapp: QApplication) -> None:
    office = FakeOffice()
    fill(office)

    def close() -> None:
        windows = [w for w in qapp.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()]
        for window in windows:
            window.close()

    timer = QTimer(interval=20)
    timer.timeout.connect(close)
    timer.start()
    assert run_window(shell_of(office), ["clerk-app"]) == 0
    timer.stop()
    assert not office.listeners
