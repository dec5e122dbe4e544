"""Who is competent, in a line of the review page; and what became of a case that was forwarded."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from clerk_app.domain.case import CaseStatus
from clerk_app.texts import _
from clerk_app.texts.competence_words import competence_words, forwarded_words
from clerk_app.ui.commands import Commands
from clerk_app.ui.dossier import Dossier
from clerk_app.ui.notice import Notice
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import ElidedLabel, IconLabel, row


class CompetenceLine(QWidget):
    """Zuständigkeit. A case that is clearly this office's says so quietly."""

    def __init__(self, theme: Theme, own: str) -> None:
        super().__init__()
        self._own = own
        self._icon = IconLabel(theme, "account_balance", "muted", 16)
        self.words = ElidedLabel("muted")
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = row(spacing=6)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.words)
        self.setLayout(layout)
        self.hide()

    def show_dossier(self, dossier: Dossier) -> None:
        """The whole case."""
        found = dossier.competence
        self.setVisible(found is not None)
        if found is None:
            return
        self.words.set_full_text(_("Zuständig: {who}").format(who=competence_words(found, self._own)))
        self._icon.show_icon(
            "account_balance" if found.ours else "warning", "muted" if found.ours else "warn"
        )


class ForwardedNotice(Notice):
    """Abgegeben: where to, since when, and what is still to be done. With ``commands`` its button saves the
    papers; in a narrow column there is no room for one."""

    def __init__(self, theme: Theme, commands: Commands | None = None) -> None:
        super().__init__(theme)
        self._with_button = commands is not None
        if commands is not None:
            self.acted.connect(lambda: commands.run("case.hand_over"))

    def show_dossier(self, dossier: Dossier) -> None:
        """Hidden for a case that is this office's."""
        forwarded = dossier.case.forwarded
        if forwarded is None:
            self.show_words("info", "")
            return
        followed = dossier.case.row.status is CaseStatus.ANSWERED
        open_ = followed or forwarded.handed_over_at is None
        action = _("Paket speichern …") if open_ and self._with_button else ""
        self.show_words("warn" if open_ else "info", forwarded_words(dossier.case), action)
