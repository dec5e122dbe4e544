"""Into the reading mode of the case at hand and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from clerk_app.texts import N_
from clerk_app.ui.commands import Command, Menu, Screen
from clerk_app.ui.dossier import Dossier

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow
    from clerk_app.ui.reading_page import ReadingPage


class ReadingSteps:
    """The case as one document, for those who read or hear it from top to bottom."""

    def __init__(self, desk: DeskWindow) -> None:
        self._desk = desk
        self._from = Screen.BROWSE

    def commands(self) -> list[Command]:
        """One key, there and back."""
        return [
            Command(
                "case.read",
                N_("Lesemodus"),
                self.show,
                Menu.VIEW,
                ("F9",),
                "article",
                lambda: (
                    None if self._desk.window.shown is Screen.READING else self._desk.flow.why_not_readable()
                ),
                frozenset({Screen.BROWSE, Screen.REVIEW, Screen.READING}),
            )
        ]

    def why_not_read(self) -> str | None:
        """Why there is nothing to read; who reads already goes back."""
        if self._desk.window.shown is Screen.READING:
            return None
        return self._desk.flow.why_not_readable()

    def page(self) -> ReadingPage:
        """Lesemodus."""
        return cast("ReadingPage", self._desk.pages.page(Screen.READING))

    def show(self) -> None:
        """The case at hand; pressed again: back."""
        desk = self._desk
        if desk.window.shown is Screen.READING:
            self.go_back()
            return
        dossier = desk.flow.dossier
        if dossier is None:
            return
        self._from = desk.window.shown
        self.page().show_dossier(dossier)
        desk.window.show_screen(Screen.READING)
        self.page().focus_content()

    def take_dossier(self, dossier: Dossier) -> None:
        """The case changed while it is read."""
        if self._desk.window.shown is Screen.READING:
            self.page().show_dossier(dossier)

    def go_back(self) -> None:
        """Back to where reading began."""
        desk = self._desk
        desk.window.show_screen(self._from)
        if self._from is Screen.REVIEW:
            desk.review.focus_content()
        else:
            desk.window.focus_list()
