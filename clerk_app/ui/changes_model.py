"""What later submissions say differently, as lines for the tree. No widgets here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clerk_app.domain.differences import (
    AttachmentChange,
    ChangeKind,
    ComparedAs,
    FieldChange,
    FormDifference,
)
from clerk_app.texts import _, formats, ngettext
from clerk_app.ui.form_model import FormLine, FormSection


def change_sections(differences: Sequence[FormDifference]) -> tuple[FormSection, ...]:
    """One section for each submission, newest first, its attachments in a part of their own. The number is
    the form's place in the case."""
    found: list[FormSection] = []
    for at, difference in enumerate(differences):
        number = len(differences) - at
        title = _("Nachgereicht am {moment}").format(moment=formats.moment(difference.later_at))
        found.append(FormSection(title, tuple(_lines(difference)), number=number))
        attachments = tuple(_attachment_lines(difference))
        if attachments:
            found.append(FormSection(_("Anlagen"), attachments, depth=1, number=number))
    return tuple(found)


def change_count(differences: Sequence[FormDifference]) -> int:
    """How many things differ in all."""
    return sum(difference.count for difference in differences)


def count_words(differences: Sequence[FormDifference]) -> str:
    """The number in words, for the tab's tooltip; empty where there is nothing to compare."""
    if not differences:
        return ""
    count = change_count(differences)
    return ngettext("{n} Änderung", "{n} Änderungen", count).format(n=formats.number(count))


def _lines(difference: FormDifference) -> Iterator[FormLine]:
    yield _note(_basis_words(difference))
    for change in difference.changes:
        path = "" if change.kind is ChangeKind.REMOVED else change.path
        yield FormLine(change.label, _change_words(change), path)
    yield from (_note(words) for words in _rest_words(difference))


def _note(words: str) -> FormLine:
    return FormLine("", words, note=True)


def _basis_words(difference: FormDifference) -> str:
    earlier = formats.moment(difference.earlier_at)
    match difference.compared:
        case ComparedAs.SAME_FORM:
            return _("Verglichen mit der Einreichung vom {moment}.").format(moment=earlier)
        case ComparedAs.OTHER_FORM:
            words = _(
                "Ein anderes Formular als am {moment}: Verglichen sind die Anlagen und das, was die "
                "Nachreichung selbst angibt. Was sie nicht nennt, gilt weiter."
            )
            return words.format(moment=earlier)
        case ComparedAs.UNREADABLE:
            return _(
                "Eine der beiden Einreichungen ließ sich nicht gliedern. Verglichen sind nur die Anlagen; "
                "die Angaben bitte in den Rohdaten selbst vergleichen."
            )


def _rest_words(difference: FormDifference) -> Iterator[str]:
    nothing = difference.count == 0
    if difference.compared is ComparedAs.SAME_FORM:
        yield _("Es hat sich nichts geändert.") if nothing else _("Sonst hat sich nichts geändert.")
    elif difference.compared is ComparedAs.OTHER_FORM and not difference.changes:
        yield _("Die Nachreichung gibt selbst nichts Neues an.")


def _change_words(change: FieldChange) -> str:
    match change.kind:
        case ChangeKind.ADDED:
            return _("neu: {value}").format(value=change.after)
        case ChangeKind.REMOVED:
            return _("entfällt: {value}").format(value=change.before)
        case ChangeKind.CHANGED:
            return f"{change.before} → {change.after}"


def _attachment_lines(difference: FormDifference) -> Iterator[FormLine]:
    for change in difference.attachments:
        yield FormLine(_name(change.filename), _attachment_words(change))
    for filename in difference.repeated:
        yield FormLine(_name(filename), _("noch einmal geschickt, unverändert"))


def _attachment_words(change: AttachmentChange) -> str:
    if change.kind is ChangeKind.CHANGED:
        return _("geändert: gleicher Name, anderer Inhalt")
    return _("neu")


def _name(filename: str) -> str:
    return filename or _("Anlage ohne Namen")
