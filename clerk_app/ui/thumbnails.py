"""Seitenleiste: small pictures of a document's pages, made when they come into sight."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QImage, QPixmap, QTransform
from PySide6.QtWidgets import QListView

from clerk_app.texts import _
from clerk_app.ui.document_pane import DocumentPane
from clerk_app.ui.rendering import PagePicture
from clerk_app.ui.theme import Theme
from clerk_app.ui.workbench import Workbench

SMALL_PX = 120
_PICTURES_KEPT = 200
Index = QModelIndex | QPersistentModelIndex


class _Pages(QAbstractListModel):
    """One row a page; a picture is asked for when it is to be painted."""

    wanted = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._count = 0
        self._icons: dict[int, QIcon] = {}
        self._asked: set[int] = set()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        number = index.row()
        if role == Qt.ItemDataRole.DisplayRole:
            return str(number + 1)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _("Seite {page} von {pages}").format(page=number + 1, pages=self._count)
        if role == Qt.ItemDataRole.DecorationRole:
            icon = self._icons.get(number)
            if icon is None and number not in self._asked:
                self._asked.add(number)
                self.wanted.emit(number)
            return icon or self._blank()
        return None

    def begin(self, count: int) -> None:
        self.beginResetModel()
        self._count = count
        self._icons.clear()
        self._asked.clear()
        self.endResetModel()

    def take(self, number: int, icon: QIcon) -> None:
        if len(self._icons) >= _PICTURES_KEPT:
            gone = next(iter(self._icons))
            del self._icons[gone]
            self._asked.discard(gone)
        self._icons[number] = icon
        at = self.index(number)
        self.dataChanged.emit(at, at)

    def _blank(self) -> QIcon:
        small = self._theme.px(SMALL_PX)
        sheet = QPixmap(round(small / 1.414), small)
        sheet.fill(Qt.GlobalColor.white)
        return QIcon(sheet)


class Thumbnails(QListView):
    """The pages of a pane. ``chosen`` carries the page a clerk wants to see, from 0."""

    chosen = Signal(int)

    def __init__(self, bench: Workbench, pane: DocumentPane) -> None:
        super().__init__()
        self._bench, self._pane = bench, pane
        self._content = b""
        self._following = False
        self._pages = _Pages(bench.theme)
        self._pages.wanted.connect(self._ask)
        self.setModel(self._pages)
        self.setAccessibleName(_("Seiten des Dokuments"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.TopToBottom)
        self.setMovement(QListView.Movement.Static)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.selectionModel().currentChanged.connect(self._current_changed)
        pane.turned.connect(self._turned)
        bench.theme.changed.connect(self._dress)
        self._dress()

    def follow_turn(self) -> None:
        """The pages were turned: their small pictures turn too."""
        self._pages.begin(self._pages.rowCount())
        self._turned(self._pane.pages.current_page() + 1, self._pages.rowCount())

    def _dress(self) -> None:
        small = self._bench.theme.px(SMALL_PX)
        self.setIconSize(QSize(small, small))
        self.setGridSize(QSize(small + 8, small + self._bench.theme.px(28)))
        self.setFixedWidth(small + self._bench.theme.px(32))

    @Slot(int, int)
    def _turned(self, page: int, total: int) -> None:
        """Another page is in sight, or another document."""
        if self._content is not self._pane.content or total != self._pages.rowCount():
            self._content = self._pane.content
            self._pages.begin(total)
        if total and self.isVisible():
            self._following = True
            self.setCurrentIndex(self._pages.index(page - 1))
            self._following = False

    @Slot(QModelIndex)
    def _current_changed(self, current: QModelIndex) -> None:
        if current.isValid() and not self._following:
            self.chosen.emit(current.row())

    @Slot(int)
    def _ask(self, number: int) -> None:
        content = self._content

        def done(picture: PagePicture) -> None:
            if content is self._content:
                image = QImage(
                    picture.rgba,
                    picture.width,
                    picture.height,
                    picture.width * 4,
                    QImage.Format.Format_RGBA8888,
                )
                turned = image.transformed(QTransform().rotate(90 * self._pane.pages.turns))
                self._pages.take(number, QIcon(QPixmap.fromImage(turned)))

        longest = self._bench.theme.px(SMALL_PX)
        self._bench.pictures.submit(
            lambda renderer: renderer.page(content, "", number, longest),
            done,
            lambda _error: None,
            key=f"thumbnail-{number}",
        )
