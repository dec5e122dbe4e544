"""CSV that German spreadsheets open as it is meant, and that runs nothing there.

Semicolons and CRLF, UTF-8 with a byte order mark: what Excel and LibreOffice in German expect. A cell that a
spreadsheet would take for a formula (CWE-1236) gets an apostrophe in front and stays text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """The table as a file. None is an empty cell; whole numbers stay numbers."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([defused(cell) for cell in header])
    for row in rows:
        writer.writerow([cell if isinstance(cell, int) else defused(cell or "") for cell in row])
    return out.getvalue().encode("utf-8-sig")


def defused(cell: str) -> str:
    """``cell`` as text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_BEGINS_FORMULA) else cell
