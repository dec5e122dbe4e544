"""A case as one linear text: everything a clerk sees of it, in one order. No Qt here."""

from __future__ import annotations

from collections.abc import Iterator

from clerk_app.domain.service_package import FormView
from clerk_app.texts import _, formats
from clerk_app.texts.derivations import deadline_label, derivation
from clerk_app.texts.outbox_words import state_word
from clerk_app.texts.statuses import actor_label, case_status_label
from clerk_app.ui.attachment_viewer import attachment_name
from clerk_app.ui.blocks import Block, BlockKind
from clerk_app.ui.dossier import CheckLine, Dossier
from clerk_app.ui.evidence_model import kind_words
from clerk_app.ui.history import event_sentence


def reading_blocks(dossier: Dossier) -> tuple[Block, ...]:
    """The case from its name to its history."""
    return tuple(_blocks(dossier))


def _blocks(dossier: Dossier) -> Iterator[Block]:
    row = dossier.case.row
    yield Block(BlockKind.TITLE, f"{row.service}: {row.applicant}")
    yield _point(_("Aktenzeichen"), row.case_reference)
    yield _point(_("Stand"), case_status_label(row.status))
    yield _point(_("Eingang"), f"{formats.moment(row.arrived_at)}, {row.portal}")
    if row.due_on is not None:
        yield _point(_("Frist"), formats.day(row.due_on))
    if dossier.checks:
        yield Block(BlockKind.HEADING, _("Prüfpunkte"))
        for check in dossier.checks:
            yield Block(BlockKind.POINT, f"{_judgement(check)}: {check.result.text}")
    for number, form in enumerate(dossier.forms):
        title = _("Antrag") if number == 0 else _("Nachreichung {n}").format(n=number)
        yield Block(BlockKind.HEADING, title)
        yield from _form(form)
    yield from _attachments(dossier)
    if dossier.deadlines:
        yield Block(BlockKind.HEADING, _("Fristen"))
        for deadline in dossier.deadlines:
            words = f"{formats.weekday_day(deadline.due_on)}: {deadline_label(deadline.kind)}"
            yield Block(BlockKind.POINT, f"{words}. {derivation(deadline)}")
    if dossier.case.outgoing:
        yield Block(BlockKind.HEADING, _("Schreiben"))
        for entry in dossier.case.outgoing:
            state = state_word(entry, entry.changed_at)
            yield Block(BlockKind.POINT, f"{entry.title}, {entry.recipient_name}: {state}")
    yield Block(BlockKind.HEADING, _("Verlauf"))
    for event in dossier.case.history:
        who = actor_label(event.actor)
        yield Block(BlockKind.POINT, f"{formats.moment(event.at)}, {who}: {event_sentence(event)}")


def _form(form: FormView) -> Iterator[Block]:
    if form.problem is not None:
        yield Block(BlockKind.PARAGRAPH, form.raw)
        return
    for group in form.groups:
        if group.title:
            yield Block(BlockKind.SUBHEADING, group.title)
        for row in group.rows:
            yield _point(row.label, row.value)


def _attachments(dossier: Dossier) -> Iterator[Block]:
    yield Block(BlockKind.HEADING, _("Anlagen"))
    if not dossier.case.attachments:
        yield Block(BlockKind.PARAGRAPH, _("Zu diesem Antrag gehört keine Anlage."))
    for item in dossier.case.attachments:
        kind = kind_words(dossier.matched, item)
        name, size = attachment_name(item), formats.size(item.attachment.size_bytes)
        yield Block(BlockKind.POINT, f"{name}, {kind}, {size}" if kind else f"{name}, {size}")


def _judgement(check: CheckLine) -> str:
    if not check.wants_person:
        return _("erfüllt")
    return _("geprüft") if check.accepted else _("offen")


def _point(name: str, value: str) -> Block:
    return Block(BlockKind.POINT, f"{name}: {value}")
