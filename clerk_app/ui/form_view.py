"""The form as filed: sections with labelled values, as a tree a keyboard and a screen reader can walk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView

from clerk_app.domain.needle import Needle, Span
from clerk_app.domain.service_package import FormView
from clerk_app.texts import _
from clerk_app.ui.form_delegate import FormDelegate
from clerk_app.ui.form_model import (
    COMPLAINT,
    NOTE,
    PATH,
    SECTION,
    FormSection,
    Index,
    find_path,
    form_sections,
    mark_complaints,
    section_model,
)
from clerk_app.ui.theme import Theme

LABEL_WIDTH = 166
_Key = tuple[int, int, int]  # section (-1: a heading), line, column


class FormTree(QTreeView):
    """Form fields. Ctrl+C copies the value of the current line. ``chosen`` carries the path of the line that
    was pressed Enter on or clicked twice, ``complaint_chosen`` the same where a check point complains.
    ``brought`` comes when a line was brought into sight in here; who scrolls the whole tree follows."""

    chosen = Signal(str)
    complaint_chosen = Signal(str)
    brought = Signal()

    def __init__(self, theme: Theme, name: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._sections: tuple[FormSection, ...] = ()
        self._hits: list[tuple[_Key, Span]] = []
        self._spans: dict[_Key, list[Span]] = {}
        self._at_hand: tuple[_Key, int] | None = None
        self.setProperty("kind", "form")
        self.setAccessibleName(name or _("Angaben im Antrag"))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setItemsExpandable(False)
        self.setExpandsOnDoubleClick(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setItemDelegate(FormDelegate(self, theme, self._hits_in))
        self._model = section_model(())
        self.setModel(self._model)
        self.activated.connect(self._activated)
        theme.changed.connect(self._layout)

    def show_forms(self, forms: Sequence[tuple[str, FormView]]) -> None:
        """Other forms, each under its heading; the view goes to their beginning."""
        self.show_sections(form_sections(forms))

    def show_sections(self, sections: Sequence[FormSection]) -> None:
        """Other lines; the same ones are left alone, so that the place stays."""
        sections = tuple(sections)
        if sections == self._sections:
            return
        self._sections = sections
        self.end_search()
        old, self._model = self._model, section_model(sections)
        self.setModel(self._model)
        old.deleteLater()
        header = self.header()
        header.setStretchLastSection(True)
        if header.count():
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self._layout()
        self.expandAll()
        for index in self._cells():
            if index.column() == 0 and (index.data(NOTE) or index.data(SECTION) is not None):
                self.setFirstColumnSpanned(index.row(), index.parent(), True)
        self.scrollToTop()

    def show_complaints(self, complaints: Mapping[str, str]) -> None:
        """What open check points say, by the path of their rule."""
        mark_complaints(self._model, complaints)
        self.scheduleDelayedItemsLayout()

    def go_to(self, rule: str, number: int = 0) -> bool:
        """Puts the focus on the value a rule's path means, else on its section; False: it stands nowhere."""
        found = find_path(self._model, rule, number)
        if found is None:
            return False
        self._bring(found)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _bring(self, index: Index) -> None:
        shown = self._model.index(index.row(), index.column(), index.parent())
        self.setCurrentIndex(shown)
        self.show_current()
        self.brought.emit()

    def show_current(self) -> None:
        """Scrolls to the current line."""
        self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.PositionAtCenter)

    # searching

    @property
    def hit_at_hand(self) -> bool:
        """Whether a search shows one of its hits."""
        return self._at_hand is not None

    def search(self, words: str) -> int:
        """Marks every place of these words in headings, labels and values; how many there are."""
        needle = Needle(words)
        self._hits, self._spans, self._at_hand = [], {}, None
        for index in self._cells():
            spans = needle.spans(str(index.data() or ""))
            if spans:
                key = _key(index)
                self._spans[key] = list(spans)
                self._hits += [(key, span) for span in spans]
        self.viewport().update()
        return len(self._hits)

    def show_hit(self, at: int) -> None:
        """Brings one of them into sight."""
        key, span = self._hits[at]
        self._at_hand = key, self._spans[key].index(span)
        section, line, column = key
        parent = QModelIndex() if section < 0 else self._model.index(section, 0)
        self._bring(self._model.index(line, column, parent))
        self.viewport().update()

    def end_search(self) -> None:
        """No more marks."""
        self._hits, self._spans, self._at_hand = [], {}, None
        self.viewport().update()

    def _hits_in(self, index: Index) -> tuple[Sequence[Span], int]:
        if not self._spans:
            return (), -1
        key = _key(index)
        at_hand = self._at_hand[1] if self._at_hand is not None and self._at_hand[0] == key else -1
        return self._spans.get(key, ()), at_hand

    def _cells(self) -> Iterator[QModelIndex]:
        for section in range(self._model.rowCount()):
            heading = self._model.index(section, 0)
            yield heading
            for line in range(self._model.rowCount(heading)):
                yield self._model.index(line, 0, heading)
                yield self._model.index(line, 1, heading)

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copies with the usual key."""
        if event.matches(QKeySequence.StandardKey.Copy):
            index = self.currentIndex().siblingAtColumn(1)
            QGuiApplication.clipboard().setText(str(index.data() or self.currentIndex().data() or ""))
            return
        super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _activated(self, index: QModelIndex) -> None:
        first = index.siblingAtColumn(0)
        path = str(first.data(PATH) or "")
        if path and first.data(COMPLAINT):
            self.complaint_chosen.emit(path)
        elif path:
            self.chosen.emit(path)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wraps values anew."""
        super().resizeEvent(event)
        self._layout()

    @Slot()
    def _layout(self) -> None:
        if self.header().count():
            self.setColumnWidth(0, min(self._theme.px(LABEL_WIDTH), round(self.viewport().width() * 0.4)))
        self.scheduleDelayedItemsLayout()


def _key(index: Index) -> _Key:
    parent = index.parent()
    return (parent.row() if parent.isValid() else -1, index.row(), index.column())
