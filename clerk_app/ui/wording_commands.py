"""The commands of the wording help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clerk_app.texts import N_
from clerk_app.ui.commands import Command, Menu, Screen

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow
    from clerk_app.ui.wording_hints import WordingHints

_WRITING = frozenset({Screen.DECISION, Screen.LETTER, Screen.REQUEST})


def wording_commands(desk: DeskWindow) -> list[Command]:
    """Going through the hints by keyboard."""

    def help_here() -> WordingHints:
        if desk.window.shown is Screen.REQUEST:
            return desk.request.wording
        return (desk.letter if desk.window.shown is Screen.LETTER else desk.decision).wording

    return [
        Command(
            "wording.next",
            N_("Nächster Hinweis zum Wort&laut"),
            lambda: help_here().go_to_next(),
            Menu.EDIT,
            ("F7",),
            reason=lambda: help_here().why_none(),
            screens=_WRITING,
        ),
        Command(
            "wording.apply",
            N_("Vorschlag zum W&ortlaut übernehmen"),
            lambda: help_here().apply(),
            Menu.EDIT,
            ("Shift+F7",),
            reason=lambda: help_here().why_not_apply(),
            screens=_WRITING,
        ),
    ]
