"""Every command of the window, with its words, keys and reasons."""
# ruff: noqa: PLW0108 - the pages do not exist yet when the commands are made: their methods are looked up late

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from clerk_app.domain.decision import Outcome
from clerk_app.texts import N_, _
from clerk_app.ui.commands import Command, Menu, Scope, Screen
from clerk_app.ui.filing_commands import filing_commands
from clerk_app.ui.folder_commands import folder_commands
from clerk_app.ui.forward_commands import ForwardSteps
from clerk_app.ui.outbox_commands import outbox_commands
from clerk_app.ui.request_commands import request_commands
from clerk_app.ui.review_commands import review_commands
from clerk_app.ui.settings import ThemeChoice
from clerk_app.ui.sidebar import AREAS, Area
from clerk_app.ui.statistics_commands import statistics_commands
from clerk_app.ui.wording_commands import wording_commands

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow
    from clerk_app.ui.fee_rows import FeeRows

_CASE = frozenset({Screen.BROWSE, Screen.REVIEW})
_REVIEW = frozenset({Screen.REVIEW})
_OUTBOX = frozenset({Screen.OUTBOX})


def build_commands(desk: DeskWindow) -> None:
    """Fills the window's registry."""
    desk.window.commands.add(_case_commands(desk))
    desk.window.commands.add(_step_commands(desk))
    desk.window.commands.add(request_commands(desk))
    desk.window.commands.add(review_commands(desk))
    desk.window.commands.add(desk.verifying.commands())
    desk.window.commands.add(desk.dating.commands())
    desk.window.commands.add(desk.relating.commands())
    desk.window.commands.add(ForwardSteps(desk).commands())
    desk.window.commands.add(desk.packaging.commands())
    desk.window.commands.add(filing_commands(desk))
    desk.window.commands.add(desk.printing.commands())
    desk.window.commands.add(statistics_commands(desk))
    desk.window.commands.add(outbox_commands(desk))
    desk.window.commands.add(folder_commands(desk))
    desk.window.commands.add(wording_commands(desk))
    desk.window.commands.add(desk.locking.commands())
    desk.window.commands.add(_window_commands(desk))
    desk.window.commands.add(_view_commands(desk))
    desk.window.commands.add(desk.viewing.commands())
    desk.window.commands.add(desk.drafting.commands())
    desk.window.commands.add(desk.choosing.commands())
    desk.window.commands.add(desk.assigning.commands())
    desk.window.commands.add(desk.reading.commands())
    desk.window.commands.add(desk.setting.commands())
    desk.window.commands.add(desk.helping.commands())


def _case_commands(desk: DeskWindow) -> list[Command]:
    flow = desk.flow
    return [
        Command(
            "case.open",
            N_("&Prüfen"),
            desk.open_case,
            Menu.CASE,
            icon="edit_note",
            reason=flow.why_no_case,
            screens=frozenset({Screen.BROWSE}),
        ),
        Command(
            "case.approve",
            N_("&Bewilligen …"),
            lambda: desk.decide(Outcome.GRANTED),
            Menu.CASE,
            ("Ctrl+Return", "Ctrl+Enter"),
            "gavel",
            flow.why_not_approve,
            _CASE,
            _REVIEW,
            deciding=True,
        ),
        Command(
            "case.decide",
            N_("Bescheid &entwerfen …"),
            lambda: desk.decide(
                flow.dossier.draft.outcome if flow.dossier and flow.dossier.draft else Outcome.GRANTED
            ),
            Menu.CASE,
            ("Ctrl+B",),
            "description",
            flow.why_not_decide,
            _CASE,
        ),
        Command(
            "case.request",
            N_("Nach&fordern …"),
            desk.ask,
            Menu.CASE,
            ("Ctrl+R",),
            "chat",
            flow.why_not_decide,
            _CASE,
        ),
        Command(
            "case.letter",
            N_("S&chreiben …"),
            desk.write,
            Menu.CASE,
            ("Ctrl+Shift+B",),
            "mail",
            flow.why_not_readable,
            _CASE,
        ),
        Command(
            "case.refuse",
            N_("&Ablehnen …"),
            lambda: desk.decide(Outcome.REFUSED),
            Menu.CASE,
            icon="block",
            reason=flow.why_not_decide,
            screens=_CASE,
        ),
        Command(
            "case.note",
            N_("&Vermerk schreiben"),
            lambda: _write_note(desk),
            Menu.CASE,
            ("Ctrl+Shift+V",),
            "edit",
            flow.why_not_readable,
            _CASE,
        ),
        Command(
            "case.next",
            N_("&Nächster Vorgang"),
            lambda: desk.step(1),
            Menu.CASE,
            ("Alt+Down",),
            screens=_CASE,
            scope=Scope.NONE,
        ),
        Command(
            "case.previous",
            N_("V&origer Vorgang"),
            lambda: desk.step(-1),
            Menu.CASE,
            ("Alt+Up",),
            screens=_CASE,
            scope=Scope.NONE,
        ),
        Command(
            "case.down",
            N_("Nächster Vorgang"),
            lambda: desk.step(1),
            None,
            ("J",),
            screens=_CASE,
            single_key=True,
            scope=Scope.NONE,
        ),
        Command(
            "case.up",
            N_("Voriger Vorgang"),
            lambda: desk.step(-1),
            None,
            ("K",),
            screens=_CASE,
            single_key=True,
            scope=Scope.NONE,
        ),
        Command(
            "case.unread_next",
            N_("Nächster un&gelesener"),
            desk.next_unread,
            Menu.CASE,
            ("N",),
            screens=_CASE,
            single_key=True,
            scope=Scope.NONE,
        ),
    ]


def _editor_commands(desk: DeskWindow) -> list[Command]:
    """What the decision's editor adds; each lands with the focus where it is typed."""
    parts: tuple[tuple[str, str, str, Callable[[], None]], ...] = (
        (
            "decision.add_provision",
            N_("Nebenbes&timmung hinzufügen"),
            "Ctrl+Shift+B",
            lambda: desk.decision.editor.provisions.add(),
        ),
        (
            "decision.add_fee",
            N_("Gebüh&r hinzufügen"),
            "Ctrl+Shift+G",
            lambda: _fees(desk).add(),
        ),
        (
            "decision.add_enclosure",
            N_("An&lage beilegen"),
            "Ctrl+Shift+L",
            lambda: desk.decision.editor.enclosures.add(),
        ),
    )
    screens = frozenset({Screen.DECISION})
    return [
        Command(command_id, text, run, Menu.CASE, (key,), "add", screens=screens)
        for command_id, text, key, run in parts
    ]


def _fees(desk: DeskWindow) -> FeeRows:
    return desk.decision.editor.fees


def _step_commands(desk: DeskWindow) -> list[Command]:
    return [
        Command(
            "decision.sign",
            N_("S&ignieren"),
            lambda: desk.decision.sign(),
            Menu.CASE,
            ("Ctrl+Return", "Ctrl+Enter"),
            "signature",
            lambda: desk.decision.why_not_sign(),
            frozenset({Screen.DECISION}),
            deciding=True,
        ),
        *_editor_commands(desk),
        Command(
            "request.send",
            N_("Nachforderung &senden"),
            lambda: desk.request.send(),
            Menu.CASE,
            ("Ctrl+Return", "Ctrl+Enter"),
            "send",
            lambda: desk.request.why_not_send(),
            frozenset({Screen.REQUEST}),
            deciding=True,
        ),
        Command(
            "letter.send",
            N_("Schreiben senden"),
            lambda: desk.letter.send(),
            Menu.CASE,
            ("Ctrl+Return", "Ctrl+Enter"),
            "send",
            lambda: desk.letter.why_not_send(),
            frozenset({Screen.LETTER}),
            deciding=True,
        ),
        Command(
            "review.attachment_next",
            N_("Nächste An&lage"),
            lambda: desk.review.viewer.step(1),
            Menu.VIEW,
            ("Ctrl+PgDown",),
            screens=_REVIEW,
        ),
        Command(
            "review.attachment_previous",
            N_("Vor&ige Anlage"),
            lambda: desk.review.viewer.step(-1),
            Menu.VIEW,
            ("Ctrl+PgUp",),
            screens=_REVIEW,
        ),
        Command("nav.back", N_("&Zurück"), desk.go_back, Menu.VIEW, ("Esc", "Alt+Left"), "arrow_back"),
    ]


def _window_commands(desk: DeskWindow) -> list[Command]:
    from clerk_app.ui.command_palette import show_palette

    window, flow = desk.window, desk.flow
    return [
        Command(
            "app.sync",
            N_("&Jetzt abgleichen"),
            lambda: _sync(desk),
            Menu.FILE,
            ("F5",),
            "sync",
            key_screens=frozenset(Screen) - {Screen.POLICY},  # there the key checks again
        ),
        Command("app.quit", N_("&Beenden"), lambda: _close(desk), Menu.FILE, ("Ctrl+Q",), "logout"),
        Command(
            "app.undo",
            N_("&Rückgängig"),
            flow.undo,
            Menu.EDIT,
            ("Ctrl+Z",),
            "undo",
            flow.why_no_undo,
            words_now=flow.undo_words,
        ),
        Command(
            "app.redo",
            N_("Wiederholen"),
            flow.redo,
            Menu.EDIT,
            ("Ctrl+Y", "Ctrl+Shift+Z"),
            "redo",
            flow.why_no_redo,
            words_now=flow.redo_words,
        ),
        Command(
            "app.search",
            N_("&Suchen"),
            lambda: _search(desk),
            Menu.EDIT,
            ("Ctrl+F", "F3"),
            "search",
            key_screens=frozenset(Screen) - _REVIEW,  # there the keys search the case
        ),
        Command("app.palette", N_("Be&fehl suchen …"), lambda: show_palette(desk), Menu.EDIT, ("Ctrl+K",)),
        Command("view.pane_next", N_("Nächster &Bereich"), lambda: window.cycle_panes(1), Menu.VIEW, ("F6",)),
        Command(
            "view.pane_previous",
            N_("V&origer Bereich"),
            lambda: window.cycle_panes(-1),
            Menu.VIEW,
            ("Shift+F6",),
        ),
    ]


def _view_commands(desk: DeskWindow) -> list[Command]:
    theme = desk.bench.theme
    made = [
        Command(
            "view.larger",
            N_("Schrift &größer"),
            lambda: theme.set_scale(theme.scale + 0.1),
            Menu.VIEW,
            ("Ctrl++", "Ctrl+="),
        ),
        Command(
            "view.smaller",
            N_("Schrift &kleiner"),
            lambda: theme.set_scale(theme.scale - 0.1),
            Menu.VIEW,
            ("Ctrl+-",),
        ),
        Command("view.normal", N_("Schrift &normal"), lambda: theme.set_scale(1.0), Menu.VIEW, ("Ctrl+0",)),
        Command(
            "view.system", N_("Farben wie das S&ystem"), lambda: theme.choose(ThemeChoice.SYSTEM), Menu.VIEW
        ),
        Command("view.light", N_("&Helle Farben"), lambda: theme.choose(ThemeChoice.LIGHT), Menu.VIEW),
        Command("view.dark", N_("&Dunkle Farben"), lambda: theme.choose(ThemeChoice.DARK), Menu.VIEW),
        Command(
            "view.contrast", N_("Hoher Kon&trast"), lambda: theme.choose(ThemeChoice.CONTRAST), Menu.VIEW
        ),
    ]
    listed = frozenset({Screen.BROWSE})
    made += [
        Command(
            "view.table",
            N_("Liste als Tabelle oder Karten"),
            desk.list.looks.toggle_table,
            Menu.VIEW,
            ("Ctrl+T",),
            "table",
            screens=listed,
        ),
        Command("view.columns", N_("Spalten …"), desk.list.looks.choose_columns, Menu.VIEW, screens=listed),
    ]
    for area in Area:
        number = AREAS[area].number
        made.append(
            Command(
                f"area.{area.value}",
                AREAS[area].text,
                lambda chosen=area: desk.show_area(chosen),  # type: ignore[misc]
                Menu.VIEW,
                () if number is None else (f"Ctrl+{number}",),
                AREAS[area].icon,
            )
        )
    return made


def _write_note(desk: DeskWindow) -> None:
    if desk.window.shown is Screen.REVIEW:
        desk.window.show_screen(Screen.BROWSE)
    desk.window.show_reading(True)
    desk.page.tabs.setCurrentIndex(desk.page.tabs.count() - 1)
    desk.page.history.note.setFocus()


def _search(desk: DeskWindow) -> None:
    if desk.window.shown is not Screen.BROWSE:
        area = desk.window.area()
        desk.show_area(area if AREAS[area].view is not None else Area.OPEN)
    desk.window.show_reading(False)
    desk.list.search.setFocus()
    desk.list.search.selectAll()


def _sync(desk: DeskWindow) -> None:
    desk.window.status.await_sync()
    desk.bench.shell.sync.sync_now()
    desk.bench.say(_("Der Abgleich läuft im Hintergrund."))


def _close(desk: DeskWindow) -> None:
    desk.window.close()
