"""Auswertung: four figures, two charts, and the same numbers as tables. No number is about a person."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QSplitter, QStackedWidget, QTabBar, QWidget

from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.errors import ClerkError
from clerk_app.domain.statistics import Figures, Span, Statistics, StatisticsQuery, period
from clerk_app.texts import N_, _, formats
from clerk_app.texts import statistics_words as words
from clerk_app.texts.errors import sentence
from clerk_app.ui.bar_chart import Bar, BarChart
from clerk_app.ui.commands import Commands
from clerk_app.ui.empty_state import EmptyState
from clerk_app.ui.page import Page
from clerk_app.ui.reflow import FollowingColumn, WrappingRow
from clerk_app.ui.rows_model import Cell, Line, RowsModel, RowsView
from clerk_app.ui.saving import save_bytes
from clerk_app.ui.widgets import CommandButton, column, label, row
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.desk import Desk
from clerk_app.usecases.evaluating import evaluated

PERIODS: tuple[tuple[Span, int, str], ...] = (
    (Span.MONTH, 0, N_("Dieser Monat")),
    (Span.MONTH, 1, N_("Voriger Monat")),
    (Span.QUARTER, 0, N_("Dieses Quartal")),
    (Span.QUARTER, 1, N_("Voriges Quartal")),
    (Span.YEAR, 0, N_("Dieses Jahr")),
    (Span.YEAR, 1, N_("Voriges Jahr")),
)
_USUAL = 4
_TABS = (N_("Leistungen"), N_("Gemeinden"), N_("Monate"), N_("Alter"))


class FigureCard(QWidget):
    """One figure with its name and what it was before."""

    def __init__(self) -> None:
        super().__init__()
        self._name, self._value, self._before = label("", "muted"), label("", "title"), label("", "muted")
        layout = column(margins=(14, 10, 14, 10), spacing=2)
        for part in (self._name, self._value, self._before):
            layout.addWidget(part)
        self.setLayout(layout)

    def show_figure(self, name: str, value: str, before: str) -> None:
        """Another figure."""
        self._name.setText(name)
        self._value.setText(value)
        self._before.setText(_("davor: {value}").format(value=before))


class StatisticsPage(Page):
    """Reads in the query pool; the newest question wins."""

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench = bench
        self.found: Statistics | None = None
        self.period, self.service, self.municipality = QComboBox(), QComboBox(), QComboBox()
        self.cards = [FigureCard() for _card in range(4)]
        theme = bench.theme
        series = (_("Eingänge"), _("Entschieden"))
        self.months = BarChart(theme, _("Eingänge und Entscheidungen je Monat"), series)
        self.ages = BarChart(theme, _("Alter der offenen Vorgänge"), (_("Offen"),))
        self.tabs = QTabBar()
        self.model = RowsModel(theme, ("", *words.figure_headings()))
        self.view = RowsView(theme, self.model, _("Zahlen als Tabelle"), 0)
        self.empty = EmptyState(theme)
        self._build(commands)
        for box in (self.period, self.service, self.municipality):
            box.currentIndexChanged.connect(self.load)
        self.tabs.currentChanged.connect(self._show_table)
        self.empty.acted.connect(self._empty_acted)

    def _build(self, commands: Commands) -> None:
        theme = self._bench.theme
        top = WrappingRow((0, 0, 0, 0), 8)
        top.addWidget(label(_("Auswertung"), "title"))
        for _span, _back, text in PERIODS:
            self.period.addItem(_(text))
        self.period.setCurrentIndex(_USUAL)
        for box, name in (
            (self.period, _("Zeitraum")),
            (self.service, _("Leistung")),
            (self.municipality, _("Gemeinde")),
        ):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(14)
            top.addWidget(box)
        for command_id, text in (("statistics.csv", _("Als CSV …")), ("statistics.pdf", _("Als PDF …"))):
            top.addWidget(CommandButton(commands, theme, command_id, text=text))
        self._scope = label("", "muted", wrap=True)
        head = column(margins=(20, 12, 20, 4), spacing=6)
        head.addLayout(top)
        head.addWidget(self._scope)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._content())
        layout = column()
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)
        self.setLayout(layout)

    def _content(self) -> QWidget:
        cards = row(margins=(12, 0, 12, 0), spacing=8)
        for card in self.cards:
            cards.addWidget(card, 1)
        self._charts = QGridLayout()
        self._charts.setContentsMargins(20, 4, 20, 4)
        self._charts.setSpacing(24)
        upper = QWidget()
        lines = column(spacing=4)
        lines.addLayout(cards)
        lines.addLayout(self._charts, 1)
        upper.setLayout(lines)
        for text in _TABS:
            self.tabs.addTab(_(text))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setAccessibleName(_("Zahlen nach"))
        self._note = label("", "muted", wrap=True)
        lower = QWidget()
        below = column(margins=(12, 0, 12, 6), spacing=2)
        below.addWidget(self.tabs)
        below.addWidget(self.view, 1)
        below.addWidget(self._note)
        lower.setLayout(below)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(FollowingColumn(upper))  # with large text the charts would lie on each other
        splitter.addWidget(lower)
        splitter.setStretchFactor(1, 1)
        self.set_narrow(False)
        return splitter

    # content

    def open(self) -> None:
        """Counts anew."""
        self.load()

    def query(self) -> StatisticsQuery:
        """What the filter bar asks for."""
        span, back, _text = PERIODS[self.period.currentIndex()]
        return StatisticsQuery(
            period(span, self._bench.today(), back),
            str(self.service.currentData() or ""),
            str(self.municipality.currentData() or ""),
        )

    @Slot()
    def load(self) -> None:
        """Counts in the background."""
        query, today = self.query(), self._bench.today()
        self._scope.setText(_("Wird gezählt …"))
        if self.found is None:
            self.empty.show_loading()
            self._stack.setCurrentIndex(0)
        self._bench.queries.submit(
            lambda reads: (evaluated(reads, query, today), reads.last_sync_at()),
            lambda both: self._take(*both),
            self._failed,
            key="statistics",
        )

    def _take(self, found: Statistics, synced_at: object) -> None:
        self.found = found
        self._fill(self.service, _("Alle Leistungen"), found.all_services)
        self._fill(self.municipality, _("Alle Gemeinden"), found.all_municipalities)
        self._scope.setText(f"{words.scope_words(found.query)} · {self.stamp()}")
        self._note.setText(words.method_words(found.least)[-1])
        if found.too_few:
            filtered = bool(found.query.service or found.query.municipality)
            self.empty.show_state(
                "event",
                _("In diesem Zeitraum gibt es zu wenig, um etwas auszuwerten."),
                _("Ein längerer Zeitraum oder weniger Einschränkung hilft."),
                _("Alles zeigen") if filtered else "",
            )
            self._stack.setCurrentIndex(0)
        else:
            self._show_figures(found)
            self._show_charts(found)
            self._show_table()
            self._stack.setCurrentIndex(1)
        self.state_changed.emit()

    def stamp(self) -> str:
        """As of when the cases are."""
        synced_at = self._bench.reads.last_sync_at()
        if synced_at is None:
            return _("noch nie abgeglichen")
        return _("Stand: {moment}").format(moment=formats.moment(synced_at))

    def _fill(self, box: QComboBox, everything: str, names: tuple[str, ...]) -> None:
        """Other choices; what is chosen stays."""
        chosen = str(box.currentData() or "")
        wanted = ["", *names]
        if [str(box.itemData(at) or "") for at in range(box.count())] == wanted:
            return
        box.blockSignals(True)
        box.clear()
        box.addItem(everything, "")
        for name in names:
            box.addItem(name, name)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.blockSignals(False)

    def _show_figures(self, found: Statistics) -> None:
        total, before = found.total, found.previous
        names = words.figure_headings()
        now, then = words.figure_cells(total), words.figure_cells(before)
        for card, at in zip(self.cards, (0, 2, 3, 6), strict=True):
            card.show_figure(names[at], now[at], then[at] if at != 2 else "–")

    def _show_charts(self, found: Statistics) -> None:
        sentence_of = _("{month}: Eingänge {arrivals}, entschieden {decided}")
        self.months.show_bars(
            [
                Bar(
                    f"{each.month.first:%m}",
                    (each.arrivals, each.decided),
                    sentence_of.format(
                        month=words.month_word(each.month),
                        arrivals=words.counted(each.arrivals),
                        decided=words.counted(each.decided),
                    ),
                )
                for each in found.months
            ]
        )
        self.ages.show_bars(
            [
                Bar(mark, (number,), f"{name}: {words.counted(number)}")
                for mark, name, number in zip(words.age_marks(), words.age_words(), found.ages, strict=True)
            ]
        )

    @Slot()
    def _show_table(self) -> None:
        found = self.found
        if found is None:
            return
        match self.tabs.currentIndex():
            case 0:
                self._show_lines(found.services)
            case 1:
                self._show_lines(found.municipalities)
            case 2:
                self._show_cells(
                    [
                        (
                            words.month_word(m.month),
                            words.counted(m.arrivals),
                            words.counted(m.decided),
                        )
                        for m in found.months
                    ]
                )
            case _:
                self._show_cells(
                    [
                        (name, "", "", words.counted(number))
                        for name, number in zip(words.age_words(), found.ages, strict=True)
                    ]
                )

    def _show_lines(self, lines: tuple[Figures, ...]) -> None:
        self._show_cells([(line.name, *words.figure_cells(line)) for line in lines])

    def _show_cells(self, lines: list[tuple[str, ...]]) -> None:
        width, tab = self.model.columnCount(), self.tabs.currentIndex()
        self.model.show(
            [
                Line(
                    f"{tab}-{cells[0]}",
                    tuple(Cell(text) for text in (*cells, *[""] * (width - len(cells)))),
                )
                for cells in lines
            ]
        )
        if lines and not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self.model.index(0, 0))

    def _failed(self, error: ClerkError) -> None:
        self.empty.show_state(
            "error", _("Die Zahlen ließen sich nicht lesen."), sentence(error), _("Erneut versuchen")
        )
        self._stack.setCurrentIndex(0)

    @Slot()
    def _empty_acted(self) -> None:
        for box in (self.service, self.municipality):
            box.blockSignals(True)
            box.setCurrentIndex(0)
            box.blockSignals(False)
        self.load()

    # the window

    def take_changes(self, changes: ChangeSet) -> None:
        """Counted again when somebody looks."""
        if self.isVisible() and changes:
            self.load()

    def focus_content(self) -> None:
        """Puts the focus on the first filter."""
        self.period.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_narrow(self, narrow: bool) -> None:
        """Little room: one chart below the other."""
        for chart in (self.months, self.ages):
            self._charts.removeWidget(chart)
        self._charts.addWidget(self.months, 0, 0)
        self._charts.addWidget(self.ages, *((1, 0) if narrow else (0, 1)))

    # exports

    def why_not_export(self) -> str | None:
        """Why there is nothing to save."""
        if self.found is None:
            return _("Es wird noch gezählt.")
        return _("Es gibt zu wenig, um etwas auszuwerten.") if self.found.too_few else None

    def save_csv(self) -> None:
        """Saves the numbers for a spreadsheet."""
        if (found := self.found) is not None:
            save_bytes(self, self._bench, f"{self._name()}.csv", lambda _desk: words.statistics_csv(found))

    def save_pdf(self) -> None:
        """Saves the numbers as a document of the office."""
        if (found := self.found) is None:
            return
        stamp = self.stamp()

        def read(desk: Desk) -> bytes:
            by = _("Erstellt am {moment}.").format(moment=formats.moment(self._bench.now()))
            return desk.printing.sheet(words.statistics_sheet(found, by, stamp))

        save_bytes(self, self._bench, f"{self._name()}.pdf", read)

    def _name(self) -> str:
        asked = self.query().period
        name = _("Auswertung")
        return f"{name}-{asked.first.isoformat()}-{asked.last.isoformat()}"
