"""One registry of everything the window can do: menus, buttons, palette, keys and the help page read it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from clerk_app.texts import _, formats

#: How long a deciding key does nothing after the screen changed: a key pressed for the old screen must
#: never act on the new one.
SETTLE_S = 0.4


class Screen(StrEnum):
    """What the content area shows."""

    BROWSE = "browse"
    REVIEW = "review"
    REQUEST = "request"
    LETTER = "letter"
    DECISION = "decision"
    OUTBOX = "outbox"
    DATES = "dates"
    VERIFY = "verify"
    FOLDER = "folder"
    HELP = "help"
    STATISTICS = "statistics"
    READING = "reading"
    SETTINGS = "settings"
    POLICY = "policy"
    PACKAGES = "packages"
    TRIAGE = "triage"


#: Steps on one case: the sidebar makes room for them.
STEPS = frozenset(
    {
        Screen.REVIEW,
        Screen.REQUEST,
        Screen.LETTER,
        Screen.DECISION,
        Screen.VERIFY,
        Screen.HELP,
        Screen.READING,
    }
)


class Menu(StrEnum):
    """The menus, in order."""

    FILE = "file"
    EDIT = "edit"
    VIEW = "view"
    CASE = "case"
    TOOLS = "tools"
    HELP = "help"


class Scope(StrEnum):
    """What of the chosen rows a command acts on. ``ONE``: the case at hand, never several at once; ``MANY``:
    everything chosen; ``NONE``: it has nothing to do with rows."""

    NONE = "none"
    ONE = "one"
    MANY = "many"


@dataclass(frozen=True)
class Command:
    """Befehl. ``text`` is a German source string with its mnemonic; ``reason`` gives why it cannot be done
    now, as a sentence, or None. ``screens`` empty means everywhere; ``key_screens`` narrows where the key
    acts. ``deciding`` keys do not repeat and wait
    until the screen has settled. ``single_key`` marks letters that act only outside of text fields.
    ``words_now`` says more than ``text`` when there is more to say: which step would be undone. ``scope``:
    what is named ``case.…`` is about a single case unless it says otherwise."""

    command_id: str
    text: str
    run: Callable[[], None]
    menu: Menu | None = None
    keys: tuple[str, ...] = ()
    icon: str = ""
    reason: Callable[[], str | None] = lambda: None
    screens: frozenset[Screen] = frozenset()
    key_screens: frozenset[Screen] = frozenset()
    deciding: bool = False
    single_key: bool = False
    words_now: Callable[[], str] = lambda: ""
    scope: Scope | None = None

    @property
    def label(self) -> str:
        """The text without its mnemonic."""
        return _(self.text).replace("&", "")

    @property
    def acts_on(self) -> Scope:
        """What of the chosen rows it acts on."""
        if self.scope is not None:
            return self.scope
        return Scope.ONE if self.command_id.startswith("case.") else Scope.NONE


_NOTHING = ""  # no reason is empty


class Commands(QObject):
    """The registry. ``refused`` carries the reason when somebody asks for what cannot be done now."""

    refused = Signal(str)

    def __init__(self, window: QWidget, clock_s: Callable[[], float] = time.monotonic) -> None:
        super().__init__(window)
        self._window = window
        self._clock_s = clock_s
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}
        self._shortcuts: dict[str, QShortcut] = {}
        self._told: dict[str, str | None] = {}  # what each action says about why not
        self._shut: str | None = None
        self._screen = Screen.BROWSE
        self._changed_at_s = float("-inf")
        self.single_keys_on = True
        self.may_use_letters: Callable[[], bool] = lambda: True
        self.chosen: Callable[[], int] = lambda: 1  # how many cases are chosen

    def add(self, commands: Iterable[Command]) -> None:
        """Takes commands in; an id or a key on one screen may exist once only."""
        for command in commands:
            if command.command_id in self._commands:
                raise ValueError(f"command {command.command_id} exists already")
            self._commands[command.command_id] = command
            action = QAction(self._window)
            action.triggered.connect(lambda _on=False, name=command.command_id: self.run(name))
            self._actions[command.command_id] = action
            for key in command.keys:
                self._bind(key, command)
        self.retranslate()

    def all(self) -> list[Command]:
        """Every command in the order it was added."""
        return list(self._commands.values())

    def has(self, command_id: str) -> bool:
        """Whether there is such a command."""
        return command_id in self._commands

    def get(self, command_id: str) -> Command:
        """One command; KeyError for an unknown id (a defect)."""
        return self._commands[command_id]

    def action(self, command_id: str) -> QAction:
        """The command as an action for menus. It shows the key but does not own it."""
        return self._actions[command_id]

    def fits(self, command_id: str) -> bool:
        """Whether the command belongs to the screen in front."""
        screens = self._commands[command_id].screens
        return not screens or self._screen in screens

    def reason(self, command_id: str) -> str | None:
        """Why the command is greyed out, or None when it is not."""
        if self._shut is not None:
            return self._shut
        command = self._commands[command_id]
        if not self.fits(command_id):
            return _("Das geht nur in einer anderen Ansicht.")
        if command.acts_on is Scope.ONE and (count := self.chosen()) > 1:
            words = _("Das geht nur bei einem Antrag; ausgewählt sind {n}.")
            return words.format(n=formats.number(count))
        return command.reason()

    def run(self, command_id: str) -> None:
        """Does it, or says why not."""
        reason = self.reason(command_id)
        if reason is not None:
            self.refused.emit(reason)
            return
        self._commands[command_id].run()

    def shut(self, reason: str) -> None:
        """From now on nothing can be done any more, for this reason."""
        self._shut = reason
        self.refresh()

    def screen_changed(self, screen: Screen) -> None:
        """Tells the registry what is shown now; deciding keys wait a moment."""
        self._screen = screen
        self._changed_at_s = self._clock_s()
        self.refresh()

    @property
    def settled(self) -> bool:
        """Whether a deciding key may act."""
        return self._clock_s() - self._changed_at_s >= SETTLE_S

    def refresh(self) -> None:
        """Asks every command again whether it can be done, and greys the actions accordingly."""
        for command_id, action in self._actions.items():
            reason = self.reason(command_id)
            if self._told.get(command_id, _NOTHING) == reason:
                continue  # asked after every step: only what is otherwise now is worth telling
            self._told[command_id] = reason
            label = self._commands[command_id].label
            action.setEnabled(reason is None)
            action.setToolTip(tooltip(label, reason))
            action.setStatusTip(reason or "")
            self._show_words(self._commands[command_id])

    def retranslate(self) -> None:
        """Puts the texts into the language in force."""
        self._told.clear()
        for command in self._commands.values():
            self._show_words(command)

    def _show_words(self, command: Command) -> None:
        keys = f"\t{key_text(command.keys[0])}" if command.keys else ""
        self._actions[command.command_id].setText((command.words_now() or _(command.text)) + keys)

    def _bind(self, key: str, command: Command) -> None:
        shortcut = self._shortcuts.get(key)
        if shortcut is None:
            shortcut = QShortcut(QKeySequence(key), self._window)
            shortcut.activated.connect(lambda pressed=key: self._pressed(pressed))
            self._shortcuts[key] = shortcut
        if command.deciding:
            shortcut.setAutoRepeat(False)

    def _pressed(self, key: str) -> None:
        here = [c for c in self._commands.values() if key in c.keys]
        fitting = [c for c in here if self._screen in (c.key_screens or c.screens or (self._screen,))]
        for command in fitting:
            if command.single_key and not (self.single_keys_on and self.may_use_letters()):
                continue
            if command.deciding and not self.settled:
                continue
            self.run(command.command_id)
            return


def key_text(key: str) -> str:
    """A key as it is written on the keyboard, in the language in force."""
    names = {
        "Ctrl": _("Strg"),
        "Shift": _("Umschalt"),
        "Return": _("Eingabe"),
        "Esc": _("Esc"),
        "PgUp": _("Bild↑"),
        "PgDown": _("Bild↓"),
        "Up": "↑",
        "Down": "↓",
        "Left": "←",
        "Right": "→",
        "Ins": _("Einfg"),
        "Del": _("Entf"),
        "Plus": "+",
        "-": "−",
    }
    parts = key.replace("++", "+Plus").split("+")
    return "+".join(names.get(part, part) for part in parts)


_ESCAPES = (
    ("&", "&amp;"),
    ("<", "&lt;"),
    (">", "&gt;"),
    ('"', "&quot;"),
    ("'", "&#x27;"),
    ("\n", "<br>"),
)


def tooltip(label: str, reason: str | None) -> str:
    """A tooltip that answers "Warum ist das ausgegraut?". Escaped: Qt would take tags for markup."""
    words = f"{label}\n{reason}" if reason else label
    for sign, written in _ESCAPES:  # html.escape would cost 20 ms at start for its import alone
        words = words.replace(sign, written)
    return f"<qt>{words}</qt>"
