"""The clerk's hand on an outgoing entry: each act with the reason why it cannot be done just now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from clerk_app.domain.deadlines import office_day
from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.outbox import FINAL_STATES, WITHDRAWABLE_STATES, OutboxEntry, OutboxState
from clerk_app.texts import _, formats
from clerk_app.texts.outbox_words import arrivals_words
from clerk_app.ui import labels
from clerk_app.ui.ask_dialog import AskDialog, DayDialog
from clerk_app.ui.name_dialog import NameDialog
from clerk_app.ui.outbox_model import evidence
from clerk_app.ui.printing import offer_print
from clerk_app.ui.saving import save_bytes
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.desk import Desk

if TYPE_CHECKING:
    from clerk_app.ui.outbox_page import OutboxPage
    from clerk_app.usecases.outbox_watch import Watched
    from clerk_app.usecases.two_decisions import TwoDecisions

_RETRYABLE = frozenset(OutboxState) - FINAL_STATES - {OutboxState.TO_POST}
_LONGEST_REASON = 300
_HELD = ErrorCode.HELD_CASE_CHANGED.value


class OutboxActs:
    """Acts on the entry chosen on the page; every one goes through the use cases."""

    def __init__(self, page: OutboxPage, bench: Workbench) -> None:
        self._page, self._bench = page, bench

    def _entry(self) -> OutboxEntry | None:
        each = self._page.chosen()
        return None if each is None else each.entry

    # taking back

    def why_not_withdraw(self) -> str | None:
        """Why the chosen entry cannot be taken back."""
        words = _(
            "Der Eintrag ist schon übergeben oder erledigt. Zu ändern ist er durch einen neuen Bescheid."
        )
        return self._elsewhere() or self._page.why_not(WITHDRAWABLE_STATES, words)

    def withdraw(self) -> None:
        """Takes the chosen entry back."""
        if (entry := self._entry()) is not None:
            self._page.withdraw_asked.emit(entry.entry_id)

    # what another desktop sends

    def _elsewhere(self) -> str | None:
        """Why the entry is not ours to move."""
        entry = self._entry()
        if entry is not None and entry.elsewhere and entry.state not in FINAL_STATES:
            return _("Ein anderer Arbeitsplatz versendet den Eintrag: erst mit „Übernehmen“ hierher holen.")
        return None

    def why_not_take_over(self) -> str | None:
        """Why there is nothing to take over."""
        if (entry := self._entry()) is None:
            return _("Es ist kein Eintrag ausgewählt.")
        if entry.state in FINAL_STATES or not entry.elsewhere:
            return _("Diesen Eintrag versendet schon dieser Arbeitsplatz, oder er ist erledigt.")
        return None

    def take_over(self) -> None:
        """Asks why, then sends from here what another desktop holds."""
        if (entry := self._entry()) is None:
            return
        dialog = NameDialog(
            self._page,
            self._bench,
            _("Warum versendet dieser Arbeitsplatz?"),
            _("Übernehmen"),
            "",
            _("Der Grund steht im Protokoll. Doppelt versendet wird nichts: Das Portal wird vorher gefragt."),
            longest=_LONGEST_REASON,
        )

        def yes() -> None:
            reason = dialog.name
            self._act(lambda desk: desk.taking_over.take_over(entry.entry_id, reason), self.take_over)
            self._bench.shell.sync.sync_now()

        dialog.accepted.connect(yes)
        dialog.open()

    # two decisions

    def why_not_compare(self) -> str | None:
        """Why there are no two decisions to be compared."""
        entry = self._entry()
        if entry is None:
            return _("Es ist kein Eintrag ausgewählt.")
        if ErrorCode.DECIDED_ELSEWHERE.value not in entry.problems:
            return _("Im Vorgang gibt es nur einen Bescheid.")
        return None

    def compare(self) -> None:
        """Shows what counts beside what came back."""
        if (entry := self._entry()) is None:
            return
        entry_id = entry.entry_id

        def show(found: TwoDecisions) -> None:
            from clerk_app.ui.two_decisions_dialog import TwoDecisionsDialog

            TwoDecisionsDialog(self._page, self._bench, found).open()

        self._bench.worker.submit(lambda desk: desk.comparing.compare(entry_id), show, self._bench.fail)

    # sending again

    def why_not_retry(self) -> str | None:
        """Why the chosen entry cannot be sent (again) now."""
        reason = self._elsewhere() or self._page.why_not(
            _RETRYABLE, _("Der Eintrag ist erledigt oder wartet auf die Post.")
        )
        each = self._page.chosen()
        if reason is None and each is not None and _is_overtaken(each):
            return _("Im Vorgang ist Neues eingegangen: bitte ansehen, dann „Trotzdem senden“.")
        return reason

    def retry(self) -> None:
        """Makes the chosen entry due at once."""
        if (entry := self._entry()) is not None:
            self._act(lambda desk: desk.outbox.retry(entry.entry_id), self.retry)
            self._bench.shell.sync.sync_now()

    def why_not_nevertheless(self) -> str | None:
        """Why there is nothing to override."""
        each = self._page.chosen()
        if each is None:
            return _("Es ist kein Eintrag ausgewählt.")
        if each.entry.state in FINAL_STATES or not each.arrivals:
            return _("Im Vorgang ist nach diesem Schreiben nichts Neues eingegangen.")
        return None

    def send_nevertheless(self) -> None:
        """Shows what arrived and asks whether the entry shall leave all the same."""
        each = self._page.chosen()
        if each is None or not each.arrivals:
            return
        seen = [arrival.submission_id for arrival in each.arrivals]
        entry_id = each.entry.entry_id
        words = " ".join(
            (
                arrivals_words(each.arrivals),
                _("Das Schreiben berücksichtigt das nicht. Die Anordnung steht danach im Protokoll."),
            )
        )

        def yes() -> None:
            self._act(lambda desk: desk.outbox.send_nevertheless(entry_id, seen), self.send_nevertheless)
            self._bench.shell.sync.sync_now()

        title = _("Trotzdem senden?")
        AskDialog(self._page, self._bench, title, words, _("Trotzdem senden")).ask(yes)

    # post

    def why_not_post(self) -> str | None:
        """Why it cannot become a letter."""
        words = _("Das geht erst, wenn ein Eintrag zurückgekommen ist.")
        return self._elsewhere() or self._page.why_not(frozenset({OutboxState.RETURNED}), words)

    def send_by_post(self) -> None:
        """A returned entry goes by post instead."""
        if (entry := self._entry()) is not None:
            self._act(lambda desk: desk.outbox.send_by_post(entry.entry_id), self.send_by_post)

    def why_not_posted(self) -> str | None:
        """Why it cannot be marked as posted."""
        if (entry := self._entry()) is not None and entry.state is OutboxState.POSTED:
            return _("Der Tag ist schon vermerkt: „Versandtag berichtigen …“.")
        words = _("Der Eintrag wartet nicht auf die Post.")
        return self._page.why_not(frozenset({OutboxState.TO_POST}), words)

    def mark_posted(self) -> None:
        """Asks for the day the letter went to the post."""
        if (entry := self._entry()) is None:
            return

        def yes(on: date) -> None:
            self._act(lambda desk: desk.outbox.mark_posted(entry.entry_id, on), self.mark_posted)
            self._bench.say(_("Zur Post gegeben am {day}").format(day=formats.day(on)))

        self._ask_day(entry, _("Als versandt vermerken"), yes)

    def why_not_correct_posted(self) -> str | None:
        """Why there is no day to correct."""
        words = _("Für den Eintrag ist noch kein Versandtag vermerkt.")
        return self._page.why_not(frozenset({OutboxState.POSTED}), words)

    def correct_posted(self) -> None:
        """Asks for the right day of a letter that is marked as posted already."""
        if (entry := self._entry()) is None:
            return

        def yes(on: date) -> None:
            self._act(lambda desk: desk.outbox.correct_posted(entry.entry_id, on), self.correct_posted)
            self._bench.say(_("Versandtag berichtigt: {day}").format(day=formats.day(on)))

        self._ask_day(entry, _("Versandtag berichtigen"), yes)

    def _ask_day(self, entry: OutboxEntry, action: str, yes: Callable[[date], None]) -> None:
        earliest, latest = office_day(entry.created_at), self._bench.today()
        words = _("{title} an {name}. Der Tag zählt für Bekanntgabe und Rechtsbehelfsfrist.").format(
            title=labels.kind(entry.kind), name=entry.recipient_name
        )
        dialog = DayDialog(
            self._page,
            self._bench,
            _("Wann ging das Schreiben zur Post?"),
            words,
            action,
            earliest=min(earliest, latest),
            latest=latest,
            proposed=entry.posted_on,
        )
        dialog.ask(lambda: yes(dialog.chosen()))

    def why_not_print(self) -> str | None:
        """Why the chosen entry cannot be printed for the post."""
        words = _("Gedruckt wird, was mit der Post geht. Sonst bitte das PDF speichern.")
        reason = self._page.why_not(frozenset({OutboxState.TO_POST, OutboxState.POSTED}), words)
        each = self._page.chosen()
        if reason is None and each is not None and each.arrivals and each.entry.state is OutboxState.TO_POST:
            return _("Im Vorgang ist Neues eingegangen: bitte ansehen, dann „Trotzdem senden“.")
        return reason

    def print_letter(self) -> None:
        """Puts the chosen letter together for the printer."""
        if (entry := self._entry()) is not None:
            offer_print(self._page, self._bench, [entry.entry_id])

    def why_not_print_all(self) -> str | None:
        """Why there is nothing to print."""
        return None if self._page.letters_to_post() else _("Kein Schreiben wartet auf die Post.")

    def print_all(self) -> None:
        """Everything that waits for the post, in one job."""
        waiting = sorted(self._page.letters_to_post(), key=lambda entry: entry.created_at)
        offer_print(self._page, self._bench, [entry.entry_id for entry in waiting])

    # documents and evidence

    def why_not_chosen(self) -> str | None:
        """Why nothing can be saved or copied."""
        return self._page.why_not(frozenset(OutboxState), "")

    def save(self) -> None:
        """Saves the PDF of the chosen entry, exactly as it was signed."""
        entry = self._entry()
        if entry is None:
            return
        name = f"{labels.kind(entry.kind)}-{entry.case_reference}.pdf"

        def read(desk: Desk) -> bytes:
            document = desk.ledger.outgoing(entry.entry_id).documents[0]
            return desk.documents.read(entry.case_id, document.document_id)

        save_bytes(self._page, self._bench, name, read)

    def copy(self) -> None:
        """Puts proof and journal of the chosen entry on the clipboard."""
        entry = self._entry()
        if entry is None:
            return
        entry_id = entry.entry_id

        def done(story: object) -> None:
            from clerk_app.usecases.outbox_watch import EntryStory

            if isinstance(story, EntryStory):
                QGuiApplication.clipboard().setText(evidence(story, self._bench.now()))
                self._bench.say(_("Nachweis in die Zwischenablage kopiert"))

        self._bench.worker.submit(lambda desk: desk.watch.story(entry_id), done, self._bench.fail)

    def _act(self, work: Callable[[Desk], object], again: Callable[[], None]) -> None:
        self._bench.worker.submit(work, None, lambda error: self._bench.fail(error, again))


def _is_overtaken(each: Watched) -> bool:
    return each.entry.state is OutboxState.RETURNED and _HELD in each.entry.problems and bool(each.arrivals)
