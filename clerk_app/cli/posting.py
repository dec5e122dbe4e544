"""The outbox on the command line: what waits and why, and the clerk's hand on it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import BinaryIO

from clerk_app.cli import exits
from clerk_app.cli.answer import Answer
from clerk_app.cli.case_document import entry_document
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.cli.output import table
from clerk_app.cli.output_path import reserved
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import EntryId
from clerk_app.domain.outbox import FINAL_STATES, OutboxEntry, OutboxKind, OutboxState
from clerk_app.texts import _, ngettext
from clerk_app.texts.formats import day
from clerk_app.texts.outbox_words import entry_words, pressing_words
from clerk_app.texts.statuses import outbox_kind_label, outbox_state_label, short_channel_label
from clerk_app.usecases.desk import Desk
from clerk_app.usecases.outbox_watch import Watched
from clerk_app.usecases.two_decisions import Line


def outbox(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``outbox [retry|withdraw|posted|post|nevertheless ID | print [ID] --output PATH]``."""
    if args.action == "print":
        return _print(entrance, options, args)
    if args.action == "compare" and args.entry is not None:
        return _compare(entrance, options, args)
    if args.action is not None and args.entry is None:
        raise ClerkError(ErrorCode.USAGE, {"message": _("Es fehlt die Kennung des Eintrags."), "usage": ""})
    if args.output is not None:
        raise ClerkError(ErrorCode.USAGE, {"message": _("--output gehört zu „outbox print“."), "usage": ""})
    if args.on is not None and args.action != "posted":
        raise ClerkError(ErrorCode.USAGE, {"message": _("--on gehört zu „outbox posted“."), "usage": ""})
    if args.reason and args.action != "take-over":
        raise ClerkError(
            ErrorCode.USAGE, {"message": _("--reason gehört zu „outbox take-over“."), "usage": ""}
        )
    with entrance.desk(options, writing=args.action is not None) as desk:
        if args.action is None:
            return _listing(desk)
        acts: dict[str, Callable[[EntryId], OutboxEntry]] = {
            "retry": desk.outbox.retry,
            "withdraw": desk.outbox.withdraw,
            "posted": partial(desk.outbox.mark_posted, posted_on=args.on),
            "post": desk.outbox.send_by_post,
            "nevertheless": desk.outbox.send_nevertheless,
            "take-over": lambda each: desk.taking_over.take_over(each, args.reason),
        }
        entry_id = desk.outbox.resolve(args.entry)
        if args.action == "posted" and args.on is not None:
            before = desk.reads.outbox_entry(entry_id)
            if before is not None and before.state is OutboxState.POSTED:
                return _corrected(before, desk.outbox.correct_posted(entry_id, args.on))
        entry = acts[args.action](entry_id)
        return Answer(entry_document(entry), [f"{entry.entry_id}  {outbox_state_label(entry.state)}"])


def _compare(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    with entrance.desk(options, writing=False) as desk:
        found = desk.comparing.compare(desk.outbox.resolve(args.entry))
    marks = {Line.SAME: " ", Line.COUNTS: "+", Line.RETURNED: "-"}
    document = {
        "counts": {"entry_id": found.counts.entry_id, "by": found.counts_by},
        "returned": {"entry_id": found.returned.entry_id, "by": found.returned_by},
        "lines": [{"in": line, "text": text} for line, text in found.lines],
    }
    return Answer(document, [f"{marks[line]} {text}" for line, text in found.lines])


def _corrected(before: OutboxEntry, after: OutboxEntry) -> Answer:
    old = day(before.posted_on) if before.posted_on is not None else "–"
    new = day(after.posted_on) if after.posted_on is not None else "–"
    if before.posted_on == after.posted_on:
        words = _("Als Versandtag ist der {new} schon vermerkt.").format(new=new)
    else:
        words = _("Versandtag berichtigt: {new} statt {old}").format(new=new, old=old)
    return Answer(entry_document(after), [f"{after.entry_id}  {words}"])


def _print(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """Exit 5 when a letter was left out because its case has overtaken it."""
    if args.output is None or args.on is not None:
        words = _("Es fehlt --output PATH: die PDF-Datei zum Drucken.")
        raise ClerkError(ErrorCode.USAGE, {"message": words, "usage": ""})
    with reserved(args.output) as write, entrance.desk(options, writing=True) as desk:
        wanted = desk.post.waiting() if args.entry is None else (desk.outbox.resolve(args.entry),)
        job = desk.post.print_job(wanted)
        write(partial(_pour, job.pdf))
        lines = [
            ngettext("{n} Schreiben", "{n} Schreiben", len(job.entries)).format(n=len(job.entries))
            + ", "
            + ngettext("{n} Seite", "{n} Seiten", job.pages).format(n=job.pages)
            + f": {args.output}",
            _("Als versandt vermerkt ist damit nichts: clerk-app outbox posted ID --on DATUM"),
        ]
        lines += [
            _("{entry} ist nicht dabei: Im Vorgang ist Neues eingegangen.").format(entry=each[:8])
            for each in job.held
        ]
        document = {
            "path": args.output.resolve(),
            "entries": list(job.entries),
            "pages": job.pages,
            "held": list(job.held),
        }
        return Answer(document, lines, exits.CLERK_MUST_DECIDE if job.held else exits.DONE)


def _pour(content: bytes, sink: BinaryIO) -> None:
    sink.write(content)


def _listing(desk: Desk) -> Answer:
    now = datetime.now(UTC)
    watched = {each.entry.entry_id: each for each in desk.watch.all()}
    entries = desk.reads.outbox()
    told = [watched.get(entry.entry_id) or Watched(entry) for entry in entries]
    header = (
        _("Eintrag"),
        _("Aktenzeichen"),
        _("Art"),
        _("Weg"),
        _("Zustand"),
        _("Seit"),
        _("Versuche"),
    )
    lines = []
    for each in told:
        entry, words = each.entry, entry_words(each.entry, now)
        lines.append(
            (
                entry.entry_id[:8],
                entry.case_reference,
                outbox_kind_label(entry.kind),
                short_channel_label(entry.channel),
                words.word,
                words.age,
                str(entry.attempts),
            )
        )
    text = table(lines, header) if lines else _("Der Postausgang ist leer.")
    notes = [note for each in told for note in _notes(each, now)]
    return Answer([_document(each, now) for each in told], [text, *notes])


def _document(each: Watched, now: datetime) -> dict[str, object]:
    words = entry_words(each.entry, now, arrivals=each.arrivals)
    return {
        **entry_document(each.entry),
        "state_text": words.word,
        "why": words.why,
        "what_next": words.what_next,
        "arrivals": [
            {"submission_id": arrival.submission_id, "at": arrival.at, "attachments": arrival.attachments}
            for arrival in each.arrivals
        ],
        "pressing": [{"kind": item.kind, "due_on": item.due_on} for item in each.pressing],
    }


def _notes(each: Watched, now: datetime) -> list[str]:
    """Why an entry is not out, what comes next, and what it is about to miss."""
    entry = each.entry
    if entry.state in FINAL_STATES or entry.kind is OutboxKind.STATUS:
        return []
    words = entry_words(entry, now, arrivals=each.arrivals)
    found = [f"{words.why} {words.what_next}", pressing_words(each.pressing)]
    return [f"{entry.entry_id[:8]}  {note}" for note in found if note]
