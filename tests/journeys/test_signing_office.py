"""The letter office as bootstrap wires it: keys, levels and services from a profile, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from clerk_app.bootstrap.letters_side import OfficeLetters, letter_office
from clerk_app.bootstrap.premises import open_premises
from clerk_app.domain.errors import ClerkError
from clerk_app.domain.errors import ErrorCode as E
from clerk_app.domain.signature import SignatureLevel, SignerKind, SigningDemand, Verdict
from tests.signing.pki import P12_PASSWORD, Pki
from tests.signing.remote_service import PIN, TOKEN, Account, RemoteService
from tests.signing.samples import decision

PROFILE = """
[authority]
name = "Stadt Musterhausen"
ars = "081110000000"
land = "BW"

[[mailbox]]
portal = "service-bw"
token_url = "http://127.0.0.1:9/token"
submission_url = "http://127.0.0.1:9"
destination_id = "7a2c8d1e-0f34-4b56-9a78-bc90de12f345"
client_id = "office"
client_secret = "word"
decryption_keys = ["file:keys/enc.jwk"]
signing_key = "file:keys/sig.jwk"

[signing]
"""
Office = Callable[[str], OfficeLetters]


@pytest.fixture
def office(tmp_path: Path, pki: Pki) -> Iterator[Office]:
    (tmp_path / "ca.pem").write_bytes(pki.root.certificate.public_bytes(Encoding.PEM))
    with ExitStack() as stack:

        def opened(signing: str) -> OfficeLetters:
            path = tmp_path / "profile.toml"
            path.write_text(PROFILE + signing, encoding="utf-8")
            premises = stack.enter_context(open_premises(tmp_path / "home", path, lock=False))
            letters = letter_office(premises)
            stack.callback(letters.close)
            return letters

        yield opened


def signed_by(office: OfficeLetters, demand: SigningDemand, password: str | None = None) -> tuple[str, str]:
    pdf = office.render(decision(practice=True), office.now())
    signed, signature = office.sign(pdf, None, lambda: password, demand)
    assert office.verify(signed).verdict is Verdict.VALID
    return signature.subject.partition(",")[0], signature.level


def test_a_seal_beside_a_clerks_key_at_the_highest_level(pki: Pki, tmp_path: Path, office: Office) -> None:
    letters = office(
        f'key = "{pki.personal_ec.p12(tmp_path)}"\n'
        f'seal = "{pki.seal.p12(tmp_path)}"\nseal_password = "{P12_PASSWORD}"\n'
        f'level = "B-LTA"\ntimestamp_url = "{pki.tsa_url}"\ntrust = ["file:ca.pem"]\n'
    )
    either, sealed = SigningDemand(), SigningDemand(signer=SignerKind.SEAL)

    outlook = letters.outlook(either)
    assert (outlook.level, outlook.missing, outlook.offline) == (SignatureLevel.B_LTA, None, False)
    assert (outlook.key.needs_pin, outlook.key.kind) == (True, SignerKind.PERSONAL)
    assert [(other.kind, other.needs_pin) for other in outlook.others] == [(SignerKind.SEAL, False)]
    assert letters.outlook(sealed).key.subject == "Siegel Stadt Musterhausen"
    assert letters.outlook(sealed).others == ()

    assert signed_by(letters, sealed) == ("Siegel Stadt Musterhausen", "B-LTA")
    assert signed_by(letters, either, P12_PASSWORD) == ("Jörg Schäfer (personal-ec)", "B-LTA")
    assert letters.examine_key(None).subject == "Jörg Schäfer (personal-ec)", "known once it was opened"

    with pki.broken("tsa", "500"), pytest.raises(ClerkError) as caught:
        signed_by(letters, sealed)
    assert caught.value.code is E.TIMESTAMP_UNAVAILABLE


def test_a_remote_key_with_the_profiles_token(
    pki: Pki, remote_service: RemoteService, office: Office
) -> None:
    remote_service.accounts["office"] = Account(pki.personal_ec)
    letters = office(
        f'key = "{remote_service.reference("office")}"\ntrust = ["file:ca.pem"]\n'
        f'remote = {{access_token = "{TOKEN}"}}\n'
    )
    assert letters.outlook(SigningDemand()).key.needs_pin
    assert signed_by(letters, SigningDemand(), PIN) == ("Jörg Schäfer (personal-ec)", "B-B")


def test_an_authority_file_that_is_missing_is_named(pki: Pki, tmp_path: Path, office: Office) -> None:
    letters = office(f'key = "{pki.seal.p12(tmp_path)}"\ntrust = ["file:absent.pem"]\n')
    with pytest.raises(ClerkError) as caught:
        signed_by(letters, SigningDemand(), P12_PASSWORD)
    assert (caught.value.code, caught.value.params["path"]) == (E.KEY_FILE_INVALID, "absent.pem")


def test_the_practice_key_plays_everybodys_part(office: Office) -> None:
    letters = office('key = "practice"\n')
    personal = SigningDemand(signer=SignerKind.PERSONAL)
    outlook = letters.outlook(personal)
    assert (outlook.key.reference, outlook.key.kind) == ("practice", SignerKind.PERSONAL)
    assert (outlook.key.needs_pin, outlook.key.problem, outlook.others) == (False, None, ())
    assert "ÜBUNG" in signed_by(letters, personal)[0]


class Typing:
    """Types the PIN when asked, and counts."""

    def __init__(self, pin: str | None) -> None:
        self.pin, self.asked = pin, 0

    def __call__(self) -> str | None:
        self.asked += 1
        return self.pin


def test_an_accepted_password_counts_on_for_as_long_as_the_profile_says(
    pki: Pki, tmp_path: Path, office: Office
) -> None:
    letters = office(f'key = "{pki.personal_ec.p12(tmp_path)}"\ntrust = ["file:ca.pem"]\npin_minutes = 5\n')
    at = [letters.now()]
    letters = replace(letters, now=lambda: at[0])
    pdf, person = letters.render(decision(practice=True), letters.now()), Typing("falsch")
    with pytest.raises(ClerkError):
        letters.sign(pdf, None, person)
    assert letters.outlook(SigningDemand()).key.needs_pin, "a refused one is not kept"
    person.pin = P12_PASSWORD
    letters.sign(pdf, None, person)
    assert not letters.outlook(SigningDemand()).key.needs_pin
    letters.sign(pdf, None, lambda: None)
    at[0] += timedelta(minutes=5)
    assert letters.outlook(SigningDemand()).key.needs_pin
    letters.sign(pdf, None, person)
    assert person.asked == 3


def test_nothing_is_kept_unless_the_profile_says_so(pki: Pki, tmp_path: Path, office: Office) -> None:
    letters = office(f'key = "{pki.personal_ec.p12(tmp_path)}"\ntrust = ["file:ca.pem"]\n')
    pdf, person = letters.render(decision(practice=True), letters.now()), Typing(P12_PASSWORD)
    letters.sign(pdf, None, person)
    letters.sign(pdf, None, person)
    assert (person.asked, letters.outlook(SigningDemand()).key.needs_pin) == (2, True)


def test_a_remote_pin_is_never_kept(pki: Pki, remote_service: RemoteService, office: Office) -> None:
    remote_service.accounts["office"] = Account(pki.personal_ec)
    letters = office(
        f'key = "{remote_service.reference("office")}"\ntrust = ["file:ca.pem"]\npin_minutes = 5\n'
        f'remote = {{access_token = "{TOKEN}"}}\n'
    )
    pdf, person = letters.render(decision(practice=True), letters.now()), Typing(PIN)
    letters.sign(pdf, None, person)
    letters.sign(pdf, None, person)
    assert person.asked == 2
