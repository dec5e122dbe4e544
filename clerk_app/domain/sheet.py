"""Blatt: lists to be printed, as words in rows. Not a letter to anybody; it is filed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SheetTable:
    """A further table under its own ``heading``. ``summary`` is what a screen reader says first; ``empty``
    stands instead of the table when there are no rows. ``widths`` are relative."""

    heading: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    summary: str
    empty: str = ""
    widths: tuple[float, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """``subject`` stands above the table, ``empty`` instead of it when there are no rows. ``filed`` is what
    stands in the place of an address; ``reference`` what the sheet is filed under. ``widths`` are relative.
    ``tables`` follow the first one, ``notes`` are sentences at the end.
    """

    title: str
    subject: str
    filed: str
    reference: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    summary: str
    empty: str
    widths: tuple[float, ...] = ()
    language: str = "de-DE"
    tables: tuple[SheetTable, ...] = ()
    notes: tuple[str, ...] = ()
