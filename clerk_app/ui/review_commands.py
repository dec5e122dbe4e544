"""Commands of the review page's left side: its parts and the search in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clerk_app.texts import N_
from clerk_app.ui.commands import Command, Menu, Screen
from clerk_app.ui.review_side import ReviewPart

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow

_REVIEW = frozenset({Screen.REVIEW})


def review_commands(desk: DeskWindow) -> list[Command]:
    """Ctrl+Tab goes round, Alt with a digit goes to one part."""
    return [
        Command(
            "review.checks",
            N_("Prüfpunkte und Angaben"),
            lambda: desk.review.side.show_part(ReviewPart.CHECKS),
            Menu.VIEW,
            ("Alt+1",),
            screens=_REVIEW,
        ),
        Command(
            "review.changes",
            N_("Änderungen gegenüber früher"),
            lambda: desk.review.side.show_part(ReviewPart.CHANGES),
            Menu.VIEW,
            ("Alt+2",),
            screens=_REVIEW,
        ),
        Command(
            "review.related",
            N_("Bezüge zu anderen Vorgängen"),
            lambda: desk.review.side.show_part(ReviewPart.RELATED),
            Menu.VIEW,
            ("Alt+3",),
            screens=_REVIEW,
        ),
        Command(
            "review.raw",
            N_("Rohdaten"),
            lambda: desk.review.side.show_part(ReviewPart.RAW),
            Menu.VIEW,
            ("Alt+4",),
            screens=_REVIEW,
        ),
        Command(
            "review.find",
            N_("Auf dieser Seite suchen"),
            lambda: desk.review.side.open_find(),  # noqa: PLW0108 - the page is made later
            Menu.EDIT,
            ("Ctrl+F",),
            "search",
            screens=_REVIEW,
        ),
        Command(
            "review.find_next",
            N_("Nächster Treffer"),
            lambda: desk.review.side.find_step(1),
            Menu.EDIT,
            ("F3",),
            screens=_REVIEW,
        ),
        Command(
            "review.find_previous",
            N_("Voriger Treffer"),
            lambda: desk.review.side.find_step(-1),
            Menu.EDIT,
            ("Shift+F3",),
            screens=_REVIEW,
        ),
        Command(
            "review.part_next",
            N_("Nächster Teil der Prüfung"),
            lambda: desk.review.side.step(1),
            None,
            ("Ctrl+Tab",),
            screens=_REVIEW,
        ),
        Command(
            "review.part_previous",
            N_("Voriger Teil der Prüfung"),
            lambda: desk.review.side.step(-1),
            None,
            ("Ctrl+Shift+Tab",),
            screens=_REVIEW,
        ),
    ]
