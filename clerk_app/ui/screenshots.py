"""Pictures of the main screens, for the demo and the README."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget

from clerk_app.domain.decision import Outcome
from clerk_app.ui.application import application, open_window
from clerk_app.ui.desk_window import DeskWindow
from clerk_app.ui.settings import ThemeChoice
from clerk_app.ui.shell import Shell
from clerk_app.ui.sidebar import Area

DEADLINE_S = 30.0


def make(shell: Shell, folder: Path, size: tuple[int, int]) -> list[Path]:
    """See ``clerk_app.ui.shell.make_screenshots``."""
    folder.mkdir(parents=True, exist_ok=True)
    app = application()
    if app.platformName() == "offscreen":
        qInstallMessageHandler(_quiet)
    desk = open_window(shell, app)
    choice = shell.settings.get("theme")
    made: list[Path] = []
    try:
        desk.window.resize(*size)
        made = _tour(app, desk, folder)
    finally:
        shell.settings.set("theme", choice)
        desk.quit_guard.agreed = True
        desk.window.close()
        desk.bench.close()
        desk.window.deleteLater()
        app.processEvents()
        if app.platformName() == "offscreen":
            qInstallMessageHandler(None)
    return made


def _quiet(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    # The platform without a display remarks on every window that has a smallest size.
    if "propagateSizeHints" not in message:
        print(message, file=sys.stderr)  # noqa: T201


def _tour(app: QApplication, desk: DeskWindow, folder: Path) -> list[Path]:
    made: list[Path] = []

    def shoot(name: str) -> None:
        # both looks at once: so light and dark show the same case
        for mode in (ThemeChoice.LIGHT, ThemeChoice.DARK):
            desk.bench.theme.choose(mode)
            _calm(app, desk)
            made.append(folder / f"{name}-{mode.value}.png")
            _grab(desk.window, made[-1])

    desk.show_area(Area.NEW)
    _calm(app, desk)
    if desk.list.model.rowCount() == 0:
        desk.show_area(Area.OPEN)
        _calm(app, desk)
    shoot("main-window")
    if desk.list.model.rowCount() and desk.flow.why_not_decide() is None:
        desk.open_case()
        shoot("review")
        desk.decide(Outcome.GRANTED)
        _until(app, lambda: desk.decision.preview.pages.shown)
        shoot("decision-preview")
    desk.show_area(Area.FOLDER)
    _calm(app, desk)
    shoot("folder")
    desk.show_area(Area.DATES)
    shoot("dates")
    desk.show_area(Area.OUTBOX)
    shoot("outbox")
    desk.show_area(Area.STATISTICS)
    shoot("statistics")
    return made


def _grab(widget: QWidget, path: Path) -> None:
    widget.grab().save(str(path), "PNG")


def _calm(app: QApplication, desk: DeskWindow) -> None:
    """Waits until every thread has answered and everything is painted."""
    bench = desk.bench
    for _round_trip in range(3):
        _until(app, lambda: bench.worker.idle and bench.queries.idle and bench.pictures.idle)
        app.processEvents()


def _until(app: QApplication, done: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + DEADLINE_S
    while not done() and time.monotonic() < deadline_s:
        app.processEvents()
        time.sleep(0.005)
    app.processEvents()
