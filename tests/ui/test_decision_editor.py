"""The decision's editor: what a clerk adds by keyboard stands in the letter, is kept, and is there again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog

from clerk_app.domain.correspondence import LetterLanguages
from clerk_app.domain.decision import FeeItem, Finding, FindingLevel, Outcome, Wording
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.letter import Letter
from clerk_app.ui.commands import Screen
from clerk_app.ui.fee_model import FeeProblem, TypedFee, fee_problem
from clerk_app.ui.letter_languages import language_options
from clerk_app.ui.notice import Notice
from clerk_app.ui.wording_editor import WordingEditor
from tests.ui import fakes
from tests.ui.conftest import Pilot
from tests.ui.fake_store import FakeOffice, case_id_of
from tests.ui.seeds import fill

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def writing(pilot: Pilot) -> Pilot:
    """The newest case with its decision open."""
    pilot.press(Key.Key_Return)
    pilot.calm()
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert pilot.shows(Screen.DECISION)
    return pilot


def editor_of(pilot: Pilot) -> WordingEditor:
    return pilot.desk.decision.editor


def wording_of(pilot: Pilot) -> Wording:
    wish = pilot.desk.decision.wish()
    assert wish is not None
    return wish.wording


def drafts(pilot: Pilot) -> list[dict[str, Any]]:
    return [dict(act.payload) for _at, act in pilot.office.acts if act.kind is ActKind.DRAFTED]


def type_here(pilot: Pilot, text: str) -> None:
    """ASCII letters to whatever has the focus."""
    field = QApplication.focusWidget()
    assert field is not None
    pilot.type_into(field, text)


def signable(pilot: Pilot) -> None:
    pilot.until(lambda: pilot.desk.window.commands.reason("decision.sign") is None)


def test_provisions_are_added_moved_and_removed_by_keyboard(writing: Pilot) -> None:
    writing.press(Key.Key_B, SHIFT)
    type_here(writing, "Erstens")
    writing.press(Key.Key_Return)
    type_here(writing, "Zweitens")
    writing.press(Key.Key_Return)
    writing.press(Key.Key_Return)  # an empty line adds no other
    assert len(editor_of(writing).provisions.rows) == 3
    assert wording_of(writing).provisions == ("Erstens", "Zweitens")
    writing.press(Key.Key_Backspace)
    assert len(editor_of(writing).provisions.rows) == 2
    writing.press(Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert wording_of(writing).provisions == ("Zweitens", "Erstens")
    names = [each.edit.accessibleName() for each in editor_of(writing).provisions.rows]
    assert names == ["Nebenbestimmung 1", "Nebenbestimmung 2"]
    writing.press(Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert len(editor_of(writing).provisions.rows) == 2
    editor_of(writing).provisions.rows[0].remove.click()
    assert wording_of(writing).provisions == ("Erstens",)
    signable(writing)


def test_fees_begin_with_the_templates_and_become_ones_own(writing: Pilot) -> None:
    fees = editor_of(writing).fees
    assert fees.mode.currentText() == "Wie in der Vorlage: 10,20\u00a0€"
    assert wording_of(writing).fees is None
    writing.press(Key.Key_G, SHIFT)
    assert wording_of(writing).fees == (FeeItem("Bearbeitung", Decimal("10.20"), "GebOSt Nr. 399"),)
    writing.press(Key.Key_G, SHIFT)
    type_here(writing, "Auslagen")
    fees.rows[1].euros.setFocus()
    type_here(writing, "3,50")
    found = wording_of(writing).fees
    assert found is not None
    assert found[1] == FeeItem("Auslagen", Decimal("3.50"))
    signable(writing)
    fees.mode.setCurrentIndex(fees.mode.findData("none"))
    assert wording_of(writing).fees == ()
    fees.mode.setCurrentIndex(fees.mode.findData("template"))
    assert wording_of(writing).fees is None


def test_a_wrong_amount_is_said_and_blocks_until_it_is_mended(writing: Pilot) -> None:
    page, fees = writing.desk.decision, editor_of(writing).fees
    writing.press(Key.Key_G, SHIFT)
    amount = fees.rows[0].euros
    amount.setFocus()
    amount.clear()
    type_here(writing, "12.50")
    reason = writing.desk.window.commands.reason("decision.sign")
    assert reason is not None
    assert "12,50" in reason
    writing.press(Key.Key_Tab)
    assert fees.rows[0].problem_words.isVisibleTo(page)
    writing.until(lambda: [hint.level for hint in page.findings.hints][:1] == ["bad"])
    page.preview.pages.setFocus()
    jump = page.findings.hints[0].jump
    assert jump is not None
    jump()
    assert QApplication.focusWidget() is amount
    amount.clear()
    type_here(writing, "12,50")
    assert not fees.rows[0].problem_words.isVisibleTo(page)
    signable(writing)
    assert [hint.level for hint in page.findings.hints] == ["ok"]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (TypedFee("", ""), None),
        (TypedFee("Auslagen", "3,50"), None),
        (TypedFee("Auslagen", ""), FeeProblem.AMOUNT_MISSING),
        (TypedFee("", "", "§ 2"), FeeProblem.AMOUNT_MISSING),
        (TypedFee("", "3,50"), FeeProblem.TEXT_MISSING),
        (TypedFee("Auslagen", "3.5"), FeeProblem.AMOUNT_UNCLEAR),
        (TypedFee("Auslagen", "-3"), FeeProblem.AMOUNT_UNCLEAR),
    ],
)
def test_what_is_wrong_with_a_typed_fee(typed: TypedFee, problem: FeeProblem | None) -> None:
    assert fee_problem(typed) is problem
    assert (typed.fee() is None) == (problem is not None or typed.is_empty)


def test_everything_typed_is_kept_and_there_again(writing: Pilot) -> None:
    editor = editor_of(writing)
    editor.reasons.setPlainText("Gründe")
    editor.template.setCurrentIndex(1)
    editor.provisions.set_texts(("Auflage",))
    editor.fees.set_fees((FeeItem("Auslagen", Decimal("1234.50"), "§ 2"),))
    editor.enclosures.set_texts(("Merkblatt", "Plan"))
    editor.language.setCurrentIndex(1)
    wanted = Wording(
        reasons="Gründe",
        template="short",
        provisions=("Auflage",),
        fees=(FeeItem("Auslagen", Decimal("1234.50"), "§ 2"),),
        enclosures=("Merkblatt", "Plan"),
        language="hsb",
    )
    assert wording_of(writing) == wanted
    writing.until(lambda: bool(drafts(writing)))
    assert Wording.from_payload(drafts(writing)[-1]) == wanted
    signable(writing)
    writing.press(Key.Key_Escape)
    writing.calm()
    writing.ctrl(Key.Key_Return)
    writing.calm()
    assert writing.shows(Screen.DECISION)
    assert wording_of(writing) == wanted
    assert editor.fees.rows[0].euros.text() == "1.234,50"
    assert len(drafts(writing)) == 1  # opening it again is no new draft


def test_each_keystroke_is_shown_and_only_the_rest_of_the_hands_is_kept(
    writing: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[int] = set()
    shown: list[str] = []
    render = fakes.FakeLetterOffice.render

    def watched(office: fakes.FakeLetterOffice, letter: Letter, at: Any) -> bytes:
        threads.add(threading.get_ident())
        shown.append(" ".join(text for block in letter.blocks for text in [getattr(block, "text", "")]))
        return render(office, letter, at)

    monkeypatch.setattr(fakes.FakeLetterOffice, "render", watched)
    reasons = editor_of(writing).reasons
    reasons.setFocus()
    for letter in "abcdefghij":
        type_here(writing, letter)
        writing.until(lambda: bool(shown) and reasons.toPlainText() in shown[-1])  # without waiting for rest
    assert drafts(writing) == []
    assert threading.get_ident() not in threads
    signable(writing)
    writing.until(lambda: bool(drafts(writing)))
    assert [draft["reasons"] for draft in drafts(writing)] == ["abcdefghij"]


def test_a_slow_letter_never_makes_the_picture_starve(
    writing: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one letter is being made, more is typed: that one is still shown, then the newest."""
    gate, begun = threading.Event(), threading.Event()
    made: list[Letter] = []
    render = fakes.FakeLetterOffice.render

    def slow(office: fakes.FakeLetterOffice, letter: Letter, at: Any) -> bytes:
        begun.set()
        assert gate.wait(10)
        made.append(letter)
        return render(office, letter, at)

    monkeypatch.setattr(fakes.FakeLetterOffice, "render", slow)
    page = writing.desk.decision
    editor_of(writing).reasons.setPlainText("eins")
    writing.until(begun.is_set)
    for text in ("zwei", "drei", "vier"):
        editor_of(writing).reasons.setPlainText(text)
    before = page.preview.content
    gate.set()
    writing.until(lambda: b"eins" in page.preview.content or b"vier" in page.preview.content)
    assert page.preview.content != before
    writing.until(lambda: b"vier" in page.preview.content)
    signable(writing)
    texts = [str(letter.blocks[1]) for letter in made]
    assert not any("zwei" in text or "drei" in text for text in texts)


def test_what_was_typed_is_kept_when_another_case_is_begun(writing: Pilot) -> None:
    desk = writing.desk
    editor_of(writing).provisions.set_texts(("Auflage",))
    editor_of(writing).reasons.setPlainText("Gerade getippt")
    writing.press(Key.Key_Escape)
    desk.list.select_case(case_id_of(3))
    writing.calm()
    writing.press(Key.Key_Return)
    writing.calm()
    desk.window.commands.run("case.decide")
    writing.calm()
    assert writing.shows(Screen.DECISION)
    assert wording_of(writing) == Wording()
    writing.until(lambda: bool(drafts(writing)))
    kept = [act for _at, act in writing.office.acts if act.kind is ActKind.DRAFTED]
    assert [act.case_id for act in kept] == [case_id_of(1)]
    assert kept[0].payload["reasons"] == "Gerade getippt"


def test_an_open_blank_is_found_and_marked(writing: Pilot) -> None:
    page = writing.desk.decision
    editor_of(writing).reasons.setPlainText("Die Frist endet am {frist} um 12 Uhr.")
    writing.until(lambda: any("{frist}" in hint.words for hint in page.findings.hints))
    page.preview.pages.setFocus()
    jump = page.findings.hints[0].jump
    assert jump is not None
    jump()
    assert QApplication.focusWidget() is page.reasons
    type_here(writing, "1. Mai")
    assert page.reasons.toPlainText() == "Die Frist endet am 1. Mai um 12 Uhr."
    signable(writing)


def test_templates_follow_the_outcome(writing: Pilot) -> None:
    editor = editor_of(writing)
    page = writing.desk.decision
    assert [editor.template.itemText(at) for at in range(editor.template.count())] == [
        "Bewilligung",
        "Bewilligung, kurz",
    ]
    editor.template.setCurrentIndex(1)
    assert wording_of(writing).template == "short"
    assert editor.fees.mode.itemText(0) == "Wie in der Vorlage: keine Gebühr genannt"
    editor.outcomes[Outcome.REFUSED].setChecked(True)
    assert not editor.template.isVisibleTo(page)
    assert wording_of(writing).template is None


def test_a_reason_for_no_hearing_is_asked_for_when_it_is_missing(writing: Pilot) -> None:
    editor, page = editor_of(writing), writing.desk.decision
    finding = Finding("hearing-missing", FindingLevel.BLOCK)
    assert not editor.no_hearing_reason.isVisibleTo(page)
    editor.ask_for_hearing(asked=True)
    assert editor.no_hearing_reason.isVisibleTo(page)
    assert editor.place_of(finding) is editor.no_hearing_reason
    line = editor.no_hearing_reason.fontMetrics().lineSpacing()
    assert editor.no_hearing_reason.viewport().height() >= 2 * line, "a sentence wants two lines"
    editor.no_hearing_reason.setPlainText("Gefahr im\nVerzug")
    editor.ask_for_hearing(asked=False)  # what was given stays in sight
    assert editor.no_hearing_reason.isVisibleTo(page)
    assert wording_of(writing).no_hearing_reason == "Gefahr im Verzug"


def test_in_a_short_window_the_fields_have_more_room_than_the_findings(writing: Pilot) -> None:
    page, window = writing.desk.decision, writing.desk.window
    for width, height in ((940, 600), (1280, 800)):
        window.resize(width, height)
        writing.calm()
        first = page.findings.findChildren(Notice)[0]
        assert not first.visibleRegion().isEmpty()
        assert first.visibleRegion().boundingRect().height() == first.height(), "the first hint is whole"
        fields = page.editor.visibleRegion().boundingRect().height()
        assert fields >= 2.5 * page.findings.height()


def test_the_languages_on_offer() -> None:
    assert language_options(LetterLanguages()) == [(None, "Deutsch")]
    assert language_options(LetterLanguages(("hsb",))) == [
        (None, "Deutsch"),
        ("hsb", "Deutsch und Obersorbisch"),
    ]
    assert language_options(LetterLanguages(("hsb",), "hsb")) == [
        (None, "Wie gewünscht: Deutsch und Obersorbisch"),
        ("de", "Nur Deutsch"),
    ]


def test_an_unfinished_fee_is_there_again_too(writing: Pilot) -> None:
    writing.press(Key.Key_G, SHIFT)
    fees = editor_of(writing).fees
    fees.rows[0].euros.setText("12.50")
    fees.add()
    fees.rows[1].text.setText("Auslagen")
    writing.press(Key.Key_Escape)
    writing.calm()
    writing.ctrl(Key.Key_Return)
    writing.calm()
    assert writing.shows(Screen.DECISION)
    typed = [each.typed() for each in fees.rows]
    assert typed == [TypedFee("Bearbeitung", "12.50", "GebOSt Nr. 399"), TypedFee("Auslagen", "")]
    assert writing.desk.window.commands.reason("decision.sign") is not None


def test_nothing_is_kept_while_the_pin_is_typed(open_pilot: Callable[..., Pilot]) -> None:
    """A draft kept meanwhile would be a change of the case: the PIN would be spent for nothing."""
    office = FakeOffice(needs_password=True)
    fill(office)
    pilot = open_pilot(office)
    pilot.press(Key.Key_Return)
    pilot.calm()
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    editor_of(pilot).reasons.setPlainText("Gerade noch getippt")
    signable(pilot)
    keeping: list[bool] = []

    def cancel() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QDialog):
            QTimer.singleShot(10, cancel)
            return
        keeping.append(pilot.desk.decision.maker.waits_to_keep)
        dialog.reject()

    QTimer.singleShot(0, cancel)
    pilot.ctrl(Key.Key_Return)
    pilot.until(lambda: keeping == [False])
    pilot.until(lambda: [draft["reasons"] for draft in drafts(pilot)] == ["Gerade noch getippt"])


def test_added_commands_act_on_the_decision_only(pilot: Pilot) -> None:
    for command in ("decision.add_provision", "decision.add_fee", "decision.add_enclosure"):
        assert pilot.desk.window.commands.reason(command) is not None


def test_what_the_keeping_changes_is_shown_before_it_is_signed(writing: Pilot) -> None:
    """A letter whose draft is just being kept is not signed: its picture is about to be outdated."""
    page = writing.desk.decision
    editor_of(writing).reasons.setPlainText("Neu")
    signable(writing)
    prepared = page._prepared
    assert prepared is not None
    page.maker.make_and_keep()
    assert page.why_not_sign() is not None
    signable(writing)
    assert page._prepared is not None
    assert page._prepared.draft.change_token != prepared.draft.change_token or drafts(writing)
    assert page._prepared.wish == prepared.wish
