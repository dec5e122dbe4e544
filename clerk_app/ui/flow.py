"""What a clerk does with the case at hand: look, tick, note, mark, take back. Acts run on the worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Signal

from clerk_app.domain.case import CaseRow, CaseStatus
from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.correspondence import QueuedLetter
from clerk_app.domain.decision import QueuedDecision, QueuedRequest
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.outbox import OutboxEntry, OutboxState
from clerk_app.texts import _
from clerk_app.ui.dossier import Dossier, load_dossier
from clerk_app.ui.undo import Undoable, UndoStack
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.desk import Desk
from clerk_app.usecases.proving import why_no_proof


class CaseFlow(QObject):
    """The case at hand. ``row_changed`` (CaseRow or None) comes at once, ``loaded`` (Dossier) follows;
    ``state_changed`` after anything a command's greying may depend on; ``taken_back`` (OutboxEntry)."""

    row_changed = Signal(object)
    loaded = Signal(object)
    state_changed = Signal()
    taken_back = Signal(object)

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self.row: CaseRow | None = None
        self.dossier: Dossier | None = None
        self.undo_stack = UndoStack()

    # the case at hand

    def show(self, found: CaseRow | None) -> None:
        """Another case, or none."""
        same = found is not None and self.row is not None and found.case_id == self.row.case_id
        self.row = found
        if not same:
            self.dossier = None
        self.row_changed.emit(found)
        self.state_changed.emit()
        if found is None:
            self._bench.worker.forget("dossier")
        elif not same or self.dossier is None:
            self.load()

    def load(self) -> None:
        """Reads the case at hand (again)."""
        if self.row is None:
            return
        case_id = self.row.case_id
        self._bench.worker.submit(
            lambda desk: load_dossier(desk, case_id),
            self._take_dossier,
            lambda error: self._bench.fail(error, self.load),
            key="dossier",
        )

    def take_changes(self, changes: ChangeSet) -> None:
        """News about the case at hand are read again."""
        if self.row is None:
            return
        case_id = self.row.case_id
        if changes.everything or case_id in changes.changed or case_id in changes.arrived:
            self.load()

    def _take_dossier(self, dossier: Dossier) -> None:
        if self.row is None or dossier.case.row.case_id != self.row.case_id:
            return
        self.row = dossier.case.row
        self.dossier = dossier
        self.loaded.emit(dossier)
        self.state_changed.emit()

    # reasons why something cannot be done

    def why_no_case(self) -> str | None:
        """None when a case is at hand."""
        return None if self.row is not None else _("Es ist kein Vorgang ausgewählt.")

    def why_not_readable(self) -> str | None:
        """None when the case at hand can be worked on."""
        if self.row is None:
            return self.why_no_case()
        if self.row.status is CaseStatus.QUARANTINED:
            return _("Der Vorgang liegt in der Quarantäne: Sein Inhalt steht nicht fest.")
        if self.dossier is None:
            return _("Der Vorgang wird noch geladen.")
        return None

    def why_not_decide(self) -> str | None:
        """None when the case may be decided, whatever the outcome."""
        reason = self.why_not_readable()
        if reason is not None:
            return reason
        if self.dossier is not None and self.dossier.decided:
            return _("Über den Vorgang ist schon entschieden.")
        if self.dossier is not None and self.dossier.case.forwarded is not None:
            return _("Der Vorgang ist an eine andere Stelle abgegeben.")
        return None

    def why_not_approve(self) -> str | None:
        """None when nothing stands against granting: open check points want a tick first."""
        reason = self.why_not_decide()
        if reason is not None:
            return reason
        open_checks = self.dossier.open_checks if self.dossier else ()
        if open_checks:
            first = str(open_checks[0].result.text).rstrip(".")
            return _("Offener Prüfpunkt: {point}. Bitte prüfen und abhaken (Leertaste).").format(point=first)
        return None

    def why_no_proof(self) -> str | None:
        """None when the decision's delivery can be proven."""
        reason = self.why_not_readable()
        if reason is not None or self.dossier is None:
            return reason
        error = why_no_proof(self.dossier.case)
        if error is None:
            return None
        if error.code is ErrorCode.PROOF_NO_DECISION:
            return _("Es gibt noch keinen Bescheid, dessen Zustellung sich belegen ließe.")
        return _("Der Bescheid hat das Haus noch nicht verlassen.")

    def why_no_undo(self) -> str | None:
        """None when there is something to undo."""
        return None if self.undo_stack.top() else _("Es gibt nichts rückgängig zu machen.")

    def why_no_redo(self) -> str | None:
        """None when something that was undone can be done again."""
        return None if self.undo_stack.next_redo() else _("Es gibt nichts zu wiederholen.")

    def undo_words(self) -> str:
        """The undo command with the name of its step."""
        step = self.undo_stack.top()
        return _("&Rückgängig: {step}").format(step=step.name.replace("&", "&&")) if step else ""

    def redo_words(self) -> str:
        """The redo command with the name of its step."""
        step = self.undo_stack.next_redo()
        return _("Wiederholen: {step}").format(step=step.name.replace("&", "&&")) if step else ""

    # acts

    def act(
        self,
        work: Callable[[Desk], object],
        on_done: Callable[[], None] | None = None,
        *,
        again: bool = True,
    ) -> None:
        """Runs an act on the worker; an error is shown and offers to try again."""

        def done(_result: object) -> None:
            if on_done is not None:
                on_done()

        def failed(error: ClerkError) -> None:
            self._bench.fail(error, (lambda: self.act(work, on_done)) if again else None)

        self._bench.worker.submit(work, done, failed)

    def open(self) -> None:
        """The clerk looks at the case: it counts as in review from now on."""
        if self.row is not None and self.row.status is not CaseStatus.QUARANTINED:
            case_id = self.row.case_id
            self.act(lambda desk: desk.cases.open(case_id))

    def check(self, check_id: str, accepted: bool, reason: str) -> None:
        """Accepts an open check point, or takes that back."""
        if self.row is None:
            return
        case_id = self.row.case_id

        def undo() -> None:
            self.act(lambda desk: desk.cases.check(case_id, check_id, accepted=not accepted, reason=reason))

        def check(done: Callable[[], None] | None = None) -> None:
            self.act(lambda desk: desk.cases.check(case_id, check_id, accepted=accepted, reason=reason), done)

        check(lambda: self._remember(_("Prüfpunkt"), undo, check))

    def note(self, text: str) -> None:
        """Adds a Vermerk."""
        if self.row is not None:
            case_id = self.row.case_id
            self.act(lambda desk: desk.cases.note(case_id, text))

    # taking back

    def remember(self, step: Undoable) -> None:
        """A step that can be undone."""
        self.undo_stack.push(step)
        self.state_changed.emit()

    def remember_sent(self, queued: QueuedDecision | QueuedRequest | QueuedLetter, name: str) -> None:
        """What was just queued can be taken back until it leaves."""
        self.undo_stack.push(Undoable(name, lambda: self.withdraw(queued.entry_id), key=queued.entry_id))
        self.state_changed.emit()

    def withdraw(self, entry_id: EntryId) -> None:
        """Takes an outgoing entry back."""

        def done(entry: OutboxEntry) -> None:
            self.undo_stack.drop(entry_id)
            self.taken_back.emit(entry)
            self.state_changed.emit()

        def failed(error: ClerkError) -> None:
            self.undo_stack.drop(entry_id)
            self.state_changed.emit()
            self._bench.fail(error)

        self._bench.worker.submit(lambda desk: desk.outbox.withdraw(entry_id), done, failed)

    def undo(self) -> None:
        """Undoes the newest step."""
        step = self.undo_stack.pop()
        if step is not None:
            step.undo()
            self.state_changed.emit()

    def redo(self) -> None:
        """Does again what was undone last."""
        step = self.undo_stack.again()
        if step is not None and step.redo is not None:
            step.redo()
            self.state_changed.emit()

    def _remember(self, name: str, undo: Callable[[], None], redo: Callable[[], None]) -> None:
        self.remember(Undoable(name, undo, redo=redo))


def still_here(entry: OutboxEntry | None) -> bool:
    """Whether an entry can still be taken back without the portal having seen it."""
    return entry is not None and entry.state in (OutboxState.QUEUED, OutboxState.TO_POST)


def next_case_id(rows: Iterable[CaseRow | None], after: CaseId) -> CaseId | None:
    """The first of these cases that needs a first look, other than the one just done."""
    wanted = (CaseStatus.NEW, CaseStatus.ANSWERED)
    for found in rows:
        if found is not None and found.case_id != after and found.status in wanted:
            return found.case_id
    return None
