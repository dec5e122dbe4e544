"""Keys on cards, with SoftHSM for a card: one PIN, never a second try by itself, a card that is pulled."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pkcs11
import pytest
from pkcs11 import TokenFlag

from clerk_app.domain.errors import ClerkError
from clerk_app.domain.errors import ErrorCode as E
from clerk_app.domain.signature import PinTries, SignatureSummary, Verdict
from clerk_app.signing.desk import LetterDesk
from clerk_app.signing.notice import render
from clerk_app.signing.pins import PinGuard
from clerk_app.signing.tokens import pin_tries, translated
from tests.signing.pki import Identity, Pki
from tests.signing.samples import decision
from tests.signing.softhsm import PIN, SoftHsm

WRONG = "999999"
_numbers = itertools.count(1)
Card = Callable[..., str]


@pytest.fixture(scope="module")
def letter() -> bytes:
    return render(decision(), datetime.now(UTC)).pdf


@pytest.fixture(scope="module")
def desk(pki: Pki) -> LetterDesk:
    return LetterDesk(base=Path("/"), trust_roots=lambda: [pki.root.der])


@pytest.fixture
def card(softhsm: SoftHsm) -> Card:
    """Makes a card with a label of its own; returns the label."""

    def made(*identities: Identity, always_authenticate: bool = False) -> str:
        label = f"Amtskarte {next(_numbers)}"
        softhsm.token(label, *identities, always_authenticate=always_authenticate)
        return label

    return made


def signed(desk: LetterDesk, letter: bytes, reference: str, pin: str | None = PIN) -> SignatureSummary:
    return desk.sign(letter, reference, lambda: pin)[1]


def refused(desk: LetterDesk, letter: bytes, reference: str, pin: str | None = PIN) -> ClerkError:
    with pytest.raises(ClerkError) as caught:
        desk.sign(letter, reference, lambda: pin)
    return caught.value


@pytest.mark.parametrize("always", [False, True], ids=["once", "each"])
@pytest.mark.parametrize("name", ["personal", "personal_ec"])
def test_a_card_signs_a_batch_with_one_pin(
    pki: Pki, softhsm: SoftHsm, card: Card, desk: LetterDesk, letter: bytes, name: str, always: bool
) -> None:
    reference = softhsm.reference(card(getattr(pki, name), always_authenticate=always))
    asked: list[int] = []
    with desk.keys_kept(3):
        for _ in range(3):
            summary = desk.sign(letter, reference, lambda: asked.append(1) or PIN)[1]  # type: ignore[func-returns-value]
            assert summary.verdict is Verdict.VALID
    assert len(asked) == 1


def test_what_stands_in_the_way(
    pki: Pki, softhsm: SoftHsm, card: Card, desk: LetterDesk, letter: bytes
) -> None:
    reference = softhsm.reference(card(pki.personal_ec))
    wrong = refused(desk, letter, reference, WRONG)
    assert (wrong.code, wrong.params["tries"]) == (E.SIGNING_PASSWORD_WRONG, "low")
    assert refused(desk, letter, reference, "").code is E.SIGNING_PASSWORD_WRONG
    assert refused(desk, letter, reference, None).code is E.SIGNING_PASSWORD_NEEDED
    absent = refused(desk, letter, softhsm.reference("Andere"))
    assert (absent.code, absent.params["cause"]) == (E.SIGNING_KEY_MISSING, "no-token")
    nowhere = refused(desk, letter, "pkcs11:/nowhere.so?token=Amtskarte")
    assert (nowhere.code, nowhere.params["cause"]) == (E.SIGNING_KEY_MISSING, "no-module")
    assert refused(desk, letter, "pkcs11:/nowhere.so").code is E.USAGE
    assert refused(desk, letter, softhsm.reference(card())).params["cause"] == "no-private-key"
    assert signed(desk, letter, reference).verdict is Verdict.VALID


def test_the_named_key_signs(pki: Pki, softhsm: SoftHsm, card: Card, desk: LetterDesk, letter: bytes) -> None:
    label = card(pki.personal_ec, pki.seal, pki.wrong_usage)
    assert "Siegel" in signed(desk, letter, softhsm.reference(label, "seal")).subject
    assert "Jörg" in signed(desk, letter, softhsm.reference(label, "personal-ec")).subject
    unsuitable = refused(desk, letter, softhsm.reference(label, "wrong-usage"))
    assert unsuitable.params["cause"] == "key-usage"
    absent = refused(desk, letter, softhsm.reference(label, "nobody"))
    assert (absent.code, absent.params["cause"]) == (E.SIGNING_KEY_MISSING, "no-such-key")


def test_two_keys_of_one_card_in_one_batch(
    pki: Pki, softhsm: SoftHsm, card: Card, desk: LetterDesk, letter: bytes
) -> None:
    label = card(pki.personal_ec, pki.seal)
    with desk.keys_kept(4):
        for name in ("seal", "personal-ec", "seal", "personal-ec"):
            assert signed(desk, letter, softhsm.reference(label, name)).verdict is Verdict.VALID
    assert refused(desk, letter, softhsm.reference(label, "seal"), WRONG).code is E.SIGNING_PASSWORD_WRONG


def test_the_certificate_that_is_in_date_is_preferred(
    pki: Pki, softhsm: SoftHsm, card: Card, desk: LetterDesk, letter: bytes
) -> None:
    both = softhsm.reference(card(pki.expired, pki.seal))
    assert "Siegel" in signed(desk, letter, both).subject
    assert refused(desk, letter, softhsm.reference(card(pki.expired))).code is E.CERTIFICATE_EXPIRED


@pytest.mark.parametrize("always", [False, True], ids=["once", "each"])
def test_one_wrong_pin_is_one_try_whatever_the_batch_does(
    pki: Pki,
    softhsm: SoftHsm,
    card: Card,
    letter: bytes,
    monkeypatch: pytest.MonkeyPatch,
    always: bool,
) -> None:
    reference = softhsm.reference(card(pki.personal_ec, always_authenticate=always))
    tried: list[str] = []
    real = PinGuard.refused

    def counted(self: PinGuard, name: str, pin: str) -> None:
        tried.append(pin)
        real(self, name, pin)

    monkeypatch.setattr(PinGuard, "refused", counted)
    desk = LetterDesk(base=Path("/"), trust_roots=lambda: [pki.root.der])
    with desk.keys_kept(10):
        for _ in range(10):
            assert refused(desk, letter, reference, WRONG).code is E.SIGNING_PASSWORD_WRONG
        assert tried == [WRONG]
        assert signed(desk, letter, reference).verdict is Verdict.VALID
    # the wrong one again would be a new try of a person who has had success meanwhile
    assert refused(desk, letter, reference, WRONG).code is E.SIGNING_PASSWORD_WRONG
    assert tried == [WRONG, WRONG]


def test_a_card_that_is_pulled_and_put_in_again(
    pki: Pki, softhsm: SoftHsm, card: Card, desk: LetterDesk, letter: bytes
) -> None:
    label = card(pki.personal)
    reference = softhsm.reference(label)
    with desk.keys_kept(4):
        for _ in range(2):
            assert signed(desk, letter, reference).verdict is Verdict.VALID
        with softhsm.pulled(label):
            gone = refused(desk, letter, reference)
            assert (gone.code, gone.params["cause"]) == (E.SIGNING_KEY_MISSING, "token-gone")
            still = refused(desk, letter, reference)
            assert (still.code, still.params["cause"]) == (E.SIGNING_KEY_MISSING, "no-token")
        assert signed(desk, letter, reference).verdict is Verdict.VALID, "in the very same batch"


def test_what_a_card_tells_of_its_pin() -> None:
    """SoftHSM never locks; these flags are what real cards set (PKCS#11 2.40, CK_TOKEN_INFO)."""
    assert pin_tries(TokenFlag(0)) is PinTries.PLENTY
    assert pin_tries(TokenFlag.USER_PIN_COUNT_LOW) is PinTries.LOW
    assert pin_tries(TokenFlag.USER_PIN_COUNT_LOW | TokenFlag.USER_PIN_FINAL_TRY) is PinTries.FINAL
    assert pin_tries(TokenFlag.USER_PIN_LOCKED | TokenFlag.USER_PIN_FINAL_TRY) is PinTries.LOCKED


def test_failures_of_cards_have_codes() -> None:
    def of(error: Exception, tries: PinTries = PinTries.UNKNOWN) -> tuple[E, object]:
        found = translated(error, "k", tries)
        return found.code, found.params.get("cause") or found.params.get("tries")

    assert of(pkcs11.PinLocked()) == (E.SIGNING_PIN_LOCKED, None)
    assert of(pkcs11.PinIncorrect(), PinTries.FINAL) == (E.SIGNING_PASSWORD_WRONG, "final")
    assert of(pkcs11.PinIncorrect(), PinTries.LOCKED) == (E.SIGNING_PIN_LOCKED, None)
    assert of(pkcs11.DeviceRemoved()) == (E.SIGNING_KEY_MISSING, "token-gone")
    assert of(pkcs11.UserAlreadyLoggedIn()) == (E.SIGNING_FAILED, "card-in-use")
    assert of(pkcs11.GeneralError()) == (E.SIGNING_FAILED, "GeneralError")
