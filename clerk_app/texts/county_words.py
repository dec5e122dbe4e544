"""The county's board in words, for window, command line and CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from clerk_app.domain.case import CaseStatus
from clerk_app.domain.county import AGE_BOUNDS, CountyFacts, Direction, Lane, OfficeLoad, Preview
from clerk_app.texts.catalogue import N_, ngettext
from clerk_app.texts.catalogue import gettext as _
from clerk_app.texts.csv_lines import csv_bytes
from clerk_app.texts.formats import day
from clerk_app.texts.statuses import case_status_label

LANES: Mapping[Lane, str] = {
    Lane.UNCLEAR: N_("Unklar"),
    Lane.ASSIGNED: N_("Zugewiesen"),
    Lane.FORWARDED: N_("Weitergeleitet"),
    Lane.OVERDUE: N_("Überfällig"),
}
_OBSTACLES: Mapping[str, str] = {
    "same-office": N_("ist schon dort"),
    "closed": N_("ist abgeschlossen"),
    "decided": N_("ist entschieden"),
}


def lane_word(lane: Lane) -> str:
    """The lane's name."""
    return _(LANES[lane])


def headings() -> tuple[str, ...]:
    """Columns of the table and of the CSV."""
    return (
        _("Punkte"),
        _("Aktenzeichen"),
        _("Stelle"),
        _("Gemeinde"),
        _("Leistung"),
        _("Eingang"),
        _("Frist"),
        _("Alter (Tage)"),
        _("Stand"),
        _("Spalte"),
        _("Verteilung"),
    )


def cells(facts: CountyFacts, today: date) -> tuple[str | int, ...]:
    """One row, in the order of ``headings``."""
    return (
        facts.points,
        facts.case_reference,
        facts.office_name,
        facts.municipality,
        facts.service,
        day(facts.first_received_on),
        day(facts.due_on) if facts.due_on is not None else "",
        facts.age_days(today),
        status_word(facts.status),
        lane_word(facts.lane(today)),
        direction_word(facts),
    )


def status_word(status: str) -> str:
    """The status as offices call it."""
    known = {each.value for each in CaseStatus}
    return case_status_label(CaseStatus(status)) if status in known else status


def direction_word(facts: CountyFacts) -> str:
    """What the county directed."""
    if facts.direction is None:
        return ""
    words = _("weiter an {office}") if facts.direction is Direction.FORWARD else _("zugewiesen: {office}")
    return words.format(office=facts.directed_to or "")


def county_csv(found: Sequence[CountyFacts], today: date) -> bytes:
    """The table as a file; no formula runs in it."""
    return csv_bytes(headings(), [cells(facts, today) for facts in found])


def age_headings() -> tuple[str, ...]:
    """Names of the heat map's classes."""
    found, low = [], 0
    for bound in AGE_BOUNDS:
        found.append(_("{low}–{high} Tage").format(low=low, high=bound))
        low = bound + 1
    return (*found, _("über {high} Tage").format(high=AGE_BOUNDS[-1]))


def load_words(load: OfficeLoad) -> str:
    """One office in one sentence."""
    return _("{name}: {open} offen, {free} ohne Zuständige, {overdue} überfällig, {risk} in Gefahr").format(
        name=load.name, open=load.open, free=load.unassigned, overdue=load.overdue, risk=load.at_risk
    )


def preview_lines(shown: Preview, names: Mapping[str, str]) -> list[str]:
    """What a move would do, before it is done."""
    lines = [
        _("{office}: {before} → {after} offene Vorgänge").format(
            office=names.get(office, office), before=before, after=after
        )
        for office, (before, after) in shown.loads.items()
    ]
    lines += [
        _("{reference} bleibt: {why}.").format(reference=reference, why=_(_OBSTACLES.get(code, code)))
        for reference, code in shown.obstacles.items()
    ]
    return lines


def moved_words(count: int, office: str) -> str:
    """What was done."""
    return ngettext("{n} Vorgang: {office}", "{n} Vorgänge: {office}", count).format(n=count, office=office)
