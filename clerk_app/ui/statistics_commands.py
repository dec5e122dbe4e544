"""Commands of the evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from clerk_app.texts import N_
from clerk_app.ui.commands import Command, Menu, Screen

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow
    from clerk_app.ui.statistics_page import StatisticsPage


def statistics_commands(desk: DeskWindow) -> list[Command]:
    """Saving the numbers."""

    def page() -> StatisticsPage:
        return cast("StatisticsPage", desk.pages.page(Screen.STATISTICS))

    here = frozenset({Screen.STATISTICS})
    return [
        Command(
            "statistics.csv", N_("Zahlen als CS&V speichern …"), lambda: page().save_csv(), Menu.FILE,
            ("Ctrl+E",), "save", lambda: page().why_not_export(), here,
        ),
        Command(
            "statistics.pdf", N_("Zahlen als PD&F speichern …"), lambda: page().save_pdf(), Menu.FILE,
            ("Ctrl+P",), "picture_as_pdf", lambda: page().why_not_export(), here,
        ),
    ]  # fmt: skip
