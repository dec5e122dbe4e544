"""Moving the case at hand to the version of its package that is in force: previewed first, then done."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from clerk_app.domain.errors import ClerkError
from clerk_app.domain.ids import CaseId
from clerk_app.domain.rehearsal import CaseRehearsal
from clerk_app.texts import N_, _
from clerk_app.texts.errors import sentence
from clerk_app.ui.commands import Command, Menu, Screen
from clerk_app.ui.package_model import move_preview
from clerk_app.usecases.desk import Desk

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow
    from clerk_app.ui.package_dialog import PackageDialog
    from clerk_app.ui.packages_page import PackagesPage

_CASE = frozenset({Screen.BROWSE, Screen.REVIEW})


class PackageSteps:
    """``dialog`` is the one that is open, for whoever drives the window."""

    def __init__(self, desk: DeskWindow) -> None:
        self._desk = desk
        self.dialog: PackageDialog | None = None

    def commands(self) -> list[Command]:
        """One command: cases stay with their version unless a clerk says so."""
        return [
            Command(
                "case.move_package",
                N_("Auf neue Fassung umstellen …"),
                self.ask,
                Menu.CASE,
                icon="sync",
                reason=self.why_not,
                screens=_CASE,
            ),
            Command(
                "app.packages",
                N_("&Leistungspakete"),
                lambda: self._desk.show_page(Screen.PACKAGES),
                Menu.TOOLS,
                icon="inventory_2",
            ),
            Command(
                "packages.open",
                N_("Paket ein&spielen …"),
                lambda: self.page().ask_file(),
                Menu.TOOLS,
                ("Ctrl+U",),
                "upload_file",
                screens=frozenset({Screen.PACKAGES}),
            ),
        ]

    def page(self) -> PackagesPage:
        """Leistungspakete."""
        return cast("PackagesPage", self._desk.pages.page(Screen.PACKAGES))

    def why_not(self) -> str | None:
        """Why the case at hand cannot be moved."""
        if (why := self._desk.flow.why_not_readable()) is not None:
            return why
        dossier = self._desk.flow.dossier
        if dossier is None:
            return _("Der Vorgang wird noch geladen.")
        error = dossier.why_not_move
        return None if error is None else sentence(error)

    def ask(self) -> None:
        """Works out what would change, then asks."""
        row = self._desk.flow.row
        if row is None:
            return
        case_id = row.case_id
        bench = self._desk.bench
        bench.worker.submit(
            lambda desk: desk.versions.preview_move(case_id),
            lambda found: self._show(case_id, found),
            lambda error: bench.fail(error, self.ask),
            key="package-preview",
        )

    def _show(self, case_id: CaseId, found: CaseRehearsal) -> None:
        from clerk_app.ui.package_dialog import PackageDialog

        flow = self._desk.flow
        dossier = flow.dossier
        newer = None if dossier is None else dossier.package.newer
        if flow.row is None or flow.row.case_id != case_id or newer is None:
            return  # the clerk went elsewhere meanwhile
        dialog = PackageDialog(self._desk.window, self._desk.bench, move_preview(found, newer))
        self.dialog = dialog

        def closed() -> None:
            self.dialog = None
            dialog.deleteLater()

        dialog.accepted.connect(lambda: self._move(case_id, str(newer.mark.version)))
        dialog.finished.connect(closed)
        dialog.open()

    def _move(self, case_id: CaseId, version: str) -> None:
        words = _("Umgestellt auf Fassung {version}.").format(version=version)
        self._desk.flow.act(
            lambda desk: _moved(desk, case_id), lambda: self._desk.bench.say(words), again=False
        )


def _moved(desk: Desk, case_id: CaseId) -> None:
    refused: tuple[tuple[CaseId, ClerkError], ...] = desk.versions.move([case_id]).refused
    if refused:
        raise refused[0][1]
