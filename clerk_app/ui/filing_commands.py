"""Commands that hand out: proof of delivery and e-file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clerk_app.domain.outbox import OutboxState
from clerk_app.texts import N_, _
from clerk_app.ui.commands import Command, Menu, Scope, Screen

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow

_CASE = frozenset({Screen.BROWSE, Screen.REVIEW})
_LEFT = frozenset(OutboxState) - {OutboxState.QUEUED, OutboxState.TO_POST, OutboxState.WITHDRAWN}


def filing_commands(desk: DeskWindow) -> list[Command]:
    """For case, list and outbox."""
    return [
        Command(
            "case.proof",
            N_("&Zustellnachweis speichern …"),
            lambda: _prove_case(desk),
            Menu.CASE,
            icon="verified",
            reason=desk.flow.why_no_proof,
            screens=_CASE,
        ),
        Command(
            "case.export",
            N_("Als E-A&kte ausgeben (xdomea) …"),
            lambda: _export_case(desk),
            Menu.CASE,
            icon="archive",
            reason=lambda: _why_not_case(desk),
            screens=_CASE,
            scope=Scope.MANY,
        ),
        Command(
            "list.export",
            N_("Angezeigte &Liste als E-Akte ausgeben …"),
            lambda: desk.filing.export_list(desk.list.query()),
            Menu.FILE,
            icon="archive",
            reason=lambda: _why_not_list(desk),
            screens=frozenset({Screen.BROWSE}),
        ),
        Command(
            "outbox.proof",
            N_("&Zustellnachweis speichern …"),
            lambda: _prove_entry(desk),
            Menu.FILE,
            icon="verified",
            reason=lambda: desk.outbox.why_not(_LEFT, _("Das Schreiben hat das Haus noch nicht verlassen.")),
            screens=frozenset({Screen.OUTBOX}),
        ),
    ]


def _prove_case(desk: DeskWindow) -> None:
    if (row := desk.flow.row) is not None:
        desk.filing.save_proof(row.case_id, row.case_reference)


def _prove_entry(desk: DeskWindow) -> None:
    if (entry := desk.outbox.current()) is not None:
        desk.filing.save_proof(entry.case_id, entry.case_reference, entry.entry_id)


def _export_case(desk: DeskWindow) -> None:
    if desk.choosing.count() > 1:
        desk.filing.export_cases(desk.choosing.case_ids())
    elif (row := desk.flow.row) is not None:
        desk.filing.export_case(row)


def _why_not_case(desk: DeskWindow) -> str | None:
    several = desk.choosing.count() > 1
    reason = desk.choosing.why_too_many() if several else desk.flow.why_not_readable()
    return reason or desk.filing.why_not_export()


def _why_not_list(desk: DeskWindow) -> str | None:
    if desk.list.model.rowCount() == 0:
        return _("Die Liste ist leer.")
    return desk.filing.why_not_export()
