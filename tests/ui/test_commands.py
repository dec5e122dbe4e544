"""One registry feeds menus, buttons, palette, help and keys."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QListWidget, QMenu, QPushButton

from clerk_app.ui.command_palette import CommandPalette
from clerk_app.ui.commands import SETTLE_S, Command, Menu, Screen, key_text
from clerk_app.ui.resources import resource_dir
from clerk_app.ui.shortcut_help import ShortcutHelp
from clerk_app.ui.sidebar import Area
from clerk_app.ui.widgets import CommandButton
from tests.ui.conftest import Pilot

ALL = frozenset(Screen)


def commands(pilot: Pilot) -> list[Command]:
    return pilot.desk.window.commands.all()


def where(command: Command) -> frozenset[Screen]:
    return command.key_screens or command.screens or ALL


def test_a_key_means_one_thing_on_each_screen(pilot: Pilot) -> None:
    for first, second in combinations(commands(pilot), 2):
        shared = set(first.keys) & set(second.keys)
        assert not (shared and where(first) & where(second)), (first.command_id, second.command_id, shared)


def test_keys_are_ones_every_keyboard_has_free(pilot: Pilot) -> None:
    for command in commands(pilot):
        for key in command.keys:
            assert not QKeySequence(key).isEmpty()
            assert "Ctrl+Alt" not in key  # AltGr on German keyboards
            assert key != "Ctrl+/"
            if len(key) == 1:
                assert command.single_key


def test_every_command_has_its_icon(pilot: Pilot) -> None:
    folder = resource_dir("icons")
    assert not [c.icon for c in commands(pilot) if c.icon and not (folder / f"{c.icon}.svg").is_file()]


def test_deciding_keys_do_not_repeat(pilot: Pilot) -> None:
    registry = pilot.desk.window.commands
    for command in commands(pilot):
        if command.deciding:
            for key in command.keys:
                assert not registry._shortcuts[key].autoRepeat()
    assert registry._shortcuts["Alt+Down"].autoRepeat()


def test_mnemonics_are_unique_in_each_menu(pilot: Pilot) -> None:
    for menu in Menu:
        letters = [
            c.text[c.text.index("&") + 1].casefold()
            for c in commands(pilot)
            if c.menu is menu and "&" in c.text
        ]
        assert len(letters) == len(set(letters)), (menu, sorted(letters))


def test_whatever_is_greyed_out_says_why(pilot: Pilot) -> None:
    registry = pilot.desk.window.commands
    for screen in Screen:
        registry.screen_changed(screen)
        for command in commands(pilot):
            action = registry.action(command.command_id)
            reason = registry.reason(command.command_id)
            assert action.isEnabled() is (reason is None)
            if reason is not None:
                assert reason.endswith("."), (command.command_id, reason)
                assert reason in action.toolTip().replace("&quot;", '"').replace("&#x27;", "'")
    registry.screen_changed(Screen.BROWSE)
    for button in pilot.desk.window.findChildren(CommandButton):
        assert button.isEnabled() or button.accessibleDescription()


def test_asking_for_a_greyed_out_command_by_key_says_why(pilot: Pilot) -> None:
    pilot.ctrl(Qt.Key.Key_Z)
    assert "nichts rückgängig" in pilot.desk.window.toast.words.text()


def test_buttons_are_named_like_their_command(pilot: Pilot) -> None:
    for button in pilot.desk.window.findChildren(CommandButton):
        assert button.text().strip()
        if button.icon().isNull():
            continue
        assert button.accessibleName() == button.text().strip()


def test_the_palette_finds_and_runs(pilot: Pilot) -> None:
    pilot.ctrl(Qt.Key.Key_K)
    pilot.until(lambda: isinstance(QApplication.activeModalWidget(), CommandPalette))
    palette = QApplication.activeModalWidget()
    assert isinstance(palette, CommandPalette)
    pilot.until(palette.field.hasFocus)
    assert palette.hits.count() > 30
    pilot.type_into(palette.field, "abgabe als")
    hits = palette.findChild(QListWidget)
    assert hits is not None
    assert hits.count() == 1
    assert "nicht abgegeben" in hits.item(0).text()
    palette.field.clear()
    pilot.type_into(palette.field, "postausg")
    pilot.press(Qt.Key.Key_Return)
    pilot.until(lambda: pilot.shows(Screen.OUTBOX))


def test_the_help_names_every_key(pilot: Pilot) -> None:
    pilot.ctrl(Qt.Key.Key_F1)
    pilot.until(lambda: isinstance(QApplication.activeModalWidget(), ShortcutHelp))
    page = QApplication.activeModalWidget()
    assert isinstance(page, ShortcutHelp)
    words = {page.model.index(at, 0).data() for at in range(page.model.rowCount())}
    for command in commands(pilot):
        if command.keys:
            assert " / ".join(key_text(key) for key in command.keys) in words
    page.reject()


def test_keys_are_written_as_on_the_keyboard() -> None:
    assert key_text("Ctrl+Return") == "Strg+Eingabe"
    assert key_text("Ctrl++") == "Strg++"
    assert key_text("Alt+Up") == "Alt+↑"
    assert key_text("Shift+F6") == "Umschalt+F6"


def test_a_command_id_exists_once(pilot: Pilot) -> None:
    import pytest

    registry = pilot.desk.window.commands
    with pytest.raises(ValueError, match="exists already"):
        registry.add([Command("app.sync", "x", lambda: None)])


def test_menus_show_what_belongs_to_the_screen_and_undo_first(pilot: Pilot) -> None:
    bar = pilot.desk.window.menuBar()
    edit = next(menu for menu in bar.findChildren(QMenu) if menu.title().replace("&", "") == "Bearbeiten")
    edit.aboutToShow.emit()
    shown = [each.text().partition("\t")[0].replace("&", "") for each in edit.actions() if each.isVisible()]
    assert shown[:4] == ["Rückgängig", "Wiederholen", "Suchen", "Befehl suchen …"]
    assert "Erneut senden" not in shown
    pilot.desk.show_area(Area.OUTBOX)
    pilot.calm()
    edit.aboutToShow.emit()
    shown = [each.text().partition("\t")[0].replace("&", "") for each in edit.actions() if each.isVisible()]
    assert "Erneut senden" in shown


def test_the_menus_hold_every_command_that_names_one(pilot: Pilot) -> None:
    shown = {action for menu in pilot.desk.window.menuBar().actions() for action in menu.menu().actions()}  # type: ignore[attr-defined]
    registry = pilot.desk.window.commands
    for command in commands(pilot):
        assert (registry.action(command.command_id) in shown) is (command.menu is not None)


def test_the_more_button_reaches_what_has_no_button(pilot: Pilot) -> None:
    more = [b for b in pilot.desk.page.findChildren(QPushButton) if b.accessibleName() == "Weitere Befehle"]
    assert len(more) == 1


def test_every_deciding_key_waits_until_the_screen_has_settled(pilot: Pilot) -> None:
    """Whatever the screen: a key pressed for the old one never acts on the new one."""
    registry, clock = pilot.desk.window.commands, pilot.office.clock
    done: list[str] = []
    deciding = [command for command in registry.all() if command.deciding]
    names = {command.command_id for command in deciding}
    assert {"case.approve", "decision.sign", "request.send", "letter.send"} <= names
    for command in deciding:
        name = command.command_id
        registry._commands[name] = replace(
            command,
            run=lambda name=name: done.append(name),  # type: ignore[misc]
            reason=lambda: None,
        )
        for key, at_s in product(command.keys, (0.0, 0.39, 0.41)):
            registry.screen_changed(sorted(where(command))[0])
            clock.monotonic_s += at_s
            registry._shortcuts[key].activated.emit()
            assert done == ([name] if at_s > SETTLE_S else []), (name, key, at_s)
            done.clear()
