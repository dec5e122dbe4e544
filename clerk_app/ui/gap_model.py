"""What is missing, as the window shows it: three groups of lines. No Qt here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from clerk_app.domain.case import AttachmentKey, CaseFile
from clerk_app.domain.gaps import GapItem, GapList, GapOrigin, GapState
from clerk_app.domain.service_package import EvidenceKind
from clerk_app.texts import N_, _, language
from clerk_app.texts.gap_words import gap_detail


class GapGroup(Enum):
    """Where a line stands."""

    MISSING = N_("Fehlt noch")
    AWAITED = N_("Angefordert")
    HERE = N_("Eingegangen oder erledigt")


@dataclass(frozen=True)
class GapFile:
    """An attachment as a line names it."""

    key: AttachmentKey
    name: str


@dataclass(frozen=True)
class GapLine:
    """One item. ``files`` seem to answer it, ``maybe`` may."""

    item: GapItem
    group: GapGroup
    title: str
    detail: str
    files: tuple[GapFile, ...] = ()
    maybe: tuple[GapFile, ...] = ()

    @property
    def why_not_settle(self) -> str | None:
        """Why it cannot be ticked off, or None."""
        if self.item.state is GapState.WAIVED:
            return _("Darauf wird schon verzichtet.")
        return _("Das ist schon erledigt.") if self.item.state is GapState.SETTLED else None

    @property
    def why_not_waive(self) -> str | None:
        """Why nobody need do without it, or None."""
        if self.item.state is GapState.WAIVED:
            return _("Darauf wird schon verzichtet.")
        return None if self.item.is_open else _("Es ist da.")

    @property
    def why_not_reopen(self) -> str | None:
        """Why it cannot be missing again, or None."""
        return _("Es fehlt schon.") if self.item.is_open else None


def gap_lines(case: CaseFile, found: GapList) -> tuple[GapLine, ...]:
    """The lines, group by group."""
    names = file_names(case)
    made = [_line(item, names) for item in found.items]
    order = list(GapGroup)
    return tuple(sorted(made, key=lambda line: order.index(line.group)))


def loose_files(case: CaseFile, found: GapList) -> tuple[GapFile, ...]:
    """Attachments of answers that fit nothing, while something is missing."""
    names = file_names(case)
    return tuple(GapFile(key, names.get(key, key.attachment_id)) for key in found.loose if found.open_items)


def file_names(case: CaseFile) -> Mapping[AttachmentKey, str]:
    """What attachments are called."""
    return {
        AttachmentKey(each.submission_id, each.attachment.attachment_id): each.attachment.filename
        or each.attachment.description
        or _("Anlage ohne Namen")
        for each in case.attachments
    }


def _line(item: GapItem, names: Mapping[AttachmentKey, str]) -> GapLine:
    group = GapGroup.HERE if not item.is_open else GapGroup.AWAITED if item.is_awaited else GapGroup.MISSING
    return GapLine(
        item,
        group,
        item.title(language()),
        gap_detail(item),
        tuple(GapFile(key, names.get(key, key.attachment_id)) for key in item.attachments),
        tuple(GapFile(key, names.get(key, key.attachment_id)) for key in item.offered if item.is_open),
    )


def catalogue_rest(evidence: Iterable[EvidenceKind], found: GapList) -> tuple[GapItem, ...]:
    """What the service knows and nobody missed so far, as items that may be asked for."""
    there = {item.gap_id for item in found.items}
    made = (
        GapItem(GapOrigin.EVIDENCE, kind.key, str(kind.request_text), GapState.MISSING, label=kind.title)
        for kind in evidence
    )
    return tuple(item for item in made if item.gap_id not in there)
