"""Before the window goes, for good or behind the lock: everything is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clerk_app.ui.session import keep_session

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow


def keep_all(desk: DeskWindow) -> None:
    """Place and typed words are on their way to the disk; may be called as often as one likes."""
    keep_session(desk)
    desk.place.keep()
    for page in desk.pages.there():
        page.keep_typed()
    desk.page.keep_typed()


def leave(desk: DeskWindow) -> None:
    """The same, and everything that runs for the window ends. An export is stopped and leaves no file."""
    keep_all(desk)
    desk.drafting.end()
    desk.filing.close()
