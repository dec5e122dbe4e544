"""How a clerk gets to the verification page and back: commands, dropped files, own documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from clerk_app.domain.case import CaseFile, IssuedDocument
from clerk_app.domain.outbox import OutboxKind
from clerk_app.texts import N_, _
from clerk_app.ui.commands import Command, Menu, Screen
from clerk_app.ui.verify_model import Reader, entry_reader

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow

_PDF = "application/pdf"


class VerifySteps:
    """Opens the page with a document and remembers where it was opened from."""

    def __init__(self, desk: DeskWindow) -> None:
        self._desk = desk
        self._from = Screen.BROWSE

    def commands(self) -> list[Command]:
        """Everything that leads to a verification."""
        desk = self._desk
        return [
            Command(
                "verify.open",
                N_("PDF p&rüfen …"),
                self.ask,
                Menu.FILE,
                ("Ctrl+O",),
                "policy",
            ),
            Command(
                "verify.save",
                N_("Prüfberich&t speichern …"),
                lambda: desk.verify.save_report(),  # noqa: PLW0108 - the page does not exist yet
                Menu.FILE,
                ("Ctrl+S",),
                "save",
                lambda: desk.verify.why_not_save(),  # noqa: PLW0108
                frozenset({Screen.VERIFY}),
            ),
            Command(
                "verify.online",
                N_("Sperre erfra&gen"),
                lambda: desk.verify.ask_online(),  # noqa: PLW0108
                Menu.FILE,
                icon="cloud_sync",
                reason=lambda: desk.verify.why_not_ask_online(),  # noqa: PLW0108
                screens=frozenset({Screen.VERIFY}),
            ),
            Command(
                "case.verify",
                N_("Bescheid pr&üfen"),
                self.verify_case,
                Menu.CASE,
                icon="policy",
                reason=self.why_not_case,
                screens=frozenset({Screen.BROWSE, Screen.REVIEW}),
            ),
            Command(
                "outbox.verify",
                N_("Signatur pr&üfen"),
                self.verify_entry,
                Menu.EDIT,
                icon="policy",
                reason=self.why_not_entry,
                screens=frozenset({Screen.OUTBOX}),
            ),
        ]

    def ask(self) -> None:
        """Asks for a PDF; the page comes to the front with what was chosen."""
        self._show()
        self._desk.verify.ask_file()

    def open_path(self, path: Path) -> None:
        """Verifies a file, dropped somewhere on the window."""
        self._show()
        self._desk.verify.open_path(path)

    def verify_case(self) -> None:
        """Verifies the document this office signed last in the case at hand."""
        dossier = self._desk.flow.dossier
        document = last_signed(dossier.case) if dossier is not None else None
        if dossier is None or document is None:
            return
        self._begin(document.filename, entry_reader(dossier.case.row.case_id, document.entry_id))

    def why_not_case(self) -> str | None:
        """Why there is nothing of our own to verify."""
        dossier = self._desk.flow.dossier
        if dossier is None:
            return self._desk.flow.why_no_case() or _("Der Vorgang wird noch geladen.")
        if last_signed(dossier.case) is None:
            return _("In diesem Vorgang gibt es noch keinen Bescheid.")
        return None

    def verify_entry(self) -> None:
        """Verifies the document of the chosen outbox entry."""
        entry = self._desk.outbox.current()
        if entry is not None:
            self._begin(
                f"{entry.title or entry.case_reference}.pdf", entry_reader(entry.case_id, entry.entry_id)
            )

    def why_not_entry(self) -> str | None:
        """Why the chosen entry cannot be verified."""
        entry = self._desk.outbox.current()
        if entry is None:
            return _("Es ist kein Eintrag ausgewählt.")
        if entry.kind is OutboxKind.DOCUMENT_REQUEST:
            return _("Nachforderungen tragen keine Signatur.")
        if entry.kind is OutboxKind.DECISION:
            return None
        story = self._desk.outbox.story
        if story is None:
            return _("Der Eintrag wird noch geladen.")
        return None if story.signed else _("Dieses Schreiben trägt keine Signatur.")

    def go_back(self) -> None:
        """To the screen the page was opened from."""
        self._desk.window.show_screen(self._from)
        if self._from is Screen.BROWSE:
            self._desk.window.focus_list()
        else:
            page = self._desk.window.page(self._from)
            page.focus_content()  # type: ignore[attr-defined]

    def _begin(self, name: str, read: Reader) -> None:
        self._show()
        self._desk.verify.begin(name, read)

    def _show(self) -> None:
        window = self._desk.window
        if window.shown is not Screen.VERIFY:
            self._from = window.shown
        window.show_screen(Screen.VERIFY)
        self._desk.verify.focus_content()


def last_signed(case: CaseFile) -> IssuedDocument | None:
    """The notice this office signed last in a case."""
    notices = [
        document
        for document in case.issued
        if document.media_type == _PDF and document.kind == OutboxKind.DECISION
    ]
    return notices[-1] if notices else None
