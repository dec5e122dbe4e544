"""Forwarding from the window: the dialog, the papers for the other authority, and that they went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clerk_app.domain.forwarding import HandedOver, QueuedForwarding
from clerk_app.texts import N_, _
from clerk_app.ui.commands import Command, Menu, Screen
from clerk_app.ui.forward_model import ForwardFrame, load_frame

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow

_CASE = frozenset({Screen.BROWSE, Screen.REVIEW})


class ForwardSteps:
    """What the window does with a case that another authority should have."""

    def __init__(self, desk: DeskWindow) -> None:
        self._desk = desk

    def commands(self) -> list[Command]:
        """Forward, save the papers, say that they went."""
        return [
            Command(
                "case.forward",
                N_("Abgeben …"),
                self.begin,
                Menu.CASE,
                ("Ctrl+L",),
                "forward",
                self._desk.flow.why_not_decide,
                _CASE | {Screen.TRIAGE},
            ),
            Command(
                "case.hand_over",
                N_("Paket für die zuständige Stelle speichern …"),
                self.save,
                Menu.CASE,
                icon="archive",
                reason=self.why_not_forwarded,
                screens=_CASE,
            ),
            Command(
                "case.handed_over",
                N_("Abgabe als übergeben vermerken"),
                self.said,
                Menu.CASE,
                icon="check",
                reason=self.why_not_forwarded,
                screens=_CASE,
            ),
        ]

    def why_not_forwarded(self) -> str | None:
        """None for a case that was forwarded."""
        flow = self._desk.flow
        reason = flow.why_not_readable()
        if reason is None and (flow.dossier is None or flow.dossier.case.forwarded is None):
            return _("Der Vorgang ist nicht abgegeben.")
        return reason

    def begin(self) -> None:
        """Opens the dialog for the case at hand."""
        row = self._desk.flow.row
        if row is None:
            return
        case_id, bench = row.case_id, self._desk.bench
        bench.worker.submit(lambda desk: load_frame(desk, case_id), self._open, bench.fail)

    def _open(self, frame: ForwardFrame) -> None:
        from clerk_app.ui.forward_dialog import ForwardDialog

        row = self._desk.flow.row
        if row is None or row.case_id != frame.case_id:
            return  # the clerk went on meanwhile
        dialog = ForwardDialog(self._desk.window, self._desk.bench, frame)
        reference = row.case_reference
        dialog.sent.connect(lambda queued, save: self._sent(queued, reference, save=save))
        dialog.finished.connect(lambda _result: dialog.deleteLater())
        dialog.open()

    def _sent(self, queued: QueuedForwarding, reference: str, *, save: bool) -> None:
        desk, office = self._desk, queued.forwarded.office.name
        desk.flow.remember_sent(queued.notice, _("Abgabe an {office}").format(office=office))
        template = _("Abgabe an {office} – Nachricht geht in {{left}} hinaus")
        if queued.notice.channel is None:
            template = _("Abgabe an {office} – Nachricht wartet auf Druck und Post")
        words = template.format(office=office.replace("{", "{{").replace("}", "}}"))

        def offer(saved: str = "") -> None:
            desk.window.toast.offer(words + saved, _("Zurückholen (Strg+Z)"), queued.notice.hold_until)

        offer()
        if save:  # the way back stays in sight when the papers are there
            desk.filing.hand_over(
                queued.forwarded.case_id, reference, lambda _handed: offer(_(". Paket gespeichert"))
            )

    def save(self) -> None:
        """Asks for a place and writes the papers of the case at hand."""
        if (row := self._desk.flow.row) is not None:
            self._desk.filing.hand_over(row.case_id, row.case_reference, self._saved)

    def _saved(self, handed: HandedOver) -> None:
        self._desk.bench.say(
            _("Paket und {cover} gespeichert; wie sie hinkommen, liegt bei Ihnen.").format(
                cover=handed.cover_name
            )
        )

    def said(self) -> None:
        """The papers went some other way."""
        if (row := self._desk.flow.row) is None:
            return
        case_id = row.case_id
        self._desk.flow.act(
            lambda desk: desk.handing_over.said(case_id),
            lambda: self._desk.bench.say(_("Als übergeben vermerkt")),
        )
