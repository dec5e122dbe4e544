"""The menu bar, made from the registry."""

from __future__ import annotations

from PySide6.QtWidgets import QMainWindow

from clerk_app.texts import N_, _
from clerk_app.ui.commands import Commands, Menu

_TITLES = {
    Menu.FILE: N_("&Datei"),
    Menu.EDIT: N_("&Bearbeiten"),
    Menu.VIEW: N_("&Ansicht"),
    Menu.CASE: N_("&Vorgang"),
    Menu.TOOLS: N_("E&xtras"),
    Menu.HELP: N_("&Hilfe"),
}
#: A line goes before these.
_BREAKS = (
    "app.quit",
    "case.next",
    "view.larger",
    "review.checks",
    "view.system",
    "area.new",
    "views.keep",
    "outbox.withdraw",
    "decision.sign",
)


def build_menus(window: QMainWindow, commands: Commands) -> None:
    """Fills the menu bar. A greyed-out entry says why in its tooltip."""
    bar = window.menuBar()
    bar.clear()
    for menu_id, title in _TITLES.items():
        listed = [command for command in commands.all() if command.menu is menu_id]
        if not listed:
            continue
        menu = bar.addMenu(_(title))
        menu.setToolTipsVisible(True)
        for command in listed:
            if command.command_id in _BREAKS and not menu.isEmpty():
                menu.addSeparator()
            menu.addAction(commands.action(command.command_id))
        menu.aboutToShow.connect(commands.refresh)
