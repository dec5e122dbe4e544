"""The window's screens by name, each as what it is. Asking for one makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject

from clerk_app.ui.commands import Screen
from clerk_app.ui.pages import Pages

if TYPE_CHECKING:
    from clerk_app.ui.dates_page import DatesPage
    from clerk_app.ui.decision_page import DecisionPage
    from clerk_app.ui.folder_page import FolderPage
    from clerk_app.ui.letter_page import LetterPage
    from clerk_app.ui.outbox_page import OutboxPage
    from clerk_app.ui.request_page import RequestPage
    from clerk_app.ui.review_page import ReviewPage
    from clerk_app.ui.triage_page import TriagePage
    from clerk_app.ui.verify_page import VerifyPage


class DeskPages(QObject):
    """Screens made later."""

    pages: Pages

    @property
    def review(self) -> ReviewPage:
        """Prüfansicht."""
        return cast("ReviewPage", self.pages.page(Screen.REVIEW))

    @property
    def decision(self) -> DecisionPage:
        """Bescheid."""
        return cast("DecisionPage", self.pages.page(Screen.DECISION))

    @property
    def request(self) -> RequestPage:
        """Nachforderung."""
        return cast("RequestPage", self.pages.page(Screen.REQUEST))

    @property
    def letter(self) -> LetterPage:
        """Schreiben."""
        return cast("LetterPage", self.pages.page(Screen.LETTER))

    @property
    def outbox(self) -> OutboxPage:
        """Postausgang."""
        return cast("OutboxPage", self.pages.page(Screen.OUTBOX))

    @property
    def dates(self) -> DatesPage:
        """Fristen."""
        return cast("DatesPage", self.pages.page(Screen.DATES))

    @property
    def verify(self) -> VerifyPage:
        """Prüfung eines Dokuments."""
        return cast("VerifyPage", self.pages.page(Screen.VERIFY))

    @property
    def triage(self) -> TriagePage:
        """Verteilung."""
        return cast("TriagePage", self.pages.page(Screen.TRIAGE))

    @property
    def folder(self) -> FolderPage:
        """Unterschriftsmappe."""
        return cast("FolderPage", self.pages.page(Screen.FOLDER))
