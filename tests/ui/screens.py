"""Every screen of the window by name, and how to get there: for pictures, for the lints, for other languages.

A new screen is one entry in ``SCREENS``. Its function starts on the list of open cases (see ``home``) of the
office that ``filled_office`` makes and leaves the screen in front; dialogs are opened, never run (``exec``).
Nothing here may depend on the day, on chance or on which screens were looked at before.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QItemSelectionModel
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from clerk_app.domain.attachment_text import HitPlace, SearchHit, TextCoverage
from clerk_app.domain.case import CaseOrder
from clerk_app.domain.decision import Outcome
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.saved_view import SavedView
from clerk_app.domain.three_way import differing
from clerk_app.domain.typed import TypedPlace, TypedState
from clerk_app.domain.verdict import Reason, Verdict
from clerk_app.sync.status import SyncPhase, SyncStatus
from clerk_app.texts import _
from clerk_app.ui.access_dialog import AccessDialog
from clerk_app.ui.assign_steps import AssignDialog
from clerk_app.ui.case_columns import COLUMNS, ListLook
from clerk_app.ui.columns_dialog import ColumnsDialog
from clerk_app.ui.command_palette import CommandPalette
from clerk_app.ui.commands import Screen
from clerk_app.ui.date_dialog import DateDialog
from clerk_app.ui.draft_history import DraftHistory
from clerk_app.ui.inspection_dialog import InspectionDialog
from clerk_app.ui.name_dialog import NameDialog
from clerk_app.ui.news_model import CaseNews
from clerk_app.ui.print_dialog import PrintDialog
from clerk_app.ui.reason_dialog import ReasonDialog
from clerk_app.ui.review_side import ReviewPart
from clerk_app.ui.shortcut_help import ShortcutHelp
from clerk_app.ui.sidebar import Area
from clerk_app.ui.sign_dialog import SignDialog
from clerk_app.ui.stand_in_dialog import StandInDialog
from tests.ui.conftest import Pilot
from tests.ui.fake_store import NOW, FakeOffice, case_id_of
from tests.ui.fakes import open_desk
from tests.ui.outbox_seeds import entry_id_of, fill_outbox
from tests.ui.seeds import FORM, fill
from tests.ui.test_related_panel import relate
from tests.ui.test_review_page import later
from tests.ui.test_verify_page import DOCUMENT, report

SIZE = (1280, 800)


def filled_office() -> FakeOffice:
    """An office in which every screen has something to show."""
    office = FakeOffice()
    fill(office)
    fill_outbox(office)
    relate(office)
    form = json.loads(json.dumps(FORM))
    form["Angaben zum Ausweis"]["Dauer"] = "24 Monate"
    del form["Fahrzeug"]["Bereich"]
    later(office, form, attachments=())
    side = open_desk(office)
    for number in (3, 5):
        side.folder.add(side.deciding.draft(case_id_of(number), Outcome.GRANTED))
    office.reports[DOCUMENT] = report(Verdict.VALID, notes=(Reason.REVOCATION_NOT_CHECKED,))
    return office


# ways


def home(pilot: Pilot, size: tuple[int, int] = SIZE) -> None:
    """Back to the list of open cases at its first case, with nothing in front of it and nothing to say."""
    desk = pilot.desk
    for dialog in desk.window.findChildren(QDialog):
        if dialog.isVisible():
            dialog.reject()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    desk.window.activateWindow()
    desk.window.messages.clear()
    pilot.office.board.post(SyncStatus(SyncPhase.IDLE, last_success_at=NOW))
    pilot.office.hits.clear()
    pilot.office.coverage = TextCoverage()
    desk.viewing._put(())
    desk.list.looks.take(ListLook())
    if desk.pages.has(Screen.REVIEW):
        desk.review.viewer.finder.forget()
        desk.review.viewer.thumbnails_shown(False)
    desk.window.resize(*size)
    desk.show_area(Area.OPEN)
    pilot.calm()
    desk.list.select(0)
    desk.page.tabs.setCurrentIndex(0)
    pilot.calm()
    desk.window.toast.hide()


def visit(pilot: Pilot, name: str, size: tuple[int, int] = SIZE) -> QWidget:
    """Goes to a screen from anywhere. What there is to look at: the window, or the dialog in front of it."""
    home(pilot, size)
    SCREENS[name](pilot)
    pilot.calm()
    return front(pilot)


def front(pilot: Pilot) -> QWidget:
    """The dialog in front, else the window."""
    dialogs = [each for each in pilot.desk.window.findChildren(QDialog) if each.isVisible()]
    return dialogs[-1] if dialogs else pilot.desk.window


def ready(pilot: Pilot) -> None:
    """Once, before the first screen: every page is there, and no caret blinks."""
    QApplication.setCursorFlashTime(0)
    while pilot.desk.pages.make_one():
        pass
    pilot.calm()


def _case(pilot: Pilot, number: int) -> None:
    pilot.desk.list.select_case(case_id_of(number))
    pilot.calm()


def _tab(pilot: Pilot, at: int) -> None:
    _case(pilot, 1)
    pilot.desk.window.focus_reading()
    pilot.desk.page.tabs.setCurrentIndex(at)


def _area(pilot: Pilot, area: Area) -> None:
    pilot.desk.show_area(area)
    pilot.calm()


def _review(pilot: Pilot, part: ReviewPart = ReviewPart.CHECKS, number: int = 1) -> None:
    _case(pilot, number)
    pilot.desk.open_case()
    pilot.calm()
    pilot.desk.review.side.show_part(part)


def _find(pilot: Pilot) -> None:
    _review(pilot)
    finder = pilot.desk.review.side.finder
    pilot.desk.review.side.open_find()
    finder.field.setText("muster")
    pilot.until(lambda: " " in finder.words.text())


def _document(pilot: Pilot) -> None:
    _review(pilot, number=2)
    viewer = pilot.desk.review.viewer
    viewer.thumbnails_shown(True)
    viewer.open_find()
    viewer.finder.field.setText("gasse")
    pilot.until(lambda: bool(viewer.finding._hits))


def _request(pilot: Pilot) -> None:
    _case(pilot, 2)
    pilot.desk.ask()
    pilot.calm()


def _letter(pilot: Pilot) -> None:
    _case(pilot, 1)
    pilot.desk.write()


def _decision(pilot: Pilot, outcome: Outcome) -> None:
    _case(pilot, 1)
    pilot.desk.decide(outcome)
    decision = pilot.desk.decision
    pilot.until(lambda: decision.prepared_for(decision.wish()))


def _differences(pilot: Pilot) -> None:
    _decision(pilot, Outcome.REFUSED)
    page = pilot.desk.decision
    here = {"reasons": "Der Stellplatz liegt nicht im Bereich.", "provisions": []}
    there = {"reasons": "Der Bereich ist ausgelastet.", "provisions": ["Gilt bis 31.12.2027."]}
    common: dict[str, object] = {"reasons": "", "provisions": []}
    lines = ("Nachgereicht am 24.11.2026, 08:14: 2 Angaben oder Anlagen sind anders.",)
    page.news.tell(CaseNews(lines, differing(common, here, there), "M. Brand"))
    page.news._look()


def _reading(pilot: Pilot) -> None:
    pilot.desk.window.commands.run("case.read")
    pilot.calm()


def _draft_history(pilot: Pilot) -> None:
    then = {"outcome": "refused", "reasons": "Erster Gedanke\nmit zwei Zeilen"}
    state = TypedState(1, case_id_of(1), TypedPlace.DECISION, NOW, "K. Beispiel", then)
    now = {"outcome": "refused", "reasons": "Zweiter Gedanke\nmit zwei Zeilen"}
    DraftHistory(pilot.desk.window, pilot.desk.bench, [state], now, lambda _fields: None).open()


def _outbox(pilot: Pilot) -> None:
    _area(pilot, Area.OUTBOX)
    pilot.desk.outbox.choose(entry_id_of("trying"))


def _verify(pilot: Pilot) -> None:
    pilot.desk.show_page(Screen.VERIFY)
    pilot.desk.verify.begin("Bescheid.pdf", lambda _desk: DOCUMENT)
    pilot.calm()
    pages = pilot.desk.verify.preview.pages
    pilot.until(lambda: pages.shown or pages.visibleRegion().isEmpty())  # out of sight nothing is painted


def _search(pilot: Pilot, text: str) -> None:
    pilot.desk.list.search.setText(text)
    pilot.desk.list.search.returnPressed.emit()


def _list_search(pilot: Pilot) -> None:
    """Chips, where it was found, what the search does not know, and a kept view on the left."""
    pilot.desk.viewing._put((SavedView("Heide", "heide", Area.OPEN.value),))
    pilot.office.coverage = TextCoverage(read=4, wanted=3, scans=2)
    case_id = case_id_of(1)
    pilot.office.hits[case_id] = SearchHit(
        HitPlace.ATTACHMENT,
        "… für die Wohnung im ",
        "Heideweg",
        " 4, zweiter Stock …",
        "Mietvertrag.pdf",
        2,
    )
    _search(pilot, 'heide status:neu ODER status:beantwortet -"ohne Anlage"')
    pilot.calm()


def _list_table(pilot: Pilot) -> None:
    pilot.desk.list._take_look(ListLook(table=True, columns=tuple(COLUMNS), order=CaseOrder.DUE))
    pilot.desk.list._restart()
    pilot.calm()


def _list_several(pilot: Pilot) -> None:
    """Three chosen, with one left out between them."""
    _area(pilot, Area.OPEN)
    view, model = pilot.desk.list.view, pilot.desk.list.model
    pilot.desk.list.select(0)
    add = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for at in (1, 3):
        view.selectionModel().setCurrentIndex(model.index(at, 0), add)
    pilot.calm()


def _name_dialog(pilot: Pilot) -> None:
    question = _("Wie soll die Ansicht heißen?")
    NameDialog(pilot.desk.window, pilot.desk.bench, question, _("Merken"), "Heide").open()


def _list_error(pilot: Pilot) -> None:
    pilot.desk.list._failed(ClerkError(ErrorCode.DISK_FULL))


def _list_loading(pilot: Pilot) -> None:
    pilot.desk.list.empty.show_loading()
    pilot.desk.list._stack.setCurrentWidget(pilot.desk.list.empty)


def _message(pilot: Pilot) -> None:
    error = ClerkError(ErrorCode.PORTAL_UNREACHABLE, {"portal": "service-bw"}, Disposition.RETRY)
    pilot.desk.bench.fail(error, lambda: None)


def _offline(pilot: Pilot) -> None:
    pilot.office.board.post(SyncStatus(SyncPhase.OFFLINE, since=NOW, last_success_at=NOW))
    pilot.until(pilot.desk.window.offline.isVisible)


def _sign(pilot: Pilot) -> None:
    SignDialog(pilot.desk.window, pilot.desk.bench, pilot.office.outlook, 2).open()


def _run(pilot: Pilot, command_id: str, dialog: type[QDialog]) -> None:
    pilot.desk.window.commands.run(command_id)
    pilot.until(lambda: isinstance(front(pilot), dialog))


def _forward(pilot: Pilot) -> None:
    _case(pilot, 1)
    pilot.desk.window.commands.run("case.forward")
    pilot.until(lambda: front(pilot) is not pilot.desk.window)


def _reason(pilot: Pilot) -> None:
    ReasonDialog(
        pilot.desk.window, pilot.desk.bench, _("Warum geht der Entwurf zurück?"), _("Zurückgeben")
    ).open()


def _quit(pilot: Pilot) -> None:
    pilot.desk.window.close()
    pilot.until(lambda: front(pilot) is not pilot.desk.window)


def _toast(pilot: Pilot) -> None:
    pilot.desk.window.toast.say(_("Der Abgleich läuft im Hintergrund."))


SCREENS: dict[str, Callable[[Pilot], None]] = {
    # the list and the case beside it
    "list": lambda pilot: None,
    "case": lambda pilot: _tab(pilot, 0),
    "case-form": lambda pilot: _tab(pilot, 1),
    "case-history": lambda pilot: _tab(pilot, pilot.desk.page.tabs.count() - 1),
    "quarantine": lambda pilot: _area(pilot, Area.QUARANTINE),
    # its states
    "list-empty": lambda pilot: _area(pilot, Area.REQUESTS),
    "list-filtered-empty": lambda pilot: _search(pilot, "xyz"),
    "list-loading": _list_loading,
    "list-search": _list_search,
    "list-search-mistake": lambda pilot: _search(pilot, "heide frist:bald"),
    "list-table": _list_table,
    "list-several": _list_several,
    "columns-dialog": lambda pilot: _run(pilot, "view.columns", ColumnsDialog),
    "name-dialog": _name_dialog,
    "list-error": _list_error,
    "message": _message,
    "offline": _offline,
    "toast": _toast,
    # a case under review
    "review": lambda pilot: _review(pilot, number=2),
    "review-changes": lambda pilot: _review(pilot, ReviewPart.CHANGES),
    "review-related": lambda pilot: _review(pilot, ReviewPart.RELATED),
    "review-raw": lambda pilot: _review(pilot, ReviewPart.RAW),
    "review-find": _find,
    "review-document": _document,
    # what is written
    "request": _request,
    "letter": _letter,
    "decision": lambda pilot: _decision(pilot, Outcome.GRANTED),
    "differences": _differences,
    "refusal": lambda pilot: _decision(pilot, Outcome.REFUSED),
    # pages
    "dates": lambda pilot: _area(pilot, Area.DATES),
    "folder": lambda pilot: _area(pilot, Area.FOLDER),
    "outbox": _outbox,
    "verify-empty": lambda pilot: pilot.desk.show_page(Screen.VERIFY),
    "verify": _verify,
    "reading": lambda pilot: _reading(pilot),
    "draft-history": lambda pilot: _draft_history(pilot),
    "triage": lambda pilot: _area(pilot, Area.TRIAGE),
    "packages": lambda pilot: pilot.desk.window.commands.run("app.packages"),
    "policy": lambda pilot: pilot.desk.window.commands.run("app.policy"),
    "settings": lambda pilot: pilot.desk.window.commands.run("app.settings"),
    "mine": lambda pilot: _area(pilot, Area.MINE),
    "assign-dialog": lambda pilot: _run(pilot, "case.assign", AssignDialog),
    "stand-in-dialog": lambda pilot: _run(pilot, "app.stand_in", StandInDialog),
    "inspection-dialog": lambda pilot: _run(pilot, "case.inspection", InspectionDialog),
    "print-dialog": lambda pilot: _run(pilot, "case.print", PrintDialog),
    "statistics": lambda pilot: _area(pilot, Area.STATISTICS),
    "access-check": lambda pilot: _run(pilot, "access.check", AccessDialog),
    "help": lambda pilot: pilot.desk.window.commands.run("app.help"),
    # dialogs
    "palette": lambda pilot: _run(pilot, "app.palette", CommandPalette),
    "shortcuts": lambda pilot: _run(pilot, "app.shortcuts", ShortcutHelp),
    "sign-dialog": _sign,
    "date-dialog": lambda pilot: _run(pilot, "dates.enter", DateDialog),
    "forward-dialog": _forward,
    "reason-dialog": _reason,
    "quit-question": _quit,
}
