"""Einstellungen: what a person may set, found by any word, effective at once, with a way back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QGroupBox, QLineEdit, QStackedWidget, QWidget

from clerk_app.texts import _, ngettext
from clerk_app.ui.commands import Commands
from clerk_app.ui.empty_state import EmptyState
from clerk_app.ui.page import Page
from clerk_app.ui.reflow import FollowingColumn
from clerk_app.ui.setting_rows import SETTINGS, Choice, Setting
from clerk_app.ui.widgets import clearable, column, label, row, tool_button
from clerk_app.ui.workbench import Workbench


class SettingRow(QWidget):
    """One setting: name, choice, what it means, back to the usual. ``chosen`` carries (Setting, value)."""

    chosen = Signal(object, object)

    def __init__(self, bench: Workbench, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self._bench = bench
        self.box = QComboBox()
        self.box.setAccessibleName(_(setting.title))
        self._choices = list(setting.choices())
        settled = bench.settings.get(setting.name)
        if bench.settings.locked(setting.name) and settled not in [each.value for each in self._choices]:
            self._choices.append(Choice(settled, str(settled)))  # a policy may say what is not offered here
        for choice in self._choices:
            self.box.addItem(choice.words)
        caption = label(_(setting.title), "section")
        caption.setBuddy(self.box)
        self.usual = tool_button(
            bench.theme, "undo", _("{title}: zurück auf üblich").format(title=_(setting.title)), self._reset
        )
        line = row(spacing=8)
        line.addWidget(self.box, 1)
        line.addWidget(self.usual)
        lines = column(margins=(0, 4, 0, 8), spacing=4)
        lines.addWidget(caption)
        lines.addLayout(line)
        hint = _(setting.hint)
        if setting.restart:
            hint = _("{hint} Gilt ab dem nächsten Start.").format(hint=hint)
        self.box.setAccessibleDescription(hint)
        lines.addWidget(label(hint, "muted", wrap=True))
        self.lock = label("", "warn", wrap=True)
        lines.addWidget(self.lock)
        self.setLayout(lines)
        self.refresh()
        self.box.activated.connect(self._activated)

    def refresh(self) -> None:
        """Shows the value in force."""
        values = [choice.value for choice in self._choices]
        value = self._bench.settings.get(self.setting.name, self.setting.usual)
        at = values.index(value) if value in values else values.index(self.setting.usual)
        self.box.setCurrentIndex(at)
        by = self._bench.settings.locked(self.setting.name)
        self.box.setEnabled(not by)
        self.usual.setEnabled(not by and values[at] != self.setting.usual)
        self.lock.setText(_("Durch Richtlinie festgelegt: {source}").format(source=by) if by else "")
        self.lock.setVisible(bool(by))

    @Slot(int)
    def _activated(self, at: int) -> None:
        self.chosen.emit(self.setting, self._choices[at].value)

    def _reset(self) -> None:
        self.chosen.emit(self.setting, self.setting.usual)
        self.box.setFocus()


class SettingsPage(Page):
    """All settings in sections, and what the office has settled already. ``chosen`` as of the rows."""

    chosen = Signal(object, object)

    def __init__(self, bench: Workbench, _commands: Commands) -> None:
        super().__init__()
        self._bench = bench
        self.rows = [SettingRow(bench, setting) for setting in SETTINGS]
        self._sections: list[tuple[QGroupBox, list[SettingRow]]] = []
        self.search = QLineEdit()
        self._build()
        for each in self.rows:
            each.chosen.connect(self.chosen)
        self.search.textChanged.connect(self._search)
        self._empty.acted.connect(self.search.clear)
        bench.theme.changed.connect(self.refresh)
        self._search()

    def _build(self) -> None:
        self.search.setPlaceholderText(_("Einstellungen durchsuchen …"))
        self.search.setAccessibleName(_("Einstellungen durchsuchen"))
        clearable(self.search)
        self._count = label("", "muted")
        head = row(spacing=8)
        head.addWidget(label(_("Einstellungen"), "title"))
        head.addWidget(self._count, 1)
        inside = column(margins=(20, 4, 20, 20), spacing=12)
        for title in dict.fromkeys(each.setting.section for each in self.rows):
            mine = [each for each in self.rows if each.setting.section == title]
            group = QGroupBox(_(title))
            lines = column(margins=(12, 8, 12, 4), spacing=4)
            for each in mine:
                lines.addWidget(each)
            group.setLayout(lines)
            inside.addWidget(group)
            self._sections.append((group, mine))
        inside.addWidget(self._office_part())
        inside.addStretch(1)
        content = QWidget()
        content.setLayout(inside)
        content.setMaximumWidth(self._bench.theme.px(760))
        self._empty = EmptyState(self._bench.theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(FollowingColumn(content))
        self._stack.addWidget(self._empty)
        top = column(margins=(20, 12, 20, 8), spacing=8)
        top.addLayout(head)
        top.addWidget(self.search)
        layout = column()
        layout.addLayout(top)
        layout.addWidget(self._stack, 1)
        self.setLayout(layout)

    def _office_part(self) -> QGroupBox:
        """What the profile of the office says; nobody changes it here."""
        office = self._bench.office
        self._office = QGroupBox(_("Vom Profil des Amts vorgegeben"))
        lines = column(margins=(12, 8, 12, 8), spacing=6)
        taken = _("{n} Sekunden").format(n=office.take_back_s) if office.take_back_s else _("keine")
        facts = (
            (_("Amt"), office.name),
            (_("Konto"), office.actor),
            (_("Rückholfrist"), taken),
            (_("PIN oder Passwort beim Signieren"), _("ja") if office.signing_needs_password else _("nein")),
            (_("Übungsamt"), _("ja") if office.practice else _("nein")),
        )
        for name, value in facts:
            lines.addWidget(label(f"{name}: {value}", wrap=True, selectable=True))
        self._office.setLayout(lines)
        return self._office

    # the window

    def open(self) -> None:
        """Shows the values in force."""
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Something was set elsewhere: in a menu, or taken back."""
        for each in self.rows:
            each.refresh()

    def focus_content(self) -> None:
        """Puts the focus on the search field."""
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.selectAll()

    @Slot()
    def _search(self) -> None:
        words = self.search.text()
        shown = 0
        for group, mine in self._sections:
            fitting = [each for each in mine if each.setting.says(words)]
            for each in mine:
                each.setVisible(each in fitting)
            group.setVisible(bool(fitting))
            shown += len(fitting)
        self._office.setVisible(not words.strip())
        self._count.setText(ngettext("{n} Einstellung", "{n} Einstellungen", shown).format(n=shown))
        if not shown:
            self._empty.show_state(
                "search",
                _("Keine Einstellung heißt so."),
                _("Andere Wörter helfen oft weiter."),
                _("Suche löschen"),
            )
        self._stack.setCurrentIndex(0 if shown else 1)
