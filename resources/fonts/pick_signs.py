"""Makes the font of signs from Noto Sans Math: arrows and a few marks that Noto Sans does not have.

Without it each machine would show them from another font, or not at all. Needs fontTools (development only):

    python pick_signs.py noto-sans-math-latin-400-normal.woff

The file is the one of the npm package ``@fontsource/noto-sans-math`` 5.3.0; the result is covered by the SIL
Open Font License 1.1.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FAMILY = "Amtsstube Signs"
SIGNS = "←↑→↓↔−≤≥≈⋯✓▲▼▶◀─│"


def main(source: str) -> None:
    """Writes ``AmtsstubeSigns-Regular.ttf`` beside this file."""
    font = TTFont(source)
    font.flavor = None
    options = Options(layout_features=[], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True)
    picked = Subsetter(options)
    picked.populate(text=SIGNS)
    picked.subset(font)
    names = {1: FAMILY, 3: f"{FAMILY} Regular", 4: FAMILY, 6: FAMILY.replace(" ", "")}
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]
    font["head"].modified = font["head"].created  # the same bytes every time
    font.recalcTimestamp = False
    font.save(Path(__file__).with_name("AmtsstubeSigns-Regular.ttf"))


if __name__ == "__main__":
    main(sys.argv[1])
