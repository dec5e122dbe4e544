"""Hilfethemen: short texts that ship with the program, found by word and by screen. No Qt here.

A topic is a file in ``resources/help/<language>``: the title in the first line, then ``screens:`` with the
screens it explains, then paragraphs, ``## `` headings and ``- `` points. ``{command.id}`` stands for the key
of a command of the registry, so that no text can name a key that does nothing; ``OFFICE_FACTS`` stand for
what the office says of itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from clerk_app.domain.needle import Needle
from clerk_app.ui.blocks import Block, BlockKind
from clerk_app.ui.resources import resource_dir

OFFICE_FACTS = frozenset({"office.accessibility_contact", "office.enforcement_body"})
_KEY = re.compile(r"\{([a-z_]+\.[a-z_]+)\}")


@dataclass(frozen=True)
class Topic:
    """Hilfethema. ``blocks`` begin with the title."""

    topic_id: str
    screens: frozenset[str]
    blocks: tuple[Block, ...]

    @property
    def title(self) -> str:
        """The heading of it all."""
        return self.blocks[0].text

    def named_keys(self) -> frozenset[str]:
        """Ids of the commands whose keys the text names."""
        return frozenset(name for block in self.blocks for name in _KEY.findall(block.text))

    def spelled(self, key_of: Callable[[str], str]) -> Topic:
        """The same with every key as it is written on the keyboard."""
        blocks = tuple(
            Block(block.kind, _KEY.sub(lambda found: key_of(found[1]), block.text)) for block in self.blocks
        )
        return Topic(self.topic_id, self.screens, blocks)


@lru_cache(maxsize=4)
def load_topics(language: str) -> tuple[Topic, ...]:
    """The topics in a language, in reading order; German where there are none in it."""
    folder = resource_dir("help") / language
    if not folder.is_dir():
        folder = resource_dir("help") / "de"
    return tuple(
        read_topic(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.txt"))
    )


def read_topic(topic_id: str, text: str) -> Topic:
    """A topic from its file."""
    title, screens, *rest = text.splitlines()
    blocks = [Block(BlockKind.TITLE, title.strip())]
    lines: list[str] = []

    def close() -> None:
        if lines:
            words = " ".join(lines)
            kind = BlockKind.PARAGRAPH
            for mark, marked in (("## ", BlockKind.HEADING), ("- ", BlockKind.POINT)):
                if words.startswith(mark):
                    words, kind = words.removeprefix(mark), marked
            blocks.append(Block(kind, words))
            lines.clear()

    for line in rest:
        stripped = line.strip()
        if not stripped or stripped.startswith(("## ", "- ")):
            close()
        if stripped:
            lines.append(stripped)
        if stripped.startswith("## "):
            close()
    close()
    return Topic(topic_id, frozenset(screens.removeprefix("screens:").split()), tuple(blocks))


def find_topics(topics: Sequence[Topic], words: str) -> tuple[Topic, ...]:
    """Topics that have every word somewhere, those with the word in the title or a heading first."""
    needles = [Needle(word) for word in words.split()]
    if not needles:
        return tuple(topics)
    found = []
    for topic in topics:
        whole = "\n".join(block.text for block in topic.blocks)
        if not all(needle.spans(whole) for needle in needles):
            continue
        heads = [b.text for b in topic.blocks if b.kind in (BlockKind.TITLE, BlockKind.HEADING)]
        high = all(any(needle.spans(head) for head in heads) for needle in needles)
        found.append((not high, topic))
    return tuple(topic for _low, topic in sorted(found, key=lambda pair: pair[0]))


def topic_for(topics: Sequence[Topic], screen: str) -> Topic | None:
    """The topic that explains a screen."""
    return next((topic for topic in topics if screen in topic.screens), None)
