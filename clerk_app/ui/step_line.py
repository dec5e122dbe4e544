"""Schrittleiste: Prüfen → Bescheid → Vorschau → Signieren → Postausgang."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from clerk_app.texts import N_, _
from clerk_app.ui.theme import Theme

STEPS = (N_("Prüfen"), N_("Bescheid"), N_("Vorschau"), N_("Signieren"), N_("Postausgang"))

_UNBOUND = 16777215  # what Qt calls QWIDGETSIZE_MAX


class StepLine(QWidget):
    """Says where in the work one is. Only to be looked at."""

    def __init__(self, theme: Theme, step: int = 0) -> None:
        super().__init__()
        self._theme = theme
        self._step = step
        self._names = STEPS
        self._compact = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._resize)
        self.show_step(step)

    def show_step(self, step: int) -> None:
        """``step`` counts from 0; earlier ones are done."""
        self._step = step
        words = _("Schritt {at} von {all}: {name}")
        self.setAccessibleName(words.format(at=step + 1, all=len(STEPS), name=_(self._names[step])))
        self._resize()

    def set_compact(self, on: bool) -> None:
        """Numbers and the name of the present step alone, as wide as that: to stand beside something."""
        self._compact = on
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Fixed if on else policy.Ignored, policy.Fixed)
        self._resize()

    def show_review(self, *, due: bool) -> None:
        """With the four-eyes rule a second clerk comes before the signature."""
        self._names = (*STEPS[:3], N_("Zur Mitzeichnung"), N_("Unterschriftsmappe")) if due else STEPS
        self.show_step(self._step)

    def sizeHint(self) -> QSize:
        """One line with all names."""
        return QSize(self._needed_compact() if self._compact else self._needed() + 1, self._theme.px(24))

    def minimumSizeHint(self) -> QSize:
        """Numbers alone, where there is no room."""
        return QSize(self._theme.px(200), self._theme.px(24))

    @Slot()
    def _resize(self) -> None:
        if self._compact:
            self.setFixedWidth(self._needed_compact())
        else:
            self.setMinimumWidth(0)
            self.setMaximumWidth(_UNBOUND)
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Circles with numbers, names, lines between; names are left out when there is no room."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, middle, size = 0, self.height() // 2, theme.px(20)
        names = self._fits()
        for at, name in enumerate(self._names):
            done, now = at < self._step, at == self._step
            circle = QRect(x + 1, middle - size // 2, size, size)
            painter.setPen(QPen(theme.color("act" if done or now else "border"), 1))
            painter.setBrush(theme.color("act") if now else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(circle)
            painter.setFont(theme.font(11, bold=True))
            painter.setPen(theme.color("onact" if now else "act" if done else "text"))
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, "✓" if done else str(at + 1))
            x += size + theme.px(6)
            if names or now:
                font = theme.font(12, bold=now)
                width = QFontMetrics(font).horizontalAdvance(_(name))
                painter.setFont(font)
                painter.setPen(theme.color("text" if now else "muted"))
                box = QRect(x, 0, width + 2, self.height())
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, _(name))
                x += width + theme.px(10)
            if at < len(STEPS) - 1:
                between = theme.px(10 if self._compact else 22)
                painter.fillRect(QRect(x, middle, between, 1), theme.color("border"))
                x += between + theme.px(10)
        painter.end()

    def _fits(self) -> bool:
        return not self._compact and self._needed() < self.width()

    def _needed_compact(self) -> int:
        theme = self._theme
        name = QFontMetrics(theme.font(12, bold=True)).horizontalAdvance(_(self._names[self._step]))
        return name + len(STEPS) * theme.px(46) - theme.px(10)

    def _needed(self) -> int:
        theme = self._theme
        metrics = QFontMetrics(theme.font(12, bold=True))
        words = sum(metrics.horizontalAdvance(_(name)) for name in self._names)
        return words + len(STEPS) * theme.px(70)
