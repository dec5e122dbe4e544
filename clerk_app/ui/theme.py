"""Look: colours from tokens, one palette, one font, one factor for everything that has a size."""

from __future__ import annotations

import json
from functools import lru_cache

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from clerk_app.ui import icons
from clerk_app.ui.resources import resource_dir
from clerk_app.ui.settings import ThemeChoice, WindowSettings, clamped_scale, font_scale, theme_choice
from clerk_app.ui.stylesheet import stylesheet

FONT_FAMILY = "Noto Sans"
#: Arrows and a few marks that it lacks.
SIGNS_FAMILY = "Amtsstube Signs"
_FONT_FILES = ("NotoSans-Regular", "NotoSans-Bold", "AmtsstubeSigns-Regular")


@lru_cache(maxsize=2)
def load_tokens(mode: str) -> dict[str, str]:
    """The colour tokens of ``light`` or ``dark``: role to ``#RRGGBB``."""
    text = (resource_dir("style") / f"tokens-{mode}.json").read_text(encoding="utf-8")
    return {role: value for role, value in json.loads(text).items() if not role.startswith("_")}


@lru_cache(maxsize=1)
def _load_fonts() -> None:
    # Never rely on a machine's fonts: names of the whole DIN 91379 set must be shown everywhere.
    for name in _FONT_FILES:
        QFontDatabase.addApplicationFont(str(resource_dir("fonts") / f"{name}.ttf"))


class Theme(QObject):
    """The one place that knows colours and sizes. ``changed`` follows every switch of look or text size."""

    changed = Signal()

    def __init__(self, app: QApplication, settings: WindowSettings) -> None:
        super().__init__()
        self._app = app
        self._settings = settings
        self._tokens = load_tokens("light")
        self.scale = 1.0
        app.styleHints().colorSchemeChanged.connect(self.refresh)

    @property
    def dark(self) -> bool:
        """Whether the dark colours are in force."""
        return self._tokens is load_tokens("dark")

    def choose(self, choice: ThemeChoice) -> None:
        """Light, dark, or as the system says."""
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
        system_dark = self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        dark = choice is ThemeChoice.DARK or (choice is ThemeChoice.SYSTEM and system_dark)
        self._tokens = load_tokens("dark" if dark else "light")
        self.scale = font_scale(self._settings)
        _load_fonts()
        self._app.setStyle("Fusion")
        self._app.setPalette(self._palette())
        self._app.setFont(self.font(13))
        self._app.setStyleSheet(stylesheet(self._tokens, self.scale))
        self.changed.emit()

    def hex(self, role: str) -> str:
        """A token as ``#RRGGBB``."""
        return self._tokens[role]

    def color(self, role: str) -> QColor:
        """A token as a colour."""
        return QColor(self._tokens[role])

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

    def icon(self, name: str, role: str = "muted", size: int = 20) -> QIcon:
        """An icon in the colour of ``role``."""
        return icons.icon(name, self.hex(role), self.hex("border"), self.px(size), self._ratio())

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
