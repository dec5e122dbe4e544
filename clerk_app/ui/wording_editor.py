"""Was geschrieben wird: outcome, template, reasons, provisions, fees, enclosures, language of a decision."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from clerk_app.domain.decision import Finding, Outcome, Wording
from clerk_app.domain.decision_choices import DecisionChoices
from clerk_app.texts import _, language
from clerk_app.ui import labels
from clerk_app.ui.fee_rows import FeeRows, QuietCombo
from clerk_app.ui.item_rows import GrowingEdit, ItemRows, reveal
from clerk_app.ui.letter_languages import language_options
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import column, hairline, label


class WordingEditor(QWidget):
    """Everything a clerk adds to a decision's template. ``changed`` after each keystroke that counts."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._choices = DecisionChoices()
        self._filling = False
        self._provided = Wording()
        self.outcomes: dict[Outcome, QRadioButton] = {}
        self.template = QuietCombo()
        self.reasons = GrowingEdit(least=4, most=18, listed=False)
        self.provisions = ItemRows(theme, _("Nebenbestimmungen"), _("Nebenbestimmung"))
        self.fees = FeeRows(theme)
        self.enclosures = ItemRows(theme, _("Anlagen"), _("Anlage"))
        self.language = QuietCombo()
        self.no_hearing_reason = GrowingEdit(least=2, most=6, listed=False)
        self._lines = column(margins=(20, 14, 20, 14), spacing=8)
        self._build()
        for signal in (
            self.template.currentIndexChanged,
            self.reasons.textChanged,
            self.provisions.changed,
            self.fees.changed,
            self.enclosures.changed,
            self.language.currentIndexChanged,
            self.no_hearing_reason.textChanged,
        ):
            signal.connect(self._say_changed)
        self.template.currentIndexChanged.connect(self._template_chosen)

    def _build(self) -> None:
        lines = self._lines
        lines.addWidget(label(_("Entscheidung"), "section"))
        group = QButtonGroup(self)
        outcomes = column(spacing=0)
        lines.addLayout(outcomes)
        for outcome in Outcome:
            choice = QRadioButton(labels.outcome(outcome))
            choice.setMinimumHeight(self._theme.px(26))
            choice.toggled.connect(self._outcome_chosen)
            group.addButton(choice)
            self.outcomes[outcome] = choice
            outcomes.addWidget(choice)
        self._template_heading = self._add(lines, _("Vorlage"), self.template)
        lines.addWidget(hairline())
        self._add(lines, _("Begründung"), self.reasons)
        self.reasons.setPlaceholderText(
            _("Bei voller Bewilligung freiwillig; sonst vorgeschrieben (§ 39 VwVfG)")
        )
        self._hearing_heading = self._add(
            lines, _("Ohne Anhörung, weil (§ 28 Abs. 2 und 3 VwVfG)"), self.no_hearing_reason
        )
        for part in (self.provisions, self.fees, self.enclosures):
            lines.addWidget(hairline())
            lines.addWidget(part)
        lines.addWidget(hairline())
        self._language_heading = self._add(lines, _("Sprache des Bescheids"), self.language)
        lines.addStretch(1)
        self.setLayout(lines)

    def _add(self, lines: QVBoxLayout, words: str, field: QWidget) -> QWidget:
        heading = label(words, "section", wrap=True)
        heading.setBuddy(field)
        field.setAccessibleName(words)
        lines.addWidget(heading)
        lines.addWidget(field)
        return heading

    def put_below(self, field: QWidget, helping: QWidget) -> None:
        """Puts a widget right below a field it helps with."""
        self._lines.insertWidget(self._lines.indexOf(field) + 1, helping)

    def take_in(self, below: QWidget) -> None:
        """Puts a widget below the fields, where there is no room for it outside."""
        self._lines.insertWidget(self._lines.count() - 1, below)

    # content

    def begin(self, choices: DecisionChoices, outcome: Outcome, wording: Wording) -> None:
        """Shows what was kept before, and what this case offers; says nothing of it."""
        self._filling = True
        self._choices, self._provided = choices, wording
        self.outcomes[outcome].setChecked(True)
        self._offer_templates(wording.template)
        self.reasons.setPlainText(wording.reasons)
        self.provisions.set_texts(wording.provisions)
        self.fees.set_fees(wording.fees)
        self.enclosures.set_texts(wording.enclosures)
        self._offer_languages(wording.language)
        self.no_hearing_reason.setPlainText(wording.no_hearing_reason)
        self.ask_for_hearing(asked=False)
        self._filling = False

    def outcome(self) -> Outcome:
        """What is decided."""
        return next((each for each, choice in self.outcomes.items() if choice.isChecked()), Outcome.GRANTED)

    def wording(self) -> Wording:
        """What is chosen and typed now."""
        template = self.template.currentData()
        return replace(
            self._provided,
            reasons=self.reasons.toPlainText().strip(),
            template=str(template) if template else None,
            provisions=self.provisions.texts(),
            fees=self.fees.fees(),
            enclosures=self.enclosures.texts(),
            language=self.language.currentData(),
            no_hearing_reason=self._no_hearing_reason(),
        )

    def _no_hearing_reason(self) -> str:
        return " ".join(self.no_hearing_reason.toPlainText().split())  # the log keeps it in one line

    def problems(self) -> list[tuple[str, QLineEdit]]:
        """What cannot become part of a letter as it was typed, and where it stands."""
        return self.fees.problems()

    def ask_for_hearing(self, *, asked: bool) -> None:
        """Whether a reason is wanted for deciding without a hearing; one that was given stays in sight."""
        shown = asked or bool(self._no_hearing_reason())
        self._hearing_heading.setVisible(shown)
        self.no_hearing_reason.setVisible(shown)

    # where something is missing

    def place_of(self, finding: Finding) -> QWidget | None:
        """The field a finding speaks of, None when it is not here."""
        if finding.code == "reasons-missing":
            return self.reasons
        if finding.code.startswith("hearing-"):
            return self.no_hearing_reason
        if finding.code.startswith("translation-"):
            return self.language if self._language_heading.isVisibleTo(self) else None
        if finding.code == "blank-unfilled":
            return self._field_with(dict(finding.params).get("blank", ""))
        return None

    def jump(self, finding: Finding) -> None:
        """Puts the focus where something is missing; a blank is marked, so that typing fills it."""
        words = dict(finding.params).get("blank", "")
        if words and (
            reveal(self.reasons, words) or self.provisions.reveal(words) or self.enclosures.reveal(words)
        ):
            return
        place = self.place_of(finding)
        if place is not None:
            place.setFocus(Qt.FocusReason.OtherFocusReason)

    def _field_with(self, words: str) -> QWidget | None:
        typed: list[tuple[QWidget, tuple[str, ...]]] = [
            (self.reasons, (self.reasons.toPlainText(),)),
            (self.provisions, self.provisions.texts()),
            (self.enclosures, self.enclosures.texts()),
        ]
        for field, texts in typed:
            if words and any(words in text for text in texts):
                return field
        return self.template if self._template_heading.isVisibleTo(self) else None

    # choices

    def _offer_templates(self, chosen: str | None) -> None:
        found = self._choices.of(self.outcome())
        self.template.blockSignals(True)
        self.template.clear()
        for at, each in enumerate(found):
            self.template.addItem(each.title.text(language()), None if at == 0 else each.name)
            if each.name == chosen:
                self.template.setCurrentIndex(at)
        self.template.blockSignals(False)
        for part in (self.template, self._template_heading):
            part.setVisible(len(found) > 1)
        self._template_chosen()

    def _offer_languages(self, chosen: str | None) -> None:
        options = language_options(self._choices.languages)
        self.language.blockSignals(True)
        self.language.clear()
        for value, words in options:
            self.language.addItem(words, value)
        at = next((at for at, (value, _words) in enumerate(options) if value == chosen), 0)
        self.language.setCurrentIndex(at)
        self.language.blockSignals(False)
        for part in (self.language, self._language_heading):
            part.setVisible(len(options) > 1)

    @Slot()
    def _template_chosen(self) -> None:
        chosen = self._choices.template(self.outcome(), self.template.currentData())
        self.fees.set_template(chosen.fees if chosen else None)

    @Slot(bool)
    def _outcome_chosen(self, on: bool) -> None:
        if on and not self._filling:
            self._offer_templates(None)
            self.changed.emit()

    @Slot()
    def _say_changed(self) -> None:
        if not self._filling:
            self.changed.emit()
