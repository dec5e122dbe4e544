"""Two clerks and the machine on one case, and a judge who sees only what left the house."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clerk_app.domain.case import CaseFile
from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.letter import Letter
from clerk_app.domain.outbox import (
    WITHDRAWABLE_STATES,
    OutboxKind,
    OutboxState,
    Outgoing,
    OutgoingDocument,
    RemoteRef,
)
from clerk_app.domain.signature import (
    KeyReport,
    SignatureSummary,
    SigningDemand,
    SigningOutlook,
    Verdict,
    VerificationReport,
)
from clerk_app.store.home import HomePaths, Store
from clerk_app.sync.ports import RemoteOutcome, RemoteState
from clerk_app.sync.push import Pusher
from clerk_app.usecases.deciding import Deciding
from tests.store.making import DATA_KEY, new_id
from tests.usecases.house import RULES, SEAL, Desk, House, summary
from tests.usecases.turns import Seamed, Turns

_MARK = b"\n%signature "
_READS = ("case_file", "fixed_draft", "change_token")
_LEDGER = ("transaction", "frozen_draft")
_OUTBOX = ("open_entries", "outgoing", "is_overtaken", "move")


class TellingWriter:
    """Writes into every decision which submissions it was made on: what the judge reads back."""

    def __getattr__(self, name: str) -> Any:
        return getattr(RULES, name)

    def decision(self, case: CaseFile, outcome: Outcome, wording: Wording, at: datetime) -> Letter:
        made_on = sorted(application.submission_id for application in case.applications)
        letter = RULES.decision(case, outcome, wording, at)
        return replace(letter, facts={"madeOn": made_on})


@dataclass
class QuickLetters:
    """Signs for real, though not in PDF: 200 rounds must not take an hour."""

    seam: Callable[[], None]
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    broken: bool = False

    def render(self, letter: Letter, created_at: datetime) -> bytes:
        return b"%PDF-" + json.dumps([letter.facts["madeOn"], created_at.isoformat()]).encode()

    def sign(
        self,
        pdf: bytes,
        key_reference: str | None,
        ask_password: Callable[[], str | None],
        demand: SigningDemand | None = None,
    ) -> tuple[bytes, SignatureSummary]:
        self.seam()  # a person types a PIN
        return pdf if self.broken else pdf + _MARK + self.key.sign(pdf).hex().encode(), summary(Verdict.VALID)

    def verify(self, pdf: bytes) -> VerificationReport:
        good = self.broken or self.is_signed(pdf)
        return VerificationReport(Verdict.VALID if good else Verdict.INVALID, "", len(pdf))

    def is_signed(self, pdf: bytes) -> bool:
        """As anybody outside can check."""
        paper, _mark, signature = pdf.partition(_MARK)
        try:
            self.key.public_key().verify(bytes.fromhex(signature.decode()), paper)
        except (InvalidSignature, ValueError):
            return False
        return True

    def examine_key(self, key_reference: str | None) -> KeyReport:
        return SEAL

    def outlook(self, demand: SigningDemand, key_reference: str | None = None) -> SigningOutlook:
        return SigningOutlook(demand.level, SEAL)

    def batch(self, expected: int = 1) -> AbstractContextManager[None]:
        return nullcontext()


@dataclass(frozen=True)
class Left:
    """A decision that left the house, and what had arrived in its case before that."""

    case_id: CaseId
    entry_id: EntryId
    pdf: bytes
    arrived: frozenset[str]


@dataclass
class Street:
    """What is outside: a delivery service that takes everything, and a memory of the order of things."""

    seam: Callable[[], None]
    arrivals: dict[CaseId, set[str]] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    _uploaded: dict[str, bytes] = field(default_factory=dict)
    _submitted: set[str] = field(default_factory=set)

    def deliverable(self, channel: str | None, destination_id: object, address: Mapping[str, object]) -> bool:
        return channel is not None

    def channel_for(self, outgoing: Outgoing) -> Street:
        return self

    def announce(self, outgoing: Outgoing) -> RemoteRef:
        self.seam()
        return RemoteRef(new_id(), new_id())

    def upload(
        self, outgoing: Outgoing, remote: RemoteRef, read: Callable[[OutgoingDocument], bytes]
    ) -> None:
        self.seam()
        for document in outgoing.documents:
            self._uploaded[remote.remote_id] = read(document)

    def submit(self, outgoing: Outgoing, remote: RemoteRef) -> None:
        self.seam()
        self._submitted.add(remote.remote_id)
        if outgoing.kind is OutboxKind.DECISION:
            arrived = frozenset(self.arrivals[outgoing.case_id])
            pdf = self._uploaded[remote.remote_id]
            self.left.append(Left(outgoing.case_id, outgoing.entry_id, pdf, arrived))

    def outcome(self, outgoing: Outgoing, remote: RemoteRef) -> RemoteOutcome:
        known = remote.remote_id in self._submitted
        return RemoteOutcome(RemoteState.ACCEPTED if known else RemoteState.INCOMPLETE)


Act = Callable[[Desk, CaseId], object]


def sign_on_the_spot(desk: Desk, case_id: CaseId) -> None:
    draft = desk.deciding.draft(case_id, Outcome.GRANTED)
    desk.deciding.sign(draft, lambda: "123456", at_once=True)


def sign_from_the_folder(desk: Desk, case_id: CaseId) -> None:
    laid = desk.folder.add(desk.deciding.draft(case_id, Outcome.GRANTED)).draft_id
    desk.drafts.seen(laid, desk.drafts.paper(laid))
    run = desk.folder.sign([laid], lambda: "123456", at_once=True)
    for result in run.results:
        if result.code is not None:
            raise ClerkError(result.code)


def withdraw(desk: Desk, case_id: CaseId) -> None:
    for entry in desk.reads.outbox():
        mine = entry.case_id == case_id and entry.kind is OutboxKind.DECISION
        if mine and entry.state in WITHDRAWABLE_STATES:
            desk.outbox.withdraw(entry.entry_id)


def write_another_text(desk: Desk, case_id: CaseId) -> None:
    desk.cases.save_draft(case_id, Outcome.GRANTED, Wording(new_id()))


ACTS: tuple[Act, ...] = (sign_on_the_spot, sign_from_the_folder, withdraw, write_another_text)
_WEIGHTS = (4, 4, 4, 1)


class Race:
    """A home, two clients with connections of their own, the machine, and what went past the door."""

    def __init__(self, folder: Any, seed: int) -> None:
        self._random = random.Random(seed)
        self.turns = Turns(seed, ("anna", "bert", "machine"))
        seam = self.turns.seam
        self.house = House(folder)
        self.street = Street(seam)
        self.letters = QuickLetters(seam)
        self.codes: Counter[ErrorCode] = Counter()
        # Another client is another store over the same home: it shares nothing but the files.
        self._other = Store.open(HomePaths(folder), DATA_KEY, clock=self.house.clock, exclusive=False)
        self.desks: dict[str, Desk] = {}
        for name, store in (("anna", self.house.store), ("bert", self._other)):
            self.turns.run({name: partial(self._open_desk, store, name)})  # connections stay on their thread
        outbox = Seamed(self.house.machine, seam, *_OUTBOX)
        self.pusher = Pusher(cast("Any", outbox), self.street, self.house.clock)

    def _open_desk(self, store: Store, actor: str) -> None:
        seam = self.turns.seam

        class SeamedStore:
            def reads(self) -> Any:
                return Seamed(store.reads(), seam, *_READS)

            def ledger(self, name: str) -> Any:
                return Seamed(store.ledger(name), seam, *_LEDGER)

            def documents(self) -> Any:
                return store.documents()

        seamed, letters = cast("Store", SeamedStore()), cast("Any", self.letters)
        desk = Desk(seamed, self.house.clock, letters, self.street.deliverable, actor)
        self.use_deciding(desk, replace(desk.deciding, writer=cast("Any", TellingWriter())))
        self.desks[actor] = desk

    @staticmethod
    def use_deciding(desk: Desk, deciding: Deciding) -> None:
        """Puts another Deciding in place everywhere on a desk."""
        desk.deciding = deciding
        desk.drafts = replace(desk.drafts, deciding=deciding)
        desk.folder = replace(desk.folder, drafts=desk.drafts, deciding=deciding)

    def run(self, rounds: int) -> None:
        """That many cases, each fought over."""
        for _ in range(rounds):
            self.turns.run({"machine": self._file})
            case_id = self._case_id
            works: dict[str, Callable[[], object]] = {
                name: self._clerk(desk, case_id) for name, desk in self.desks.items()
            }
            works["machine"] = self._machine(case_id)
            self.turns.run(works)
            self.turns.run({"machine": partial(self.pusher.push, force=True)})
            self.turns.run({"anna": partial(withdraw, self.desks["anna"], case_id)})  # what was held back

    def _file(self) -> None:
        self._case_id = self.house.arrives()
        self._note_arrivals(self._case_id)

    def _note_arrivals(self, case_id: CaseId) -> None:
        found = self._intake_file(case_id)
        self.street.arrivals[case_id] = {each.submission_id for each in found.applications}

    def _intake_file(self, case_id: CaseId) -> CaseFile:
        if not hasattr(self, "_machine_reads"):
            self._machine_reads = self.house.store.reads()
        found = self._machine_reads.case_file(case_id)
        assert found is not None
        return found

    def _clerk(self, desk: Desk, case_id: CaseId) -> Callable[[], None]:
        acts = self._random.choices(ACTS, _WEIGHTS, k=self._random.randint(1, 3))

        def work() -> None:
            for act in acts:
                try:
                    act(desk, case_id)
                except ClerkError as error:
                    if error.disposition is Disposition.BUG:
                        raise
                    self.codes[error.code] += 1

        return work

    def _machine(self, case_id: CaseId) -> Callable[[], None]:
        acts = self._random.choices(("push", "arrive"), (3, 2), k=self._random.randint(1, 3))

        def work() -> None:
            for act in acts:
                self.turns.seam()
                if act == "push":
                    self.pusher.push(force=True)
                else:
                    self.house.arrives(case_id)
                    self._note_arrivals(case_id)

        return work

    def verdict(self) -> list[str]:
        """What the judge has to say against what left the house; empty when all is well."""
        complaints = []
        per_case = Counter(left.case_id for left in self.street.left)
        complaints += [f"case {case} has {n} decisions" for case, n in per_case.items() if n > 1]
        for left in self.street.left:
            if not self.letters.is_signed(left.pdf):
                complaints.append(f"entry {left.entry_id} left unsigned")
                continue
            made_on = json.loads(left.pdf.removeprefix(b"%PDF-").partition(_MARK)[0])[0]
            if set(made_on) != set(left.arrived):
                complaints.append(f"entry {left.entry_id} is stale")
            if self.house.state(left.entry_id) is OutboxState.WITHDRAWN:
                complaints.append(f"entry {left.entry_id} left although it was taken back")
            frozen = self.house.desk.ledger.outgoing(left.entry_id)
            if frozen.documents[0].sha256 != hashlib.sha256(left.pdf).hexdigest():
                complaints.append(f"entry {left.entry_id} is not what was signed")
        return complaints

    def close(self) -> None:
        """Ends threads, then stores."""
        self.turns.close()
        self._other.close()
        self.house.close()
