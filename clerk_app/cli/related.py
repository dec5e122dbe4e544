"""Related cases: of one case, or all pairs that may be one application filed twice."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.cli.output import table
from clerk_app.domain.case import CaseRow
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.relations import DoublePairs, RelatedCases, Relation
from clerk_app.texts import _
from clerk_app.texts.formats import day, number
from clerk_app.texts.relations import relation_sentence, too_common_sentence
from clerk_app.texts.statuses import case_status_label
from clerk_app.usecases.case_work import resolve_case


def related(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``related CASE`` or ``related --all``."""
    if (args.case is None) is not args.all:
        raise ClerkError(ErrorCode.USAGE, {"message": _("Entweder einen Vorgang nennen oder --all.")})
    with entrance.desk(options, writing=False) as desk:
        if args.all:
            return _pairs(desk.reads.double_pairs(args.limit))
        case_id = resolve_case(desk.reads, args.case)
        found = desk.reads.related(case_id)
        return Answer({"case_id": case_id, **related_document(found)}, _lines(found))


def related_document(found: RelatedCases) -> dict[str, object]:
    """``related`` of a case: what is shared, with whom."""
    return {
        "total": found.total,
        "complete": found.complete,
        "cases": [
            {
                **_row_document(case.row),
                "same_service": case.same_service,
                "possibly_double": case.possibly_double,
                "relations": _relations_document(case.relations),
            }
            for case in found
        ],
        "too_common": [
            {"kind": common.kind, "detail": common.detail, "cases": common.cases or None}
            for common in found.too_common
        ],
    }


def _pairs(found: DoublePairs) -> Answer:
    document = {
        "total": found.total,
        "complete": found.complete,
        "pairs": [
            {
                "cases": [_row_document(pair.first), _row_document(pair.second)],
                "relations": _relations_document(pair.relations),
            }
            for pair in found.pairs
        ],
    }
    rows = [
        (
            pair.first.case_reference,
            pair.second.case_reference,
            pair.second.service,
            "; ".join(map(relation_sentence, pair.relations)),
        )
        for pair in found.pairs
    ]
    header = (_("Vorgang"), _("später"), _("Leistung"), _("Warum"))
    lines = [table(rows, header) if rows else _("Keine Anträge, die doppelt sein könnten.")]
    return Answer(document, [*lines, *_footer(len(rows), found.total, complete=found.complete)])


def _lines(found: RelatedCases) -> list[str]:
    lines = [] if found.cases else [_("Keine Bezüge zu anderen Vorgängen.")]
    for case in found:
        row = case.row
        head = " · ".join(
            (
                row.case_reference,
                row.service,
                row.applicant or _("Name unbekannt"),
                day(row.arrived_at),
                case_status_label(row.status),
            )
        )
        doubled = _("vielleicht doppelt")
        lines.append(f"{head} · {doubled}" if case.possibly_double else head)
        lines += [f"  {relation_sentence(relation)}" for relation in case.relations]
    lines += map(too_common_sentence, found.too_common)
    return lines + _footer(len(found), found.total, complete=found.complete)


def _footer(shown: int, total: int, *, complete: bool) -> list[str]:
    lines = []
    if total > shown:
        lines.append(_("{shown} von {total} gezeigt.").format(shown=number(shown), total=number(total)))
    if not complete:
        lines.append(_("Ältere Vorgänge werden noch eingelesen; es können weitere dazukommen."))
    return lines


def _row_document(row: CaseRow) -> dict[str, object]:
    return {
        "case_id": row.case_id,
        "case_reference": row.case_reference,
        "service": row.service,
        "leika_key": row.leika_key,
        "applicant": row.applicant,
        "arrived_at": row.arrived_at,
        "status": row.status,
    }


def _relations_document(relations: Iterable[Relation]) -> list[dict[str, object]]:
    return [
        {
            "kind": relation.kind,
            "detail": relation.detail,
            "birth_on": relation.birth_on,
            "text": relation_sentence(relation),
        }
        for relation in relations
    ]
