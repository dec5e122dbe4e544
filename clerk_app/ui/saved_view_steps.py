"""Gemerkte Ansichten: a search is kept under a name, stands in the sidebar and is one step away again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from clerk_app.domain.errors import ClerkError
from clerk_app.domain.saved_view import MOST_VIEWS, SavedView, as_data, from_data, with_view, without_view
from clerk_app.texts import N_, _
from clerk_app.ui.case_columns import look_from
from clerk_app.ui.commands import Command, Menu, Screen
from clerk_app.ui.name_dialog import NameDialog
from clerk_app.ui.sidebar import AREAS, Area
from clerk_app.ui.undo import Undoable

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow

_KEPT = "views"
_LISTS = frozenset({Screen.BROWSE})


class SavedViewSteps:
    """``views`` are this clerk's, by name. ``dialog`` is the open one, for whoever drives the window."""

    def __init__(self, desk: DeskWindow) -> None:
        self._desk = desk
        self.views: tuple[SavedView, ...] = ()
        self.dialog: NameDialog | None = None

    def commands(self) -> list[Command]:
        """Keeping, renaming and deleting."""
        return [
            Command(
                "views.keep",
                N_("Suche als Ansicht &merken …"),
                self.ask_name,
                Menu.VIEW,
                ("Ctrl+Shift+F",),
                "bookmark",
                self._why_not_keep,
                _LISTS,
            ),
            Command(
                "views.rename",
                N_("Ansicht umbenennen …"),
                self.ask_other_name,
                Menu.VIEW,
                reason=self._why_none,
                screens=_LISTS,
            ),
            Command(
                "views.delete",
                N_("Ansicht löschen"),
                self.delete,
                Menu.VIEW,
                reason=self._why_none,
                screens=_LISTS,
            ),
        ]

    def begin(self) -> None:
        """Reads what was kept and wires the sidebar."""
        desk = self._desk
        desk.window.sidebar.view_chosen.connect(self.show)
        try:
            self.views = from_data(desk.bench.reads.kept(desk.bench.office.actor, _KEPT))
        except ClerkError as error:
            desk.bench.fail(error)
        self._tell()

    def show(self, name: str) -> None:
        """The list as it was kept."""
        view = self._named(name)
        if view is None:
            return
        desk = self._desk
        desk.window.show_screen(Screen.BROWSE)
        desk.window.sidebar.show_view(view.name, _area(view))
        look = (
            look_from(view.look)
            if view.look
            else replace(desk.list.looks.of(_area(view).value), reverse=False)
        )
        desk.list.show_area(_area(view), view.text, replace(look, order=view.order))
        desk.window.focus_list()
        desk.window.commands.refresh()

    def ask_name(self) -> None:
        """A name for the search in front."""
        kept = self._named(self._desk.window.sidebar.view() or "")
        proposal = kept.name if kept else self._desk.list.bar.text[:40]
        note = _(
            "Gemerkt werden Suche, Liste, Reihenfolge und Spalten. "
            "Gleicher Name: die alte Ansicht wird ersetzt."
        )
        self._ask(_("Wie soll die Ansicht heißen?"), _("Merken"), proposal, self._keep, note)

    def ask_other_name(self) -> None:
        """Another name for the view in front."""
        view = self._named(self._desk.window.sidebar.view() or "")
        if view is not None:
            self._ask(_("Wie soll die Ansicht heißen?"), _("Umbenennen"), view.name, self._rename)

    def delete(self) -> None:
        """The view in front goes; the list stays as it is."""
        view = self._named(self._desk.window.sidebar.view() or "")
        if view is not None:
            words = _("Ansicht „{name}“ löschen").format(name=view.name)
            self._change(words, without_view(self.views, view.name), None)

    def _keep(self, name: str) -> None:
        listed = self._desk.list
        look = listed.looks.look
        view = SavedView(name, listed.bar.text, listed.area.value, look.order, look.as_data())
        words = _("Ansicht „{name}“ merken").format(name=name)
        self._change(words, with_view(self.views, view), name)

    def _rename(self, name: str) -> None:
        view = self._named(self._desk.window.sidebar.view() or "")
        if view is not None and name != view.name:
            renamed = replace(view, name=name)
            words = _("Ansicht in „{name}“ umbenennen").format(name=name)
            self._change(words, with_view(without_view(self.views, view.name), renamed), name)

    def _change(self, words: str, after: tuple[SavedView, ...], marked: str | None) -> None:
        before = self.views
        self._put(after)
        if marked is not None:
            self._desk.window.sidebar.show_view(marked, self._desk.list.area)
        self._desk.window.commands.refresh()
        self._desk.flow.remember(Undoable(words, lambda: self._put(before), redo=lambda: self._put(after)))
        self._desk.bench.say(_("{step} · Strg+Z nimmt es zurück").format(step=words))

    def _put(self, views: tuple[SavedView, ...]) -> None:
        bench = self._desk.bench
        self.views = views
        self._tell()
        bench.worker.submit(
            lambda desk: desk.journal.remember(_KEPT, as_data(views)), lambda _done: None, bench.fail
        )

    def _tell(self) -> None:
        self._desk.window.sidebar.show_views([view.name for view in self.views])

    def _ask(
        self, question: str, action: str, proposal: str, take: Callable[[str], None], note: str = ""
    ) -> None:
        desk = self._desk
        self.dialog = dialog = NameDialog(desk.window, desk.bench, question, action, proposal, note)

        def finished(result: int) -> None:
            name = dialog.name
            self.dialog = None
            dialog.deleteLater()
            if result and name:
                take(name)

        dialog.finished.connect(finished)
        dialog.open()

    def _named(self, name: str) -> SavedView | None:
        return next((view for view in self.views if view.name == name), None)

    def _why_not_keep(self) -> str | None:
        if not self._desk.list.bar.text:
            return _("Erst suchen: gemerkt wird, was im Suchfeld steht.")
        if len(self.views) >= MOST_VIEWS:
            return _("Mehr als {most} Ansichten lassen sich nicht merken.").format(most=MOST_VIEWS)
        return None

    def _why_none(self) -> str | None:
        if self._desk.window.sidebar.view() is None:
            return _("Erst links eine gemerkte Ansicht wählen.")
        return None


def _area(view: SavedView) -> Area:
    """The list a view looks through; an area that is gone is looked for among the open cases."""
    try:
        area = Area(view.area)
    except ValueError:
        return Area.OPEN
    return area if AREAS[area].view is not None else Area.OPEN
