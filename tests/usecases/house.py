"""An office for use cases: the real store on disk and the real rules; only letters and time are fakes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from clerk_app.domain.application import Application, Attachment, ReplyChannel
from clerk_app.domain.authority import AuthorityParameters, DirectoryEntry
from clerk_app.domain.case import CaseFile, CaseStatus
from clerk_app.domain.competence import OfficeAddress
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import AttachmentId, CaseId, DestinationId, EntryId, SubmissionId
from clerk_app.domain.letter import Letter
from clerk_app.domain.outbox import OutboxEntry, OutboxState, RemoteRef, SignedLog
from clerk_app.domain.signature import (
    NO_DEMAND,
    KeyReport,
    Modification,
    SignatureLevel,
    SignatureSummary,
    SignerKind,
    SigningDemand,
    SigningOutlook,
    Verdict,
    VerificationReport,
)
from clerk_app.efile.package import XdomeaPacker
from clerk_app.services.forwarding_rules import ForwardingRules
from clerk_app.services.letter_matter import LetterHead
from clerk_app.services.office_rules import OfficeRules
from clerk_app.store.home import HomePaths, Store
from clerk_app.sync.ports import AuthenticationTags, Opened, StorePage, Unreadable
from clerk_app.usecases.case_work import CaseWork
from clerk_app.usecases.corresponding import Corresponding
from clerk_app.usecases.dates import KeepingDates
from clerk_app.usecases.deciding import Deciding
from clerk_app.usecases.filed_documents import FiledDocuments
from clerk_app.usecases.filing import Filing
from clerk_app.usecases.fixed_drafts import FixedDrafts
from clerk_app.usecases.forwarding import Forwarding
from clerk_app.usecases.gaps import Gaps
from clerk_app.usecases.handing_over import HandingOver
from clerk_app.usecases.outbox_watch import OutboxWatch
from clerk_app.usecases.outbox_work import OutboxWork
from clerk_app.usecases.requesting import Requesting
from clerk_app.usecases.reviewing import Reviewing
from clerk_app.usecases.sending import TakeBack
from clerk_app.usecases.signature_folder import SignatureFolder
from tests.store.making import DATA_KEY, DESTINATION, MAILBOX, make_original, new_id

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MAILBOX_CHANNEL = ReplyChannel("idBundDeMailbox", {"mailboxUuid": "6f0c0f5e-8a43-4f4c-9a55-2d9c3f1f0a11"})
FORM: dict[str, Any] = {
    "antragsteller": {
        "vorname": "Žofia",
        "nachname": "Müller",
        "anschrift": {"strasse": "Weg", "hausnummer": "5", "plz": "70999", "ort": "Musterhausen"},
    },
    "hund": {"name": "Bello", "rasse": "Dackel", "listenhund": False},
}
RULES = OfficeRules(
    LetterHead("Stadt Musterhausen", "081110000000", "BW", "", "Rathausplatz 1", "70999", "Musterhausen")
)


MUELLHEIM = OfficeAddress("Stadt Müllheim", "083150074074", "Bismarckstraße 3", "79379", "Müllheim")
COMPETENT = ForwardingRules(
    RULES.head,
    RULES.description,
    AuthorityParameters(
        places=("Musterhausen",),
        postcodes=("70999",),
        directory=(DirectoryEntry(MUELLHEIM, ("Müllheim",), ("79379",)),),
    ),
)


@dataclass
class FakeClock:
    """Time moves only when told."""

    time: datetime = START

    def now(self) -> datetime:
        return self.time

    def pass_(self, **parts: float) -> None:
        self.time += timedelta(**parts)


def summary(verdict: Verdict) -> SignatureSummary:
    return SignatureSummary(
        "Signatur", "Siegel", "Siegel", "1", None, None, None, "B-B", "rsa", True, True,
        Modification.NONE, False, False, verdict,
    )  # fmt: skip


class NoAttachments:
    """No application of this house has any."""

    def write_to(
        self, case_id: CaseId, submission_id: SubmissionId, attachment_id: AttachmentId, sink: BinaryIO
    ) -> None:
        raise AssertionError(attachment_id)


class NoArrivalLogs:
    """The event log of every arrival is empty."""

    def arrival_log(self, case_id: CaseId, submission_id: SubmissionId) -> SignedLog:
        return SignedLog((), {}, START)


SEAL = KeyReport("key", SignerKind.SEAL, "Siegel")


@dataclass
class FakeLetters:
    """Prints a letter as its own words and signs by saying so. Remembers what it was asked for."""

    asked: list[str] = field(default_factory=list)
    verdict: Verdict = Verdict.VALID
    fail: ClerkError | None = None
    while_signing: Callable[[], None] = lambda: None
    key: KeyReport = SEAL
    level: SignatureLevel = SignatureLevel.B_B
    missing: str | None = None
    offline: bool = False
    demanded: list[SigningDemand] = field(default_factory=list)

    def render(self, letter: Letter, created_at: datetime) -> bytes:
        self.asked.append("render")
        return f"%PDF {letter.subject} {created_at.isoformat()}".encode()

    def sign(
        self,
        pdf: bytes,
        key_reference: str | None,
        ask_password: Callable[[], str | None],
        demand: SigningDemand = NO_DEMAND,
    ) -> tuple[bytes, SignatureSummary]:
        self.asked.append("sign")
        self.demanded.append(demand)
        ask_password()
        self.while_signing()
        if self.fail is not None:
            raise self.fail
        return pdf + b" signed", summary(self.verdict)

    def verify(self, pdf: bytes) -> VerificationReport:
        self.asked.append("verify")
        return VerificationReport(self.verdict, "", len(pdf), (), (summary(self.verdict),))

    def examine_key(self, key_reference: str | None) -> KeyReport:
        return self.key

    def outlook(self, demand: SigningDemand, key_reference: str | None = None) -> SigningOutlook:
        level = demand.level if demand.level.at_least(self.level) else self.level
        return SigningOutlook(level, self.key, (), self.missing, self.offline)

    def batch(self, expected: int = 1) -> AbstractContextManager[None]:
        self.asked.append("batch")
        return nullcontext()


@dataclass
class Desk:
    """One clerk's tools on one thread, as ``bootstrap`` would put them together."""

    store: Store
    clock: FakeClock
    letters: FakeLetters
    deliverable: Callable[[str | None, DestinationId, Mapping[str, object]], bool]
    actor: str = "clerk"
    four_eyes: Callable[[], bool] = lambda: False

    def __post_init__(self) -> None:
        self.reads = self.store.reads()
        self.ledger = self.store.ledger(self.actor)
        documents, take_back = self.store.documents(), TakeBack(60)
        self.dates = KeepingDates(self.reads, self.ledger, RULES, self.clock, self.letters, RULES)
        self.cases = CaseWork(self.reads, self.ledger, self.dates.target_on)
        self.outbox = OutboxWork(self.reads, self.ledger, self.clock)
        self.watch = OutboxWatch(self.reads, self.ledger, RULES, self.clock)
        self.requesting = Requesting(
            self.reads, self.ledger, documents, self.letters, RULES, RULES, self.deliverable, self.clock,
            take_back, RULES,
        )  # fmt: skip
        self.gaps = Gaps(self.reads, self.ledger, RULES, RULES, self.clock)
        self.corresponding = Corresponding(
            self.reads, self.ledger, documents, self.letters, RULES, RULES, self.deliverable, self.clock,
            take_back,
        )  # fmt: skip
        self.deciding = Deciding(
            self.reads, self.ledger, documents, self.letters, RULES, self.deliverable, self.clock, take_back,
            lambda case: self.four_eyes(),
        )  # fmt: skip
        self.drafts = FixedDrafts(self.reads, self.ledger, documents, self.deciding)
        self.folder = SignatureFolder(self.drafts, self.deciding, self.letters)
        self.reviewing = Reviewing(self.drafts)
        self.forwarding = Forwarding(
            self.reads, self.ledger, self.corresponding, COMPETENT, self.clock, take_back,
            lambda office: f"Abgabe an {office.name}",
        )  # fmt: skip
        contents = FiledDocuments(documents, NoAttachments(), NoArrivalLogs(), self.ledger)
        self.filing = Filing(
            self.reads, self.ledger, contents, XdomeaPacker(), "Stadt Musterhausen", self.clock
        )
        self.handing_over = HandingOver(
            self.reads, self.ledger, documents, self.letters, COMPETENT, self.filing, self.clock
        )

    def close(self) -> None:
        self.reads.close()
        self.ledger.close()


class House:
    """A home with a store, a clock, and a portal that delivers what it is told to."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.store = Store.open(HomePaths(folder), DATA_KEY, clock=self.clock)
        self.letters = FakeLetters()
        self.four_eyes = False
        self.served = {"idBundDeMailbox", "fitConnect"}
        self._desks: list[Desk] = []
        self._intake = self.store.intake()
        self.machine = self.store.outbox()
        self.desk = self.another_desk("clerk")

    def another_desk(self, actor: str) -> Desk:
        desk = Desk(self.store, self.clock, self.letters, self._deliverable, actor, lambda: self.four_eyes)
        self._desks.append(desk)
        return desk

    def close(self) -> None:
        self.store.close()

    def _deliverable(
        self, channel: str | None, destination_id: DestinationId, address: Mapping[str, object]
    ) -> bool:
        return channel in self.served and destination_id == DESTINATION

    def arrives(
        self,
        case_id: CaseId | None = None,
        *,
        channel: ReplyChannel | None = MAILBOX_CHANNEL,
        consents: bool | None = None,
        form: Any = FORM,
        leika_key: str = "99102013104000",
        portal_application_id: str | None = "0b0f7b6e-51a5-4d5c-9f8e-0c4f1d6b7a22",
        attachments: tuple[Attachment, ...] = (),
    ) -> CaseId:
        """An application, or with ``case_id`` an answer in that case."""
        original = make_original(case_id, at=self.clock.now() - timedelta(minutes=6))
        original = replace(original, fetched_at=self.clock.now())
        place = original.waiting
        application = Application(
            submission_id=place.submission_id,
            case_id=place.case_id,
            destination_id=DESTINATION,
            portal="service-bw",
            service_identifier=f"urn:de:fim:leika:leistung:{leika_key}",
            service_name="Hundesteuer",
            schema_uri=None,
            content=json.dumps(form).encode(),
            content_media_type="application/json",
            content_sha512="0" * 128,
            metadata={},
            attachments=attachments,
            submitted_at=self.clock.now() - timedelta(minutes=6),
            reply_channel=channel,
            consents_to_electronic_decision=consents,
            portal_application_id=portal_application_id,
        )
        opened = Opened(original, application, AuthenticationTags("m", "d"), "schema")
        self._intake.store(MAILBOX, StorePage([(opened, RULES.facts(application))]))
        return place.case_id

    def arrives_unreadable(self, case_id: CaseId | None = None) -> CaseId:
        unreadable = Unreadable(make_original(case_id or new_id()), ErrorCode.KEY_UNKNOWN, {"kid": "k"})
        self._intake.store(MAILBOX, StorePage([], [], [(unreadable, "keys")]))
        return unreadable.original.waiting.case_id

    def file(self, case_id: CaseId) -> CaseFile:
        found = self.desk.reads.case_file(case_id)
        assert found is not None
        return found

    def status(self, case_id: CaseId) -> CaseStatus:
        return self.file(case_id).row.status

    def outbox(self) -> list[OutboxEntry]:
        return list(self.desk.reads.outbox())

    def state(self, entry_id: EntryId) -> OutboxState:
        found = self.desk.reads.outbox_entry(entry_id)
        assert found is not None
        return found.state

    def goes(self, entry_id: EntryId, *states: OutboxState) -> None:
        """What the machine does to an entry on its way."""
        for state in states:
            remote = RemoteRef(new_id(), new_id()) if state is OutboxState.ANNOUNCED else None
            assert self.machine.move(entry_id, state, expected=self.state(entry_id), remote=remote)


def code_of(work: Callable[[], object]) -> ErrorCode:
    """The code ``work`` fails with."""
    try:
        work()
    except ClerkError as error:
        return error.code
    raise AssertionError("nothing was raised")


UNKNOWN = CaseId("00000000-0000-4000-8000-000000000000")
