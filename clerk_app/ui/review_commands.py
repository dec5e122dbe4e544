"""Commands of the review page: its parts, the search in them, and looking at an attachment."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from clerk_app.texts import N_
from clerk_app.ui.commands import Command, Menu, Screen
from clerk_app.ui.review_side import ReviewPart

if TYPE_CHECKING:
    from clerk_app.ui.attachment_viewer import AttachmentViewer
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
            "review.find_document",
            N_("In der Anlage suchen"),
            lambda: desk.review.viewer.open_find(),  # noqa: PLW0108 - the page is made later
            Menu.EDIT,
            ("Ctrl+Shift+F",),
            "search",
            screens=_REVIEW,
        ),
        *_looking(desk),
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


def _looking(desk: DeskWindow) -> list[Command]:
    """Single letters: they act while attachment or form has the focus, and the hand stays where it is."""
    looks: tuple[tuple[str, str, str, Callable[[], None]], ...] = (
        ("review.turn", N_("Anlage drehen"), "R", lambda: _viewer(desk).turn()),
        ("review.zoom_in", N_("Anlage vergrößern"), "+", lambda: _viewer(desk).pane.pages.zoom_by(1)),
        ("review.zoom_out", N_("Anlage verkleinern"), "-", lambda: _viewer(desk).pane.pages.zoom_by(-1)),
        ("review.fit_width", N_("Ganze Breite"), "B", lambda: _viewer(desk).pane.pages.set_zoom(1.0)),
        ("review.fit_page", N_("Ganze Seite"), "G", lambda: _viewer(desk).pane.pages.fit_page()),  # noqa: PLW0108
        (
            "review.thumbnails",
            N_("Seiten in klein"),
            "S",
            lambda: desk.review.viewer.thumbnails_shown(not desk.review.viewer.thumbnails.isVisible()),
        ),
    )
    return [
        Command(command_id, text, run, Menu.VIEW, (key,), screens=_REVIEW, single_key=True)
        for command_id, text, key, run in looks
    ]


def _viewer(desk: DeskWindow) -> AttachmentViewer:
    return desk.review.viewer
