"""What the window remembers: place, panes, area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray

from clerk_app.ui.sidebar import Area

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow

START_SIZE = (1280, 800)


def keep_session(desk: DeskWindow) -> None:
    """Writes the window's place into the settings."""
    desk.bench.settings.set(
        "session",
        {
            "geometry": bytes(desk.window.saveGeometry().toBase64().data()).decode("ascii"),
            "panes": desk.window.panes.sizes(),
            "review": desk.review.splitter.sizes(),
            "area": desk.window.area().value,
        },
    )


def restore_session(desk: DeskWindow) -> Area:
    """Puts the window where it was; anything unknown is left out. Gives the area to begin with."""
    desk.window.resize(*START_SIZE)
    kept = desk.bench.settings.get("session")
    if not isinstance(kept, dict):
        return Area.NEW
    geometry = kept.get("geometry")
    if isinstance(geometry, str) and geometry.isascii():
        desk.window.restoreGeometry(QByteArray.fromBase64(QByteArray(geometry.encode("ascii"))))
    for name, splitter in (("panes", desk.window.panes), ("review", desk.review.splitter)):
        sizes = kept.get(name)
        if isinstance(sizes, list) and len(sizes) == 2 and all(isinstance(size, int) for size in sizes):
            splitter.setSizes(sizes)
    try:
        return Area(str(kept.get("area")))
    except ValueError:
        return Area.NEW
