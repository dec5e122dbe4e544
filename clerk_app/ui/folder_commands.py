"""The commands of the signature folder, and the ways into it."""
# ruff: noqa: PLW0108 - the pages do not exist yet when the commands are made: their methods are looked up late

from __future__ import annotations

from typing import TYPE_CHECKING

from clerk_app.texts import N_
from clerk_app.ui.commands import Command, Menu, Screen

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow

_FOLDER = frozenset({Screen.FOLDER})


def folder_commands(desk: DeskWindow) -> list[Command]:
    """Laying in, signing, releasing, returning."""
    return [
        Command(
            "decision.lay",
            N_("In &die Unterschriftsmappe"),
            lambda: desk.decision.lay_in(),
            Menu.CASE,
            ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"),
            "approval",
            lambda: desk.decision.why_not_lay(),
            frozenset({Screen.DECISION}),
            deciding=True,
        ),
        Command(
            "folder.confirm",
            N_("Si&gnieren oder freigeben"),
            lambda: desk.folder.confirm(),
            Menu.EDIT,
            ("Ctrl+Return", "Ctrl+Enter"),
            "signature",
            lambda: desk.folder.why_not_confirm(),
            _FOLDER,
            deciding=True,
        ),
        Command(
            "folder.send_back",
            N_("Mit Grund &zurückgeben …"),
            lambda: desk.folder.send_back(),
            Menu.EDIT,
            ("Ctrl+Shift+R",),
            "undo",
            lambda: desk.folder.why_not_send_back(),
            _FOLDER,
        ),
        Command(
            "folder.take_out",
            N_("Herausneh&men"),
            lambda: desk.folder.take_out(),
            Menu.EDIT,
            ("Del",),
            "remove",
            lambda: desk.folder.why_not_take_out(),
            _FOLDER,
        ),
        Command(
            "folder.stop",
            N_("&Anhalten"),
            lambda: desk.folder.stop(),
            Menu.EDIT,
            ("Ctrl+.",),
            "block",
            lambda: desk.folder.why_not_stop(),
            _FOLDER,
        ),
    ]
