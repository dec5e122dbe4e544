"""What a clerk adds to a letter, as options; and ``letter``: hearing, interim notice, receipt and so on."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.cli.output_path import pour, reserved
from clerk_app.cli.password import ask_password
from clerk_app.domain.correspondence import Correspondence
from clerk_app.domain.decision import FeeItem, Finding, FindingLevel, Outcome, Wording
from clerk_app.domain.letter import LetterKind
from clerk_app.texts import _
from clerk_app.texts.amounts import LARGEST_EUROS
from clerk_app.texts.findings import finding_sentence
from clerk_app.texts.statuses import channel_label
from clerk_app.usecases.case_work import resolve_case

LETTER_KINDS: Mapping[str, LetterKind] = {
    "hearing": LetterKind.HEARING,
    "interim": LetterKind.INTERIM_NOTICE,
    "forwarding": LetterKind.FORWARDING_NOTICE,
    "receipt": LetterKind.RECEIPT,
    "notification": LetterKind.NOTIFICATION,
}

_SAID_BY_THE_WAY = frozenset({"by-post", "letter-by-post"})
_AMOUNT = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d+(?:[.,]\d{1,2})?", re.ASCII)


def add_wording(parser: argparse.ArgumentParser) -> None:
    """What is decided, and what the clerk adds to the template."""
    parser.add_argument("--outcome", required=True, choices=[outcome.value for outcome in Outcome])
    parser.add_argument("--reasons", default="", metavar="TEXT")
    parser.add_argument("--template", default=None, metavar="NAME")
    parser.add_argument(
        "--provision",
        nargs="+",
        action="extend",
        default=[],
        metavar="TEXT",
        dest="provisions",
        help=_("Nebenbestimmung (§ 36 VwVfG)"),
    )
    fees = parser.add_mutually_exclusive_group()
    fees.add_argument(
        "--fee",
        nargs="+",
        action="extend",
        type=fee,
        default=None,
        metavar="TEXT=12,50",
        dest="fees",
        help=_("Gebühr statt der Gebühren der Vorlage"),
    )
    fees.add_argument("--no-fee", action="store_true", help=_("gebührenfrei"))
    add_letter_options(parser)
    parser.add_argument(
        "--no-hearing",
        default="",
        metavar="TEXT",
        help=_("warum von einer Anhörung abgesehen wird (§ 28 Absatz 2 und 3 VwVfG)"),
    )


def add_letter(parser: argparse.ArgumentParser, day: Callable[[str], date]) -> None:
    """The grammar of ``letter``; ``day`` reads a date."""
    parser.add_argument("case", metavar="CASE")
    parser.add_argument("--kind", required=True, choices=list(LETTER_KINDS))
    parser.add_argument("--text", default="", metavar="TEXT", help=_("was Sie mitteilen"))
    parser.add_argument("--due", type=day, default=None, metavar="DATE", help=_("Frist oder Termin"))
    parser.add_argument(
        "--to", default="", metavar="TEXT", help=_("forwarding: zuständige Stelle mit Anschrift")
    )
    add_letter_options(parser)
    parser.add_argument("--output", type=Path, default=None, metavar="PATH")
    parser.add_argument("--now", action="store_true", help=_("ohne Rückholfrist"))


def add_letter_options(parser: argparse.ArgumentParser) -> None:
    """What every letter may have beside its text."""
    parser.add_argument(
        "--enclosure",
        nargs="+",
        action="extend",
        default=[],
        metavar="TEXT",
        dest="enclosures",
        help=_("Anlage des Schreibens"),
    )
    parser.add_argument(
        "--language", default=None, metavar="CODE", help=_("zweite Sprache neben Deutsch (hsb); de: keine")
    )


def wording_of(args: argparse.Namespace) -> Wording:
    """What the clerk adds to the template, from the options of ``decide`` and of the ways round it."""
    fees: tuple[FeeItem, ...] | None = None if args.fees is None else tuple(args.fees)
    return Wording(
        reasons=args.reasons,
        template=args.template,
        provisions=tuple(args.provisions),
        fees=() if args.no_fee else fees,
        enclosures=tuple(args.enclosures),
        language=args.language,
        no_hearing_reason=args.no_hearing,
    )


def fee(text: str) -> FeeItem:
    """``Bearbeitung=12,50``; also ``12.50`` and ``1.234,50``. Raises ArgumentTypeError."""
    name, equals, amount = text.rpartition("=")
    amount = amount.removesuffix("€").strip()
    wrong = argparse.ArgumentTypeError(_("„{value}“ ist keine Gebühr (TEXT=12,50)").format(value=text))
    if not equals or not name.strip() or _AMOUNT.fullmatch(amount) is None:
        raise wrong
    if "," in amount or re.fullmatch(r"\d{1,3}(?:\.\d{3})+", amount):
        amount = amount.replace(".", "").replace(",", ".")
    if Decimal(amount) > LARGEST_EUROS:  # as in the window: a slip of the finger, never a fee
        raise wrong
    return FeeItem(name.strip(), Decimal(amount))


def warned(found: Sequence[Finding]) -> list[Finding]:
    """What does not stand against it but the window would have told: on the command line it is told
    afterwards, in time to take the letter back. Ways are left out: the line says the way itself."""
    return [each for each in found if each.level is FindingLevel.WARN and each.code not in _SAID_BY_THE_WAY]


def letter(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``letter``."""
    with reserved(args.output) as write, entrance.desk(options, writing=True) as desk:
        case_id = resolve_case(desk.reads, args.case)
        wanted = Correspondence(
            LETTER_KINDS[args.kind], args.text, args.due, args.to, tuple(args.enclosures), args.language
        )
        draft = desk.corresponding.draft(case_id, wanted)
        warnings = warned(desk.corresponding.preflight(draft))
        queued = desk.corresponding.send(draft, ask_password, at_once=args.now)
        write(partial(pour, queued.pdf))
        entry = desk.reads.outbox_entry(queued.entry_id)
        document = {
            "entry_id": queued.entry_id,
            "case_id": queued.case_id,
            "kind": queued.kind,
            "channel": queued.channel,
            "due_on": queued.due_on,
            "path": args.output.resolve() if args.output is not None else None,
            "sha256": queued.sha256,
            "hold_until": queued.hold_until,
            "state": entry.state if entry else None,
            "warnings": [finding.code for finding in warnings],
        }
        line = _("{title}: im Postausgang ({way}).").format(
            title=draft.letter.subject, way=channel_label(queued.channel)
        )
        return Answer(document, [line, *(finding_sentence(finding) for finding in warnings)])
