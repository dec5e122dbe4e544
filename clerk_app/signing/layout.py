"""DIN 5008 form B: where things stand on the sheet, and how a letter's blocks become flowing parts.

Measures from DIN 5008:2020, form B: address field 45 mm from the top, 85 by 45 mm, 20 mm from the left
edge (17.7 mm for return address and remarks, 27.3 mm for six address lines); information block 125 mm from
the left; text from 25 mm from the left to 20 mm from the right; fold marks at 105 and 210 mm, punch mark at
148.5 mm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from clerk_app.domain.letter import (
    Align,
    AppealNotice,
    Block,
    BulletList,
    Enclosures,
    Heading,
    Letter,
    NumberedList,
    Paragraph,
    SignaturePlace,
    Table,
)
from clerk_app.signing.flow import (
    PAGE_HEIGHT,
    Anchor,
    Column,
    Part,
    SignatureBox,
    Style,
    TableRow,
    TextPart,
    draw_lines,
)
from clerk_app.signing.fonts import LetterFont
from clerk_app.signing.tagging import Element, TaggedCanvas

MM = 72 / 25.4
PAGE_WIDTH = 595.28
LEFT = 25 * MM
TEXT_WIDTH = PAGE_WIDTH - LEFT - 20 * MM

_BODY = Style()
_ITEM = Style(after=5.0)
_SUBJECT = Style(size=12.0, leading=16.0, bold=True, after=12.0, with_next=True)
_HEADING = Style(size=11.0, leading=15.0, bold=True, before=8.0, after=5.0, with_next=True)
_CELL = Style(size=9.5, leading=12.5, after=10.0)
_CELL_HEAD = Style(size=9.5, leading=12.5, bold=True, after=0.0)
_CELL_SUM = replace(_CELL, bold=True)
_CLOSING = Style(before=6.0, after=4.0, with_next=True)
_SIGNATORY = Style(after=7.0)
_INFO = Style(size=9.5, leading=12.5)
_SMALL = Style(size=8.0, leading=10.5)
_FOOTER = Style(size=7.5, leading=9.8, grey=0.25)
_PRACTICE = Style(size=8.0, leading=10.5, bold=True)
_RETURN = Style(size=7.0, leading=9.0)
_NAME = Style(size=16.0, leading=20.0, bold=True)
_UNIT = Style(size=10.5, leading=14.0)

_ADDRESS_TOP = (45 + 17.7) * MM
_ADDRESS_HEIGHT = 27.3 * MM
_ADDRESS_WIDTH = 80 * MM
_REMARKS_HEIGHT = 12.7 * MM  # part of the return address zone that further address lines may use
_INFO_LEFT = 125 * MM
_INFO_WIDTH = PAGE_WIDTH - _INFO_LEFT - 10 * MM
_INFO_LABEL = 23 * MM
_TEXT_TOP = (45 + 45 + 8.46) * MM
_LATER_TOP = 27 * MM
_FOOTER_BOTTOM = PAGE_HEIGHT - 9 * MM


@dataclass(frozen=True, slots=True)
class Frame:
    """The edges of the text area, from the top of the page."""

    first: tuple[float, float]
    later: tuple[float, float]


class LetterSheet:
    """Everything on the sheet that is not running text, for one letter."""

    def __init__(self, letter: Letter, font: LetterFont, root: Element) -> None:
        self._letter = letter
        self._font = font
        self._root = root
        self._info = [
            (
                font.lines(label, _INFO_LABEL - 3, _SMALL.size),
                font.lines(value, _INFO_WIDTH - _INFO_LABEL, _INFO.size),
            )
            for label, value in _info(letter)
        ]
        self._columns = [
            [
                line.rstrip(" ") + " "
                for text in column
                for line in font.lines(text, self._column_width, _FOOTER.size)
            ]
            for column in letter.footer
        ]
        self._practice = (
            font.lines(letter.words.practice_notice, TEXT_WIDTH - 16, _PRACTICE.size, bold=True)
            if letter.practice
            else []
        )

    @property
    def frame(self) -> Frame:
        """Where running text may stand: below the address field and information block, above the footer."""
        top = max(_TEXT_TOP, self._info_bottom + 6 * MM)
        return Frame((top, self._text_bottom), (_LATER_TOP, self._text_bottom))

    @property
    def _column_width(self) -> float:
        return TEXT_WIDTH / max(1, len(self._letter.footer)) - 8

    @property
    def _footer_top(self) -> float:
        return _FOOTER_BOTTOM - max(map(len, self._columns), default=0) * _FOOTER.leading

    @property
    def _text_bottom(self) -> float:
        return self._footer_top - 11 * MM

    @property
    def _practice_height(self) -> float:
        return len(self._practice) * _PRACTICE.leading + 6

    @property
    def _info_bottom(self) -> float:
        return 50 * MM + sum(max(len(a), len(b)) * 12.5 + 1.5 for a, b in self._info)

    def draw_first_page(self, canvas: TaggedCanvas) -> None:
        """Letterhead, address, information block, marks; the practice notice."""
        letter, sender = self._letter, self._letter.sender
        self._draw_practice_mark(canvas)
        if self._practice:
            self._draw_practice_notice(canvas)
        top = 17 * MM
        for text, style in ((sender.name, _NAME), (sender.unit, _UNIT)):
            lines = self._font.lines(text, TEXT_WIDTH, style.size, bold=style.bold)[:2]
            self._paragraph(canvas, lines, LEFT, top, style)
            top += len(lines) * style.leading + 1
        with canvas.artifact():
            canvas.saveState()
            canvas.setStrokeGray(0.35)
            canvas.setLineWidth(0.8)
            canvas.line(LEFT, PAGE_HEIGHT - top - 6, LEFT + TEXT_WIDTH, PAGE_HEIGHT - top - 6)
            canvas.setLineWidth(0.3)
            for mark, length in ((105, 5), (148.5, 7), (210, 5)):
                y = PAGE_HEIGHT - mark * MM
                canvas.line(4 * MM, y, (4 + length) * MM, y)
            canvas.restoreState()
        self._draw_return_line(canvas)
        self._draw_address(canvas, letter.recipient)
        top = 50 * MM
        for label, value in self._info:
            with canvas.content(self._root.child("P")):
                spaced = [line.rstrip() + " " for line in label]
                draw_lines(canvas, self._font, spaced, _INFO_LEFT, top + 1, _SMALL)
                draw_lines(canvas, self._font, value, _INFO_LEFT + _INFO_LABEL, top, _INFO)
            top += max(len(label), len(value)) * 12.5 + 1.5

    def draw_later_page(self, canvas: TaggedCanvas) -> None:
        """The running head that says which letter this sheet belongs to."""
        letter = self._letter
        self._draw_practice_mark(canvas)
        head = (
            f"{letter.sender.name} · {letter.words.reference} {letter.reference} · {letter.date_on:%d.%m.%Y}"
        )
        with canvas.artifact("Pagination"):
            lines = self._font.lines(head, TEXT_WIDTH, _SMALL.size)[:1]
            draw_lines(canvas, self._font, lines, LEFT, 14 * MM, _SMALL)

    def draw_page_number(self, canvas: TaggedCanvas, page: int, pages: int) -> None:
        """``Seite 1 von 2`` above the footer, at the right."""
        text = self._font.typeset(_numbered(self._letter.words.page_of, page, pages))
        x = LEFT + TEXT_WIDTH - self._font.regular.width(text, _SMALL.size)
        with canvas.artifact("Pagination"):
            draw_lines(canvas, self._font, [text], x, self._footer_top - 7.5 * MM, _SMALL)

    def draw_footer(self, canvas: TaggedCanvas, element: Element) -> None:
        """The authority's particulars, below ``element``: content, a bank account must be readable."""
        if not any(self._columns):
            return
        with canvas.artifact():
            canvas.saveState()
            canvas.setStrokeGray(0.6)
            canvas.setLineWidth(0.4)
            y = PAGE_HEIGHT - self._footer_top + 4
            canvas.line(LEFT, y, LEFT + TEXT_WIDTH, y)
            canvas.restoreState()
        for index, lines in enumerate(self._columns):
            x = LEFT + index * TEXT_WIDTH / len(self._columns)
            self._paragraph(canvas, lines, x, self._footer_top, _FOOTER, element)

    def _paragraph(
        self,
        canvas: TaggedCanvas,
        lines: Sequence[str],
        x: float,
        top: float,
        style: Style,
        parent: Element | None = None,
    ) -> None:
        if lines:
            with canvas.content((parent or self._root).child("P")):
                draw_lines(canvas, self._font, lines, x, top, style)

    def _draw_return_line(self, canvas: TaggedCanvas) -> None:
        lines, style = _shrunk(self._font, self._letter.sender.return_address, _ADDRESS_WIDTH, _RETURN)
        top = 45 * MM + 17.7 * MM - style.leading * len(lines) - 3.5
        if len(self._address(self._letter.recipient)[0]) > 6:
            top = 45 * MM
        self._paragraph(canvas, lines, LEFT, top, style)
        with canvas.artifact():
            canvas.saveState()
            canvas.setLineWidth(0.3)
            y = PAGE_HEIGHT - top - style.leading * len(lines) - 0.5
            canvas.line(LEFT, y, LEFT + _ADDRESS_WIDTH, y)
            canvas.restoreState()

    def _address(self, recipient: Sequence[str]) -> tuple[list[str], Style]:
        """The address lines, set smaller until they fit the window."""
        for size in (10.5, 9.5, 8.5, 7.5, 6.5):
            lines = [line for text in recipient for line in self._font.lines(text, _ADDRESS_WIDTH, size)]
            leading = size * 1.22
            room = _ADDRESS_HEIGHT + (_REMARKS_HEIGHT if len(lines) > 6 else 0.0)
            if len(lines) * leading <= room:
                break
        return lines, Style(size=size, leading=leading)

    def _draw_address(self, canvas: TaggedCanvas, recipient: Sequence[str]) -> None:
        lines, style = self._address(recipient)
        top = _ADDRESS_TOP - (_REMARKS_HEIGHT if len(lines) > 6 else 0.0)
        spaced = [line.rstrip(" ") + " " for line in lines]
        with canvas.content(self._root.child("P")):
            draw_lines(canvas, self._font, spaced, LEFT, top, style)

    def _draw_practice_notice(self, canvas: TaggedCanvas) -> None:
        top = 5 * MM
        with canvas.artifact():
            canvas.saveState()
            canvas.setFillGray(0.93)
            canvas.setStrokeGray(0.2)
            canvas.setLineWidth(0.8)
            bottom = PAGE_HEIGHT - top - self._practice_height
            canvas.rect(LEFT, bottom, TEXT_WIDTH, self._practice_height, stroke=1, fill=1)
            canvas.restoreState()
        self._paragraph(canvas, self._practice, LEFT + 8, top + 3, _PRACTICE)

    def _draw_practice_mark(self, canvas: TaggedCanvas) -> None:
        if not self._letter.practice:
            return
        text = self._font.typeset(self._letter.words.practice_mark)
        size = min(46.0, 560.0 / max(1.0, self._font.bold.width(text, 1.0)))
        with canvas.artifact("Background"):
            canvas.saveState()
            canvas.translate(PAGE_WIDTH / 2, PAGE_HEIGHT * 0.4)
            canvas.rotate(48)
            canvas.setFillGray(0.93)
            canvas.setFont(self._font.bold.name, size)
            canvas.drawCentredString(0, 0, text)
            canvas.restoreState()


def letter_parts(letter: Letter, font: LetterFont, root: Element) -> list[Part]:
    """The running text of a letter in reading order."""
    blocks: list[Block] = [block for block in letter.blocks if not isinstance(block, Enclosures)]
    signature: Block | None = None
    if blocks and isinstance(blocks[-1], SignaturePlace):
        signature = blocks.pop()  # stands between the closing and the name
    parts: list[Part] = [_text(font, root, letter.subject, _SUBJECT, "H1")]
    if letter.salutation.strip():
        parts.append(_text(font, root, letter.salutation, _BODY, "P"))
    signed_off = bool(letter.closing.strip() or letter.signatory.strip()) or signature is not None
    for index, block in enumerate(blocks):
        # a closing and a signature never stand alone on a sheet: the last lines of the text go with them
        leads = signed_off and index == len(blocks) - 1
        parts.extend(_block_parts(block, letter, font, root, leads=leads))
    if letter.closing.strip():
        parts.append(_text(font, root, letter.closing, _CLOSING, "P"))
    if signature is not None:
        parts.extend(_block_parts(signature, letter, font, root))
    if letter.signatory.strip():
        parts.append(_text(font, root, letter.signatory, _SIGNATORY, "P"))
    for enclosures in [block for block in letter.blocks if isinstance(block, Enclosures)]:
        parts.extend(_block_parts(enclosures, letter, font, root))
    return parts


def _text(font: LetterFont, root: Element, text: str, style: Style, tag: str, *, leads: bool = False) -> Part:
    style = replace(style, tail_with_next=leads)
    return TextPart(font, Anchor(root, tag), text, style, LEFT, TEXT_WIDTH)


def _block_parts(
    block: Block, letter: Letter, font: LetterFont, root: Element, *, leads: bool = False
) -> list[Part]:
    match block:
        case Paragraph():
            return [_text(font, root, block.text, _BODY, "P", leads=leads)]
        case Heading():
            return [_text(font, root, block.text, _HEADING, "H2")]
        case AppealNotice():
            return [
                _text(font, root, block.heading, _HEADING, "H2"),
                _text(font, root, block.text, _BODY, "P", leads=leads),
            ]
        case NumberedList():
            labels = [f"{block.start + index}. " for index in range(len(block.items))]
            return _list(block.items, labels, "Decimal", font, root)
        case BulletList():
            return _list(block.items, ["• "] * len(block.items), "Disc", font, root)
        case Table():
            return _table(block, font, root)
        case Enclosures():
            heading = _text(font, root, block.heading, _HEADING, "H2")
            return [heading, *_list(block.items, ["• "] * len(block.items), "Disc", font, root)]
        case SignaturePlace():
            return [SignatureBox(font, root, block.text or letter.words.signature, LEFT)]


def _list(
    items: Sequence[str], labels: Sequence[str], numbering: str, font: LetterFont, root: Element
) -> list[Part]:
    whole = Anchor(root, "L", ListNumbering=numbering)
    indent = max((font.regular.width(label, _ITEM.size) for label in labels), default=0.0) + 6
    return [
        TextPart(font, Anchor(whole, "LI"), item, _ITEM, LEFT + 4, TEXT_WIDTH - 4, label=label, indent=indent)
        for item, label in zip(items, labels, strict=True)
    ]


def _table(table: Table, font: LetterFont, root: Element) -> list[Part]:
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
            with_next=first_sum - 1 <= index < last and table.totals > 0,
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


def _info(letter: Letter) -> list[tuple[str, str]]:
    words = letter.words
    given = dict(letter.info)
    head = [] if words.reference in given else [(words.reference, letter.reference)]
    foot = [] if words.date in given else [(words.date, f"{letter.date_on:%d.%m.%Y}")]
    return [*head, *letter.info, *foot]


def _numbered(pattern: str, page: int, pages: int) -> str:
    return pattern.replace("{page}", str(page)).replace("{pages}", str(pages))


def _shrunk(font: LetterFont, text: str, width: float, style: Style) -> tuple[list[str], Style]:
    """One line, set smaller if need be; two lines when it still does not fit."""
    for size in (style.size, 6.5, 6.0):
        lines = font.lines(text, width, size)
        if len(lines) <= 1:
            return lines, Style(size=size, leading=size * 1.25)
    return lines[:2], Style(size=size, leading=size * 1.25)
