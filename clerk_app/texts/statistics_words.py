"""Auswertung in words: headings, cells, CSV, sheet. One place, so that screen, file and paper agree."""

from __future__ import annotations

from collections.abc import Sequence

from clerk_app.domain.sheet import Sheet, SheetTable
from clerk_app.domain.statistics import AGE_BOUNDS, Figures, Period, Statistics, StatisticsQuery
from clerk_app.texts import formats
from clerk_app.texts.catalogue import gettext as _
from clerk_app.texts.catalogue import language
from clerk_app.texts.csv_lines import csv_bytes

Cells = tuple[str, ...]


def figure_headings() -> Cells:
    """Headings of the tables by service and municipality, after the name."""
    return (
        _("Eingänge"),
        _("Entschieden"),
        _("Offen"),
        _("Dauer in Tagen"),
        _("80 % in Tagen"),
        _("Alter in Tagen"),
        _("Frist gehalten"),
    )


def figure_cells(line: Figures) -> Cells:
    """The numbers of a line as they are read."""
    return (
        counted(line.arrivals),
        counted(line.decided),
        counted(line.open),
        _plain(line.cycle_days),
        _plain(line.cycle_most_days),
        _plain(line.age_days),
        percent(line.kept_percent),
    )


def counted(number: int | None) -> str:
    """A number of cases; a suppressed one says so."""
    return _("geschützt") if number is None else formats.number(number)


def percent(value: int | None) -> str:
    """Per cent, or a dash."""
    return "–" if value is None else _("{n} %").format(n=value)


def period_words(period: Period) -> str:
    """From when to when."""
    return _("{first} bis {last}").format(first=formats.day(period.first), last=formats.day(period.last))


def month_word(month: Period) -> str:
    """A month as a table names it: 11/2026."""
    return f"{month.first:%m}/{month.first.year}"


def age_words() -> Cells:
    """The classes of age of open cases."""
    words, lower = [], 0
    for bound in AGE_BOUNDS:
        words.append(_("{first} bis {last} Tage").format(first=lower, last=bound - 1))
        lower = bound
    return (*words, _("{n} Tage und mehr").format(n=lower))


def age_marks() -> Cells:
    """The same classes for a narrow axis."""
    marks, lower = [], 0
    for bound in AGE_BOUNDS:
        marks.append(f"{lower}–{bound - 1}")
        lower = bound
    return (*marks, f"≥ {lower}")


def scope_words(query: StatisticsQuery) -> str:
    """What was counted."""
    service = query.service or _("alle Leistungen")
    place = query.municipality or _("alle Gemeinden")
    return f"{period_words(query.period)} · {service} · {place}"


def method_words(least: int) -> Cells:
    """How the numbers came about; stands on every export."""
    return (
        _("Dauer und Alter: Kalendertage, Median; Dauer vom Eingang bis zur Signatur. Offen: Stand heute."),
        _("Frist gehalten: Anteil der Bescheide, die bis zur Zielfrist des Amts signiert waren."),
        _(
            "Zahlen unter {n} werden nicht gezeigt, und auch keine, aus denen sie sich errechnen ließen. "
            "Es gibt keine Auswertung nach Personen."
        ).format(n=least),
    )


def statistics_csv(found: Statistics) -> bytes:
    """Everything as one table: what it is about, the name, the numbers. Empty: suppressed or none."""
    header = (_("Auswertung nach"), _("Name"), *figure_headings())
    rows: list[Sequence[str | int | None]] = [_row(_("Gesamt"), scope_words(found.query), found.total)]
    before = _row(_("Zeitraum davor"), scope_words(found.query), found.previous)
    rows.append(before)
    rows += [_row(_("Leistung"), line.name, line) for line in found.services]
    rows += [_row(_("Gemeinde"), line.name, line) for line in found.municipalities]
    rows += [
        (_("Monat"), month_word(each.month), each.arrivals, each.decided, None, None, None, None, None)
        for each in found.months
    ]
    rows += [
        (_("Alter der offenen"), words, None, None, number, None, None, None, None)
        for words, number in zip(age_words(), found.ages, strict=True)
    ]
    rows += [(_("Hinweis"), words, *[None] * 7) for words in method_words(found.least)]
    return csv_bytes(header, rows)


def statistics_sheet(found: Statistics, printed_by: str, stamp: str) -> Sheet:
    """The evaluation on paper. ``stamp`` says when the cases were last synced."""
    title = _("Auswertung {period}").format(period=period_words(found.query.period))
    now, then = (figure_cells(line) for line in (found.total, found.previous))
    return Sheet(
        title=title,
        subject=title,
        filed=_("Zu den Akten"),
        reference=_("Auswertung"),
        header=(_("Größe"), _("Wert"), _("Zeitraum davor")),
        rows=tuple(zip(figure_headings(), now, then, strict=True)),
        summary=_("Die Zahlen des Zeitraums neben denen des Zeitraums davor"),
        empty="",
        widths=(3, 2, 2),
        language="en-GB" if language() == "en" else "de-DE",
        tables=(
            _table(_("Nach Leistung"), _("Leistung"), found.services),
            _table(_("Nach Gemeinde"), _("Gemeinde"), found.municipalities),
            SheetTable(
                _("Nach Monat"),
                (_("Monat"), _("Eingänge"), _("Entschieden")),
                tuple((month_word(m.month), counted(m.arrivals), counted(m.decided)) for m in found.months),
                _("Eingänge und Entscheidungen je Monat"),
            ),
            SheetTable(
                _("Alter der offenen Vorgänge"),
                (_("Alter"), _("Offen")),
                tuple(
                    (words, counted(number)) for words, number in zip(age_words(), found.ages, strict=True)
                ),
                _("Offene Vorgänge nach Alter"),
            ),
        ),
        notes=(scope_words(found.query), stamp, *method_words(found.least), printed_by),
    )


def _table(heading: str, name: str, lines: Sequence[Figures]) -> SheetTable:
    rows = tuple((line.name, *figure_cells(line)) for line in lines)
    widths = (4, *[3] * len(figure_headings()))
    return SheetTable(heading, (name, *figure_headings()), rows, heading, _("Keine Vorgänge."), widths)


def _row(kind: str, name: str, line: Figures) -> Sequence[str | int | None]:
    return (
        kind, name, line.arrivals, line.decided, line.open, line.cycle_days, line.cycle_most_days,
        line.age_days, line.kept_percent,
    )  # fmt: skip


def _plain(number: int | None) -> str:
    return "–" if number is None else formats.number(number)
