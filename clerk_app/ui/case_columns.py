"""Spalten: what the list of cases can show as a table, and which of it a clerk wants to see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from clerk_app.domain.case import CaseOrder, CaseRow
from clerk_app.texts import N_, _, formats
from clerk_app.ui import labels
from clerk_app.ui.letter_languages import language_name

Cell = Callable[[CaseRow, datetime, date], str]
NARROWEST, WIDEST = 24, 800


@dataclass(frozen=True)
class CaseColumn:
    """``title`` is a German source; ``width`` in pixels at text size 1; ``order``: what it sorts by."""

    title: str
    width: int
    order: CaseOrder
    cell: Cell
    role: Callable[[CaseRow, date], str] = lambda _row, _today: ""


COLUMNS: dict[str, CaseColumn] = {
    "unread": CaseColumn(N_("Neu"), 48, CaseOrder.NEWEST, lambda row, _now, _today: labels.mark(row)),
    "arrived": CaseColumn(
        N_("Eingang"),
        130,
        CaseOrder.NEWEST,
        lambda row, now, _today: formats.relative_moment(row.arrived_at, now),
    ),
    "due": CaseColumn(
        N_("Frist"),
        130,
        CaseOrder.DUE,
        lambda row, _now, today: labels.due_day(row, today),
        lambda row, today: labels.due(row, today)[2],
    ),
    "service": CaseColumn(N_("Leistung"), 190, CaseOrder.SERVICE, lambda row, _now, _today: row.service),
    "applicant": CaseColumn(
        N_("Antrag von"),
        180,
        CaseOrder.APPLICANT,
        lambda row, _now, _today: row.applicant or _("Name unbekannt"),
    ),
    "reference": CaseColumn(
        N_("Aktenzeichen"), 140, CaseOrder.REFERENCE, lambda row, _now, _today: row.case_reference
    ),
    "status": CaseColumn(
        N_("Status"), 110, CaseOrder.STATUS, lambda row, _now, _today: labels.status(row.status)[0]
    ),
    "assigned": CaseColumn(
        N_("Zuständig"), 110, CaseOrder.ASSIGNED, lambda row, _now, _today: row.assigned_to or ""
    ),
    "attachments": CaseColumn(
        N_("Anlagen"),
        70,
        CaseOrder.ATTACHMENTS,
        lambda row, _now, _today: formats.number(row.attachment_count) if row.attachment_count else "",
    ),
    "municipality": CaseColumn(
        N_("Gemeinde"), 140, CaseOrder.MUNICIPALITY, lambda row, _now, _today: row.municipality
    ),
    "portal": CaseColumn(N_("Portal"), 110, CaseOrder.PORTAL, lambda row, _now, _today: row.portal),
    "language": CaseColumn(
        N_("Sprache"), 120, CaseOrder.LANGUAGE, lambda row, _now, _today: language_name(row.language)
    ),
}
USUAL = ("unread", "arrived", "due", "service", "applicant", "reference", "status", "assigned", "attachments")


@dataclass(frozen=True)
class ListLook:
    """How one list is shown. ``columns`` from left to right; ``widths`` in pixels at text size 1."""

    table: bool = False
    columns: tuple[str, ...] = USUAL
    widths: dict[str, int] = field(default_factory=dict)
    order: CaseOrder = CaseOrder.NEWEST
    reverse: bool = False

    def width(self, name: str) -> int:
        """Of a column."""
        return self.widths.get(name, COLUMNS[name].width)

    def with_width(self, name: str, width: int) -> ListLook:
        """One column made wider or narrower."""
        return replace(self, widths={**self.widths, name: min(WIDEST, max(NARROWEST, width))})

    def sorted_by(self, order: CaseOrder) -> ListLook:
        """Sorted by another column, or by the same the other way round."""
        return replace(self, order=order, reverse=order is self.order and not self.reverse)

    def as_data(self) -> dict[str, object]:
        """As it is kept."""
        return {
            "table": self.table,
            "columns": list(self.columns),
            "widths": self.widths,
            "order": self.order.value,
            "reverse": self.reverse,
        }


def look_from(data: object) -> ListLook:
    """A kept look; what is no look (any more) is as usual."""
    if not isinstance(data, dict):
        return ListLook()
    named = data.get("columns")
    columns = (
        tuple(dict.fromkeys(each for each in named if each in COLUMNS)) if isinstance(named, list) else ()
    )
    given = data.get("widths")
    widths = {
        name: width
        for name, width in (given.items() if isinstance(given, dict) else ())
        if name in COLUMNS and isinstance(width, int) and NARROWEST <= width <= WIDEST
    }
    order = data.get("order")
    return ListLook(
        data.get("table") is True,
        columns or USUAL,
        widths,
        CaseOrder(order) if order in list(CaseOrder) else CaseOrder.NEWEST,
        data.get("reverse") is True,
    )
