"""Letters of the office in memory: documents that can be read, and a card that counts wrong PINs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.letter import AppealNotice, Letter, NumberedList, Paragraph
from clerk_app.domain.signature import (
    NO_DEMAND,
    KeyReport,
    Modification,
    PinTries,
    SignatureSummary,
    SigningDemand,
    SigningOutlook,
    Verdict,
    VerificationReport,
)
from tests.ui.fake_store import NOW, PIN, FakeOffice

SIGNATURE = SignatureSummary(
    "Signature",
    "CN=Stadt Musterhausen (Übung)",
    "CN=Übungs-CA",
    "01",
    NOW,
    NOW,
    NOW,
    "B-B",
    "sha256_rsa",
    True,
    True,
    Modification.NONE,
    False,
    False,
    Verdict.VALID_UNTRUSTED,
)
_TRIES = (PinTries.PLENTY, PinTries.LOW, PinTries.FINAL, PinTries.LOCKED)


def fake_pdf(title: str, lines: Sequence[str], pages: int = 1) -> bytes:
    """What the fakes take for a document."""
    body = {"title": title, "lines": list(lines), "pages": pages}
    return b"%PDF-FAKE\n" + json.dumps(body, ensure_ascii=False).encode()


class FakeLetterOffice:
    """Makes fake documents; signs with a PIN when the office needs one, and locks after three wrong ones."""

    def __init__(self, office: FakeOffice) -> None:
        self._office = office
        self.signed = 0
        self._kept = self._open = False  # inside a batch an opened key stays open

    def render(self, letter: Letter, created_at: datetime) -> bytes:
        lines = [*letter.recipient, "", letter.subject, "", letter.salutation]
        for block in letter.blocks:
            lines += [*_block_lines(block), ""]
        return fake_pdf(letter.sender.name, lines)

    def sign(
        self,
        pdf: bytes,
        key_reference: str | None,
        ask_password: Callable[[], str | None],
        demand: SigningDemand = NO_DEMAND,
    ) -> tuple[bytes, SignatureSummary]:
        office = self._office
        if office.facts.signing_needs_password and not self._open and ask_password() != PIN:
            office.wrong_pins += 1
            tries = self._tries()
            if tries is PinTries.LOCKED:
                raise ClerkError(ErrorCode.SIGNING_PIN_LOCKED)
            raise ClerkError(ErrorCode.SIGNING_PASSWORD_WRONG, {"tries": tries.value})
        self._open = self._kept
        self.signed += 1
        office.signed_with.append(key_reference)
        return pdf + b"\n%SIGNED", SIGNATURE

    def verify_online(self, pdf: bytes) -> VerificationReport:
        self._office.asked_online.append(pdf)
        return self.verify(pdf)

    def verify(self, pdf: bytes) -> VerificationReport:
        if pdf in self._office.reports:
            return self._office.reports[pdf]
        good = pdf.endswith(b"%SIGNED")
        verdict = Verdict.VALID_UNTRUSTED if good else Verdict.NOT_SIGNED
        return VerificationReport(verdict, hashlib.sha256(pdf).hexdigest(), len(pdf), (), (SIGNATURE,))

    def examine_key(self, key_reference: str | None) -> KeyReport:
        keys = {key.reference: key for key in (self._office.outlook.key, *self._office.outlook.others)}
        tries = self._tries() if self._office.facts.signing_needs_password else PinTries.UNKNOWN
        key = keys.get(key_reference or self._office.outlook.key.reference, self._office.outlook.key)
        locked = ErrorCode.SIGNING_PIN_LOCKED.value if tries is PinTries.LOCKED else key.problem
        needs_pin = self._office.facts.signing_needs_password
        return replace(key, pin_tries=tries, needs_pin=needs_pin, problem=locked)

    def outlook(self, demand: SigningDemand, key_reference: str | None = None) -> SigningOutlook:
        return replace(self._office.outlook, key=self.examine_key(key_reference))

    @contextmanager
    def batch(self, expected: int = 1) -> Iterator[None]:
        self._kept = True
        yield
        self._kept = self._open = False

    def _tries(self) -> PinTries:
        return _TRIES[min(self._office.wrong_pins, 3)]


def _block_lines(block: object) -> list[str]:
    match block:
        case Paragraph():
            return [block.text]
        case NumberedList():
            return [f"{at}. {item}" for at, item in enumerate(block.items, 1)]
        case AppealNotice():
            return [block.heading, block.text]
        case _:
            return ["Dieses Dokument wurde elektronisch signiert."]
