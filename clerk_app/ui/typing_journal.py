"""Watches a form and has what is typed written down, at the latest a moment after the first key."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer, Slot

from clerk_app.domain.ids import CaseId
from clerk_app.domain.typed import KEEP_AFTER_S, TypedPlace
from clerk_app.ui.workbench import Workbench

Fields = Mapping[str, object]


class TypingJournal(QObject):
    """One form's journal. ``read`` gives the case and everything that stands in the form, or None while there
    is none."""

    def __init__(
        self,
        bench: Workbench,
        place: TypedPlace,
        read: Callable[[], tuple[CaseId, Fields] | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._bench, self.place, self._read = bench, place, read
        self._since_s: float | None = None  # the first key that is not written down
        self._last: tuple[CaseId, Fields] | None = None
        self._first: tuple[CaseId, Fields] | None = None
        self._timer = QTimer(self, singleShot=True, interval=round(KEEP_AFTER_S * 1000))
        self._timer.timeout.connect(self.keep)

    def begin(self, fields: Fields, case_id: CaseId) -> None:
        """Another case: this is what stands there before anything is typed."""
        self._forget()
        self._last = self._first = (case_id, dict(fields))

    @property
    def moved(self) -> bool:
        """Whether anything was typed since ``begin``."""
        return self._since_s is not None or self._last != self._first

    @Slot()
    def touch(self) -> None:
        """Something was typed. The clock runs from the first key on, not from the last."""
        now_s = self._bench.shell.clock_s()
        if self._since_s is None:
            self._since_s = now_s
            self._timer.start()
        elif now_s - self._since_s >= KEEP_AFTER_S:
            self.keep()

    @Slot()
    def keep(self) -> None:
        """Writes down what stands there now, if it is new."""
        self._forget()
        found = self._read()
        if found is None or found == self._last:
            return
        self._last = found
        case_id, fields = found
        # without a key: none of these may be replaced by a later one before it is done
        self._bench.worker.submit(
            lambda desk: desk.journal.keep(case_id, self.place, fields), None, self._bench.fail
        )

    def flush(self) -> None:
        """At once: the window is about to close, or the form goes to another case."""
        if self._since_s is not None:
            self.keep()

    def end(self, case_id: CaseId) -> None:
        """It was sent."""
        self._forget()
        self._last = self._first = None
        self._bench.worker.submit(lambda desk: desk.journal.end(case_id, self.place), None, self._bench.fail)

    def _forget(self) -> None:
        self._timer.stop()
        self._since_s = None
