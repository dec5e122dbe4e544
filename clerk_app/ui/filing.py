"""Handing out: proof bundles and e-files, on a thread of their own: other work goes on meanwhile."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from clerk_app.domain.case import CaseQuery, CaseRow
from clerk_app.domain.efile import Filed
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.forwarding import HandedOver
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.proof import Proof
from clerk_app.texts import _
from clerk_app.ui.progress_strip import ProgressStrip
from clerk_app.ui.saving import ask_path, pour_whole, write_whole
from clerk_app.ui.workbench import Workbench
from clerk_app.ui.worker import Worker
from clerk_app.usecases.desk import Desk
from clerk_app.usecases.filing import ExportCancelledError

Result = TypeVar("Result")


@dataclass(frozen=True)
class InspectionWish:
    """What a clerk wants of a file inspection: which documents stay out, for whom, why."""

    without: frozenset[str] = frozenset()
    recipient: str = ""
    reason: str = ""


_TELL_EVERY_S = 0.1
_PAGE = 500
_LONGEST_PATH = 80


class CaseFiling(QObject):
    """Ausgabe. ``state_changed`` after anything a command's greying may depend on."""

    state_changed = Signal()
    _told = Signal(int, int)

    def __init__(self, bench: Workbench, window: QWidget, strip: ProgressStrip) -> None:
        super().__init__()
        self._bench, self._window, self._strip = bench, window, strip
        self._worker: Worker[Desk] | None = None
        self._cancelled = threading.Event()
        self._exporting = False
        self._told.connect(strip.show_progress, Qt.ConnectionType.QueuedConnection)
        strip.cancelled.connect(self.cancel)

    @property
    def idle(self) -> bool:
        """Whether nothing is being made."""
        return not self._exporting and (self._worker is None or self._worker.idle)

    # reasons

    def why_not_export(self) -> str | None:
        """None when an e-file can be made now."""
        return _("Es wird gerade schon eine E-Akte ausgegeben.") if self._exporting else None

    # acts

    def save_proof(self, case_id: CaseId, reference: str, entry_id: EntryId | None = None) -> None:
        """Asks for a place and makes the proof bundle of a case's decision, or of another entry."""
        path = ask_path(self._window, f"Zustellnachweis-{reference}.zip")
        if path is None:
            return

        def work(desk: Desk) -> Proof:
            return pour_whole(path, lambda sink: desk.proving.prove(case_id, sink, entry_id))

        def done(made: Proof) -> None:
            words = _("Zustellnachweis gespeichert: {path}")
            if not made.delivered:
                words = _("Nachweis gespeichert, noch nicht zugestellt: {path}")
            self._bench.say(words.format(path=_short(path)))

        self._submit(work, done, self._bench.fail)

    def hand_over(self, case_id: CaseId, reference: str, done: Callable[[HandedOver], None]) -> None:
        """Asks for a place and writes the papers of a forwarded case: the package, beside it its letter."""
        path = ask_path(self._window, f"Abgabe-{reference}.zip")
        if path is None:
            return

        def work(desk: Desk) -> HandedOver:
            handed = pour_whole(path, lambda sink: desk.handing_over.package(case_id, sink))
            write_whole(path.with_name(handed.cover_name), handed.cover)
            desk.handing_over.saved(case_id, handed)
            return handed

        self._submit(work, done, self._bench.fail)

    def export_case(self, row: CaseRow) -> None:
        """Asks for a place and hands one case over."""
        self._export(f"E-Akte-{row.case_reference}.zip", lambda desk: [row.case_id])

    def export_cases(self, case_ids: Sequence[CaseId]) -> None:
        """Asks for a place and hands these cases over."""
        self._export(_("E-Akte-Auswahl.zip"), lambda _desk: list(case_ids))

    def export_list(self, query: CaseQuery) -> None:
        """Asks for a place and hands over everything a list shows."""
        self._export(_("E-Akte-Auswahl.zip"), lambda desk: _listed(desk, query))

    def inspect(self, case_id: CaseId, wanted: InspectionWish, done: Callable[[bytes], None]) -> None:
        """Puts a case together for file inspection; ``done`` gets the PDF."""
        self._cancelled.clear()
        self._set_exporting(True, _("Akteneinsicht wird zusammengestellt"))
        tell = self._teller()

        def work(desk: Desk) -> bytes | None:
            sink = io.BytesIO()
            with suppress(ExportCancelledError):
                desk.inspecting.bundle(
                    case_id,
                    sink,
                    without=wanted.without,
                    recipient=wanted.recipient,
                    reason=wanted.reason,
                    progress=tell,
                    cancelled=self._cancelled.is_set,
                )
                return sink.getvalue()
            return None

        def made(pdf: bytes | None) -> None:
            self._set_exporting(False)
            if pdf is None:
                self._bench.say(_("Abgebrochen; es wurde nichts zusammengestellt."))
            else:
                done(pdf)

        self._submit(work, made, self._failed)

    @Slot()
    def cancel(self) -> None:
        """Stops an export; no file is left."""
        self._cancelled.set()

    def close(self) -> None:
        """Stops what can be stopped and waits for the rest."""
        self.cancel()
        if self._worker is not None:
            self._worker.stop()

    def hush(self) -> None:
        """What is still on its way reaches nobody: the window is gone."""
        if self._worker is not None:
            self._worker.hush()

    def _export(self, name: str, chosen: Callable[[Desk], list[CaseId]]) -> None:
        if self._exporting or (path := ask_path(self._window, name)) is None:
            return
        self._cancelled.clear()
        self._set_exporting(True)
        tell = self._teller()

        def work(desk: Desk) -> Filed | None:
            def fill(sink: BinaryIO) -> Filed:
                return desk.filing.export(chosen(desk), sink, progress=tell, cancelled=self._cancelled.is_set)

            with suppress(ExportCancelledError):
                return pour_whole(path, fill)
            return None

        self._submit(work, lambda filed: self._exported(path, filed), self._failed)

    def _submit(
        self,
        work: Callable[[Desk], Result],
        done: Callable[[Result], None],
        failed: Callable[[ClerkError], None],
    ) -> None:
        if self._worker is None:
            self._worker = Worker("filing", self._bench.shell.open_desk, lambda desk: desk.close())
        self._worker.submit(work, done, failed)

    def _teller(self) -> Callable[[int, int, str], None]:
        """Tells the strip now and then: a small case takes a few milliseconds."""
        last = 0.0

        def tell(done: int, total: int, _reference: str) -> None:
            nonlocal last
            now = time.monotonic()
            if done in (0, total) or now - last >= _TELL_EVERY_S:
                last = now
                self._told.emit(done, total)

        return tell

    def _exported(self, path: Path, filed: Filed | None) -> None:
        self._set_exporting(False)
        if filed is None:
            self._bench.say(_("Ausgabe abgebrochen; es wurde keine Datei geschrieben."))
            return
        count = len(filed.cases)
        words = (
            _("Ein Vorgang als E-Akte ausgegeben: {path}")
            if count == 1
            else _("{count} Vorgänge als E-Akte ausgegeben: {path}")
        )
        self._bench.say(words.format(count=count, path=_short(path)))
        if filed.left_out:
            names = ", ".join(each.reference for each in filed.left_out)
            self._bench.fail(
                ClerkError(ErrorCode.EXPORT_INCOMPLETE, {"count": len(filed.left_out), "cases": names})
            )

    def _failed(self, error: ClerkError) -> None:
        self._set_exporting(False)
        self._bench.fail(error)

    def _set_exporting(self, exporting: bool, title: str = "") -> None:
        self._exporting = exporting
        self._strip.begin(title or _("E-Akte wird ausgegeben")) if exporting else self._strip.end()
        self.state_changed.emit()


def _listed(desk: Desk, query: CaseQuery) -> list[CaseId]:
    """Ids of all cases of a list, read page by page."""
    row_ids = desk.reads.ids(query)
    found: list[CaseId] = []
    for start in range(0, len(row_ids), _PAGE):
        found += [row.case_id for row in desk.reads.rows(row_ids[start : start + _PAGE])]
    return found


def _short(path: Path) -> str:
    """A path that fits one line: its end says most."""
    text = str(path)
    return text if len(text) <= _LONGEST_PATH else f"…{text[-_LONGEST_PATH:]}"
