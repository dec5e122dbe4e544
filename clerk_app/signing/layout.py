"""How a letter's blocks become flowing parts, in which order, and what stays together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from clerk_app.domain.letter import (
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
    Translation,
)
from clerk_app.signing.flow import Part
from clerk_app.signing.fonts import LetterFont
from clerk_app.signing.parts import SignatureBox, TextPart
from clerk_app.signing.sheet import LEFT, TEXT_WIDTH
from clerk_app.signing.tables import table_parts
from clerk_app.signing.tagging import Anchor, Element
from clerk_app.signing.typeset import Style

_BODY = Style()
_ITEM = Style(after=5.0)
_SUBJECT = Style(size=12.0, leading=16.0, bold=True, after=12.0, with_next=True)
_HEADING = Style(size=11.0, leading=15.0, bold=True, before=8.0, after=5.0, with_next=True)
_CLOSING = Style(before=6.0, after=4.0, with_next=True)
_SIGNATORY = Style(after=7.0)
_NOTICE = Style(size=9.5, leading=12.5, after=4.0, bold=True)
_TRANSLATED_SUBJECT = replace(_SUBJECT, before=10.0)


def letter_sections(letter: Letter, font: LetterFont, root: Element) -> list[list[Part]]:
    """The running text in reading order; each section begins on a page of its own."""
    main = _main_part(letter, font, Anchor.at(root))
    return [main, _translated_part(letter, letter.translation, font, root)] if letter.translation else [main]


def _main_part(letter: Letter, font: LetterFont, root: Anchor) -> list[Part]:
    blocks: list[Block] = [block for block in letter.blocks if not isinstance(block, Enclosures)]
    signature: Block | None = None
    if blocks and isinstance(blocks[-1], SignaturePlace):
        signature = blocks.pop()  # stands between the closing and the name
    parts = _text(font, root, letter.subject, _SUBJECT, "H1")
    parts += _text(font, root, letter.salutation, _BODY, "P")
    signed_off = bool(letter.closing.strip() or letter.signatory.strip()) or signature is not None
    for index, block in enumerate(blocks):
        # a closing and a signature never stand alone on a sheet: the last lines of the text go with them
        leads = signed_off and index == len(blocks) - 1
        parts += _block_parts(block, letter, font, root, leads=leads)
    parts += _text(font, root, letter.closing, _CLOSING, "P")
    if signature is not None:
        parts += _block_parts(signature, letter, font, root)
    parts += _text(font, root, letter.signatory, _SIGNATORY, "P")
    for enclosures in [block for block in letter.blocks if isinstance(block, Enclosures)]:
        parts += _block_parts(enclosures, letter, font, root)
    return parts


def _translated_part(letter: Letter, translation: Translation, font: LetterFont, root: Element) -> list[Part]:
    """The letter once more: its own language, so that a screen reader speaks it right (PDF/UA-1, 7.2)."""
    whole = Anchor(root, "Sect", Lang=translation.language)
    own, _, other = translation.notice.partition("\n")
    parts = _text(font, whole, own, _NOTICE, "P", language=letter.language)
    parts += _text(font, whole, other, _NOTICE, "P")
    parts += _text(font, whole, translation.subject, _TRANSLATED_SUBJECT, "H1")
    parts += _text(font, whole, translation.salutation, _BODY, "P")
    signed_off = bool(translation.closing.strip() or letter.signatory.strip())
    blocks: list[Block] = [block for block in translation.blocks if not isinstance(block, Enclosures)]
    for index, block in enumerate(blocks):
        leads = signed_off and index == len(blocks) - 1
        parts += _block_parts(block, letter, font, whole, leads=leads)
    parts += _text(font, whole, translation.closing, _CLOSING, "P")
    parts += _text(font, whole, letter.signatory, _SIGNATORY, "P", language=letter.language)
    for enclosures in [block for block in translation.blocks if isinstance(block, Enclosures)]:
        parts += _block_parts(enclosures, letter, font, whole)
    return parts


def _text(
    font: LetterFont,
    root: Anchor,
    text: str,
    style: Style,
    tag: str,
    *,
    leads: bool = False,
    language: str | None = None,
) -> list[Part]:
    """One part, or none for an empty text. ``language``: where it is not that of ``root``."""
    if not text.strip():
        return []
    style = replace(style, tail_with_next=leads)
    anchor = Anchor(root, tag, **({"Lang": language} if language else {}))
    return [TextPart(font, anchor, text, style, LEFT, TEXT_WIDTH)]


def _block_parts(
    block: Block, letter: Letter, font: LetterFont, root: Anchor, *, leads: bool = False
) -> list[Part]:
    match block:
        case Paragraph():
            return _text(font, root, block.text, _BODY, "P", leads=leads)
        case Heading():
            return _text(font, root, block.text, _HEADING, "H2")
        case AppealNotice():
            return [
                *_text(font, root, block.heading, _HEADING, "H2"),
                *_text(font, root, block.text, _BODY, "P", leads=leads),
            ]
        case NumberedList():
            labels = [f"{block.start + index}. " for index in range(len(block.items))]
            return _list(block.items, labels, "Decimal", font, root, leads=leads)
        case BulletList():
            return _list(block.items, ["• "] * len(block.items), "Disc", font, root, leads=leads)
        case Table():
            return table_parts(block, font, root, leads=leads)
        case Enclosures():
            heading = _text(font, root, block.heading, _HEADING, "H2")
            return [*heading, *_list(block.items, ["• "] * len(block.items), "Disc", font, root)]
        case SignaturePlace():
            return [SignatureBox(font, root, block.text or letter.words.signature, LEFT)]


def _list(
    items: Sequence[str],
    labels: Sequence[str],
    numbering: str,
    font: LetterFont,
    root: Anchor,
    *,
    leads: bool = False,
) -> list[Part]:
    whole = Anchor(root, "L", ListNumbering=numbering)
    indent = max((font.regular.width(label, _ITEM.size) for label in labels), default=0.0) + 6
    return [
        TextPart(
            font,
            Anchor(whole, "LI"),
            item,
            replace(_ITEM, tail_with_next=leads and index == len(items) - 1),
            LEFT + 4,
            TEXT_WIDTH - 4,
            label=label,
            indent=indent,
        )
        for index, (item, label) in enumerate(zip(items, labels, strict=True))
    ]
