"""Icons: SVG drawings filled with a colour of the theme when they are loaded."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from clerk_app.ui.resources import resource_dir


@lru_cache(maxsize=128)
def _drawing(name: str) -> str:
    return (resource_dir("icons") / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def pixmap(name: str, colour: str, size: int, device_ratio: float = 1.0) -> QPixmap:
    """The drawing ``name`` filled with ``colour`` (``#RRGGBB``), ``size`` logical pixels square."""
    source = _drawing(name).replace("<svg ", f'<svg fill="{colour}" ', 1)
    image = QPixmap(round(size * device_ratio), round(size * device_ratio))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, image.width(), image.height()))
    painter.end()
    image.setDevicePixelRatio(device_ratio)
    return image


def icon(
    name: str, colour: str, disabled: str, size: int, device_ratio: float = 1.0, chosen: str = ""
) -> QIcon:
    """An icon with its greyed-out variant, and another colour where its row is ``chosen``."""
    made = QIcon(pixmap(name, colour, size, device_ratio))
    made.addPixmap(pixmap(name, chosen or colour, size, device_ratio), QIcon.Mode.Selected)
    made.addPixmap(pixmap(name, disabled, size, device_ratio), QIcon.Mode.Disabled)
    return made
