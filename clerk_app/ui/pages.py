"""The screens beside the list, each made when it is first needed: the first list must not wait for them.

A new screen is a line in ``Screen``, a maker here and, when it has a place in the sidebar, an ``Area``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from clerk_app.ui.commands import Commands, Screen
from clerk_app.ui.page import Page
from clerk_app.ui.workbench import Workbench

if TYPE_CHECKING:
    from clerk_app.ui.county_page import CountyPage
    from clerk_app.ui.dates_page import DatesPage
    from clerk_app.ui.decision_page import DecisionPage
    from clerk_app.ui.folder_page import FolderPage
    from clerk_app.ui.help_page import HelpPage
    from clerk_app.ui.letter_page import LetterPage
    from clerk_app.ui.outbox_page import OutboxPage
    from clerk_app.ui.packages_page import PackagesPage
    from clerk_app.ui.policy_page import PolicyPage
    from clerk_app.ui.reading_page import ReadingPage
    from clerk_app.ui.request_page import RequestPage
    from clerk_app.ui.review_page import ReviewPage
    from clerk_app.ui.settings_page import SettingsPage
    from clerk_app.ui.statistics_page import StatisticsPage
    from clerk_app.ui.triage_page import TriagePage
    from clerk_app.ui.verify_page import VerifyPage

Maker = Callable[[Workbench, Commands], Page]


def _review(bench: Workbench, commands: Commands) -> ReviewPage:
    from clerk_app.ui.review_page import ReviewPage

    return ReviewPage(bench, commands)


def _decision(bench: Workbench, commands: Commands) -> DecisionPage:
    from clerk_app.ui.decision_page import DecisionPage

    return DecisionPage(bench, commands)


def _request(bench: Workbench, commands: Commands) -> RequestPage:
    from clerk_app.ui.request_page import RequestPage

    return RequestPage(bench, commands)


def _letter(bench: Workbench, commands: Commands) -> LetterPage:
    from clerk_app.ui.letter_page import LetterPage

    return LetterPage(bench, commands)


def _outbox(bench: Workbench, commands: Commands) -> OutboxPage:
    from clerk_app.ui.outbox_page import OutboxPage

    return OutboxPage(bench, commands)


def _verify(bench: Workbench, commands: Commands) -> VerifyPage:
    from clerk_app.ui.verify_page import VerifyPage

    return VerifyPage(bench, commands)


def _folder(bench: Workbench, commands: Commands) -> FolderPage:
    from clerk_app.ui.folder_page import FolderPage

    return FolderPage(bench, commands)


def _dates(bench: Workbench, commands: Commands) -> DatesPage:
    from clerk_app.ui.dates_page import DatesPage

    return DatesPage(bench, commands)


def _help(bench: Workbench, commands: Commands) -> HelpPage:
    from clerk_app.ui.help_page import HelpPage

    return HelpPage(bench, commands)


def _statistics(bench: Workbench, commands: Commands) -> StatisticsPage:
    from clerk_app.ui.statistics_page import StatisticsPage

    return StatisticsPage(bench, commands)


def _reading(bench: Workbench, commands: Commands) -> ReadingPage:
    from clerk_app.ui.reading_page import ReadingPage

    return ReadingPage(bench, commands)


def _settings(bench: Workbench, commands: Commands) -> SettingsPage:
    from clerk_app.ui.settings_page import SettingsPage

    return SettingsPage(bench, commands)


def _policy(bench: Workbench, commands: Commands) -> PolicyPage:
    from clerk_app.ui.policy_page import PolicyPage

    return PolicyPage(bench, commands)


def _packages(bench: Workbench, commands: Commands) -> PackagesPage:
    from clerk_app.ui.packages_page import PackagesPage

    return PackagesPage(bench, commands)


def _triage(bench: Workbench, commands: Commands) -> TriagePage | CountyPage:
    """An office distributes its cases among its people, a county among its offices."""
    if bench.office.county:
        from clerk_app.ui.county_page import CountyPage

        return CountyPage(bench, commands)
    from clerk_app.ui.triage_page import TriagePage

    return TriagePage(bench, commands)


#: In the order in which they are made ahead of time.
MAKERS: dict[Screen, Maker] = {
    Screen.REVIEW: _review,
    Screen.DECISION: _decision,
    Screen.OUTBOX: _outbox,
    Screen.DATES: _dates,
    Screen.REQUEST: _request,
    Screen.VERIFY: _verify,
    Screen.LETTER: _letter,
    Screen.FOLDER: _folder,
    Screen.HELP: _help,
    Screen.STATISTICS: _statistics,
    Screen.READING: _reading,
    Screen.SETTINGS: _settings,
    Screen.POLICY: _policy,
    Screen.PACKAGES: _packages,
    Screen.TRIAGE: _triage,
}
#: These are made only when somebody goes there: most people never do on most days.
RARE = frozenset(
    {
        Screen.HELP,
        Screen.STATISTICS,
        Screen.READING,
        Screen.SETTINGS,
        Screen.POLICY,
        Screen.PACKAGES,
        Screen.TRIAGE,
    }
)


class Pages:
    """Makes screens on demand; ``made`` is called with each new one, to put it in and wire it."""

    def __init__(self, bench: Workbench, commands: Commands, made: Callable[[Screen, Page], None]) -> None:
        self._bench, self._commands, self._made = bench, commands, made
        self._pages: dict[Screen, Page] = {}

    def page(self, screen: Screen) -> Page:
        """The page of a screen, made now if need be."""
        if screen not in self._pages:
            self._pages[screen] = page = MAKERS[screen](self._bench, self._commands)
            self._made(screen, page)
        return self._pages[screen]

    def has(self, screen: Screen) -> bool:
        """Whether a screen was made already."""
        return screen in self._pages

    def there(self) -> Iterator[Page]:
        """The pages made so far."""
        yield from list(self._pages.values())

    def make_one(self) -> bool:
        """Makes the next screen that is still missing. False when all are there that are made ahead."""
        for screen in MAKERS:
            if screen not in self._pages and screen not in RARE:
                _polish(self.page(screen))
                return True
        return False


def _polish(page: Page) -> None:
    """Dresses every part now, while nobody waits: else the first one who comes here waits for it."""
    for part in (page, *page.findChildren(QWidget)):
        part.ensurePolished()
