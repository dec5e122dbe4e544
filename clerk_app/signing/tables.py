"""Tabellen: columns by content or as wished, one part for each row."""

from __future__ import annotations

from dataclasses import replace

from clerk_app.domain.letter import Align, Table
from clerk_app.signing.flow import Part
from clerk_app.signing.fonts import LetterFont
from clerk_app.signing.parts import Column, TableRow
from clerk_app.signing.sheet import LEFT, TEXT_WIDTH
from clerk_app.signing.tagging import Anchor
from clerk_app.signing.typeset import Style

_CELL = Style(size=9.5, leading=12.5, after=10.0)
_CELL_HEAD = replace(_CELL, bold=True, after=0.0)
_CELL_SUM = replace(_CELL, bold=True)


def table_parts(table: Table, font: LetterFont, root: Anchor, *, leads: bool = False) -> list[Part]:
    """A header part and one part for each row. ``leads``: the last row stays with what follows."""
    attributes = {"Summary": table.summary} if table.summary else {}
    whole = Anchor(root, "Table", **attributes)
    columns = _columns(table, font)
    header = TableRow(font, Anchor(whole, "THead"), table.header, columns, _CELL_HEAD, is_header=True)
    body = Anchor(whole, "TBody")
    last = len(table.rows) - 1
    first_sum = len(table.rows) - table.totals
    rows: list[Part] = [
        TableRow(
            font,
            body,
            row,
            columns,
            _CELL_SUM if index >= first_sum else _CELL,
            header=header,
            is_last=index == last,
            is_sum=index == first_sum,
            with_next=leads if index == last else table.totals > 0 and index >= first_sum - 1,
        )
        for index, row in enumerate(table.rows)
    ]
    return [header, *rows]


def _columns(table: Table, font: LetterFont) -> list[Column]:
    align = [*table.align, *([Align.LEFT] * len(table.header))][: len(table.header)]
    widths = [width * TEXT_WIDTH / sum(table.widths) for width in table.widths] or _fitted(table, font)
    columns: list[Column] = []
    x = LEFT
    for width, side in zip(widths, align, strict=True):
        columns.append(Column(x, width, side))
        x += width
    return columns


def _fitted(table: Table, font: LetterFont) -> list[float]:
    """Column widths by content: none narrower than its longest word, the rest in proportion to the text."""
    pad = 2 * TableRow.PAD + 1
    least: list[float] = []
    wished: list[float] = []
    for index in range(len(table.header)):
        texts = [font.typeset(row[index]) for row in (table.header, *table.rows)]
        lines = [line for text in texts for line in text.split("\n")]
        words = {word for line in lines for word in line.split(" ")}
        wish = min(max(font.bold.width(line, _CELL.size) for line in lines) + pad, TEXT_WIDTH)
        word = min(max(font.bold.width(word, _CELL.size) for word in words) + pad, TEXT_WIDTH / 2)
        is_sum = index < len(table.align) and table.align[index] is Align.RIGHT
        whole = wish <= TEXT_WIDTH / (3 if is_sum else 7)  # amounts and short columns are not broken
        wished.append(wish)
        least.append(wish if whole else word)
    if sum(wished) <= TEXT_WIDTH:
        spare = TEXT_WIDTH - sum(wished)
        total = sum(wished)
        return [width + spare * width / total for width in wished]
    if sum(least) >= TEXT_WIDTH:
        return [TEXT_WIDTH * width / sum(least) for width in least]
    spare = TEXT_WIDTH - sum(least)
    extra = [wish - width for wish, width in zip(wished, least, strict=True)]
    return [width + spare * more / sum(extra) for width, more in zip(least, extra, strict=True)]
