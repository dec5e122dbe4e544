"""Akteneinsicht in words: cover, index, stand-in sheets, manifest. The file is German, whatever the screen
speaks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from clerk_app.domain.deadlines.office_time import office_time
from clerk_app.domain.efile import FiledCase, FiledDocument
from clerk_app.domain.inspection import InspectedDocument, InspectionHead, Placed
from clerk_app.domain.service_package import FormView
from clerk_app.domain.sheet import Sheet, SheetTable
from clerk_app.efile import words

FORMAT = "amtsstube-akteneinsicht-1"
_LONGEST_LINE = 110  # of what a machine wrote
_MOST_LINES = 400
_NUMBERED = (
    "Jedes Blatt trägt oben das Aktenzeichen, die Nummer des Dokuments und seine Blattzahl. Die Prüfsummen "
    "der Originale stehen in der beigefügten Datei manifest.json."
)
_WITHHELD = (
    "Dokumente mit dem Vermerk „nicht vorgelegt“ sind von der Einsicht ausgenommen (§ 29 Abs. 2 VwVfG)."
)
_NOT_SHOWN = (
    "Diese Datei lässt sich nicht sicher als Seiten darstellen. Das Original liegt unverändert in der Akte "
    "und kann auf Wunsch auf einem Datenträger ausgehändigt werden."
)


class GermanInspectionWords:
    """Implements ``usecases.inspecting.InspectionWords``."""

    def form(self, head: InspectionHead, title: str, form: FormView) -> Sheet:
        """See the protocol. What cannot be taken apart is shown as it arrived."""
        tables = tuple(
            SheetTable(
                group.title or "Angaben",
                ("Angabe", "Inhalt"),
                tuple((row.label, row.value) for row in group.rows),
                f"Angaben im Abschnitt {group.title or 'Angaben'}",
                widths=(2, 3),
            )
            for group in form.groups
            if group.rows
        )
        raw = tuple(_lines(form.raw)) if form.problem is not None or not tables else ()
        return _sheet(head, title, tables=tables, notes=raw)

    def not_shown(self, head: InspectionHead, document: InspectedDocument) -> Sheet:
        """See the protocol."""
        rows = (
            ("Dateiname", document.filename or "–"),
            ("Angekündigt als", document.media_type),
            ("Größe", f"{document.size_bytes} Byte"),
            ("SHA-256", document.sha256),
        )
        table = SheetTable(
            "Angaben zur Datei", ("Angabe", "Inhalt"), rows, "Angaben zur Datei", widths=(1, 3)
        )
        return _sheet(head, document.title, tables=(table,), notes=(_NOT_SHOWN,))

    def index(self, head: InspectionHead, placed: Sequence[Placed], case: FiledCase) -> Sheet:
        """See the protocol."""
        rows = tuple(
            (str(each.document.number), _title(each.document), _day(each.document.day), _sheets_of(each))
            for each in placed
        )
        history = tuple(
            (_moment(event.at), words.actor(event.actor), _event(words.action(event), words.remark(event)))
            for event in case.history
        )
        notes = [
            f"Zusammengestellt am {_moment(head.made_at)} von {head.made_by}.",
            _NUMBERED,
        ]
        if head.recipient:
            notes.insert(0, f"Einsicht für: {head.recipient}.")
        if head.reason:
            notes.insert(1 if head.recipient else 0, f"Anlass: {head.reason}.")
        if any(each.document.withheld for each in placed):
            notes.append(_WITHHELD)
        return Sheet(
            title=f"Akteneinsicht {head.reference}",
            subject=f"Akteneinsicht: {head.service}, {head.applicant}",
            filed=head.recipient or "Akteneinsicht",
            reference=head.reference,
            header=("Nr.", "Dokument", "Datum", "Blatt"),
            rows=rows,
            summary="Verzeichnis der Dokumente mit ihren Blattzahlen",
            empty="Die Akte enthält kein Dokument.",
            widths=(1, 8, 3, 3),
            tables=(
                SheetTable(
                    "Verlauf",
                    ("Zeitpunkt", "Wer", "Was"),
                    history,
                    "Verlauf des Vorgangs",
                    "Es ist nichts verzeichnet.",
                    widths=(3, 3, 8),
                ),
            ),
            notes=tuple(notes),
        )

    def manifest(self, head: InspectionHead, placed: Sequence[Placed]) -> bytes:
        """See the protocol."""
        members = {
            "format": FORMAT,
            "case_id": head.case_id,
            "case_reference": head.reference,
            "service": head.service,
            "office": head.office,
            "made_at": head.made_at.isoformat(),
            "made_by": head.made_by,
            "recipient": head.recipient,
            "reason": head.reason,
            "documents": [_members(each) for each in placed],
        }
        return json.dumps(members, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"

    def bookmark(self, document: InspectedDocument) -> str:
        """See the protocol."""
        return f"{document.number} {_title(document)}"

    def stamp(self, head: InspectionHead, document: InspectedDocument | None, sheet: int, sheets: int) -> str:
        """See the protocol."""
        what = "Verzeichnis" if document is None else f"Dok. {document.number}"
        return f"Akteneinsicht · Az {head.reference} · {what} · Blatt {sheet} von {sheets}"


def _sheet(
    head: InspectionHead, title: str, *, tables: tuple[SheetTable, ...] = (), notes: tuple[str, ...] = ()
) -> Sheet:
    return Sheet(
        title=title,
        subject=title,
        filed="Akteneinsicht",
        reference=head.reference,
        header=("Angabe", "Inhalt"),
        rows=(("Leistung", head.service), ("Antrag von", head.applicant)),
        summary="Zu welchem Vorgang das Blatt gehört",
        empty="",
        widths=(2, 3),
        tables=tables,
        notes=notes,
    )


def _lines(text: str) -> Iterator[str]:
    """Lines of a text that a narrow column bears; what is beyond the most is said to be left out."""
    count = 0
    for line in text.splitlines():
        for start in range(0, max(1, len(line)), _LONGEST_LINE):
            if count == _MOST_LINES:
                yield "… Das Weitere steht unverändert in der Akte."
                return
            part = line[start : start + _LONGEST_LINE]
            if part.strip():
                count += 1
                yield part


def _title(document: InspectedDocument) -> str:
    kind = words.type_of(_as_filed(document))
    name = document.title if document.title.startswith(kind) else f"{kind}: {document.title}"
    return f"{name} ({document.filename})" if document.filename and document.filename not in name else name


def _as_filed(document: InspectedDocument) -> FiledDocument:
    return FiledDocument(
        document.document_id, document.kind, document.title, document.media_type, document.size_bytes,
        lambda sink: None,
    )  # fmt: skip


def _sheets_of(placed: Placed) -> str:
    if placed.document.withheld:
        return "nicht vorgelegt"
    if placed.enclosed_as:
        return "als Datei im PDF"
    return str(placed.first) if placed.first == placed.last else f"{placed.first}–{placed.last}"


def _members(placed: Placed) -> dict[str, object]:
    document = placed.document
    return {
        "number": document.number,
        "document_id": document.document_id,
        "kind": document.kind.value,
        "title": document.title,
        "day": document.day.isoformat() if document.day else None,
        "filename": document.filename or None,
        "media_type": document.media_type,
        "size_bytes": document.size_bytes,
        "sha256": document.sha256 or None,
        "withheld": document.withheld,
        "problem": document.problem,
        "first_sheet": placed.first or None,
        "last_sheet": placed.last or None,
        "enclosed_as": placed.enclosed_as or None,
    }


def _event(action: str, remark: str) -> str:
    return f"{action} ({remark})" if remark else action


def _day(on: date | None) -> str:
    return f"{on:%d.%m.%Y}" if on is not None else "–"


def _moment(at: datetime) -> str:
    return f"{office_time(at):%d.%m.%Y, %H:%M}"
