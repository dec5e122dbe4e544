"""Vorgangsblatt and list in words, to be printed and filed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from clerk_app.domain.case import CaseFile, CaseRow
from clerk_app.domain.deadlines import Deadline
from clerk_app.domain.service_package import CheckLevel, CheckResult
from clerk_app.domain.sheet import Sheet, SheetTable
from clerk_app.texts import formats
from clerk_app.texts.catalogue import gettext as _
from clerk_app.texts.catalogue import language, ngettext
from clerk_app.texts.derivations import deadline_label
from clerk_app.texts.outbox_words import state_word
from clerk_app.texts.statuses import case_status_label

MOST_ROWS = 2_000  # of a printed list; some sixty sheets


def case_sheet(
    case: CaseFile,
    checks: Sequence[tuple[CheckResult, bool]],
    deadlines: Sequence[Deadline],
    printed_by: str,
    now: datetime,
) -> Sheet:
    """Vorgangsblatt: what stands in a case, on one sheet as a rule. ``checks`` come with whether a clerk has
    accepted them."""
    row = case.row
    title = _("Vorgangsblatt {reference}").format(reference=row.case_reference)
    return Sheet(
        title=title,
        subject=title,
        filed=_("Zu den Akten"),
        reference=row.case_reference,
        header=(_("Angabe"), _("Inhalt")),
        rows=_facts(case),
        summary=_("Angaben zum Vorgang"),
        empty="",
        widths=(1, 3),
        language=_language(),
        tables=(
            SheetTable(
                _("Prüfpunkte"),
                (_("Stand"), _("Prüfpunkt")),
                _judged(checks),
                _("Prüfpunkte mit ihrem Stand"),
                widths=(1, 5),
            ),
            SheetTable(
                _("Fristen"),
                (_("Tag"), _("Frist")),
                tuple((formats.weekday_day(each.due_on), deadline_label(each.kind)) for each in deadlines),
                _("Fristen des Vorgangs"),
                widths=(1, 3),
            ),
            SheetTable(
                _("Schreiben"),
                (_("Schreiben"), _("Empfänger"), _("Stand")),
                tuple((each.title, each.recipient_name, state_word(each, now)) for each in case.outgoing),
                _("Ausgegangene Schreiben"),
                _("Es ist nichts ausgegangen."),
                widths=(3, 2, 2),
            ),
        ),
        notes=(_printed(printed_by, now),),
    )


def list_sheet(
    title: str, rows: Sequence[CaseRow], total: int, query: str, printed_by: str, now: datetime
) -> Sheet:
    """A list of cases as it is on the screen; ``total`` may be more than ``rows``, which then is said."""
    notes = [_printed(printed_by, now)]
    if query:
        notes.insert(0, _("Gesucht: {query}").format(query=query))
    if total > len(rows):
        words = _("Die Liste ist länger: {total} Vorgänge, gedruckt sind die ersten {shown}.")
        notes.insert(0, words.format(total=formats.number(total), shown=formats.number(len(rows))))
    count = ngettext("{n} Vorgang", "{n} Vorgänge", total).format(n=formats.number(total))
    return Sheet(
        title=title,
        subject=f"{title}: {count}",
        filed=_("Zu den Akten"),
        reference="–",
        header=(_("Eingang"), _("Frist"), _("Aktenzeichen"), _("Antrag von"), _("Leistung"), _("Stand")),
        rows=tuple(_listed(row) for row in rows),
        summary=_("Vorgänge in der Reihenfolge der Liste"),
        empty=_("Die Liste ist leer."),
        widths=(4, 4, 5, 6, 6, 5),
        language=_language(),
        notes=tuple(notes),
    )


def _facts(case: CaseFile) -> tuple[tuple[str, str], ...]:
    row = case.row
    names = [each.attachment.filename or _("Anlage ohne Namen") for each in case.attachments]
    return (
        (_("Leistung"), row.service),
        (_("Antrag von"), row.applicant),
        (_("Gemeinde"), row.municipality),
        (_("Eingang"), formats.moment(row.arrived_at)),
        (_("Stand"), case_status_label(row.status)),
        (_("Frist"), _day(row.due_on)),
        (_("Portal"), row.portal),
        (_("Anlagen"), ", ".join(names) or "–"),
    )


def _listed(row: CaseRow) -> tuple[str, ...]:
    return (
        formats.day(row.arrived_at),
        _day(row.due_on),
        row.case_reference,
        row.applicant,
        row.service,
        case_status_label(row.status),
    )


def _judged(checks: Sequence[tuple[CheckResult, bool]]) -> tuple[tuple[str, str], ...]:
    """What wanted a person, each; what is met, as a number: the sheet is to be one."""
    rows = [
        (_("geprüft") if accepted else _("offen"), str(check.text))
        for check, accepted in checks
        if check.level is not CheckLevel.OK
    ]
    met = len(checks) - len(rows)
    if met:
        rows.append((_("erfüllt"), ngettext("{n} Prüfpunkt", "{n} Prüfpunkte", met).format(n=met)))
    return tuple(rows)


def _printed(by: str, now: datetime) -> str:
    return _("Gedruckt am {moment} von {who}.").format(moment=formats.moment(now), who=by)


def _day(on: date | None) -> str:
    return formats.day(on) if on is not None else "–"


def _language() -> str:
    return "en-GB" if language() == "en" else "de-DE"
