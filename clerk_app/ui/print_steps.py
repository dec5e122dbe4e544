"""What goes on paper from a case or a list: case sheet, letters, list, file inspection."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from clerk_app.domain.case import CaseFile
from clerk_app.domain.ids import CaseId
from clerk_app.domain.inspection import InspectedDocument
from clerk_app.texts import N_, _, formats, ngettext
from clerk_app.texts.case_sheet import MOST_ROWS, case_sheet, list_sheet
from clerk_app.ui.commands import Command, Menu, Scope, Screen
from clerk_app.ui.inspection_dialog import InspectionDialog
from clerk_app.ui.print_dialog import CHOSEN, INSPECTION, LIST, SHEET, SHEETS, PrintChoice, PrintDialog
from clerk_app.ui.printing import print_pdf
from clerk_app.ui.saving import save_bytes
from clerk_app.ui.sidebar import AREAS
from clerk_app.usecases.desk import Desk

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow

_PRINTABLE = frozenset({Screen.BROWSE, Screen.REVIEW})
_PDF = "application/pdf"
MOST_SHEETS = 100  # each is set by itself: more would hold up other work
Reader = Callable[[Desk], bytes]


class PrintSteps:
    """Asks what is wanted, makes it on the worker, hands it to the printer or into a file. ``dialog`` and
    ``inspection`` are those that are open, for whoever drives the window."""

    def __init__(self, desk: DeskWindow) -> None:
        self._desk = desk
        self.dialog: PrintDialog | None = None
        self.inspection: InspectionDialog | None = None

    def commands(self) -> list[Command]:
        """Printing and file inspection."""
        return [
            Command(
                "case.print", N_("Dru&cken …"), self.ask, Menu.FILE, ("Ctrl+P",), "print",
                self.why_not_print, _PRINTABLE, scope=Scope.MANY,
            ),
            Command(
                "case.inspection", N_("Akteneinsicht …"), self.ask_inspection, Menu.CASE,
                icon="folder_open", reason=self.why_not_inspect, screens=_PRINTABLE,
            ),
        ]  # fmt: skip

    def why_not_print(self) -> str | None:
        """Why there is nothing to print."""
        return None if self._choices() else _("Hier gibt es nichts zu drucken.")

    def why_not_inspect(self) -> str | None:
        """Why the case cannot be put together for inspection."""
        return self._desk.flow.why_not_readable() or self._desk.filing.why_not_export()

    # asking

    def ask(self) -> None:
        """Opens the choice."""
        desk = self._desk
        dialog = PrintDialog(desk.window, desk.bench, self._choices())
        self.dialog = dialog

        def accepted() -> None:
            self._do(dialog.chosen(), saving=dialog.saving)

        def closed() -> None:
            self.dialog = None
            dialog.deleteLater()

        dialog.accepted.connect(accepted)
        dialog.finished.connect(closed)
        dialog.open()

    def _choices(self) -> list[PrintChoice]:
        desk = self._desk
        found: list[PrintChoice] = self._of_many()
        several = bool(found)
        dossier = desk.flow.dossier
        if not several and desk.flow.why_not_readable() is None and dossier is not None:
            found.append(PrintChoice(SHEET, _("Vorgangsblatt")))
            for issued in reversed(dossier.case.issued):
                if issued.media_type == _PDF:
                    found.append(PrintChoice(issued.document_id, _title(dossier.case, issued.entry_id)))
            found.append(PrintChoice(INSPECTION, _("Akteneinsicht: den ganzen Vorgang als ein Dokument")))
        if desk.window.shown is Screen.BROWSE and desk.list.model.rowCount():
            found.append(PrintChoice(LIST, _("Die angezeigte Liste")))
        return found

    def _of_many(self) -> list[PrintChoice]:
        """What there is of several chosen cases."""
        choosing = self._desk.choosing
        count = choosing.count()
        if count < 2:
            return []
        found = []
        if count <= MOST_SHEETS:
            words = ngettext("Vorgangsblatt von {n} Vorgang", "Vorgangsblätter von {n} Vorgängen", count)
            found.append(PrintChoice(SHEETS, words.format(n=formats.number(count))))
        if choosing.why_too_many() is None:
            found.append(PrintChoice(CHOSEN, _("Liste der ausgewählten Vorgänge")))
        return found

    def _do(self, key: str, *, saving: bool) -> None:
        desk, row = self._desk, self._desk.flow.row
        if key == INSPECTION:
            self.ask_inspection()
        elif key == SHEETS:
            case_ids = desk.choosing.case_ids()
            self._hand(
                lambda at: at.printing.case_sheets(case_ids, case_sheet), _("Vorgangsblätter"), saving=saving
            )
        elif key == CHOSEN:
            self._hand(self._chosen_reader(), _("Vorgangsliste"), saving=saving)
        elif key == LIST:
            self._hand(self._list_reader(), _("Vorgangsliste"), saving=saving)
        elif row is not None and key == SHEET:
            name = _("Vorgangsblatt {reference}").format(reference=row.case_reference)
            case_id = row.case_id
            self._hand(lambda at: at.printing.case_sheet(case_id, case_sheet), name, saving=saving)
        elif desk.flow.dossier is not None:
            case = desk.flow.dossier.case
            issued = next(each for each in case.issued if each.document_id == key)
            name = issued.filename.removesuffix(".pdf")
            self._hand(
                lambda at: at.documents.read(case.row.case_id, issued.document_id), name, saving=saving
            )

    def _list_reader(self) -> Reader:
        desk = self._desk
        query, title = desk.list.query(), _(AREAS[desk.window.area()].text)
        words = desk.list.search.text().strip()

        def read(at: Desk) -> bytes:
            ids = at.reads.ids(query)
            rows = at.reads.rows(ids[:MOST_ROWS])
            sheet = list_sheet(title, rows, len(ids), words, desk.bench.office.actor, desk.bench.now())
            return at.printing.sheet(sheet)

        return read

    def _chosen_reader(self) -> Reader:
        desk = self._desk
        rows, title = desk.list.chosen(MOST_ROWS), _("Ausgewählte Vorgänge")
        count = desk.choosing.count()

        def read(at: Desk) -> bytes:
            return at.printing.sheet(
                list_sheet(title, rows, count, "", desk.bench.office.actor, desk.bench.now())
            )

        return read

    def _hand(self, read: Reader, name: str, *, saving: bool) -> None:
        desk = self._desk
        if saving:
            save_bytes(desk.window, desk.bench, f"{name}.pdf", read)
            return
        desk.bench.worker.submit(
            read, lambda pdf: print_pdf(desk.window, desk.bench, pdf, name), desk.bench.fail
        )

    # file inspection

    def ask_inspection(self) -> None:
        """Reads what stands in the file, then asks what is shown."""
        desk, row = self._desk, self._desk.flow.row
        if row is None:
            return
        case_id, reference = row.case_id, row.case_reference

        def read(documents: tuple[InspectedDocument, ...]) -> None:
            self._show_inspection(case_id, reference, documents)

        desk.bench.worker.submit(lambda at: at.inspecting.documents(case_id), read, desk.bench.fail)

    def _show_inspection(
        self, case_id: CaseId, reference: str, documents: tuple[InspectedDocument, ...]
    ) -> None:
        desk = self._desk
        dialog = InspectionDialog(desk.window, desk.bench, documents)
        self.inspection = dialog

        def made(pdf: bytes) -> None:
            save_bytes(desk.window, desk.bench, f"Akteneinsicht-{reference}.pdf", lambda _at: pdf)

        def accepted() -> None:
            desk.filing.inspect(case_id, dialog.wanted(), made)

        def closed() -> None:
            self.inspection = None
            dialog.deleteLater()

        dialog.accepted.connect(accepted)
        dialog.finished.connect(closed)
        dialog.open()


def _title(case: CaseFile, entry_id: str) -> str:
    entry = next((each for each in case.outgoing if each.entry_id == entry_id), None)
    return entry.title if entry is not None else _("Schreiben")
