"""Looking at a key before it is used: never a PIN, never an exception for what a key is."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clerk_app.domain.errors import ClerkError
from clerk_app.domain.errors import ErrorCode as E
from clerk_app.domain.signature import KeyReport, PinTries, Revocation, SignatureLevel, SignerKind
from clerk_app.portal.config import NetworkConfig
from clerk_app.portal.trust_services import TrustServiceCalls
from clerk_app.signing.desk import LetterDesk, RemoteSignIn
from clerk_app.signing.notice import render
from tests.signing.pki import P12_PASSWORD, Pki
from tests.signing.remote_service import TOKEN, Account, RemoteService
from tests.signing.samples import decision
from tests.signing.softhsm import PIN, SoftHsm

_numbers = itertools.count(1)
Desk = Callable[..., LetterDesk]


class Clock:
    """Moves when told."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def web() -> Iterator[TrustServiceCalls]:
    calls = TrustServiceCalls(NetworkConfig(), now=lambda: datetime.now(UTC), patience_s=0.3)
    yield calls
    calls.close()


@pytest.fixture
def desk(tmp_path: Path, pki: Pki, web: TrustServiceCalls, clock: Clock) -> LetterDesk:
    return LetterDesk(
        base=tmp_path,
        trust_roots=lambda: [pki.root.der],
        timestamp_url=pki.tsa_url,
        web=web,
        remote=RemoteSignIn(lambda: TOKEN),
        now=clock,
    )


def opened(desk: LetterDesk, reference: str) -> KeyReport:
    """With the password the profile holds."""
    return desk.examine_key(reference, lambda: P12_PASSWORD)


def test_a_good_key_of_a_person_and_a_seal(tmp_path: Path, pki: Pki, desk: LetterDesk) -> None:
    person = opened(desk, pki.personal_ec.p12(tmp_path))
    assert (person.kind, person.revocation, person.problem) == (SignerKind.PERSONAL, Revocation.GOOD, None)
    assert (person.subject, person.issuer) == ("Jörg Schäfer (personal-ec)", "Test-Signaturdienst")
    assert person.valid_to is not None
    assert not person.needs_pin, "the profile knows the password"
    assert opened(desk, pki.seal.p12(tmp_path)).kind is SignerKind.SEAL


def test_a_file_keeps_its_secret_until_it_was_opened_once(tmp_path: Path, pki: Pki, desk: LetterDesk) -> None:
    reference = pki.seal.p12(tmp_path)
    before = desk.examine_key(reference)
    assert (before.subject, before.needs_pin, before.problem) == ("", True, None)
    assert desk.examine_key(reference, as_kind=SignerKind.SEAL).kind is SignerKind.SEAL
    desk.sign(render(decision(), datetime.now(UTC)).pdf, reference, lambda: P12_PASSWORD)
    after = desk.examine_key(reference)
    assert (after.kind, after.needs_pin) == (SignerKind.SEAL, True)
    assert "Siegel" in after.subject


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("expired", E.CERTIFICATE_EXPIRED),
        ("revoked_one", E.CERTIFICATE_REVOKED),
        ("wrong_usage", E.SIGNING_KEY_UNSUITABLE),
        ("self_signed", None),
        ("expiring", None),
    ],
)
def test_what_is_wrong_with_a_key(
    tmp_path: Path, pki: Pki, desk: LetterDesk, name: str, problem: E | None
) -> None:
    report = opened(desk, getattr(pki, name).p12(tmp_path))
    assert report.problem == problem
    if name == "revoked_one":
        assert report.revocation is Revocation.REVOKED
    if name == "self_signed":
        assert report.revocation is Revocation.NOT_CHECKED, "it names nobody to ask"


def test_revocation_offline_silent_and_unbelievable(
    tmp_path: Path, pki: Pki, desk: LetterDesk, clock: Clock
) -> None:
    reference = pki.personal_ec.p12(tmp_path)
    with pki.broken("ocsp", "silent"), pki.broken("crl", "silent"):
        assert opened(desk, reference).revocation is Revocation.NOT_CHECKED
        hits = pki.hits.copy()
        assert opened(desk, reference).revocation is Revocation.NOT_CHECKED
        assert pki.hits == hits, "who did not answer is not asked again at once"
    clock.ahead += timedelta(minutes=2)
    with pki.broken("ocsp", "garbage"), pki.broken("crl", "500"):
        assert opened(desk, reference).revocation is Revocation.UNKNOWN
    clock.ahead += timedelta(minutes=2)
    assert opened(desk, reference).revocation is Revocation.GOOD
    hits = pki.hits.copy()
    assert opened(desk, reference).revocation is Revocation.GOOD
    assert pki.hits == hits
    offline = LetterDesk(base=tmp_path, trust_roots=lambda: [pki.root.der])
    assert opened(offline, reference).revocation is Revocation.NOT_CHECKED


def test_revocation_is_known_without_any_believed_authority(
    tmp_path: Path, pki: Pki, web: TrustServiceCalls
) -> None:
    desk = LetterDesk(base=tmp_path, web=web)
    assert opened(desk, pki.revoked_one.p12(tmp_path)).revocation is Revocation.REVOKED
    assert opened(desk, pki.personal_ec.p12(tmp_path)).revocation is Revocation.GOOD


def test_files_that_are_no_keys(tmp_path: Path, desk: LetterDesk) -> None:
    (tmp_path / "no.p12").write_bytes(b"nothing")
    assert desk.examine_key("pkcs12:no.p12").problem == E.KEY_FILE_INVALID
    assert desk.examine_key("pkcs12:absent.p12").problem == E.SIGNING_KEY_MISSING
    assert desk.examine_key("pkcs12:.").problem == E.SIGNING_KEY_MISSING
    assert desk.examine_key("nonsense").problem == E.USAGE
    assert desk.examine_key("pkcs11:/nowhere.so?token=x").problem == E.SIGNING_KEY_MISSING
    assert desk.examine_key("pkcs11:/nowhere.so").problem == E.USAGE


def test_a_wrong_password_in_the_profile_and_a_replaced_file(
    tmp_path: Path, pki: Pki, desk: LetterDesk
) -> None:
    reference = pki.seal.p12(tmp_path)
    assert desk.examine_key(reference, lambda: "falsch").problem == E.SIGNING_PASSWORD_WRONG
    path = Path(reference.removeprefix("pkcs12:"))
    path.write_bytes(Path(pki.expired.p12(tmp_path).removeprefix("pkcs12:")).read_bytes())
    assert opened(desk, reference).problem == E.CERTIFICATE_EXPIRED


def test_a_card_tells_without_its_pin(pki: Pki, softhsm: SoftHsm, desk: LetterDesk) -> None:
    label = f"Blick {next(_numbers)}"
    reference = softhsm.token(label, pki.personal_ec, always_authenticate=True)
    report = desk.examine_key(reference)
    assert (report.pin_tries, report.needs_pin, report.revocation) == (
        PinTries.PLENTY,
        True,
        Revocation.GOOD,
    )
    assert report.subject.startswith("Jörg Schäfer")
    letter = render(decision(), datetime.now(UTC)).pdf
    with pytest.raises(ClerkError):
        desk.sign(letter, reference, lambda: "999999")
    assert desk.examine_key(reference).pin_tries is PinTries.LOW
    desk.sign(letter, reference, lambda: PIN)
    report = desk.examine_key(reference)
    assert (report.pin_tries, report.pin_for_each) == (PinTries.PLENTY, True)
    with softhsm.pulled(label):
        assert desk.examine_key(reference).problem == E.SIGNING_KEY_MISSING
    assert desk.examine_key(reference).problem is None


def test_a_look_does_not_disturb_a_batch(pki: Pki, softhsm: SoftHsm, desk: LetterDesk) -> None:
    reference = softhsm.token(f"Blick {next(_numbers)}", pki.personal_ec)
    letter = render(decision(), datetime.now(UTC)).pdf
    asked: list[int] = []

    def ask() -> str:
        asked.append(1)
        return PIN

    with desk.keys_kept(2):
        desk.sign(letter, reference, ask)
        assert desk.examine_key(reference).problem is None
        desk.sign(letter, reference, ask)
    assert len(asked) == 1


def test_a_key_at_a_remote_service(
    pki: Pki, remote_service: RemoteService, desk: LetterDesk, clock: Clock
) -> None:
    remote_service.accounts["Blick"] = Account(pki.seal)
    reference = remote_service.reference("Blick")
    report = desk.examine_key(reference)
    assert (report.kind, report.needs_pin, report.problem) == (SignerKind.SEAL, True, None)
    hits = remote_service.hits["credentials/info"]
    assert desk.examine_key(reference) == report
    assert remote_service.hits["credentials/info"] == hits, "asked once for a while"
    clock.ahead += timedelta(minutes=11)
    with remote_service.broken("silent"):
        assert desk.examine_key(reference).problem == E.SIGNING_SERVICE_UNAVAILABLE
    clock.ahead += timedelta(minutes=2)
    remote_service.accounts["Blick"] = replace(remote_service.accounts["Blick"], enabled=False)
    assert desk.examine_key(reference).problem == E.SIGNING_KEY_UNSUITABLE


def test_whether_a_level_is_in_reach(pki: Pki, desk: LetterDesk, tmp_path: Path, clock: Clock) -> None:
    assert not desk.is_offline_for(SignatureLevel.B_LTA)
    assert desk.missing_for(SignatureLevel.B_LTA) is None
    stamps = pki.hits["tsa"]
    clock.ahead += timedelta(minutes=11)
    with pki.broken("tsa", "silent"):
        assert desk.is_offline_for(SignatureLevel.B_T)
        assert desk.is_offline_for(SignatureLevel.B_T)
        assert not desk.is_offline_for(SignatureLevel.B_B)
    assert pki.hits["tsa"] == stamps + 1
    bare = LetterDesk(base=tmp_path)
    assert bare.missing_for(SignatureLevel.B_T) == "timestamp_url"
    assert bare.missing_for(SignatureLevel.B_B) is None
