"""``stand-in``: Vertretung."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import date

from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.cli.output import table
from clerk_app.domain.stand_in import StandIn
from clerk_app.texts import _
from clerk_app.texts.stand_in_words import done_words, stand_in_words
from clerk_app.usecases.standing_in import DoneMeanwhile


def add_stand_in(
    action: Callable[[str, str], argparse.ArgumentParser], read_day: Callable[[str], date]
) -> None:
    """The grammar of ``stand-in``."""
    action("list", _("alle Vertretungen, neueste zuerst"))
    add = action("add", _("eine Vertretung eintragen"))
    add.add_argument("absent", metavar="NAME", help=_("wer abwesend ist"))
    add.add_argument("--by", required=True, metavar="NAME", help=_("wer vertritt"))
    add.add_argument("--from", required=True, type=read_day, metavar="DATE", dest="from_on")
    add.add_argument("--until", required=True, type=read_day, metavar="DATE", dest="until_on")
    add.add_argument(
        "--service", action="append", default=[], metavar="LEIKA", help=_("nur für diese Leistung")
    )
    add.add_argument("--no-signing", action="store_true", help=_("ohne Zeichnungsrecht"))
    for name, words in (
        ("end", _("eine Vertretung vorzeitig beenden")),
        ("summary", _("was die Vertretung in Vorgängen der Abwesenden getan hat")),
    ):
        action(name, words).add_argument("stand_in", metavar="ID")


def stand_in(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``stand-in ACTION``; without one the list."""
    with entrance.desk(options, writing=args.action in ("add", "end")) as desk:
        work = desk.standing_in
        if args.action == "add":
            made = work.enter(
                args.absent, args.by, args.from_on, args.until_on, args.service, may_sign=not args.no_signing
            )
            found = work.find(made)
            return Answer(_document(found), [stand_in_words(found, work.today())])
        if args.action in ("end", "summary"):
            found = work.find(args.stand_in)
            if args.action == "end":
                work.end(found.stand_in_id)
                return Answer({"stand_in_id": found.stand_in_id}, [_("Die Vertretung ist beendet.")])
            return _summary(work.summary(found))
        everything = work.all()
        lines = [(each.stand_in_id[:8], stand_in_words(each, work.today())) for each in everything]
        text = table(lines, (_("Kennung"), _("Vertretung"))) if lines else _("Keine Vertretung eingetragen.")
        return Answer([_document(each) for each in everything], [text])


def _document(found: StandIn) -> dict[str, object]:
    return {
        "stand_in_id": found.stand_in_id,
        "absent": found.absent,
        "stand_in": found.stand_in,
        "from_on": found.from_on,
        "until_on": found.until_on,
        "services": list(found.services),
        "may_sign": found.may_sign,
        "set_by": found.set_by,
        "ended_at": found.ended_at,
    }


def _summary(found: Sequence[DoneMeanwhile]) -> Answer:
    document = [
        {
            "case_id": each.case_id,
            "case_reference": each.case_reference,
            "service": each.service,
            "acts": dict(each.acts),
        }
        for each in found
    ]
    lines = [done_words(each) for each in found] or [_("Nichts.")]
    return Answer(document, lines)
