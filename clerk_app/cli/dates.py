"""Deadlines with their sum, reminders, entered days, the log of a day."""

from __future__ import annotations

import argparse
from datetime import timedelta
from functools import partial
from typing import BinaryIO

from clerk_app.cli.answer import Answer
from clerk_app.cli.case_document import deadline_document, gaps_document
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.cli.output import table
from clerk_app.cli.output_path import reserved
from clerk_app.domain.case_dates import CaseDate, DateKind, DateLogLine, DueLine
from clerk_app.domain.deadlines import Deadline
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.texts import _
from clerk_app.texts.dates import date_label, log_change, log_ground, log_sheet, log_who
from clerk_app.texts.derivations import deadline_label, derivation
from clerk_app.texts.formats import day, weekday_day
from clerk_app.texts.gap_words import pause_lines
from clerk_app.usecases.case_work import resolve_case

_AHEAD = timedelta(days=14)


def deadlines(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``deadlines [CASE] [--until DATE]``."""
    with entrance.desk(options, writing=False) as desk:
        if args.case is None:
            lines = desk.dates.due(args.until or desk.dates.today() + _AHEAD)
            rows = [
                (
                    weekday_day(line.deadline.due_on),
                    deadline_label(line.deadline.kind),
                    line.row.case_reference,
                    line.deadline.text or derivation(line.deadline),
                )
                for line in lines
            ]
            header = (_("Fällig"), _("Frist"), _("Vorgang"), _("Rechenweg oder Grund"))
            return Answer(
                [_due_document(line) for line in lines],
                [table(rows, header) if rows else _("Bis dahin ist nichts fällig.")],
            )
        case, found, entered = desk.dates.of_case(resolve_case(desk.reads, args.case))
        gaps, today = desk.gaps.of(case), desk.dates.today()
        document = {
            "case_id": case.row.case_id,
            "case_reference": case.row.case_reference,
            "deadlines": [deadline_document(item) for item in found],
            "pauses": gaps_document(gaps, today)["pauses"],
            "dates": [_date_document(item) for item in entered],
        }
        said = [text for item in found for text in _lines(item)]
        return Answer(document, [*said, *pause_lines(gaps, today)] or [_("Keine Fristen.")])


def _lines(deadline: Deadline) -> list[str]:
    head = f"{deadline_label(deadline.kind)} {weekday_day(deadline.due_on)}"
    head += f"  [{deadline.date_id}]" if deadline.date_id else ""
    return [head, f"  {deadline.text or derivation(deadline)}"]


def _due_document(line: DueLine) -> dict[str, object]:
    return {
        "case_id": line.row.case_id,
        "case_reference": line.row.case_reference,
        "warned": line.warned,
        **deadline_document(line.deadline),
    }


def _date_document(date: CaseDate) -> dict[str, object]:
    return {
        "date_id": date.date_id,
        "kind": date.kind,
        "on": date.on,
        "text": date.text or None,
        "entry_id": date.entry_id,
        "done": date.done,
    }


def follow_up(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``follow-up CASE --on DATE [--text TEXT]``."""
    with entrance.desk(options, writing=True) as desk:
        made = desk.dates.follow_up(resolve_case(desk.reads, args.case), args.on, args.text)
        return _entered(made)


def enter(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``date CASE --kind KIND --on DATE | --remove ID | --done ID``."""
    if args.kind is not None and args.on is None:
        raise ClerkError(ErrorCode.USAGE, {"message": _("Es fehlt der Tag (--on)."), "usage": ""})
    with entrance.desk(options, writing=True) as desk:
        case_id = resolve_case(desk.reads, args.case)
        if args.kind is None:
            date_id = args.remove or args.done
            if args.remove is not None:
                desk.dates.remove(case_id, date_id, args.text)
            else:
                desk.dates.done(case_id, date_id)
            words = _("Gestrichen.") if args.remove is not None else _("Als erledigt vermerkt.")
            return Answer({"date_id": date_id, "case_id": case_id}, [words])
        entry_id = None if args.entry is None else desk.outbox.resolve(args.entry)
        made = desk.dates.enter(
            case_id, DateKind(args.kind), args.on, args.text, entry_id=entry_id, date_id=args.change
        )
        return _entered(made)


def _entered(made: CaseDate) -> Answer:
    words = _("Eingetragen: {what} {day}").format(what=date_label(made.kind), day=weekday_day(made.on))
    return Answer(_date_document(made), [words])


def log(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``dates [--day DATE] [--output FILE]``."""
    with reserved(args.output) as write, entrance.desk(options, writing=False) as desk:
        on = args.day or desk.dates.today()
        lines = desk.dates.log(on)
        if args.output is not None:
            write(partial(_pour, desk.dates.printed(log_sheet(on, lines))))
        rows = [
            (log_who(line), line.case_reference, date_label(line.what), log_change(line), log_ground(line))
            for line in lines
        ]
        header = (_("Wann, wer"), _("Vorgang"), _("Frist"), _("alt → neu"), _("Rechenweg oder Grund"))
        none = _("Am {day} ist keine Frist entstanden, geändert worden oder entfallen.").format(day=day(on))
        document = {
            "day": on,
            "path": args.output.resolve() if args.output is not None else None,
            "lines": [_log_document(line) for line in lines],
        }
        return Answer(document, [table(rows, header) if rows else none])


def _log_document(line: DateLogLine) -> dict[str, object]:
    return {
        "at": line.at,
        "actor": line.actor,
        "case_id": line.case_id,
        "case_reference": line.case_reference,
        "what": line.what,
        "old": line.old,
        "new": line.new,
        "text": line.text or None,
        "derivation": log_ground(line) if line.deadline is not None else None,
    }


def _pour(content: bytes, sink: BinaryIO) -> None:
    sink.write(content)
