"""Leistungspakete: what this office works with, and a new one looked at, tried and installed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QPushButton, QSplitter, QWidget

from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.texts import _, formats, language, ngettext
from clerk_app.texts.errors import sentence
from clerk_app.texts.package_faults import fault_line
from clerk_app.texts.package_words import rehearsal_lines, source_label
from clerk_app.ui.commands import Commands
from clerk_app.ui.empty_state import EmptyState
from clerk_app.ui.notice import Notice
from clerk_app.ui.page import Page
from clerk_app.ui.reflow import WrappingRow
from clerk_app.ui.rows_model import Cell, Line, RowsModel, RowsView
from clerk_app.ui.widgets import CommandButton, column, label, row
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.desk import Desk
from clerk_app.usecases.packages import PackageExam, RunningPackage

_LARGEST_BYTES = 50_000_000


@dataclass(frozen=True)
class Candidate:
    """A package that was looked at: ``tried`` is what it would do to running cases."""

    content: bytes
    exam: PackageExam
    tried: tuple[str, ...]


def look_at(desk: Desk, path: Path) -> Candidate:
    """Reads, examines and rehearses a package; changes nothing. Raises ClerkError."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        raise ClerkError(ErrorCode.PACKAGE_UNREADABLE, {"path": path.name}) from error
    exam = desk.packages.examine(content)
    tried = () if exam.refusal is not None else tuple(rehearsal_lines(desk.packages.rehearse(content)))
    return Candidate(content, exam, tried)


class PackagesPage(Page):
    """The register on the left, one package or a candidate on the right."""

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench = bench
        self.candidate: Candidate | None = None
        theme = bench.theme
        headings = (
            _("Leistungspaket"),
            _("Fassung"),
            _("Stand"),
            _("Vorgänge"),
            _("Seit"),
            _("Herkunft"),
        )
        self.model = RowsModel(theme, headings)
        self.view = RowsView(theme, self.model, _("Leistungspakete"), 0)
        self.view.selectionModel().currentChanged.connect(self._show_current)
        self.notice = Notice(theme)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(_("Angaben zum Leistungspaket"))
        self.text.setTabChangesFocus(True)
        self.empty = EmptyState(theme)
        self._count = label("", "muted")
        self.install_button = QPushButton(_("Einspielen"))
        self.install_button.setProperty("kind", "primary")
        self.install_button.clicked.connect(self.install)
        self.drop_button = QPushButton(_("Verwerfen"))
        self.drop_button.clicked.connect(self.drop)
        head = WrappingRow((0, 0, 0, 0), 8)
        head.addWidget(label(_("Leistungspakete"), "title"))
        head.addWidget(self._count)
        head.addWidget(CommandButton(commands, theme, "packages.open"))
        top = column(margins=(20, 12, 20, 8), spacing=8)
        top.addLayout(head)
        right = QWidget()
        lines = column(margins=(12, 0, 20, 12), spacing=8)
        lines.addWidget(self.notice)
        lines.addWidget(self.text, 1)
        buttons = row(spacing=8)
        buttons.addWidget(self.install_button)
        buttons.addWidget(self.drop_button)
        buttons.addStretch(1)
        lines.addLayout(buttons)
        right.setLayout(lines)
        left = QWidget()
        listed = column(margins=(20, 0, 0, 12))
        listed.addWidget(self.view, 1)
        listed.addWidget(self.empty, 1)
        left.setLayout(listed)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(left)
        self.splitter.addWidget(right)
        self.splitter.setSizes([theme.px(640), theme.px(480)])
        layout = column()
        layout.addLayout(top)
        layout.addWidget(self.splitter, 1)
        self.setLayout(layout)
        self._show_buttons()

    def open(self) -> None:
        """Reads the register."""
        self._bench.worker.submit(
            lambda desk: desk.packages.installed(), self._take, self._failed, key="packages"
        )

    def focus_content(self) -> None:
        """Puts the focus on the register."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_changes(self, changes: ChangeSet) -> None:
        """A package may have come in, or cases have moved."""
        if self.isVisible():
            self.open()

    def set_narrow(self, narrow: bool) -> None:
        """Below each other instead of beside."""
        self.splitter.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)

    # the register

    def _take(self, found: tuple[RunningPackage, ...]) -> None:
        lines = [_line(each) for each in found]
        self.model.show(lines)
        self.view.resizeColumnsToContents()
        self.view.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        if not lines:
            words = _("Noch ist nichts eingespielt; es gelten die mitgelieferten Leistungspakete.")
            self.empty.show_state("inventory_2", words, "", "")
        self._count.setText(ngettext("{n} Fassung", "{n} Fassungen", len(lines)).format(n=len(lines)))
        if lines and not self.view.currentIndex().isValid():
            self.view.selectRow(0)
        self._show_current()

    @Slot()
    def _show_current(self) -> None:
        line = self.view.current_line()
        if self.candidate is not None or line is None or not isinstance(line.subject, RunningPackage):
            return
        self.notice.show_words("bad" if not line.subject.whole else "ok", _missing(line.subject))
        self.text.setPlainText(_facts(line.subject))

    # a new one

    @Slot()
    def ask_file(self) -> None:
        """Asks for a package and looks at it."""
        chosen, _kind = QFileDialog.getOpenFileName(
            self, _("Leistungspaket öffnen"), "", _("Leistungspakete (*.zip)")
        )
        if chosen:
            self.look_at(Path(chosen))

    def look_at(self, path: Path) -> None:
        """Examines and tries a package in the background."""
        self.notice.show_words("info", _("Das Paket wird geprüft und an laufenden Vorgängen erprobt …"))
        self._bench.worker.submit(lambda desk: look_at(desk, path), self._looked, self._failed, key="package")

    def _looked(self, candidate: Candidate) -> None:
        self.candidate = candidate
        exam = candidate.exam
        if exam.refusal is not None:
            self.notice.show_words("bad", sentence(exam.refusal))
        elif exam.there:
            self.notice.show_words("info", _("Diese Fassung ist schon eingespielt."))
        else:
            words = _("Noch nicht eingespielt. Gilt danach für Vorgänge, die von da an eingehen.")
            self.notice.show_words("warn", words)
        lines = [
            f"{exam.manifest.title.text(language())} {exam.mark.version}",
            _("Herausgeber: {name}").format(name=exam.manifest.publisher),
            _("Signiert von: {key}").format(key=exam.signer or _("niemandem")),
            _("Ersetzt: {version}").format(version=exam.replaces.mark.version if exam.replaces else "–"),
            _("Änderungen: {text}").format(text=exam.manifest.changes or "–"),
        ]
        if exam.faults:
            lines += ["", _("Befunde:"), *(fault_line(fault) for fault in exam.faults)]
        self.text.setPlainText("\n".join([*lines, "", *candidate.tried]))
        self._show_buttons()
        (self.install_button if self.install_button.isEnabled() else self.drop_button).setFocus()

    @Slot()
    def install(self) -> None:
        """Takes it into use."""
        candidate = self.candidate
        if candidate is None or candidate.exam.refusal is not None:
            return

        def done(exam: PackageExam) -> None:
            self.candidate = None
            self._show_buttons()
            words = _("{title} {version} ist eingespielt.")
            title = exam.manifest.title.text(language())
            self._bench.say(words.format(title=title, version=exam.mark.version))
            self.open()

        self._bench.worker.submit(
            lambda desk: desk.packages.install(candidate.content), done, self._failed, key="package"
        )

    @Slot()
    def drop(self) -> None:
        """Nothing is installed."""
        self.candidate = None
        self._show_buttons()
        self.notice.show_words("ok", "")
        self._show_current()
        self.focus_content()

    def _show_buttons(self) -> None:
        candidate = self.candidate
        for button in (self.install_button, self.drop_button):
            button.setVisible(candidate is not None)
        fit = candidate is not None and candidate.exam.refusal is None and not candidate.exam.there
        self.install_button.setEnabled(fit)

    def _failed(self, error: ClerkError) -> None:
        self.candidate = None
        self._show_buttons()
        self.notice.show_words("bad", sentence(error))


def _line(found: RunningPackage) -> Line:
    package = found.package
    state = (_("gilt"), "check_circle", "ok") if found.in_force else (_("abgelöst"), "history", "muted")
    cells = (
        Cell(package.title.text(language()), whole=True),
        Cell(str(package.mark.version)),
        Cell(*state),
        Cell(formats.number(found.cases)),
        Cell(formats.moment(package.at), role="muted"),
        Cell(source_label(package.source), role="muted"),
    )
    return Line(package.mark.sha256, cells, found)


def _missing(found: RunningPackage) -> str:
    if found.whole:
        return ""
    return _("Das Archiv dieser Fassung fehlt. Dasselbe Paket noch einmal einzuspielen behebt das.")


def _facts(found: RunningPackage) -> str:
    package = found.package
    lines = [
        f"{package.title.text(language())} {package.mark.version}",
        _("Kennung: {name}").format(name=package.mark.package_id),
        _("Leistungen: {keys}").format(keys=", ".join(package.leika_keys)),
        _("Eingespielt von: {name}").format(name=package.actor),
        _("Signiert von: {key}").format(key=package.signer or _("niemandem")),
        _("Prüfsumme: {hash}").format(hash=package.mark.sha256),
    ]
    return "\n".join(lines)
