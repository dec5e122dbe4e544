"""Einstellungen as data: what can be set, what it is called, what it may be. No Qt here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clerk_app.texts import LANGUAGES, N_, _, ngettext
from clerk_app.ui.settings import LARGEST_SCALE, SMALLEST_SCALE, USUAL_LOCK_MINUTES, ThemeChoice
from clerk_app.ui.sidebar import AREAS, Area

AS_LEFT = "last"
START_AREAS = (AS_LEFT, *(area.value for area, words in AREAS.items() if words.view is not None))


@dataclass(frozen=True)
class Choice:
    """One value and what it is called."""

    value: object
    words: str


@dataclass(frozen=True)
class Setting:
    """Einstellung. ``name`` is its key in WindowSettings; ``restart``: it counts from the next start on."""

    name: str
    section: str  # German source
    title: str  # German source
    hint: str  # German source
    usual: object
    choices: Callable[[], tuple[Choice, ...]]
    restart: bool = False

    def says(self, words: str) -> bool:
        """Whether every word stands in its title, hint or choices."""
        text = " ".join(
            (_(self.section), _(self.title), _(self.hint), *(each.words for each in self.choices()))
        ).casefold()
        return all(word in text for word in words.casefold().split())


def _themes() -> tuple[Choice, ...]:
    return (
        Choice(ThemeChoice.SYSTEM.value, _("Wie das System")),
        Choice(ThemeChoice.LIGHT.value, _("Hell")),
        Choice(ThemeChoice.DARK.value, _("Dunkel")),
        Choice(ThemeChoice.CONTRAST.value, _("Hoher Kontrast")),
    )


def _scales() -> tuple[Choice, ...]:
    steps = range(round(SMALLEST_SCALE * 10), round(LARGEST_SCALE * 10) + 1)
    return tuple(Choice(step / 10, _("{n} %").format(n=step * 10)) for step in steps)


def _languages() -> tuple[Choice, ...]:
    return tuple(Choice(code, name) for code, name in LANGUAGES.items())


def _on_off() -> tuple[Choice, ...]:
    return (Choice(True, _("Ein")), Choice(False, _("Aus")))


def _areas() -> tuple[Choice, ...]:
    found = [Choice(AS_LEFT, _("Wo ich zuletzt war"))]
    return (*found, *(Choice(name, _(AREAS[Area(name)].text)) for name in START_AREAS[1:]))


def _quiet_hours() -> tuple[Choice, ...]:
    times = ("17:00-07:00", "18:00-07:00", "18:00-08:00", "20:00-06:00")
    return (Choice("", _("Keine")), *(Choice(each, each.replace("-", "–")) for each in times))


def _lock_minutes() -> tuple[Choice, ...]:
    steps = (1, 5, 10, 15, 30, 60)
    words = [Choice(n, ngettext("Nach {n} Minute", "Nach {n} Minuten", n).format(n=n)) for n in steps]
    return (*words, Choice(0, _("Nie")))


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "theme",
        N_("Darstellung"),
        N_("Farben"),
        N_("Hoher Kontrast gilt auch dann, wenn das System ihn verlangt."),
        ThemeChoice.SYSTEM.value,
        _themes,
    ),
    Setting(
        "font_scale",
        N_("Darstellung"),
        N_("Schriftgröße"),
        N_("Bei großer Schrift ordnen sich die Bereiche untereinander statt nebeneinander."),
        1.0,
        _scales,
    ),
    Setting(
        "language",
        N_("Sprache"),
        N_("Sprache der Oberfläche"),
        N_("Schreiben und Akten bleiben deutsch. Obersorbisch ist begonnen, das Übrige steht deutsch da."),
        "de",
        _languages,
        restart=True,
    ),
    Setting(
        "single_keys",
        N_("Tastatur"),
        N_("Befehle mit einem Buchstaben"),
        N_("N für den nächsten ungelesenen Vorgang, J und K für den nächsten und vorigen."),
        True,
        _on_off,
    ),
    Setting(
        "start_area",
        N_("Start"),
        N_("Bereich beim Start"),
        N_("Was das Fenster als Erstes zeigt."),
        AS_LEFT,
        _areas,
    ),
    Setting(
        "tray",
        N_("Meldungen"),
        N_("Neue Anträge als Meldung des Systems"),
        N_("Eine Meldung je Abgleich, ohne Namen, und nur wenn das Fenster nicht im Vordergrund ist."),
        True,
        _on_off,
    ),
    Setting(
        "quiet_hours",
        N_("Meldungen"),
        N_("Ruhezeit"),
        N_("In dieser Zeit wird nichts gemeldet; was kam, wird danach gesagt."),
        "",
        _quiet_hours,
    ),
    Setting(
        "lock_minutes",
        N_("Sperre"),
        N_("Von selbst sperren"),
        N_("Wenn so lange niemand Tastatur oder Maus berührt. Danach geht es dort weiter, wo Sie waren."),
        USUAL_LOCK_MINUTES,
        _lock_minutes,
    ),
)
