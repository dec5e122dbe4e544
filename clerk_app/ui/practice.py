"""ÜBUNG: a practice office says so on every window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout

from clerk_app.texts import _
from clerk_app.ui.widgets import label
from clerk_app.usecases.desk import OfficeFacts


def add_practice_band(layout: QVBoxLayout, office: OfficeFacts) -> None:
    """Puts the band on top when the office is one for practice."""
    if office.practice:
        layout.insertWidget(0, practice_band())


def practice_band() -> QLabel:
    """The band itself."""
    band = label(_("ÜBUNG – erfundene Anträge, nichts ist rechtswirksam"), "practice")
    band.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return band
