"""Pictures of screens, compared pixel by pixel with those that were accepted.

Bundled fonts and the Fusion style paint the same pixels on every machine, so a comparison needs no tolerance.
``CLERK_SNAPSHOTS=write`` accepts what is painted now.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops
from PySide6.QtCore import QPropertyAnimation
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

ACCEPTED = Path(__file__).resolve().parent / "snapshots"
REFUSED = Path(__file__).resolve().parents[2] / ".cache" / "snapshots"
HOW = "CLERK_SNAPSHOTS=write accepts what is painted now."


def writing() -> bool:
    """Whether pictures are to be accepted, not compared."""
    return os.environ.get("CLERK_SNAPSHOTS") == "write"


def picture(widget: QWidget) -> Image.Image:
    """The widget as it stands on the screen, once nothing moves any more."""
    for moving in widget.findChildren(QPropertyAnimation):
        moving.setCurrentTime(moving.totalDuration())
    found = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    size = (found.width(), found.height())
    return Image.frombytes("RGB", size, bytes(found.constBits()), "raw", "RGB", found.bytesPerLine())


@dataclass(frozen=True)
class Album:
    """Accepted pictures of one folder; what differs goes into another one to look at."""

    accepted: Path = ACCEPTED
    refused: Path = REFUSED

    def keep(self, name: str, now: Image.Image) -> None:
        """Accepts a picture; one that says the same is left alone."""
        path = self._path(name)
        if path.exists() and not _difference(self._read(path), now):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")  # half a picture is worse than none
        now.save(fresh, "WEBP", lossless=True, quality=90, method=3)
        fresh.replace(path)

    def complaint(self, name: str, now: Image.Image) -> str | None:
        """What differs from the accepted picture, with where to look; None when not one pixel does."""
        path = self._path(name)
        if not path.exists():
            self._show(name, "new", now)
            return f"{name}: no picture was accepted; it is now {self.refused / name}-new.png. {HOW}"
        before = self._read(path)
        differs = _difference(before, now)
        if differs is None:
            return None
        self._show(name, "new", now)
        self._show(name, "differs", differs.marked)
        return (
            f"{name}: {differs.pixels} pixels differ within {differs.box} (left, top, right, bottom) of"
            f" {before.size}; see {self.refused / name}-new.png and -differs.png. {HOW}"
        )

    def strays(self, names: set[str]) -> list[str]:
        """Accepted pictures of screens that are not there any more."""
        there = {path.stem for path in self.accepted.glob("*.webp")}
        return sorted(there - names)

    def drop(self, names: list[str]) -> None:
        """Takes accepted pictures away."""
        for name in names:
            self._path(name).unlink()

    def _path(self, name: str) -> Path:
        return self.accepted / f"{name}.webp"

    def _show(self, name: str, what: str, shown: Image.Image) -> None:
        self.refused.mkdir(parents=True, exist_ok=True)
        shown.save(self.refused / f"{name}-{what}.png")

    @staticmethod
    def _read(path: Path) -> Image.Image:
        with Image.open(path) as stored:
            return stored.convert("RGB")


@dataclass(frozen=True)
class Difference:
    """How many pixels, where, and a picture that shows them: red on what was, paled."""

    pixels: int
    box: tuple[int, int, int, int]
    marked: Image.Image


def _difference(before: Image.Image, now: Image.Image) -> Difference | None:
    if before.size != now.size:
        return Difference(now.width * now.height, (0, 0, *now.size), now)
    bands = ImageChops.difference(before, now).split()
    mask = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2]).point(
        lambda value: 255 if value else 0
    )
    box = mask.getbbox()
    if box is None:
        return None
    pale = Image.blend(before, Image.new("RGB", before.size, "white"), 0.6)
    pale.paste(Image.new("RGB", before.size, "red"), mask=mask)
    return Difference(mask.histogram()[255], box, pale)
