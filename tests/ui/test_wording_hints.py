"""Hints about wording: seen while writing, gone through by keyboard, never in the way."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from clerk_app.domain.wording_hints import HintKind
from clerk_app.ui.commands import Screen
from clerk_app.ui.wording_hints import WordingHints
from tests.ui.conftest import Pilot

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def writing(pilot: Pilot) -> Pilot:
    pilot.press(Key.Key_Return)
    pilot.calm()
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert pilot.shows(Screen.DECISION)
    return pilot


def look(pilot: Pilot, text: str) -> WordingHints:
    page = pilot.desk.decision
    page.reasons.setPlainText(text)
    page.reasons.setFocus()
    page.wording.look()
    pilot.until(lambda: bool(page.wording.hints))
    return page.wording


def test_hints_come_while_typing_and_block_nothing(writing: Pilot) -> None:
    page = writing.desk.decision
    assert not page.wording.isVisible()
    page.reasons.setPlainText("Der Antragsteller hat ggf. recht.")
    writing.until(lambda: page.wording.isVisible())
    assert [hint.kind for hint in page.wording.hints] == [HintKind.NEUTRAL, HintKind.ABBREVIATION]
    assert page.wording.fold.text() == "Formulierung: 2 Hinweise"
    assert len(page.reasons.extraSelections()) == 2
    writing.until(lambda: writing.desk.window.commands.reason("decision.sign") is None)
    page.reasons.setPlainText("")
    writing.until(lambda: not page.wording.isVisible())
    assert not page.reasons.extraSelections()


def test_the_hints_are_gone_through_and_taken_over_by_keyboard(writing: Pilot) -> None:
    hints = look(writing, "😀 Der Antragsteller hat ggf. recht.")  # two units of UTF-16 before the hints
    reasons = writing.desk.decision.reasons
    commands = writing.desk.window.commands
    assert commands.reason("wording.apply") == "Erst mit F7 zu einem Hinweis springen."
    writing.press(Key.Key_F7)
    assert reasons.textCursor().selectedText() == "Antragsteller"
    writing.press(Key.Key_F7)
    assert reasons.textCursor().selectedText() == "ggf."
    writing.press(Key.Key_F7, SHIFT)
    assert reasons.toPlainText() == "😀 Der Antragsteller hat gegebenenfalls recht."
    writing.until(lambda: len(hints.hints) == 1)
    reasons.undo()
    assert "ggf." in reasons.toPlainText()
    writing.until(lambda: len(hints.hints) == 2)
    writing.press(Key.Key_F7)
    assert reasons.textCursor().selectedText() == "Antragsteller"  # from the beginning again


def test_a_long_sentence_has_no_proposal_and_says_so(writing: Pilot) -> None:
    look(writing, " ".join(["wort"] * 30) + ".")
    writing.press(Key.Key_F7)
    why = writing.desk.window.commands.reason("wording.apply")
    assert why == "Zu diesem Hinweis gibt es keinen Vorschlag."
    assert not writing.desk.decision.reasons.extraSelections()  # no underlined paragraph


def test_unfolded_every_hint_says_what_it_is_and_offers_its_proposal(writing: Pilot) -> None:
    hints = look(writing, "Der Antragsteller hat ggf. recht.")
    hints.fold.click()

    def proposals() -> list[QPushButton]:
        return [
            button
            for button in hints.findChildren(QPushButton)
            if button.accessibleName() == "Übernehmen: gegebenenfalls" and button.isVisible()
        ]

    writing.until(lambda: len(proposals()) == 1)
    [take] = proposals()
    take.click()
    assert writing.desk.decision.reasons.toPlainText() == "Der Antragsteller hat gegebenenfalls recht."


def test_hostile_words_stay_words(writing: Pilot) -> None:
    hints = look(writing, "<b>Der</b> Antragsteller*innen & <img src=x> ggf.")
    hints.fold.click()
    labels = [each for each in hints.findChildren(QLabel) if each.text()]
    assert labels
    assert all(each.textFormat() is Qt.TextFormat.PlainText for each in labels)


def test_a_letter_has_the_same_help(pilot: Pilot) -> None:
    pilot.press(Key.Key_Return)
    pilot.calm()
    pilot.desk.write()
    pilot.calm()
    assert pilot.shows(Screen.LETTER)
    letter = pilot.desk.letter
    letter.form.text.setPlainText("Die Mieter zahlen.")
    pilot.until(lambda: bool(letter.wording.hints))
    letter.form.text.setFocus()
    pilot.press(Key.Key_F7)
    assert letter.form.text.textCursor().selectedText() == "Mieter"
