"""A round of the Abgleich in a team: exchange, send what is ours, fetch if it is our turn, exchange again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from clerk_app.domain.case import MailboxKey
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import AttachmentId, CaseId, DestinationId, EntryId, SubmissionId
from clerk_app.sync.ports import (
    ApplicationReader,
    EncryptedBody,
    Intake,
    IntakeState,
    IntakeStore,
    KnownIntake,
    Mailbox,
    Original,
    StoredPage,
    StorePage,
)
from clerk_app.sync.receive import opened_again, store_page
from clerk_app.sync.team import (
    Exchange,
    Exchanged,
    RoutingFacts,
    SendingGate,
    SharedOriginal,
    TeamServer,
    in_pages,
)
from clerk_app.usecases.ports import Clock

ORIGINALS_AT_ONCE = 25
USUAL_PATIENCE = timedelta(hours=24)
"""How long an office fetches nothing while its server is gone; then one desktop may fetch alone."""
_SETTLED = frozenset({IntakeState.ACCEPTED, IntakeState.REJECTED, IntakeState.CONTESTED})
_GONE = frozenset({ErrorCode.TEAM_UNREACHABLE, ErrorCode.TEAM_SERVER_FULL})


class Marks(Protocol):
    """What this desktop remembers about its team."""

    def get(self, name: str) -> str | None: ...

    def put(self, name: str, value: str) -> None: ...


class OriginalCodec(Protocol):
    """Between an original as sealed here and as it lies on the server. ``all_names`` reads names only."""

    def shared(self, original: Original, state: IntakeState, at: datetime | None) -> SharedOriginal: ...

    def original(
        self, shared: SharedOriginal, attachments: Mapping[AttachmentId, EncryptedBody]
    ) -> Original: ...

    def read(self, case_id: CaseId, submission_id: SubmissionId) -> Original: ...

    def all_names(self) -> Iterable[tuple[CaseId, SubmissionId]]: ...


@dataclass(frozen=True)
class SharingIntake:
    """The intake of a desktop in a team: what it stores lies on the server too before the portal is told.

    Wraps the desktop's own intake; everything else is that one's.
    """

    own: IntakeStore
    server: TeamServer
    codec: OriginalCodec
    clock: Clock

    def known(self, submission_ids: Iterable[SubmissionId]) -> Mapping[SubmissionId, KnownIntake]:
        """See IntakeStore."""
        return self.own.known(submission_ids)

    def unsettled(self, mailbox: MailboxKey) -> Sequence[KnownIntake]:
        """See IntakeStore. What an interrupted run stored here only is shared first: it is accepted next."""
        found = self.own.unsettled(mailbox)
        self._share([(known.waiting.case_id, known.waiting.submission_id) for known in found])
        return found

    def store(self, mailbox: MailboxKey, page: StorePage) -> StoredPage:
        """Here, durably; then on the server. Raises ClerkError TEAM_…: then nothing of it is accepted yet."""
        shared = [
            *(self.codec.shared(opened.original, IntakeState.STORED, None) for opened, _facts in page.opened),
            *(self.codec.shared(item.original, IntakeState.TO_REJECT, None) for item in page.defective),
            *(self.codec.shared(item.original, IntakeState.QUARANTINED, None) for item, _ in page.unreadable),
        ]
        stored = self.own.store(mailbox, page)
        for original in shared:
            self.server.place_original(original)
        return stored

    def settle(self, submissions: Mapping[SubmissionId, IntakeState]) -> None:
        """See IntakeStore."""
        self.own.settle(submissions)
        now = self.clock.now()
        self.server.settle_originals({each: (state, now) for each, state in submissions.items()})

    def synced(self, mailbox: MailboxKey, at: datetime) -> None:
        """See IntakeStore."""
        self.own.synced(mailbox, at)

    def originals(self) -> Iterable[Original]:
        """See IntakeStore."""
        return self.own.originals()

    def read_facts(self, reader: ApplicationReader, limit: int) -> int:
        """See IntakeStore."""
        return self.own.read_facts(reader, limit)

    def _share(self, wanted: Sequence[tuple[CaseId, SubmissionId]]) -> int:
        lacking = self.server.lacking_originals([submission_id for _case, submission_id in wanted])
        known = self.own.known(lacking)
        for case_id, submission_id in wanted:
            if submission_id in lacking and submission_id in known:
                state = known[submission_id].state
                at = self.clock.now() if state in _SETTLED else None
                original = self.codec.read(case_id, submission_id)
                self.server.place_original(self.codec.shared(original, state, at))
        return len(lacking)

    def share_everything(self) -> int:
        """Every submission this desktop holds that the server lacks; how many they were."""
        shared = 0
        names = list(self.codec.all_names())
        for start in range(0, len(names), 500):
            shared += self._share(names[start : start + 500])
        return shared


@dataclass(frozen=True)
class TeamSession:
    """One round's time with the server."""

    exchange: Exchange
    server: TeamServer
    marks: Marks
    codec: OriginalCodec
    clock: Clock
    routing: Callable[[], Sequence[RoutingFacts]] = lambda: ()
    stopping: Callable[[], bool] = lambda: False

    def begin(
        self, intake: IntakeStore, mailboxes: Sequence[Mailbox], reader: ApplicationReader
    ) -> Exchanged:
        """Originals before entries: what an entry speaks of is there when it comes."""
        if not self.exchange.is_on_common_ground():
            self.marks.put("originals", "0")
            self.marks.put("originals-shared", "no")
        self._take_in_originals(intake, mailboxes, reader)
        if self.marks.get("originals-shared") != "yes":
            self.sharing(intake).share_everything()
            self.marks.put("originals-shared", "yes")
        return self.exchange.run()

    def may_leave(self, entry_id: EntryId) -> bool:
        """See ``SendingGate``. That the server cannot be asked never sends an entry back to its clerk."""
        try:
            return SendingGate(self.exchange)(entry_id)
        except ClerkError as error:
            if error.disposition is Disposition.BUG:
                raise
            raise ClerkError(error.code, error.params, Disposition.RETRY) from error

    def intake(self) -> AbstractContextManager[bool]:
        """Whether it is this desktop's turn to fetch."""
        return self.server.intake()

    def sharing(self, intake: IntakeStore) -> SharingIntake:
        """``intake``, shared."""
        return SharingIntake(intake, self.server, self.codec, self.clock)

    def finish(self) -> Exchanged:
        """What this round did goes out, and what the county may know of it."""
        done = self.exchange.run()
        for page in in_pages(self.routing()):
            self.server.note_routing(page)
        return done

    def _take_in_originals(
        self, intake: IntakeStore, mailboxes: Sequence[Mailbox], reader: ApplicationReader
    ) -> None:
        by_destination = {mailbox.key.destination_id: mailbox for mailbox in mailboxes}
        number = int(self.marks.get("originals") or 0)
        while not self.stopping():
            page = self.server.originals_after(number, ORIGINALS_AT_ONCE)
            if not page:
                return
            self._store(intake, by_destination, reader, page)
            number = page[-1].number
            self.marks.put("originals", str(number))

    def _store(
        self,
        intake: IntakeStore,
        by_destination: Mapping[DestinationId, Mailbox],
        reader: ApplicationReader,
        page: Sequence[SharedOriginal],
    ) -> None:
        known = intake.known([shared.submission_id for shared in page])
        pages: dict[MailboxKey, list[Intake]] = {}
        for shared in page:
            if shared.submission_id not in known:
                original = self.codec.original(shared, self.server.attachments(shared.submission_id))
                mailbox = by_destination.get(shared.destination_id)
                key = MailboxKey(shared.portal, shared.destination_id)
                pages.setdefault(key, []).append(opened_again(mailbox, original))
        for key, items in pages.items():
            store_page(intake, key, items, reader, "")
        states = {shared.submission_id: shared.state for shared in page if shared.state in _SETTLED}
        now_known = intake.known(states)
        settled = {
            submission_id: state
            for submission_id, state in states.items()
            if submission_id in now_known and now_known[submission_id].state in _UNSETTLED
        }
        if settled:
            intake.settle(settled)


_UNSETTLED = frozenset({IntakeState.STORED, IntakeState.TO_REJECT})


class TeamLink(Protocol):
    """The way to the server, opened for each round: it may be gone at any time."""

    @property
    def marks(self) -> Marks: ...

    def session(self) -> AbstractContextManager[TeamSession]:
        """Raises ClerkError TEAM_…"""
        ...


@dataclass(frozen=True)
class Patience:
    """Whether a desktop may fetch alone: the server has been gone for so long that applications lie at the
    portal unread. What it takes in then is shared when the server is back. It sends nothing meanwhile: only
    the server can tell that nobody else did."""

    marks: Marks
    clock: Clock
    patience: timedelta = USUAL_PATIENCE

    def reached(self) -> None:
        """The server answered."""
        if self.marks.get(_SINCE):
            self.marks.put(_SINCE, "")

    def failed(self, error: ClerkError) -> bool:
        """The server did not; whether this desktop fetches alone now. Only absence counts: who was shut out
        must not go on as if nothing were."""
        if error.code not in _GONE:
            return False
        now = self.clock.now()
        since = self.marks.get(_SINCE)
        if not since:
            self.marks.put(_SINCE, now.isoformat())
            return False
        if now - datetime.fromisoformat(since) < self.patience:
            return False
        self.marks.put("originals-shared", "no")
        return True


_SINCE = "unreachable-since"


@dataclass(frozen=True)
class Team:
    """What an engine needs to work in a team."""

    link: TeamLink
    patience: Patience = field(kw_only=True)
