"""Keeps a decision's letter level with what is typed, and what was typed in the ledger.

At most one letter is being made at a time; when it is there and something was typed meanwhile, the next is
begun: so the picture follows the typing however slow a letter is. Keeping waits until the hands rest, because
each keeping is an entry of the ledger.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.errors import ClerkError
from clerk_app.ui.decision_model import Prepared, Wish, prepare
from clerk_app.ui.workbench import Workbench

FOLLOW_MS = 10
"""How long typing is gathered before the letter is made anew."""
KEEP_MS = 800
"""How long the hands must rest before what was typed is kept."""


class LetterMaker(QObject):
    """Makes letters on the command worker. ``made`` carries a Prepared, ``failed`` a ClerkError."""

    made = Signal(object)
    failed = Signal(object)
    busy = Signal()

    def __init__(self, bench: Workbench, wish: Callable[[], Wish | None], parent: QObject) -> None:
        """``wish``: what is chosen and typed now; None while there is no case."""
        super().__init__(parent)
        self._bench, self._wish = bench, wish
        self._kept: tuple[Outcome, Wording] | None = None
        self.own: list[tuple[Outcome, Wording]] = []  # every state kept from here, newest last
        self._turn = 0  # counts the cases begun: what comes for an earlier one is not for this one
        self._making = self._keeping = self._again = self._paused = False
        self._follow = QTimer(self, singleShot=True, interval=FOLLOW_MS)
        self._follow.timeout.connect(self.make)
        self._rest = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._rest.timeout.connect(self.make_and_keep)

    @property
    def keeping(self) -> bool:
        """Whether what was typed is being kept: the letter shown is about to be outdated."""
        return self._keeping

    @property
    def waits_to_keep(self) -> bool:
        """Whether something typed waits to be kept."""
        return self._rest.isActive()

    def begin(self, outcome: Outcome, kept: Wording) -> None:
        """Another case, with what is kept of it already."""
        self._turn += 1
        self._kept = (outcome, kept)
        self.own = [self._kept]
        self._rest.stop()
        self._making = self._keeping = self._again = self._paused = False
        self.make()

    def touch(self) -> None:
        """Something was typed."""
        if not self._follow.isActive():  # not begun anew by each key: the picture follows the typing
            self._follow.start()
        self._rest.start()
        self.busy.emit()

    def pause(self) -> None:
        """While a PIN is typed and a letter signed: a draft kept meanwhile would be a change of the case."""
        self._paused = True
        self._rest.stop()

    def go_on(self) -> None:
        """Nothing was signed: what was typed is kept after all."""
        self._paused = False
        wish = self._wish()
        if wish is not None and self._is_new(wish):
            self._rest.start()

    def keep_now(self) -> None:
        """Keeps at once what was typed last: the window is about to close, or another case is begun."""
        wish = self._wish()
        if wish is None or self._paused or not self._rest.isActive():
            return
        self._rest.stop()
        if self._is_new(wish):
            self._kept = (wish.outcome, wish.wording)
            self.own.append(self._kept)
            # without a key, so that it is done even when the window closes
            self._bench.worker.submit(
                lambda desk: desk.cases.save_draft(wish.case_id, wish.outcome, wish.wording),
                None,
                self._bench.fail,
            )

    @Slot()
    def make(self) -> None:
        """Makes the letter as it would be now."""
        self._make(keep=False)

    @Slot()
    def make_and_keep(self) -> None:
        """Keeps what was typed and makes the letter from the case as it is then."""
        self._make(keep=True)

    def _make(self, *, keep: bool) -> None:
        wish, turn = self._wish(), self._turn
        if wish is None or self._paused:
            return
        if self._making:
            self._again = True
            if keep:
                self._rest.start()
            return
        self._follow.stop()
        keep = keep and self._is_new(wish)
        self._making, self._keeping = True, keep
        if keep:
            self.own.append((wish.outcome, wish.wording))
        self.busy.emit()

        def done(prepared: Prepared) -> None:
            if turn == self._turn:
                if keep:
                    self._kept = (wish.outcome, wish.wording)
                self._finished()
                self.made.emit(prepared)

        def failed(error: ClerkError) -> None:
            if turn == self._turn:
                self._finished()
                self.failed.emit(error)

        self._bench.worker.submit(lambda desk: prepare(desk, wish, keep=keep), done, failed, key="decision")

    def _finished(self) -> None:
        self._making = self._keeping = False
        if self._again:
            self._again = False
            self._follow.start()

    def _is_new(self, wish: Wish) -> bool:
        return (wish.outcome, wish.wording) != self._kept
