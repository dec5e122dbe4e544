"""Schriften: the shipped letter font, which texts it can set, and where lines break.

Fonts installed on a machine are never used: a letter must look and read the same everywhere. A character
without a glyph is an error, because the PDF library would silently draw an empty box in somebody's name.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode

_PACKAGE = Path(__file__).resolve().parent.parent
_SPACES = str.maketrans(
    dict.fromkeys("\t\v\f\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u205f\u3000", " ")
    | {"\u2007": "\u00a0"}
)
_LINE_ENDS = {"\r\n": "\n", "\r": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
_KEPT_TOGETHER = "\u00a0\u202f"  # spaces at which no line may end


def fonts_directory() -> Path:
    """Where the shipped fonts lie: inside an installed package, else in the project's ``resources``."""
    packaged = _PACKAGE / "_resources" / "fonts"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "resources" / "fonts"


@dataclass(frozen=True, slots=True)
class Face:
    """One weight of the letter font as reportlab knows it. Lengths are in points."""

    name: str
    widths: dict[int, float]  # per code point, in thousandths of the font size

    def width(self, text: str, size: float) -> float:
        """Width of ``text`` in points; ``text`` must have been through ``typeset``."""
        widths = self.widths
        return sum([widths[code] for code in map(ord, text)]) * size / 1000


class LetterFont:
    """Briefschrift: regular and bold, carrying every letter of DIN 91379.

    A PDF writer without a shaping engine cannot place combining marks. The font therefore has a ready-made
    glyph at a private code point for every sequence of the standard; ``placed`` says which, and ``finish``
    writes the sequence itself into the document's text map.
    """

    def __init__(self, directory: Path) -> None:
        self.regular = _register(directory / "AmtsstubeSans-Regular.ttf")
        self.bold = _register(directory / "AmtsstubeSans-Bold.ttf")
        codes: dict[str, str] = json.loads((directory / "placed-marks.json").read_text(encoding="ascii"))
        self.placed = {text: chr(int(code, 16)) for text, code in codes.items()}
        longest_first = sorted(self.placed, key=len, reverse=True)
        self._sequence = re.compile("|".join(map(re.escape, longest_first)))
        known = self.regular.widths.keys() & self.bold.widths.keys()
        self._letters = frozenset(char for char in map(chr, known) if _can_be_set(char))

    def clean(self, text: str) -> str:
        """The text as it will be set: NFC, spaces unified, invisible characters removed.

        Invisible format characters (text direction marks pasted along with a telephone number, zero-width
        joiners, soft hyphens) carry no letter and can make a text read otherwise than it is stored, so they
        are left out; control characters become spaces.

        Raises GLYPH_MISSING (params ``code_points``) for letters the font cannot set, and for writing from
        right to left, which this layout would set in the wrong order.
        """
        for old, new in _LINE_ENDS.items():
            text = text.replace(old, new)
        text = unicodedata.normalize("NFC", text).translate(_SPACES)
        strangers = set(text) - self._letters - {"\n"}
        if not strangers:
            return text
        replaced: dict[str, str | int | None] = {}
        missing: list[str] = []
        for char in sorted(strangers):
            category = unicodedata.category(char)
            if category == "Cc":
                replaced[char] = " "
            elif category == "Cf":
                replaced[char] = ""
            else:
                missing.append(f"U+{ord(char):04X}")
        if missing:
            raise ClerkError(
                ErrorCode.GLYPH_MISSING, {"code_points": ", ".join(missing)}, Disposition.ASK_CLERK
            )
        return text.translate(str.maketrans(replaced))

    def typeset(self, text: str) -> str:
        """The cleaned text with the standard's sequences as their ready-made glyphs: only for drawing."""
        text = self.clean(text)
        if text.isascii():
            return text
        return self._sequence.sub(lambda match: self.placed[match.group()], text)

    def require_glyphs(self, texts: Iterable[str]) -> None:
        """Raise GLYPH_MISSING naming every character of all ``texts`` that cannot be set."""
        self.clean("\n".join(texts))

    def lines(self, text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
        """Break a text into lines of at most ``width`` points.

        A line that ends at a space keeps that space: without it a screen reader, and everything that extracts
        text, would glue the last word to the first of the next line. Words longer than a line are cut.
        """
        face = self.bold if bold else self.regular
        done: list[str] = []
        for paragraph in self.typeset(text).split("\n"):
            done.extend(_broken(paragraph.split(" "), width, size, face))
            done[-1] = done[-1].rstrip(" ") + " "
        while done and not done[-1].strip():
            done.pop()
        if done:
            done[-1] = done[-1].rstrip(" ")
        return done

    def stacked(self, texts: Iterable[str], width: float, size: float) -> list[str]:
        """Lines of several texts, each on lines of its own; a space parts it from the next."""
        done: list[str] = []
        for text in texts:
            if lines := self.lines(text, width, size):
                done += [*lines[:-1], lines[-1].rstrip(" ") + " "]
        return done


def _can_be_set(char: str) -> bool:
    return (
        ord(char) < 0x10000  # the PDF writer's text map knows no more
        and unicodedata.category(char) not in ("Cc", "Cf", "Cn", "Co", "Cs")
        and unicodedata.bidirectional(char) not in _RIGHT_TO_LEFT
    )


def _broken(words: list[str], width: float, size: float, face: Face) -> list[str]:
    space = face.width(" ", size)
    done: list[str] = []
    line: list[str] = []
    used = 0.0
    for word in words:
        if not word:
            continue
        needed = face.width(word, size)
        if line and used + space + needed > width:
            done.append(" ".join(line) + " ")
            line, used = [], 0.0
        rest = word
        while needed > width:
            head = _head(rest, width, size, face)
            done.append(head)
            rest = rest[len(head) :]
            needed = face.width(rest, size)
        if rest:
            used += needed + (space if line else 0.0)
            line.append(rest)
    done.append(" ".join(line))
    return done


def _head(word: str, width: float, size: float, face: Face) -> str:
    """As much of an overlong word as fits; cut after a hyphen, slash or dot where there is one.

    An address is not cut after a hyphen: readers take it for one that only parts a word, and drop it.
    """
    used = 0.0
    fits = 0
    for char in word:
        used += face.width(char, size)
        if used > width:
            break
        fits += 1
    fits = max(fits, 1)
    cuts = "/.,@_?&=" + _KEPT_TOGETHER + ("" if "/" in word or "@" in word else "-")
    for index in range(fits, fits // 2, -1):
        if word[index - 1] in cuts:
            return word[:index]
    while fits > 1 and unicodedata.combining(word[fits : fits + 1] or " "):
        fits -= 1
    return word[:fits]


def _register(path: Path) -> Face:
    if not path.is_file():
        raise ClerkError(ErrorCode.INTERNAL, {"missing": path.name}, Disposition.BUG)
    font = TTFont(path.stem, str(path), shapable=False)
    pdfmetrics.registerFont(font)
    return Face(path.stem, dict(font.face.charWidths))


@functools.lru_cache(maxsize=4)
def letter_font(directory: Path) -> LetterFont:
    """The letter font from this directory; parsed once per process."""
    return LetterFont(directory)
