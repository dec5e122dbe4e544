"""Look: colours from tokens, one palette, one font, one factor for everything that has a size."""

from __future__ import annotations

import json
from functools import lru_cache

from PySide6.QtCore import QObject, QRect, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtWidgets import QApplication

from clerk_app.ui import icons
from clerk_app.ui.resources import resource_dir
from clerk_app.ui.settings import ThemeChoice, WindowSettings, clamped_scale, font_scale, theme_choice
from clerk_app.ui.stylesheet import stylesheet
from clerk_app.ui.system_look import SystemLook, contrast_tokens

FONT_FAMILY = "Noto Sans"
#: Arrows and a few marks that it lacks.
SIGNS_FAMILY = "Amtsstube Signs"
_FONT_FILES = ("NotoSans-Regular", "NotoSans-Bold", "AmtsstubeSigns-Regular")


@lru_cache(maxsize=2)
def load_tokens(mode: str) -> dict[str, str]:
    """The colour tokens of ``light`` or ``dark``: role to ``#RRGGBB``."""
    text = (resource_dir("style") / f"tokens-{mode}.json").read_text(encoding="utf-8")
    return {role: value for role, value in json.loads(text).items() if not role.startswith("_")}


def own_contrast(mode: str) -> QPalette:
    """A high-contrast palette of our own, ``light`` or ``dark``: for those whose system has none."""
    told = json.loads((resource_dir("style") / "contrast.json").read_text(encoding="utf-8"))[mode]
    role = QPalette.ColorRole
    parts = {
        "ground": (role.Window, role.Base, role.AlternateBase, role.Button, role.ToolTipBase),
        "text": (role.WindowText, role.Text, role.ButtonText, role.ToolTipText, role.PlaceholderText),
        "chosen": (role.Highlight, role.Link, role.Accent),
        "on_chosen": (role.HighlightedText,),
    }
    palette = QPalette()
    for name, roles in parts.items():
        for each in roles:
            palette.setColor(each, QColor(told[name]))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(told["gone"]))
    return palette


@lru_cache(maxsize=1)
def _load_fonts() -> None:
    # Never rely on a machine's fonts: names of the whole DIN 91379 set must be shown everywhere.
    for name in _FONT_FILES:
        QFontDatabase.addApplicationFont(str(resource_dir("fonts") / f"{name}.ttf"))


class Theme(QObject):
    """The one place that knows colours and sizes. ``changed`` follows every switch of look or text size."""

    changed = Signal()

    def __init__(self, app: QApplication, settings: WindowSettings, system: SystemLook | None = None) -> None:
        super().__init__()
        self._app = app
        self._settings = settings
        self._tokens = load_tokens("light")
        self.scale = 1.0
        self.high_contrast = False
        self.system = system or SystemLook(app)
        self.system.changed.connect(self.refresh)

    @property
    def dark(self) -> bool:
        """Whether the ground is dark."""
        return self.color("bg").lightness() < 128

    def choose(self, choice: ThemeChoice) -> None:
        """Light, dark, high contrast, or as the system says."""
        self._settings.set("theme", choice.value)
        self.refresh()

    def set_scale(self, scale: float) -> None:
        """Text size: everything grows with it."""
        self._settings.set("font_scale", clamped_scale(scale))
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Reads the settings and the system's wish again and dresses the program accordingly."""
        choice = theme_choice(self._settings)
        dark = choice is ThemeChoice.DARK or (
            choice in (ThemeChoice.SYSTEM, ThemeChoice.CONTRAST) and self.system.dark
        )
        mode = "dark" if dark else "light"
        asked = self.system.high_contrast  # whoever needs it there needs it here, whatever was chosen before
        self.high_contrast = asked or choice is ThemeChoice.CONTRAST
        self.scale = font_scale(self._settings)
        _load_fonts()
        self._app.setStyle("Fusion")
        if self.high_contrast:
            palette = self.system.palette() if asked else own_contrast(mode)
            self._tokens = contrast_tokens(palette)
        else:
            self._tokens = load_tokens(mode)
            palette = self._palette()
        self._app.setPalette(palette)
        self._app.setFont(self.font(13))
        self._app.setStyleSheet(stylesheet(self._tokens, self.scale, high_contrast=self.high_contrast))
        self.changed.emit()

    @property
    def tokens(self) -> dict[str, str]:
        """The colours in force: role to ``#RRGGBB``."""
        return dict(self._tokens)

    def hex(self, role: str) -> str:
        """A token as ``#RRGGBB``."""
        return self._tokens[role]

    def color(self, role: str) -> QColor:
        """A token as a colour."""
        return QColor(self._tokens[role])

    def paint_selection(self, painter: QPainter, rect: QRect) -> None:
        """The ground of a chosen row. In high contrast a frame says it: a ground of the chosen colour would
        need every text on it in another one."""
        painter.fillRect(rect, self.color("sel"))
        self.frame_selection(painter, rect)

    def frame_selection(self, painter: QPainter, rect: QRect) -> None:
        """What high contrast adds to a chosen row."""
        if self.high_contrast:
            for edge in (
                QRect(rect.left(), rect.top(), rect.width(), 2),
                QRect(rect.left(), rect.bottom() - 2, rect.width(), 2),
            ):
                painter.fillRect(edge, self.color("act"))

    def px(self, size: float) -> int:
        """A length of the design (at text size 1.0) in logical pixels now."""
        return round(size * self.scale)

    def font(self, size: float, *, bold: bool = False) -> QFont:
        """The interface font in a size of the type scale (11, 12, 13, 18)."""
        font = QFont([FONT_FAMILY, SIGNS_FAMILY])
        font.setPixelSize(self.px(size))
        font.setBold(bold)
        font.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
        return font

    def icon(self, name: str, role: str = "muted", size: int = 20, *, plain_list: bool = False) -> QIcon:
        """An icon in the colour of ``role``. ``plain_list``: for rows that Qt itself paints, whose ground has
        the chosen colour in high contrast."""
        chosen = self.hex("onact") if plain_list and self.high_contrast else ""
        return icons.icon(name, self.hex(role), self.hex("border"), self.px(size), self._ratio(), chosen)

    def pixmap(self, name: str, role: str = "muted", size: int = 16) -> QPixmap:
        """An icon as a picture, for painting."""
        return icons.pixmap(name, self.hex(role), self.px(size), self._ratio())

    def _ratio(self) -> float:
        screen = QGuiApplication.primaryScreen()
        return screen.devicePixelRatio() if screen else 1.0

    def _palette(self) -> QPalette:
        palette = QPalette()
        roles = {
            QPalette.ColorRole.Window: "bg",
            QPalette.ColorRole.Base: "bg",
            QPalette.ColorRole.AlternateBase: "side",
            QPalette.ColorRole.Button: "raised",
            QPalette.ColorRole.ToolTipBase: "raised",
            QPalette.ColorRole.ToolTipText: "text",
            QPalette.ColorRole.WindowText: "text",
            QPalette.ColorRole.Text: "text",
            QPalette.ColorRole.ButtonText: "text",
            QPalette.ColorRole.PlaceholderText: "muted",
            QPalette.ColorRole.Highlight: "act",
            QPalette.ColorRole.HighlightedText: "onact",
            QPalette.ColorRole.Link: "act",
            QPalette.ColorRole.Light: "raised",
            QPalette.ColorRole.Midlight: "line",
            QPalette.ColorRole.Mid: "line",
            QPalette.ColorRole.Dark: "border",
            QPalette.ColorRole.Accent: "act",
        }
        for role, token in roles.items():
            palette.setColor(role, self.color(token))
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.color("border"))
        return palette
