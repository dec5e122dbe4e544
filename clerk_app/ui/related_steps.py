"""Related cases of the case at hand: asked for in the background, opened, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from clerk_app.domain.case import CaseRow
from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.errors import ClerkError
from clerk_app.domain.ids import CaseId
from clerk_app.domain.relations import RelatedCases
from clerk_app.texts import N_, _
from clerk_app.ui.commands import Command, Menu, Screen
from clerk_app.ui.related_model import double_words, tab_words
from clerk_app.ui.related_panel import RelatedPanel
from clerk_app.ui.review_side import ReviewPart

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow
    from clerk_app.ui.review_page import ReviewPage


class RelatedSteps(QObject):
    """Keeps the part "Bezüge" and the badge in the head up to date. ``trail``: cases one came from."""

    def __init__(self, desk: DeskWindow) -> None:
        super().__init__()
        self._desk = desk
        self._panel: RelatedPanel | None = None
        self._case_id: CaseId | None = None
        self._found: RelatedCases | None = None
        self._next: CaseId | None = None  # the case that is being opened from here
        self._came_back_from: CaseId | None = None
        self.trail: list[CaseRow] = []
        desk.flow.row_changed.connect(self._take_row)
        desk.flow.loaded.connect(self.load)
        desk.bench.bridge.changed.connect(self._take_changes)

    def commands(self) -> list[Command]:
        """Opening the chosen case; Enter in the list does the same."""
        return [
            Command(
                "related.open",
                N_("Bezug öffnen"),
                self.open_chosen,
                Menu.CASE,
                icon="forward",
                reason=self.why_not_open,
                screens=frozenset({Screen.REVIEW}),
            )
        ]

    def put_into(self, page: ReviewPage) -> None:
        """The review page was made."""
        self._panel = panel = RelatedPanel(self._desk.bench)
        panel.opened.connect(self.open)
        panel.again.connect(self.load)
        panel.chosen.connect(self._desk.window.commands.refresh)
        page.side.set_panel(ReviewPart.RELATED, panel, panel.take_focus)
        page.side.part_shown.connect(self._desk.window.commands.refresh)
        if self._found is not None:
            self._show(self._found)

    # going about

    def why_not_open(self) -> str | None:
        """None when a related case is chosen and in sight."""
        panel = self._panel
        if panel is None or not panel.view.isVisible() or panel.view.current_row() is None:
            return _("Es ist kein Bezug ausgewählt (Alt+3).")
        return None

    def open_chosen(self) -> None:
        """The case chosen in the list."""
        row = None if self._panel is None else self._panel.view.current_row()
        if row is not None:
            self.open(row)

    @Slot(object)
    def open(self, row: CaseRow) -> None:
        """Looks at a related case. Looking is all: it does not count as taken up."""
        here = self._desk.flow.row
        if here is None:
            return
        self._go_to(row)
        self.trail.append(here)
        self._desk.place_focus = True

    def go_back(self) -> bool:
        """Back to the case one came from, to the line one had chosen; False when there is none."""
        here = self._desk.flow.row
        if not self.trail or here is None:
            return False
        self._came_back_from = here.case_id
        trail = self.trail[:-1]
        self._go_to(self.trail[-1])
        self.trail = trail
        return True

    def _go_to(self, row: CaseRow) -> None:
        desk = self._desk
        row = desk.bench.reads.row(row.case_id) or row
        trail, self._next = self.trail, row.case_id
        listed = desk.list.select_case(row.case_id)
        desk.flow.show(row)
        if not listed:
            desk.review.show_place(-1, 0)
        self.trail, self._next = trail, None

    # content

    @Slot(object)
    def _take_row(self, row: CaseRow | None) -> None:
        case_id = None if row is None else row.case_id
        if case_id == self._case_id:
            return
        self._case_id, self._found = case_id, None
        if case_id != self._next:
            self.trail, self._came_back_from = [], None  # gone elsewhere by another way
        self._desk.bench.queries.forget("related")
        self._desk.page.header.show_double("")
        if self._panel is not None:
            self._panel.show_loading()
            self._desk.review.header.show_double("")
            self._desk.review.side.show_words(ReviewPart.RELATED)

    @Slot()
    def load(self) -> None:
        """Asks for what the case at hand has in common with others."""
        if (case_id := self._case_id) is None:
            return

        def failed(_error: ClerkError) -> None:
            if self._panel is not None:
                self._panel.show_failed()  # said where it belongs: nothing else depends on it

        self._desk.bench.queries.submit(
            lambda reads: reads.related(case_id), self._take, failed, key="related"
        )

    @Slot(object)
    def _take_changes(self, changes: ChangeSet) -> None:
        """News of other cases: one of them may be the double."""
        if self._found is not None and (changes.arrived or changes.changed or changes.everything):
            self.load()

    def _take(self, found: RelatedCases) -> None:
        self._found = found
        self._show(found)

    def _show(self, found: RelatedCases) -> None:
        words = double_words(found)
        self._desk.page.header.show_double(words)
        if self._panel is None:
            return
        review = self._desk.review
        review.header.show_double(words)
        review.side.show_words(ReviewPart.RELATED, *tab_words(found))
        self._panel.show_related(found)
        if self._came_back_from is not None:
            self._panel.view.select(self._came_back_from)
            self._came_back_from = None
            review.side.show_part(ReviewPart.RELATED)
