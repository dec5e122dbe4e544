"""``county``: what county staff see and direct."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.cli.output import table
from clerk_app.cli.output_path import reserved
from clerk_app.domain.county import CaseKey, CountyFacts, CountyOrder, CountyQuery, Direction, Lane
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.texts import _
from clerk_app.texts import county_words as words
from clerk_app.usecases.county import County, DirectedBatches


def add_county(action: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """The grammar of ``county``."""
    board = action("board", _("Vorgänge aller Stellen, dringendste zuerst"))
    board.add_argument("--lane", choices=[lane.value for lane in Lane])
    board.add_argument("--office", default=None, metavar="ID")
    board.add_argument("--query", default="", metavar="TEXT", help=_("Aktenzeichen, Leistung, Gemeinde"))
    board.add_argument("--at-risk", action="store_true", help=_("Frist in einer Woche oder vorbei"))
    board.add_argument("--order", choices=[order.value for order in CountyOrder], default="priority")
    board.add_argument("--limit", type=int, default=50, metavar="N")
    board.add_argument("--csv", type=Path, default=None, metavar="FILE")
    action("load", _("Auslastung und Alter je Stelle"))
    for name, help_text in (
        ("assign", _("Vorgänge einer Stelle zuweisen")),
        ("forward", _("Vorgänge an die zuständige Stelle weiterleiten lassen")),
    ):
        move = action(name, help_text)
        move.add_argument("cases", nargs="+", metavar="CASE", help=_("Aktenzeichen"))
        move.add_argument("--to", required=True, metavar="ID")
        move.add_argument("--reason", default="", metavar="TEXT")
        move.add_argument("--preview", action="store_true", help=_("nur zeigen, was es bewirken würde"))
    action("undo", _("die letzte Verteilung zurücknehmen"))


def county(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``county ACTION``."""
    if args.action is None:
        raise ClerkError(ErrorCode.USAGE, {"message": _("county: was soll geschehen?")})
    output = args.csv if args.action == "board" else None
    with reserved(output) as write, entrance.desk(options, writing=args.action == "undo") as desk:
        office = desk.county()
        if args.action == "board":
            found = office.page(_query(args))
            if output is not None:
                write(lambda sink: sink.write(words.county_csv(found, office.today())))
            return _board(office, found, office.count(_query(args)))
        if args.action == "load":
            return _loads(office)
        batches = DirectedBatches(desk.reads, desk.journal, desk.office.actor)
        if args.action == "undo":
            batch = batches.take_back(office)
            return Answer({"undone": len(batch.before)}, [_("Zurückgenommen.")])
        return _move(office, batches, args)


def _query(args: argparse.Namespace) -> CountyQuery:
    return CountyQuery(
        lane=Lane(args.lane) if args.lane else None,
        office_id=args.office,
        text=args.query,
        at_risk=args.at_risk,
        order=CountyOrder(args.order),
        limit=max(0, args.limit),
    )


def _board(office: County, rows: Sequence[CountyFacts], total: int) -> Answer:
    today = office.today()
    lines = [tuple(str(cell) for cell in words.cells(facts, today)) for facts in rows]
    text = table(lines, words.headings()) if lines else _("Keine offenen Vorgänge.")
    more = _("{shown} von {total}").format(shown=len(rows), total=total)
    return Answer({"total": total, "cases": [_document(facts, office) for facts in rows]}, [text, more])


def _document(facts: CountyFacts, office: County) -> dict[str, object]:
    document = asdict(facts)
    key = document.pop("key")
    return {**key, **document, "lane": facts.lane(office.today()), "age_days": facts.age_days(office.today())}


def _loads(office: County) -> Answer:
    found = office.loads()
    names = words.age_headings()
    document = [{**asdict(load), "ages": dict(zip(names, load.ages, strict=True))} for load in found]
    return Answer(document, [words.load_words(load) for load in found])


def _move(office: County, batches: DirectedBatches, args: argparse.Namespace) -> Answer:
    keys = [_key(office, text) for text in args.cases]
    direction = Direction(args.action)
    names = {load.office_id: load.name for load in office.loads()}
    shown = office.preview(keys, direction, args.to)
    document: dict[str, object] = {
        "loads": {name: {"before": one, "after": other} for name, (one, other) in shown.loads.items()},
        "obstacles": dict(shown.obstacles),
    }
    lines = words.preview_lines(shown, names)
    if args.preview:
        return Answer({**document, "moved": 0}, lines)
    batch = batches.direct(office, keys, direction, args.to, args.reason)
    lines.append(words.moved_words(len(batch.before), names.get(args.to, args.to)))
    return Answer({**document, "moved": len(batch.before), "batch_id": batch.batch_id}, lines)


def _key(office: County, reference: str) -> CaseKey:
    found = [
        facts
        for facts in office.page(CountyQuery(text=reference, limit=5))
        if facts.case_reference.casefold() == reference.casefold()
    ]
    if len(found) != 1:
        code = ErrorCode.CASE_AMBIGUOUS if found else ErrorCode.CASE_UNKNOWN
        raise ClerkError(code, {"case": reference, "count": len(found)}, Disposition.ASK_CLERK)
    return found[0].key
