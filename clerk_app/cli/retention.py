"""``retention``: Aussonderung."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from clerk_app.cli import exits
from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.cli.output import table
from clerk_app.cli.output_path import reserved
from clerk_app.domain.efile import Filed
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.retention import RetentionLine
from clerk_app.texts import _
from clerk_app.texts.formats import day
from clerk_app.usecases.case_work import resolve_case


def add_retention(action: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """The grammar of ``retention``."""
    listed = action("list", _("abgeschlossene Vorgänge, deren Aufbewahrungsfrist vorbei ist"))
    listed.add_argument("--all", action="store_true", help=_("auch die, deren Frist noch läuft"))
    offer = action("offer", _("dem Archiv anbieten: alle fälligen Vorgänge als E-Akte"))
    offer.add_argument("--xdomea", type=Path, required=True, metavar="FILE", help=_("Paket (ZIP)"))
    offer.add_argument("--recipient", required=True, metavar="TEXT", help=_("das zuständige Archiv"))
    destroy = action("destroy", _("fällige und angebotene Vorgänge unwiederbringlich vernichten"))
    destroy.add_argument("cases", nargs="*", metavar="CASE", help=_("ohne: alle fälligen"))
    destroy.add_argument(
        "--archive-has-answered", action="store_true", required=True,
        help=_("das Archiv hat übernommen oder verzichtet"),
    )  # fmt: skip


def retention(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``retention ACTION``; without one the list."""
    if args.action == "offer":
        return _offer(entrance, options, args)
    with entrance.retention(options) as found:
        work = found.retention
        if args.action == "destroy":
            names = args.cases or [line.case_id for line in work.lines()]
            done = work.destroy([resolve_case(found.desk.reads, name) for name in names])
            words = _("{count} Vorgänge vernichtet. Im Protokoll steht, dass es sie gab.")
            lines = [words.format(count=len(done.case_ids))]
            lines += [_left_words(case_id, why) for case_id, why in done.left]
            document = {
                "destroyed": list(done.case_ids),
                "left": [{"case_id": case_id, "reason": why} for case_id, why in done.left],
                "finished": done.finished,
            }
            return Answer(document, lines, exits.CLERK_MUST_DECIDE if done.left else exits.DONE)
        found_lines = work.lines(due_only=not getattr(args, "all", False))
        return Answer([_document(line) for line in found_lines], [_table(found_lines)])


def _offer(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    with reserved(args.xdomea) as write, entrance.retention(options) as found:
        case_ids = [line.case_id for line in found.retention.lines()]
        if not case_ids:
            raise ClerkError(ErrorCode.RETENTION_NONE)
        filed: list[Filed] = []

        def fill(sink: BinaryIO) -> None:
            filed.append(found.filing.export(case_ids, sink, recipient=args.recipient))

        write(fill)
        offered = [each.case_id for each in filed[0].cases]
        words = _("{path}: {count} Vorgänge dem Archiv angeboten.").format(
            path=args.xdomea, count=len(offered)
        )
        document = {
            "path": args.xdomea.resolve(),
            "cases": offered,
            "process_id": filed[0].handover.process_id,
        }
        return Answer(document, [words])


def _document(line: RetentionLine) -> dict[str, object]:
    return {
        "case_id": line.case_id,
        "case_reference": line.case_reference,
        "service": line.service,
        "retention": line.retention,
        "closed_on": line.closed_on,
        "until": line.until,
        "offered_at": line.offered_at,
        "open_entries": line.open_entries,
    }


def _table(lines: list[RetentionLine]) -> str:
    if not lines:
        return _("Nichts auszusondern.")
    rows = [
        (
            line.case_reference,
            line.service,
            line.retention,
            day(line.closed_on),
            day(line.until) if line.until else _("dauernd"),
            day(line.offered_at.date()) if line.offered_at else _("nein"),
        )
        for line in lines
    ]
    header = (
        _("Aktenzeichen"), _("Leistung"), _("Klasse"), _("Abgeschlossen"), _("Aufzubewahren bis"),
        _("Angeboten"),
    )  # fmt: skip
    return table(rows, header)


def _left_words(case_id: str, why: str) -> str:
    reasons = {
        "not-due": _("die Aufbewahrungsfrist läuft noch"),
        "not-offered": _("er wurde dem Archiv nicht angeboten"),
        "not-closed": _("er ist nicht abgeschlossen"),
        "letters": _("ein Schreiben ist noch unterwegs"),
    }
    return _("Nicht vernichtet: {case}; {why}.").format(case=case_id, why=reasons[why])
