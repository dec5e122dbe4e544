"""Not competent here: ``competence``, ``forward``, ``hand-over``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from functools import partial
from pathlib import Path
from typing import BinaryIO

from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.cli.output_path import Fill, pour, reserved, write_whole
from clerk_app.cli.writing import warned
from clerk_app.domain.competence import Forwarded, OfficeAddress
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.forwarding import HandedOver
from clerk_app.domain.ids import CaseId
from clerk_app.texts import _
from clerk_app.texts.competence_words import competence_words, forwarded_words, reason_words
from clerk_app.texts.findings import finding_sentence
from clerk_app.texts.formats import day
from clerk_app.texts.statuses import channel_label
from clerk_app.usecases.case_work import readable_case, resolve_case
from clerk_app.usecases.desk import Desk


def add_forwarding(
    command: Callable[[str, str], argparse.ArgumentParser], read_day: Callable[[str], date]
) -> None:
    """The grammar of the three; ``read_day`` reads a date."""
    competence_ = command("competence", _("wer für einen Antrag zuständig ist"))
    competence_.add_argument("case", metavar="CASE")

    forward_ = command("forward", _("an die zuständige Stelle abgeben und es mitteilen"))
    forward_.add_argument("case", metavar="CASE")
    forward_.add_argument("--to", default="", metavar="NAME|ARS", help=_("Stelle aus dem Verzeichnis"))
    forward_.add_argument(
        "--address",
        nargs="+",
        default=[],
        metavar="LINE",
        help=_("eine andere Stelle: Name, Straße, PLZ und Ort, je eine Zeile"),
    )
    forward_.add_argument("--reason", required=True, metavar="TEXT", help=_("steht in der Nachricht"))
    forward_.add_argument(
        "--first-received",
        type=read_day,
        default=None,
        metavar="DATE",
        help=_("erster Eingang bei einer anderen Behörde, wenn er früher war als hier"),
    )
    forward_.add_argument(
        "--output", type=Path, default=None, metavar="DIR|FILE", help=_("Paket für die zuständige Stelle")
    )
    forward_.add_argument("--now", action="store_true", help=_("ohne Rückholfrist"))

    hand_over_ = command("hand-over", _("Paket eines abgegebenen Vorgangs schreiben, oder: es ist übergeben"))
    hand_over_.add_argument("case", metavar="CASE")
    act = hand_over_.add_mutually_exclusive_group(required=True)
    act.add_argument("--output", type=Path, metavar="DIR|FILE")
    act.add_argument("--done", action="store_true", help=_("die Unterlagen sind auf anderem Weg übergeben"))


def competence(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``competence CASE``."""
    with entrance.desk(options, writing=False) as desk:
        case_id = resolve_case(desk.reads, args.case)
        found = desk.forwarding.competence(case_id)
        case = readable_case(desk.reads, case_id)
        document = {
            "case_id": case_id,
            "case_reference": case.row.case_reference,
            "place": found.place,
            "ours": found.ours,
            "proposals": [
                {
                    "authority": _office(proposal.office),
                    "reason": proposal.reason,
                    "detail": proposal.detail,
                    "text": reason_words(proposal),
                }
                for proposal in found.proposals
            ],
            "forwarded": None if case.forwarded is None else _forwarded(case.forwarded),
        }
        lines = [_("Zuständig: {who}").format(who=competence_words(found, desk.office.name))]
        lines += [
            f"{number}. {proposal.office.name} ({proposal.office.ars or '–'}): {reason_words(proposal)}"
            for number, proposal in enumerate(found.proposals, 1)
        ]
        return Answer(document, [*lines, *filter(None, [forwarded_words(case)])])


def forward(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``forward CASE --to NAME|ARS --reason TEXT``: the notice is queued, the case is the other authority's.

    The place of the package is proven before anything is done.
    """
    with _reserved(args.output) as write, entrance.desk(options, writing=True) as desk:
        case_id = resolve_case(desk.reads, args.case)
        draft = desk.forwarding.draft(case_id, _target(desk, args), args.reason, args.first_received)
        warnings = warned(desk.forwarding.preflight(draft))
        queued = desk.forwarding.send(draft, at_once=args.now)
        entry = desk.reads.outbox_entry(queued.notice.entry_id)
        forwarded = queued.forwarded
        document: dict[str, object] = {
            "case_id": case_id,
            "entry_id": queued.notice.entry_id,
            "channel": queued.notice.channel,
            "state": entry.state if entry is not None else None,
            "hold_until": queued.notice.hold_until,
            **_forwarded(forwarded),
            "warnings": [finding.code for finding in warnings],
            "package": None,
        }
        lines = [
            _("Abgegeben an {office}, erster Eingang am {first}. Nachricht im Postausgang ({way}).").format(
                office=forwarded.office.name,
                first=day(forwarded.first_received_on),
                way=channel_label(queued.notice.channel),
            ),
            *(finding_sentence(finding) for finding in warnings),
        ]
        if args.output is None:
            lines.append(
                _("Die Unterlagen sind noch zu übergeben: clerk-app hand-over {case} --output DIR").format(
                    case=readable_case(desk.reads, case_id).row.case_reference
                )
            )
        else:
            document["package"], told = _write_package(desk, case_id, args.output, write)
            lines += told
        return Answer(document, lines)


def hand_over(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``hand-over CASE --output DIR|FILE | --done``."""
    with _reserved(args.output) as write, entrance.desk(options, writing=True) as desk:
        case_id = resolve_case(desk.reads, args.case)
        package: dict[str, object] | None = None
        lines: list[str] = []
        if args.done:
            desk.handing_over.said(case_id)
        else:
            package, lines = _write_package(desk, case_id, args.output, write)
        case = readable_case(desk.reads, case_id)
        told = {} if case.forwarded is None else _forwarded(case.forwarded)
        return Answer({"case_id": case_id, **told, "package": package}, [forwarded_words(case), *lines])


def _target(desk: Desk, args: argparse.Namespace) -> OfficeAddress:
    if bool(args.to) == bool(args.address):
        if args.to:
            words = _("Bitte entweder --to oder --address angeben.")
            raise ClerkError(ErrorCode.USAGE, {"message": words, "usage": ""})
        raise ClerkError(ErrorCode.FORWARD_TARGET_MISSING)
    return desk.forwarding.office(args.to) if args.to else OfficeAddress.typed("\n".join(args.address))


def _reserved(output: Path | None) -> AbstractContextManager[Callable[[Fill], None]]:
    """Room for the package; in a folder under a name that the standard's one replaces afterwards."""
    in_folder = output is not None and output.is_dir()
    return reserved(output / "Abgabe.zip.part" if output is not None and in_folder else output)


def _write_package(
    desk: Desk, case_id: CaseId, output: Path, write: Callable[[Fill], None]
) -> tuple[dict[str, object], list[str]]:
    made: list[HandedOver] = []

    def fill(sink: BinaryIO) -> None:
        made.append(desk.handing_over.package(case_id, sink))

    write(fill)
    handed = made[0]
    path, folder = output, output.parent
    if output.is_dir():
        folder = output
        path = (output / "Abgabe.zip.part").replace(output / handed.filed.name)
    cover = folder / handed.cover_name
    write_whole(cover, partial(pour, handed.cover))
    desk.handing_over.saved(case_id, handed)
    document: dict[str, object] = {
        "path": path.resolve(),
        "size": path.stat().st_size,
        "name": handed.filed.name,
        "process_id": handed.filed.handover.process_id,
        "documents": sum(each.documents for each in handed.filed.cases),
        "cover": cover.resolve(),
    }
    return document, [
        _("{path}: Paket für die zuständige Stelle (xdomea 3.0.0).").format(path=path),
        _("{path}: Abgabeschreiben.").format(path=cover),
        _("Das Paket reist nicht von selbst: bitte auf dem vereinbarten Weg übergeben (Post, beBPo, XTA)."),
    ]


def _forwarded(found: Forwarded) -> dict[str, object]:
    return {
        "authority": _office(found.office),
        "reason": found.reason,
        "first_received_on": found.first_received_on,
        "forwarded_at": found.at,
        "handed_over_at": found.handed_over_at,
    }


def _office(office: OfficeAddress) -> dict[str, object]:
    return {
        "name": office.name,
        "ars": office.ars or None,
        "street": office.street,
        "postcode": office.postcode,
        "city": office.city,
        "email": office.email,
    }
