"""The menu bar, made from the registry."""

from __future__ import annotations

from PySide6.QtWidgets import QMainWindow

from clerk_app.texts import N_, _
from clerk_app.ui.commands import Command, Commands, Menu

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


#: These come first, whatever else a menu holds; the rest stays in the order of the registry.
_FIRST = ("app.undo", "app.redo", "app.search", "app.palette")


def _place(command_id: str) -> int:
    return _FIRST.index(command_id) if command_id in _FIRST else len(_FIRST)


def _show_fitting(commands: Commands, listed: list[Command]) -> None:
    """What belongs to another screen would only be in the way; the palette has everything."""
    commands.refresh()
    for command in listed:
        commands.action(command.command_id).setVisible(commands.fits(command.command_id))


def build_menus(window: QMainWindow, commands: Commands) -> None:
    """Fills the menu bar. A greyed-out entry says why in its tooltip."""
    bar = window.menuBar()
    bar.clear()
    for menu_id, title in _TITLES.items():
        listed = [command for command in commands.all() if command.menu is menu_id]
        listed.sort(key=lambda command: _place(command.command_id))
        if not listed:
            continue
        menu = bar.addMenu(_(title))
        menu.setToolTipsVisible(True)
        for command in listed:
            if command.command_id in _BREAKS and not menu.isEmpty():
                menu.addSeparator()
            menu.addAction(commands.action(command.command_id))
        menu.aboutToShow.connect(lambda listed=listed: _show_fitting(commands, listed))
