"""What the window remembers: place, panes, area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QSplitter

from clerk_app.ui.commands import Screen
from clerk_app.ui.sidebar import Area

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow
    from clerk_app.ui.review_page import ReviewPage

START_SIZE = (1280, 800)


def keep_session(desk: DeskWindow) -> None:
    """Writes the window's place into the settings."""
    desk.bench.settings.set(
        "session",
        {
            "geometry": bytes(desk.window.saveGeometry().toBase64().data()).decode("ascii"),
            "panes": None if desk.list.table else desk.window.panes.sizes(),
            "review": desk.review.splitter.sizes() if desk.pages.has(Screen.REVIEW) else None,
            "area": desk.window.area().value,
        },
    )


def restore_review(desk: DeskWindow, page: ReviewPage) -> None:
    """Puts the review page's divider where it was."""
    kept = desk.bench.settings.get("session")
    if isinstance(kept, dict):
        _restore_sizes(page.splitter, kept.get("review"))


def _restore_sizes(splitter: QSplitter, sizes: object) -> None:
    if isinstance(sizes, list) and len(sizes) == 2 and all(isinstance(size, int) for size in sizes):
        splitter.setSizes(sizes)


def restore_session(desk: DeskWindow) -> Area:
    """Puts the window where it was; anything unknown is left out. Gives the area to begin with."""
    desk.window.resize(*START_SIZE)
    kept = desk.bench.settings.get("session")
    if not isinstance(kept, dict):
        kept = {}
    geometry = kept.get("geometry")
    if isinstance(geometry, str) and geometry.isascii():
        desk.window.restoreGeometry(QByteArray.fromBase64(QByteArray(geometry.encode("ascii"))))
    _restore_sizes(desk.window.panes, kept.get("panes"))
    wanted = desk.bench.settings.get("start_area")
    try:
        return Area(str(kept.get("area") if wanted in (None, "last") else wanted))
    except ValueError:
        return Area.NEW
