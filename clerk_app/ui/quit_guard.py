"""Before the window goes: what still waits here will not leave while the program is closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from clerk_app.domain.outbox import IN_TRANSIT_STATES, OutboxEntry, OutboxKind, OutboxState
from clerk_app.texts import _, ngettext
from clerk_app.texts.outbox_words import state_word
from clerk_app.ui import labels
from clerk_app.ui.ask_dialog import AskDialog
from clerk_app.ui.workbench import Workbench

#: A session of the operating system that was to end and did not: after this the question is asked again.
SESSION_END_MS = 60_000
_NAMED = 5


def waiting_here(entries: Sequence[OutboxEntry]) -> list[OutboxEntry]:
    """Entries the program still has a step to do for: waiting, in transit, or in doubt."""
    unfinished = {OutboxState.QUEUED} | (IN_TRANSIT_STATES - {OutboxState.SUBMITTED})
    return [each for each in entries if each.state in unfinished and each.kind is not OutboxKind.STATUS]


def quit_words(waiting: Sequence[OutboxEntry], now: datetime) -> str:
    """What waits, and what closing means for it."""
    here = sum(1 for each in waiting if each.state is OutboxState.QUEUED)
    under_way = len(waiting) - here
    counts = []
    if here:
        counts.append(ngettext("{n} Schreiben wartet hier", "{n} Schreiben warten hier", here).format(n=here))
    if under_way:
        words = ngettext("{n} ist mitten in der Übertragung", "{n} sind mitten in der Übertragung", under_way)
        counts.append(words.format(n=under_way))
    named = [
        f"· {labels.kind(each.kind)}, {each.recipient_name} ({state_word(each, now)})"
        for each in waiting[:_NAMED]
    ]
    if len(waiting) > _NAMED:
        named.append(_("· und {n} weitere").format(n=len(waiting) - _NAMED))
    meaning = _(
        "Solange das Programm geschlossen ist, verlassen sie das Haus nicht. Verloren geht nichts: Beim "
        "nächsten Start geht es von selbst weiter."
    )
    return "\n".join([f"{', '.join(counts)}.", *named, "", meaning])


class QuitGuard(QObject):
    """Asks once, with "geöffnet lassen" as the default. The operating system's own end is never held up:
    nothing is lost by it."""

    def __init__(self, window: QWidget, bench: Workbench, close: Callable[[], object]) -> None:
        super().__init__(window)
        self._window, self._bench, self._close = window, bench, close
        self.agreed = False
        self._asking: AskDialog | None = None
        self._session = QTimer(self, singleShot=True, interval=SESSION_END_MS)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.commitDataRequest.connect(self.session_ends)

    @Slot()
    def session_ends(self, _manager: object = None) -> None:
        """The user signs out or the machine goes down: closing needs no answer."""
        self._session.start()
        if self._asking is not None:
            self._asking.reject()

    def may_close(self) -> bool:
        """True when nothing waits or it was agreed; else the question comes up and False."""
        if self.agreed or self._session.isActive():
            return True
        waiting = waiting_here(self._bench.reads.outbox(include_final=False))
        if not waiting:
            return True
        if self._asking is None:
            self._ask(waiting)
        return False

    def _ask(self, waiting: list[OutboxEntry]) -> None:
        dialog = AskDialog(
            self._window,
            self._bench,
            _("Noch nicht alles hinausgegangen"),
            quit_words(waiting, self._bench.now()),
            _("Trotzdem beenden"),
            stay=_("Geöffnet lassen"),
        )
        self._asking = dialog
        dialog.ask(self._yes, self._no)

    def _yes(self) -> None:
        self._asking = None
        self.agreed = True
        self._close()

    def _no(self) -> None:
        self._asking = None
