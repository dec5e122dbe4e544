"""A form as lines in sections, for the tree that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

from clerk_app.domain.service_package import FormView
from clerk_app.texts import _
from clerk_app.ui.commands import tooltip

Index = QModelIndex | QPersistentModelIndex
SECTION = int(Qt.ItemDataRole.UserRole) + 1  # depth of a heading
PATH = SECTION + 1  # where the value stands in the form; of a heading: the section's
COMPLAINT = SECTION + 2  # what a check point says against the value
UNKNOWN = SECTION + 3  # True: nobody described this field
NOTE = SECTION + 4  # True: a sentence over both columns
NUMBER = SECTION + 5  # of a heading: which form of the case, the Antrag is 0
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "_": None, "-": None})


@dataclass(frozen=True)
class FormLine:
    """A labelled value. ``described`` False: the label was made from the field's own name. A ``note`` is a
    sentence that takes the whole line, in the place of a value."""

    label: str
    value: str
    path: str = ""
    described: bool = True
    note: bool = False


@dataclass(frozen=True)
class FormSection:
    """Lines under a heading. ``number`` tells the forms of a case apart, the Antrag is 0."""

    title: str
    lines: tuple[FormLine, ...] = ()
    path: str = ""
    depth: int = 0
    number: int = 0


def form_sections(forms: Sequence[tuple[str, FormView]]) -> tuple[FormSection, ...]:
    """Forms one after the other. Each comes with a heading (empty for the first, the Antrag itself)."""
    found: list[FormSection] = []
    for number, (heading, form) in enumerate(forms):
        if heading:
            found.append(FormSection(heading, number=number))
        # where nothing is described the page says so once: a mark on every line would say nothing
        mixed = any(row.described for row in form.rows())
        for group in form.groups:
            lines = tuple(
                FormLine(row.label, row.value, row.path, row.described or not mixed) for row in group.rows
            )
            found.append(FormSection(group.title or _("Angaben"), lines, group.path, group.depth, number))
    return tuple(found)


def section_model(sections: Sequence[FormSection]) -> QStandardItemModel:
    """Sections as a tree of two columns."""
    model = QStandardItemModel()
    for section in sections:
        parent = _heading(section)
        for line in section.lines:
            parent.appendRow(_cells(line))
        model.appendRow([parent, _heading(FormSection("", depth=section.depth))])
    return model


def mark_complaints(model: QStandardItemModel, complaints: Mapping[str, str]) -> None:
    """Marks the Antrag's values that a check point complains about: path of the rule to what it says."""
    wanted = {path: words for path, words in complaints.items() if path}
    for name, value in _lines(model, 0):
        path = str(name.data(PATH) or "")
        said = "\n".join(words for rule, words in wanted.items() if path and fits(rule, path))
        if (name.data(COMPLAINT) or "") != said:
            for cell in (name, value):
                cell.setData(said, COMPLAINT)
            _word(name, value)


def find_path(model: QStandardItemModel, rule: str, number: int = 0) -> Index | None:
    """Where a rule's path leads to in a form of the case: the value, else the section it would stand in;
    None: nowhere."""
    for name, _value in _lines(model, number):
        if fits(rule, str(name.data(PATH) or "")):
            return name.index()
    wanted = _parts(rule)
    best: tuple[int, QStandardItem] | None = None
    for at in range(model.rowCount()):
        heading = model.item(at)
        parts = [part for part in _parts(str(heading.data(PATH) or "")) if not part.isdecimal()]
        if heading.data(NUMBER) != number:
            continue
        if parts and parts == wanted[: len(parts)] and (best is None or len(parts) > best[0]):
            best = len(parts), heading
    return best[1].index() if best else None


def fits(rule: str, path: str) -> bool:
    """Whether a rule's path means this field. ``*`` and a name alike go through lists, ``**.`` begins
    anywhere; names are compared without regard to case, umlauts and hyphens."""
    anywhere = rule.startswith("**.")
    wanted, parts = _parts(rule.removeprefix("**.")), _parts(path)
    starts = range(len(parts)) if anywhere else range(1)
    return bool(wanted) and any(_fits(wanted, parts[at:]) for at in starts)


def _fits(wanted: Sequence[str], parts: Sequence[str]) -> bool:
    if not wanted or not parts:
        return not wanted and not parts
    if wanted[0] == parts[0] or (wanted[0] == "*" and parts[0].isdecimal()):
        return _fits(wanted[1:], parts[1:])
    return parts[0].isdecimal() and _fits(wanted, parts[1:])


def _parts(path: str) -> list[str]:
    return [part.lower().translate(_UMLAUTS) for part in path.split(".") if part]


def _lines(model: QStandardItemModel, number: int) -> Iterator[tuple[QStandardItem, QStandardItem]]:
    for at in range(model.rowCount()):
        parent = model.item(at)
        if parent.data(NUMBER) != number:
            continue
        for row in range(parent.rowCount()):
            name, value = parent.child(row, 0), parent.child(row, 1)
            if name is not None and value is not None:
                yield name, value


def _cells(line: FormLine) -> list[QStandardItem]:
    if line.note:
        note = _cell(line.value)
        note.setData(True, NOTE)
        note.setData(line.path, PATH)
        return [note, _cell("")]
    name, value = _cell(line.label), _cell(line.value)
    name.setData(line.path, PATH)
    name.setData(not line.described, UNKNOWN)
    _word(name, value)
    return [name, value]


def _word(name: QStandardItem, value: QStandardItem) -> None:
    """What a screen reader says and what the mouse finds."""
    said_of_it = value.text() or _("keine Angabe")
    parts = [f"{name.text()}: {said_of_it}"]
    said = str(name.data(COMPLAINT) or "")
    if name.data(UNKNOWN):
        parts.append(_("nicht beschrieben"))
    if said:
        parts.append(_("Prüfpunkt offen: {point}").format(point=said))
    name.setData(", ".join(parts), Qt.ItemDataRole.AccessibleTextRole)
    hint = _("Dieses Feld beschreibt das Leistungspaket nicht; der Name kommt aus dem Formular.")
    words = said or (hint if name.data(UNKNOWN) else "")
    for cell in (name, value):
        cell.setToolTip(tooltip(words, None) if words else "")


def _cell(text: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setEditable(False)
    return item


def _heading(section: FormSection) -> QStandardItem:
    item = _cell(section.title)
    item.setData(section.depth, SECTION)
    item.setData(section.path, PATH)
    item.setData(section.number, NUMBER)
    return item
