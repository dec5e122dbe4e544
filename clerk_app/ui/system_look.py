"""What the operating system says about looks: dark or light, high contrast, and the colours it wants then."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication


class SystemLook(QObject):
    """Follows the platform. ``changed`` when somebody switched something there."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._app = app
        # both are kept: with the wrapper of the hints the binding gives up that of the wishes, which live on
        self._hints = app.styleHints()
        self._wishes = self._hints.accessibility()
        self._hints.colorSchemeChanged.connect(self.changed)
        self._wishes.contrastPreferenceChanged.connect(self.changed)

    @property
    def dark(self) -> bool:
        """Whether the system is dark."""
        return self._hints.colorScheme() is Qt.ColorScheme.Dark

    @property
    def high_contrast(self) -> bool:
        """Whether the person asked the system for high contrast."""
        return self._wishes.contrastPreference() is Qt.ContrastPreference.HighContrast

    def palette(self) -> QPalette:
        """The system's own colours."""
        self._app.setPalette(QPalette())  # gives up ours, so that the application's are the system's again
        return QApplication.palette()


def contrast_tokens(palette: QPalette) -> dict[str, str]:
    """Our colour roles in the few colours of a high-contrast palette: ground, text, and the chosen one.

    Meanings that are colours elsewhere (overdue, in order) are icon and word alone here.
    """
    role = QPalette.ColorRole
    ground, text = palette.color(role.Window).name(), palette.color(role.WindowText).name()
    chosen, on_chosen = palette.color(role.Highlight).name(), palette.color(role.HighlightedText).name()
    gone = palette.color(QPalette.ColorGroup.Disabled, role.WindowText).name()
    tokens = dict.fromkeys(("bg", "side", "raised", "sel", "selside", "hover"), ground)
    tokens |= dict.fromkeys((f"{each}_bg" for each in ("info", "ok", "warn", "bad", "neu")), ground)
    tokens |= dict.fromkeys(("text", "muted", "line", "border", "info", "ok", "warn", "bad", "neu"), text)
    return tokens | {"act": chosen, "onact": on_chosen, "focus": chosen, "gone": gone}
