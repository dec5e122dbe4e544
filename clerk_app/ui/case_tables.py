"""The other tabs of a case: attachments, what left the office, what happened."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QPushButton, QStackedWidget, QWidget

from clerk_app.domain.case import CaseAttachment, CaseFile, IssuedDocument
from clerk_app.domain.ids import CaseId
from clerk_app.domain.outbox import OutboxEntry, OutboxKind
from clerk_app.domain.typed import TypedPlace, TypedState
from clerk_app.texts import _, formats
from clerk_app.texts.outbox_words import age_words, state_word
from clerk_app.texts.statuses import actor_label
from clerk_app.ui import labels
from clerk_app.ui.attachment_cards import kind_word
from clerk_app.ui.attachment_viewer import attachment_name, read_attachment
from clerk_app.ui.empty_state import EmptyState
from clerk_app.ui.history import event_sentence
from clerk_app.ui.outbox_model import look
from clerk_app.ui.rows_model import Cell, Line, RowsModel, RowsView
from clerk_app.ui.saving import save_bytes
from clerk_app.ui.typing_journal import TypingJournal
from clerk_app.ui.widgets import column, row
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.outbox_watch import Watched


class _Table(QWidget):
    """A table with a sentence in its place while it is empty, and buttons below."""

    def __init__(self, bench: Workbench, headings: tuple[str, ...], name: str, stretch: int) -> None:
        super().__init__()
        self._bench = bench
        self._case: CaseFile | None = None
        self.model = RowsModel(bench.theme, headings)
        self.view = RowsView(bench.theme, self.model, name, stretch)
        self.empty = EmptyState(bench.theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.view)
        self._buttons = row(spacing=8)
        self._buttons.addStretch(1)
        layout = column(margins=(20, 12, 20, 12), spacing=8)
        layout.addWidget(self._stack, 1)
        layout.addLayout(self._buttons)
        self.setLayout(layout)

    def _show(self, lines: list[Line], icon: str, nothing: str) -> None:
        self.model.show(lines)
        self.empty.show_state(icon, nothing, "", "")
        self._stack.setCurrentWidget(self.view if lines else self.empty)

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text)
        self._buttons.insertWidget(self._buttons.count() - 1, button)
        return button


class AttachmentTable(_Table):
    """Anlagen with kind, size and arrival. ``chosen`` carries the CaseAttachment to look at."""

    chosen = Signal(object)

    def __init__(self, bench: Workbench) -> None:
        headings = (_("Name"), _("Art"), _("Größe"), _("Eingang"))
        super().__init__(bench, headings, _("Anlagen"), 0)
        self.view.doubleClicked.connect(self._double_clicked)
        self._save = self._button(_("Speichern unter …"))
        self._save.clicked.connect(self._save_current)

    def show_case(self, case: CaseFile) -> None:
        """The attachments of a case."""
        self._case = case
        self._save.setVisible(bool(case.attachments))
        self._show([_attachment_line(item) for item in case.attachments], "attach_file", _("Keine Anlagen."))

    @Slot(QModelIndex)
    def _double_clicked(self, index: QModelIndex) -> None:
        line = self.model.line(index.row())
        if line is not None:
            self.chosen.emit(line.subject)

    @Slot()
    def _save_current(self) -> None:
        line = self.view.current_line() or self.model.line(0)
        case = self._case
        if line is None or case is None or not isinstance(line.subject, CaseAttachment):
            return
        item, case_id = line.subject, case.row.case_id
        name = attachment_name(item)
        save_bytes(self, self._bench, name, lambda desk: read_attachment(desk, case_id, item))


def _attachment_line(item: CaseAttachment) -> Line:
    return Line(
        f"{item.submission_id}/{item.attachment.attachment_id}",
        (
            Cell(attachment_name(item), "description"),
            Cell(kind_word(item.attachment.media_type), role="muted"),
            Cell(formats.size(item.attachment.size_bytes), role="muted"),
            Cell(formats.moment(item.arrived_at), role="muted"),
        ),
        item,
    )


class OutgoingTable(_Table):
    """Bescheide, or the other messages, with their state."""

    def __init__(self, bench: Workbench, *, decisions: bool) -> None:
        name = _("Bescheide") if decisions else _("Nachrichten")
        headings = (_("Zustand"), _("Seit"), _("Betreff"), _("Weg"), _("Vom"))
        super().__init__(bench, headings, name, 2)
        self._decisions = decisions
        self._save = self._button(_("PDF speichern unter …"))
        self._save.clicked.connect(self._save_current)

    def show_case(self, case: CaseFile) -> None:
        """What left, or will leave, in a case."""
        self._case = case
        now = self._bench.now()
        entries = [
            entry
            for entry in case.outgoing
            if entry.kind is not OutboxKind.STATUS and (entry.kind is OutboxKind.DECISION) is self._decisions
        ]
        lines = []
        for entry in entries:
            icon, role = look(Watched(entry))
            cells = (
                Cell(state_word(entry, now), icon, role),
                Cell(age_words(entry, now), role="muted"),
                Cell(entry.title or labels.kind(entry.kind)),
                Cell(labels.channel(entry.channel), role="muted"),
                Cell(formats.moment(entry.created_at), role="muted"),
            )
            lines.append(Line(entry.entry_id, cells, entry))
        nothing = _("Noch kein Bescheid.") if self._decisions else _("Noch keine Nachricht.")
        self._save.setVisible(bool(lines))
        self._show(lines, "description" if self._decisions else "chat", nothing)

    @Slot()
    def _save_current(self) -> None:
        line = self.view.current_line() or self.model.line(0)
        case = self._case
        if line is None or case is None or not isinstance(line.subject, OutboxEntry):
            return
        document = issued_of(case, line.subject.entry_id)
        if document is not None:
            save_issued(self, self._bench, case, document)


def issued_of(case: CaseFile, entry_id: str) -> IssuedDocument | None:
    """The document that belongs to an outgoing entry."""
    return next((found for found in case.issued if found.entry_id == entry_id), None)


def save_issued(parent: QWidget, bench: Workbench, case: CaseFile, document: IssuedDocument) -> None:
    """Asks for a place and writes the document there."""
    case_id = case.row.case_id
    save_bytes(
        parent, bench, document.filename, lambda desk: desk.documents.read(case_id, document.document_id)
    )


class HistoryPage(_Table):
    """Verlauf, newest first, and a line for a Vermerk. ``written`` carries its text."""

    written = Signal(str)

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench, (_("Wann"), _("Was"), _("Wer")), _("Verlauf"), 1)
        self._fresh = True
        self.note = QLineEdit()
        self.note.setPlaceholderText(_("Vermerk schreiben …"))
        self.note.setAccessibleName(_("Vermerk"))
        self.note.returnPressed.connect(self._write)
        self.journal = TypingJournal(bench, TypedPlace.NOTE, self._typed, self)
        self.note.textEdited.connect(self.journal.touch)
        self._buttons.insertWidget(0, self.note, 10)
        self._button(_("Vermerk hinzufügen")).clicked.connect(self._write)
        self._buttons.setStretch(self._buttons.count() - 1, 0)

    def show_case(self, case: CaseFile) -> None:
        """What happened in a case."""
        if self._case is None or self._case.row.case_id != case.row.case_id:
            self.journal.flush()
            self.note.clear()
            self._fresh = True
        self._case = case
        lines = [
            Line(
                f"{at}",
                (
                    Cell(formats.moment(event.at), role="muted"),
                    Cell(event_sentence(event)),
                    Cell(actor_label(event.actor), role="muted"),
                ),
            )
            for at, event in enumerate(case.history)
        ]
        self._show(lines[::-1], "history", _("Noch ist nichts geschehen."))

    def take_typed(self, state: TypedState | None) -> None:
        """What was typed of a note in this case before, once, and nothing is typed yet."""
        if self._fresh and self._case is not None:
            self._fresh = False
            text = str(state.fields.get("text") or "") if state is not None else ""
            if text and not self.note.text():
                self.note.setText(text)
            self.journal.begin({"text": self.note.text()}, self._case.row.case_id)

    def _typed(self) -> tuple[CaseId, Mapping[str, object]] | None:
        """What stands in the line, for the journal."""
        return None if self._case is None else (self._case.row.case_id, {"text": self.note.text()})

    @Slot()
    def _write(self) -> None:
        if self.note.text().strip() and self._case is not None:
            self.written.emit(self.note.text())
            self.note.clear()
            self.journal.end(self._case.row.case_id)
