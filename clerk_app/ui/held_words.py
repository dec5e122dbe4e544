"""What stood in a small dialog when the program was locked: kept in the ledger's database, offered again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from clerk_app.texts import _

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow

KEPT = "held"


def words_of(dialog: QWidget) -> str:
    """Everything a person typed in it, field by field; never what a field hides."""
    found = []
    for field in dialog.findChildren(QWidget):
        if isinstance(field, QLineEdit):
            hidden = field.echoMode() is not QLineEdit.EchoMode.Normal
            if field.isModified() and not hidden and not field.isReadOnly():
                found.append(field.text())
        elif isinstance(field, QPlainTextEdit | QTextEdit) and not field.isReadOnly():
            found += [field.toPlainText()] if field.document().isModified() else []
    return "\n".join(text for text in found if text.strip())


def held_now() -> dict[str, object] | None:
    """The typed words of the dialogs that are open, with the title of the last one; None without any."""
    dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
    found = [(dialog.windowTitle(), words) for dialog in dialogs if (words := words_of(dialog))]
    if not found:
        return None
    return {"title": found[-1][0], "words": "\n".join(words for _title, words in found)}


class HeldWords:
    """Offers them in the new window, until they were taken."""

    def __init__(self, desk: DeskWindow) -> None:
        self._desk = desk
        self._words = ""

    def keep(self, held: dict[str, object]) -> None:
        """Into the ledger's database."""
        bench = self._desk.bench
        bench.worker.submit(lambda at: at.journal.remember(KEPT, held), None, bench.fail)

    def begin(self) -> None:
        """At start: is anything owed?"""
        bench = self._desk.bench
        self._desk.window.held.acted.connect(self._take)
        actor = bench.office.actor
        bench.queries.submit(lambda reads: reads.kept(actor, KEPT), self._offer, lambda _error: None)

    def _offer(self, found: object) -> None:
        if not isinstance(found, dict) or not isinstance(found.get("words"), str):
            return
        self._words = found["words"]
        words = _("Beim Sperren war „{title}“ offen. Dort stand: {words}").format(
            title=found.get("title", ""), words=self._words
        )
        self._desk.window.held.show_words("info", words, _("Text kopieren"))

    def _take(self) -> None:
        QGuiApplication.clipboard().setText(self._words)
        self._words = ""
        bench = self._desk.bench
        self._desk.window.held.show_words("info", "")
        bench.say(_("Der Text liegt in der Zwischenablage."))
        bench.worker.submit(lambda at: at.journal.remember(KEPT, None), None, bench.fail)
