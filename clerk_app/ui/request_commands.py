"""Commands of the document request: what a clerk says of the item with the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clerk_app.texts import N_
from clerk_app.ui.commands import Command, Menu, Screen

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow

_REQUEST = frozenset({Screen.REQUEST})


def request_commands(desk: DeskWindow) -> list[Command]:
    """Alt+E ticks off, Alt+Z does without, Alt+O takes it back."""
    return [
        Command(
            "request.settle",
            N_("Unterlage: Erledigt"),
            lambda: desk.request.say_of_current("settle"),
            Menu.CASE,
            ("Alt+E",),
            reason=lambda: desk.request.why_not("settle"),
            screens=_REQUEST,
        ),
        Command(
            "request.waive",
            N_("Unterlage: Verzichten …"),
            lambda: desk.request.say_of_current("waive"),
            Menu.CASE,
            ("Alt+Z",),
            reason=lambda: desk.request.why_not("waive"),
            screens=_REQUEST,
        ),
        Command(
            "request.reopen",
            N_("Unterlage: Fehlt doch"),
            lambda: desk.request.say_of_current("reopen"),
            Menu.CASE,
            ("Alt+O",),
            reason=lambda: desk.request.why_not("reopen"),
            screens=_REQUEST,
        ),
    ]
