"""What every screen of one window shares."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QObject, Signal

from clerk_app.domain.deadlines import office_day
from clerk_app.domain.errors import ClerkError
from clerk_app.ui.bridge import Bridge
from clerk_app.ui.rendering import Renderer
from clerk_app.ui.shell import Shell
from clerk_app.ui.theme import Theme
from clerk_app.ui.worker import Worker
from clerk_app.usecases.desk import Desk
from clerk_app.usecases.ports import CaseReads


class Workbench(QObject):
    """The threads, the clock, the look. ``failed`` carries (ClerkError, what to try again or None),
    ``said`` a short sentence for the toast."""

    failed = Signal(object, object)
    said = Signal(str)

    def __init__(self, shell: Shell, theme: Theme) -> None:
        super().__init__()
        self.shell = shell
        self.theme = theme
        self.office = shell.office
        self.settings = shell.settings
        self.bridge = Bridge()
        self.worker: Worker[Desk] = Worker("desk", shell.open_desk, lambda desk: desk.close())
        self.queries: Worker[CaseReads] = Worker("query", shell.open_reads, threads=2)
        self.pictures: Worker[Renderer] = Worker(
            "pictures", shell.open_renderer, lambda renderer: renderer.close()
        )
        self.reads = shell.open_reads()
        self._ends = [
            shell.subscribe_changes(self.bridge.take_changes),
            shell.sync.subscribe(self.bridge.take_status),
            *([shell.presence.subscribe(self.bridge.take_presence)] if shell.presence is not None else []),
        ]

    def now(self) -> datetime:
        """The office's clock."""
        return self.shell.now()

    def today(self) -> date:
        """The day in the office."""
        return office_day(self.shell.now())

    def fail(self, error: ClerkError, again: Callable[[], None] | None = None) -> None:
        """Shows an error; ``again`` is what "Erneut versuchen" does."""
        self.failed.emit(error, again)

    def say(self, sentence: str) -> None:
        """Shows a short sentence for a moment."""
        self.said.emit(sentence)

    def close(self) -> None:
        """Ends subscriptions and threads. Whatever a clerk did is finished first."""
        for end in self._ends:
            end()
        self._ends = []
        for worker in self._workers():
            worker.stop()

    def hush(self) -> None:
        """Nothing that is still on its way comes to the window any more: it is gone."""
        self.bridge.blockSignals(True)
        for worker in self._workers():
            worker.hush()

    def _workers(self) -> tuple[Worker[Renderer], Worker[CaseReads], Worker[Desk]]:
        return self.pictures, self.queries, self.worker
