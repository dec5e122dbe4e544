"""The screens beside the list, each made when it is first needed: the first list must not wait for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from clerk_app.ui.commands import Commands, Screen
from clerk_app.ui.workbench import Workbench

if TYPE_CHECKING:
    from clerk_app.ui.dates_page import DatesPage
    from clerk_app.ui.decision_page import DecisionPage
    from clerk_app.ui.folder_page import FolderPage
    from clerk_app.ui.letter_page import LetterPage
    from clerk_app.ui.outbox_page import OutboxPage
    from clerk_app.ui.request_page import RequestPage
    from clerk_app.ui.review_page import ReviewPage
    from clerk_app.ui.verify_page import VerifyPage

_NAMES = {
    Screen.REVIEW: "review",
    Screen.DECISION: "decision",
    Screen.OUTBOX: "outbox",
    Screen.DATES: "dates",
    Screen.REQUEST: "request",
    Screen.VERIFY: "verify",
    Screen.LETTER: "letter",
    Screen.FOLDER: "folder",
}


class Pages:
    """Makes screens on demand; ``made`` is called with each new one, to put it in and wire it."""

    def __init__(self, bench: Workbench, commands: Commands, made: Callable[[Screen, QWidget], None]) -> None:
        self._bench, self._commands, self._made = bench, commands, made

    @cached_property
    def review(self) -> ReviewPage:
        """Prüfansicht."""
        from clerk_app.ui.review_page import ReviewPage

        page = ReviewPage(self._bench, self._commands)
        self.__dict__["review"] = page  # there already when its maker is told
        self._made(Screen.REVIEW, page)
        return page

    @cached_property
    def decision(self) -> DecisionPage:
        """Bescheid."""
        from clerk_app.ui.decision_page import DecisionPage

        page = DecisionPage(self._bench, self._commands)
        self.__dict__["decision"] = page  # there already when its maker is told
        self._made(Screen.DECISION, page)
        return page

    @cached_property
    def request(self) -> RequestPage:
        """Nachforderung."""
        from clerk_app.ui.request_page import RequestPage

        page = RequestPage(self._bench, self._commands)
        self.__dict__["request"] = page  # there already when its maker is told
        self._made(Screen.REQUEST, page)
        return page

    @cached_property
    def letter(self) -> LetterPage:
        """Schreiben."""
        from clerk_app.ui.letter_page import LetterPage

        page = LetterPage(self._bench, self._commands)
        self.__dict__["letter"] = page  # there already when its maker is told
        self._made(Screen.LETTER, page)
        return page

    @cached_property
    def outbox(self) -> OutboxPage:
        """Postausgang."""
        from clerk_app.ui.outbox_page import OutboxPage

        page = OutboxPage(self._bench, self._commands)
        self.__dict__["outbox"] = page  # there already when its maker is told
        self._made(Screen.OUTBOX, page)
        return page

    @cached_property
    def verify(self) -> VerifyPage:
        """Prüfung eines Dokuments."""
        from clerk_app.ui.verify_page import VerifyPage

        page = VerifyPage(self._bench, self._commands)
        self.__dict__["verify"] = page  # there already when its maker is told
        self._made(Screen.VERIFY, page)
        return page

    @cached_property
    def folder(self) -> FolderPage:
        """Unterschriftsmappe."""
        from clerk_app.ui.folder_page import FolderPage

        page = FolderPage(self._bench, self._commands)
        self.__dict__["folder"] = page  # there already when its maker is told
        self._made(Screen.FOLDER, page)
        return page

    @cached_property
    def dates(self) -> DatesPage:
        """Fristen."""
        from clerk_app.ui.dates_page import DatesPage

        page = DatesPage(self._bench, self._commands)
        self.__dict__["dates"] = page  # there already when its maker is told
        self._made(Screen.DATES, page)
        return page

    def has(self, screen: Screen) -> bool:
        """Whether a screen was made already."""
        return _NAMES.get(screen, "") in self.__dict__

    def make_one(self) -> bool:
        """Makes the next screen that is still missing. False when all are there."""
        for screen, name in _NAMES.items():
            if not self.has(screen):
                getattr(self, name)
                return True
        return False

    def page(self, screen: Screen) -> QWidget:
        """The widget of a screen, made now if need be."""
        found = getattr(self, _NAMES[screen])
        assert isinstance(found, QWidget)  # noqa: S101
        return found
