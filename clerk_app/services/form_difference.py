"""What a later form says differently: every statement that differs, and nothing else. Pure.

Statements are compared as they were filed, not as they are shown. Lists are aligned before they are compared:
by a member that names each element (``id``, a number), else by what is equal in both, the rest by its place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from clerk_app.domain.application import Attachment
from clerk_app.domain.differences import AttachmentChange, ChangeKind, FieldChange
from clerk_app.domain.service_package import FormView
from clerk_app.services.form_tree import Members, Node, folded_name, text_of
from clerk_app.services.form_view import humanised

#: Members that name an element of a list, in order of trust; any other that ends like them comes after.
_KEYS = ("id", "kennung", "identifikationsnummer", "nummer", "nr")
#: Beyond so many pairs of elements aligning costs too much; then places alone are compared.
_MOST_PAIRS = 250_000


@dataclass(frozen=True)
class FormSide:
    """A form taken apart, and as the screen shows it."""

    tree: Node
    view: FormView
    _shown: dict[str, tuple[str, str]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        titles = {group.path: group.title for group in self.view.groups}
        for group in self.view.groups:
            parts = group.path.split(".") if group.path else []
            above = [titles.get(".".join(parts[:length]), "") for length in range(1, len(parts) + 1)]
            for row in group.rows:
                label = " · ".join(part for part in (*above, row.label) if part)
                self._shown[row.path] = (label, row.value)

    def label(self, path: str) -> str:
        """The statement's label under its sections."""
        found = self._shown.get(path)
        return found[0] if found else humanised(path.rpartition(".")[2])

    def value(self, path: str, leaf: _Leaf) -> str:
        """The statement as the screen shows it."""
        found = self._shown.get(path)
        return found[1] if found and found[1] else "; ".join(leaf)


_Leaf = tuple[str, ...]  # the texts of one statement; a list of plain values is one statement


def form_difference(earlier: FormSide, later: FormSide, *, same_form: bool = True) -> tuple[FieldChange, ...]:
    """Every statement that differs, in the order of the later form; what is gone stands where it was.

    ``same_form`` False: the later one is another form; then nothing counts as gone.
    """
    found = []
    for change in _nodes(earlier.tree, later.tree, "", ""):
        gone, technical = change.after is None, change.after_path.startswith("$")
        if same_form or not (gone or technical):
            found.append(_field_change(change, earlier, later))
    return tuple(found)


def attachment_changes(
    before: Sequence[Attachment], now: Sequence[Attachment]
) -> tuple[tuple[AttachmentChange, ...], tuple[str, ...]]:
    """What came with ``now`` and had not been there ``before``; and the names of what was sent once more."""
    hashes = {item.sha512 for item in before}
    names = {_name(item).casefold() for item in before if item.filename}
    changes, repeated = [], []
    for item in now:
        if item.sha512 in hashes:
            repeated.append(_name(item))
            continue
        known = item.filename is not None and _name(item).casefold() in names
        changes.append(AttachmentChange(_name(item), ChangeKind.CHANGED if known else ChangeKind.ADDED))
    return tuple(changes), tuple(repeated)


def _name(item: Attachment) -> str:
    return item.filename or ""


@dataclass(frozen=True)
class _Difference:
    before_path: str
    after_path: str
    before: _Leaf | None
    after: _Leaf | None


def _field_change(change: _Difference, earlier: FormSide, later: FormSide) -> FieldChange:
    before = "" if change.before is None else earlier.value(change.before_path, change.before)
    after = "" if change.after is None else later.value(change.after_path, change.after)
    if change.after is None:
        label = earlier.label(change.before_path)
        return FieldChange(change.before_path, label, ChangeKind.REMOVED, before, "")
    label = later.label(change.after_path)
    if change.before is None:
        return FieldChange(change.after_path, label, ChangeKind.ADDED, "", after)
    if before == after:  # spelled differently, shown alike: show the spelling
        before, after = "; ".join(change.before), "; ".join(change.after)
    return FieldChange(change.after_path, label, ChangeKind.CHANGED, before, after)


# -- walking both trees at once; an empty path is the form itself -------------------------------------------


def _nodes(before: Node, after: Node, at: str, to: str) -> Iterator[_Difference]:
    if _empty(before) and _empty(after):
        return
    if isinstance(before, Members) and isinstance(after, Members):
        yield from _members(before, after, at, to)
    elif _is_parts(before, at) and _is_parts(after, to):
        yield from _lists(before, after, at, to)  # type: ignore[arg-type]
    elif _is_leaf(before, at) and _is_leaf(after, to):
        yield from _leaves(_leaf(before), _leaf(after), at, to)
    else:  # another shape: the old is gone, something new is there
        yield from (_Difference(path, path, leaf, None) for path, leaf in _statements(before, at))
        yield from (_Difference(path, path, None, leaf) for path, leaf in _statements(after, to))


def _leaves(before: _Leaf | None, after: _Leaf | None, at: str, to: str) -> Iterator[_Difference]:
    if before != after:
        yield _Difference(at, to, before, after)


def _members(before: Members, after: Members, at: str, to: str) -> Iterator[_Difference]:
    old, new = dict(_numbered(before)), dict(_numbered(after))
    for name in dict.fromkeys([*_merged(list(old), list(new))]):
        yield from _nodes(old.get(name), new.get(name), _joined(at, name), _joined(to, name))


def _merged(old: list[str], new: list[str]) -> Iterator[str]:
    """The new order, with what is gone after its old neighbour."""
    gone: dict[str, list[str]] = {}
    kept, last = set(new), ""
    for name in old:
        if name in kept:
            last = name
        else:
            gone.setdefault(last, []).append(name)
    yield from gone.get("", [])
    for name in new:
        yield name
        yield from gone.get(name, [])


def _lists(before: list[Node], after: list[Node], at: str, to: str) -> Iterator[_Difference]:
    for i, j in _aligned(before, after):
        old = None if i is None else before[i]
        new = None if j is None else after[j]
        yield from _nodes(old, new, _element(at, i, old), _element(to, j, new))


def _aligned(before: list[Node], after: list[Node]) -> Iterator[tuple[int | None, int | None]]:
    """Which element became which; None where there is no counterpart."""
    key = _naming_member(before, after)
    if key is not None:
        old = {_member_text(item, key): i for i, item in enumerate(before)}
        new = {_member_text(item, key): j for j, item in enumerate(after)}
        yield from ((old.get(name), j) for name, j in new.items())
        yield from ((i, None) for name, i in old.items() if name not in new)
        return
    for i1, i2, j1, j2, equal in _blocks(before, after):
        if not equal:
            yield from _side_by_side(range(i1, i2), range(j1, j2))


def _blocks(before: list[Node], after: list[Node]) -> Iterator[tuple[int, int, int, int, bool]]:
    places = (0, len(before), 0, len(after), False)
    if len(before) * len(after) > _MOST_PAIRS:
        yield places
        return
    old, new = [_canonical(item) for item in before], [_canonical(item) for item in after]
    blocks = [
        (i1, i2, j1, j2, tag == "equal")
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    ]
    moved = sum(max(i2 - i1, j2 - j1) for i1, i2, j1, j2, equal in blocks if not equal)
    # when nothing need have come or gone, the same place means the same element
    if len(old) == len(new) and sum(a != b for a, b in zip(old, new, strict=True)) <= moved:
        yield places
    else:
        yield from blocks


def _side_by_side(old: range, new: range) -> Iterator[tuple[int | None, int | None]]:
    for at in range(max(len(old), len(new))):
        yield (old[at] if at < len(old) else None), (new[at] if at < len(new) else None)


def _naming_member(before: list[Node], after: list[Node]) -> str | None:
    """A member that every element has, each with a text of its own, in both lists."""
    elements = [*before, *after]
    if not before or not after or not all(isinstance(item, Members) for item in elements):
        return None
    shared = set.intersection(
        *({folded_name(name) for name, value in item.pairs} for item in elements if isinstance(item, Members))
    )
    ending = sorted(name for name in shared if name not in _KEYS and name.endswith(("id", "nummer")))
    for key in (*(name for name in _KEYS if name in shared), *ending):
        if all(_all_differ([_member_text(item, key) for item in side]) for side in (before, after)):
            return key
    return None


def _all_differ(texts: list[str]) -> bool:
    return all(texts) and len(set(texts)) == len(texts)


def _member_text(item: Node, key: str) -> str:
    pairs = item.pairs if isinstance(item, Members) else ()
    return next((text_of(value) for name, value in pairs if folded_name(name) == key), "")


# -- shapes, and the paths the form view gives them ---------------------------------------------------------


def _statements(node: Node, path: str) -> Iterator[tuple[str, _Leaf]]:
    """Every statement below ``node`` with its path."""
    if _is_leaf(node, path):
        leaf = _leaf(node)
        if leaf is not None:
            yield path, leaf
    elif isinstance(node, Members):
        for name, value in _numbered(node):
            yield from _statements(value, _joined(path, name))
    elif isinstance(node, list):
        for at, item in enumerate(node):
            yield from _statements(item, _element(path, at, item))


def _numbered(node: Members) -> Iterator[tuple[str, Node]]:
    seen: dict[str, int] = {}
    for name, value in node.pairs:
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else f"{name} ({seen[name]})"), value


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _element(path: str, at: int | None, item: Node) -> str:
    if at is None:
        return ""
    place = _joined(path, str(at))
    # the form view gives a plain value among objects a section of its own, and a row without a name in it
    plain = not isinstance(item, Members | list) and not _in_list(path)
    return f"{place}." if plain else place


def _is_parts(node: Node, path: str) -> bool:
    """A list whose elements are shown one by one."""
    return isinstance(node, list) and (_in_list(path) or any(isinstance(i, Members | list) for i in node))


def _in_list(path: str) -> bool:
    """Whether this is the form itself or the element of a list: there the form view numbers everything."""
    return not path or path.rpartition(".")[2].isdecimal()


def _is_leaf(node: Node, path: str) -> bool:
    return not isinstance(node, Members) and not _is_parts(node, path)


def _empty(node: Node) -> bool:
    if isinstance(node, Members):
        return not node.pairs
    return (
        node is None or (isinstance(node, list) and not node) or (isinstance(node, str) and not node.strip())
    )


def _leaf(node: Node) -> _Leaf | None:
    """The texts of one statement; None when it states nothing."""
    if isinstance(node, list):
        texts = tuple(_text(item) for item in node)
        return texts if any(texts) else None
    return (_text(node),) if not _empty(node) else None


def _text(node: Node) -> str:
    return unicodedata.normalize("NFC", text_of(node))


def _canonical(node: Node) -> object:
    if isinstance(node, Members):
        return ("members", tuple((name, _canonical(value)) for name, value in _numbered(node)))
    if isinstance(node, list):
        return ("list", tuple(_canonical(item) for item in node))
    return _text(node)
