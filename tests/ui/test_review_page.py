"""The review page: parts, search, raw data, check points that lead somewhere, changes, evidence, package."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QApplication, QFrame, QLabel

from clerk_app.domain.ids import SubmissionId
from clerk_app.domain.localized import Localized
from clerk_app.domain.package import PackageMark, PackageVersion
from clerk_app.domain.review_basis import ReviewBasis
from clerk_app.domain.service_package import CheckLevel, CheckResult
from clerk_app.ui.commands import Screen
from clerk_app.ui.form_model import COMPLAINT, fits
from clerk_app.ui.review_side import ReviewPart
from clerk_app.ui.widgets import CommandButton
from tests.ui.conftest import Pilot
from tests.ui.fake_store import NOW, FakeOffice, case_id_of
from tests.ui.seeds import FORM, seed

Key = Qt.Key
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
MARK = PackageMark("de.amtsstube.parken", PackageVersion(1, 0, 0), "0" * 64)


def said(text: str) -> Localized:
    return Localized({"de": text})


CHECKS = (
    CheckResult(
        "plate",
        CheckLevel.WARN,
        said("Das Kennzeichen passt nicht"),
        "Fahrzeug.Kennzeichen",
        advice=said("Mit dem Fahrzeugschein vergleichen."),
        ask=said("Nennen Sie uns bitte das Kennzeichen."),
    ),
    CheckResult("photo", CheckLevel.WARN, said("Das Lichtbild fehlt"), None, "photo"),
    CheckResult("lease", CheckLevel.WARN, said("Der Mietvertrag ist abgelaufen"), None, "lease"),
    CheckResult("deep", CheckLevel.UNDECIDED, said("Bitte selbst prüfen"), "fahrzeug.fahrgestellnummer"),
    CheckResult("name", CheckLevel.OK, said("Der Name ist da"), "**.name"),
    CheckResult("fee", CheckLevel.OK, said("Die Gebühr ist bezahlt")),
)


@pytest.fixture
def checked() -> FakeOffice:
    """One case whose check points lead somewhere."""
    office = FakeOffice()
    made = seed(1, "Müller, Jörg", "Bewohnerparkausweis", files=("Fahrzeugschein.pdf", "Mietvertrag.pdf"))
    office.add(made)
    office.results[made.case_id] = CHECKS
    return office


def reviewed(open_pilot: Callable[..., Pilot], office: FakeOffice) -> Pilot:
    pilot = open_pilot(office)
    pilot.press(Key.Key_Return)
    pilot.calm()
    assert pilot.shows(Screen.REVIEW)
    return pilot


def later(office: FakeOffice, form: dict[str, Any], schema: str | None = None, **attached: Any) -> None:
    """Another submission in the first case."""
    found = office.seeds[case_id_of(1)]
    body = json.dumps(form, ensure_ascii=False).encode()
    found.applications.append(
        replace(
            found.applications[0],
            submission_id=SubmissionId(f"later-{len(found.applications)}"),
            content=body,
            content_sha512=hashlib.sha512(body).hexdigest(),
            schema_uri=schema,
            submitted_at=NOW,
            **attached,
        )
    )


def shown_part(pilot: Pilot) -> ReviewPart:
    return pilot.desk.review.side.part


def lines(pilot: Pilot) -> list[tuple[str, str]]:
    """What the part "Änderungen" says."""
    model = pilot.desk.review.changes.tree.model()
    assert isinstance(model, QStandardItemModel)
    found = []
    for at in range(model.rowCount()):
        heading = model.index(at, 0)
        found.append((str(heading.data()), ""))
        for line in range(model.rowCount(heading)):
            cells = (model.index(line, column, heading).data() for column in (0, 1))
            found.append(tuple(str(cell or "") for cell in cells))  # type: ignore[arg-type]
    return found


# -- parts --------------------------------------------------------------------------------------------------


def test_parts_are_a_key_away_and_the_focus_comes_back(
    open_pilot: Callable[..., Pilot], checked: FakeOffice
) -> None:
    pilot = reviewed(open_pilot, checked)
    tick = pilot.desk.review.checks.rows()[1].tick
    tick.setFocus()
    pilot.press(Key.Key_4, ALT)
    assert shown_part(pilot) is ReviewPart.RAW
    assert pilot.desk.review.raw.hasFocus()
    pilot.press(Key.Key_1, ALT)
    assert shown_part(pilot) is ReviewPart.CHECKS
    assert tick.hasFocus()
    seen = []
    for _turn in ReviewPart:
        pilot.press(Key.Key_Tab, CONTROL)
        seen.append(shown_part(pilot))
    side = pilot.desk.review.side
    assert seen == [ReviewPart.CHANGES, ReviewPart.RELATED, ReviewPart.RAW, ReviewPart.CHECKS]
    assert side.tabs.tabText(ReviewPart.CHECKS) == "Prüfung (4)"
    assert side.tabs.tabToolTip(ReviewPart.CHECKS) == "4 offen von 6"


def test_another_case_begins_with_its_check_points(pilot: Pilot) -> None:
    pilot.press(Key.Key_Return)
    pilot.calm()
    pilot.press(Key.Key_4, ALT)
    pilot.ctrl(Key.Key_F)
    assert pilot.desk.review.side.finder.isVisible()
    pilot.press(Key.Key_Down, ALT)
    pilot.calm()
    assert pilot.desk.review.side.part is ReviewPart.CHECKS
    assert not pilot.desk.review.side.finder.isVisible()


# -- check points -------------------------------------------------------------------------------------------


def test_an_open_point_says_what_to_do_and_asks_for_it(
    open_pilot: Callable[..., Pilot], checked: FakeOffice
) -> None:
    pilot = reviewed(open_pilot, checked)
    row = pilot.desk.review.checks.rows()[0]
    shown = {child.text() for child in row.findChildren(QLabel) if child.isVisible()}
    assert "Mit dem Fahrzeugschein vergleichen." in shown
    pilot.desk.review.checks.rows()[1].ask.click()
    pilot.calm()
    assert pilot.shows(Screen.REQUEST)
    wanted = [tick for tick, item in pilot.desk.request.ticks if item.key == "photo"]
    assert len(wanted) == 1
    assert wanted[0].isChecked()
    assert wanted[0].hasFocus()


def test_a_tick_closes_a_point_and_its_complaint(
    open_pilot: Callable[..., Pilot], checked: FakeOffice
) -> None:
    pilot = reviewed(open_pilot, checked)
    review = pilot.desk.review
    assert complaints(pilot) == {"Kennzeichen": "Das Kennzeichen passt nicht"}
    assert review.checks.rows()[0].tick.hasFocus()
    pilot.press(Key.Key_Space)
    pilot.calm()
    assert review.side.tabs.tabText(ReviewPart.CHECKS) == "Prüfung (3)"
    assert complaints(pilot) == {}
    assert review.checks.rows()[1].tick.hasFocus(), "on to the next open point"
    field = review.checks.rows()[0].reason
    assert field is not None
    assert field.isVisible()
    assert not hasattr(review.checks.rows()[0], "ask")


def test_what_is_in_order_is_folded_up_not_away(
    open_pilot: Callable[..., Pilot], checked: FakeOffice
) -> None:
    pilot = reviewed(open_pilot, checked)
    checks = pilot.desk.review.checks
    assert checks.fold.text().strip() == "2 in Ordnung, anzeigen"
    assert [row.isVisible() for row in checks.rows()] == [True] * 4 + [False] * 2
    checks.fold.click()
    assert [row.isVisible() for row in checks.rows()] == [True] * 6
    assert not checks.rows()[4].tick.isVisible()
    checks.rows()[4]._text.setFocus()
    pilot.press(Key.Key_Return)
    assert current(pilot) == "Name"


def test_enter_leads_to_the_field_and_back(open_pilot: Callable[..., Pilot], checked: FakeOffice) -> None:
    pilot = reviewed(open_pilot, checked)
    review = pilot.desk.review
    pilot.press(Key.Key_Return)
    assert review.form.hasFocus()
    assert current(pilot) == "Kennzeichen"
    pilot.press(Key.Key_Return)
    assert review.checks.rows()[0].tick.hasFocus()


def test_a_field_that_is_not_there_leads_to_its_section(
    open_pilot: Callable[..., Pilot], checked: FakeOffice
) -> None:
    pilot = reviewed(open_pilot, checked)
    pilot.desk.review.checks.rows()[3].tick.setFocus()
    pilot.press(Key.Key_Return)
    assert current(pilot) == "Fahrzeug"


def test_a_document_leads_to_the_attachment_or_says_it_is_not_there(
    open_pilot: Callable[..., Pilot], checked: FakeOffice
) -> None:
    pilot = reviewed(open_pilot, checked)
    review = pilot.desk.review
    review.checks.rows()[2].tick.setFocus()
    pilot.press(Key.Key_Return)
    pilot.calm()
    item = review.viewer.current()
    assert item is not None
    assert item.attachment.filename == "Mietvertrag.pdf"
    assert review.viewer.pane.pages.hasFocus()
    review.checks.rows()[1].tick.setFocus()
    pilot.press(Key.Key_Return)
    assert "nicht dabei" in pilot.desk.window.toast.words.text()


@pytest.mark.parametrize(
    ("rule", "path", "meant"),
    [
        ("hund.name", "hund.name", True),
        ("hund.Vor-Name", "hund.vor_name", True),
        ("hund.größe", "hund.groesse", True),
        ("kinder.*.name", "kinder.1.name", True),
        ("kinder.name", "kinder.1.name", True),
        ("kinder.0.name", "kinder.1.name", False),
        ("**.name", "a.b.name", True),
        ("**.b.name", "a.b.name", True),
        ("name", "a.name", False),
        ("hund", "hund.name", False),
        ("", "hund", False),
    ],
)
def test_paths_of_rules_mean_fields(rule: str, path: str, meant: bool) -> None:
    assert fits(rule, path) is meant


def complaints(pilot: Pilot) -> dict[str, str]:
    model = pilot.desk.review.form.model()
    found = {}
    for at in range(model.rowCount()):
        heading = model.index(at, 0)
        for line in range(model.rowCount(heading)):
            cell = model.index(line, 0, heading)
            if cell.data(COMPLAINT):
                found[str(cell.data())] = str(cell.data(COMPLAINT))
    return found


def current(pilot: Pilot) -> str:
    return str(pilot.desk.review.form.currentIndex().siblingAtColumn(0).data())


# -- searching ----------------------------------------------------------------------------------------------


def test_ctrl_f_searches_the_case_and_esc_goes_back(
    open_pilot: Callable[..., Pilot], checked: FakeOffice
) -> None:
    form = {"Person": {"Name": "Müller", "Ort": "Musterhausen"}, "Zeugin": {"Name": "Mueller-Groß"}}
    checked.seeds[case_id_of(1)] = replace(
        checked.seeds[case_id_of(1)],
        applications=[
            replace(
                checked.seeds[case_id_of(1)].applications[0],
                content=json.dumps(form, ensure_ascii=False).encode(),
            )
        ],
    )
    pilot = reviewed(open_pilot, checked)
    review, finder = pilot.desk.review, pilot.desk.review.side.finder
    came_from = QApplication.focusWidget()
    pilot.ctrl(Key.Key_F)
    assert pilot.shows(Screen.REVIEW)
    assert finder.field.hasFocus()
    pilot.type_into(finder.field, "mueller")
    pilot.until(lambda: finder.words.text() == "1 von 2")
    assert review.form.currentIndex().data() == "Müller"
    assert finder.field.hasFocus()
    pilot.press(Key.Key_F3)
    assert (finder.words.text(), review.form.currentIndex().data()) == ("2 von 2", "Mueller-Groß")
    pilot.press(Key.Key_F3)
    assert finder.words.text() == "1 von 2"
    pilot.press(Key.Key_F3, SHIFT)
    assert finder.words.text() == "2 von 2"
    pilot.press(Key.Key_Return)
    assert finder.words.text() == "1 von 2"
    finder.field.setText("gibt es nicht")
    pilot.until(lambda: finder.words.text() == "nichts gefunden")
    assert not finder.forth.isEnabled()
    pilot.press(Key.Key_Escape)
    assert pilot.shows(Screen.REVIEW)
    assert not finder.isVisible()
    assert QApplication.focusWidget() is came_from
    pilot.press(Key.Key_Escape)
    assert pilot.shows(Screen.BROWSE)


@pytest.mark.parametrize("size", [(940, 600), (1280, 800)])
def test_a_hit_comes_into_sight_at_every_size(
    open_pilot: Callable[..., Pilot], checked: FakeOffice, size: tuple[int, int]
) -> None:
    form = {f"Teil {at:02}": {"Name": f"Nadel {at}" if at in (3, 19) else "Heu"} for at in range(20)}
    first = checked.seeds[case_id_of(1)].applications
    first[0] = replace(first[0], content=json.dumps(form).encode())
    pilot = reviewed(open_pilot, checked)
    pilot.desk.window.resize(*size)
    pilot.calm()
    review, finder = pilot.desk.review, pilot.desk.review.side.finder

    def seen() -> bool:
        line = review.form.visualRect(review.form.currentIndex())
        drawn = review.form.viewport().visibleRegion()
        return line.height() > 0 and drawn.contains(line.center()) and drawn.contains(line.topLeft())

    note = QFrame()  # as high as the bands of practice and of being offline with a note
    note.setFixedHeight(110)
    review.add_notice(note)
    pilot.calm()
    if size == (940, 600):
        assert review.form.visibleRegion().boundingRect().height() < 40
    pilot.ctrl(Key.Key_F)
    pilot.type_into(finder.field, "nadel")
    pilot.until(lambda: finder.words.text() == "1 von 2")
    pilot.until(seen)
    for value in ("Nadel 19", "Nadel 3", "Nadel 19"):
        pilot.press(Key.Key_F3)
        assert review.form.currentIndex().data() == value
        pilot.until(seen)
    pilot.desk.window.resize(size[0], size[1] - 20)
    pilot.until(seen)
    pilot.press(Key.Key_Escape)
    review.checks.rows()[0].tick.setFocus()
    pilot.calm()
    pilot.until(lambda: not review.checks.rows()[0].tick.visibleRegion().isEmpty())


def test_in_a_low_window_the_head_and_the_bar_take_one_line_less(
    open_pilot: Callable[..., Pilot], checked: FakeOffice
) -> None:
    pilot = open_pilot(checked)
    review, window = pilot.desk.review, pilot.desk.window
    window.resize(940, 600)
    pilot.press(Key.Key_Return)
    pilot.calm()
    heights = {}
    for size in ((940, 600), (1280, 800), (940, 600)):
        window.resize(*size)
        pilot.calm()
        assert window.size().toTuple() == size
        assert not review.steps.visibleRegion().isEmpty()
        assert review.steps.width() > 200
        beside = review.header.isAncestorOf(review.steps)
        assert beside is (size == (940, 600))
        bars = [each for each in review.findChildren(QFrame) if each.property("area") == "bar"]
        bar = [each for frame in bars for each in frame.findChildren(CommandButton)]
        assert len(bar) == 5
        assert len({each.y() for each in bar}) == 1
        heights[size] = review.splitter.mapTo(review, QPoint(0, 0)).y()
    assert heights[940, 600] < heights[1280, 800]


def test_the_same_words_are_looked_for_in_the_part_that_comes(
    open_pilot: Callable[..., Pilot], checked: FakeOffice
) -> None:
    pilot = reviewed(open_pilot, checked)
    review, finder = pilot.desk.review, pilot.desk.review.side.finder
    pilot.ctrl(Key.Key_F)
    pilot.type_into(finder.field, "kennzeichen")
    pilot.until(lambda: finder.words.text() == "1 von 1")
    review.side.show_part(ReviewPart.RAW, focus=False)
    assert finder.words.text() == "1 von 1"
    marks = review.raw.extraSelections()
    assert len(marks) == 1
    assert marks[0].cursor.selectedText() == "Kennzeichen"
    pilot.press(Key.Key_Escape)
    assert not review.raw.extraSelections()


def test_the_list_is_searched_from_the_list(pilot: Pilot) -> None:
    pilot.ctrl(Key.Key_F)
    assert pilot.desk.list.search.hasFocus()


# -- raw data, and forms nobody knows -----------------------------------------------------------------------


def test_raw_data_stand_there_with_the_checksum_of_the_original(
    open_pilot: Callable[..., Pilot], checked: FakeOffice
) -> None:
    pilot = reviewed(open_pilot, checked)
    text = pilot.desk.review.raw.toPlainText()
    content = checked.seeds[case_id_of(1)].applications[0].content
    assert hashlib.sha512(content).hexdigest() in text
    assert '\n  "Fahrzeug": {\n    "Kennzeichen": "MH-ZS 91",' in text


def test_a_form_the_package_does_not_know_is_named_and_shown(
    open_pilot: Callable[..., Pilot], checked: FakeOffice
) -> None:
    checked.bases[case_id_of(1)] = ReviewBasis(
        said("Bewohnerparkausweis"),
        MARK,
        "https://schema.example/park/9.0",
        ("https://schema.example/park/1.0.schema.json",),
    )
    pilot = reviewed(open_pilot, checked)
    notice = pilot.desk.review._unknown
    assert notice.isVisible()
    assert "eingegangen: park/9.0; bekannt: park/1.0" in notice.words.text()
    assert "https://schema.example/park/9.0" in notice.toolTip()
    assert pilot.desk.review.form.isVisible()
    notice.button.click()
    assert pilot.desk.review.side.part is ReviewPart.RAW


def test_a_service_nobody_described_says_so(open_pilot: Callable[..., Pilot], checked: FakeOffice) -> None:
    checked.bases[case_id_of(1)] = ReviewBasis(said("Sonstiges"))
    pilot = reviewed(open_pilot, checked)
    assert "kein Leistungspaket" in pilot.desk.review._unknown.words.text()
    assert "allgemeinen Regeln" in pilot.desk.review.basis.words.full_text()


# -- the package --------------------------------------------------------------------------------------------


def test_the_package_line_names_version_assumptions_and_what_is_newer(
    open_pilot: Callable[..., Pilot], checked: FakeOffice
) -> None:
    newer = replace(MARK, version=PackageVersion(1, 1, 0))
    checked.bases[case_id_of(1)] = ReviewBasis(
        said("Parken"), MARK, "s", ("s",), ("§ 1 angenommen", "<b>§ 2</b>"), ("hsb",), newer
    )
    pilot = reviewed(open_pilot, checked)
    line = pilot.desk.review.basis
    assert line.words.full_text() == (
        "Leistungspaket Parken 1.0.0 · angenommene Werte: 2 · ungeprüft: Obersorbisch"
    )
    assert "&lt;b&gt;§ 2&lt;/b&gt;" in line.toolTip()
    assert line.newer.text() == "Neue Vorgänge: Version 1.1.0"
    assert not pilot.desk.review._unknown.isVisible()


# -- changes ------------------------------------------------------------------------------------------------


def test_one_submission_has_nothing_to_compare(open_pilot: Callable[..., Pilot], checked: FakeOffice) -> None:
    pilot = reviewed(open_pilot, checked)
    pilot.press(Key.Key_2, ALT)
    assert not pilot.desk.review.changes.tree.isVisible()
    assert pilot.desk.review.side.tabs.tabText(ReviewPart.CHANGES) == "Änderungen"


def test_changes_stand_before_and_after_and_lead_to_the_field(
    open_pilot: Callable[..., Pilot], checked: FakeOffice
) -> None:
    form = json.loads(json.dumps(FORM))
    form["Angaben zum Ausweis"]["Dauer"] = "24 Monate"
    form["Fahrzeug"]["Farbe"] = "<b>rot</b>"
    del form["Fahrzeug"]["Bereich"]
    first = checked.seeds[case_id_of(1)].applications[0].attachments
    later(checked, form, attachments=(replace(first[0], sha512="1" * 128), first[1]))
    pilot = reviewed(open_pilot, checked)
    pilot.press(Key.Key_2, ALT)
    assert pilot.desk.review.side.tabs.tabText(ReviewPart.CHANGES) == "Änderungen (4)"
    assert lines(pilot)[2:] == [
        ("Fahrzeug · Bereich", "entfällt: A – Altstadt"),
        ("Fahrzeug · Farbe", "neu: <b>rot</b>"),
        ("Angaben zum Ausweis · Dauer", "12 Monate → 24 Monate"),
        ("Sonst hat sich nichts geändert.", ""),
        ("Anlagen", ""),
        ("Fahrzeugschein.pdf", "geändert: gleicher Name, anderer Inhalt"),
        ("Mietvertrag.pdf", "noch einmal geschickt, unverändert"),
    ]
    tree = pilot.desk.review.changes.tree
    model = tree.model()
    tree.setCurrentIndex(model.index(3, 1, model.index(0, 0)))
    pilot.press(Key.Key_Return)
    assert pilot.desk.review.side.part is ReviewPart.CHECKS
    form_tree = pilot.desk.review.form
    assert form_tree.currentIndex().siblingAtColumn(1).data() == "24 Monate"


def test_an_answer_on_another_form_says_how_it_was_compared(
    open_pilot: Callable[..., Pilot], checked: FakeOffice
) -> None:
    later(checked, {"Antwort": {"Nachricht": "Anbei"}}, "answer", attachments=())
    pilot = reviewed(open_pilot, checked)
    words = lines(pilot)
    assert words[1][0].startswith("Ein anderes Formular als am")
    assert words[2:] == [("Antwort · Nachricht", "neu: Anbei")]


def test_the_same_once_more_changed_nothing(open_pilot: Callable[..., Pilot], checked: FakeOffice) -> None:
    later(checked, FORM, attachments=())
    pilot = reviewed(open_pilot, checked)
    assert lines(pilot)[2:] == [("Es hat sich nichts geändert.", "")]
    assert pilot.desk.review.side.tabs.tabText(ReviewPart.CHANGES) == "Änderungen"


def test_what_cannot_be_read_is_not_compared(open_pilot: Callable[..., Pilot], checked: FakeOffice) -> None:
    later(checked, FORM, attachments=())
    found = checked.seeds[case_id_of(1)]
    found.applications[1] = replace(found.applications[1], content=b"{")
    pilot = reviewed(open_pilot, checked)
    assert "ließ sich nicht gliedern" in lines(pilot)[1][0]
    assert len(lines(pilot)) == 2


# -- evidence -----------------------------------------------------------------------------------------------


def test_attachments_say_which_evidence_they_seem_to_be(
    open_pilot: Callable[..., Pilot], checked: FakeOffice
) -> None:
    found = checked.seeds[case_id_of(1)]
    found.attachments[1] = replace(
        found.attachments[1], attachment=replace(found.attachments[1].attachment, filename="scan & co.pdf")
    )
    pilot = reviewed(open_pilot, checked)
    viewer = pilot.desk.review.viewer
    assert viewer._facts.full_text().startswith("Fahrzeugschein · Anlage 1 von 2")
    viewer.step(1)
    assert viewer._facts.full_text().startswith("nicht zugeordnet · Anlage 2 von 2")
    assert viewer._missing.full_text() == "Fehlt: Lichtbild"
    viewer._fill_menu()
    actions = viewer._menu.actions()
    assert [action.text() for action in actions] == [
        "Fahrzeugschein.pdf  –  Fahrzeugschein",
        "scan && co.pdf  –  nicht zugeordnet",
        "fehlt: Lichtbild",
    ]
    actions[0].trigger()
    assert viewer.current() == found.attachments[0]
