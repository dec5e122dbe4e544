"""Vorgangsliste as a model: an array of row ids, rows read a page at a time when they come into sight.

As cards it has one column that holds the whole row; as a table as many as are shown.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from clerk_app.domain.case import CaseRow
from clerk_app.domain.ids import CaseId

PAGE = 64
PAGES_KEPT = 64
ROW_ROLE = Qt.ItemDataRole.UserRole
_NEIGHBOURS = 8  # how far back a place is looked for among the rows that are still there
_MOST_STEPS = 64  # beyond so many separate insertions and removals one change of layout is cheaper

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()


class CaseListModel(QAbstractTableModel):
    """Rows for a list of any length. News are taken as differences: selection and scroll stay.

    ``read_rows`` is a quick read on the UI thread; ``describe`` makes the one sentence of a row for screen
    readers, ``cell`` the words of a column.
    """

    def __init__(
        self,
        read_rows: Callable[[Sequence[int]], Sequence[CaseRow]],
        describe: Callable[[CaseRow], str],
        cell: Callable[[CaseRow, str], str] = lambda _row, _column: "",
        heading: Callable[[str], str] = lambda column: column,
    ) -> None:
        super().__init__()
        self.cell, self._heading = cell, heading
        self.columns: tuple[str, ...] = ()
        self._read_rows = read_rows
        self._describe = describe
        self._ids: array[int] = array("q")
        self._pages: OrderedDict[int, dict[int, CaseRow]] = OrderedDict()
        self.held_id: int | None = None

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """Number of cases."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        """One card, or the columns of the table."""
        return 0 if parent.isValid() else max(1, len(self.columns))

    def set_columns(self, columns: tuple[str, ...]) -> None:
        """Columns by name, from left to right; none shows cards. Rows and their order stay."""
        if columns != self.columns:
            self.beginResetModel()
            self.columns = columns
            self.endResetModel()

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Headings of the table."""
        shown = role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal
        return self._heading(self.columns[section]) if shown and section < len(self.columns) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The CaseRow under ROW_ROLE, its sentence under the text roles."""
        if role not in (
            ROW_ROLE,
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return None
        row = self.row_at(index.row())
        if role == ROW_ROLE or row is None:
            return row
        if self.columns and (role == Qt.ItemDataRole.DisplayRole or index.column()):
            return self.cell(row, self.columns[index.column()])
        return self._describe(row)

    def row_at(self, position: int) -> CaseRow | None:
        """The row at ``position``; None when there is none (any more)."""
        if not 0 <= position < len(self._ids):
            return None
        page = self._page(position // PAGE)
        return page.get(self._ids[position])

    def ids_at(self, first: int, last: int) -> array[int]:
        """Row ids from place ``first`` to ``last``, both included."""
        return self._ids[max(0, first) : last + 1]

    def position_of(self, row_id: int) -> int | None:
        """Where a row id stands, or None."""
        place = _place(self._ids, row_id)
        return place if place >= 0 else None

    def start(self, ids: array[int]) -> None:
        """Another list altogether (another area, another search): the view starts afresh."""
        self.beginResetModel()
        self._ids = ids
        self._pages.clear()
        self.endResetModel()

    def update(self, ids: array[int]) -> None:
        """The same list with news: rows are taken out and put in, nothing is reset.

        The row in ``held_id`` stays where it is even if it no longer belongs here, so that it does not
        vanish under the hands of the clerk who is working on it.
        """
        ids = self._with_held(ids)
        if ids == self._ids:
            return
        head = _common_head(self._ids, ids)
        tail = _common_tail(self._ids, ids, head)
        old_middle = self._ids[head : len(self._ids) - tail]
        new_middle = ids[head : len(ids) - tail]
        stay = set(old_middle).intersection(new_middle) if old_middle else set()
        if not stay:
            self._replace_middle(ids, head, len(old_middle), len(new_middle))
            return
        removals = _runs(at for at, row_id in enumerate(old_middle) if row_id not in stay)
        insertions = _runs(at for at, row_id in enumerate(new_middle) if row_id not in stay)
        in_order = [i for i in old_middle if i in stay] == [i for i in new_middle if i in stay]
        if in_order and len(removals) + len(insertions) <= _MOST_STEPS:
            self._step_by_step(ids, head, removals, insertions)
        else:
            self._all_at_once(ids)

    def refresh(self, case_ids: Iterable[CaseId]) -> None:
        """Reads again the rows of these cases as far as they are in memory; what looks as before is not
        painted anew (most news of an intake are of what no row shows)."""
        wanted = set(case_ids)
        for page in self._pages.values():
            stale = [row.row_id for row in page.values() if row.case_id in wanted]
            for row in self._read_rows(stale) if stale else ():
                if page[row.row_id] != row:
                    page[row.row_id] = row
                    self._announce(row.row_id)

    def forget_rows(self) -> None:
        """Everything in memory may be out of date: read again what is in sight."""
        self._pages.clear()
        if self._ids:
            last = self.index(len(self._ids) - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def _announce(self, row_id: int) -> None:
        position = self.position_of(row_id)
        if position is not None:
            self.dataChanged.emit(self.index(position, 0), self.index(position, self.columnCount() - 1))

    def _page(self, number: int) -> dict[int, CaseRow]:
        page = self._pages.get(number)
        if page is None:
            ids = self._ids[number * PAGE : (number + 1) * PAGE]
            page = {row.row_id: row for row in self._read_rows(ids)}
            self._pages[number] = page
            if len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(number)
        return page

    def _with_held(self, ids: array[int]) -> array[int]:
        held = self.held_id
        if held is None or _place(ids, held) >= 0:
            return ids
        before = self.position_of(held)
        if before is None:
            return ids
        # behind the nearest earlier row that is still there
        place = 0
        for position in range(before - 1, max(-1, before - 1 - _NEIGHBOURS), -1):
            place = _place(ids, self._ids[position]) + 1
            if place:
                break
        else:
            place = min(before, len(ids))
        return ids[:place] + array("q", [held]) + ids[place:]

    def _step_by_step(
        self, ids: array[int], head: int, removals: list[tuple[int, int]], insertions: list[tuple[int, int]]
    ) -> None:
        known = {row_id: row for page in self._pages.values() for row_id, row in page.items()}
        for first, last in reversed(removals):
            self.beginRemoveRows(NO_PARENT, head + first, head + last)
            del self._ids[head + first : head + last + 1]
            self._pages.clear()
            self.endRemoveRows()
        for first, last in insertions:
            self.beginInsertRows(NO_PARENT, head + first, head + last)
            self._ids[head + first : head + first] = ids[head + first : head + last + 1]
            self._pages.clear()
            self.endInsertRows()
        self._ids = ids
        self._keep_known(known)

    def _replace_middle(self, ids: array[int], head: int, old: int, new: int) -> None:
        """Nothing in between stays: one removal, one insertion."""
        rows = {number: page for number, page in self._pages.items() if (number + 1) * PAGE <= head}
        if old:
            self.beginRemoveRows(NO_PARENT, head, head + old - 1)
            del self._ids[head : head + old]
            self._pages.clear()
            self.endRemoveRows()
        if new:
            self.beginInsertRows(NO_PARENT, head, head + new - 1)
            self._ids = ids
            self._pages.clear()
            self.endInsertRows()
        self._pages.update(rows)

    def _all_at_once(self, ids: array[int]) -> None:
        self.layoutAboutToBeChanged.emit()
        persistent = self.persistentIndexList()
        wanted = {self._ids[index.row()] for index in persistent}
        places = {row_id: at for at, row_id in enumerate(ids) if row_id in wanted}
        old = self._ids
        self._ids = ids
        self._pages.clear()
        fresh = [
            self.index(places[old[index.row()]], index.column())
            if old[index.row()] in places
            else QModelIndex()
            for index in persistent
        ]
        self.changePersistentIndexList(persistent, fresh)
        self.layoutChanged.emit()

    def _keep_known(self, known: dict[int, CaseRow]) -> None:
        """Fills again the pages whose rows are all known already: news at the top cost no reading."""
        self._pages.clear()
        for number in range((len(self._ids) + PAGE - 1) // PAGE):
            ids = self._ids[number * PAGE : (number + 1) * PAGE]
            if all(row_id in known for row_id in ids):
                self._pages[number] = {row_id: known[row_id] for row_id in ids}
            if len(self._pages) >= PAGES_KEPT or number > PAGES_KEPT:
                return


def _place(ids: array[int], row_id: int) -> int:
    """Where an id stands, -1 when it does not. Searching bytes is 20 times faster than ``array.index``."""
    size = ids.itemsize
    body, wanted = ids.tobytes(), array("q", [row_id]).tobytes()
    at = body.find(wanted)
    while at >= 0 and at % size:
        at = body.find(wanted, at + 1)
    return at // size if at >= 0 else -1


def _common_head(old: array[int], new: array[int]) -> int:
    """How many leading ids are equal, by halving: whole slices are compared, not ids one by one."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_tail(old: array[int], new: array[int], head: int) -> int:
    """How many trailing ids behind ``head`` are equal."""
    low, high = 0, min(len(old), len(new)) - head
    while low < high:
        middle = (low + high + 1) // 2
        a = old[len(old) - middle : len(old) - low]
        if a == new[len(new) - middle : len(new) - low]:
            low = middle
        else:
            high = middle - 1
    return low


def _runs(positions: Iterable[int]) -> list[tuple[int, int]]:
    """Neighbouring positions as (first, last)."""
    runs: list[tuple[int, int]] = []
    for position in positions:
        if runs and runs[-1][1] == position - 1:
            runs[-1] = (runs[-1][0], position)
        else:
            runs.append((position, position))
    return runs
