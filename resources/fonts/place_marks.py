"""Makes the letter font from Arimo: a glyph of its own for every DIN 91379 letter with a combining mark.

A PDF writer without a shaping engine draws a combining mark at the font's default place: beside the letter in
Arimo and Noto, through capitals in DejaVu. Shaping at run time moves the mark with the text cursor, and then
text extraction tears 43 to 104 of the 930 entries apart. So the shaping is done here, once: for each sequence
HarfBuzz places the marks, the outlines are joined into one glyph, and the glyph gets a private code point.
``placed-marks.json`` says which code point stands for which sequence; the program writes the sequence itself
into the PDF's ToUnicode map, so what is extracted is the standard's own spelling.

Needs fontTools and uharfbuzz (development only):

    python place_marks.py letters-1.3.txt Arimo-Regular.ttf Arimo-Bold.ttf

``letters-1.3.txt`` is the list of the KoSIT "String.Latin+ 1.3" / DIN 91379:2022-08 letters
(``group; kind; code points; name; letter`` per line). The result is covered by the SIL Open Font License 1.1.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from pathlib import Path

import uharfbuzz
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

FAMILY = "Amtsstube Sans"
FIRST_CODE = 0xE000
NEEDLESS = ("GPOS", "GSUB", "GDEF", "fpgm", "prep", "cvt ", "gasp", "hdmx", "VDMX", "LTSH", "DSIG", "meta")


def sequences(listing: Path) -> list[str]:
    """All entries of more than one code point, in the order of the list."""
    found: list[str] = []
    for line in listing.read_text(encoding="utf-8").splitlines():
        text = "".join(chr(int(code, 16)) for code in line.split("; ")[2].split())
        text = unicodedata.normalize("NFC", text)
        if len(text) > 1:
            found.append(text)
    return found


def add_sequence(font: TTFont, shaper: uharfbuzz.Font, text: str, code: int) -> None:
    """Join the glyphs HarfBuzz places for ``text`` into one glyph at ``code``."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(shaper, buffer, {"kern": False, "liga": False})
    glyphs = font.getGlyphSet()
    pen = TTGlyphPen(None)
    x = 0
    for glyph, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        name = font.getGlyphName(glyph.codepoint)
        outline = DecomposingRecordingPen(glyphs)
        glyphs[name].draw(outline)
        outline.replay(TransformPen(pen, (1, 0, 0, 1, x + place.x_offset, place.y_offset)))
        x += place.x_advance
    made = pen.glyph()
    name = f"placed{code:04X}"
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"][name] = made
    made.recalcBounds(font["glyf"])
    font["hmtx"][name] = (x, getattr(made, "xMin", 0))
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[code] = name


def build(listing: Path, source: Path, target: Path, style: str) -> dict[str, str]:
    """Write one weight; return code point (hexadecimal) by sequence."""
    font = TTFont(source)
    shaper = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(source))))
    placed: dict[str, str] = {}
    for offset, text in enumerate(sequences(listing)):
        add_sequence(font, shaper, text, FIRST_CODE + offset)
        placed[text] = f"{FIRST_CODE + offset:04X}"
    _end_metrics(font)
    for table in NEEDLESS:
        if table in font:
            del font[table]
    for name in font.getGlyphOrder():
        glyph = font["glyf"][name]
        glyph.expand(font["glyf"])
        glyph.removeHinting()
    _rename(font, style)
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.save(target)
    return placed


def _end_metrics(font: TTFont) -> None:
    """An empty last glyph of a width of its own: no run of equal widths at the end of ``hmtx`` is shortened.

    reportlab reads a shortened table rightly, and writes wrong widths from it into its subsets.
    """
    font.setGlyphOrder([*font.getGlyphOrder(), "end"])
    font["glyf"]["end"] = TTGlyphPen(None).glyph()
    font["hmtx"]["end"] = (1, 0)


def _rename(font: TTFont, style: str) -> None:
    names = font["name"]
    postscript = f"{FAMILY.replace(' ', '')}-{style}"
    for record in list(names.names):
        if record.nameID in (1, 16):
            record.string = FAMILY
        elif record.nameID in (2, 17):
            record.string = style
        elif record.nameID in (3, 6):
            record.string = postscript
        elif record.nameID == 4:
            record.string = f"{FAMILY} {style}"
        elif record.nameID == 7:
            names.names.remove(record)
        elif record.nameID == 10:
            record.string = "Derived from Arimo 1.33; marks of DIN 91379 sequences placed."


def main(arguments: list[str]) -> None:
    """Build both weights beside this file."""
    listing, regular, bold = map(Path, arguments)
    here = Path(__file__).resolve().parent
    placed = build(listing, regular, here / "AmtsstubeSans-Regular.ttf", "Regular")
    if build(listing, bold, here / "AmtsstubeSans-Bold.ttf", "Bold") != placed:
        raise SystemExit("the weights differ")
    text = json.dumps(placed, ensure_ascii=True, indent=0, sort_keys=False)
    (here / "placed-marks.json").write_text(text + "\n", encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1:])
