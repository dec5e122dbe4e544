"""Letters for the post out of the printer: the confined child makes the pages pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtWidgets import QWidget

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import EntryId
from clerk_app.domain.post import PrintJob
from clerk_app.texts import _, ngettext
from clerk_app.ui.ask_dialog import AskDialog
from clerk_app.ui.rendering import PagePicture
from clerk_app.ui.saving import save_bytes
from clerk_app.ui.workbench import Workbench

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

DOTS_PER_INCH = 300
A4_LONG_SIDE_PX = round(297 / 25.4 * DOTS_PER_INCH)


def office_printer() -> QPrinter:
    """A4, one-sided, to the edge of the sheet: the address must stand where the window is."""
    from PySide6.QtPrintSupport import QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setFullPage(True)
    printer.setDuplex(QPrinter.DuplexMode.DuplexNone)
    printer.setResolution(DOTS_PER_INCH)
    return printer


class PagePrinter(QObject):
    """Prints one PDF page by page; the next page is painted while the window lives on."""

    def __init__(self, parent: QObject, bench: Workbench, printer: QPrinter, job: PrintJob) -> None:
        super().__init__(parent)
        self._bench, self._printer, self._job = bench, printer, job
        self._painter = QPainter()
        self._page = 0
        self._done: Callable[[], None] = lambda: None

    def start(self, done: Callable[[], None]) -> None:
        """Begins; ``done`` is called after the last page. A printer that does not answer is an error."""
        self._done = done
        if not self._painter.begin(self._printer):
            self._bench.fail(ClerkError(ErrorCode.OUTPUT_NOT_WRITABLE, {"path": self._printer.printerName()}))
            self.deleteLater()
            return
        self._ask()

    def _ask(self) -> None:
        pdf, page = self._job.pdf, self._page
        self._bench.pictures.submit(
            lambda renderer: renderer.page(pdf, "application/pdf", page, A4_LONG_SIDE_PX),
            self._paint,
            self._failed,
        )

    def _paint(self, picture: PagePicture) -> None:
        image = QImage(
            picture.rgba, picture.width, picture.height, picture.width * 4, QImage.Format.Format_RGBA8888
        )
        sheet: QRect = self._printer.pageLayout().fullRectPixels(self._printer.resolution())
        self._painter.drawImage(QRect(0, 0, sheet.width(), sheet.height()), image)
        self._page += 1
        if self._page < self._job.pages:
            self._printer.newPage()
            self._ask()
            return
        self._painter.end()
        self._done()
        self.deleteLater()

    def _failed(self, error: ClerkError) -> None:
        self._printer.abort()
        self._painter.end()
        self._bench.fail(error)
        self.deleteLater()


def offer_print(parent: QWidget, bench: Workbench, entry_ids: Sequence[EntryId]) -> None:
    """Puts the letters together, then asks: to the printer, or into a file."""
    wanted = tuple(entry_ids)

    def made(job: PrintJob) -> None:
        _offer(parent, bench, job)

    bench.worker.submit(lambda desk: desk.post.print_job(wanted), made, bench.fail)


def _offer(parent: QWidget, bench: Workbench, job: PrintJob) -> None:
    count = len(job.entries)
    words = [
        ngettext("{n} Schreiben mit Anschriftenblatt", "{n} Schreiben mit Anschriftenblättern", count).format(
            n=count
        )
        + ", "
        + ngettext("{n} Seite.", "{n} Seiten.", job.pages).format(n=job.pages),
        _("Bitte einseitig und in Originalgröße drucken. Als versandt vermerkt ist damit noch nichts."),
    ]
    if job.held:
        left_out = ngettext(
            "{n} Schreiben ist nicht dabei: In seinem Vorgang ist Neues eingegangen.",
            "{n} Schreiben sind nicht dabei: In ihren Vorgängen ist Neues eingegangen.",
            len(job.held),
        )
        words.append(left_out.format(n=len(job.held)))
    title = _("Druckauftrag bereit")
    dialog = AskDialog(parent, bench, title, " ".join(words), _("Drucken …"), safe=False)

    def save() -> None:
        dialog.reject()
        name = _("Druckauftrag")
        save_bytes(parent, bench, f"{name}-{bench.today().isoformat()}.pdf", lambda _desk: job.pdf)

    dialog.add_choice(_("Als PDF speichern …"), save)
    dialog.ask(lambda: _choose_printer(parent, bench, job))


def print_pdf(parent: QWidget, bench: Workbench, pdf: bytes, name: str) -> None:
    """Asks for a printer and prints a document of ours; ``name`` is what the printer's queue says."""

    def looked(picture: PagePicture) -> None:
        _choose_printer(parent, bench, PrintJob(pdf, picture.page_count, ()), name)

    bench.pictures.submit(lambda renderer: renderer.page(pdf, "application/pdf", 0, 200), looked, bench.fail)


def _choose_printer(parent: QWidget, bench: Workbench, job: PrintJob, name: str = "") -> None:
    from PySide6.QtPrintSupport import QPrintDialog

    printer = office_printer()
    printer.setDocName(name or _("Druckauftrag"))
    chooser = QPrintDialog(printer, parent)
    accepted = chooser.exec() == QPrintDialog.DialogCode.Accepted
    chooser.deleteLater()
    if accepted:
        words = ngettext("{n} Seite gedruckt", "{n} Seiten gedruckt", job.pages).format(n=job.pages)
        PagePrinter(parent, bench, printer, job).start(lambda: bench.say(words))
