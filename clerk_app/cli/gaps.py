"""What is missing in a case, and asking for it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date

from clerk_app.cli.answer import Answer
from clerk_app.cli.case_document import gaps_document
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.cli.output import table
from clerk_app.cli.writing import add_letter_options
from clerk_app.domain.case import CaseFile
from clerk_app.domain.gaps import AskedBefore, GapItem, GapList
from clerk_app.texts import _, language
from clerk_app.texts.gap_words import asked_before_lines, gap_state_label, gap_summary, pause_lines
from clerk_app.texts.statuses import channel_label
from clerk_app.usecases.case_work import readable_case, resolve_case


def add_gaps(parser: argparse.ArgumentParser) -> None:
    """The grammar of ``gaps``."""
    parser.add_argument("case", metavar="CASE")
    act = parser.add_mutually_exclusive_group()
    act.add_argument("--settle", metavar="KEY", help=_("ist da"))
    act.add_argument("--waive", metavar="KEY", help=_("darauf verzichten (mit --reason)"))
    act.add_argument("--reopen", metavar="KEY", help=_("fehlt doch"))
    parser.add_argument("--reason", default="", metavar="TEXT", help=_("Grund"))


def add_request(parser: argparse.ArgumentParser, day: Callable[[str], date]) -> None:
    """The grammar of ``request-documents``; ``day`` reads a date."""
    parser.add_argument("case", metavar="CASE")
    parser.add_argument("--item", action="append", default=[], metavar="TEXT", dest="items", nargs="+")
    parser.add_argument("--missing", action="store_true", help=_("alles, was fehlt, in einem Schreiben"))
    parser.add_argument(
        "--again", action="store_true", help=_("erinnern, obwohl die Antwort noch nicht fällig ist")
    )
    parser.add_argument("--due", type=day, default=None, metavar="DATE")
    parser.add_argument("--text", default="", metavar="TEXT", help=_("was Sie mitteilen"))
    add_letter_options(parser)
    parser.add_argument("--now", action="store_true", help=_("ohne Rückholfrist"))


def gaps(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``gaps CASE [--settle KEY | --waive KEY --reason TEXT | --reopen KEY]``."""
    acting = any((args.settle, args.waive, args.reopen))
    with entrance.desk(options, writing=acting) as desk:
        case_id = resolve_case(desk.reads, args.case)
        if args.settle:
            desk.gaps.settle(case_id, args.settle, args.reason)
        elif args.waive:
            desk.gaps.waive(case_id, args.waive, args.reason)
        elif args.reopen:
            desk.gaps.reopen(case_id, args.reopen)
        case = readable_case(desk.reads, case_id)
        found = desk.gaps.of(case)
        document = {
            "case_id": case_id,
            "case_reference": case.row.case_reference,
            **gaps_document(found, desk.dates.today()),
        }
        lines = [gap_summary(found)]
        if found.items:
            header = (_("Stand"), _("Was"), _("Bezeichnung"), _("Anlagen"))
            lines.append(table([_row(item, case, found) for item in found.items], header))
        lines += pause_lines(found, desk.dates.today())
        return Answer(document, lines)


def _row(item: GapItem, case: CaseFile, found: GapList) -> tuple[str, str, str, str]:
    names = {
        (each.submission_id, each.attachment.attachment_id): each.attachment.filename
        or each.attachment.attachment_id
        for each in case.attachments
    }
    keys = item.attachments or item.offered
    files = ", ".join(names.get((key.submission_id, key.attachment_id), key.attachment_id) for key in keys)
    if files and not item.attachments:
        files = _("vielleicht {files}").format(files=files)
    single = [each.key for each in found.items].count(item.key) == 1
    return gap_state_label(item), item.title(language()), item.key if single else item.gap_id, files


def request_documents(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``request-documents CASE [--missing] [--item TEXT…] [--again]``."""
    typed = [item for group in args.items for item in group]
    with entrance.desk(options, writing=True) as desk:
        case_id = resolve_case(desk.reads, args.case)
        missing = desk.gaps.draft(case_id).items if args.missing else ()
        queued = desk.requesting.request(
            case_id,
            [*missing, *typed],
            args.due,
            note=args.text,
            enclosures=args.enclosures,
            language=args.language,
            at_once=args.now,
            again=args.again,
        )
        entry = desk.reads.outbox_entry(queued.entry_id)
        document = {
            "entry_id": queued.entry_id,
            "case_id": queued.case_id,
            "channel": queued.channel,
            "items": queued.items,
            "due_on": queued.due_on,
            "hold_until": queued.hold_until,
            "state": entry.state if entry else None,
            "warnings": ["already-here"] if queued.here else [],
            "already_here": [
                {"key": item.key, "text": item.text, "state": item.state} for item in queued.here
            ],
        }
        way = channel_label(queued.channel)
        lines = [_("Nachforderung im Postausgang ({way}).").format(way=way)]
        return Answer(document, [*lines, *asked_before_lines(AskedBefore(queued.here))])
