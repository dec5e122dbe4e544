"""The Qt application around the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from clerk_app.texts import language
from clerk_app.ui.access_roles import install_roles
from clerk_app.ui.desk_window import DeskWindow
from clerk_app.ui.focus_ring import FocusTeller
from clerk_app.ui.loop_watch import LoopWatch
from clerk_app.ui.menus import build_menus
from clerk_app.ui.notifier import Notifier, system_voice
from clerk_app.ui.shell import Shell
from clerk_app.ui.sweeper import Sweeper
from clerk_app.ui.theme import Theme
from clerk_app.ui.workbench import Workbench


def application(argv: Sequence[str] = ()) -> QApplication:
    """The one QApplication of the process."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    made = QApplication(list(argv) or ["clerk-app"])
    install_roles()
    made.setApplicationName("Amtsstube")
    made.setDesktopFileName("clerk-app")
    # Qt's own words (calendar, file dialogs) in the language of the window
    QLocale.setDefault(QLocale("de_DE" if language() != "en" else "en_GB"))
    words = QTranslator(made)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if words.load(QLocale(), "qtbase", "_", folder):
        made.installTranslator(words)
    return made


def open_window(shell: Shell, app: QApplication) -> DeskWindow:
    """The window, shown, with its first list. Close its bench when it is gone."""
    theme = Theme(app, shell.settings)
    theme.refresh()
    desk = DeskWindow(Workbench(shell, theme))
    build_menus(desk.window, desk.window.commands)
    FocusTeller(app, theme, desk.window)
    desk.window.commands.single_keys_on = shell.settings.get("single_keys", True) is not False
    desk.start()
    desk.locking.begin()
    return desk


def run(shell: Shell, argv: Sequence[str]) -> int | None:
    """The window until it is closed, or locked (None)."""
    app = application(argv)
    sweeper = Sweeper(app)
    desk = open_window(shell, app)
    icon = desk.bench.theme.icon("inbox")
    notifier = Notifier(
        desk.window, shell.settings, system_voice(desk.window, icon), shell.now, desk.window.isActiveWindow
    )
    desk.bench.bridge.changed.connect(notifier.take_changes)
    desk.bench.bridge.sync_changed.connect(notifier.take_status)
    watch = LoopWatch(shell.window_blocked) if shell.window_blocked is not None else None
    if watch is not None:
        watch.start()
    try:
        code = app.exec()
    finally:
        if watch is not None:
            watch.stop()
        put_away(desk)
        sweeper.end()
        sweeper.deleteLater()
    return None if desk.locking.locking else code


def put_away(desk: DeskWindow) -> None:
    """Ends the window's threads once they have done what a clerk asked for; of a locked window nothing is
    left."""
    desk.locking.end()
    desk.bench.close()
    desk.bench.hush()
    desk.filing.hush()
    if desk.locking.locking:
        desk.window.deleteLater()
        desk.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
