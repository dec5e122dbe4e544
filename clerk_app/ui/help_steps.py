"""Help, and the practice office: how a clerk gets there and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from clerk_app.texts import N_, _
from clerk_app.ui.commands import Command, Menu, Screen
from clerk_app.ui.shortcut_help import show_shortcuts

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow
    from clerk_app.ui.help_page import HelpPage

_NEW_APPLICATIONS = 3


class HelpSteps:
    """What the window does for those who have a question or want to try something first."""

    def __init__(self, desk: DeskWindow) -> None:
        self._desk = desk
        self._from = Screen.BROWSE
        self._unplugged = False

    def commands(self) -> list[Command]:
        """Everything in the help menu."""
        return [
            Command("app.help", N_("&Hilfe"), self.show_help, Menu.HELP, ("F1",), "help"),
            Command(
                "app.shortcuts",
                N_("&Tastenkürzel"),
                lambda: show_shortcuts(self._desk.window),
                Menu.HELP,
                ("Ctrl+F1",),
                "keyboard",
            ),
            Command(
                "access.check",
                N_("&Barrierefreiheit prüfen …"),
                self.check_access,
                Menu.HELP,
                icon="accessibility_new",
            ),
            Command(
                "practice.open",
                N_("&Übungsamt öffnen"),
                self.open_practice,
                Menu.HELP,
                icon="domain",
                reason=self.why_not_open,
            ),
            Command(
                "practice.arrive",
                N_("Übung: neue &Anträge eingehen lassen"),
                self.let_arrive,
                Menu.HELP,
                icon="move_to_inbox",
                reason=self.why_no_portal,
            ),
            Command(
                "practice.outage",
                N_("Übung: Portal&störung an oder aus"),
                self.switch_outage,
                Menu.HELP,
                icon="cloud_off",
                reason=self.why_no_portal,
            ),
        ]

    # help

    def page(self) -> HelpPage:
        """Hilfe."""
        return cast("HelpPage", self._desk.pages.page(Screen.HELP))

    def check_access(self) -> None:
        """Looks at the screen in front and says what is met."""
        from clerk_app.ui.access_check import Subject, examine
        from clerk_app.ui.access_dialog import AccessDialog

        window, bench = self._desk.window, self._desk.bench
        dialog = AccessDialog(window, bench, examine(Subject(window, window.commands, bench.theme)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def show_help(self) -> None:
        """The topic of the screen in front; pressed again: back."""
        window = self._desk.window
        if window.shown is Screen.HELP:
            self.go_back()
            return
        self._from = window.shown
        page = self.page()
        page.show_for(window.shown)
        window.show_screen(Screen.HELP)
        page.focus_content()

    def go_back(self) -> None:
        """Back to where help was called; a search is ended first."""
        if self.page().search.text():
            self.page().search.clear()
            return
        window = self._desk.window
        window.show_screen(self._from)
        stop = self._desk.pages.page(self._from) if self._from is not Screen.BROWSE else None
        if stop is None:
            window.focus_list()
        else:
            stop.focus_content()

    # practice

    def why_not_open(self) -> str | None:
        """Why no practice office can be opened."""
        if self._desk.bench.office.practice:
            return _("Das hier ist schon ein Übungsamt.")
        if self._desk.bench.shell.open_practice is None:
            return _("In dieser Umgebung lässt sich kein Übungsamt öffnen.")
        return None

    def why_no_portal(self) -> str | None:
        """Why the practice portal cannot be told anything."""
        if self._desk.bench.shell.practice_portal is None:
            return _("Das geht nur im Übungsamt (Hilfe, Übungsamt öffnen).")
        return None

    def open_practice(self) -> None:
        """Another window with invented applications; this one stays as it is."""
        bench, start = self._desk.bench, self._desk.bench.shell.open_practice
        if start is None:
            return
        bench.say(_("Das Übungsamt wird vorbereitet. Sein Fenster öffnet sich in wenigen Sekunden."))
        bench.queries.submit(
            lambda _reads: start(),
            lambda _nothing: bench.say(_("Das Übungsamt ist offen, in einem eigenen Fenster.")),
            lambda error: bench.fail(error, self.open_practice),
            key="practice",
        )

    def let_arrive(self) -> None:
        """Citizens file some more applications."""
        bench, portal = self._desk.bench, self._desk.bench.shell.practice_portal
        if portal is None:
            return

        def done(_nothing: None) -> None:
            bench.say(_("Neue Übungsanträge liegen im Portal. Der nächste Abgleich holt sie."))
            bench.shell.sync.sync_now()

        bench.queries.submit(
            lambda _reads: portal.file_applications(_NEW_APPLICATIONS), done, bench.fail, key="practice"
        )

    def switch_outage(self) -> None:
        """Pulls the portal's plug, or puts it in again."""
        bench, portal = self._desk.bench, self._desk.bench.shell.practice_portal
        if portal is None:
            return
        off = not self._unplugged

        def done(_nothing: None) -> None:
            self._unplugged = off
            if off:
                bench.say(_("Das Übungsportal ist gestört: Alles geht weiter, nur der Versand wartet."))
            else:
                bench.say(_("Das Übungsportal ist wieder da. Was wartet, geht jetzt hinaus."))
            bench.shell.sync.sync_now()

        bench.queries.submit(
            lambda _reads: portal.unplug() if off else portal.plug_in(), done, bench.fail, key="practice"
        )
