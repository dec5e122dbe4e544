"""Figures about the caseload: ``statistics``."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.cli.output_path import reserved
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.statistics import Span, Statistics, StatisticsQuery, period
from clerk_app.texts import _, formats
from clerk_app.texts import statistics_words as words
from clerk_app.usecases.evaluating import evaluated


def statistics(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``statistics [--span S] [--back N] [--service T] [--municipality T] [--csv FILE] [--pdf FILE]``."""
    if args.back < 0:
        raise ClerkError(ErrorCode.USAGE, {"message": _("--back zählt rückwärts: 0, 1, 2 …"), "usage": ""})
    with (
        reserved(args.csv) as write_csv,
        reserved(args.pdf) as write_pdf,
        entrance.desk(options, writing=False) as desk,
    ):
        now = desk.printing.clock.now()
        today = office_day(now)
        query = StatisticsQuery(period(Span(args.span), today, args.back), args.service, args.municipality)
        found = evaluated(desk.reads, query, today)
        if args.csv is not None:
            write_csv(lambda sink: sink.write(words.statistics_csv(found)))
        if args.pdf is not None:
            synced_at = desk.reads.last_sync_at()
            stamp = formats.moment(synced_at) if synced_at is not None else "–"
            sheet = words.statistics_sheet(
                found,
                _("Erstellt am {moment}.").format(moment=formats.moment(now)),
                _("Stand: {moment}").format(moment=stamp),
            )
            pdf = desk.printing.sheet(sheet)
            write_pdf(lambda sink: sink.write(pdf))
        return Answer(_document(found), _lines(found))


def _document(found: Statistics) -> dict[str, object]:
    """Numbers as they are shown; null: too few cases, or one could be computed from it."""
    return {
        "period": {"first": found.query.period.first, "last": found.query.period.last},
        "service": found.query.service or None,
        "municipality": found.query.municipality or None,
        "least": found.least,
        "total": asdict(found.total),
        "previous": asdict(found.previous),
        "services": [asdict(line) for line in found.services],
        "municipalities": [asdict(line) for line in found.municipalities],
        "months": [
            {"month": f"{each.month.first:%Y-%m}", "arrivals": each.arrivals, "decided": each.decided}
            for each in found.months
        ],
        "ages": dict(zip(words.age_words(), found.ages, strict=True)),
    }


def _lines(found: Statistics) -> list[str]:
    names = words.figure_headings()
    cells = words.figure_cells(found.total)
    lines = [words.scope_words(found.query)]
    lines += [f"{name}: {cell}" for name, cell in zip(names, cells, strict=True)]
    for line in found.services:
        shown = ", ".join(words.figure_cells(line)[:3])
        lines.append(f"{line.name}: {shown}")
    return [*lines, *words.method_words(found.least)[-1:]]
