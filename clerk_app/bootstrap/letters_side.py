"""The letter office of this authority: which key signs, whose password, what is believed when verifying."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from clerk_app.bootstrap.pin_memory import PinMemory
from clerk_app.bootstrap.premises import Premises
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.letter import Letter
from clerk_app.domain.signature import (
    NO_DEMAND,
    KeyReport,
    SignatureSummary,
    SignerKind,
    SigningDemand,
    SigningOutlook,
    VerificationReport,
)
from clerk_app.signing.desk import LetterDesk, RemoteSignIn
from clerk_app.system.profile import NetworkProfile, Profile
from clerk_app.system.secrets import SecretReference
from clerk_app.system.signing_profile import PRACTICE_SIGNING_KEY, RemoteSigningProfile

PATIENCE_S = 10.0  # how long a clerk waits for a time stamp or a status service that says nothing
GLANCE_S = 2.0  # and how long for a look at a key, before every letter
PRACTICE_SIGNING = "practice-signing"
"""Folder below the home's keys that holds the practice office's demo key and its authority."""

if TYPE_CHECKING:
    from clerk_app.portal.trust_services import TrustServiceCalls

AskPassword = Callable[[], str | None]


@dataclass(frozen=True)
class OfficeLetters:
    """Makes and signs letters with the keys the profile names, or the practice office's demo key."""

    desk: LetterDesk
    profile: Profile
    practice_folder: Path
    now: Callable[[], datetime]
    close: Callable[[], None]
    pins: PinMemory = field(default_factory=PinMemory)

    def render(self, letter: Letter, created_at: datetime) -> bytes:
        """See LetterOffice.render."""
        return self.desk.render(letter, created_at)

    def verify(self, pdf: bytes) -> VerificationReport:
        """See LetterOffice.verify."""
        return self.desk.verify(pdf)

    def sign(
        self,
        pdf: bytes,
        key_reference: str | None,
        ask_password: AskPassword,
        demand: SigningDemand = NO_DEMAND,
    ) -> tuple[bytes, SignatureSummary]:
        """See LetterOffice.sign. The practice office makes its demo key when it first signs; that key plays
        everybody's part."""
        wanted = key_reference or self._chosen(demand)
        if self._is_practice(wanted):
            from clerk_app.signing.practice import ensure_practice_key

            key = ensure_practice_key(self.practice_folder, self.profile.authority.name, self.now())
            return self.desk.sign(pdf, key.reference, lambda: key.password, SigningDemand(demand.level))
        secret = self._secret_of(wanted)
        if secret is not None or wanted is None:
            return self.desk.sign(pdf, wanted, ask_password if secret is None else secret.resolve, demand)
        return self._sign_with_pin(pdf, wanted, ask_password, demand)

    def _sign_with_pin(
        self, pdf: bytes, reference: str, ask_password: AskPassword, demand: SigningDemand
    ) -> tuple[bytes, SignatureSummary]:
        """With the PIN that was accepted before, if it may be kept; else the one that is typed now.

        A card that wants its PIN for each signature gets no kept one: its certificate rests on a person's
        deed each time. Nor does a remote service, where it may be a number that counts once.
        """
        said: list[str | None] = []

        def ask() -> str | None:
            said.append(self.pins.recall(reference, self.now()) or ask_password())
            return said[-1]

        try:
            done = self.desk.sign(pdf, reference, ask, demand)
        except ClerkError as error:
            if error.code in (ErrorCode.SIGNING_PASSWORD_WRONG, ErrorCode.SIGNING_PIN_LOCKED):
                self.pins.forget(reference)
            raise
        may_be_kept = not reference.startswith("csc:") and not self._report(reference).pin_for_each
        if said and said[-1] and may_be_kept:
            self.pins.keep(reference, said[-1], self.now())
        return done

    def examine_key(self, key_reference: str | None) -> KeyReport:
        """See LetterOffice.examine_key."""
        return self._report(key_reference or self._chosen(NO_DEMAND))

    def outlook(self, demand: SigningDemand, key_reference: str | None = None) -> SigningOutlook:
        """See LetterOffice.outlook."""
        chosen = key_reference or self._chosen(demand)
        signing = self.profile.signing
        others = [
            self._report(other)
            for other in (signing.key, signing.seal)
            if other is not None and other != chosen and key_reference is None
        ]
        fitting = tuple(other for other in others if demand.signer in (None, other.kind))
        level = self.desk.level(demand)
        key = self._report(chosen)
        if self._is_practice(chosen) and demand.signer is not None:
            key = replace(key, kind=demand.signer)  # the demo key plays everybody's part
        missing = self.desk.missing_for(level)
        offline = missing is None and self.desk.is_offline_for(level)
        return SigningOutlook(level, key, fitting, missing, offline)

    def _report(self, reference: str | None) -> KeyReport:
        if self._is_practice(reference):
            from clerk_app.signing.practice import ensure_practice_key

            key = ensure_practice_key(self.practice_folder, self.profile.authority.name, self.now())
            report = self.desk.examine_key(key.reference, lambda: key.password, SignerKind.SEAL)
            return replace(report, reference=PRACTICE_SIGNING_KEY)
        if reference is None:
            problem = ErrorCode.SIGNING_KEY_MISSING.value
            return KeyReport("", SignerKind.PERSONAL, problem=problem)
        secret = self._secret_of(reference)
        seal = reference == self.profile.signing.seal
        report = self.desk.examine_key(
            reference, secret.resolve if secret is not None else None, SignerKind.SEAL if seal else None
        )
        if report.needs_pin and self.pins.recall(reference, self.now()) is not None:
            return replace(report, needs_pin=False)
        return report

    def _is_practice(self, reference: str | None) -> bool:
        return self.profile.practice and reference in (None, PRACTICE_SIGNING_KEY)

    def _chosen(self, demand: SigningDemand) -> str | None:
        """The office's key that fits the demand: its seal where one is demanded, else its first key."""
        signing = self.profile.signing
        if demand.signer is SignerKind.SEAL and signing.seal is not None:
            return signing.seal
        return signing.key or signing.seal

    def _secret_of(self, reference: str | None) -> SecretReference | None:
        signing = self.profile.signing
        if reference is not None and reference == signing.seal != signing.key:
            return signing.seal_password
        return signing.password if reference is not None and reference == signing.key else None

    def batch(self, expected: int = 1) -> AbstractContextManager[None]:
        """See LetterOffice.batch."""
        return self.desk.keys_kept(expected)

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
    signing = profile.signing
    here = profile.practice
    web = TrustServices(profile.network, premises.clock.now, PATIENCE_S, practice=here)
    quick_web = TrustServices(profile.network, premises.clock.now, GLANCE_S, practice=here)
    desk = LetterDesk(
        base=profile.path.parent,
        trust_roots=TrustRoots(signing.trust, folder),
        least_level=signing.level,
        timestamp_url=signing.timestamp_url,
        web=web.call,
        quick_web=quick_web.call,
        remote=remote_sign_in(signing.remote),
        location=profile.authority.address.city,
        now=premises.clock.now,
    )

    def close() -> None:
        web.close()
        quick_web.close()

    return OfficeLetters(desk, profile, folder, premises.clock.now, close, premises.pins)


def remote_sign_in(remote: RemoteSigningProfile | None) -> RemoteSignIn:
    """How to sign in at a remote signing service; secrets are read when they are used."""
    if remote is None:
        return RemoteSignIn()
    token, secret = remote.access_token, remote.client_secret
    return RemoteSignIn(
        token.resolve if token is not None else None,
        remote.client_id,
        secret.resolve if secret is not None else None,
    )


@dataclass(frozen=True)
class TrustRoots:
    """Whom this office believes: the authorities its profile names, and in a practice home its own."""

    paths: Sequence[Path]
    practice_folder: Path

    def __call__(self) -> Sequence[bytes]:
        """DER certificates. Raises KEY_FILE_INVALID."""
        return (*self._named, *practice_roots(self.practice_folder))

    @cached_property
    def _named(self) -> tuple[bytes, ...]:
        if not self.paths:
            return ()
        from clerk_app.signing.proofs import load_authorities

        return load_authorities(self.paths)


class TrustServices:
    """The signing room's way out, opened when it is first used: most offices sign without any."""

    def __init__(
        self,
        network: NetworkProfile,
        now: Callable[[], datetime],
        patience_s: float = PATIENCE_S,
        *,
        practice: bool,
    ) -> None:
        self._network, self._now, self._patience_s = network, now, patience_s
        self._practice = practice
        self._calls: TrustServiceCalls | None = None
        self._lock = threading.Lock()

    def call(
        self,
        method: str,
        url: str,
        accept: Collection[str],
        max_bytes: int,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """See ``signing.web.Web``."""
        with self._lock:
            if self._calls is None:
                from clerk_app.bootstrap.portal_side import network_config
                from clerk_app.portal.trust_services import TrustServiceCalls

                network = network_config(self._network, practice=self._practice)
                self._calls = TrustServiceCalls(network, now=self._now, patience_s=self._patience_s)
        return self._calls(method, url, accept, max_bytes, body, headers)

    def close(self) -> None:
        """Closes what was opened."""
        if self._calls is not None:
            self._calls.close()


def practice_roots(folder: Path) -> list[bytes]:
    """The practice office's own authority, when it exists: believed in this home only."""
    from clerk_app.signing.practice import practice_authority

    certificate = practice_authority(folder)
    return [certificate] if certificate is not None else []
