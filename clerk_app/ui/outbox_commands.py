"""Commands of the outbox page, with their words, keys and reasons."""
# ruff: noqa: PLW0108 - the page does not exist yet when the commands are made: its methods are looked up late

from __future__ import annotations

from typing import TYPE_CHECKING

from clerk_app.texts import N_
from clerk_app.ui.commands import Command, Menu, Screen

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow

_OUTBOX = frozenset({Screen.OUTBOX})


def outbox_commands(desk: DeskWindow) -> list[Command]:
    """Each acts on the chosen entry."""
    return [
        Command(
            "outbox.withdraw",
            N_("Zurück&holen"),
            lambda: desk.outbox.acts.withdraw(),
            Menu.EDIT,
            ("Del",),
            "undo",
            lambda: desk.outbox.acts.why_not_withdraw(),
            _OUTBOX,
        ),
        Command(
            "outbox.retry",
            N_("&Erneut senden"),
            lambda: desk.outbox.acts.retry(),
            Menu.EDIT,
            ("Ctrl+Return", "Ctrl+Enter"),
            "refresh",
            lambda: desk.outbox.acts.why_not_retry(),
            _OUTBOX,
            deciding=True,
        ),
        Command(
            "outbox.nevertheless",
            N_("&Trotzdem senden …"),
            lambda: desk.outbox.acts.send_nevertheless(),
            Menu.EDIT,
            ("Ctrl+Shift+Return",),
            "send",
            lambda: desk.outbox.acts.why_not_nevertheless(),
            _OUTBOX,
            deciding=True,
        ),
        Command(
            "outbox.take-over",
            N_("Übernehmen …"),
            lambda: desk.outbox.acts.take_over(),
            Menu.EDIT,
            ("Ctrl+Shift+U",),
            "move_to_inbox",
            lambda: desk.outbox.acts.why_not_take_over(),
            _OUTBOX,
            deciding=True,
        ),
        Command(
            "outbox.compare",
            N_("Zwei Bescheide vergleichen …"),
            lambda: desk.outbox.acts.compare(),
            Menu.EDIT,
            icon="table",
            reason=lambda: desk.outbox.acts.why_not_compare(),
            screens=_OUTBOX,
        ),
        Command(
            "outbox.post",
            N_("Per &Post senden"),
            lambda: desk.outbox.acts.send_by_post(),
            Menu.EDIT,
            ("Ctrl+Shift+B",),
            "local_post_office",
            lambda: desk.outbox.acts.why_not_post(),
            _OUTBOX,
        ),
        Command(
            "outbox.print",
            N_("Drucke&n …"),
            lambda: desk.outbox.acts.print_letter(),
            Menu.FILE,
            ("Ctrl+P",),
            "print",
            lambda: desk.outbox.acts.why_not_print(),
            _OUTBOX,
        ),
        Command(
            "outbox.print_all",
            N_("Alle Briefe dr&ucken …"),
            lambda: desk.outbox.acts.print_all(),
            Menu.FILE,
            ("Ctrl+Shift+P",),
            "print",
            lambda: desk.outbox.acts.why_not_print_all(),
            _OUTBOX,
        ),
        Command(
            "outbox.posted",
            N_("Als &versandt vermerken …"),
            lambda: desk.outbox.acts.mark_posted(),
            Menu.EDIT,
            ("Ctrl+D",),
            "mail",
            lambda: desk.outbox.acts.why_not_posted(),
            _OUTBOX,
        ),
        Command(
            "outbox.correct_posted",
            N_("Versandtag &berichtigen …"),
            lambda: desk.outbox.acts.correct_posted(),
            Menu.EDIT,
            ("Ctrl+Shift+D",),
            "edit",
            lambda: desk.outbox.acts.why_not_correct_posted(),
            _OUTBOX,
        ),
        Command(
            "outbox.save",
            N_("P&DF speichern …"),
            lambda: desk.outbox.acts.save(),
            Menu.FILE,
            ("Ctrl+S",),
            "save",
            lambda: desk.outbox.acts.why_not_chosen(),
            _OUTBOX,
        ),
        Command(
            "outbox.copy",
            N_("&Nachweis kopieren"),
            lambda: desk.outbox.acts.copy(),
            Menu.EDIT,
            ("Ctrl+C",),
            "content_copy",
            lambda: desk.outbox.acts.why_not_chosen(),
            _OUTBOX,
        ),
    ]
