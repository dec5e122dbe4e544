"""Erster Start: five steps from nothing to a working office; only the authority cannot be left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from clerk_app.domain.errors import ClerkError
from clerk_app.texts import LANGUAGES, N_, _, ngettext
from clerk_app.texts.errors import sentence
from clerk_app.ui.notice import Notice
from clerk_app.ui.reflow import FollowingColumn
from clerk_app.ui.rows_model import Cell, Line, RowsModel, RowsView
from clerk_app.ui.setting_rows import SETTINGS
from clerk_app.ui.settings import ThemeChoice, WindowSettings
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import column, label, row
from clerk_app.ui.worker import Worker


@dataclass(frozen=True)
class ExaminedPart:
    """One line of the self-check of an office; ``area`` is its stable name."""

    area: str
    words: str
    well: bool


@dataclass(frozen=True)
class FirstStartDoors:
    """What the steps need from outside. ``read_profile`` gives the authority's name, ``examine`` is slow;
    both raise ClerkError. ``home`` is where everything will lie."""

    read_profile: Callable[[Path], str]
    examine: Callable[[Path], Sequence[ExaminedPart]]
    open_practice: Callable[[], None]
    home: str


_STEPS = (
    N_("Sprache und Darstellung"),
    N_("Behörde"),
    N_("Anmeldung beim Portal"),
    N_("Signatur"),
    N_("Fertig"),
)
_AUTHORITY = 1
_PORTAL_AREAS = ("home", "profile", "parameters", "data-key", "mailbox-keys", "portal", "clock", "disk")
_SIGNING_AREAS = ("signing-key",)


class FirstStart(QDialog):
    """``profile`` is the chosen profile file once it was accepted. Enter goes on, Alt+Left back."""

    def __init__(self, theme: Theme, settings: WindowSettings, doors: FirstStartDoors) -> None:
        super().__init__()
        self._theme, self._settings, self._doors = theme, settings, doors
        self.profile: Path | None = None
        self._authority = ""
        self._examined: Path | None = None
        self._views: list[RowsView] = []
        self.worker: Worker[None] = Worker("first-start", lambda: None)
        self.setWindowTitle(_("Amtsstube einrichten"))
        self._step = label("", "muted")
        self._title = label("", "title")
        self._pages = QStackedWidget()
        for page in (self._look(), self._office(), self._portal(), self._signing(), self._end()):
            self._pages.addWidget(FollowingColumn(page))
        self.back = QPushButton(_("Zurück"))
        self.back.clicked.connect(lambda: self.go_to(self.step - 1))
        self.forth = QPushButton()
        self.forth.setProperty("kind", "primary")
        self.forth.setDefault(True)
        self.forth.clicked.connect(self.go_on)
        buttons = row(spacing=8)
        buttons.addStretch(1)
        buttons.addWidget(self.back)
        buttons.addWidget(self.forth)
        layout = column(margins=(24, 20, 24, 20), spacing=12)
        layout.addWidget(self._step)
        layout.addWidget(self._title)
        layout.addWidget(self._pages, 1)
        layout.addLayout(buttons)
        self.setLayout(layout)
        shortcut = QShortcut(QKeySequence("Alt+Left"), self)
        shortcut.activated.connect(lambda: self.go_to(self.step - 1))
        self.resize(theme.px(720), theme.px(520))
        self.go_to(0)

    # steps

    @property
    def step(self) -> int:
        """The step in front, from 0."""
        return self._pages.currentIndex()

    def go_to(self, step: int) -> None:
        """Another step; beyond the authority only with one."""
        if not 0 <= step < len(_STEPS) or (step > _AUTHORITY and self.profile is None):
            return
        self._pages.setCurrentIndex(step)
        self._step.setText(_("Schritt {at} von {all}").format(at=step + 1, all=len(_STEPS)))
        self._title.setText(_(_STEPS[step]))
        self.back.setEnabled(step > 0)
        last = step == len(_STEPS) - 1
        self.forth.setText(_("Amtsstube öffnen") if last else _("Weiter"))
        if step in (2, 3) and self._examined != self.profile:
            self.examine()
        self._show_forth()
        (self.forth if self.forth.isEnabled() else self.path).setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def go_on(self) -> None:
        """The next step, at last the window."""
        if self.step == len(_STEPS) - 1:
            self.accept()
        else:
            self.go_to(self.step + 1)

    def _show_forth(self) -> None:
        self.forth.setEnabled(self.step != _AUTHORITY or self.profile is not None)

    # language and look

    def _look(self) -> QWidget:
        self.language = QComboBox()
        self.language.addItems(list(LANGUAGES.values()))
        self.language.setCurrentIndex(list(LANGUAGES).index(str(self._settings.get("language", "de"))))
        self.language.activated.connect(lambda at: self._settings.set("language", list(LANGUAGES)[at]))
        themes = next(each for each in SETTINGS if each.name == "theme").choices()
        self.colours = QComboBox()
        self.colours.addItems([choice.words for choice in themes])
        self.colours.activated.connect(lambda at: self._theme.choose(ThemeChoice(str(themes[at].value))))
        scales = next(each for each in SETTINGS if each.name == "font_scale").choices()
        self.scale = QComboBox()
        self.scale.addItems([choice.words for choice in scales])
        values = [choice.value for choice in scales]
        self.scale.setCurrentIndex(values.index(self._theme.scale) if self._theme.scale in values else 2)
        self.scale.activated.connect(lambda at: self._theme.set_scale(float(str(values[at]))))
        parts: list[QWidget] = []
        for words, box in (
            (_("Sprache (gilt ab dem nächsten Start)"), self.language),
            (_("Farben"), self.colours),
            (_("Schriftgröße"), self.scale),
        ):
            parts += [_named(words, box), box]
        note = label(_("Alles lässt sich später in den Einstellungen ändern."), "muted", wrap=True)
        return _column(*parts, note)

    # the authority

    def _office(self) -> QWidget:
        words = _(
            "Ihre Administration gibt Ihnen eine Profildatei (TOML). Sie sagt, für welche Behörde Sie "
            "arbeiten, und wo die Schlüssel liegen."
        )
        self.path = QLineEdit()
        self.path.setPlaceholderText(_("Profildatei"))
        self.path.textChanged.connect(self._typed)
        choose = QPushButton(_("Datei wählen …"))
        choose.clicked.connect(self._choose)
        self.told = Notice(self._theme)
        practice = QPushButton(_("Erst einmal üben: Übungsamt öffnen"))
        practice.clicked.connect(self.practise)
        return _column(
            label(words, wrap=True),
            _named(_("Profildatei"), self.path),
            self.path,
            choose,
            self.told,
            label(
                _("Noch kein Profil? Ein Übungsamt mit erfundenen Anträgen geht sofort."), "muted", wrap=True
            ),
            practice,
        )

    @Slot()
    def _choose(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self, _("Profildatei wählen"), "", _("Profile (*.toml);;Alle Dateien (*)")
        )
        if chosen:
            self.path.setText(chosen)

    @Slot()
    def _typed(self) -> None:
        text = self.path.text().strip()
        self.profile, self._authority = None, ""
        if text:
            path = Path(text)
            try:
                self._authority = self._doors.read_profile(path)
                self.profile = path
                self.told.show_words("ok", _("Behörde: {name}").format(name=self._authority))
            except ClerkError as error:
                self.told.show_words("bad", sentence(error))
        else:
            self.told.show_words("ok", "")
        self._show_forth()

    @Slot()
    def practise(self) -> None:
        """Opens a practice office beside; this stays open."""
        self.told.show_words("info", _("Das Übungsamt wird geöffnet …"))

        def done(_nothing: None) -> None:
            self.told.show_words("ok", _("Das Übungsamt ist offen."))

        self.worker.submit(lambda _none: self._doors.open_practice(), done, self._failed_here)

    def _failed_here(self, error: ClerkError) -> None:
        self.told.show_words("bad", sentence(error))

    # keys, portal, signing device

    def _portal(self) -> QWidget:
        words = _("Schlüssel, Uhr und Portal werden geprüft. Was fehlt, lässt sich auch später richten.")
        self.portal_rows, part = self._checks(_("Prüfung von Schlüsseln und Portal"))
        return _column(label(words, wrap=True), part, self._again())

    def _signing(self) -> QWidget:
        words = _("Karte, Datei oder Fernsignatur: Eine PIN wird bei der Prüfung nicht verbraucht.")
        self.signing_rows, part = self._checks(_("Prüfung der Signatur"))
        return _column(label(words, wrap=True), part, self._again())

    def _checks(self, name: str) -> tuple[RowsModel, QWidget]:
        model = RowsModel(self._theme, (_("Ergebnis"), _("Was geprüft wurde")))
        view = RowsView(self._theme, model, name, 1)
        view.setMinimumHeight(self._theme.px(200))
        self._views.append(view)
        return model, view

    def _again(self) -> QPushButton:
        button = QPushButton(_("Erneut prüfen"))
        button.setAutoDefault(False)
        button.clicked.connect(self.examine)
        return button

    @Slot()
    def examine(self) -> None:
        """Looks at everything the office needs, in the background."""
        profile = self.profile
        if profile is None:
            return
        self._examined = profile
        waiting = [Line("0", (Cell(_("wird geprüft …"), "schedule", "muted"), Cell("")))]
        for model in (self.portal_rows, self.signing_rows):
            model.show(waiting)
        self.worker.submit(
            lambda _none: list(self._doors.examine(profile)), self._take, self._not_examined, key="examine"
        )

    def _take(self, parts: list[ExaminedPart]) -> None:
        for model, areas in ((self.portal_rows, _PORTAL_AREAS), (self.signing_rows, _SIGNING_AREAS)):
            model.show([_line(at, each) for at, each in enumerate(parts) if each.area in areas])
        for view in self._views:
            view.resizeColumnsToContents()
        open_ = sum(not each.well for each in parts)
        words = ngettext("{n} Punkt ist noch offen.", "{n} Punkte sind noch offen.", open_).format(n=open_)
        self._open.setText(words if open_ else _("Alles ist in Ordnung."))

    def _not_examined(self, error: ClerkError) -> None:
        self._examined = None
        line = Line("0", (Cell(_("zu erledigen"), "error", "bad"), Cell(sentence(error), whole=True)))
        for model in (self.portal_rows, self.signing_rows):
            model.show([line])

    # the end

    def _end(self) -> QWidget:
        self._open = label("", wrap=True)
        stored = _(
            "Auf diesem Rechner liegen: die Anträge mit ihren Anlagen, Ihre Entwürfe und Bescheide und das "
            "Protokoll, alles verschlüsselt. Ort: {home}"
        ).format(home=self._doors.home)
        first = _("Der erste Abgleich beginnt mit dem Fenster; arbeiten können Sie währenddessen schon.")
        return _column(self._open, label(first, wrap=True), label(stored, "muted", wrap=True))

    def done(self, result: int) -> None:
        """Ends the thread with the dialog."""
        self.worker.stop()
        super().done(result)


def _named(words: str, part: QWidget) -> QLabel:
    caption = label(words, "section")
    caption.setBuddy(part)
    part.setAccessibleName(words)
    return caption


def _column(*parts: QWidget) -> QWidget:
    page = QWidget()
    lines = column(margins=(0, 4, 12, 4), spacing=10)
    for part in parts:
        lines.addWidget(part)
    lines.addStretch(1)
    page.setLayout(lines)
    return page


def _line(at: int, part: ExaminedPart) -> Line:
    word = _("in Ordnung") if part.well else _("zu erledigen")
    icon, role = ("check_circle", "ok") if part.well else ("error", "bad")
    return Line(str(at), (Cell(word, icon, role), Cell(part.words, whole=True)))
