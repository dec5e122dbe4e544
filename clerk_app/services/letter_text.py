"""A letter's words as plain text, for a mailbox."""

from __future__ import annotations

from collections.abc import Sequence

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
)


def message_text(letter: Letter) -> str:
    """The letter's words; items stand as ``- `` lines. A translation follows the German text; its items stand
    as ``* `` lines, so that nobody reads them as further ones."""
    lines = [*_opening(letter.salutation), *_lines(letter.blocks, "-"), letter.closing, letter.signatory]
    translation = letter.translation
    if translation is not None:
        lines += ["", translation.notice, "", translation.subject, ""]
        lines += [*_opening(translation.salutation), *_lines(translation.blocks, "*")]
        lines += [translation.closing, letter.signatory]
    return "\n".join(lines).strip() + "\n"


def _opening(salutation: str) -> list[str]:
    return [salutation, ""] if salutation else []


def _lines(blocks: Sequence[Block], bullet: str) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        match block:
            case Paragraph():
                lines += [block.text, ""]
            case Heading():
                lines += [block.text]
            case BulletList():
                lines += [*(f"{bullet} {item}" for item in block.items), ""]
            case NumberedList():
                lines += [*(f"{n}. {item}" for n, item in enumerate(block.items, block.start)), ""]
            case Table():
                lines += [*(": ".join(part for part in row if part) for row in block.rows), ""]
            case AppealNotice():
                lines += [block.heading, block.text, ""]
            case Enclosures():
                lines += [block.heading, *(f"+ {item}" for item in block.items), ""]
            case SignaturePlace():
                pass
    return lines
