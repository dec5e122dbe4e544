"""Into the settings and back; every change counts at once and can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from clerk_app.texts import N_, _
from clerk_app.ui.commands import Command, Menu, Screen
from clerk_app.ui.setting_rows import Setting
from clerk_app.ui.undo import Undoable

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow
    from clerk_app.ui.policy_page import PolicyPage
    from clerk_app.ui.settings_page import SettingsPage


class SettingsSteps:
    """What the window does with settings."""

    def __init__(self, desk: DeskWindow) -> None:
        self._desk = desk

    def commands(self) -> list[Command]:
        """The way in."""
        return [
            Command(
                "app.settings",
                N_("&Einstellungen …"),
                lambda: self._desk.show_page(Screen.SETTINGS),
                Menu.TOOLS,
                ("Ctrl+,",),
                "settings",
            ),
            Command(
                "app.policy",
                N_("&Richtlinienstand und Selbstprüfung"),
                lambda: self._desk.show_page(Screen.POLICY),
                Menu.TOOLS,
                icon="policy",
            ),
            Command(
                "policy.check",
                N_("Erneut &prüfen"),
                lambda: self.policy().check(),
                Menu.TOOLS,
                ("F5",),
                "sync",
                screens=frozenset({Screen.POLICY}),
            ),
            Command(
                "policy.copy",
                N_("Zeile kopieren"),
                lambda: self.policy().copy_row(),
                Menu.TOOLS,
                ("Ctrl+C",),
                "content_copy",
                screens=frozenset({Screen.POLICY}),
            ),
        ]

    def put_into(self, page: SettingsPage) -> None:
        """The page was made."""
        page.chosen.connect(self.choose)

    def policy(self) -> PolicyPage:
        """Richtlinienstand."""
        return cast("PolicyPage", self._desk.pages.page(Screen.POLICY))

    def page(self) -> SettingsPage:
        """Einstellungen."""
        return cast("SettingsPage", self._desk.pages.page(Screen.SETTINGS))

    def choose(self, setting: Setting, value: object) -> None:
        """Sets a value; what it was before is one step back."""
        was = self._desk.bench.settings.get(setting.name, setting.usual)
        if value == was:
            return
        self._put(setting, value)
        name = _("Einstellung {title}").format(title=_(setting.title))
        self._desk.flow.remember(
            Undoable(name, lambda: self._put(setting, was), redo=lambda: self._put(setting, value))
        )
        if setting.restart:
            self._desk.bench.say(_("Gespeichert. Gilt ab dem nächsten Start."))

    def _put(self, setting: Setting, value: object) -> None:
        desk = self._desk
        desk.bench.settings.set(setting.name, value)
        if setting.name in ("theme", "font_scale"):
            desk.bench.theme.refresh()
        elif setting.name == "single_keys":
            desk.window.commands.single_keys_on = value is not False
        self.page().refresh()
