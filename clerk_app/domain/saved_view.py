"""Gemerkte Ansicht: a search with the list it looks through and its order, under a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from clerk_app.domain.case import CaseOrder

MOST_VIEWS = 50


@dataclass(frozen=True)
class SavedView:
    """``text`` in the search language; ``area`` names the list (a value of the sidebar's areas). ``look``:
    how the list was shown (columns, cards or table, …), as the window keeps it; empty: as it usually is."""

    name: str
    text: str
    area: str
    order: CaseOrder = CaseOrder.NEWEST
    look: Mapping[str, object] = field(default_factory=dict)


def as_data(views: Iterable[SavedView]) -> list[dict[str, object]]:
    """Views as they are kept."""
    return [asdict(view) for view in views]


def from_data(data: object) -> tuple[SavedView, ...]:
    """Kept views; whatever is no view (any more) is left out."""
    found = []
    for each in data if isinstance(data, list) else ():
        if not isinstance(each, dict):
            continue
        values = {name: each.get(name) for name in ("name", "text", "area", "order")}
        if all(isinstance(value, str) for value in values.values()) and values["order"] in list(CaseOrder):
            look = each.get("look")
            found.append(
                SavedView(
                    str(values["name"]),
                    str(values["text"]),
                    str(values["area"]),
                    CaseOrder(values["order"]),
                    look if isinstance(look, dict) else {},
                )
            )
    return tuple(found[:MOST_VIEWS])


def with_view(views: tuple[SavedView, ...], view: SavedView) -> tuple[SavedView, ...]:
    """``view`` among the others by name; one of the same name is replaced."""
    others = [each for each in views if each.name.casefold() != view.name.casefold()]
    return tuple(sorted([*others, view], key=lambda each: each.name.casefold()))


def without_view(views: tuple[SavedView, ...], name: str) -> tuple[SavedView, ...]:
    """All but one."""
    return tuple(view for view in views if view.name != name)
