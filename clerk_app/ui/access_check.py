"""Selbstprüfung der Barrierefreiheit: what this window, as it stands, fulfils of EN 301 549, chapter 11."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from PySide6.QtCore import QAbstractAnimation, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QProgressBar, QWidget

from clerk_app.texts import N_, _, formats
from clerk_app.ui.access_walk import clipped, misnamed, small_targets, unnamed
from clerk_app.ui.commands import Commands, Screen
from clerk_app.ui.contrast import weak_pairs
from clerk_app.ui.theme import Theme

_QUICK_MS = 500


class Verdict(StrEnum):
    """What came of a check; the value is the German source."""

    MET = N_("erfüllt")
    NOT_MET = N_("nicht erfüllt")
    NOTE = N_("Hinweis")
    BY_HAND = N_("von Hand zu prüfen")


@dataclass(frozen=True)
class AccessLine:
    """One requirement. ``clause`` of EN 301 549 V3.2.1 (or WCAG 2.2 where named)."""

    clause: str
    title: str
    verdict: Verdict
    details: str = ""


@dataclass(frozen=True)
class Subject:
    """What is looked at."""

    window: QWidget
    commands: Commands
    theme: Theme


def examine(subject: Subject) -> list[AccessLine]:
    """All checks, on the screen in front."""
    return [check(subject) for check in _CHECKS]


def as_text(lines: list[AccessLine]) -> str:
    """For a mail or a report."""
    head = _("Selbstprüfung der Barrierefreiheit (EN 301 549, Kapitel 11)")
    told = [
        f"{line.clause}\t{line.title}\t{_(line.verdict.value)}\t{line.details}".rstrip() for line in lines
    ]
    return "\n".join([head, *told])


def _judged(clause: str, title: str, faults: list[str]) -> AccessLine:
    shown = "; ".join(faults[:5]) + (" …" if len(faults) > 5 else "")
    return AccessLine(clause, title, Verdict.NOT_MET if faults else Verdict.MET, shown)


def _names(subject: Subject) -> AccessLine:
    return _judged("11.4.1.2", _("Alles Bedienbare hat einen Namen"), unnamed(subject.window))


def _contrast(subject: Subject) -> AccessLine:
    weak = weak_pairs(subject.theme.tokens)
    faults = [f"{first}/{second} {formats.decimal(Decimal(str(found)))}:1" for first, second, found in weak]
    return _judged("11.1.4.3", _("Schrift und Ränder heben sich ab (4,5:1 und 3:1)"), faults)


def _targets(subject: Subject) -> AccessLine:
    return _judged(
        "2.5.8",
        _("Was angeklickt wird, ist mindestens 24 × 24 groß oder hat Abstand (WCAG 2.2)"),
        small_targets(subject.window),
    )


def _fits(subject: Subject) -> AccessLine:
    title = _("Nichts ist abgeschnitten bei Schriftgröße {percent} %")
    percent = round(subject.theme.scale * 100)
    return _judged("11.1.4.4", title.format(percent=percent), clipped(subject.window))


def _keyboard(subject: Subject) -> AccessLine:
    lost = [command.label for command in subject.commands.all() if command.menu is None and not command.keys]
    return _judged("11.2.1.1", _("Jeder Befehl ist ohne Maus erreichbar"), lost)


def _keys(subject: Subject) -> AccessLine:
    used: Counter[tuple[str, Screen]] = Counter()
    for command in subject.commands.all():
        for screen in command.key_screens or command.screens or frozenset(Screen):
            used.update((key, screen) for key in command.keys)
    doubled = sorted({key for (key, _screen), number in used.items() if number > 1})
    return _judged("11.2.1.1", _("Jede Taste bedeutet in einer Ansicht nur eines"), doubled)


def _letters(subject: Subject) -> AccessLine:
    on = subject.commands.single_keys_on
    words = _("eingeschaltet, abschaltbar in den Einstellungen") if on else _("abgeschaltet")
    return AccessLine("11.2.1.4", _("Einzelne Buchstaben als Tasten"), Verdict.NOTE, words)


def _preferences(subject: Subject) -> AccessLine:
    theme = subject.theme
    words = _("hoher Kontrast") if theme.high_contrast else _("Farben nach Einstellung oder System")
    # what the system wants cannot be asked everywhere: a person compares
    return AccessLine("11.7", _("Einstellungen des Systems werden beachtet"), Verdict.BY_HAND, words)


def _motion(subject: Subject) -> AccessLine:
    """Animations without an end and bars that only say "busy" move. What a timer paints cannot be seen from
    here: quick ones that repeat are named, for a person to look at."""
    window, running = subject.window, QAbstractAnimation.State.Running
    moving = [
        type(each).__name__
        for each in window.findChildren(QAbstractAnimation)
        if each.state() == running and each.totalDuration() < 0  # without an end
    ]
    moving += [
        each.accessibleName() or type(each).__name__
        for each in window.findChildren(QProgressBar)
        if each.isVisible() and each.minimum() == each.maximum()
    ]
    line = _judged("11.2.2.2", _("Nichts bewegt sich von selbst ohne Ende"), moving)
    timers = [
        f"{type(each.parent()).__name__} ({each.interval()} ms)"
        for each in window.findChildren(QTimer)
        if each.isActive() and not each.isSingleShot() and each.interval() <= _QUICK_MS
    ]
    if moving or not timers:
        return line
    words = _("Zeitgeber, die etwas bewegen könnten: {timers}").format(timers=", ".join(timers[:5]))
    return AccessLine(line.clause, line.title, Verdict.BY_HAND, words)


def _labels(subject: Subject) -> AccessLine:
    return _judged(
        "11.2.5.3", _("Der Name enthält, was auf der Schaltfläche steht"), misnamed(subject.window)
    )


def _reader(_subject: Subject) -> AccessLine:
    active = bool(QAccessible.isActive())
    words = (
        _("Ein Bildschirmvorleser ist verbunden.") if active else _("Kein Bildschirmvorleser ist verbunden.")
    )
    return AccessLine("11.5.2", _("Bildschirmvorleser"), Verdict.NOTE, words)


def _by_hand(_subject: Subject) -> AccessLine:
    words = _("mit NVDA, JAWS und der Bildschirmlupe unter Windows; das konnte beim Bau nicht geschehen")
    return AccessLine("11.5.2", _("Vorlesen unter Windows"), Verdict.BY_HAND, words)


_CHECKS: tuple[Callable[[Subject], AccessLine], ...] = (
    _names,
    _labels,
    _contrast,
    _targets,
    _fits,
    _keyboard,
    _keys,
    _letters,
    _preferences,
    _motion,
    _reader,
    _by_hand,
)
