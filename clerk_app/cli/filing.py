"""Handing cases over and proving deliveries: ``export``, ``proof``."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from clerk_app.cli import exits
from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.cli.output import visible
from clerk_app.cli.output_path import reserved
from clerk_app.cli.searching import refuse_problems
from clerk_app.domain.case import CaseQuery, CaseStatus
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.efile import Filed
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.proof import Proof
from clerk_app.texts import _
from clerk_app.texts.errors import sentence_for
from clerk_app.usecases.case_work import resolve_case
from clerk_app.usecases.desk import Desk


def export(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``export CASE… | --query TEXT | --status S --xdomea FILE``: exit 5 when a case had to be left out."""
    selecting = bool(args.query or args.status)
    if bool(args.cases) == selecting:
        words = _("Bitte entweder Vorgänge nennen oder eine Auswahl (--query, --status).")
        raise ClerkError(ErrorCode.USAGE, {"message": words, "usage": ""})
    path: Path = args.xdomea
    with reserved(path) as write, entrance.desk(options, writing=True) as desk:
        case_ids = _selected(desk, args) if selecting else _named(desk, args.cases)
        filed: list[Filed] = []

        def fill(sink: BinaryIO) -> None:
            filed.append(
                desk.filing.export(case_ids, sink, recipient=args.recipient, progress=_tell_progress)
            )

        write(fill)
        return _answer(path, filed[0])


def _named(desk: Desk, names: list[str]) -> list[CaseId]:
    return list(dict.fromkeys(resolve_case(desk.reads, name) for name in names))


def _selected(desk: Desk, args: argparse.Namespace) -> list[CaseId]:
    status = CaseStatus(args.status) if args.status else None
    refuse_problems(args.query, office_day(datetime.now(UTC)))
    return [row.case_id for row in desk.reads.list(CaseQuery(text=args.query, status=status))]


def _tell_progress(done: int, total: int, reference: str) -> None:
    """On the error stream, so that ``--json`` stays one document."""
    if total > 1 and reference:
        sys.stderr.write(f"{done + 1}/{total} {visible(reference)}\n")


def _answer(path: Path, filed: Filed) -> Answer:
    document = {
        "path": path.resolve(),
        "size": path.stat().st_size,
        "name": filed.name,
        "process_id": filed.handover.process_id,
        "cases": [
            {"case_id": each.case_id, "case_reference": each.reference, "documents": each.documents}
            for each in filed.cases
        ],
        "left_out": [
            {
                "case_id": each.case_id,
                "case_reference": each.reference,
                "code": each.code,
                "message": sentence_for(each.code, each.params),
            }
            for each in filed.left_out
        ],
    }
    lines = [
        _("{path}: {count} Vorgänge als E-Akte ausgegeben (xdomea 3.0.0).").format(
            path=path, count=len(filed.cases)
        )
    ]
    lines += [
        _("Ausgelassen: {case}. {why}").format(case=each.reference, why=sentence_for(each.code, each.params))
        for each in filed.left_out
    ]
    return Answer(document, lines, exits.CLERK_MUST_DECIDE if filed.left_out else exits.DONE)


def proof(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``proof CASE --output FILE [--entry ID]``."""
    path: Path = args.output
    with reserved(path) as write, entrance.desk(options, writing=True) as desk:
        case_id = resolve_case(desk.reads, args.case)
        entry_id = desk.outbox.resolve(args.entry) if args.entry is not None else None
        made: list[Proof] = []

        def fill(sink: BinaryIO) -> None:
            made.append(desk.proving.prove(case_id, sink, entry_id))

        write(fill)
        found = made[0]
        entry = desk.reads.outbox_entry(found.entry_id)
        document = {
            "path": path.resolve(),
            "size": path.stat().st_size,
            "case_id": found.case_id,
            "entry_id": found.entry_id,
            "state": entry.state if entry is not None else None,
            "delivered": found.delivered,
            "files": found.files,
            "manifest_sha256": found.manifest_sha256,
        }
        lines = [
            _("{path}: Zustellnachweis geschrieben ({count} Dateien).").format(path=path, count=found.files),
            _("SHA-256 der manifest.json: {hash}").format(hash=found.manifest_sha256),
        ]
        if not found.delivered:
            lines.append(_("Achtung: Das Schreiben ist noch nicht zugestellt; so steht es auch im Nachweis."))
        return Answer(document, lines)
