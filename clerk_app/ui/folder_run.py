"""A signing run of the window: works on the desk's thread, tells the page, can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from clerk_app.domain.errors import ClerkError
from clerk_app.domain.folder import FolderRun, PaperResult
from clerk_app.domain.ids import EntryId
from clerk_app.domain.signature import SigningOutlook
from clerk_app.ui.sign_dialog import SignDialog
from clerk_app.ui.sign_model import must_ask
from clerk_app.ui.workbench import Workbench


class SigningRun(QObject):
    """One run at a time. ``told`` carries (done, total, PaperResult), ``ended`` the FolderRun, ``failed`` a
    ClerkError; all arrive on the UI thread."""

    told = Signal(int, int, object)
    ended = Signal(object)
    failed = Signal(object)
    given_up = Signal()
    _step = Signal(int, int, object)

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self._stop = threading.Event()
        self.running = False
        self._step.connect(self._take_step, Qt.ConnectionType.QueuedConnection)

    def ask(self, parent: QWidget, draft_ids: Sequence[EntryId]) -> None:
        """Signs these, after asking for the PIN where the key wants one. ``given_up`` when the clerk thought
        better of it."""
        self.running = True
        self._bench.worker.submit(
            lambda desk: desk.folder.outlook(draft_ids[0]),
            lambda outlook: self._looked(parent, draft_ids, outlook),
            self._failed,
        )

    def _looked(self, parent: QWidget, draft_ids: Sequence[EntryId], outlook: SigningOutlook) -> None:
        if not must_ask(outlook):
            self._start(draft_ids, None, None)
            return
        dialog = SignDialog(parent, self._bench, outlook, len(draft_ids))

        def close() -> None:
            dialog.rejected.disconnect(given_up)
            dialog.hide()
            dialog.deleteLater()

        def submitted(reference: str, typed: str) -> None:
            close()  # at once: how far it is stands on the page, and there it can be stopped
            self._start(draft_ids, reference, typed or None)

        def given_up() -> None:
            close()
            self.running = False
            self.given_up.emit()

        dialog.submitted.connect(submitted)
        dialog.rejected.connect(given_up)
        dialog.open()

    def _start(self, draft_ids: Sequence[EntryId], key: str | None, password: str | None) -> None:
        self._stop = stop = threading.Event()

        def progress(done: int, total: int, result: PaperResult) -> None:
            self._step.emit(done, total, result)  # from the desk's thread

        self._bench.worker.submit(
            lambda desk: desk.folder.sign(
                draft_ids, lambda: password, key, progress=progress, cancelled=stop.is_set
            ),
            self._ended,
            self._failed,
        )

    def stop(self) -> None:
        """Ends the run after the document at hand."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether it was asked to end."""
        return self.running and self._stop.is_set()

    @Slot(int, int, object)
    def _take_step(self, done: int, total: int, result: object) -> None:
        if self.running:
            self.told.emit(done, total, result)

    def _ended(self, run: FolderRun) -> None:
        self.running = False
        self.ended.emit(run)

    def _failed(self, error: ClerkError) -> None:
        self.running = False
        self.failed.emit(error)
