"""Richtlinienstand: what is in force and why, and whether everything this office needs is well."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QSplitter, QWidget

from clerk_app.domain.errors import ClerkError
from clerk_app.domain.policy_state import PolicyLine, PolicyState
from clerk_app.texts import _, formats
from clerk_app.texts.errors import sentence
from clerk_app.texts.policy_words import KEYS, fault_words, line_words, source_words
from clerk_app.ui.commands import Commands
from clerk_app.ui.notice import Notice
from clerk_app.ui.page import Page
from clerk_app.ui.reflow import WrappingRow
from clerk_app.ui.rows_model import Cell, Line, RowsModel, RowsView
from clerk_app.ui.saving import ask_path, pour_whole, write_whole
from clerk_app.ui.setting_rows import SETTINGS
from clerk_app.ui.shell import CheckedPart
from clerk_app.ui.widgets import CommandButton, column, label
from clerk_app.ui.workbench import Workbench


class PolicyPage(Page):
    """Two tables: settings with their sources, and the self-check."""

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench = bench
        theme = bench.theme
        headings = (_("Einstellung"), _("Wert"), _("Quelle"), _("Gesperrt"), _("Geändert"))
        self.values = RowsModel(theme, headings)
        self.value_view = RowsView(theme, self.values, _("Einstellungen und ihre Quellen"), 2)
        self.checks = RowsModel(theme, (_("Selbstprüfung"), _("Ergebnis")))
        self.check_view = RowsView(theme, self.checks, _("Selbstprüfung"), 1)
        self.notice = Notice(theme)
        self._state = label("", "muted")
        self._parts: tuple[CheckedPart, ...] = ()
        self._save = QPushButton(_("Bericht speichern …"))
        self._save.clicked.connect(self._save_report)
        self._support = QPushButton(_("Für den Support speichern …"))
        self._support.setToolTip(_("Selbstprüfung, Fassungen und Protokolldateien ohne Personendaten"))
        self._support.clicked.connect(self._save_support)
        self._support.setVisible(bench.shell.support is not None)
        head = WrappingRow((0, 0, 0, 0), 8)
        head.addWidget(label(_("Richtlinienstand"), "title"))
        head.addWidget(self._state)
        head.addWidget(CommandButton(commands, theme, "policy.check"))
        head.addWidget(self._save)
        head.addWidget(self._support)
        top = column(margins=(20, 12, 20, 8), spacing=8)
        top.addLayout(head)
        top.addWidget(self.notice)
        both = QSplitter(Qt.Orientation.Vertical)
        both.setChildrenCollapsible(False)
        both.addWidget(self._part(_("Was gilt, und wer es bestimmt"), self.value_view))
        both.addWidget(self._part(_("Was dieses Amt braucht"), self.check_view))
        layout = column()
        layout.addLayout(top)
        layout.addWidget(both, 1)
        self.setLayout(layout)

    def _part(self, title: str, view: RowsView) -> QWidget:
        part = QWidget()
        lines = column(margins=(20, 4, 20, 8), spacing=6)
        lines.addWidget(label(title, "section"))
        lines.addWidget(view, 1)
        part.setLayout(lines)
        return part

    def open(self) -> None:
        """Reads what is in force and checks everything once."""
        self._show_values()
        if not self._parts:
            self.check()

    def focus_content(self) -> None:
        """Puts the focus on the settings."""
        self.value_view.setFocus(Qt.FocusReason.OtherFocusReason)

    # what is in force

    def _show_values(self) -> None:
        settings = self._bench.settings
        state = self._bench.shell.policy() if self._bench.shell.policy is not None else PolicyState(())
        changed = formats.moment(state.changed_at) if state.changed_at is not None else ""
        lines = []  # what counts for nothing first: it is what an admin looks for
        for name in (*state.unknown, *state.invalid):
            words = _("unbekannter Schlüssel") if name in state.unknown else _("Wert ist nicht möglich")
            source = Cell(state.place, role="muted")
            told = (Cell(name), Cell(words, "error", "bad"), source, Cell(_("zählt nicht")), Cell(""))
            lines.append(Line(f"?{name}", told))
        for setting in SETTINGS:
            value = settings.get(setting.name, setting.usual)
            words = next((each.words for each in setting.choices() if each.value == value), str(value))
            by = settings.locked(setting.name)
            own = _("persönlich") if settings.get(setting.name) is not None else _("Vorgabe des Programms")
            cells = (
                Cell(_(setting.title)),
                Cell(words),
                Cell(by or own, role="muted", whole=True),
                Cell(_("ja") if by else _("nein"), "lock" if by else "", "warn" if by else "muted"),
                Cell(changed if by else "", role="muted"),
            )
            lines.append(Line(setting.name, cells, setting))
        lines += [self._machine_line(state, line, changed) for line in state.lines if not _is_of_window(line)]
        self.notice.show_words("bad", fault_words(state))
        self.values.show(lines)
        self.value_view.resizeColumnsToContents()

    def _machine_line(self, state: PolicyState, line: PolicyLine, changed: str) -> Line:
        """What is no setting of the window: policy, profile or the program's own default."""
        cells = (
            Cell(_(KEYS[line.name][0])),
            Cell(line_words(line), whole=True),
            Cell(source_words(state, line), role="muted", whole=True),
            Cell(_("ja"), "lock", "warn") if line.locked else Cell(_("nein"), role="muted"),
            Cell(changed if line.locked else "", role="muted"),
        )
        return Line(line.name, cells)

    # the self-check

    @Slot()
    def check(self) -> None:
        """Looks at everything (again), in the background."""
        look = self._bench.shell.self_check
        if look is None:
            self._state.setText(_("In dieser Umgebung gibt es keine Selbstprüfung."))
            return
        self._state.setText(_("wird geprüft …"))
        self._bench.queries.submit(lambda _reads: look(), self._checked, self._failed, key="self-check")

    def _checked(self, parts: Sequence[CheckedPart]) -> None:
        self._parts = tuple(parts)
        self._state.setText(_("geprüft um {time}").format(time=formats.clock_time(self._bench.now())))
        lines = []
        for at, part in enumerate(self._parts):
            word = _("in Ordnung") if part.well else _("zu erledigen")
            icon, role = ("check_circle", "ok") if part.well else ("error", "bad")
            lines.append(Line(str(at), (Cell(word, icon, role), Cell(part.words, whole=True))))
        self.checks.show(lines)
        self.check_view.resizeColumnsToContents()

    def _failed(self, error: ClerkError) -> None:
        self._state.setText("")
        self.notice.show_words("bad", sentence(error))

    # taking it along

    def copy_row(self) -> None:
        """The line in focus as text."""
        view = self.check_view if self.check_view.hasFocus() else self.value_view
        line = view.current_line()
        if line is not None:
            QGuiApplication.clipboard().setText("\t".join(cell.text for cell in line.cells))
            self._bench.say(_("Zeile kopiert."))

    def report(self) -> str:
        """Both tables as text: nothing of citizens or cases is in them."""
        lines = [_("Richtlinienstand"), ""]
        for model in (self.values, self.checks):
            for at in range(model.rowCount()):
                line = model.line(at)
                lines.append("\t".join(cell.text for cell in line.cells) if line is not None else "")
            lines.append("")
        return "\n".join(lines)

    @Slot()
    def _save_report(self) -> None:
        path = ask_path(self, "amtsstube-bericht.txt")
        if path is not None:
            try:
                write_whole(path, self.report().encode("utf-8"))
            except ClerkError as error:
                self._bench.fail(error)

    @Slot()
    def _save_support(self) -> None:
        """The bundle that ``clerk-app support-bundle`` writes, in the background: it looks at everything."""
        fill = self._bench.shell.support
        path = ask_path(self, "amtsstube-support.zip") if fill is not None else None
        if fill is None or path is None:
            return
        write, target = fill, path
        self._state.setText(_("wird zusammengestellt …"))

        def done(_names: Sequence[str]) -> None:
            self._state.setText("")
            self._bench.say(_("Gespeichert: {name}").format(name=target.name))

        self._bench.queries.submit(
            lambda _reads: pour_whole(target, write), done, self._failed, key="support"
        )


def _is_of_window(line: PolicyLine) -> bool:
    """Whether the window's own settings show it."""
    return line.name.startswith("window.")
