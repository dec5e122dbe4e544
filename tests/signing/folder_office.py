"""An office that signs what lies in its folder with a card; store, letters and card are real."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from clerk_app.domain.decision import Outcome
from clerk_app.domain.ids import EntryId
from clerk_app.domain.letter import Letter
from clerk_app.domain.outbox import OutboxKind
from clerk_app.domain.signature import (
    NO_DEMAND,
    KeyReport,
    SignatureSummary,
    SigningDemand,
    SigningOutlook,
    VerificationReport,
)
from clerk_app.signing.desk import LetterDesk
from tests.usecases.house import Desk, House


class CardLetters:
    """A LetterOffice whose one key is on a card."""

    def __init__(self, desk: LetterDesk, reference: str) -> None:
        self.desk, self.reference = desk, reference

    def render(self, letter: Letter, created_at: datetime) -> bytes:
        return self.desk.render(letter, created_at)

    def sign(
        self,
        pdf: bytes,
        key_reference: str | None,
        ask_password: Callable[[], str | None],
        demand: SigningDemand = NO_DEMAND,
    ) -> tuple[bytes, SignatureSummary]:
        return self.desk.sign(pdf, key_reference or self.reference, ask_password, demand)

    def verify(self, pdf: bytes) -> VerificationReport:
        return self.desk.verify(pdf)

    def verify_online(self, pdf: bytes) -> VerificationReport:
        return self.desk.verify(pdf)

    def examine_key(self, key_reference: str | None) -> KeyReport:
        return self.desk.examine_key(key_reference or self.reference)

    def outlook(self, demand: SigningDemand, key_reference: str | None = None) -> SigningOutlook:
        return SigningOutlook(self.desk.level(demand), self.examine_key(key_reference))

    def batch(self, expected: int = 1) -> AbstractContextManager[None]:
        return self.desk.keys_kept(expected)


class FolderOffice:
    """Lays decisions in, looks at them, and knows what stands in the outbox."""

    def __init__(self, folder: Path, root: bytes, reference: str) -> None:
        self.house = House(folder)
        self.house.clock.time = datetime.now(UTC)  # certificates of the tests are made today
        self.letters = CardLetters(LetterDesk(base=folder, trust_roots=lambda: [root]), reference)
        self.house.letters = cast("Any", self.letters)
        self.desk: Desk = self.house.another_desk("anna")

    def lay(self, number: int) -> list[EntryId]:
        """That many decisions in the folder, each seen."""
        laid = []
        for _ in range(number):
            draft = self.desk.deciding.draft(self.house.arrives(), Outcome.GRANTED)
            found = self.desk.folder.add(draft).draft_id
            self.desk.drafts.seen(found, self.desk.drafts.paper(found))
            laid.append(found)
        return laid

    def queued(self) -> list[EntryId]:
        """Decisions in the outbox, oldest first."""
        return [e.entry_id for e in reversed(self.house.outbox()) if e.kind is OutboxKind.DECISION]

    def pdf(self, entry_id: EntryId) -> bytes:
        """The signed document of an entry."""
        frozen = self.desk.ledger.outgoing(entry_id)
        return self.house.store.documents().read(frozen.case_id, frozen.documents[0].document_id)

    def close(self) -> None:
        self.house.close()
