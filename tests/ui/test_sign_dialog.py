"""The sign dialog: shown when somebody must type or choose; one wrong PIN is one try, said and waited on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from clerk_app.domain.outbox import OutboxState
from clerk_app.domain.signature import KeyReport, SignatureLevel, SignerKind
from clerk_app.ui.commands import Screen
from clerk_app.ui.sign_dialog import SignDialog
from tests.ui.conftest import Pilot
from tests.ui.fake_store import CLERKS_KEY, NOW, PIN, FakeOffice
from tests.ui.seeds import fill
from tests.ui.test_main_job import decisions, to_preview

Key = Qt.Key
SEAL = KeyReport(
    "pkcs12:seal.p12",
    SignerKind.SEAL,
    "Stadt Musterhausen & Töchter",
    "Testdienst",
    NOW,
    NOW + timedelta(days=9),
)


def asked(pilot: Pilot) -> SignDialog:
    """The dialog, once it is there and has the keyboard."""

    def there() -> bool:
        dialog = QApplication.activeModalWidget()
        return isinstance(dialog, SignDialog) and dialog.isAncestorOf(
            QApplication.focusWidget() or pilot.desk.window
        )

    pilot.until(there)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, SignDialog)
    return dialog


def words_of(dialog: SignDialog) -> str:
    return "\n".join(found.text() for found in dialog.findChildren(QLabel) if not found.isHidden())


def begun(open_pilot: Callable[..., Pilot], **options: bool) -> tuple[FakeOffice, Pilot, SignDialog]:
    office = FakeOffice(needs_password=True, **options)
    fill(office)
    pilot = open_pilot(office)
    to_preview(pilot)
    pilot.ctrl(Key.Key_Return)
    return office, pilot, asked(pilot)


def answer(pilot: Pilot, dialog: SignDialog, pin: str) -> None:
    pilot.type_into(dialog.field, pin)
    pilot.press(Key.Key_Return)
    pilot.calm()


def test_four_keystrokes_with_a_pin(open_pilot: Callable[..., Pilot]) -> None:
    office, pilot, dialog = begun(open_pilot)
    assert QApplication.focusWidget() is dialog.field
    answer(pilot, dialog, PIN)
    assert pilot.keystrokes == 4  # the PIN's digits are not counted, its Enter is
    assert decisions(office) == [OutboxState.QUEUED]
    assert office.signed_with == [CLERKS_KEY.reference]
    assert pilot.shows(Screen.REVIEW), "the next case is there"


def test_who_signs_and_how_is_said_before_anybody_types(open_pilot: Callable[..., Pilot]) -> None:
    office = FakeOffice(needs_password=True)
    office.outlook = replace(office.outlook, level=SignatureLevel.B_LTA, offline=True)
    fill(office)
    pilot = open_pilot(office)
    to_preview(pilot)
    pilot.ctrl(Key.Key_Return)
    dialog = asked(pilot)
    words = words_of(dialog)
    for expected in (
        "Jörg Schäfer (Signatur einer Person)",
        "Testdienst",
        "29.12.2027",
        "B-LTA",
        "kein Fehl",
    ):
        assert expected in words
    assert "Zeitstempeldienst antwortet gerade nicht" in words
    assert dialog.field.accessibleName() == "PIN"
    pilot.press(Key.Key_Return)  # an empty PIN is not even tried
    pilot.calm()
    assert office.wrong_pins == 0
    pilot.press(Key.Key_Escape)
    pilot.calm()
    assert decisions(office) == []
    assert pilot.shows(Screen.DECISION)
    assert pilot.desk.window.commands.reason("decision.sign") is None, "and can be begun again"


def test_a_wrong_pin_is_one_try_and_waits_for_a_deliberate_new_one(open_pilot: Callable[..., Pilot]) -> None:
    office, pilot, dialog = begun(open_pilot)
    answer(pilot, dialog, "999999")
    pilot.until(lambda: not dialog.field.isReadOnly())
    pilot.calm()
    assert office.wrong_pins == 1
    assert dialog.isVisible()
    assert "ist falsch" in dialog.note.words.text()
    assert "mindestens ein Fehlversuch" in words_of(dialog)
    assert dialog.field.text() == ""
    assert QApplication.focusWidget() is dialog.field
    assert "999999" not in words_of(dialog)
    answer(pilot, dialog, PIN)
    assert decisions(office) == [OutboxState.QUEUED]
    assert office.wrong_pins == 1


def test_a_locked_card_says_what_now(open_pilot: Callable[..., Pilot]) -> None:
    office, pilot, dialog = begun(open_pilot)
    for tried in (1, 2, 3):
        answer(pilot, dialog, "000000")
        pilot.until(lambda tried=tried: office.wrong_pins == tried and dialog.note.words.text() != "")  # type: ignore[misc]
        pilot.calm()
        if tried == 2:
            assert "nur noch ein Versuch" in words_of(dialog)
    assert "PUK" in dialog.note.words.text()
    assert dialog.field.isReadOnly()
    assert not dialog.sign_button.isEnabled()
    pilot.press(Key.Key_Escape)
    pilot.calm()
    assert not dialog.isVisible()
    assert decisions(office) == []


def test_a_key_without_pin_signs_without_a_question(pilot: Pilot) -> None:
    to_preview(pilot)
    pilot.ctrl(Key.Key_Return)
    pilot.calm()
    assert pilot.office.signed_with == [None]


def test_two_keys_are_a_choice(open_pilot: Callable[..., Pilot]) -> None:
    office = FakeOffice()
    office.outlook = replace(office.outlook, others=(SEAL,))
    fill(office)
    pilot = open_pilot(office)
    to_preview(pilot)
    pilot.ctrl(Key.Key_Return)
    dialog = asked(pilot)
    assert not dialog.field.isVisible()
    assert [choice.text() for choice in dialog.choices.values()] == [
        "Jörg Schäfer (Signatur einer Person)",
        "Stadt Musterhausen && Töchter (Siegel der Behörde)",
    ]
    dialog.choices[CLERKS_KEY.reference].setFocus()
    pilot.press(Key.Key_Down)
    assert dialog.choices[SEAL.reference].isChecked()
    pilot.calm()
    assert "03.12.2026" in words_of(dialog)
    pilot.press(Key.Key_Return)
    pilot.calm()
    assert office.signed_with == [SEAL.reference]
    assert decisions(office) == [OutboxState.QUEUED]
