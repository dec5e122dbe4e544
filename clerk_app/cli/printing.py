"""On paper: ``inspection`` (Akteneinsicht) and ``sheet`` (Vorgangsblatt)."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import BinaryIO

from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.cli.output_path import reserved
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.inspection import InspectedDocument, InspectionBundle
from clerk_app.texts import _
from clerk_app.texts.case_sheet import case_sheet
from clerk_app.usecases.case_work import resolve_case


def inspection(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``inspection CASE [--output FILE] [--without ID…]``: the bundle, or what would stand in it."""
    path: Path | None = args.output
    with reserved(path) as write, entrance.desk(options, writing=True) as desk:
        case_id = resolve_case(desk.reads, args.case)
        documents = desk.inspecting.documents(case_id)
        unknown = set(args.without) - {each.document_id for each in documents}
        if unknown:
            words = _("Dieses Dokument gibt es im Vorgang nicht: {id}").format(id=sorted(unknown)[0])
            raise ClerkError(ErrorCode.USAGE, {"message": words, "usage": ""})
        if path is None:
            return _listed(documents)
        made: list[InspectionBundle] = []

        def fill(sink: BinaryIO) -> None:
            made.append(
                desk.inspecting.bundle(
                    case_id,
                    sink,
                    without=frozenset(args.without),
                    recipient=args.recipient,
                    reason=args.reason,
                )
            )

        write(fill)
        return _made(path, made[0])


def _listed(documents: tuple[InspectedDocument, ...]) -> Answer:
    lines = [f"{each.number:3} {each.document_id} {each.title}" for each in documents]
    return Answer({"documents": [_described(each) for each in documents]}, lines)


def _made(path: Path, bundle: InspectionBundle) -> Answer:
    document = {
        "path": path.resolve(),
        "sha256": bundle.sha256,
        "sheets": bundle.sheets,
        "documents": [
            {
                **_described(each.document),
                "first_sheet": each.first or None,
                "last_sheet": each.last or None,
                "enclosed_as": each.enclosed_as or None,
            }
            for each in bundle.placed
        ],
    }
    words = _("{path}: Akteneinsicht mit {sheets} Blatt und {count} Dokumenten.")
    shown = sum(not each.document.withheld for each in bundle.placed)
    return Answer(document, [words.format(path=path, sheets=bundle.sheets, count=shown)])


def _described(document: InspectedDocument) -> dict[str, object]:
    return {
        "number": document.number,
        "document_id": document.document_id,
        "kind": document.kind.value,
        "title": document.title,
        "filename": document.filename or None,
        "sha256": document.sha256 or None,
        "withheld": document.withheld,
        "problem": document.problem,
    }


def sheet(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``sheet CASE --output FILE``."""
    path: Path = args.output
    with reserved(path) as write, entrance.desk(options, writing=False) as desk:
        case_id = resolve_case(desk.reads, args.case)
        pdf = desk.printing.case_sheet(case_id, case_sheet)
        write(lambda sink: sink.write(pdf))
        document = {"path": path.resolve(), "size": len(pdf)}
        return Answer(document, [_("{path}: Vorgangsblatt geschrieben.").format(path=path)])
