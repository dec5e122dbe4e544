"""The letter office of this authority: which key signs, whose password, what is believed when verifying."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from clerk_app.bootstrap.premises import Premises
from clerk_app.domain.letter import Letter
from clerk_app.domain.signature import SignatureSummary, VerificationReport
from clerk_app.signing.desk import LetterDesk
from clerk_app.system.profile import PRACTICE_SIGNING_KEY, Profile

PRACTICE_SIGNING = "practice-signing"
"""Folder below the home's keys that holds the practice office's demo key and its authority."""

AskPassword = Callable[[], str | None]


@dataclass(frozen=True)
class OfficeLetters:
    """Makes and signs letters with the key the profile names, or the practice office's demo key."""

    desk: LetterDesk
    profile: Profile
    practice_folder: Path
    now: Callable[[], datetime]

    def render(self, letter: Letter, created_at: datetime) -> bytes:
        """See LetterOffice.render."""
        return self.desk.render(letter, created_at)

    def verify(self, pdf: bytes) -> VerificationReport:
        """See LetterOffice.verify."""
        return self.desk.verify(pdf)

    def sign(
        self, pdf: bytes, key_reference: str | None, ask_password: AskPassword
    ) -> tuple[bytes, SignatureSummary]:
        """See LetterOffice.sign. The practice office makes its demo key when it first signs."""
        wanted = key_reference or self.profile.signing.key
        if self.profile.practice and wanted in (None, PRACTICE_SIGNING_KEY):
            from clerk_app.signing.practice import ensure_practice_key

            key = ensure_practice_key(self.practice_folder, self.profile.authority.name, self.now())
            return self.desk.sign(pdf, key.reference, lambda: key.password)
        secret = self.profile.signing.password
        if key_reference is None and secret is not None:
            return self.desk.sign(pdf, wanted, secret.resolve)
        return self.desk.sign(pdf, wanted, ask_password)

    def batch(self) -> AbstractContextManager[None]:
        """See LetterOffice.batch."""
        return self.desk.keys_kept()

    def describe_key(self) -> str:
        """Opens the profile's key when that needs no person, and says whose it is; for the self-check.

        Raises ClerkError: everything opening a key may say.
        """
        key, secret = self.profile.signing.key, self.profile.signing.password
        if key is None or secret is None:
            return key or ""
        from clerk_app.signing.keys import open_key

        opened = open_key(key, self.profile.path.parent, secret.resolve)
        opened.close()
        return key


def letter_office(premises: Premises) -> OfficeLetters:
    """The letter office of these premises."""
    profile, folder = premises.profile, premises.home.keys / PRACTICE_SIGNING
    desk = LetterDesk(
        base=profile.path.parent,
        trust_roots=lambda: practice_roots(folder),
        location=profile.authority.address.city,
        now=premises.clock.now,
    )
    return OfficeLetters(desk, profile, folder, premises.clock.now)


def practice_roots(folder: Path) -> list[bytes]:
    """The practice office's own authority, when it exists: believed in this home only."""
    from clerk_app.signing.practice import practice_authority

    certificate = practice_authority(folder)
    return [certificate] if certificate is not None else []
