"""A text to be read from top to bottom, as plain blocks. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """How a block is set."""

    TITLE = "title"
    HEADING = "heading"
    SUBHEADING = "subheading"
    PARAGRAPH = "paragraph"
    POINT = "point"


@dataclass(frozen=True)
class Block:
    """One heading, paragraph or point."""

    kind: BlockKind
    text: str


HEADINGS = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.SUBHEADING})
